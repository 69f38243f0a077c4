"""``average:`` in odds: the base is solved for each draw, so that the chance averages to it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from modelling import chance, network_of, outcomes, states
from scipy.optimize import brentq
from scipy.special import expit, logit
from solving import both_engines

from forecast.errors import InvalidModel

TWO = "questions:\n  a: {type: binary, prior: 30%}\n  b: {type: binary, prior: {cases: {a: 80%, otherwise: 20%}}}\n"


def test_the_average_is_what_was_said() -> None:
    """Whatever the multipliers: P(x) = 40 %, though a and b hang together."""
    body = TWO + "  x: {type: binary, prior: {average: 40%, odds: {a: x5, b: x0.3, a and b: x2}}}"
    assert states(network_of(body), "x")["yes"] == pytest.approx(0.4, rel=1e-12)


def test_the_base_by_hand() -> None:
    """P(a) = 1/2, multiplier 4, average 1/2: o / (1 + o) + 4 o / (1 + 4 o) = 1 at o = 1/2."""
    body = "questions:\n  a: {type: binary, prior: 50%}\n  x: {type: binary, prior: {average: 50%, odds: {a: x4}}}"
    assert states(network_of(body, given="not a"), "x")["yes"] == pytest.approx(1 / 3, rel=1e-12)
    assert states(network_of(body, given="a"), "x")["yes"] == pytest.approx(2 / 3, rel=1e-12)


@given(
    st.floats(1e-6, 1 - 1e-6),
    st.lists(st.floats(1e-3, 1e3), min_size=2, max_size=2),
    st.floats(0.01, 0.99),
)
def test_solved_anew_for_each_draw(p: float, m: list[float], a: float) -> None:
    """The root by bisection, for any average, multipliers and chance of the condition."""
    values = {"own.p": p, "own.m": m[0], "own.n": m[1], "questions.a.prior": a}
    found = outcomes(OPEN, **values).questions
    weights = np.array([a * 0.8, a * 0.2, (1 - a) * 0.2, (1 - a) * 0.8])
    logs = np.log([m[0] * m[1], m[0], m[1], 1.0])
    root = brentq(lambda base: weights @ expit(base + logs) - p, -60, 60, xtol=1e-13)
    assert found["x"][0, 0] == pytest.approx(p, rel=1e-9)
    both = outcomes(OPEN_GIVEN, **values).questions["x"][0, 0]
    assert both == pytest.approx(expit(root + logs[0]), rel=1e-7)


_OPEN = (
    "judgements: {p: {read_as: even}, m: {read_as: x2 (1..4)}, n: {read_as: x2 (1..4)}}\n"
    + TWO.replace("30%", "30% (10..50)")
    + "  x: {type: binary, prior: {average: own.p, odds: {a: own.m, b: own.n}}}"
)
OPEN, OPEN_GIVEN = network_of(_OPEN), network_of(_OPEN, given="a and b")


def test_both_engines() -> None:
    values = {"own.p": 0.35, "own.m": 4.0, "own.n": 0.2, "questions.a.prior": 0.4}
    weights = np.array([0.4 * 0.8, 0.4 * 0.2, 0.6 * 0.2, 0.6 * 0.8])
    logs = np.log([4 * 0.2, 4, 0.2, 1.0])
    root = brentq(lambda base: weights @ expit(base + logs) - 0.35, -20, 20, xtol=1e-14)
    expected = 0.4 * 0.8 * expit(root + logs[0]) / 1.0
    network = network_of(
        _OPEN.replace("questions:", "scenarios: {s: x, rest: otherwise}\nquestions:"),
        given="x and a and b",
    )
    assert both_engines(network, values) == pytest.approx((expected, expected), rel=1e-9)


def test_over_the_worlds_of_its_row_and_only_where_it_means_anything() -> None:
    """In the row `a` the average is over b given a: .8 and .2."""
    rows = "{a: {average: 40%, odds: {b: x3}}, otherwise: 1%}"
    body = TWO + f"  x: {{type: binary, prior: {{cases: {rows}}}}}"
    assert states(network_of(body, given="a"), "x")["yes"] == pytest.approx(0.4, rel=1e-12)
    void = TWO + "  x: {type: binary, only_if: a, prior: {average: 40%, odds: {b: x3}}}"
    assert states(network_of(void), "x")["yes"] == pytest.approx(0.3 * 0.4, rel=1e-12)


def test_of_dates_and_of_latents_above() -> None:
    body = """\
latents:
  cause: {prior: 25%}
questions:
  d: {type: date, occurs: {cases: {cause: 60%, otherwise: 20%}}, timing: [evenly]}
  x: {type: binary, prior: {average: 30%, odds: {d by 2025-06-30: x6, cause: x2}}}
scenarios: {happens: x, rest: otherwise}
"""
    assert chance(network_of(body)) == pytest.approx(0.3, rel=1e-12)


@pytest.mark.parametrize("average", ["impossible", "certain"])
def test_what_is_certain_stays(average: str) -> None:
    body = TWO + f"  x: {{type: binary, prior: {{average: {average}, odds: {{a: x5}}}}}}"
    assert states(network_of(body), "x")["yes"] == (average == "certain")


def test_too_much_above_is_refused() -> None:
    roots = "".join(f"  r{i}: {{type: binary, prior: 50%}}\n" for i in range(13))
    whole = " and ".join(f"r{i}" for i in range(13))
    body = f"questions:\n{roots}  m: {{type: binary, means: {whole}}}\n  x: {{type: binary, prior: {{average: 30%, odds: {{m: x3}}}}}}"
    with pytest.raises(InvalidModel, match="more than 4,096 combinations"):
        network_of(body)


def test_the_logit_is_that_of_the_odds_form() -> None:
    """Given the solved base, everything is as with `base:`."""
    solved = network_of(
        TWO + "  x: {type: binary, prior: {average: 40%, odds: {a: x5}}}", given="not a"
    )
    base = states(solved, "x")["yes"]
    stated = network_of(
        TWO + f"  x: {{type: binary, prior: {{base: {base:.17f}, odds: {{a: x5}}}}}}"
    )
    assert states(stated, "x")["yes"] == pytest.approx(0.4, rel=1e-12)
    raised = network_of(
        TWO + "  x: {type: binary, prior: {average: 40%, odds: {a: x5}}}", given="a"
    )
    assert logit(states(raised, "x")["yes"]) - logit(base) == pytest.approx(math.log(5), rel=1e-9)
