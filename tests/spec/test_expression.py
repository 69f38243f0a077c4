"""Conditions: what they are read as, what is refused, and that nothing makes the reader stumble."""

from __future__ import annotations

import contextlib
import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.spec.expression import ExpressionError, parse
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
    depth_of,
    quoted,
)

A, B, C = Holds("a"), Holds("b"), Holds("c")

READ: dict[str, Term] = {
    # ---------------------------------------------------- precedence and parentheses
    "a": A,
    "a and b or c": Or((And((A, B)), C)),
    "a or b and c": Or((A, And((B, C)))),
    "(a or b) and c": And((Or((A, B)), C)),
    "a and b and c": And((A, B, C)),
    "a and (b and c)": And((A, And((B, C)))),
    "not a and b": And((Not(A), B)),
    "not (a and b)": Not(And((A, B))),
    "not not a": Not(Not(A)),
    "not a is b": Not(Is("a", ("b",), negated=False)),
    "((a))": A,
    # ---------------------------------------------------- states
    "a is b": Is("a", ("b",), negated=False),
    "a is b|c": Is("a", ("b", "c"), negated=False),
    "a is b | c": Is("a", ("b", "c"), negated=False),
    "a is not b|c": Is("a", ("b", "c"), negated=True),
    "a is no": Is("a", ("no",), negated=False),
    "a is yes and b": And((Is("a", ("yes",), negated=False), B)),
    "a is not none": Is("a", ("none",), negated=True),
    "a is `in`": Is("a", ("in",), negated=False),
    "a is `not`|`or`": Is("a", ("not", "or"), negated=False),
    "a is 3|75%|2025-05-09": Is("a", ("3", "75%", "2025-05-09"), negated=False),
    "a is nothing": Is("a", ("nothing",), negated=False),
    "a is true|false|null|on": Is("a", ("true", "false", "null", "on"), negated=False),
    # ---------------------------------------------------- names
    "visit-moscow": Holds("visit-moscow"),
    "`visit moscow`": Holds("visit moscow"),
    "`X-ray` is `over 90`": Is("X-ray", ("over 90",), negated=False),
    "`a.b` and `or` and `(c`": And((Holds("a.b"), Holds("or"), Holds("(c"))),
    "`2025-05-09`": Holds("2025-05-09"),
    "day or month or android or notable or isotope": Or(
        (Holds("day"), Holds("month"), Holds("android"), Holds("notable"), Holds("isotope"))
    ),
    "été is дом": Is("été", ("дом",), negated=False),
    "a_1 or b2": Or((Holds("a_1"), Holds("b2"))),
    # ---------------------------------------------------- days and numbers
    "a by 2025-05-09": By("a", "2025-05-09"),
    "a by 2025-5-9": By("a", "2025-5-9"),
    "a in 2025-05-01..2025-05-09": In("a", "2025-05-01", "2025-05-09"),
    "a in 2025-05-01 .. 2025-05-09": In("a", "2025-05-01", "2025-05-09"),
    "a in 3..5": In("a", "3", "5"),
    "a in 0.5..1.5": In("a", "0.5", "1.5"),
    "a <= 3": Compare("a", "<=", "3"),
    "a>-2.5": Compare("a", ">", "-2.5"),
    "a < 20%": Compare("a", "<", "20%"),
    "a >= 3 and b": And((Compare("a", ">=", "3"), B)),
    # ---------------------------------------------------- comparisons
    "a before b": Before("a", "b"),
    "a before 2025-05-01": BeforeDay("a", "2025-05-01"),
    "a before `2025-05-01`": Before("a", "2025-05-01"),
    "not a before b and b": And((Not(Before("a", "b")), B)),
    "a within 30 days of b": Within("a", "30", "day", "b"),
    "`a b` within 1 week of `c`": Within("a b", "1", "week", "c"),
    "a within 2 months of b or b": Or((Within("a", "2", "month", "b"), B)),
    "at least 2 of a, b, c": AtLeast("2", (A, B, Holds("c"))),
    "at least 1 of a by 2025-05-01, (a and b), c is x|y or b": Or(
        (
            AtLeast("1", (By("a", "2025-05-01"), And((A, B)), Is("c", ("x", "y"), negated=False))),
            B,
        )
    ),
    "not at least 2 of a, b": Not(AtLeast("2", (A, B))),
    "a >= medium": Compare("a", ">=", "medium"),
    "a < `very high`": Compare("a", "<", "very high"),
    # ---------------------------------------------------- the rest
    "latest(a, b)": Latest(("a", "b")),
    "  a\tand\n  b ": And((A, B)),
    "earliest(a, b)": Earliest(("a", "b")),
    "earliest(a,b,`c d`)": Earliest(("a", "b", "c d")),
    "otherwise": Otherwise(),
    " otherwise ": Otherwise(),
}

