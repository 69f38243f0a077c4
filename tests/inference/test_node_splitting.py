"""Who contradicts whom: statements left out one by one, reports before they were seen."""

from __future__ import annotations

import math

import numpy as np
import pytest
from modelling import Array, network_of, posterior_of
from scipy import stats
from scipy.special import digamma, expit, logit, polygamma

from forecast.inference import conflict
from forecast.inference.conflict import Apart, Conflicts
from forecast.model.network import Network
from forecast.posterior import Posterior

A, B = 6.0, 14.0
MU = float(digamma(A) - digamma(B))
V = float(polygamma(1, A) + polygamma(1, B))

CLOSE = 0.06
"""Of standard deviations: means and spreads of some 2,000 draws are known to 1/45 of a spread each."""


def found(
    body: str, draws: int | None = None, **frame: str
) -> tuple[Network, Posterior, Conflicts]:
    network = network_of(body, **frame)
    posterior = posterior_of(network, draws=draws)
    return network, posterior, Conflicts(network, posterior)


def root(statements: str, *, shift: float = 0.0, scatter: float = 0.8, evidence: str = "") -> str:
    return (
        f"experts: {{own: {{shift: {shift}, scatter: {scatter}}}}}\n"
        f"questions: {{x: {{type: binary, prior: {{beta: [{A}, {B}]}}}}}}\n"
        f"statements:\n{statements}{evidence}scenarios: {{s: x, rest: otherwise}}"
    )


def says(chance: float, rest: str = "") -> str:
    return f"- {{of: x, says: {100 * chance:g}%{rest}}}\n"


# ------------------------------------------------------------------------- statements


@pytest.mark.parametrize(("chance", "shift"), [(0.9, 0.0), (0.9, 0.7), (0.1, 0.7), (0.3, 0.4)])
def test_a_statement_alone_is_held_against_the_prior(chance: float, shift: float) -> None:
    """u = logit s + d shift b - logit p with p ~ Beta and b ~ N(0, 1): both are doubts of the rest.

    E[logit p] = psi(a) - psi(b), var = psi1(a) + psi1(b).
    """
    _, _, conflicts = found(root(says(chance), shift=shift))
    apart = conflicts.statement(0)
    expected = (logit(chance) - MU) / math.sqrt(V + shift**2 + 0.64)
    assert apart.sds == pytest.approx(expected, abs=CLOSE * max(1, abs(expected)))
    assert apart.rest == pytest.approx(MU, abs=CLOSE * math.sqrt(V))
    assert not apart.by_moments


def grid() -> tuple[Array, Array]:
    """logit p on a grid, and its density under the Beta."""
    u = np.linspace(-12, 12, 48_001)
    log = -A * np.logaddexp(0, -u) - B * np.logaddexp(0, u)
    weights = np.exp(log - log.max())
    return u, weights / weights.sum()


def against(weights: Array, u: Array, chance: float, sd: float) -> float:
    mean = weights @ u / weights.sum()
    variance = weights @ (u - mean) ** 2 / weights.sum()
    return float((logit(chance) - mean) / math.sqrt(variance + sd**2))


