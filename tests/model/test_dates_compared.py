"""Dates compared with dates: exact to the day, against enumeration of all days and hand algebra."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import daily
import numpy as np
import pytest
from daily import Law, Said, World, iso
from dating import CAUSES, Written, conditions, dates, joined, solved
from hypothesis import given, settings
from hypothesis import strategies as st
from modelling import chance, network_of, outcomes

from forecast.errors import InvalidFile
from forecast.inference.exact import ExactNetwork
from forecast.model.network import Network

REL = 1e-12


def agrees(
    network: Network,
    laws: Mapping[str, Law],
    said: Said,
    known: Callable[[World], bool] = lambda _: True,
) -> None:
    expected = daily.chance_of(laws, said.holds, known)
    assert chance(network) == pytest.approx(expected, rel=1e-11, abs=1e-13), said.text


# ------------------------------------------------------------------------- two dates, by hand

TWO = """\
questions:
  a: {type: date, window: 2025-04-09..2025-04-12, occurs: 60%, timing: [evenly]}
  b: {type: date, window: 2025-04-11..2025-04-20, occurs: 50%, timing: [evenly]}
"""


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        # a on days 1 to 4 (15 % each), b on days 3 to 12 (5 % each), neither is never.
        ("a before b", 0.6 * 0.5 + 0.3 * 0.5 + 0.15 * 0.05 * (9 + 8)),
        ("b before a", 0.5 * 0.4 + 0.15 * 0.05 * 1),
        ("a within 0 days of b", 2 * 0.15 * 0.05),
        ("a within 2 days of b", 0.15 * 0.05 * (1 + 2 + 3 + 4)),
        ("b within 2 days of a", 0.15 * 0.05 * (1 + 2 + 3 + 4)),
        ("a within 1 week of b", 0.15 * 0.05 * (6 + 7 + 8 + 9)),
        ("a within 1 month of b", 0.3),
        ("not (a before b)", 1 - (0.6 * 0.5 + 0.3 * 0.5 + 0.15 * 0.05 * 17)),
        ("a before b and a by 2025-04-10", 0.3),
        ("a before 2025-04-11", 0.3),
        ("not (a before 2025-04-11)", 0.7),
        ("a before 2025-04-09", 0.0),
        ("at least 2 of a, b", 0.3),
        ("at least 1 of a by 2025-04-10, b", 0.3 + 0.7 * 0.5),
    ],
)  # fmt: skip
def test_two_dates(condition: str, expected: float) -> None:
    network = network_of(
        TWO + f"scenarios: {{s: {condition!r}, rest: otherwise}}".replace("'", '"')
    )
    assert chance(network) == pytest.approx(expected, rel=REL, abs=1e-15)


def test_never_is_last_and_void_is_neither_first_nor_last() -> None:
    """b is void half the time: `a before b` and `b before a` are both false then, their denials true.

    a .6; b .5 (void) or else .3 each day 1: with a on day 2: b before a .5 * .6 * .3.
    """
    body = (
        "questions:\n"
        "  g: {type: binary, prior: 50%}\n"
        "  a: {type: date, window: 2025-04-10..2025-04-10, occurs: 60%, timing: [evenly]}\n"
        "  b: {type: date, only_if: g, window: 2025-04-09..2025-04-09, occurs: 30%, timing: [evenly]}\n"
        "scenarios: {first: a before b, second: b before a, neither: not (a before b) and not (b before a), rest: otherwise}"
    )
    found = outcomes(network_of(body)).scenarios[0]
    second = 0.5 * 0.3
    np.testing.assert_allclose(
        found, [0.5 * 0.7 * 0.6, second, 0.5 + 0.5 * 0.7 * 0.4, 0.0], rtol=REL, atol=1e-15
    )


# ------------------------------------------------------------------------- against enumeration

A, B, C = "a", "b", "c"


@settings(max_examples=40, deadline=None)
@given(dates(), dates(actor="a"), conditions((A, B)))
def test_two_dates_and_all_their_days(a: Written, b: Written, said: Said) -> None:
    laws = {**CAUSES, "a": a.law, "b": b.law}
    network = joined({"a": a, "b": b}, said)
    assert solved(network) == pytest.approx(daily.chance_of(laws, said.holds), rel=1e-10, abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(dates(), dates(actor="a"), dates(), conditions((A, B, C)))
def test_three_dates_and_all_their_days(a: Written, b: Written, c: Written, said: Said) -> None:
    laws = {**CAUSES, "a": a.law, "b": b.law, "c": c.law}
    network = joined({"a": a, "b": b, "c": c}, said)
    assert solved(network) == pytest.approx(daily.chance_of(laws, said.holds), rel=1e-10, abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(dates(), dates(actor="a"), conditions((A, B)), st.integers(1, 6))
def test_what_was_not_seen_to_happen_conditions(
    a: Written, b: Written, said: Said, seen: int
) -> None:
    """Up to `seen` neither has happened: P(s | no a and no b by then)."""
    laws = {**CAUSES, "a": a.law, "b": b.law}

    def quiet(world: World) -> bool:
        return not any(daily.by(world, name, seen) for name in ("a", "b"))

    if daily.chance_of(laws, quiet) < 1e-9:
        return
    network = joined({"a": a, "b": b}, said, observed_through=iso(seen), on=iso(seen))
    expected = daily.chance_of(laws, said.holds, quiet)
    assert solved(network) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(dates(), dates(), dates(), st.sampled_from(["earliest", "latest"]), conditions(("m", C)))
def test_the_first_or_last_of_two_compared_with_a_third(
    a: Written, b: Written, c: Written, word: str, said: Said
) -> None:
    """m is the earliest or the latest of a and b, over all the days of both."""
    extreme = daily.earliest if word == "earliest" else daily.latest
    laws = {
        **CAUSES, "a": a.law, "b": b.law, "c": c.law,
        "m": lambda w: {extreme(w, "a", "b"): 1.0},
    }  # fmt: skip
    whole = Written(
        f"{{type: date, window: {iso(1)}..{iso(20)}, means: '{word}(a, b)'}}", lambda _: {}
    )
    network = joined({"a": a, "b": b, "c": c, "m": whole}, said)
    assert solved(network) == pytest.approx(daily.chance_of(laws, said.holds), rel=1e-10, abs=1e-12)


@settings(max_examples=15, deadline=None)
@given(dates(), dates(), st.sampled_from(["earliest", "latest"]), conditions(("m", A)))
def test_the_first_or_last_of_two_compared_with_one_of_them(
    a: Written, b: Written, word: str, said: Said
) -> None:
    extreme = daily.earliest if word == "earliest" else daily.latest
    laws = {**CAUSES, "a": a.law, "b": b.law, "m": lambda w: {extreme(w, "a", "b"): 1.0}}
    whole = Written(
        f"{{type: date, window: {iso(1)}..{iso(20)}, means: '{word}(a, b)'}}", lambda _: {}
    )
    network = joined({"a": a, "b": b, "m": whole}, said)
    assert solved(network) == pytest.approx(daily.chance_of(laws, said.holds), rel=1e-10, abs=1e-12)


@settings(max_examples=15, deadline=None)
@given(dates(), dates(), conditions((A, B)), conditions((A, B)))
def test_a_cause_may_be_which_of_two_came_first(
    a: Written, b: Written, row: Said, said: Said
) -> None:
    """x: 80 % where a condition on the days of a and b holds, else 10 %."""
    laws = {
        **CAUSES, "a": a.law, "b": b.law,
        "x": lambda w: {True: 0.8, False: 0.2} if row.holds(w) else {True: 0.1, False: 0.9},
    }  # fmt: skip
    text = f'{{type: binary, prior: {{base: 10%, odds: {{"{row.text}": x36}}}}}}'  # odds 1/9 and 4
    both = Said(f"x and ({said.text})", lambda w: w["x"] and said.holds(w))
    network = joined({"a": a, "b": b, "x": Written(text, lambda _: {})}, both)
    assert solved(network) == pytest.approx(daily.chance_of(laws, both.holds), rel=1e-10, abs=1e-12)


# ------------------------------------------------------------------------- statements and reports


def test_a_statement_about_which_comes_first() -> None:
    """What is implied, before and after two days of silence, is what enumeration says."""
    body = TWO.replace("04-11..2025-04-20", "04-09..2025-04-20") + (
        "statements:\n"
        '  - {of: "a before b", says: 60% (40..78)}\n'
        '  - {of: b, given: "a before b", says: 60% (40..78)}\n'
    )
    network = network_of(body, observed_through="2025-04-10", on="2025-04-10")
    laws: dict[str, Law] = {
        "a": lambda _: daily.happening(0.6, daily.evenly(1, 4)),
        "b": lambda _: daily.happening(0.5, daily.evenly(1, 12)),
    }

    def first(world: World) -> bool:
        return daily.before(world, "a", "b")

    _, implied = ExactNetwork(network).weights({})
    # What an expert knew is the file's own day: nothing had been silent then.
    expected = [
        daily.chance_of(laws, first),
        daily.chance_of(laws, lambda w: daily.happens(w, "b"), first),
    ]
    np.testing.assert_allclose(implied[0], expected, rtol=1e-11)


def test_a_report_of_which_came_first() -> None:
    """Graded: P(report | s) = r [a before b] + (1 - r) / 2; and a is no longer silent, b still is."""
    body = TWO.replace("04-11..2025-04-20", "04-09..2025-04-20") + (
        "evidence:\n"
        '  - {id: e, date: 2025-04-10, text: t, source: s, grade: B2, observed: "a before b"}\n'
        "scenarios: {s: a by 2025-04-10, rest: otherwise}"
    )
    network = network_of(body, observed_through="2025-04-10", on="2025-04-10")
    assert [name for name, _ in network.views[1].silent] == ["b"]
    r = 0.9 * 0.9
    laws: dict[str, Law] = {
        "a": lambda _: daily.happening(0.6, daily.evenly(1, 4)),
        "b": lambda _: daily.happening(0.5, daily.evenly(1, 12)),
        "told": lambda w: {True: (p := r * daily.before(w, "a", "b") + (1 - r) / 2), False: 1 - p},
    }
    expected = daily.chance_of(
        laws, lambda w: daily.by(w, "a", 2), lambda w: w["told"] and not daily.by(w, "b", 2)
    )
    assert chance(network) == pytest.approx(expected, rel=1e-11)


# ------------------------------------------------------------------------- what follows a date


def test_a_rate_follows_a_date_from_its_day_on() -> None:
    """Until a the rate is r, from a's day on 3 r; P(b by day 10) by hand over the days of a."""
    rate, p = 0.05, 0.6
    body = (
        "judgements: {pace: {read_as: {events: 3, in: 20 days}}}\nquestions:\n"
        "  a: {type: date, window: 2025-04-09..2025-04-13, occurs: 60%, timing: [evenly]}\n"
        "  b: {type: date, window: 2025-04-09..2025-04-18, rate: own.pace, times: {a: x3}}\n"
        "scenarios: {s: b by 2025-04-10, t: b, rest: otherwise}"
    )
    found = outcomes(network_of(body), **{"own.pace": rate}).scenarios[0]
    by_2 = (1 - p) * -np.expm1(-2 * rate) + sum(
        p / 5 * -np.expm1(-rate * (2 + 2 * max(0, 3 - day))) for day in range(1, 6)
    )
    by_10 = (1 - p) * -np.expm1(-10 * rate) + sum(
        p / 5 * -np.expm1(-rate * (10 + 2 * (11 - day))) for day in range(1, 6)
    )
    np.testing.assert_allclose(found, [by_2, by_10 - by_2, 1 - by_10], rtol=1e-12)


