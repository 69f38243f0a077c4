"""Counts and quantities: rates, amounts, clumps, hurdles, cells; each value worked by hand."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from modelling import AS_OF, chance, network_of, states
from scipy import stats
from scipy.special import expit
from solving import both_engines

from forecast.model.distributions import Dirichlet, Gamma, LogNormal
from forecast.model.network import Network

DAYS = 267.0
"""9 April to 31 December 2025, both included."""

MONTH = 30.4375


def number_of(question: str, *, before: str = "", scenario: str = "") -> Network:
    scenarios = f"a: {scenario}, b: otherwise" if scenario else "a: otherwise"
    return network_of(f"questions:\n{before}  n: {{{question}}}\nscenarios: {{{scenarios}}}")


# ------------------------------------------------------------------------- rates


def test_a_judged_rate_keeps_its_mean_and_width() -> None:
    """0.4 (0.2..0.7) a month: a Gamma with mean .4 whose q95 - q05 is .5, a day."""
    parameter = number_of("type: count, rate: 0.4 (0.2..0.7) a month").parameters[
        "questions.n.rate"
    ]
    gamma = parameter.distribution
    assert isinstance(gamma, Gamma)
    a_month = stats.gamma(gamma.shape, scale=MONTH / gamma.rate)
    assert a_month.mean() == pytest.approx(0.4, rel=1e-12)
    assert a_month.ppf(0.95) - a_month.ppf(0.05) == pytest.approx(0.5, rel=1e-9)
    assert gamma.shape > 1, "the more concentrated of the two"


def test_a_fixed_rate_is_a_poisson_number() -> None:
    """2 a month for 267 days: mu = 2 * 267 / 30.4375."""
    found = states(number_of("type: count, rate: 2 a month, cuts: [10, 20]"), "n")
    poisson = stats.poisson(2 * DAYS / MONTH)
    expected = [poisson.cdf(9), poisson.cdf(19) - poisson.cdf(9), poisson.sf(19)]
    assert list(found) == ["0..9", "10..19", "20 or more"]
    np.testing.assert_allclose(list(found.values()), expected, rtol=1e-12)


def test_all_multipliers_whose_conditions_hold_multiply_a_rate() -> None:
    """Base .01 a day; x2 where a (30 %), x3 where a or b (b: 60 %); N <= 1 wanted."""
    before = "  a: {type: binary, prior: 30%}\n  b: {type: binary, prior: 60%}\n"
    question = "type: count, rate: 0.01 a day, times: {a: x2, a or b: x3}"
    found = chance(number_of(question, before=before, scenario="n <= 1"))
    expected = 0.0
    for a, b in itertools.product([1, 0], [1, 0]):
        mu = 0.01 * DAYS * (2 if a else 1) * (3 if a or b else 1)
        expected += (0.3 if a else 0.7) * (0.6 if b else 0.4) * math.exp(-mu) * (1 + mu)
    assert found == pytest.approx(expected, rel=1e-12)


def test_rates_by_cases_and_times_within_them() -> None:
    """a: .02 a day; not a: .01 a day, twice that where b."""
    before = "  a: {type: binary, prior: 30%}\n  b: {type: binary, prior: 60%}\n"
    rows = "{a: 0.02 a day, otherwise: {base: 0.01 a day, times: {b: x2}}}"
    network = number_of(f"type: count, rate: {{cases: {rows}}}", before=before, scenario="n <= 0")
    expected = (0.3 + 0.7 * 0.6) * math.exp(-0.02 * DAYS) + 0.7 * 0.4 * math.exp(-0.01 * DAYS)
    assert chance(network) == pytest.approx(expected, rel=1e-12)


def test_the_first_event_may_have_a_rate_by_case() -> None:
    """P(never) = .3 exp(-.02 * 267) + .7 exp(-.01 * 267)."""
    network = network_of(
        "questions:\n  a: {type: binary, prior: 30%}\n"
        "  d: {type: date, rate: {cases: {a: 0.02 a day, otherwise: 0.01 a day}}}"
    )
    expected = 0.3 * math.exp(-0.02 * DAYS) + 0.7 * math.exp(-0.01 * DAYS)
    assert states(network, "d", 0)["never"] == pytest.approx(expected, rel=1e-12)


def test_a_stored_rate_is_one_parameter_wherever_it_is_used() -> None:
    network = network_of(
        "judgements: {pace: {read_as: 2 (1..4) a week}}\n"
        "questions:\n  n: {type: count, rate: own.pace}\n  m: {type: count, rate: own.pace}"
    )
    assert list(network.parameters) == ["own.pace"]


# ------------------------------------------------------------------------- clumps


def test_clumped_events_are_negative_binomial() -> None:
    """Mean mu, variance 3 mu: size mu / 2, chance 1 / 3."""
    network = number_of("type: count, rate: 0.02 a day, clumped: 3, cuts: [4, 12]")
    law = stats.nbinom(0.02 * DAYS / 2, 1 / 3)
    assert law.var() == pytest.approx(3 * law.mean(), rel=1e-12)
    expected = [law.cdf(3), law.cdf(11) - law.cdf(3), law.sf(11)]
    np.testing.assert_allclose(list(states(network, "n").values()), expected, rtol=1e-10)


def test_how_clumped_is_a_lognormal_above_one() -> None:
    """3 (1.5..6): the excess over 1 has median 2 and 90 % as wide as .5..5, a factor of 10."""
    network = number_of("type: count, rate: 0.02 a day, clumped: 3 (1.5..6)")
    excess = network.parameters["questions.n.clumped"].distribution
    assert isinstance(excess, LogNormal)
    assert math.exp(excess.mu) == pytest.approx(2, rel=1e-14)
    assert excess.sd == pytest.approx(math.log(10) / (2 * stats.norm.ppf(0.95)), rel=1e-14)


def test_hardly_clumped_events_are_poisson() -> None:
    """As variance / mean goes to 1; at 1 + e the masses differ by about e / 2 of themselves."""
    near = states(number_of("type: count, rate: 0.02 a day, clumped: 1.000001, cuts: [5]"), "n")
    poisson = states(number_of("type: count, rate: 0.02 a day, cuts: [5]"), "n")
    np.testing.assert_allclose(list(near.values()), list(poisson.values()), rtol=1e-5)


# ------------------------------------------------------------------------- amounts


def test_an_amount_is_lognormal_by_default() -> None:
    """1200 (350..3500): median 1200, sd of the logarithm ln(3500 / 350) / 3.29."""
    network = number_of("type: quantity, amount: 1200 (350..3500), cuts: [500, 1000]")
    sd = math.log(10) / (2 * stats.norm.ppf(0.95))
    curve = stats.lognorm(sd, scale=1200)
    found = states(network, "n")
    assert list(found) == ["below 500", "500..1000", "1000 or more"]
    expected = [curve.cdf(500), curve.cdf(1000) - curve.cdf(500), curve.sf(1000)]
    np.testing.assert_allclose(list(found.values()), expected, rtol=1e-10)
    assert not network.parameters, "one fixed curve"


def test_an_amount_with_bounds_on_both_sides_is_a_normal_cut_to_them() -> None:
    """(Phi((74 - 72) / sd) - Phi((68 - 72) / sd)) over the same from 68 to 75, sd = 12 / 3.29."""
    network = number_of("type: quantity, bounds: 68..75, amount: 72 (69..74.5), cuts: [74]")
    curve = stats.norm(72, 5.5 / (2 * stats.norm.ppf(0.95)))
    expected = (curve.cdf(74) - curve.cdf(68)) / (curve.cdf(75) - curve.cdf(68))
    assert states(network, "n")["below 74"] == pytest.approx(expected, rel=1e-12)


def test_a_multiplied_amount() -> None:
    """a (30 %) doubles it: P(N < 500) = .3 F(250) + .7 F(500)."""
    network = number_of(
        "type: quantity, amount: {base: 1200 (350..3500), times: {a: x2}}",
        before="  a: {type: binary, prior: 30%}\n",
        scenario="n < 500",
    )
    curve = stats.lognorm(math.log(10) / (2 * stats.norm.ppf(0.95)), scale=1200)
    expected = 0.3 * curve.cdf(250) + 0.7 * curve.cdf(500)
    assert chance(network) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("bounds", "amount", "scale"),
    [
        ("", "30 (10..90)", "log"),
        ("bounds: 0..200, ", "30 (10..90)", "plain"),
        ("bounds: -20..200, ", "{family: normal, amount: 30 (10..90)}", "plain"),
    ],
)
@settings(deadline=None, max_examples=25)
@given(st.floats(0.3, 3))
def test_an_uncertain_multiplier_is_the_fixed_one_of_each_draw(
    bounds: str, amount: str, scale: str, m: float
) -> None:
    """X = m B cut to the bounds, whatever the family."""
    question = f"type: quantity, {bounds}amount: {{base: {amount}, times: {{a: own.m}}}}"
    key = (bounds, amount)
    if key not in NETWORKS:
        NETWORKS[key] = network_of(
            "judgements: {m: {read_as: x1.5 (0.8..3)}}\nquestions:\n"
            f"  a: {{type: binary, prior: certain}}\n  n: {{{question}}}\n"
            "scenarios: {x: n < 40, y: otherwise}"
        )
    z = 2 * stats.norm.ppf(0.95)
    if scale == "log":
        curve = stats.lognorm(math.log(9) / z, scale=30 * m)
    else:
        curve = stats.norm(30 * m, 80 / z * m)
    low, high = (-20 if "-20" in bounds else 0), (200 if bounds else math.inf)
    expected = (curve.cdf(40) - curve.cdf(low)) / (curve.cdf(high) - curve.cdf(low))
    found = chance(NETWORKS[key], **{"own.m": m})
    assert found == pytest.approx(expected, rel=1e-9)


NETWORKS: dict[tuple[str, str], Network] = {}


@pytest.mark.parametrize(
    "amount",
    [
        "{family: student, amount: 30 (10..90)}",
        "{family: logstudent, amount: 30 (10..90)}",
        "{roulette: {0..20: 3, 20..40: 4, 40..100: 2}}",
        "{family: normal, amount: 30 (10..90)}",
    ],
)
def test_an_uncertain_multiplier_of_every_family_that_has_one(amount: str) -> None:
    """The fixed multiplier of each draw, which takes another way: the curve's own function."""
    body = (
        "judgements: {m: {read_as: x1.5 (0.8..3)}}\nquestions:\n"
        "  a: {type: binary, prior: certain}\n"
        f"  n: {{type: quantity, bounds: 0..200, amount: {{base: {amount}, times: {{a: %s}}}}, cuts: [15, 40, 90]}}\n"
    )
    uncertain = network_of(body % "own.m")
    for m in (0.4, 1.0, 2.7):
        fixed = network_of(body % f"x{m}" + "unused: {own.m: fixed here}")
        found, expected = states(uncertain, "n", **{"own.m": m}), states(fixed, "n")
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_both_engines_multiply_chips_and_students() -> None:
    body = (
        "questions:\n"
        "  n: {type: quantity, amount: {base: {roulette: {0..20: 3, 20..40: 4}}, times: {m: x2 (1..4)}}, cuts: [30]}\n"
        "  k: {type: quantity, amount: {base: {family: logstudent, amount: 30 (10..90)}, times: {m: x2 (1..4)}}, cuts: [30]}\n"
        "  m: {type: binary, prior: 60% (40..78)}\n"
    )
    network = network_of(body, given="n >= 30 and k < 30")
    values = {path: 0.55 + i for i, path in enumerate(network.parameters)}
    values["questions.m.prior"] = 0.4
    exact, tape = both_engines(network, values)
    assert exact == pytest.approx(tape, rel=1e-12)
    assert 0 < exact < 1


