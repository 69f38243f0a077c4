"""Do conditions name what exists: questions, their states, days and numbers that fit their type."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pydantic_core import PydanticCustomError

from forecast.errors import nearest
from forecast.spec import walk
from forecast.spec.calendar import read_day
from forecast.spec.context import Context
from forecast.spec.expression import (
    AtLeast,
    Atom,
    BeforeDay,
    By,
    Compare,
    Earliest,
    Expression,
    Holds,
    In,
    Is,
    Latest,
    Pair,
    Within,
    quoted,
)
from forecast.spec.notation import read_number
from forecast.spec.problem import told
from forecast.spec.question import AnyQuestion, Binary, Categorical, CountQuestion, Date, Quantity
from forecast.spec.spread import LARGEST

type Complaint = tuple[str, str, str]
"""What is wrong, how to mend it, code."""

LARGEST_COUNT = 1e6
LONGEST_LAG = 9999

_OTHERWISE = frozenset({"else", "default", "other", "others", "rest", "remaining"})
"""Words of other languages for ``otherwise``."""


def condition_faults(
    condition: Expression, role: walk.Role, context: Context
) -> Iterator[Complaint]:
    """Yield what is wrong with a condition: text, way to mend it, code."""
    extreme = isinstance(condition.term, Earliest | Latest)
    for term in condition.terms():
        if isinstance(term, Earliest | Latest) and not (extreme and role == "means"):
            word = "earliest" if isinstance(term, Earliest) else "latest"
            text = f"`{word}(...)` names a date: it stands alone under `means:` of a date question"
            yield text, "", "type"
            return
        if isinstance(term, AtLeast):
            yield from _number_faults(term)
    unclear = set[str]()
    for pair in dict.fromkeys(condition.pairs()):
        found = list(_pair_faults(pair, context))
        yield from found
        unclear |= {pair.name, pair.other} if found else set()
    for atom in dict.fromkeys(condition.atoms()):
        question = context.questions.get(atom.name)
        if question is not None and not extreme:
            if not (isinstance(atom, Holds) and atom.name in unclear):
                yield from _atom_faults(atom, question)
        elif not context.exists(atom.name):
            known = (*context.questions, *(str(p[1]) for p in context.broken if len(p) > 1))
            text = f"there is no question `{atom.name}`"
            fix = nearest(atom.name, known)
            if atom.name.casefold() in _OTHERWISE:
                fix = "write `otherwise` for all that is left"
            yield text, fix, "unknown-question"


def _number_faults(term: AtLeast) -> Iterator[Complaint]:
    """Yield what is wrong with ``at least 2 of a, b, c``."""
    number, count = term.number, len(term.terms)
    if not number.isdigit() or not 1 <= int(number) <= count:
        text = f"`at least {number} of` {count} {'part' if count == 1 else 'parts'} is no condition"
        yield text, f"a whole number from 1 to {count}", "value"
    for i, part in enumerate(term.terms):
        if part in term.terms[:i]:
            text = f"part {i + 1} of `at least {number} of ...` stands there twice"
            yield text, "name each once", "value"


def _pair_faults(pair: Pair, context: Context) -> Iterator[Complaint]:
    """Yield what is wrong where the days of two questions are compared."""
    for name in (pair.name, pair.other):
        question = context.questions.get(name)
        if question is not None and not isinstance(question, Date):
            text = f"`{name}` is no date question: its day cannot be compared"
            yield text, "compare days of questions of type date", "type"
    if isinstance(pair, Within) and not (pair.count.isdigit() and int(pair.count) <= LONGEST_LAG):
        text = f"`{pair.count}` is no number of {pair.unit}s"
        yield text, f"a whole number up to {LONGEST_LAG:,}", "value"
    elif pair.name == pair.other:
        yield f"`{pair.name}` is compared with itself", "", "value"


def _atom_faults(atom: Atom, question: AnyQuestion) -> Iterator[Complaint]:
    match question:
        case Binary():
            yield from _of_states(atom, "binary", ("yes", "no"))
        case Categorical(states=states, ordered=True) if isinstance(atom, Compare):
            yield from _unknown_states(atom.name, (atom.value,), states)
        case Categorical(states=states):
            yield from _of_states(atom, "categorical", states)
        case Date():
            yield from _of_dates(atom)
        case CountQuestion():
            yield from _of_numbers(atom, _count_faults)
        case Quantity():
            yield from _of_numbers(atom, _real_faults)


def _of_states(atom: Atom, kind: str, states: tuple[str, ...]) -> Iterator[Complaint]:
    name = quoted(atom.name)
    match atom:
        case Is(states=named):
            yield from _unknown_states(atom.name, named, states)
        case Compare() if kind == "categorical":
            text = f"the states of `{atom.name}` have no order: they cannot be compared"
            fix = f"add `ordered: true` to it, or write `{name} is ...|...`"
            yield text, fix, "type"
        case Holds() if kind == "categorical":
            example = f"{name} is {quoted(states[0])}" if states else f"{name} is ..."
            text = f"`{atom.name}` is not yes/no: say which state, `{example}`"
            yield text, f"one of {', '.join(states)}", "type"
        case Holds():
            return
        case _:
            text = f"`{atom.name}` is {kind}: dates and comparisons do not apply to it"
            yield text, "", "type"


def _unknown_states(
    name: str, named: tuple[str, ...], states: tuple[str, ...]
) -> Iterator[Complaint]:
    for state in named:
        if state not in states:
            hint = nearest(state, states)
            text = f"`{name}` has no state `{state}`" + (f"; {hint}" if hint else "")
            yield text, f"one of {', '.join(states)}", "unknown-state"


def _of_dates(atom: Atom) -> Iterator[Complaint]:
    name = quoted(atom.name)
    match atom:
        case By(day=day) | BeforeDay(day=day):
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


def _of_numbers(
    atom: Atom, number_faults: Callable[[str], Iterator[Complaint]]
) -> Iterator[Complaint]:
    match atom:
        case In(low=low, high=high):
            faults = [*number_faults(low), *number_faults(high)][:1]
            yield from faults
            if not faults and read_number(high) < read_number(low):
                yield f"`{low}..{high}` runs backwards", f"write {high}..{low}", "range-order"
        case Compare(value=value):
            yield from number_faults(value)
        case _:
            instead = ">= 1"
            if isinstance(atom, Is) and len(atom.states) == 1 and atom.states[0].isdecimal():
                instead = f"in {atom.states[0]}..{atom.states[0]}"
            text = f"`{atom.name}` is a number: compare it, as in `{quoted(atom.name)} {instead}`"
            yield text, "", "type"


def _day_faults(day: str) -> Iterator[Complaint]:
    try:
        read_day(day)
    except PydanticCustomError as error:
        code, text, fix = told(error)
        yield text, fix, code


def _real_faults(number: str) -> Iterator[Complaint]:
    try:
        if abs(read_number(number)) > LARGEST:
            yield f"`{number}` is too large a number", "", "type"
    except PydanticCustomError:
        yield f"`{number}` is no number", "write it without a sign of its unit, as in 74", "type"


def _count_faults(number: str) -> Iterator[Complaint]:
    try:
        if 0 <= read_number(number) <= LARGEST_COUNT:
            return
        yield f"`{number}` is no count", f"from 0 to {LARGEST_COUNT:,.0f}", "type"
    except PydanticCustomError:
        yield f"`{number}` is no count", "write a number such as 3", "type"
