"""In which order dates come, cell by cell: against enumeration of all days, and by hand."""

from __future__ import annotations

from collections.abc import Mapping

import daily
import numpy as np
import pytest
from daily import Law, Said, World, iso
from dating import CAUSES, Written, conditions, dates, joined, solved
from hypothesis import given, settings
from hypothesis import strategies as st
from modelling import network_of, outcomes
from solving import both_engines

from forecast.errors import InvalidFile
from forecast.model import day_by_day, granularity
from forecast.model.comparison import order_of
from forecast.model.network import Network

assert day_by_day  # what it refuses is not what is tried here

THREE = ("a", "b", "c")


def everywhere(said: Said, names: tuple[str, ...]) -> Said:
    """Return a condition that compares all dates, and means the same."""
    pairs = [f"{one} before {other}" for one in names for other in names if one < other]
    always = " and ".join(f"({pair} or not ({pair}))" for pair in pairs)
    return Said(f"({said.text}) and {always}", said.holds)


def in_order(questions: Mapping[str, Written], said: Said, **frame: str) -> Network:
    """Return a network that holds the order of its dates, however short their windows are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(granularity, "MOST_PAIRS", 0)
        network = joined(questions, everywhere(said, tuple(questions)[:3]), **frame)
    assert order_of("abc") in network.nodes
    assert not any(name.startswith("`days") for name in network.nodes)
    return network


@settings(max_examples=40, deadline=None)
@given(dates(), dates(), dates(), conditions(THREE, lags=False))
def test_three_dates_and_all_their_days(a: Written, b: Written, c: Written, said: Said) -> None:
    laws = {**CAUSES, "a": a.law, "b": b.law, "c": c.law}
    network = in_order({"a": a, "b": b, "c": c}, said)
    assert solved(network) == pytest.approx(daily.chance_of(laws, said.holds), rel=1e-10, abs=1e-12)


@settings(max_examples=20, deadline=None)
@given(dates(), dates(), dates(), conditions(THREE, lags=False), st.integers(1, 6))
def test_what_was_not_seen_to_happen_conditions(
    a: Written, b: Written, c: Written, said: Said, seen: int
) -> None:
    laws = {**CAUSES, "a": a.law, "b": b.law, "c": c.law}

    def quiet(world: World) -> bool:
        return not any(daily.by(world, name, seen) for name in THREE)

    if daily.chance_of(laws, quiet) < 1e-9:
        return
    questions = {"a": a, "b": b, "c": c}
    network = in_order(questions, said, observed_through=iso(seen), on=iso(seen))
    expected = daily.chance_of(laws, said.holds, quiet)
    assert solved(network) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@settings(max_examples=15, deadline=None)
@given(dates(), dates(), dates(), conditions((*THREE, "m"), lags=False))
def test_the_first_of_two_compared_with_all(a: Written, b: Written, c: Written, said: Said) -> None:
    """m is the earliest of a and b; what compares it with c compares both with c."""
    laws: dict[str, Law] = {
        **CAUSES, "a": a.law, "b": b.law, "c": c.law,
        "m": lambda w: {daily.earliest(w, "a", "b"): 1.0},
    }  # fmt: skip
    whole = Written(
        f"{{type: date, window: {iso(1)}..{iso(20)}, means: 'earliest(a, b)'}}", lambda _: {}
    )
    network = in_order({"a": a, "b": b, "c": c, "m": whole}, said)
    assert solved(network) == pytest.approx(daily.chance_of(laws, said.holds), rel=1e-10, abs=1e-12)


@settings(max_examples=15, deadline=None)
@given(dates(), dates(), conditions(THREE, lags=False))
def test_a_date_may_be_the_cause_of_another(a: Written, b: Written, said: Said) -> None:
    """c: 75 % in the first eight days if a happens by the fourth, else 30 % (odds 3 and 3 / 7)."""
    laws: dict[str, Law] = {
        **CAUSES, "a": a.law, "b": b.law,
        "c": lambda w: daily.happening(0.75 if daily.by(w, "a", 4) else 0.3, daily.evenly(1, 8)),
    }  # fmt: skip
    c = Written(
        f"{{type: date, by: {iso(8)}, occurs: {{base: 30%, odds: {{a by {iso(4)}: x7}}}}, "
        "timing: [evenly]}",
        lambda _: {},
    )
    network = in_order({"a": a, "b": b, "c": c}, said)
    assert solved(network) == pytest.approx(daily.chance_of(laws, said.holds), rel=1e-10, abs=1e-12)


# ------------------------------------------------------------------------- long windows

LONG = "questions:\n" + "".join(
    f"  {name}: {{type: date, occurs: {{read_as: own.p}}, timing: [constant]}}\n" for name in "abcd"
)
HEAD = "judgements: {p: {read_as: 60% (40..78)}}\n"


def test_which_of_three_comes_first_in_most_of_a_year() -> None:
    """267 days, each with the hazard x = (1 - p)^(1 / 267) of lasting one day more.

    P(a alone is first) = sum over days of (x^(d-1) - x^d) x^d x^d, a geometric series.
    """
    network = network_of(
        HEAD + LONG + "scenarios: {a: a before b and a before c, b: b before a and b before c,"
        " c: c before a and c before b, together: a or b or c, none: otherwise}"
    )
    assert max(node.cpd.index.size for node in network.nodes.values()) < 1000
    p = 0.55
    found = outcomes(network, **{"own.p": p}).scenarios[0]
    x = (1 - p) ** (1 / 267)
    first = (1 / x - 1) * x**3 * (1 - x ** (3 * 267)) / (1 - x**3)
    none = (1 - p) ** 3
    np.testing.assert_allclose(found, [*[first] * 3, 1 - 3 * first - none, none], rtol=1e-9)


def test_all_orders_of_four() -> None:
    """Alike and independent: each of the 24 strict orders of four that all happen is as likely.

    Evenly over T days, P(four different days in a given order) = C(T, 4) / T^4.
    """
    days, p = 100, 0.6
    body = "questions:\n" + "".join(
        f"  {name}: {{type: date, by: {iso(days)}, occurs: 60%, timing: [evenly]}}\n"
        for name in "abcd"
    )
    pairs = "a before b and b before c and c before d"
    found = outcomes(
        network_of(body + f"scenarios: {{s: d and {pairs}, t: not d and {pairs}, rest: otherwise}}")
    ).scenarios[0]
    four = p**4 * (days * (days - 1) * (days - 2) * (days - 3) / 24) / days**4
    three = p**3 * (1 - p) * (days * (days - 1) * (days - 2) / 6) / days**3
    np.testing.assert_allclose(found[:2], [four, three], rtol=1e-11)


def test_both_engines_tell_the_order() -> None:
    """Given that a came first of three, with a timing that is mixed: P(evidence) by both."""
    body = HEAD + LONG.replace(
        "[constant]", f"[{{between: {iso(10)}..{iso(20)}, share: 30% (15..48)}}, constant]"
    )
    network = network_of(
        body + "scenarios: {s: b before c, rest: otherwise}",
        given="a before b and a before c",
        horizon=iso(40),
    )
    values = {path: 0.4 + 0.05 * i for i, path in enumerate(network.parameters)}
    exact, tape = both_engines(network, values)
    assert exact == pytest.approx(tape, rel=1e-11)
    assert 0.2 < exact < 0.4


def test_too_many_cells_are_refused_by_their_number() -> None:
    """Five dates have 541 orders: 3 cells each make 541 x 243 entries."""
    body = LONG + "  e: {type: date, occurs: 60%, timing: [evenly], report_by: [2025-06-30]}\n"
    with pytest.raises(InvalidFile, match="their order in all of their cells has 131,463 entries"):
        network_of(
            HEAD
            + body
            + "scenarios: {s: a before b and b before c and c before d and d before e, rest: otherwise}"
        )


def test_a_date_that_hangs_on_how_the_others_compare_is_told_by_the_day() -> None:
    """c needs to know which of a and b came first, and is compared with both: refused when long."""
    body = (
        HEAD
        + LONG
        + (
            "  x: {type: date, occurs: {cases: {a before b: 60%, otherwise: 20%}}, timing: [evenly]}\n"
            "scenarios: {s: x before a, t: x before b, rest: otherwise}"
        )
    )
    with pytest.raises(InvalidFile, match="hang together day by day: 267 x 267 days are too many"):
        network_of(body)