def test_a_count_is_an_amount_in_whole_numbers() -> None:
    """Number n stands for n +- 1/2: P(N <= 79) = F(79.5), here with F normal, cut to -.5..169.5."""
    network = number_of("type: count, bounds: 0..169, amount: 80 (70..90), cuts: [80]")
    curve = stats.norm(80, 20 / (2 * stats.norm.ppf(0.95)))
    whole = curve.cdf(169.5) - curve.cdf(-0.5)
    expected = (curve.cdf(79.5) - curve.cdf(-0.5)) / whole
    assert states(network, "n")["0..79"] == pytest.approx(expected, rel=1e-12)


def test_chips_are_even_within_their_bins() -> None:
    """2 chips in 0..10, 5 in 10..20, 1 in 20..40: P(N < 15) = 2/8 + 5/8 / 2."""
    roulette = "amount: {roulette: {0..10: 2, 10..20: 5, 20..40: 1}}"
    network = number_of(f"type: quantity, {roulette}", scenario="n < 15")
    assert chance(network) == pytest.approx(4.5 / 8, rel=1e-12)


def test_bins_of_counts_hold_both_ends() -> None:
    """2 chips in 0..3, 6 in 4..9: P(N <= 5) = 2/8 + 6/8 * 2/6."""
    roulette = "amount: {roulette: {0..3: 2, 4..9: 6}}"
    network = number_of(f"type: count, {roulette}", scenario="n <= 5")
    assert chance(network) == pytest.approx(0.5, rel=1e-12)


