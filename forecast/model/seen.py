"""What has been seen of a number so far, held against its law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeGuard

from forecast.model.formula import ZERO, Formula, ratio, weighted_sum
from forecast.model.laws import AnyLaw, Bound, Events, Hurdle


@dataclass(frozen=True, slots=True)
class Seen:
    """So many counted on the first days, by a report of some reliability.

    ``noise`` is the chance that a report which tells nothing would give this number.
    """

    number: int
    days: float
    reliability: float
    noise: float

    def cell(self, law: AnyLaw, bound: Bound) -> Formula:
        """Return P(report, N in a cell)."""
        return self._mixed(self._told(law, bound), law.cell(bound))

    def by(self, law: AnyLaw, days: float, least: int, bound: Bound) -> Formula:
        """Return P(report, at least so many on the first ``days``, all of them in a cell)."""
        assert isinstance(law, Events | Hurdle)
        told = law.seen_by(self, days, least, bound)
        return self._mixed(told, law.by(days, least, bound))

    def _mixed(self, told: Formula, anyway: Formula) -> Formula:
        r = self.reliability
        return weighted_sum(0.0, [(r, told), ((1 - r) * self.noise, anyway)])

    def _told(self, law: AnyLaw, bound: Bound) -> Formula:
        if is_timed(law):
            return law.counted(self.days, self.number, bound)
        # An amount knows no days: what has been counted is the least that it can be.
        if bound[1] < self.number:
            return ZERO
        return law.cell((max(bound[0], self.number), bound[1]))


def is_timed(law: AnyLaw) -> TypeGuard[Events | Hurdle]:
    """Whether a law says when its events happen, and not only how many there are."""
    return isinstance(law, Events) or (isinstance(law, Hurdle) and isinstance(law.rest, Events))


def within(law: AnyLaw, x: float, bound: Bound, seen: Seen | None = None) -> Formula:
    """Return P(N <= x | N in a cell, what was seen)."""
    part = (bound[0], x)
    if seen is None:
        return ratio(law.cell(part), law.cell(bound))
    return ratio(seen.cell(law, part), seen.cell(law, bound))
