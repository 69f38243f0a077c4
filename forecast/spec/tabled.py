"""Conditional tables held against the questions that they name."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence

from forecast.errors import Fault, Path, nearest
from forecast.spec.calendar import Span
from forecast.spec.context import Context
from forecast.spec.expression import quoted
from forecast.spec.question import (
    AnyQuestion,
    Binary,
    Categorical,
    CountQuestion,
    Date,
    Quantity,
)
from forecast.spec.ranges import number_ranges, range_name
from forecast.spec.scenario import ScenarioFile
from forecast.spec.table import TabledShares
from forecast.spec.timing import window


def states_of(question: AnyQuestion, file: ScenarioFile) -> tuple[str, ...]:
    """Return the states of a question as a table tells them apart.

    Those of a date, a count or a quantity are the cells between its own ``report_by`` days or
    ``cuts``, whatever else cuts it; a date has ``never`` after them. A question that may be void
    has that state last.
    """
    void = ("void",) if question.only_if is not None else ()
    match question:
        case Binary():
            states: tuple[str, ...] = ("yes", "no")
        case Categorical(states=named):
            states = named
        case Date():
            states = (*(str(span) for span in spans_of(question, window(question, file))), "never")
        case CountQuestion() | Quantity():
            ranges = number_ranges(question, set(question.cuts))
            states = tuple(range_name(question, *bound) for bound in ranges)
    return (*states, *void)


def spans_of(question: Date, days: Span) -> list[Span]:
    """Return the days of a window between those that a date is reported by."""
    ends = sorted({day for day in question.report_by if days.first <= day < days.last})
    starts = [days.first, *(day + dt.timedelta(days=1) for day in ends)]
    return [Span(a, b) for a, b in zip(starts, [*ends, days.last], strict=True)]


def table_faults(question: Binary | Categorical, path: Path, context: Context) -> Iterator[Fault]:
    """Yield what is wrong with the table of a question, if it has one."""
    if not isinstance(question.prior, TabledShares):
        return
    here, table = (*path, "prior", "table"), question.prior.table
    own = question.states if isinstance(question, Categorical) else ("yes", "no")
    faults = list(_parent_faults(table.parents, (*here, "parents"), context))
    yield from faults
    parents: dict[str, Sequence[str]] = {}
    for name in table.parents if not faults else ():
        if name not in context.questions:  # its shape is wrong, which has been told
            return
        parents[name] = states_of(context.questions[name], context.file)
    wanted = math.prod(len(states) for states in parents.values())
    if not faults and len(table.rows) != wanted:
        text = f"the table has {len(table.rows):,} rows; its parents have {wanted:,} combinations"
        fix = "one row for each combination of their states, the last parent fastest"
        yield context.fault((*here, "rows"), "table-shape", text, fix, key=True)
        parents = {}
    for i, code, text, fix in table.rows.read(len(own))[1]:
        world = f" ({world_of(i, parents)})" if parents and not faults else ""
        yield context.fault((*here, "rows", i), code, text + world, fix)


def world_of(row: int, parents: Mapping[str, Sequence[str]]) -> str:
    """Return the states of its parents that a row of a table is about.

    >>> world_of(2, {"asia": ("yes", "no"), "over 90": ("yes", "no")})
    'asia is no and `over 90` is yes'
    """
    parts = []
    for name, states in reversed(list(parents.items())):
        row, state = divmod(row, len(states))
        parts.append(f"{quoted(name)} is {quoted(states[state])}")
    return " and ".join(reversed(parts))


def _parent_faults(names: Sequence[str], path: Path, context: Context) -> Iterator[Fault]:
    for i, name in enumerate(names):
        question = context.questions.get(name)
        if name in names[:i]:
            text = f"`{name}` is named twice"
            yield context.fault((*path, i), "duplicate-key", text, "take one out")
        elif question is None and not context.exists(name):
            text = f"there is no question `{name}`"
            yield context.fault((*path, i), "unknown-question", text, nearest(name, _some(context)))


def _some(context: Context) -> Iterator[str]:
    return itertools.islice(iter(context.questions), 2000)