def test_worth_makes_the_cells_a_dirichlet() -> None:
    """alpha = 8 times the masses of the curve; the mean stays where it was."""
    network = number_of("type: quantity, amount: {amount: 72 (66..78), worth: 8}, cuts: [70, 75]")
    fixed = states(number_of("type: quantity, amount: 72 (66..78), cuts: [70, 75]"), "n")
    (parameter,) = network.parameters.values()
    assert isinstance(parameter.distribution, Dirichlet)
    np.testing.assert_allclose(
        parameter.distribution.alpha, [8 * p for p in fixed.values()], rtol=1e-12
    )
    assert parameter.components == ("below 70", "70..75", "75 or more")


# ------------------------------------------------------------------------- hurdles


def test_a_hurdle_of_events() -> None:
    """P(0) = .6; else Poisson given one at least: P(3 or more) = .4 P(N >= 3) / P(N >= 1)."""
    found = states(number_of("type: count, zero: 60%, rate: 0.01 a day, cuts: [3]"), "n")
    poisson = stats.poisson(0.01 * DAYS)
    assert list(found) == ["0", "1..2", "3 or more"]
    assert found["0"] == pytest.approx(0.6, rel=1e-14)
    assert found["3 or more"] == pytest.approx(0.4 * poisson.sf(2) / poisson.sf(0), rel=1e-12)
    assert sum(found.values()) == pytest.approx(1, rel=1e-14)


