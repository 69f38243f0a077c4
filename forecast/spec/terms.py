"""Terms: what conditions are made of.

What an atom means depends on the type of its question, so dates and numbers stay text here and are
typed where the question is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

RESERVED = frozenset(
    {"and", "or", "not", "is", "in", "by", "before", "within", "otherwise", "earliest", "latest"}
    | {"at", "least", "of"}
)


@dataclass(frozen=True, slots=True)
class Holds:
    """``a``: the binary question is yes, or the date question happens."""

    name: str


@dataclass(frozen=True, slots=True)
class Is:
    """``a is s|t`` or ``a is not s``."""

    name: str
    states: tuple[str, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class By:
    """``a by D``: on or before D."""

    name: str
    day: str


@dataclass(frozen=True, slots=True)
class In:
    """``a in low..high``, both ends included."""

    name: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Compare:
    """``a <= 3``; the operator is one of ``< <= > >=``."""

    name: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class BeforeDay:
    """``a before D``: on an earlier day than D."""

    name: str
    day: str


@dataclass(frozen=True, slots=True)
class Before:
    """``a before b``: a happens, and b on a later day or never."""

    name: str
    other: str


@dataclass(frozen=True, slots=True)
class Within:
    """``a within 30 days of b``: both happen, whichever first, that far apart at most."""

    name: str
    count: str
    unit: str
    other: str


@dataclass(frozen=True, slots=True)
class Earliest:
    """``earliest(a, b)``: the first of several dates; only under ``means:``."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Latest:
    """``latest(a, b)``: the day by which all of several have happened; only under ``means:``."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """``at least 2 of a, b, c``."""

    number: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """``not x``."""

    term: Term


@dataclass(frozen=True, slots=True)
class And:
    """``x and y``."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """``x or y``."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Otherwise:
    """``otherwise``: whatever no earlier row has matched."""


type Atom = Holds | Is | By | In | Compare | BeforeDay
"""What is true or false of the state of one question."""

type Pair = Before | Within
"""What is true or false of the days of two."""

type Term = Atom | Pair | Not | And | Or | AtLeast | Otherwise | Earliest | Latest


def inside(term: Term) -> tuple[Term, ...]:
    """Return the terms that a term is built from; an atom is built from none."""
    match term:
        case Not(inner):
            return (inner,)
        case And(terms) | Or(terms) | AtLeast(terms=terms):
            return terms
        case _:
            return ()


def all_terms(term: Term) -> Iterator[Term]:
    """Yield a term and all that it is built from, left to right."""
    yield term
    for inner in inside(term):
        yield from all_terms(inner)


def atoms_of(term: Term) -> Iterator[Atom]:
    """Yield the atoms of a term, left to right (questions that are only compared as `Holds`)."""
    for part in all_terms(term):
        match part:
            case Earliest(names) | Latest(names):
                yield from (Holds(name) for name in names)
            case Before(name, other) | Within(name=name, other=other):
                yield from (Holds(name), Holds(other))
            case Holds() | Is() | By() | In() | Compare() | BeforeDay():
                yield part
            case _:
                continue


def depth_of(term: Term) -> int:
    """Return how deep a term is nested."""
    deepest, rest = 0, [(term, 1)]
    while rest:
        term, depth = rest.pop()
        deepest = max(deepest, depth)
        rest += [(part, depth + 1) for part in inside(term)]
    return deepest


def quoted(name: str) -> str:
    """Return a name as it stands in a condition: in backquotes where it needs them.

    >>> quoted("visit-moscow"), quoted("over 90"), quoted("in")
    ('visit-moscow', '`over 90`', '`in`')
    """
    plain = re.fullmatch(r"[^\W\d]\w*(-\w+)*", name) and name not in RESERVED
    return name if plain else f"`{name}`"
