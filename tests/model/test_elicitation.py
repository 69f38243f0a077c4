"""From what was said to a distribution; checked against scipy.stats and hand algebra."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from modelling import network_of, spec_of
from pydantic_core import PydanticCustomError
from scipy import stats

from forecast.errors import InvalidModel
from forecast.model.distributions import Beta, Dirichlet, Distribution, Gamma, LogNormal
from forecast.model.elicitation import (
    beta_of_band,
    beta_of_width,
    logit_mean,
    logit_sd,
    sharpened,
    widened,
)


def read(judgement: str, lexicon: str = "icd203") -> Distribution:
    """Return what a chance becomes when it stands as the prior of a question."""
    body = f"questions: {{x: {{type: binary, prior: {judgement}}}}}"
    network = network_of(body, lexicon=lexicon)
    (parameter,) = network.parameters.values()
    return parameter.distribution


def law(beta: Distribution) -> stats.rv_frozen:
    assert isinstance(beta, Beta)
    return stats.beta(beta.a, beta.b)


# ------------------------------------------------------------------------- numbers with a range


@pytest.mark.parametrize(
    ("text", "mean", "width"),
    [
        ("70% (55..85)", 0.7, 0.3),
        ("0.7 (0.55..0.85)", 0.7, 0.3),
        ("30% (10..60)", 0.3, 0.5),  # the range need not be central: its width counts
        ("1% (0.2..2.5)", 0.01, 0.023),
        ("99.5% (98..99.9)", 0.995, 0.019),
        ("50% (2..98)", 0.5, 0.96),
    ],
)
def test_p_is_the_mean_and_the_width_is_the_central_ninety(
    text: str, mean: float, width: float
) -> None:
    found = law(read(text))
    assert found.mean() == pytest.approx(mean, rel=1e-12)
    assert found.ppf(0.95) - found.ppf(0.05) == pytest.approx(width, rel=1e-9)


def test_of_two_solutions_the_more_concentrated_is_taken() -> None:
    """Mean 1 %: the width rises from 0 to 6.04 points near a + b = 7.7, and falls again."""
    found = beta_of_width(0.01, 0.05)
    total = found.a + found.b
    widths = [
        np.ptp(stats.beta(0.01 * n, 0.99 * n).ppf([0.05, 0.95]))
        for n in (0.5, 7.7, total, 2 * total)
    ]
    assert total > 7.7
    assert widths[0] < 0.05 < widths[1]
    assert widths[2] == pytest.approx(0.05, rel=1e-9)
    assert widths[3] < 0.05


def test_a_width_that_no_beta_has_is_refused() -> None:
    with pytest.raises(PydanticCustomError, match=r"no Beta with mean 1 % is 20 points wide"):
        beta_of_width(0.01, 0.2)
    with pytest.raises(InvalidModel, match=r"questions.x.prior: no Beta with mean 1 %"):
        read("1% (0.1..20)")


@given(st.floats(1e-4, 0.98), st.floats(0.02, 1))
def test_a_range_alone_is_its_two_quantiles(low: float, part: float) -> None:
    high = low + part * (0.9999 - low)
    if high - low < 1e-3:
        return
    found = law(beta_of_band(low, high))
    assert found.ppf(0.05) == pytest.approx(low, abs=1e-9)
    assert found.ppf(0.95) == pytest.approx(high, abs=1e-9)


@pytest.mark.parametrize("text", ["30..60%", "70..99%", "0.5..0.999"])
def test_a_range_alone_in_a_file(text: str) -> None:
    low, high = (float(end) / (100 if "%" in text else 1) for end in text.rstrip("%").split(".."))
    assert law(read(text)).ppf([0.05, 0.95]) == pytest.approx([low, high], abs=1e-9)


# ------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("phrase", "low", "high"),
    # LEXICONS.md: the directive's bands as central 90 %; the shipped shapes are rounded to 3 digits.
    [("likely", 0.55, 0.8), ("very unlikely", 0.05, 0.2), ("roughly even chance", 0.45, 0.55)],
)
def test_a_phrase_is_the_beta_of_its_lexicon(phrase: str, low: float, high: float) -> None:
    assert law(read(phrase)).ppf([0.05, 0.95]) == pytest.approx([low, high], abs=0.003)
    assert read("even") == read("roughly even chance")
    assert read("likely", "plain") == Beta(27, 11.6)


def test_a_span_of_phrases_is_an_equal_mixture() -> None:
    """Mean (m1 + m2) / 2; variance (v1 + v2) / 2 + ((m1 - m2) / 2)^2, matched by one Beta."""
    ends = law(Beta(11.7, 24.9)), law(Beta(135, 135))
    mean = sum(end.mean() for end in ends) / 2
    variance = sum(end.var() for end in ends) / 2 + (ends[0].mean() - ends[1].mean()) ** 2 / 4
    found = law(read("unlikely to even"))
    assert found.mean() == pytest.approx(mean, rel=1e-12)
    assert found.var() == pytest.approx(variance, rel=1e-12)


LEXICON = "lexicon: 1\nname: L\nsource: S\nphrases: {low: 20%, high: 60%}\n"


def test_a_span_of_phrases_without_a_width_of_their_own() -> None:
    """From 20 % to 60 %: mean .4, variance .2^2 = .04, so a + b = .4 * .6 / .04 - 1 = 5."""
    body = "questions: {x: {type: binary, prior: low to high}}"
    network = network_of(body, lexicon="l.yaml", files={"l.yaml": LEXICON})
    beta = network.parameters["questions.x.prior"].distribution
    assert isinstance(beta, Beta)
    assert (beta.a, beta.b) == pytest.approx((2, 3), rel=1e-12)


# ------------------------------------------------------------------------- base rates, rates, multipliers


@pytest.mark.parametrize(
    ("text", "a", "b"),
    [
        ("{successes: 3, of: 9}", 3.5, 6.5),  # Jeffreys: k + 1/2, n - k + 1/2
        ("{successes: 3, of: 9, discount: 0.7}", 0.7 * 3.5, 0.7 * 6.5),
        ("{successes: 0, of: 13, discount: 0.5}", 0.25, 6.75),
        ("{beta: [2.5, 4]}", 2.5, 4),
    ],
)
def test_base_rates(text: str, a: float, b: float) -> None:
    assert read(text) == Beta(pytest.approx(a), pytest.approx(b))


def test_rates_are_gammas_in_days() -> None:
    """9 events in 21 months, discount .8: Gamma(.8 * 9.5, .8 * 21 * 30.4375 days)."""
    body = (
        "questions: {x: {type: count, rate: {events: 9, in: 21 months, discount: 0.8}, cuts: [2]}}"
    )
    (parameter,) = network_of(body).parameters.values()
    assert parameter.distribution == Gamma(pytest.approx(7.6), pytest.approx(0.8 * 21 * 30.4375))


ODDS = "questions: {y: {type: binary, prior: 50%}, x: {type: binary, prior: {base: 20%, odds: {y: MULT}}}}"


def test_multipliers_have_their_median_and_the_width_of_their_range() -> None:
    """x3 (1.5..7): median 3; sd of the logarithm ln(7 / 1.5) / (2 * 1.6449)."""
    (parameter,) = network_of(ODDS.replace("MULT", "x3 (1.5..7)")).parameters.values()
    assert isinstance(parameter.distribution, LogNormal)
    assert parameter.distribution.mu == pytest.approx(math.log(3))
    spread = stats.norm(0, parameter.distribution.sd).ppf([0.05, 0.95])
    assert np.ptp(spread) == pytest.approx(math.log(7 / 1.5), rel=1e-9)


def test_shares_are_dirichlets_and_a_share_of_zero_stays_zero() -> None:
    body = (
        "questions: {x: {type: categorical, states: [a, b, c, d],"
        " prior: {shares: {a: 30%, b: 0%, c: 50%, d: 20%}, worth: 8}}}"
    )
    network = network_of(body)
    (parameter,) = network.parameters.values()
    assert parameter.components == ("a", "c", "d")
    assert parameter.distribution == Dirichlet(pytest.approx((2.4, 4.0, 1.6)))


# ------------------------------------------------------------------------- widen


@pytest.mark.parametrize("beta", [Beta(24.9, 11.7), Beta(4.5, 163), Beta(0.5, 3)])
@pytest.mark.parametrize("factor", [0.5, 1.5, 3])
def test_widening_multiplies_the_logit_sd_and_keeps_the_mean(beta: Beta, factor: float) -> None:
    """var logit p = psi1(a) + psi1(b), E logit p = psi(a) - psi(b): checked by 10^6 draws as well."""
    found = widened(beta, factor)
    assert found.mean == pytest.approx(beta.mean, rel=1e-12)
    assert logit_sd(found) == pytest.approx(factor * logit_sd(beta), rel=1e-9)


def test_logit_moments_of_a_beta() -> None:
    p = stats.beta(4.5, 2).rvs(10**6, random_state=1)
    logit = np.log(p) - np.log1p(-p)
    assert logit_mean(Beta(4.5, 2)) == pytest.approx(logit.mean(), abs=5 * logit.std() / 1000)
    assert logit_sd(Beta(4.5, 2)) == pytest.approx(logit.std(), rel=0.01)


def test_widen_in_a_file() -> None:
    assert read("{read_as: likely, widen: 2}") == widened(Beta(24.9, 11.7), 2)
    assert read("{read_as: {read_as: likely, widen: 2}, widen: 1.5}") == widened(
        Beta(24.9, 11.7), 3
    )
    body = "judgements: {m: {read_as: x3 (1.5..7), widen: 2}}\n" + ODDS.replace("MULT", "own.m")
    (parameter,) = network_of(body).parameters.values()
    assert parameter.distribution == LogNormal(
        pytest.approx(math.log(3)), pytest.approx(2 * math.log(7 / 1.5) / 3.2897072539)
    )


# ------------------------------------------------------------------------- one id, one parameter


def test_a_reference_is_the_same_number_everywhere_and_a_phrase_a_new_one() -> None:
    network = network_of(
        "judgements: {j: {read_as: likely}}\nquestions:\n"
        "  x: {type: binary, prior: own.j}\n  y: {type: binary, prior: {cases: {x: own.j, otherwise: likely}}}\n"
        "  z: {type: binary, prior: likely}"
    )
    assert list(network.parameters) == [
        "own.j",
        "questions.y.prior.cases.otherwise",
        "questions.z.prior",
    ]


def test_one_number_has_one_width() -> None:
    spec = spec_of(
        "judgements: {j: {read_as: likely}}\nquestions:\n"
        "  x: {type: binary, prior: own.j}\n  y: {type: binary, prior: {read_as: own.j, widen: 2}}"
    )
    from forecast.model.build import build

    with pytest.raises(InvalidModel, match=r"`own\.j` is one random number"):
        build(spec)


@given(a=st.floats(0.3, 200), b=st.floats(0.3, 200), sharpness=st.floats(0.2, 4))
def test_a_sharpened_beta_has_its_logit_multiplied(a: float, b: float, sharpness: float) -> None:
    """And the complement of a sharpened claim is the sharpened complement."""
    beta = sharpened(Beta(a, b), sharpness)
    assert logit_mean(beta) == pytest.approx(sharpness * logit_mean(Beta(a, b)), rel=1e-6, abs=1e-9)
    assert logit_sd(beta) == pytest.approx(sharpness * logit_sd(Beta(a, b)), rel=1e-6)
    other = sharpened(Beta(b, a), sharpness)
    assert (other.a, other.b) == pytest.approx((beta.b, beta.a), rel=1e-6)