def test_a_hurdle_of_very_rare_events() -> None:
    """mu = 267e-12: one event, if any; P(2 or more | any) = mu / 2."""
    rare = 2.67e-10
    found = states(number_of("type: count, zero: 50%, rate: 0.000000000001 a day, cuts: [2]"), "n")
    assert found["1"] == pytest.approx(0.5, rel=1e-9)
    assert found["2 or more"] == pytest.approx(0.5 * rare / 2, rel=1e-6)


def test_a_hurdle_of_an_amount() -> None:
    """N > 0 with chance .7; P(N <= 0) = .3 and P(N < 0) = 0."""
    question = "type: quantity, zero: 30%, amount: 5 (2..30)"
    assert chance(number_of(question, scenario="n <= 0")) == pytest.approx(0.3, rel=1e-14)
    assert chance(number_of(question, scenario="n < 0")) == 0.0
    assert chance(number_of(question, scenario="n >= 0")) == 1.0
    assert chance(number_of(question, scenario="n > 0")) == pytest.approx(0.7, rel=1e-14)
    curve = stats.lognorm(math.log(15) / (2 * stats.norm.ppf(0.95)), scale=5)
    expected = 0.3 + 0.7 * curve.cdf(8)
    assert chance(number_of(question, scenario="n <= 8")) == pytest.approx(expected, rel=1e-12)


