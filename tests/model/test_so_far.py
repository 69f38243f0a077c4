"""Counts so far: Gamma-Poisson by hand, floors, clumps, hurdles, grades, and who knew them when."""

from __future__ import annotations

import math

import numpy as np
import pytest
from modelling import network_of, outcomes, posterior_of, spec_of, states, summary_of
from scipy import stats

import forecast
from forecast.errors import InvalidModel
from forecast.inference.exact import ExactNetwork
from forecast.model.network import Network


def counted(
    question: str, *reports: str, scenario: str = "n >= 5", on: str | None = None
) -> Network:
    """Return a count over the 100 days from 1 March, as of the fortieth of them, 9 April."""
    items = "\n".join(f"  - {{text: t, source: s, {report}}}" for report in reports)
    return network_of(
        f"questions:\n  n: {{window: 2025-03-01..2025-06-08, {question}}}\n"
        f"evidence:\n{items}\nscenarios: {{a: {scenario}, b: otherwise}}",
        as_of="2025-04-09",
        on=on,
    )


THREE = "id: e, date: 2025-04-09, so_far: {n: 3}"


def test_what_has_been_counted_is_the_least_there_will_be() -> None:
    """Given the rate: N = 3 + Poisson(rate * 60), whatever the rate was thought to be."""
    network = counted("type: count, rate: 0.05 a day, cuts: [3, 5]", THREE)
    left = stats.poisson(0.05 * 60)
    expected = [0.0, left.cdf(1), left.sf(1)]
    np.testing.assert_allclose(list(states(network, "n").values()), expected, rtol=1e-12)


def test_the_count_so_far_updates_the_rate() -> None:
    """Gamma(a, b) a day, 3 in 40 days: Gamma(a + 3, b + 40), so that the rest is negative binomial.

    P(N >= 5) = P(rest >= 2), rest ~ NegativeBinomial(a + 3, (b + 40) / (b + 40 + 60)); and
    P(report) = NegativeBinomial(a, b / (b + 40)) at 3.
    """
    network = counted("type: count, rate: {events: 9, in: 90 days, discount: 0.8}", THREE)
    a, b = 0.8 * 9.5, 0.8 * 90
    posterior = posterior_of(network)
    reported = float(posterior.final.weights @ posterior.final.scenarios[:, 0])
    rest = stats.nbinom(a + 3, (b + 40) / (b + 100))
    spread = np.sqrt(
        np.sum((posterior.final.weights * (posterior.final.scenarios[:, 0] - reported)) ** 2)
    )
    assert abs(reported - rest.sf(1)) < 4 * spread
    evidence = stats.nbinom(a, b / (b + 40)).pmf(3)
    assert posterior.log_evidence == pytest.approx(math.log(evidence), abs=0.02)


def test_for_each_rate_the_likelihood_is_that_of_the_elapsed_days() -> None:
    """P(report, N >= 5 | rate) = Poisson(3; 40 rate) P(rest >= 2; 60 rate)."""
    network = network_of(
        "judgements: {pace: {read_as: 0.05 (0.02..0.1) a day}}\n"
        "questions:\n  n: {type: count, window: 2025-03-01..2025-06-08, rate: own.pace}\n"
        "evidence: [{id: e, text: t, source: s, date: 2025-04-09, so_far: {n: 3}}]\n"
        "scenarios: {a: n >= 5, b: otherwise}",
        as_of="2025-04-09",
    )
    rate = np.array([0.001, 0.03, 0.4])
    log_evidence, _ = ExactNetwork(network).weights({"own.pace": rate})
    np.testing.assert_allclose(np.exp(log_evidence), stats.poisson(40 * rate).pmf(3), rtol=1e-9)
    found = outcomes(network, **{"own.pace": rate}).scenarios[:, 0]
    np.testing.assert_allclose(found, stats.poisson(60 * rate).sf(1), rtol=1e-8)


def test_clumped_counts_so_far() -> None:
    """Size r = mean / 2 on each stretch of days: independent negative binomials."""
    network = counted("type: count, rate: 0.05 a day, clumped: 3, cuts: [5]", THREE)
    rest = stats.nbinom(0.05 * 60 / 2, 1 / 3)
    assert states(network, "n")["5 or more"] == pytest.approx(rest.sf(1), rel=1e-9)


@pytest.mark.parametrize(("number", "zero"), [(0, 0.3), (2, 0.3)])
def test_a_hurdle_so_far(number: int, zero: float) -> None:
    """None so far: none at all (.3), or some (.7, given one at least in 100 days) still to come."""
    report = f"id: e, date: 2025-04-09, so_far: {{n: {number}}}"
    network = counted(f"type: count, zero: {zero}, rate: 0.02 a day", report, scenario="n >= 3")
    early, late, whole = (stats.poisson(0.02 * days) for days in (40, 60, 100))
    some = (1 - zero) / whole.sf(0) * early.pmf(number)
    if number:
        expected = {"0": 0.0, "3 or more": late.sf(0)}
    else:
        total = zero + some * late.sf(0)
        expected = {"0": zero / total, "3 or more": some * late.sf(2) / total}
    found = states(network, "n")
    assert found["0"] == pytest.approx(expected["0"], rel=1e-10)
    assert found["3 or more"] == pytest.approx(expected["3 or more"], rel=1e-10)


