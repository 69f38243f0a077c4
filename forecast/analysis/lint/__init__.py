"""Lint that needs the built network: what the numbers and conditions of a file imply together."""

from __future__ import annotations

from collections.abc import Iterator

from forecast.analysis.lint.evidence import evidence_lint
from forecast.analysis.lint.judgements import judgement_lint
from forecast.analysis.lint.scenarios import scenario_conditions, scenario_lint
from forecast.analysis.lint.statements import statement_conditions, statement_lint
from forecast.analysis.lint.subject import Subject
from forecast.errors import Fault
from forecast.spec.expression import Expression
from forecast.spec.load import ScenarioSpec

__all__ = ["Subject", "conditions", "lint"]


def conditions(spec: ScenarioSpec) -> dict[str, Expression]:
    """Return the conditions whose chances the rules need, by keys that the rules know."""
    return {**scenario_conditions(spec), **statement_conditions(spec)}


def lint(subject: Subject) -> Iterator[Fault]:
    """Yield what a reviewer would ask about a file, once it is a network."""
    yield from scenario_lint(subject)
    yield from statement_lint(subject)
    yield from judgement_lint(subject)
    yield from evidence_lint(subject)
