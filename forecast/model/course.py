"""Courses: how the chance that something happens is spread over days, in one world.

A course answers two questions exactly and for any days, whatever the cells: how likely is it that
the thing happens in them, and which share of the chance of a cell lies in a part of that cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from forecast.model.formula import (
    ONE,
    ZERO,
    Const,
    Formula,
    Survival,
    complement,
    product,
    ratio,
    weighted_sum,
)
from forecast.model.timing import Days, shape_share
from forecast.spec.calendar import Span


class Course(Protocol):
    """The course of a date in one world."""

    @property
    def support(self) -> Span:
        """The days in which it can happen."""

    def happens(self, days: Days) -> Formula:
        """Return the chance that it happens in some days of the support."""

    def never(self) -> Formula:
        """Return the chance that it does not happen."""

    def share(self, part: Days, cell: Days) -> Formula:
        """Return P(in ``part`` | in ``cell``), both within the support, one within the other."""


@dataclass(frozen=True)
class Occurrence:
    """It happens with some chance; if so, on days that shapes of timing tell.

    Attributes
    ----------
    chance
        The chance that it happens at all.
    items, shares
        The shapes of timing, and the share of the occurrences that each has.
    support
        The days in which it can happen.
    """

    chance: Formula
    items: tuple[object, ...]
    shares: tuple[Formula, ...]
    support: Span

    def _within(self, days: Days, since: float) -> Formula:
        """Return the share of the occurrences that falls on some days.

        A constant hazard is counted from the day ``since``, for it has no memory: the share of what
        is left keeps its digits however little that is.
        """
        return weighted_sum(
            0.0,
            [
                (1.0, product(weight, shape_share(item, days, self.support, self.chance, since)))
                for item, weight in zip(self.items, self.shares, strict=True)
            ],
        )

    def happens(self, days: Days) -> Formula:
        """Return p times the share of the occurrences in these days."""
        return product(self.chance, self._within(days, self.support.first.toordinal()))

    def never(self) -> Formula:
        """Return ``1 - p``."""
        return complement(self.chance)

    def share(self, part: Days, cell: Days) -> Formula:
        """Return the share of a part of a cell; spread evenly where nothing falls into the cell."""
        alone = len(self.items) == 1
        since = cell[0] if alone else self.support.first.toordinal()
        return _share(self._within(part, since), self._within(cell, since), part, cell)


@dataclass(frozen=True)
class Hazard:
    """It happens at a rate that may change on certain days: the first event of a Poisson process.

    Attributes
    ----------
    pieces
        The rates a day and the days from which each holds, the first from the start of the support.
    support
        The days in which it can happen.
    """

    pieces: tuple[tuple[float, Formula], ...]
    support: Span

    def _none(self, since: float, until: float) -> Formula:
        """Return P(nothing from the start of one day to the start of another)."""
        ends = [start for start, _ in self.pieces[1:]] + [float("inf")]
        exposures = [
            (min(until, end) - max(since, start), rate)
            for (start, rate), end in zip(self.pieces, ends, strict=True)
        ]
        terms = [(days, rate) for days, rate in exposures if days > 0]
        if not terms:
            return ONE
        if len(terms) == 1:
            return Survival(terms[0][1], float(terms[0][0]))
        return Survival(weighted_sum(0.0, terms), 1.0)

    def _between(self, days: Days, since: float) -> Formula:
        return weighted_sum(
            0.0,
            [(1.0, self._none(since, days[0])), (-1.0, self._none(since, days[1] + 1))],
        )

    def happens(self, days: Days) -> Formula:
        """Return ``exp(-H(first)) - exp(-H(last + 1))``, H the hazard up to the start of a day."""
        return self._between(days, self.support.first.toordinal())

    def never(self) -> Formula:
        """Return ``exp(-H)`` of the whole support."""
        first, last = self.support.first.toordinal(), self.support.last.toordinal()
        return self._none(first, last + 1)

    def share(self, part: Days, cell: Days) -> Formula:
        """Return the share of a part of a cell, counted from the start of the cell."""
        return _share(self._between(part, cell[0]), self._between(cell, cell[0]), part, cell)


def _share(part: Formula, whole: Formula, days: Days, cell: Days) -> Formula:
    if days == cell:
        return ONE
    if whole == ZERO:
        return Const((days[1] - days[0] + 1) / (cell[1] - cell[0] + 1))
    return ratio(part, whole)


def extent(days: Days | None, support: Span) -> Days | None:
    """Return the days of a range that lie within the support; None where there are none."""
    if days is None:
        return None
    low = max(days[0], support.first.toordinal())
    high = min(days[1], support.last.toordinal())
    return (low, high) if low <= high else None


def row(course: Course, bounds: Sequence[Days | None]) -> tuple[Formula, ...]:
    """Return the chances of the dated cells, then of never.

    Parameters
    ----------
    course
        The course of the date.
    bounds
        The days of its cells, `None` for those that are none.
    """
    cells = [extent(days, course.support) for days in bounds if days is not None]
    return (*(ZERO if part is None else course.happens(part) for part in cells), course.never())