def test_an_amount_knows_no_days_so_the_count_is_only_a_floor() -> None:
    """P(N <= 9 | N >= 3) of a Normal cut to -1/2 .. 60.5."""
    network = counted("type: count, bounds: 0..60, amount: 8 (2..14), cuts: [10]", THREE)
    curve = stats.norm(8, 12 / (2 * stats.norm.ppf(0.95)))
    expected = (curve.cdf(9.5) - curve.cdf(2.5)) / (curve.cdf(60.5) - curve.cdf(2.5))
    found = states(network, "n")
    assert found["10..60"] == pytest.approx(1 - expected, rel=1e-10)


def test_the_latest_count_stands_for_those_before_it() -> None:
    """At a constant rate, when they came tells nothing beyond how many."""
    early = "id: d, date: 2025-03-20, so_far: {n: 1}"
    both = counted("type: count, rate: 0.05 a day", early, THREE)
    alone = counted("type: count, rate: 0.05 a day", THREE)
    assert states(both, "n") == states(alone, "n")
    assert both.views[1].reports == ("e",)


def test_the_days_that_count_end_with_the_report_not_with_the_as_of_date() -> None:
    """Counted up to 20 March and known on 9 April: 20 days have passed, 80 are left."""
    report = "id: e, date: 2025-03-20, known: 2025-04-09, so_far: {n: 3}"
    network = counted("type: count, rate: 0.05 a day, cuts: [5]", report)
    assert states(network, "n")["5 or more"] == pytest.approx(stats.poisson(4).sf(1), rel=1e-12)


def test_what_is_known_later_does_not_count_yet() -> None:
    late = "id: e, date: 2025-03-20, known: 2025-04-05, so_far: {n: 3}"
    early = "id: d, date: 2025-03-10, so_far: {n: 1}"
    then = counted("type: count, rate: 0.05 a day, cuts: [5]", early, late, on="2025-04-04")
    assert then.views[1].reports == ("d",)
    assert states(then, "n")["5 or more"] == pytest.approx(stats.poisson(4.5).sf(3), rel=1e-12)


def test_a_window_that_is_over_is_counted_whole() -> None:
    network = network_of(
        "questions:\n  n: {type: count, window: 2025-02-01..2025-03-31, rate: 0.1 a day, cuts: [3, 4]}\n"
        "evidence: [{id: e, text: t, source: s, date: 2025-04-09, so_far: {n: 3}}]",
        as_of="2025-04-09",
    )
    assert states(network, "n")["3"] == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize("grade", ["A1", "B2", "C4"])
def test_a_grade_attenuates_it(grade: str) -> None:
    """r P(3 in 40 days) P(rest >= 2) + (1 - r) P(N >= 5) / 8, over the same for all N.

    A report that tells nothing says any of 0 .. 7 = 2 * 3 + 1.
    """
    network = counted("type: count, rate: 0.05 a day, cuts: [5]", f"{THREE}, grade: {grade}")
    letters, digits = {"A": 0.98, "B": 0.9, "C": 0.75}, {"1": 0.99, "2": 0.9, "4": 0.4}
    r = letters[grade[0]] * digits[grade[1]]
    early, late, whole = (stats.poisson(0.05 * days) for days in (40, 60, 100))
    both = r * early.pmf(3) * late.sf(1) + (1 - r) * whole.sf(4) / 8
    expected = both / (r * early.pmf(3) + (1 - r) / 8)
    assert states(network, "n")["5 or more"] == pytest.approx(expected, rel=1e-10)


def test_more_than_there_can_be_is_impossible() -> None:
    network = counted(
        "type: count, bounds: 0..9, amount: 4 (1..8)", "id: e, date: 2025-04-09, so_far: {n: 12}"
    )
    with pytest.raises(InvalidModel, match="12 of `n` so far"):
        forecast.infer(network)


def test_a_question_that_depends_on_the_count_learns_from_it() -> None:
    """x is likelier where five or more come: .8 against .2."""
    network = network_of(
        "questions:\n  n: {type: count, window: 2025-03-01..2025-06-08, rate: 0.05 a day}\n"
        "  x: {type: binary, prior: {cases: {n >= 5: 80%, otherwise: 20%}}}\n"
        "evidence: [{id: e, text: t, source: s, date: 2025-04-09, so_far: {n: 3}}]",
        as_of="2025-04-09",
    )
    p = stats.poisson(3).sf(1)
    assert states(network, "x")["yes"] == pytest.approx(0.8 * p + 0.2 * (1 - p), rel=1e-12)


def test_a_superseded_count_is_listed_with_the_reason() -> None:
    summary = summary_of(
        "questions:\n  n: {type: count, window: 2025-03-01..2025-06-08, rate: 0.05 (0.02..0.1) a day}\n"
        "evidence:\n  - {id: d, text: t, source: s, date: 2025-03-20, so_far: {n: 1}}\n"
        "  - {id: e, text: t, source: s, date: 2025-04-09, so_far: {n: 3}}",
        as_of="2025-04-09",
    )
    assert summary.evidence.used == ("e",)
    assert [(i.id, i.why) for i in summary.evidence.ignored] == [
        ("d", "a later count stands for it")
    ]


def test_counts_never_fall() -> None:
    with pytest.raises(
        forecast.ForecastError, match="2 by 2025-04-09, but `d` has 4 by 2025-03-20"
    ):
        spec_of(
            "questions:\n  n: {type: count, window: 2025-03-01..2025-06-08, rate: 0.05 a day}\n"
            "evidence:\n  - {id: d, text: t, source: s, date: 2025-03-20, so_far: {n: 4}}\n"
            "  - {id: e, text: t, source: s, date: 2025-04-09, so_far: {n: 2}}",
            as_of="2025-04-09",
        )