@pytest.mark.parametrize("least", [conflict.LEAST_ESS, math.inf])
def test_of_two_statements_each_is_held_against_the_other_and_the_prior(
    least: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By quadrature; from draws, and from moments (logit p of this Beta is close to Normal)."""
    monkeypatch.setattr(conflict, "LEAST_ESS", least)
    _, _, conflicts = found(root(says(0.8) + says(0.2), scatter=0.5))
    u, prior = grid()
    for j, (own, other) in enumerate([(0.8, 0.2), (0.2, 0.8)]):
        heard = prior * stats.norm(logit(other), 0.5).pdf(u)
        apart = conflicts.statement(j)
        assert apart.by_moments == (least == math.inf)
        assert apart.sds == pytest.approx(against(heard, u, own, 0.5), abs=0.12)
        alone = conflicts.statement(j, [1 - j]).sds
        assert alone == pytest.approx(against(prior, u, own, 0.5), abs=0.12)
    assert conflicts.statement(1).sds < conflicts.statement(1, [0]).sds < 0


def test_two_statements_of_one_expert_lean_together() -> None:
    """Hearing one, the rest expects the other: b and logit p given u_0, as if both were Normal.

    u_0 = s - l + c b is seen as 0 with noise sd; so of u_1 = s - l + c b the mean and the variance
    are those of t = c b - l, t ~ N(-MU, V + c^2), after an observation of t as -s.
    """
    shift, sd, s = 1.2, 0.3, logit(0.8)
    _, _, conflicts = found(root(says(0.8) * 2, shift=shift, scatter=sd))
    precision = 1 / (V + shift**2) + 1 / sd**2
    mean = (-MU / (V + shift**2) - s / sd**2) / precision
    expected = (s + mean) / math.sqrt(1 / precision + sd**2)
    assert conflicts.statement(0).sds == pytest.approx(expected, abs=CLOSE)
    apart = (s - MU) / math.sqrt(V + shift**2 + sd**2)
    assert abs(expected) < 0.3 < apart  # alone it is strange, beside its twin it is not
    assert conflicts.statement(0, [1]).sds == pytest.approx(apart, abs=CLOSE * apart)


@pytest.mark.parametrize(
    ("chance", "side", "sign"),
    [(0.05, "at most", -1), (0.9, "at most", 0), (0.9, "at least", 1), (0.05, "at least", 0)],
)
def test_a_bound_is_in_conflict_on_one_side_only(chance: float, side: str, sign: int) -> None:
    _, _, conflicts = found(root(says(chance, f", side: {side}")))
    expected = sign * abs(logit(chance) - MU) / math.sqrt(V + 0.64)
    assert conflicts.statement(0).sds == pytest.approx(expected, abs=CLOSE * max(1, abs(expected)))


def test_far_from_all_draws_moments_help() -> None:
    """Claims of 97 and 3 %, each to a tenth of a logit: the draws lie between, hardly one at either."""
    _, _, conflicts = found(root(says(0.97) + says(0.03), scatter=0.1), draws=2000)
    # Heard to 0.1 the other leaves logit p at about where it says; from there to the other's.
    precision = 1 / V + 1 / 0.01
    for j, (own, other) in enumerate([(0.97, 0.03), (0.03, 0.97)]):
        mean = (MU / V + logit(other) / 0.01) / precision
        expected = (logit(own) - mean) / math.sqrt(1 / precision + 0.01)
        apart = conflicts.statement(j)
        assert apart.by_moments
        assert apart.sds == pytest.approx(expected, rel=0.05)


# ------------------------------------------------------------------------- statements and reports

REPORT = "evidence:\n- {id: e, date: 2025-04-01, text: T, source: s, grade: GRADE, odds: {x: x8}}\n"


@pytest.mark.parametrize("early", [False, True])
def test_a_report_that_is_left_out_was_heard_by_nobody(
    early: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From moments (``early``) within a twentieth. He knew it too, so m = P(x | report). With r = .9 it is P(report | x) = .9 8/9 + .05 = .85, and
    .9 / 9 + .05 = .15 else: logit m = logit p + log(.85 / .15), and theta has been weighed.
    """
    if early:
        monkeypatch.setattr(conflict, "LEAST_ESS", math.inf)
    body = root(says(0.1), scatter=0.5, evidence=REPORT.replace("GRADE", "B1"))
    network, _, conflicts = found(body)
    assert network.reports["e"].reliability == pytest.approx(0.9 * 0.99)
    r = network.reports["e"].reliability
    if_so, if_not = r * 8 / 9 + (1 - r) / 2, r / 9 + (1 - r) / 2
    u, prior = grid()
    heard = prior * (expit(u) * if_so + expit(-u) * if_not)
    shifted = u + math.log(if_so / if_not)
    expected = against(heard, shifted, 0.1, 0.5)
    rel = 0.05 if early else 0.02
    assert conflicts.statement(0).sds == pytest.approx(expected, rel=rel)
    (item,) = conflicts.known
    without = conflicts.statement(0, [item]).sds
    assert without == pytest.approx(against(prior, u, 0.1, 0.5), rel=rel)
    assert expected < -2 < without


# ------------------------------------------------------------------------- reports


def surprised(observed: str, grade: str = "", questions: str = "") -> tuple[Conflicts, Posterior]:
    _, posterior, conflicts = found(
        "questions:\n  x: {type: binary, prior: {beta: [1, 49]}}\n"
        f"  y: {{type: binary, prior: {{cases: {{x: 90%, otherwise: 10%}}}}}}\n{questions}"
        f"evidence:\n- {{id: e, date: 2025-04-20, text: T, source: s{grade}, observed: {observed}}}\n"
        "- {id: other, date: 2025-04-01, text: T, source: s, grade: C3, odds: {y: x3}}\n",
        on="2025-05-31",
        observed_through="2025-05-31",
    )
    return conflicts, posterior


@pytest.mark.parametrize(
    ("grade", "r"), [("", 1.0), (", grade: A1", 0.98 * 0.99), (", grade: B2", 0.81)]
)
def test_how_unlikely_a_report_was(grade: str, r: float) -> None:
    """C3 is r = .5625 with odds 3 : 1, so it says so with .5625 .75 + .21875 = .640625 given y, and
    .359375 else. E[p] = .02; P(x | other) is .02 (.9 .640625 + .1 .359375) / ... by Bayes.
    """
    conflicts, _ = surprised("x", grade)
    item = next(i for i in conflicts.known if i.names == ("e",))
    said = {"x": 0.9 * 0.640625 + 0.1 * 0.359375, "not x": 0.1 * 0.640625 + 0.9 * 0.359375}
    p = 0.02 * said["x"] / (0.02 * said["x"] + 0.98 * said["not x"])
    surprise = conflicts.surprise(item)
    assert surprise.chance == pytest.approx(r * p + (1 - r) / 2, rel=0.1)
    assert surprise.noise == 0.5
    assert surprise.sds == pytest.approx(-stats.norm.ppf(surprise.chance), rel=1e-9)
    assert surprise.agrees == pytest.approx(stats.norm.cdf(-2), rel=1e-9)
    assert conflicts.can_surprise(item) == (r > 0.95)
    other = next(i for i in conflicts.known if i != item)
    alone = conflicts.surprise(item, [other])
    assert alone.chance == pytest.approx(r * 0.02 + (1 - r) / 2, rel=0.1)


def test_a_report_that_was_expected_is_no_surprise() -> None:
    conflicts, _ = surprised("not x")
    item = next(i for i in conflicts.known if i.names == ("e",))
    assert conflicts.surprise(item).sds == 0


def test_a_date_is_as_surprising_as_its_days_are_many() -> None:
    """d happens with 40 %, evenly over 267 days; 12 of them: P = .4 12/267 against q = 12/267."""
    date = "  d: {type: date, occurs: 40%, timing: [evenly]}\n"
    conflicts, _ = surprised("d in 2025-04-09..2025-04-20", questions=date)
    item = next(i for i in conflicts.known if i.names == ("e",))
    found = conflicts.surprise(item)
    assert found.chance == pytest.approx(0.4 * 12 / 267, rel=1e-6)
    assert found.noise == pytest.approx(12 / 267, rel=1e-12)
    assert found.sds == pytest.approx(-stats.norm.ppf(0.2), rel=1e-6)


def test_an_apart_is_told_from_its_parts() -> None:
    """said - rest over the spread, to the last digit."""
    _, _, conflicts = found(root(says(0.9) + says(0.6), shift=0.5))
    for apart in (conflicts.statement(0), conflicts.statement(1)):
        assert isinstance(apart, Apart)
        assert apart.sds == pytest.approx((apart.said - apart.rest) / apart.spread, rel=1e-12)
