"""What is looked at: a file, and its network before any evidence."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from forecast.analysis.beforehand import Beforehand
from forecast.model.network import Network
from forecast.model.parameters import Judgements
from forecast.spec.expression import And, Expression, Not, Or, Term
from forecast.spec.load import ScenarioSpec


@dataclass(frozen=True)
class Subject:
    """A sound file, what was built from it, and that network before any evidence."""

    spec: ScenarioSpec
    network: Network
    before: Beforehand

    @functools.cached_property
    def judgements(self) -> Judgements:
        """The judgements of the file, to be elicited one by one."""
        return Judgements(self.spec)


def both(one: Term, two: Term) -> Expression:
    """Return the condition that both hold."""
    return Expression("", And((one, two)))


def without(one: Term, *others: Term) -> Expression:
    """Return the condition that the first holds and none of the others."""
    return Expression("", And((one, *(Not(other) for other in others))))


def either(terms: tuple[Term, ...]) -> Expression:
    """Return the condition that one of several holds."""
    return Expression("", terms[0] if len(terms) == 1 else Or(terms))
