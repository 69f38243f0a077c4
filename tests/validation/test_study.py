"""The study's own machinery: what it counts, and that it would find a bad certificate."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from modelling import Array

import forecast
from forecast.model.network import Network
from forecast.posterior import Posterior
from validation.families import FAMILIES, Family
from validation.model import Model
from validation.records import Record, read, write
from validation.study import Studied, biased, exact, runs, tally
from validation.thresholds import Certificate
from validation.truth.quadrature import quadrature
from validation.truth.target import Target
from validation.truth.trusted import Truth

FAMILY = FAMILIES["two-modes"]


def studied(family: Family = FAMILY, number: int = 0) -> tuple[Studied, Network]:
    model: Model = family.model(number)
    network = model.network()
    found = quadrature(Target(network))
    truth = Truth(tuple(found.means), tuple(found.errors), 0.0, ("quadrature", ""), "", 0)
    return Studied(model, 3, 2, truth), network


def passing(found: Posterior) -> Posterior:
    return replace(found, diagnostics=replace(found.diagnostics, status="pass"))


def test_a_certificate_that_passes_everything_is_found_out() -> None:
    """A dozen draws of a posterior with two modes tell hardly anything."""
    one, network = studied()
    found = runs(one, network, range(10), lambda n, seed: passing(few(n, seed)))
    judged = tally(found)
    assert judged.passed == 10
    assert not judged.good
    assert judged.points > 3
    honest = tally(runs(one, network, range(3), few))
    assert (honest.passed, honest.refused) == (0, 3)


def few(network: Network, seed: int) -> Posterior:
    return forecast.infer(network, seed=seed, draws=12)


def test_errors_that_are_stated_too_small_are_found_out() -> None:
    """Draws that are told four times over: stated errors are half of what they should be."""
    one, network = studied(FAMILY, 4)

    def copied(n: Network, seed: int) -> Posterior:
        found = passing(forecast.infer(n, seed=seed, draws=400))
        final = found.final
        four = replace(
            final,
            weights=_four(final.weights) / 4,
            scenarios=_four(final.scenarios),
        )
        return replace(found, stages={**found.stages, "statements": four})

    assert tally(runs(one, network, range(20), copied)).spread > 1.5


def _four(array: Array) -> Array:
    return np.concatenate([array] * 4)


def test_a_sound_engine_passes() -> None:
    """On a model without statements, whose draws come from the prior."""
    one, network = studied(FAMILIES["two-modes"], 4)
    bare = replace(network, statements=())
    found = quadrature(Target(bare))
    truth = Truth(tuple(found.means), tuple(found.errors), 0.0, ("quadrature", ""), "", 0)
    records = runs(replace(one, truth=truth), bare, range(10), exact)
    judged = tally(records)
    assert judged.passed == 10
    assert judged.chances.events <= 1
    assert 0.6 < judged.spread < 1.5
    assert not biased(records)


def test_a_model_whose_truth_is_unknown_does_not_count() -> None:
    one, network = studied()
    unknown = replace(one, truth=replace(one.truth, why_not="the methods disagree"))
    assert runs(unknown, network, range(3)) == []


RECORD = Record(
    family="tight", model="tight-0", seed=0, status="warn", draws=8192, ess=4096.0, khat=0.3,
    agreement=1.0, limit=3.5, stated=0.2, largest=0.3, ends=0.9, scores=(1.0, -3.5), points=0.7,
)  # fmt: skip


def test_events_are_counted_by_chance_and_by_run() -> None:
    refused = replace(RECORD, status="fail", points=50.0)
    other = replace(RECORD, model="tight-1", scores=(0.5, 0.1), points=0.1)
    found = tally([RECORD, refused, other])
    assert (found.models, found.refused, found.passed) == (2, 1, 2)
    assert (found.chances.events, found.chances.runs) == (1, 4)
    assert (found.runs.events, found.runs.runs) == (1, 2)
    assert found.spread == pytest.approx(math.sqrt((1 + 3.5**2 + 0.25 + 0.01) / 4))
    assert found.points == 0.7


def test_what_is_good_has_few_events_and_no_large_error() -> None:
    sound = [replace(RECORD, seed=i, scores=(1.0, 1.0)) for i in range(400)]
    assert tally(sound).good
    assert not tally([*sound, replace(RECORD, points=3.2)]).good
    assert not tally([*sound, *[RECORD] * 10]).good


@pytest.mark.parametrize(
    ("changed", "passes"),
    [
        ({}, True),
        ({"ess": 300.0}, False),
        ({"ess": 700.0}, False),
        ({"khat": 0.6}, False),
        ({"khat": math.nan}, False),
        ({"agreement": 3.6}, False),
        ({"largest": 0.6}, False),
        ({"ends": 1.6}, False),
    ],
)
def test_another_certificate_judges_the_same_run(changed: dict[str, float], passes: bool) -> None:
    certificate = Certificate(0.1, 0.5, agree=True)
    assert certificate.passes(replace(RECORD, **changed)) is passes  # type: ignore[arg-type]


def test_models_that_err_to_one_side_are_named() -> None:
    runs_of_one = [replace(RECORD, seed=i, scores=(1.5, 0.0)) for i in range(16)]
    assert biased(runs_of_one) == [("tight-0", 6.0)]
    assert biased([replace(r, scores=((-1.0) ** r.seed, 0.0)) for r in runs_of_one]) == []


def test_records_are_read_as_they_were_written(tmp_path: Path) -> None:
    rows = [RECORD, replace(RECORD, seed=1, khat=math.inf, scores=(0.0,))]
    write(rows, tmp_path / "runs.csv")
    assert read(tmp_path / "runs.csv") == rows


def test_a_tally_of_nothing_is_not_good() -> None:
    found = tally([])
    assert not found.good
