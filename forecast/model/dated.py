"""Tables of date questions: a course of days for each world, cut into cells."""

from __future__ import annotations

from typing import Any

import numpy as np

from forecast.errors import Path
from forecast.model.cells import NEVER
from forecast.model.comparison import by_day
from forecast.model.course import Course, Hazard, Occurrence, row
from forecast.model.cpd import Tabulation
from forecast.model.formula import ONE, ZERO, Formula, complement, product
from forecast.model.rows import Worlds, each
from forecast.model.shares import timing_shares
from forecast.model.truth import Truth
from forecast.spec.expression import Earliest, Latest
from forecast.spec.question import Date, TimingCases


class DateTabulation(Tabulation):
    """The table of a date question; see `Tabulation`."""

    def _states(self) -> Worlds:
        assert isinstance(self.question, Date)
        if self.question.means is not None:
            return self._extreme(self.question.means.term)
        bounds = self.cells[self.name].bounds
        return each(self.courses(), lambda course: row(course, bounds))

    def courses(self) -> Worlds:
        """Return the `Course` of the date in each world; None where it is void."""
        question = self.question
        assert isinstance(question, Date)
        if question.rate is not None:
            return self._hazards(question)
        chances = self.rows.chances(question.occurs, (*self.path, "occurs"), self.possible)
        timings = self._timing(question.timing, (*self.path, "timing"), self.possible)
        out = np.empty(self.possible.shape, dtype=object)
        known: dict[object, Course] = {}
        for world in np.ndindex(out.shape):
            if self.possible[world]:
                chance: Any = chances[world]
                items, shares = timings[world]
                key = (chance, items, shares)
                if key not in known:
                    known[key] = Occurrence(chance, items, shares, self.support)
                out[world] = known[key]
        return out

    def _timing(self, timing: object, path: Path, possible: Truth) -> Worlds:
        """Return the shapes of timing and their shares in each world."""
        if isinstance(timing, TimingCases):
            return self.rows.by_case(timing.cases, (*path, "cases"), possible, self._timing)
        assert isinstance(timing, tuple)
        uncertain = [i for i, item in enumerate(timing) if getattr(item, "share", None) is not None]
        if len(uncertain) == 1:  # two items: what the first does not take is left to the last
            (i,) = uncertain
            own = self.rows.chances(timing[i].share, (*path, i, "share"), possible)
            return each(own, lambda share: (timing, (share, complement(share))))
        found = (timing, timing_shares(timing, path, self.judgements))
        return each(possible, lambda yes: found if yes else None)

    def _hazards(self, question: Date) -> Worlds:
        """Return the hazard in each world: what multiplies it acts from its day on.

        On each day a condition is read by what has happened up to that day, itself included; so
        what comes later changes no earlier day.
        """
        rates = self.magnitudes.rates(question.rate)
        factors = [
            (
                self.rows.holds(condition),
                self.judgements.multiplier(m, (*self.path, "times", condition.text)),
            )
            for condition, m in (question.times or {}).items()
        ]
        named = {by_day(name) for condition in question.times or {} for name in condition.names()}
        acting = {axis: self.cells[name] for axis, name in enumerate(self.parents) if name in named}
        first, last = self.support.first.toordinal(), self.support.last.toordinal()
        out = np.empty(self.possible.shape, dtype=object)
        for world in np.ndindex(out.shape):
            if not self.possible[world]:
                continue
            begins = {
                axis: bound[0]
                for axis, cells in acting.items()
                if (bound := cells.bounds[world[axis]]) is not None
            }
            pieces: list[tuple[float, Formula]] = []
            for day in sorted({first, *(d for d in begins.values() if first < d <= last)}):
                seen = list(world)
                for axis, begin in begins.items():
                    if begin > day:
                        seen[axis] = acting[axis].states.index(NEVER)
                rate: Any = rates[world]
                here = product(rate, *(m for on, m in factors if on[tuple(seen)]))
                if not pieces or pieces[-1][1] != here:
                    pieces.append((day, here))
            out[world] = Hazard(tuple(pieces), self.support)
        return out

    def _extreme(self, term: object) -> Worlds:
        """Return the first or the last of several dates.

        Of the earliest, parts that never happen, are void, or fall outside the window of the whole
        do not count. The latest is the day by which all have happened; if one never does, or is
        void, so is it never, as it is where that day lies outside the window.
        """
        assert isinstance(term, Earliest | Latest)
        own = self.cells[self.name]
        dated = [bound for bound in own.bounds if bound is not None]
        first, last = dated[0][0], dated[-1][1]
        axes = [self.parents.index(part) for part in term.names]

        def day_of(world: tuple[int, ...]) -> float | None:
            starts = [self.cells[self.parents[axis]].bounds[world[axis]] for axis in axes]
            days = [bound[0] for bound in starts if bound is not None]
            if isinstance(term, Earliest):
                return min((day for day in days if first <= day <= last), default=None)
            return max(days) if len(days) == len(axes) and first <= max(days) <= last else None

        def row_of(day: float | None) -> tuple[Formula, ...]:
            here = [day is not None and low <= day <= high for low, high in dated]
            return tuple(ONE if state else ZERO for state in (*here, day is None))

        out = np.empty(self.possible.shape, dtype=object)
        for world in np.ndindex(out.shape):
            out[world] = row_of(day_of(world))
        return out