def test_a_hurdle_of_a_count_from_an_amount() -> None:
    """Above zero: normal cut below 1/2, in whole numbers; P(N <= 10) = .6 + .4 F(10.5)."""
    question = "type: count, bounds: 0..40, zero: 60%, amount: 12 (3..21)"
    curve = stats.norm(12, 18 / (2 * stats.norm.ppf(0.95)))
    whole = curve.cdf(40.5) - curve.cdf(0.5)
    expected = 0.6 + 0.4 * (curve.cdf(10.5) - curve.cdf(0.5)) / whole
    assert chance(number_of(question, scenario="n <= 10")) == pytest.approx(expected, rel=1e-12)


def test_the_chance_of_none_has_the_whole_grammar() -> None:
    before = "  a: {type: binary, prior: 30%}\n"
    question = "type: quantity, zero: {base: 20%, odds: {a: x4}}, amount: 5 (2..30)"
    found = chance(number_of(question, before=before, scenario="n <= 0"))
    expected = 0.3 * expit(math.log(0.25) + math.log(4)) + 0.7 * 0.2
    assert found == pytest.approx(expected, rel=1e-12)


def test_a_hurdle_whose_amount_is_worth_so_many_cases() -> None:
    """(1 - zero) times a Dirichlet over the cells above zero."""
    network = number_of(
        "type: quantity, zero: 25%, amount: {amount: 5 (2..30), worth: 6}, cuts: [8]"
    )
    found = states(network, "n", **{"questions.n.amount": [[0.4], [0.6]]})
    assert found == pytest.approx({"0": 0.25, "below 8": 0.3, "8 or more": 0.45})


# ------------------------------------------------------------------------- conditions and cells


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("n <= 1", stats.poisson(2).cdf(1)),
        ("n < 1", stats.poisson(2).cdf(0)),
        ("n >= 1", stats.poisson(2).sf(0)),
        ("n > 1", stats.poisson(2).sf(1)),
        ("n < 1.5", stats.poisson(2).cdf(1)),
        ("n in 2..4", stats.poisson(2).cdf(4) - stats.poisson(2).cdf(1)),
        ("not (n in 2..4)", 1 - stats.poisson(2).cdf(4) + stats.poisson(2).cdf(1)),
        ("n <= 1 and n >= 1", stats.poisson(2).pmf(1)),
    ],
)
def test_conditions_on_counts_are_closed_where_they_say_so(condition: str, expected: float) -> None:
    """Two events a window: 2 / 267 a day."""
    network = number_of(f"type: count, rate: {2 / DAYS:.17f} a day", scenario=condition)
    assert chance(network) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("sign", ["<=", "<"])
def test_a_quantity_is_never_exactly_a_number(sign: str) -> None:
    """Its ends carry no chance: a <= 74 and a < 74 are one event, a <= 74 and a >= 74 none."""
    question = "type: quantity, amount: 72 (66..78)"
    curve = stats.lognorm(math.log(78 / 66) / (2 * stats.norm.ppf(0.95)), scale=72)
    found = chance(number_of(question, scenario=f"n {sign} 74"))
    assert found == pytest.approx(curve.cdf(74), rel=1e-12)
    assert chance(number_of(question, scenario="n <= 74 and n >= 74")) == 0.0
    inside = chance(number_of(question, scenario="n in 70..74"))
    assert inside == pytest.approx(curve.cdf(74) - curve.cdf(70), rel=1e-12)


