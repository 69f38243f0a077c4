"""Columns of a comparison, made from files that are written in the test."""

from __future__ import annotations

from modelling import spec_of

import forecast
from forecast.analysis.column import Column, Solved
from forecast.analysis.compare import compare
from forecast.analysis.compare_contract import Comparison, RowResult
from forecast.spec.load import ScenarioSpec


def column(
    label: str,
    spec: ScenarioSpec | str,
    *,
    given: str = "",
    seed: int = 42,
    draws: int | None = None,
) -> Column:
    spec = spec_of(spec) if isinstance(spec, str) else spec
    network = forecast.build(spec, given=given or ())
    posterior = forecast.infer(network, seed=seed, draws=draws)
    summary = forecast.summarise(spec, network, posterior, "0" * 64)
    return Column(label, summary, Solved(spec, network, posterior))


def side_by_side(first: str, second: str) -> Comparison:
    return compare([column("a", first), column("b", second)])


def row(found: Comparison, name: str) -> RowResult:
    return next(row for row in found.rows if row.name == name)
