"""Counts by date and quantiles of what is expected, each held against hand algebra."""

from __future__ import annotations

import math

import numpy as np
import pytest
from modelling import summary_of
from scipy import stats

from forecast.summary.contract import QuestionResult

T, EARLY = 267.0, 83.0
"""9 April to 31 December; to 30 June."""

MU = 0.02


def number(question: str, more: str = "", scenario: str = "", **frame: str) -> QuestionResult:
    """Report a number; a scenario's conditions are what cuts it."""
    scenarios = f"\nscenarios: {{a: {scenario}, b: otherwise}}" if scenario else ""
    body = f"questions:\n  n: {{{question}}}\n{more}{scenarios}"
    return summary_of(body, **frame).questions["n"]


def chances(result: QuestionResult, day: str) -> dict[str, float]:
    assert result.at_least is not None
    return {cut: chance.probability for cut, chance in result.at_least[day].items()}


BY = "cuts: [1, 3], report_by: [2025-06-30, 2025-12-31]"


def test_a_part_of_the_window_is_a_thinner_poisson() -> None:
    result = number(f"type: count, rate: {MU} a day, {BY}")
    early, whole = stats.poisson(MU * EARLY), stats.poisson(MU * T)
    assert chances(result, "2025-06-30") == pytest.approx({"1": early.sf(0), "3": early.sf(2)})
    assert chances(result, "2025-12-31") == pytest.approx({"1": whole.sf(0), "3": whole.sf(2)})


def test_a_part_of_the_window_of_clumped_events() -> None:
    """Size in proportion to the days, the same chance: independent stretches of days."""
    result = number(f"type: count, rate: {MU} a day, clumped: 3, {BY}")
    early = stats.nbinom(MU * EARLY / 2, 1 / 3)
    assert chances(result, "2025-06-30") == pytest.approx({"1": early.sf(0), "3": early.sf(2)})


def test_a_part_of_the_window_with_a_hurdle() -> None:
    """Some at all with chance .4; given some, P(k or more early) = P(early >= k) / P(N >= 1)."""
    result = number(f"type: count, zero: 60%, rate: {MU} a day, {BY}")
    early, some = stats.poisson(MU * EARLY), stats.poisson(MU * T).sf(0)
    expected = {"1": 0.4 * early.sf(0) / some, "3": 0.4 * early.sf(2) / some}
    assert chances(result, "2025-06-30") == pytest.approx(expected)


def test_what_is_known_of_the_whole_tells_of_the_part() -> None:
    """Given N <= 2, each event is early with chance t / T: binomial thinning, summed by hand."""
    report = "evidence: [{id: e, text: t, source: s, date: 2025-04-01, observed: n <= 2}]"
    question = f"type: count, rate: {MU} a day, cuts: [1], report_by: [2025-06-30]"
    result = number(question, report)
    whole = stats.poisson(MU * T)
    joint = sum(whole.pmf(n) * (1 - (1 - EARLY / T) ** n) for n in range(3))
    assert chances(result, "2025-06-30")["1"] == pytest.approx(joint / whole.cdf(2), rel=1e-9)


def test_rates_that_differ_by_world() -> None:
    """.3 of the rate doubled: and N <= 2 makes the doubled rate less likely."""
    more = (
        "  a: {type: binary, prior: 30%}\n"
        "evidence: [{id: e, text: t, source: s, date: 2025-04-01, observed: n <= 2}]"
    )
    question = (
        f"type: count, rate: {MU} a day, times: {{a: x2}}, cuts: [1], report_by: [2025-06-30]"
    )
    found = chances(number(question, more), "2025-06-30")["1"]
    above = below = 0.0
    for weight, m in ((0.3, 2), (0.7, 1)):
        whole = stats.poisson(m * MU * T)
        below += weight * whole.cdf(2)
        above += weight * sum(whole.pmf(n) * (1 - (1 - EARLY / T) ** n) for n in range(3))
    assert found == pytest.approx(above / below, rel=1e-9)


SO_FAR = "evidence: [{id: e, text: t, source: s, date: 2025-04-09, so_far: {n: 3}}]"
OPEN = "type: count, window: 2025-03-01..2025-06-08, cuts: [2, 5], "


def test_counts_by_date_go_on_from_the_count_so_far() -> None:
    """3 in 40 days; by 19 May, 40 days later, 5 or more with P(Poisson(40 mu) >= 2)."""
    question = f"{OPEN}rate: 0.05 a day, report_by: [2025-05-19, 2025-06-08]"
    result = number(question, SO_FAR, as_of="2025-04-09")
    found = chances(result, "2025-05-19")
    assert found["2"] == pytest.approx(1.0)
    assert found["5"] == pytest.approx(stats.poisson(0.05 * 40).sf(1), rel=1e-9)
    assert chances(result, "2025-06-08")["5"] == pytest.approx(stats.poisson(3).sf(1), rel=1e-9)


