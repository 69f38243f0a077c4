"""The grammar of conditions, and the terms that its forms become."""

from __future__ import annotations

import functools
from typing import Any

from lark import Lark, Token, Transformer

from forecast.spec.terms import (
    RESERVED,
    And,
    AtLeast,
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
    Term,
    Within,
)


class ExpressionError(ValueError):
    """The text is not a condition; ``code`` and ``fix`` say what to do about it."""

    def __init__(self, text: str, fix: str = "", code: str = "expression") -> None:
        super().__init__(text)
        self.fix = fix
        self.code = code


GRAMMAR = r"""
start: "otherwise" -> otherwise
     | or_
?or_: and_ ("or" and_)*
?and_: not_ ("and" not_)*
?not_: "not" not_ -> negation
     | atom
?atom: part
     | "at" "least" NUMBER "of" part ("," part)* -> at_least
?part: "(" or_ ")"
     | name "is" states -> is_
     | name "is" "not" states -> is_not
     | name "by" DATE -> by
     | name "in" value ".." value -> within_range
     | name OPERATOR bound -> compare
     | name "before" DATE -> before_day
     | name "before" name -> before
     | name "within" NUMBER UNIT "of" name -> within
     | "earliest" "(" name ("," name)+ ")" -> earliest
     | "latest" "(" name ("," name)+ ")" -> latest
     | name -> holds
states: state ("|" state)*
state: NAME | QUOTED | NUMBER | DATE
name: NAME | QUOTED
bound: NUMBER | NAME | QUOTED
value: DATE | NUMBER
UNIT: /days?|weeks?|months?/
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

    def bound(self, children: list[Token]) -> str:
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

    def before_day(self, children: list[Any]) -> Term:
        return BeforeDay(children[0], str(children[1]))

    def before(self, children: list[str]) -> Term:
        return Before(*children)

    def within(self, children: list[Any]) -> Term:
        name, count, unit, other = children
        return Within(name, str(count), unit.rstrip("s"), other)

    def at_least(self, children: list[Any]) -> Term:
        return AtLeast(str(children[0]), tuple(children[1:]))

    def latest(self, children: list[str]) -> Term:
        return Latest(tuple(children))


def _word(token: Token) -> str:
    if token.type == "QUOTED":
        return token[1:-1]
    if token in RESERVED:
        raise misplaced(token)
    return str(token)


def misplaced(word: str) -> ExpressionError:
    """Return what to say of a reserved word that stands where a name should."""
    fix = f"a name that is the word `{word}` stands in backquotes"
    if word == "at":
        fix = f"a list in a list stands in parentheses, and {fix}"
    if word == "otherwise":
        fix = "it stands alone, as the last of several conditions"
    return ExpressionError(f"`{word}` cannot stand here", fix)


@functools.cache
def parser() -> Lark:
    """Return the parser of conditions, which yields terms."""
    return Lark(GRAMMAR, parser="lalr", maybe_placeholders=False, transformer=_Reader())