def test_a_number_as_a_parent() -> None:
    """P(x) = F(74) .2 + (1 - F(74)) .5 with odds 1/4 times 4."""
    network = network_of(
        "questions:\n  n: {type: quantity, amount: 72 (66..78)}\n"
        "  x: {type: binary, prior: {base: 20%, odds: {n > 74: x4}}}"
    )
    curve = stats.lognorm(math.log(78 / 66) / (2 * stats.norm.ppf(0.95)), scale=72)
    expected = curve.cdf(74) * 0.2 + curve.sf(74) * 0.5
    assert states(network, "x")["yes"] == pytest.approx(expected, rel=1e-12)


NUMBERS = {
    "rate": "type: count, rate: 0.02 a day",
    "clumped": "type: count, rate: 0.02 a day, clumped: 2.5",
    "hurdle": "type: count, zero: 30%, rate: 0.02 a day",
    "count": "type: count, bounds: 0..60, amount: 6 (2..14)",
    "quantity": "type: quantity, amount: 6 (2..14)",
    "bins": "type: quantity, amount: {roulette: {0..5: 3, 5..30: 4}}",
    "nothing": "type: quantity, zero: 20%, amount: {family: gamma, quantiles: {5%: 2, 95%: 14}}",
}


@pytest.mark.parametrize("kind", NUMBERS)
@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(1, 20), max_size=3), st.integers(1, 12))
def test_an_unused_cut_changes_no_answer(kind: str, cuts: list[int], at: int) -> None:
    body = "  x: {{type: binary, prior: {{cases: {{n <= {at}: 80%, otherwise: 30%}}}}}}\n"
    before = body.format(at=at)
    plain = number_of(NUMBERS[kind], before=before, scenario=f"x or n in 2..{at + 2}")
    cut = number_of(
        f"{NUMBERS[kind]}, cuts: {cuts}", before=before, scenario=f"x or n in 2..{at + 2}"
    )
    assert chance(cut) == pytest.approx(chance(plain), rel=1e-12)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(61, 89), max_size=4))
def test_an_unused_cut_only_splits_what_a_cell_is_worth(cuts: list[int]) -> None:
    """Dirichlet cells add up: the alphas of the parts of a cell sum to that of the whole."""
    network = number_of(
        f"type: quantity, amount: {{amount: 72 (66..78), worth: 8}}, cuts: {[70, *cuts]}"
    )
    (parameter,) = network.parameters.values()
    assert isinstance(parameter.distribution, Dirichlet)
    bounds = [bound for bound in network.nodes["n"].cells.bounds if bound is not None]
    below = sum(
        alpha
        for alpha, bound in zip(parameter.distribution.alpha, bounds, strict=True)
        if bound[1] <= 70
    )
    curve = stats.lognorm(math.log(78 / 66) / (2 * stats.norm.ppf(0.95)), scale=72)
    assert below == pytest.approx(8 * curve.cdf(70), rel=1e-9)


def test_a_void_number_satisfies_no_comparison() -> None:
    """only_if fails in 30 % of worlds: n >= 0 has .7, not (n >= 0) has .3."""
    before = "  a: {type: binary, prior: 70%}\n"
    for question in ("type: count, rate: 0.02 a day", "type: quantity, amount: 72 (66..78)"):
        here = f"{question}, only_if: a"
        holds = chance(number_of(here, before=before, scenario="n >= 0"))
        assert holds == pytest.approx(0.7, rel=1e-12)
        void = chance(number_of(here, before=before, scenario="not (n >= 0)"))
        assert void == pytest.approx(0.3, rel=1e-12)


def test_the_window_of_these_tests() -> None:
    assert (np.datetime64("2025-12-31") - np.datetime64(str(AS_OF))).astype(int) == DAYS
