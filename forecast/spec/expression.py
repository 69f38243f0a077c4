"""The small closed language of conditions: ``a and not b``, ``visit by 2025-06-30``, ``x is y|z``.

Parsed by Lark, never evaluated as code.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lark.exceptions import UnexpectedInput, UnexpectedToken

from forecast.spec.grammar import ExpressionError, misplaced, parser
from forecast.spec.misreadings import meant
from forecast.spec.terms import (
    RESERVED,
    And,
    AtLeast,
    Atom,
    Before,
    BeforeDay,
    By,
    Compare,
    Earliest,
    Holds,
    In,
    Is,
    Latest,
    Not,
    Or,
    Otherwise,
    Pair,
    Term,
    Within,
    all_terms,
    atoms_of,
    depth_of,
    quoted,
)
from forecast.spec.traps import short

__all__ = [
    "And",
    "AtLeast",
    "Atom",
    "Before",
    "BeforeDay",
    "By",
    "Compare",
    "Earliest",
    "Expression",
    "ExpressionError",
    "Holds",
    "In",
    "Is",
    "Latest",
    "Not",
    "Or",
    "Otherwise",
    "Pair",
    "Term",
    "Within",
    "parse",
    "quoted",
]

DEEPEST = 40
LONGEST = 10_000
"""Characters; what walks through a term may then be recursive."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A condition: the text that the analyst wrote and what it was read as."""

    text: str
    term: Term

    @property
    def is_otherwise(self) -> bool:
        """Whether this is the word ``otherwise``."""
        return isinstance(self.term, Otherwise)

    def atoms(self) -> Iterator[Atom]:
        """Yield every atom, left to right (questions that are only compared as `Holds`)."""
        yield from atoms_of(self.term)

    def terms(self) -> Iterator[Term]:
        """Yield every term that it is built from, itself first."""
        yield from all_terms(self.term)

    def pairs(self) -> Iterator[Pair]:
        """Yield where the days of two questions are compared."""
        yield from (part for part in self.terms() if isinstance(part, Before | Within))

    def names(self) -> tuple[str, ...]:
        """Return the questions it mentions, in order of appearance, each once."""
        return tuple(dict.fromkeys(atom.name for atom in self.atoms()))


@functools.lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """Read a condition.

    Parameters
    ----------
    text
        For example ``"visit by 2025-06-30 and not (place is moscow)"``.

    Raises
    ------
    ExpressionError
        Where the text is no condition, with the nearest form that would be one.

    Examples
    --------
    >>> parse("visit by 2025-06-30 and place is moscow|minsk").names()
    ('visit', 'place')
    """
    if not text.strip():
        raise ExpressionError("an expression is missing here")
    if len(text) > LONGEST:
        said = f"this condition is longer than {LONGEST:,} characters"
        raise ExpressionError(said, "name its parts as questions")
    try:
        term: Any = parser().parse(text)
    except UnexpectedInput as error:
        raise _explained(text, error) from None
    if _parentheses(text) > DEEPEST or depth_of(term) > DEEPEST:
        said = f"this condition is nested deeper than {DEEPEST} levels"
        raise ExpressionError(said, "name its parts as questions")
    return Expression(text, term)


def _parentheses(text: str) -> int:
    """Return how deep the parentheses are nested."""
    deepest = depth = 0
    for sign in re.sub(r"`[^`]*`|[^()]", "", text):
        depth += 1 if sign == "(" else -1
        deepest = max(deepest, depth)
    return deepest


_IN_LIST = re.compile(r"([\w.`-]{1,80})\s{1,9}in\s{0,9}[(\[]([^()\[\]]{1,400})[)\]]?")

_INSTEAD = (
    ("&&", "and"), ("||", "or"), ("!=", "is not"), ("==", "is"), ("=", "is"),
    ("AND", "and"), ("OR", "or"), ("NOT", "not"), ("!", "not"), ("&", "and"),
)  # fmt: skip
"""Signs of other languages, and the words that stand for them here."""


def _explained(text: str, error: UnexpectedInput) -> ExpressionError:
    if match := _IN_LIST.search(text):
        states = "|".join(part.strip() for part in match[2].split(",") if part.strip())
        return ExpressionError(f"`in` takes a range: write `{match[1]} is {short(states)}`")
    if re.search(r"[\w`] ?==? ?\d", text) and (told := meant(text)):
        return ExpressionError(*told)
    for wrong, right in _INSTEAD:
        beside = r"\w" if wrong.isalpha() else "<>=!&|"
        if re.search(rf"(?<![{beside}]){re.escape(wrong)}(?![{beside}])", text):
            return ExpressionError(
                f"`{wrong}` is not a word of conditions: write `{right}`",
                short(" ".join(text.replace(wrong, f" {right} ").split())),
            )
    if told := meant(text):
        return ExpressionError(*told)
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return ExpressionError(f"`{short(text)}` ends too early: something is missing after it")
    *_, before = getattr(error, "token_history", None) or (None,)
    if before is not None and before.type == "NAME" and before in RESERVED:
        return misplaced(before)
    where = text[error.pos_in_stream or 0 :].split("\n")[0]
    first = re.match(r"\w*", where)
    if first and first[0] in RESERVED:
        return misplaced(first[0])
    return ExpressionError(
        f"`{short(text)}` cannot be read from `{short(where)}` on",
        "conditions are built from names, `is`, `by`, `in a..b`, comparisons, `and`, `or`, `not`; "
        "names with other characters stand in backquotes",
    )
