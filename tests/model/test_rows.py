"""One grammar of chance: cases, odds, shares, void; each value worked by hand."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from modelling import chance, network_of, outcomes, states
from scipy import stats
from scipy.special import expit, logit

from forecast.errors import InvalidFile
from forecast.model.distributions import Dirichlet

TWO = "questions:\n  a: {type: binary, prior: 30%}\n  b: {type: binary, prior: 60%}\n"


def test_cases_take_the_first_row_that_matches() -> None:
    """P(x) = P(a b) .9 + P(a not b) .5 + P(not a) .1 = .18 * .9 + .12 * .5 + .7 * .1."""
    rows = "{a and b: 90%, a: 50%, otherwise: 10%}"
    network = network_of(TWO + f"  x: {{type: binary, prior: {{cases: {rows}}}}}")
    assert states(network, "x")["yes"] == pytest.approx(0.18 * 0.9 + 0.12 * 0.5 + 0.07, rel=1e-14)


def test_cases_within_cases_and_within_odds() -> None:
    """a: .4; not a, b: odds of .2 times 3, that is 3/7; neither: .2."""
    rows = "{a: 40%, otherwise: {base: {cases: {b: 20%, otherwise: 20%}}, odds: {b: x3}}}"
    network = network_of(TWO + f"  x: {{type: binary, prior: {{cases: {rows}}}}}")
    expected = 0.3 * 0.4 + 0.7 * 0.6 * 3 / 7 + 0.7 * 0.4 * 0.2
    assert states(network, "x")["yes"] == pytest.approx(expected, rel=1e-14)


# ------------------------------------------------------------------------- odds


@given(st.floats(0.001, 0.999), st.floats(0.05, 20), st.floats(0.05, 20))
def test_all_multipliers_whose_conditions_hold_multiply(base: float, m: float, n: float) -> None:
    """logit P = logit base + sum of log MULT over the conditions that hold."""
    found = outcomes(ODDS, **{"own.p": base, "own.m": m, "own.n": n}).questions["x"][0, 0]
    expected = 0.0
    for (a, chance_a), (b, chance_b) in itertools.product(
        [(1, 0.3), (0, 0.7)], [(1, 0.6), (0, 0.4)]
    ):
        either = a or b
        shift = a * math.log(m) + either * math.log(n)
        expected += chance_a * chance_b * expit(logit(base) + shift)
    assert found == pytest.approx(expected, rel=1e-12)


ODDS = network_of(
    "judgements: {p: {read_as: even}, m: {read_as: x2 (1..4)}, n: {read_as: x2 (1..4)}}\n"
    + TWO
    + "  x: {type: binary, prior: {base: own.p, odds: {a: own.m, a or b: own.n}}}"
)


@pytest.mark.parametrize("base", [0.0, 1e-300, 1e-20, 1 - 1e-16, 1.0])
def test_a_base_at_the_very_end_stays_there(base: float) -> None:
    found = outcomes(ODDS, **{"own.p": base, "own.m": 7, "own.n": 0.3}).questions["x"][0, 0]
    assert 0 <= found <= 1
    assert found == pytest.approx(base, rel=0, abs=1e-15)


@pytest.mark.parametrize("certain", ["certain", "impossible"])
def test_what_is_certain_no_multiplier_moves(certain: str) -> None:
    network = network_of(
        TWO + f"  x: {{type: binary, prior: {{base: {certain}, odds: {{a: x5}}}}}}"
    )
    assert states(network, "x")["yes"] == (certain == "certain")


# ------------------------------------------------------------------------- shares


def test_shares_by_case_and_a_state_alone() -> None:
    network = network_of(
        TWO + "  x:\n    type: categorical\n    states: [u, v, w]\n    prior:\n      cases:\n"
        "        a: w\n        b: {shares: {u: 20%, v: 80%}}\n        otherwise: {shares: {u: 50%, v: 25%, w: 25%}}"
    )
    expected = {"u": 0.42 * 0.2 + 0.28 * 0.5, "v": 0.42 * 0.8 + 0.07, "w": 0.3 + 0.07}
    assert states(network, "x") == pytest.approx(expected, rel=1e-14)


def test_shares_that_are_uncertain() -> None:
    network = network_of(
        "questions: {x: {type: categorical, states: [u, v, w],"
        " prior: {shares: {u: 20%, v: 0%, w: 80%}, worth: 5}}}"
    )
    (name,) = network.parameters
    assert states(network, "x", **{name: [[0.3], [0.7]]}) == pytest.approx(
        {"u": 0.3, "v": 0, "w": 0.7}
    )


# ------------------------------------------------------------------------- void

VOID = (
    TWO + "  x: {type: binary, only_if: a, prior: 40%}\n"
    "  p: {type: categorical, states: [s, none], only_if: a, prior: {cases: {b: {shares: {s: 25%, none: 75%}}, a: s}}}\n"
    "  d: {type: date, only_if: a, occurs: 50%, timing: [evenly]}\n"
    "  n: {type: count, only_if: a, rate: {events: 1, in: 1 year}, cuts: [2]}\n"
)
P = 0.3  # that a holds, and nothing is void


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("x", P * 0.4),
        ("x is yes", P * 0.4),
        ("x is no", P * 0.6),
        ("x is not yes", P * 0.6),  # an atom: false in void
        ("not x", 1 - P * 0.4),  # its negation: true in void
        ("not (x is no)", 1 - P * 0.6),
        ("p is none", P * 0.6 * 0.75),
        ("p is not none", P * (0.6 * 0.25 + 0.4)),
        ("not (p is none)", 1 - P * 0.6 * 0.75),
        ("d", P * 0.5),
        ("not d", 1 - P * 0.5),
        ("d by 2025-12-31", P * 0.5),
        ("d in 2025-04-09..2025-12-31", P * 0.5),
        ("n >= 0", P),
        ("not (n >= 0)", 1 - P),
        ("x and d", P * 0.2),
        ("x or not x", 1),
    ],
)
def test_under_a_failed_only_if_every_atom_is_false(condition: str, expected: float) -> None:
    network = network_of(VOID + f"scenarios: {{s: {condition}, rest: otherwise}}")
    rate = "questions.n.rate"
    assert chance(network, **{rate: 1 / 365.25}) == pytest.approx(expected, rel=1e-12)


def test_void_is_a_state_of_its_own_and_rows_cover_only_the_rest() -> None:
    """`p` has no row for worlds without a: there it is void."""
    network = network_of(VOID)
    found = states(network, "p", **{"questions.n.rate": 0.01})
    assert found == pytest.approx({"s": P * 0.55, "none": P * 0.45, "void": 0.7}, rel=1e-12)
    assert network.nodes["d"].cells.states[-2:] == ("never", "void")
    with pytest.raises(InvalidFile, match="no row for"):
        network_of(TWO + "  x: {type: binary, only_if: a or b, prior: {cases: {a: 10%}}}")


def test_void_passes_on() -> None:
    """x lives only where a holds, y only where x does: P(y) = .3 * .4 * .5, void elsewhere."""
    network = network_of(
        TWO
        + "  x: {type: binary, only_if: a, prior: 40%}\n  y: {type: binary, only_if: x, prior: 50%}"
    )
    assert states(network, "y") == pytest.approx({"yes": 0.06, "no": 0.06, "void": 0.88})


# ------------------------------------------------------------------------- derived, names


def test_a_derived_question_is_its_condition() -> None:
    network = network_of(TWO + "  x: {type: binary, means: a and not b or b and not a}")
    assert states(network, "x")["yes"] == pytest.approx(0.3 * 0.4 + 0.7 * 0.6, rel=1e-14)
    assert network.nodes["x"].role == "derived"


@pytest.mark.parametrize("name", ["scenario", "gate 1", "scenario up to s", "void", "otherwise"])
def test_a_question_may_bear_any_name(name: str) -> None:
    network = network_of(
        f"questions:\n  {name}: {{type: binary, prior: 20%}}\n  b: {{type: binary, prior: 30%}}\n"
        f"scenarios: {{s: '`{name}` and b', t: b, rest: otherwise}}"
    )
    found = outcomes(network)
    np.testing.assert_allclose(found.scenarios[0], [0.06, 0.24, 0.7], rtol=1e-14)
    np.testing.assert_allclose(found.questions[name][0], [0.2, 0.8], rtol=1e-14)


# ------------------------------------------------------------------------- counts


@pytest.mark.parametrize("rate", [0.001, 0.02, 0.4])
@pytest.mark.parametrize(
    ("condition", "low", "high"),
    [
        ("n <= 3", 0, 3), ("n < 3", 0, 2), ("n > 3", 4, math.inf), ("n >= 3", 3, math.inf),
        ("n in 2..5", 2, 5), ("n >= 2.5", 3, math.inf), ("n < 2.5", 0, 2), ("n in 1.5..4.5", 2, 4),
        ("n <= 0", 0, 0), ("n > 0", 1, math.inf), ("n >= 0", 0, math.inf), ("n < 0", 0, -1),
    ],
)  # fmt: skip
def test_counts_are_poisson_over_the_window(
    rate: float, condition: str, low: float, high: float
) -> None:
    """9 April to 31 December 2025 are 267 days, both included."""
    network = network_of(
        "questions: {n: {type: count, rate: {events: 1, in: 1 month}, cuts: [1, 2, 3, 4, 5, 7]}}\n"
        f"scenarios: {{s: {condition}, rest: otherwise}}"
    )
    law = stats.poisson(267 * rate)
    expected = (law.cdf(high) if high < math.inf else 1) - law.cdf(low - 1)
    assert chance(network, **{"questions.n.rate": rate}) == pytest.approx(expected, abs=1e-13)


def test_cells_of_a_count() -> None:
    """Cut at `cuts` and wherever a condition tells numbers apart; the last is open."""
    network = network_of(
        "questions: {n: {type: count, rate: {events: 1, in: 1 month}, cuts: [4]}}\n"
        "scenarios: {s: n <= 1, t: n in 6..8, rest: otherwise}"
    )
    assert network.nodes["n"].cells.states == ("0..1", "2..3", "4..5", "6..8", "9 or more")


def test_a_count_whose_window_opened_earlier_counts_from_its_opening() -> None:
    """Nothing is known of the days before the as-of date, so they are not thought empty: 365 days."""
    network = network_of(
        "questions: {n: {type: count, window: 2025-01-01..2025-12-31, rate: {events: 1, in: 1 month}}}\n"
        "scenarios: {s: n <= 3, rest: otherwise}"
    )
    expected = stats.poisson(3.65).cdf(3)
    assert chance(network, **{"questions.n.rate": 0.01}) == pytest.approx(expected, rel=1e-12)


def test_counted_cases() -> None:
    """Dirichlet(w (n + 1/2)): 3, 0 and 9 cases at w = .5 are alpha = 1.75, .25, 4.75."""
    network = network_of(
        "questions:\n  x:\n    type: categorical\n    states: [u, v, w]\n"
        "    prior: {counts: {w: 9, u: 3, v: 0}, discount: 0.5}"
    )
    (parameter,) = network.parameters.values()
    assert isinstance(parameter.distribution, Dirichlet)
    alpha = dict(zip(parameter.components, parameter.distribution.alpha, strict=True))
    assert alpha == pytest.approx({"u": 1.75, "v": 0.25, "w": 4.75}, rel=1e-15)
    assert parameter.origin.words == "9 w, 3 u, 0 v, discount 0.5"
    drawn = states(network, "x", **{parameter.path: np.array([[0.6], [0.3], [0.1]])})
    assert drawn == pytest.approx({"u": 0.3, "v": 0.1, "w": 0.6}, rel=1e-12)


def test_a_condition_that_repeats_itself() -> None:
    """A gate for `a and b` stands among the parts of the condition whose first two parts it joins."""
    body = "questions:\n  a: {type: binary, prior: 30%}\n  b: {type: binary, prior: 40%}\n"
    for condition, expected in (
        ("a and b and (a and b)", 0.12),
        ("a and b and not (a and b)", 0.0),
        ("a or b or not (a or b)", 1.0),
    ):
        network = network_of(f"{body}scenarios: {{s: {condition}, rest: otherwise}}")
        assert chance(network) == pytest.approx(expected)
