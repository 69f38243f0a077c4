"""Conditional probability tables: one grammar of chance over the worlds of the parents."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from forecast.errors import Path
from forecast.model.cells import VOID, Cells
from forecast.model.formula import (
    ONE,
    ZERO,
    Formula,
    complement,
)
from forecast.model.network import Node, Number, Table
from forecast.model.number import Magnitudes
from forecast.model.parameters import Judgements
from forecast.model.rows import Rows, Worlds, each
from forecast.model.shares import shares as shares_of
from forecast.model.truth import Truth
from forecast.spec import walk
from forecast.spec.calendar import Span
from forecast.spec.question import (
    AnyQuestion,
    Binary,
    Categorical,
    CountQuestion,
    Date,
    Quantity,
    ShareCases,
    ShareCounts,
    ShareTable,
)


@dataclass(frozen=True)
class Tabulation:
    """What is needed to build the table of one question.

    Attributes
    ----------
    name, question, path
        The question and where it stands.
    parents, cells
        The nodes that it depends on, and the cells of all nodes.
    support
        The days in which it can still happen, given when its judgements were made.
    judgements
        Where parameters are gathered.
    acted
        The parent that says whether a wide noisy-or has acted; None where there is none.
    above
        The questions built so far, parents first.
    """

    name: str
    question: AnyQuestion
    path: Path
    parents: tuple[str, ...]
    cells: Mapping[str, Cells]
    support: Span
    judgements: Judgements
    acted: str | None = None
    above: Mapping[str, Node] = field(default_factory=dict)

    @property
    def rows(self) -> Rows:
        """The grammar of chance over the worlds of the parents."""
        return Rows(self.parents, self.cells, self.judgements, self.acted, self.above)

    @property
    def possible(self) -> Truth:
        """The worlds in which the question means anything."""
        if self.question.only_if is None:
            return self.rows.everywhere
        return self.rows.everywhere & self.rows.holds(self.question.only_if)

    def table(self) -> Table:
        """Return the cpd: axes are the parents, then the question itself."""
        states = self._states()
        own = self.cells[self.name]
        void = tuple(ONE if state == VOID else ZERO for state in own.states)
        possible = self.possible
        padding = (ZERO,) * (VOID in own.states)
        return tabulated(
            (*self.parents, self.name),
            (*possible.shape, len(own)),
            (
                (*states[world], *padding) if possible[world] else void
                for world in np.ndindex(possible.shape)
            ),
        )

    def _states(self) -> Worlds:
        """Return for each world the chances of the states, without ``void``."""
        match self.question:
            case Binary(means=means) if means is not None:
                holds = self.rows.holds(means)
                return each(holds, lambda yes: (ONE, ZERO) if yes else (ZERO, ONE))
            case Binary(prior=prior):
                chances = self.rows.chances(prior, (*self.path, "prior"), self.possible)
                return each(chances, lambda p: (p, complement(p)))
            case Categorical(states=states, prior=prior):
                return self._shares(prior, (*self.path, "prior"), states, self.possible)
            case CountQuestion() | Quantity():
                assert self.laws is not None
                bounds = [bound for bound in self.cells[self.name].bounds if bound is not None]
                return each(self.laws, lambda law: tuple(law.cell(bound) for bound in bounds))
            case _:
                raise TypeError(f"{self.name}: a table of this kind is built elsewhere")

    @property
    def magnitudes(self) -> Magnitudes:
        """The rates and amounts of the question over the worlds of the parents."""
        return Magnitudes(self.rows, self.path, self.possible)

    @functools.cached_property
    def laws(self) -> Worlds | None:
        """The law of a count or quantity in each world; None for other questions."""
        if not isinstance(self.question, CountQuestion | Quantity):
            return None
        return self.magnitudes.laws(self.question, self.support, self.cells[self.name])

    def number(self) -> Number | None:
        """Return more of a count or quantity than its cells; None for other questions."""
        if self.laws is None:
            return None
        days = self.question.report_by if isinstance(self.question, CountQuestion) else ()
        first = self.support.first
        return Number(self.laws, {day: float((day - first).days + 1) for day in days})

    def _shares(self, shares: object, path: Path, states: Sequence[str], possible: Truth) -> Worlds:
        if isinstance(shares, ShareCases):
            return self.rows.by_case(
                shares.cases,
                (*path, "cases"),
                possible,
                lambda inner, here, where: self._shares(inner, here, states, where),
            )
        if isinstance(shares, ShareTable | ShareCounts):
            given = shares_of(shares, path, self.judgements)
        else:
            given = {str(shares): ONE}
        row = tuple(given.get(state, ZERO) for state in states)
        return each(possible, lambda _: row)


def tabulated(
    scope: tuple[str, ...], shape: tuple[int, ...], rows: Iterator[Sequence[Formula]]
) -> Table:
    """Lay rows of formulas out as a table, each distinct entry once."""
    entries: dict[Formula, int] = {}
    index = [entries.setdefault(entry, len(entries)) for row in rows for entry in row]
    return Table(scope, np.array(index, dtype=np.intp).reshape(shape), tuple(entries))


def support(question: AnyQuestion, window: Span, judgements: Judgements, *, seen: bool) -> Span:
    """Return the days in which a question can still happen.

    A chance that was said on day D about a date whose window opened before D speaks of what is left
    of the window: its silent days up to D are known to the speaker. Where nobody would have seen it
    happen (``seen`` is false), and for a count, there is no silence, and the whole window is left.
    """
    if not isinstance(question, Date) or not seen:
        return window
    said = latest_said(question, judgements)
    if said is None or said <= window.first:
        return window
    return Span(min(said, window.last), window.last)


def latest_said(question: AnyQuestion, judgements: Judgements) -> dt.date | None:
    """Return the latest day on which a judgement of a question's cpd was made."""
    days = [
        judgements.said(placed.judgement)
        for placed in walk.in_question(question, ())
        if isinstance(placed, walk.PlacedJudgement)
    ]
    return max(days, default=None)


__all__ = ["Tabulation", "latest_said", "support", "tabulated"]
