"""Conditional tables held against the questions that they name."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence

from forecast.errors import Fault, Path, nearest
from forecast.spec.context import Context
from forecast.spec.expression import quoted
from forecast.spec.question import AnyQuestion, Binary, Categorical
from forecast.spec.table import TabledShares


def states_of(question: AnyQuestion) -> tuple[str, ...] | None:
    """Return the states of a question that a table may name; None where they hang on cuts."""
    match question:
        case Binary(only_if=None):
            return ("yes", "no")
        case Categorical(only_if=None, states=states):
            return states
        case _:
            return None


def table_faults(question: Categorical, path: Path, context: Context) -> Iterator[Fault]:
    """Yield what is wrong with the table of a question, if it has one."""
    if not isinstance(question.prior, TabledShares):
        return
    here, table = (*path, "prior", "table"), question.prior.table
    if question.only_if is not None:
        text = "`only_if` beside a `table` is not yet supported"
        yield context.fault((*path, "only_if"), "not-yet-supported", text, key=True)
    faults = list(_parent_faults(table.parents, (*here, "parents"), context))
    yield from faults
    parents: dict[str, Sequence[str]] = {}
    for name in table.parents if not faults else ():
        states = states_of(context.questions[name]) if name in context.questions else None
        if states is None:  # its shape is wrong, which has been told
            return
        parents[name] = states
    wanted = math.prod(len(states) for states in parents.values())
    if not faults and len(table.rows) != wanted:
        text = f"the table has {len(table.rows):,} rows; its parents have {wanted:,} combinations"
        fix = "one row for each combination of their states, the last parent fastest"
        yield context.fault((*here, "rows"), "table-shape", text, fix, key=True)
        parents = {}
    for i, code, text, fix in table.rows.read(len(question.states))[1]:
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
        elif question is not None and states_of(question) is None:
            text = f"`{name}` cannot be the parent of a `table`: its states are not all written out"
            yield context.fault((*path, i), "not-yet-supported", text, "write `cases`")


def _some(context: Context) -> Iterator[str]:
    return itertools.islice(iter(context.questions), 2000)
