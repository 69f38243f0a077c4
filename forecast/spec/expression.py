"""The small closed language of conditions: ``a and not b``, ``visit by 2025-06-30``, ``x is kim|premier``.

Parsed by Lark, never evaluated as code. What an atom means depends on the type of its question,
so dates and numbers stay text here and are typed where the question is known.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput, UnexpectedToken, VisitError

RESERVED = frozenset(
    "and or not is in by before within otherwise earliest latest at least of".split()
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
        yield from _atoms(self.term)

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
     | name "before" name -> before
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
    def name(self, children: list[Token]) -> str:
        return _unquoted(children[0])

    def state(self, children: list[Token]) -> str:
        return _unquoted(children[0])

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


def _unquoted(token: Token) -> str:
    return str(token)[1:-1] if token.type == "QUOTED" else str(token)


@functools.cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", maybe_placeholders=False)


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
    try:
        return Expression(text, _Reader().transform(_parser().parse(text)))
    except UnexpectedInput as error:
        raise _explained(text, error) from None
    except RecursionError:
        raise ExpressionError(
            "this condition is nested too deeply", "name its parts as questions"
        ) from None
    except VisitError as error:
        if isinstance(error.orig_exc, ExpressionError):
            raise error.orig_exc from None
        raise


_IN_LIST = re.compile(r"(\S+)\s+in\s*[(\[]([^)\]]*)[)\]]?")


def _explained(text: str, error: UnexpectedInput) -> ExpressionError:
    if match := _IN_LIST.search(text):
        states = "|".join(part.strip() for part in match[2].split(",") if part.strip())
        return ExpressionError(f"write `{match[1]} is {states}`", f"{match[1]} is {states}")
    for wrong, right in (
        ("&&", "and"), ("||", "or"), ("!=", "is not"), ("==", "is"), ("=", "is"),
        ("AND", "and"), ("OR", "or"), ("NOT", "not"), ("!", "not"), ("&", "and"),
    ):  # fmt: skip
        found = re.search(rf"(?<![<>=\w]){re.escape(wrong)}(?![=\w])", text)
        if found:
            return ExpressionError(
                f"`{wrong}` is not a word of conditions: write `{right}`",
                text.replace(wrong, f" {right} ").replace("  ", " "),
            )
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return ExpressionError(f"`{text}` ends too early: something is missing after it")
    where = text[error.pos_in_stream or 0 :].split("\n")[0]
    first = where.split(" ")[0]
    if first in RESERVED:
        return ExpressionError(
            f"`{first}` cannot stand here in `{text}`",
            f"a name that is the word `{first}` stands in backquotes",
        )
    return ExpressionError(
        f"`{text}` cannot be read from `{where}` on",
        "conditions are built from names, `is`, `by`, `in a..b`, comparisons, `and`, `or`, `not`; "
        "names with other characters stand in backquotes",
    )


def _atoms(term: Term) -> Iterator[Atom]:
    match term:
        case Not(inner):
            yield from _atoms(inner)
        case And(terms) | Or(terms):
            for inner in terms:
                yield from _atoms(inner)
        case Earliest(names):
            yield from (Holds(name) for name in names)
        case Otherwise():
            return
        case _:
            yield term