@given(st.floats(1.0, 20.0))
@settings(max_examples=10, deadline=None)
def test_what_follows_a_date_never_changes_the_days_before_it(factor: float) -> None:
    """P(b by 10 April, a later than that) has no trace of the multiplier."""
    body = (
        "judgements: {m: {read_as: x3 (1..9)}}\nquestions:\n"
        "  a: {type: date, window: 2025-04-11..2025-04-20, occurs: 60%, timing: [evenly]}\n"
        "  b: {type: date, window: 2025-04-09..2025-04-20, rate: {events: 3, in: 20 days}, times: {a: own.m}}\n"
        "scenarios: {s: b by 2025-04-10, rest: otherwise}"
    )
    network = network_of(body)
    values = {"questions.b.rate": 0.07, "own.m": factor}
    assert chance(network, **values) == pytest.approx(-np.expm1(-2 * 0.07), rel=1e-12)


# ------------------------------------------------------------------------- sizes


LONG = "questions:\n" + "".join(
    f"  {name}: {{type: date, occurs: 60%, timing: [constant]}}\n" for name in "abc"
)


def test_windows_of_most_of_a_year_make_no_table_of_days_by_days() -> None:
    """267 days each: the largest table has the days of one date only, not 267 x 267 entries."""
    network = network_of(
        LONG + "scenarios: {s: a before b, t: a within 30 days of c, rest: otherwise}"
    )
    largest = max(node.cpd.index.size for node in network.nodes.values())
    assert largest < 268 * 20
    laws: dict[str, Law] = {
        name: lambda _: daily.happening(0.6, daily.constant(1, 267, 0.6)) for name in "ab"
    }
    expected = daily.chance_of(laws, lambda w: daily.before(w, "a", "b"))
    assert chance(network) == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("scenarios: {s: a within 9 days of b, t: b before c, u: c before a, rest: otherwise}", "267 x 267 days are too many"),
        ("  d: {type: date, rate: {events: 3, in: 20 days}, times: {a: x2, b: x3}}\nscenarios: {s: d, rest: otherwise}", "`a` and `b` hang together"),
        ("  d: {type: date, rate: {events: 3, in: 20 days}, times: {a: x2}}\n  e: {type: date, rate: {events: 3, in: 20 days}, times: {d: x2}}\nscenarios: {s: e, rest: otherwise}", "`a` and `d` hang together"),
        ("  m: {type: date, means: 'earliest(a, b)'}\n  d: {type: date, rate: {events: 3, in: 20 days}, times: {m: x2}}\nscenarios: {s: d, rest: otherwise}", "`m` is made up of other dates"),
        ("  d: {type: date, rate: {events: 3, in: 20 days}, times: {a before b: x2}}\nscenarios: {s: d, rest: otherwise}", "known only once both are over"),
    ],
)  # fmt: skip
def test_what_is_too_large_is_refused(more: str, said: str) -> None:
    with pytest.raises(InvalidFile, match=said):
        network_of(LONG + more)
