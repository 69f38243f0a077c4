"""The small closed language of conditions: ``a and not b``, ``visit by 2025-06-30``, ``x is y|z``.

Parsed by Lark, never evaluated as code.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput, UnexpectedToken

from forecast.spec.terms import (
    RESERVED,
    And,
    Atom,
    By,
    Compare,
    Earliest,
    Holds,
    In,
    Is,
    Not,
    Or,
    Otherwise,
    Term,
    atoms_of,
    depth_of,
    quoted,
)
from forecast.spec.traps import short

__all__ = [
    "And",
    "Atom",
    "By",
    "Compare",
    "Earliest",
    "Expression",
    "ExpressionError",
    "Holds",
    "In",
    "Is",
    "Not",
    "Or",
    "Otherwise",
    "Term",
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
        """Yield every atom, left to right (those of ``earliest`` as `Holds`)."""
        yield from atoms_of(self.term)

    def names(self) -> tuple[str, ...]:
        """Return the questions it mentions, in order of appearance, each once."""
        return tuple(dict.fromkeys(atom.name for atom in self.atoms()))


class ExpressionError(ValueError):
    """The text is not a condition; ``code`` and ``fix`` say what to do about it."""

    def __init__(self, text: str, fix: str = "", code: str = "expression") -> None:
        super().__init__(text)
        self.fix = fix
        self.code = code


_GRAMMAR = r"""
start: "otherwise" -> otherwise
     | or_
?or_: and_ ("or" and_)*
?and_: not_ ("and" not_)*
?not_: "not" not_ -> negation
     | atom
?atom: "(" or_ ")"
     | name "is" states -> is_
     | name "is" "not" states -> is_not
     | name "by" DATE -> by
     | name "in" value ".." value -> within_range
     | name OPERATOR NUMBER -> compare
     | name OPERATOR (NAME | QUOTED) -> compare_state
     | name "before" (name | DATE) -> before
     | name "within" NUMBER _UNIT "of" name -> lag
     | "at" "least" NUMBER "of" name ("," name)* -> at_least
     | "earliest" "(" name ("," name)+ ")" -> earliest
     | "latest" "(" name ("," name)+ ")" -> latest
     | name -> holds
states: state ("|" state)*
state: NAME | QUOTED | NUMBER | DATE
name: NAME | QUOTED
value: DATE | NUMBER
_UNIT: /days?|weeks?|months?/
OPERATOR: "<=" | ">=" | "<" | ">"
DATE.3: /\d{4}-\d{1,2}-\d{1,2}/
NUMBER.2: /-?\d+(\.\d+)?%?(?![A-Za-z_])/
QUOTED: /`[^`]+`/
NAME: /[^\W\d]\w*(-\w+)*/
%ignore /[ \t\n]+/
"""


class _Reader(Transformer[Token, Any]):
    """Builds terms bottom-up while the parser runs, so that nesting costs no recursion."""

    def name(self, children: list[Token]) -> str:
        return _word(children[0])

    def state(self, children: list[Token]) -> str:
        return _word(children[0])

    def value(self, children: list[Token]) -> str:
        return str(children[0])

    def states(self, children: list[str]) -> tuple[str, ...]:
        return tuple(children)

    def otherwise(self, _: list[Any]) -> Term:
        return Otherwise()

    def start(self, children: list[Term]) -> Term:
        return children[0]

    def or_(self, children: list[Term]) -> Term:
        return Or(tuple(children))

    def and_(self, children: list[Term]) -> Term:
        return And(tuple(children))

    def negation(self, children: list[Term]) -> Term:
        return Not(children[0])

    def is_(self, children: list[Any]) -> Term:
        return Is(children[0], children[1], negated=False)

    def is_not(self, children: list[Any]) -> Term:
        return Is(children[0], children[1], negated=True)

    def by(self, children: list[Any]) -> Term:
        return By(children[0], str(children[1]))

    def within_range(self, children: list[Any]) -> Term:
        return In(*children)

    def compare(self, children: list[Any]) -> Term:
        return Compare(children[0], str(children[1]), str(children[2]))

    def earliest(self, children: list[str]) -> Term:
        return Earliest(tuple(children))

    def holds(self, children: list[str]) -> Term:
        return Holds(children[0])

    def compare_state(self, children: list[Any]) -> NoReturn:
        raise _unsupported(f"{children[0]} {children[1]} {children[2]}")

    def before(self, children: list[str]) -> NoReturn:
        raise _unsupported(f"{children[0]} before {children[1]}")

    def lag(self, children: list[Any]) -> NoReturn:
        raise _unsupported("within ... of")

    def at_least(self, children: list[Any]) -> NoReturn:
        raise _unsupported("at least ... of")

    def latest(self, children: list[str]) -> NoReturn:
        raise _unsupported("latest(...)")


def _unsupported(form: str) -> ExpressionError:
    return ExpressionError(f"`{form}` is not yet supported", code="not-yet-supported")


def _word(token: Token) -> str:
    if token.type == "QUOTED":
        return token[1:-1]
    if token in RESERVED:
        raise _misplaced(token)
    return str(token)


def _misplaced(word: str) -> ExpressionError:
    fix = f"a name that is the word `{word}` stands in backquotes"
    if word == "otherwise":
        fix = "it stands alone, as the last of several conditions"
    return ExpressionError(f"`{word}` cannot stand here", fix)


@functools.cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", maybe_placeholders=False, transformer=_Reader())


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
        term: Any = _parser().parse(text)
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
    for wrong, right in _INSTEAD:
        beside = r"\w" if wrong.isalpha() else "<>=!&|"
        if re.search(rf"(?<![{beside}]){re.escape(wrong)}(?![{beside}])", text):
            return ExpressionError(
                f"`{wrong}` is not a word of conditions: write `{right}`",
                short(" ".join(text.replace(wrong, f" {right} ").split())),
            )
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return ExpressionError(f"`{short(text)}` ends too early: something is missing after it")
    *_, before = getattr(error, "token_history", None) or (None,)
    if before is not None and before.type == "NAME" and before in RESERVED:
        return _misplaced(before)
    where = text[error.pos_in_stream or 0 :].split("\n")[0]
    first = re.match(r"\w*", where)
    if first and first[0] in RESERVED:
        return _misplaced(first[0])
    return ExpressionError(
        f"`{short(text)}` cannot be read from `{short(where)}` on",
        "conditions are built from names, `is`, `by`, `in a..b`, comparisons, `and`, `or`, `not`; "
        "names with other characters stand in backquotes",
    )
