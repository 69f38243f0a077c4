"""Cells: the states of every question, cut wherever the file tells days or numbers apart."""

from __future__ import annotations

import datetime as dt
import math
import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from forecast.model.comparison import parts_of
from forecast.spec.calendar import Span, read_day
from forecast.spec.expression import Atom, BeforeDay, By, Compare, Expression, Holds, In, Is
from forecast.spec.notation import read_number as number
from forecast.spec.question import (
    AnyQuestion,
    Binary,
    Categorical,
    CountQuestion,
    Date,
    Quantity,
)
from forecast.spec.ranges import number_ranges, range_name

NEVER, VOID = "never", "void"

type Kind = Literal["binary", "categorical", "date", "count", "quantity", "relation"]


@dataclass(frozen=True)
class Cells:
    """The states of one question.

    Attributes
    ----------
    kind
        The type of the question.
    states
        A name for each state; a date has ``never`` last but for ``void``, which is always last.
    bounds
        For each state the first and last day (as proleptic ordinals) or number that it holds,
        both included; None for states that are no range. An open end is infinite. The ranges of
        a quantity share their ends: any one number has no chance, but for zero where it has one of
        its own (both its ends are then 0).
    """

    kind: Kind
    states: tuple[str, ...]
    bounds: tuple[tuple[float, float] | None, ...]

    def __len__(self) -> int:
        return len(self.states)

    def holds(self, atom: Atom) -> NDArray[np.bool_]:
        """Return in which states an atom is true, ``(states,)``; every atom is false in void."""
        match atom:
            case Holds():
                true = self._open(lambda state: state not in ("no", NEVER))
            case Is(states=named, negated=negated):
                true = self._open(lambda state: (state in named) != negated)
            case By(day=day):
                true = self._range(-math.inf, read_day(day).toordinal())
            case BeforeDay(day=day):
                true = self._range(-math.inf, read_day(day).toordinal() - 1)
            case In(low=low, high=high) if self.kind == "date":
                true = self._range(read_day(low).toordinal(), read_day(high).toordinal())
            case In(low=low, high=high):
                true = self._range(number(low), number(high))
            case Compare() if self.kind == "categorical":
                true = self._ranked(atom)
            case Compare(operator=sign, value=value) if self.kind == "quantity":
                true = self._compared(sign, number(value))
            case Compare(operator="<=", value=value):
                true = self._range(-math.inf, number(value))
            case Compare(operator="<", value=value):
                true = self._range(-math.inf, math.ceil(number(value)) - 1)
            case Compare(operator=">=", value=value):
                true = self._range(number(value), math.inf)
            case Compare(value=value):
                true = self._range(math.floor(number(value)) + 1, math.inf)
        return np.array(true)

    def within(self, first: dt.date, last: dt.date) -> NDArray[np.bool_]:
        """Return which states lie wholly in the days ``first..last``."""
        return np.array(self._range(first.toordinal(), last.toordinal()))

    def _open(self, test: object) -> list[bool]:
        assert callable(test)
        return [state != VOID and bool(test(state)) for state in self.states]

    def _ranked(self, atom: Compare) -> list[bool]:
        """Compare states by their order, from the lowest to the highest."""
        place = self.states.index(atom.value)
        tests = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
        return [
            state != VOID and tests[atom.operator](i, place) for i, state in enumerate(self.states)
        ]

    def _compared(self, sign: str, value: float) -> list[bool]:
        """Compare a quantity; a cell with one number in it is that number, others are open."""
        below, strict = sign.startswith("<"), len(sign) == 1

        def true(low: float, high: float) -> bool:
            if low == high == value:
                return not strict
            return high <= value if below else low >= value

        return [bound is not None and true(*bound) for bound in self.bounds]

    def _range(self, low: float, high: float) -> list[bool]:
        return [bound is not None and low <= bound[0] and bound[1] <= high for bound in self.bounds]


type Cuts = dict[str, set[float]]
"""Question -> the days or numbers at which a new cell begins."""