REFUSED: list[tuple[str, str, str]] = [
    ("", "an expression is missing here", ""),
    (" \n ", "an expression is missing here", ""),
    ("a and", "`a and` ends too early", ""),
    ("a and (b or c", "a parenthesis is opened and never closed", "add the missing"),
    ("a is", "ends too early", ""),
    ("a is not", "ends too early", ""),
    ("a b", "`a b` cannot be read from `b` on", "`and`, `or`, `not`"),
    ("a) and b", "a parenthesis is closed that was never opened", "take out a"),
    ("doo.trip", "cannot be read from `.trip` on", "backquotes"),
    ("a `b", "cannot be read from ``b` on", ""),
    ("``", "cannot be read", ""),
    ("a and or", "`or` cannot stand here", "backquotes"),
    ("and", "`and` cannot stand here", "backquotes"),
    ("not and b", "`and` cannot stand here", "backquotes"),
    ("a is in", "`in` cannot stand here", "backquotes"),
    ("a is by|kim", "`by` cannot stand here", "backquotes"),
    ("within and b", "`within` cannot stand here", "backquotes"),
    ("a or otherwise", "`otherwise` cannot stand here", "it stands alone"),
    ("not otherwise", "`otherwise` cannot stand here", "it stands alone"),
    ("a is not not b", "`not` cannot stand here", "backquotes"),
    ("a in (b, c)", "write `a is b|c`", ""),
    ("a in [b, c] and d", "write `a is b|c`", ""),
    ("not (a in (b, c))", "write `a is b|c`", ""),
    ("a && b", "`&&` is not a word of conditions: write `and`", "a and b"),
    ("a&b", "`&` is not a word of conditions: write `and`", "a and b"),
    ("a || b", "`||` is not a word", "a or b"),
    ("a == b", "`==` is not a word", "a is b"),
    ("a=b", "`=` is not a word", "a is b"),
    ("a != b", "`!=` is not a word", "a is not b"),
    ("!a", "`!` is not a word", "not a"),
    ("a AND b", "`AND` is not a word", "a and b"),
    ("a OR b", "`OR` is not a word", "a or b"),
    ("NOT a", "`NOT` is not a word", "not a"),
    ("a by May", "`May` is no day here", "a by 2025-06-30"),
    ("a by 2025", "`2025` is no day here", "write `a by 2025-12-31`"),
    ("a in 3", "a number lies in a range, or is compared", "write `a in 3..3`"),
    ("a in 3..", "ends too early", ""),
    ("a <= b <= c", "cannot be read from `<= c` on", ""),
    ("a before", "`a before` ends too early", ""),
    ("a within 30 of b", "`within` takes a number of days", "a within 30 days of b"),
    ("a within a month of b", "`within` takes a number of days", "a within 30 days of b"),
    ("a after b", "`after` is no word of conditions", "write `b before a`"),
    ("at most 2 of a, b, c", "`at most` is no form", "write `not at least 3 of a, b, c`"),
    ("a within days of b", "`within` takes a number of days", ""),
    (
        "a within 30 days of 2025-05-01",
        "`within` compares two questions",
        "write `a in 2025-04-01..2025-05-31`",
    ),
    ("at least two of a, b", "a number is written in digits", "write `at least 2 of a, b`"),
    ("at least 2 of", "ends too early", ""),
    ("at least 2 of a, at least 1 of b, c", "`at` cannot stand here", "backquotes"),
    ("latest(a)", "compares two dates or more", "latest(a, ...)"),
    ("a >= by", "`by` cannot stand here", "backquotes"),
    ("3 <= a", "a comparison begins with the name of the question", "write `a >= 3`"),
    ("earliest(a)", "compares two dates or more", "earliest(a, ...)"),
    ("a between 2 and 5", "a range stands after `in`", "write `a in 2..5`"),
    ("a is 2..5", "a range stands after `in`", "write `a in 2..5`"),
    ("a in 2-5", "a range is written with two dots", "write `a in 2..5`"),
    (
        "a in 2025-05-01 to 2025-05-09",
        "a range is written with two dots",
        "write `a in 2025-05-01..2025-05-09`",
    ),
    ("a in x|y", "`in` takes a range; states stand after `is`", "write `a is x|y`"),
    ("a <= 2025-06-30", "days are not compared by signs", "write `a by 2025-06-30`"),
    ("a > 2025-06-30", "days are not compared by signs", "write `a and not a by 2025-06-30`"),
    ("a after 2025-06-30", "`after` is no word of conditions", "a and not a by 2025-06-30"),
    ("a until 2025-06-30", "`until` is no word of conditions", "write `a by 2025-06-30`"),
    ("a on 2025-06-30", "`on` is no word of conditions", "write `a in 2025-06-30..2025-06-30`"),
    ("a in May 2025", "`May 2025` is no day here", "write `a in 2025-05-01..2025-05-31`"),
    ("P(a) > 0.5", "`P(...)` is no form of conditions", "chances and sums cannot stand in it"),
    ("a; import os", "cannot be read from `; import os` on", ""),
    ("a and\u00a0b", "cannot be read", ""),
]


