"""Do conditions name what exists: questions, their states, days and numbers that fit their type."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic_core import PydanticCustomError

from forecast.errors import nearest
from forecast.spec import walk
from forecast.spec.calendar import read_day
from forecast.spec.context import Context
from forecast.spec.expression import Atom, By, Compare, Earliest, Expression, Holds, In, Is, quoted
from forecast.spec.notation import read_number
from forecast.spec.problem import told
from forecast.spec.question import AnyQuestion, Binary, Categorical, CountQuestion, Date

type Complaint = tuple[str, str, str]
"""What is wrong, how to mend it, code."""

LARGEST_COUNT = 1e6


def condition_faults(
    condition: Expression, role: walk.Role, context: Context
) -> Iterator[Complaint]:
    """Yield what is wrong with a condition: text, way to mend it, code."""
    if isinstance(condition.term, Earliest) and role != "means":
        text = "`earliest(...)` names a date: it stands under `means:` of a date question"
        yield text, "", "type"
        return
    for atom in dict.fromkeys(condition.atoms()):
        question = context.questions.get(atom.name)
        if question is not None and not isinstance(condition.term, Earliest):
            yield from _atom_faults(atom, question)
        elif not context.exists(atom.name):
            known = (*context.questions, *(str(p[1]) for p in context.broken if len(p) > 1))
            text = f"there is no question `{atom.name}`"
            yield text, nearest(atom.name, known), "unknown-question"


def _atom_faults(atom: Atom, question: AnyQuestion) -> Iterator[Complaint]:
    match question:
        case Binary():
            yield from _of_states(atom, "binary", ("yes", "no"))
        case Categorical(states=states):
            yield from _of_states(atom, "categorical", states)
        case Date():
            yield from _of_dates(atom)
        case CountQuestion():
            yield from _of_counts(atom)


def _of_states(atom: Atom, kind: str, states: tuple[str, ...]) -> Iterator[Complaint]:
    name = quoted(atom.name)
    match atom:
        case Is(states=named):
            for state in named:
                if state not in states:
                    hint = nearest(state, states)
                    text = f"`{atom.name}` has no state `{state}`" + (f"; {hint}" if hint else "")
                    yield text, f"one of {', '.join(states)}", "unknown-state"
        case Holds() if kind == "categorical":
            example = f"{name} is {quoted(states[0])}" if states else f"{name} is ..."
            text = f"`{atom.name}` is not yes/no: say which state, `{example}`"
            yield text, f"one of {', '.join(states)}", "type"
        case Holds():
            return
        case _:
            text = f"`{atom.name}` is {kind}: dates and comparisons do not apply to it"
            yield text, "", "type"


def _of_dates(atom: Atom) -> Iterator[Complaint]:
    name = quoted(atom.name)
    match atom:
        case By(day=day):
            yield from _day_faults(day)
        case In(low=low, high=high):
            faults = [*_day_faults(low), *_day_faults(high)][:1]
            yield from faults
            if not faults and read_day(high) < read_day(low):
                yield f"`{low}..{high}` runs backwards", f"write {high}..{low}", "date"
        case Is():
            forms = f"`{name}`, `not {name}` or `{name} by 2025-06-30`"
            yield f"`{atom.name}` is a date: write {forms}", "", "type"
        case Compare():
            forms = f"`{name} by 2025-06-30` or `{name} in A..B`"
            yield f"`{atom.name}` is a date: write {forms}", "", "type"


def _of_counts(atom: Atom) -> Iterator[Complaint]:
    match atom:
        case In(low=low, high=high):
            faults = [*_count_faults(low), *_count_faults(high)][:1]
            yield from faults
            if not faults and read_number(high) < read_number(low):
                yield f"`{low}..{high}` runs backwards", f"write {high}..{low}", "range-order"
        case Compare(value=value):
            yield from _count_faults(value)
        case _:
            text = f"`{atom.name}` is a number: compare it, as in `{quoted(atom.name)} >= 1`"
            yield text, "", "type"


def _day_faults(day: str) -> Iterator[Complaint]:
    try:
        read_day(day)
    except PydanticCustomError as error:
        code, text, fix = told(error)
        yield text, fix, code


def _count_faults(number: str) -> Iterator[Complaint]:
    try:
        if 0 <= read_number(number) <= LARGEST_COUNT:
            return
        yield f"`{number}` is no count", f"from 0 to {LARGEST_COUNT:,.0f}", "type"
    except PydanticCustomError:
        yield f"`{number}` is no count", "write a number such as 3", "type"