def cut_cells(
    questions: Mapping[str, AnyQuestion],
    windows: Mapping[str, Span],
    conditions: Iterable[Expression],
    spans: Iterable[tuple[str, Span]] = (),
    orders: Iterable[tuple[str, ...]] = (),
) -> dict[str, Cells]:
    """Cut every question into cells.

    Parameters
    ----------
    questions, windows
        The questions and the days in which each may resolve.
    conditions
        Every condition that will be evaluated; ``a by D`` cuts ``a`` after D, and so on.
    spans
        Further (date question, days) that must be whole cells.
    orders
        Dates whose order is told cell by cell: their cells are the same or apart.

    Returns
    -------
    dict
        Question -> its cells.
    """
    cuts: Cuts = {name: set() for name in questions}
    for condition in conditions:
        for atom in condition.atoms():
            if atom.name in cuts:
                cuts[atom.name] |= _cuts(atom, questions[atom.name])
    for name, span in spans:
        cuts[name] |= {span.first.toordinal(), span.last.toordinal() + 1}
    for name, question in questions.items():
        if isinstance(question, Date):
            cuts[name] |= {day.toordinal() + 1 for day in question.report_by}
        if isinstance(question, CountQuestion | Quantity):
            cuts[name] |= set(question.cuts)
    _share_cuts(cuts, questions, windows, orders)
    return {name: _cells(q, windows[name], cuts[name]) for name, q in questions.items()}


def _cuts(atom: Atom, question: AnyQuestion) -> set[float]:
    match atom, question:
        case By(day=day), Date():
            return {read_day(day).toordinal() + 1}
        case BeforeDay(day=day), Date():
            return {read_day(day).toordinal()}
        case In(low=low, high=high), Date():
            return {read_day(low).toordinal(), read_day(high).toordinal() + 1}
        case In(low=low, high=high), CountQuestion():
            return {math.ceil(number(low)), math.floor(number(high)) + 1}
        case Compare(operator="<=" | ">", value=value), CountQuestion():
            return {math.floor(number(value)) + 1}
        case Compare(value=value), CountQuestion():
            return {math.ceil(number(value))}
        case In(low=low, high=high), Quantity():
            return {number(low), number(high)}
        case Compare(value=value), Quantity():
            return {number(value)}
        case _:
            return set()


def _share_cuts(
    cuts: Cuts,
    questions: Mapping[str, AnyQuestion],
    windows: Mapping[str, Span],
    orders: Iterable[tuple[str, ...]],
) -> None:
    """Give dates every cut of others: parts those of the whole that they decide, an order all."""
    ways = [(name, part) for name in questions for part in parts_of(questions[name])]
    ways += [(one, other) for names in orders for one in names for other in names if one != other]
    changed = True
    while changed:
        changed = False
        for one, other in ways:
            days = windows[one]
            wanted = cuts[one] | {days.first.toordinal(), days.last.toordinal() + 1}
            if other in cuts and not wanted <= cuts[other]:
                cuts[other] |= wanted
                changed = True


def _cells(question: AnyQuestion, window: Span, cuts: set[float]) -> Cells:
    void = (VOID,) if question.only_if is not None else ()
    none = (None,) * len(void)
    match question:
        case Binary():
            return Cells("binary", ("yes", "no", *void), (None, None, *none))
        case Categorical(states=states):
            return Cells("categorical", (*states, *void), ((None,) * len(states)) + none)
        case Date():
            first, last = window.first.toordinal(), window.last.toordinal()
            inner = (int(cut) for cut in cuts if first < cut <= last)
            return date_cells([first, *inner], last, void)
        case CountQuestion() | Quantity():
            ranges = number_ranges(question, cuts)
            names = [range_name(question, *bound) for bound in ranges]
            return Cells(question.type, (*names, *void), (*ranges, *none))


def date_cells(starts: Iterable[int], last: int, void: tuple[str, ...] = ()) -> Cells:
    """Return the cells of a date: days from each start to the next, the last, never, void.

    Parameters
    ----------
    starts
        The days on which a cell begins, as ordinals, in any order.
    last
        The last day of all.
    void
        ``("void",)`` where the question can be void.
    """
    begins = sorted(set(starts))
    ends = [*(start - 1 for start in begins[1:]), last]
    ranges = list(zip(begins, ends, strict=True))
    names = [str(Span(dt.date.fromordinal(a), dt.date.fromordinal(b))) for a, b in ranges]
    none = (None,) * (1 + len(void))
    return Cells("date", (*names, NEVER, *void), (*ranges, *none))