@pytest.mark.parametrize("text", READ, ids=str)
def test_conditions(text: str) -> None:
    assert parse(text).term == READ[text]
    assert parse(text).text == text
    assert parse(text).is_otherwise == (READ[text] == Otherwise())


@pytest.mark.parametrize(("text", "said", "fix"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_is_no_condition(text: str, said: str, fix: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert said in str(caught.value)
    assert fix in caught.value.fix
    expected = "not-yet-supported" if "not yet supported" in said else "expression"
    assert caught.value.code == expected


def test_names_come_in_order_and_once() -> None:
    assert parse("b and (a is x or not b) and earliest_of and c by 2025-01-01").names() == (
        "b",
        "a",
        "earliest_of",
        "c",
    )
    assert parse("earliest(b, a)").names() == ("b", "a")
    assert parse("otherwise").names() == ()


DEEP = {
    "parentheses": "(" * 10_000 + "a" + ")" * 10_000,
    "fewer parentheses": "(" * 4_000 + "a" + ")" * 4_000,
    "open parentheses": "(" * 9_999,
    "closing parentheses": "a" + ")" * 9_999,
    "not": "not " * 5_000 + "a",
    "fewer not": "not " * 2_000 + "a",
    "not (": "not (" * 1_500 + "a" + ")" * 1_500,
    "a(": "a(" * 4_000,
    "or (": "a or (" * 1_500 + "a" + ")" * 1_500,
    "long": "a or " * 1_000_000 + "a",
    "in (": "x" * 4_900 + " in (" + "y" * 4_900,
    "spaces": "a" + " " * 4_900 + "in" + " " * 4_900 + "b",
    "backquotes": "`" * 9_999,
    "digits": "a <= " + "9" * 9_000 + "x",
}


@pytest.mark.parametrize("name", DEEP)
def test_hostile_conditions_are_refused_soon(name: str) -> None:
    started = time.perf_counter()
    with pytest.raises(ExpressionError) as caught:
        parse(DEEP[name])
    assert time.perf_counter() - started < 1
    assert len(str(caught.value)) < 400


def test_deep_and_long_conditions_that_are_read() -> None:
    deep = "not (" * 19 + "a" + ")" * 19
    assert depth_of(parse(deep).term) == 20
    long = " or ".join(f"a{i}" for i in range(1_000))
    assert len(parse(long).names()) == 1_000


# ------------------------------------------------------------------- printed and read again

words = st.sampled_from(
    [*sorted(RESERVED), "a", "b-c", "day", "x1", "none", "yes", "2025-05-09", "7"]
)
names = words | st.text(
    st.characters(exclude_characters="`", exclude_categories=["Cs"]), min_size=1, max_size=8
)
days = st.dates().map(str)
numbers = (st.integers(-(10**6), 10**6) | st.decimals(-9, 9, places=2)).map(
    lambda n: format(Decimal(n), "f")
)
ranges = st.tuples(days, days) | st.tuples(numbers, numbers)
states = st.lists(names, min_size=1, max_size=3).map(tuple)
atoms: st.SearchStrategy[Term] = st.one_of(
    st.builds(Holds, names),
    st.builds(Is, names, states, st.booleans()),
    st.builds(By, names, days),
    st.builds(lambda name, pair: In(name, *pair), names, ranges),
    st.builds(Compare, names, st.sampled_from(["<", "<=", ">", ">="]), numbers),
)


def joined(terms: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    several = st.lists(terms, min_size=2, max_size=4).map(tuple)
    return st.builds(Not, terms) | st.builds(And, several) | st.builds(Or, several)


def printed(term: Term) -> str:
    """Write a term as a condition that is read as just this term."""
    match term:
        case Holds(name):
            return quoted(name)
        case Is(name, named, negated):
            return f"{quoted(name)} is {'not ' * negated}{'|'.join(map(quoted, named))}"
        case By(name, day):
            return f"{quoted(name)} by {day}"
        case In(name, low, high):
            return f"{quoted(name)} in {low}..{high}"
        case Compare(name, operator, value):
            return f"{quoted(name)} {operator} {value}"
        case Not(inner):
            return f"not {nested(inner)}"
        case And(terms):
            return " and ".join(map(nested, terms))
        case Or(terms):
            return " or ".join(map(nested, terms))
        case _:
            raise TypeError(term)


def nested(term: Term) -> str:
    return f"({printed(term)})" if isinstance(term, And | Or) else printed(term)


@settings(max_examples=300, deadline=None)
@given(st.recursive(atoms, joined, max_leaves=12))
def test_printed_terms_are_read_as_themselves(term: Term) -> None:
    assert parse(printed(term)).term == term


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(["a", "`b c`", "is", "not", "and", "or", "(", ")", "|", "by", "in", "2025-05-09", "3", "..", "<=", "otherwise", "earliest", ",", "before", "at", "least", "of"]), max_size=12).map(" ".join) | st.text(max_size=30))  # fmt: skip
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(ExpressionError):
        expression = parse(text)
        assert set(expression.names()) == {atom.name for atom in expression.atoms()}
