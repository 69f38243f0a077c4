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
class Earliest:
    """``earliest(a, b)``: the first of several dates; only under ``means:``."""

    names: tuple[str, ...]


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


type Atom = Holds | Is | By | In | Compare
type Term = Atom | Not | And | Or | Otherwise | Earliest


def atoms_of(term: Term) -> Iterator[Atom]:
    """Yield the atoms of a term, left to right (those of ``earliest`` as `Holds`)."""
    match term:
        case Not(inner):
            yield from atoms_of(inner)
        case And(terms) | Or(terms):
            for inner in terms:
                yield from atoms_of(inner)
        case Earliest(names):
            yield from (Holds(name) for name in names)
        case Otherwise():
            return
        case _:
            yield term


def depth_of(term: Term) -> int:
    """Return how deep a term is nested."""
    deepest, rest = 0, [(term, 1)]
    while rest:
        term, depth = rest.pop()
        deepest = max(deepest, depth)
        match term:
            case Not(inner):
                rest.append((inner, depth + 1))
            case And(terms) | Or(terms):
                rest += [(inner, depth + 1) for inner in terms]
            case _:
                continue
    return deepest


def quoted(name: str) -> str:
    """Return a name as it stands in a condition: in backquotes where it needs them.

    >>> quoted("visit-moscow"), quoted("over 90"), quoted("in")
    ('visit-moscow', '`over 90`', '`in`')
    """
    plain = re.fullmatch(r"[^\W\d]\w*(-\w+)*", name) and name not in RESERVED
    return name if plain else f"`{name}`"