def test_counts_by_a_date_before_the_count_so_far() -> None:
    """Of 3 events in 40 days each falls in the first 10 with chance 1/4: P(2 or more) = 10/64."""
    question = f"{OPEN}rate: 0.05 a day, report_by: [2025-03-10]"
    found = chances(number(question, SO_FAR, as_of="2025-04-09"), "2025-03-10")
    assert found["2"] == pytest.approx(10 / 64, rel=1e-9)
    assert found["5"] == pytest.approx(0.0, abs=1e-12)


# ------------------------------------------------------------------------- quantiles


def quantiles(result: QuestionResult) -> list[float]:
    assert result.quantiles is not None
    assert list(result.quantiles) == ["0.05", "0.25", "0.5", "0.75", "0.95"]
    return list(result.quantiles.values())


LEVELS = np.array([0.05, 0.25, 0.5, 0.75, 0.95])


@pytest.mark.parametrize("cuts", ["[]", "[1, 4, 9]"])
def test_quantiles_of_events_of_a_known_rate(cuts: str) -> None:
    """Whatever the cells, they are those of the Poisson distribution."""
    result = number(f"type: count, rate: {MU} a day, cuts: {cuts}")
    assert quantiles(result) == stats.poisson(MU * T).ppf(LEVELS).tolist()


def test_quantiles_of_events_of_a_judged_rate_are_negative_binomial() -> None:
    """Gamma(1.5, 60 days) over 267 days; each within one of the exact, at 1,000 draws."""
    result = number("type: count, rate: {events: 1, in: 60 days}, cuts: [3]")
    exact = stats.nbinom(1.5, 60 / (60 + T)).ppf(LEVELS)
    assert np.abs(np.array(quantiles(result)) - exact).max() <= 1


@pytest.mark.parametrize("cuts", ["[]", "[500, 2000]"])
def test_quantiles_of_an_amount(cuts: str) -> None:
    result = number(f"type: quantity, amount: 1200 (350..3500), cuts: {cuts}")
    sd = math.log(10) / (2 * stats.norm.ppf(0.95))
    np.testing.assert_allclose(
        quantiles(result), stats.lognorm(sd, scale=1200).ppf(LEVELS), rtol=1e-5
    )


def test_quantiles_of_an_unbounded_amount() -> None:
    result = number("type: quantity, amount: -3 (-8..2)")
    exact = stats.norm(-3, 10 / (2 * stats.norm.ppf(0.95))).ppf(LEVELS)
    np.testing.assert_allclose(quantiles(result), exact, atol=1e-5)


def test_quantiles_of_a_hurdle() -> None:
    """Nothing with chance .3: the quantile p > .3 is that of the curve at (p - .3) / .7."""
    result = number("type: quantity, zero: 30%, amount: 5 (2..30), cuts: [8]")
    curve = stats.lognorm(math.log(15) / (2 * stats.norm.ppf(0.95)), scale=5)
    exact = [0.0, 0.0, *(curve.ppf((p - 0.3) / 0.7) for p in (0.5, 0.75, 0.95))]
    np.testing.assert_allclose(quantiles(result), exact, rtol=1e-5, atol=1e-9)


def test_quantiles_know_what_the_evidence_says_within_a_cell() -> None:
    """3 so far: 3 + Poisson(3), though the cell from 2 to 4 holds numbers below 3."""
    result = number(f"{OPEN}rate: 0.05 a day", SO_FAR, as_of="2025-04-09")
    assert quantiles(result) == (3 + stats.poisson(3).ppf(LEVELS)).tolist()


def test_quantiles_mix_the_worlds() -> None:
    """a (30 %) doubles the amount; x (in one cell) tells of a and so of the amount within it."""
    more = (
        "  a: {type: binary, prior: 30%}\n"
        "evidence: [{id: e, text: t, source: s, date: 2025-04-01, observed: a}]"
    )
    question = "type: quantity, amount: {base: 1200 (350..3500), times: {a: x2}}, cuts: [1000]"
    sd = math.log(10) / (2 * stats.norm.ppf(0.95))
    exact = stats.lognorm(sd, scale=2400).ppf(LEVELS)
    np.testing.assert_allclose(quantiles(number(question, more)), exact, rtol=1e-5)


def test_quantiles_are_those_of_a_question_that_is_not_void() -> None:
    more = "  a: {type: binary, prior: 40%}\n"
    result = number("type: quantity, amount: 1200 (350..3500), only_if: a", more)
    sd = math.log(10) / (2 * stats.norm.ppf(0.95))
    np.testing.assert_allclose(
        quantiles(result), stats.lognorm(sd, scale=1200).ppf(LEVELS), rtol=1e-5
    )


def test_other_questions_have_none() -> None:
    body = "questions: {a: {type: binary, prior: 40%}}"
    assert summary_of(body).questions["a"].quantiles is None
