"""Conflict, tight statements, several modes: the certificate fails or the result is right."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from modelling import errors, means, network_of, posterior_of
from scipy import stats
from scipy.special import expit, logit, ndtr

from forecast.inference.certificate import agreement, certify_weights, mean_and_error
from forecast.model.distributions import Beta
from forecast.posterior import Stage

FAILED_AT_MOST = 5.0
"""Errors that a result which is not marked as failed may be off by."""


def one_root(prior: Beta, says: float, sd: float) -> tuple[str, float]:
    """The density of u = logit p is e^(a u) / (1 + e^u)^(a + b) N(u; logit stated, sd)."""
    u = np.linspace(-80, 80, 320_001)
    log = -prior.a * np.logaddexp(0, -u) - prior.b * np.logaddexp(0, u)
    weights = np.exp((log := log - 0.5 * ((logit(says) - u) / sd) ** 2) - log.max())
    body = (
        f"experts: {{own: {{shift: 0, scatter: {sd}}}}}\n"
        f"questions: {{x: {{type: binary, prior: {{beta: [{prior.a}, {prior.b}]}}}}}}\n"
        f"statements: [{{of: x, says: {100 * says:g}%}}]\nscenarios: {{s: x, rest: otherwise}}"
    )
    return body, float(weights @ expit(u) / weights.sum())


def either_or(a: Beta, b: Beta, says: float, sd: float) -> tuple[str, float]:
    """Just one of two roots: two modes, far apart where the statement is tight. In two dimensions."""
    z = np.linspace(-8, 8, 801)
    p = stats.beta(a.a, a.b).ppf(ndtr(z))[:, None]
    q = stats.beta(b.a, b.b).ppf(ndtr(z))[None, :]
    implied = np.clip(p * (1 - q) + (1 - p) * q, 1e-9, 1 - 1e-9)
    u = (logit(says) - logit(implied)) / sd
    weights = np.exp(-0.5 * (z[:, None] ** 2 + z[None, :] ** 2 + u**2))
    body = (
        f"experts: {{own: {{shift: 0, scatter: {sd}}}}}\nquestions:\n"
        f"  a: {{type: binary, prior: {{beta: [{a.a}, {a.b}]}}}}\n"
        f"  b: {{type: binary, prior: {{beta: [{b.a}, {b.b}]}}}}\n"
        "  x: {type: binary, means: a and not b or b and not a}\n"
        f"statements: [{{of: x, says: {100 * says:g}%}}]\n"
        "scenarios: {s: a and not b, rest: otherwise}"
    )
    return body, float((weights * p * (1 - q)).sum() / weights.sum())


@cache
def case(name: str) -> tuple[str, float]:
    return {
        "two percent said to be ninety": lambda: one_root(Beta(3.2, 158), 0.9, 0.1),
        "two percent said to be even, tight": lambda: one_root(Beta(3.2, 158), 0.5, 0.05),
        "far and tight": lambda: one_root(Beta(4, 6), 0.97, 0.05),
        "very tight": lambda: one_root(Beta(4, 6), 0.7, 0.01),
        "J-shaped": lambda: one_root(Beta(0.1, 3), 0.9, 0.1),
        "U-shaped": lambda: one_root(Beta(0.1, 0.1), 0.5, 0.05),
        "two modes": lambda: either_or(Beta(2.6, 2.6), Beta(2.6, 2.6), 0.8, 0.2),
        "two modes, one higher": lambda: either_or(Beta(3, 4.5), Beta(3.7, 4.5), 0.9, 0.15),
        "two modes, one tiny": lambda: either_or(Beta(2.3, 5.3), Beta(2.6, 2.6), 0.9, 0.1),
    }[name]()


HARD = ["two percent said to be ninety", "two percent said to be even, tight"]
SOLVED = ["far and tight", "very tight", "J-shaped", "U-shaped"]
MODES = ["two modes", "two modes, one higher", "two modes, one tiny"]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", [*HARD, *SOLVED, *MODES])
def test_never_wrong_and_passed(name: str, seed: int) -> None:
    body, truth = case(name)
    found = posterior_of(network_of(body), seed)
    if found.diagnostics.status == "fail":
        assert found.diagnostics.reasons
        assert name not in SOLVED
        return
    assert abs(means(found)[0] - truth) < FAILED_AT_MOST * errors(found)[0] + 1e-6
    assert name not in HARD


# ------------------------------------------------------------------------- the parts of the certificate


def halves(first: float, second: float, draws: int = 2000) -> tuple[Stage, np.ndarray]:
    """Two halves with these means exactly, and a standard deviation of 0.1."""
    noise = np.random.default_rng(0).normal(size=(2, draws))
    noise = (noise - noise.mean(axis=1, keepdims=True)) / noise.std(axis=1, keepdims=True)
    values = (np.array([[first], [second]]) + 0.1 * noise).ravel()
    scenarios = np.stack([values, 1 - values], axis=1)
    even = np.full(2 * draws, 1 / (2 * draws))
    stage = Stage(even, scenarios, {}, np.empty((2 * draws, 0)), {})
    return stage, np.repeat([0, 1], draws)


def test_halves_that_differ_are_told() -> None:
    """Two means with errors .1 / sqrt(2000) each: .02 apart is 6.3 standard errors, .002 is 0.6."""
    distance, limit = agreement(*halves(0.5, 0.52))
    assert distance == pytest.approx(0.02 / (0.1 * np.sqrt(2 / 2000)), rel=1e-9)
    assert limit == pytest.approx(stats.norm.isf((1 - 0.999**0.5) / 2), rel=1e-9)
    distance, _ = agreement(*halves(0.5, 0.502))
    assert distance == pytest.approx(0.6325, abs=1e-4)


def test_a_half_that_weighs_nothing_disagrees() -> None:
    stage, member = halves(0.5, 0.5)
    weights = np.where(member == 0, 1 / 2000, 0.0)
    one_sided = Stage(weights, stage.scenarios, {}, stage.targets, {})
    assert agreement(one_sided, member)[0] == math.inf
    found = certify_weights({"statements": one_sided}, 2000, 0.3, member, 0.005, {})
    assert found.reasons == (
        "two independent halves disagree (beside one, the other weighs nothing)",
    )


@pytest.mark.parametrize(
    ("second", "draws", "ess", "khat", "target", "reason"),
    [
        (0.502, 2000, 3000, 0.3, 0.005, None),
        (0.502, 1500, 399, 0.3, 0.005, "only 399 effective draws"),
        (0.502, 2000, 400, 0.3, 0.005, None),
        (0.502, 2500, 499, 0.3, 0.005, "only 10.0 % of the draws are effective"),
        (0.502, 2500, 500, 0.3, 0.005, None),
        (0.502, 2000, 3000, 0.7, 0.005, "few draws carry most of the weight"),
        (0.502, 2000, 3000, math.inf, 0.005, "few draws carry most of the weight"),
        (0.502, 2000, 3000, math.nan, 0.005, "few draws carry most of the weight"),
        (0.502, 2000, 4000, 0.3, 0.0015, "Monte Carlo error 0.16 points"),
        (0.52, 2000, 3000, 0.3, 0.005, "two independent halves disagree"),
    ],
)
def test_each_reason_fails_alone(
    second: float, draws: int, ess: float, khat: float, target: float, reason: str | None
) -> None:
    """The error of a mean of 4,000 draws with sd .1 is .1 / sqrt(4000) = 0.16 points."""
    stage, member = halves(0.5, second, draws)
    found = certify_weights({"statements": stage}, ess, khat, member, target, {})
    assert found.status == (
        "fail" if reason is not None else "pass" if ess >= 0.2 * 2 * draws else "warn"
    )
    if reason is not None:
        (only,) = found.reasons
        assert only.startswith(reason)


def test_a_judgement_out_of_all_reason_fails() -> None:
    stage, member = halves(0.5, 0.502)
    for share, failed in ((0.0009, False), (0.0011, True)):
        found = certify_weights({"statements": stage}, 3000, 0.3, member, 0.005, {"doo.x": share})
        assert (found.status == "fail") == failed
    assert found.reasons == ("`doo.x` would have to lie seven standard deviations from its prior",)


def test_the_error_of_every_stage_and_question_counts() -> None:
    stage, member = halves(0.5, 0.5)
    loose = np.repeat([[0.0, 1.0], [1.0, 0.0]], 2000, axis=0)  # error .5 / sqrt(4000) = 0.8 points
    early = Stage(stage.weights, stage.scenarios, {"x": loose}, stage.targets, {})
    found = certify_weights({"inputs": early, "statements": stage}, 3000, 0.3, member, 0.005, {})
    assert found.reasons == ("Monte Carlo error 0.79 points, above 0.5",)


def test_the_error_of_an_intervals_end_counts() -> None:
    """A quarter of the draws at .2, the rest at .5: the 25 % point lies anywhere between them.

    The mean is sharp all the same: its error is .13 / sqrt(4000) = 0.2 points.
    """
    rng = np.random.default_rng(5)
    low, high = rng.normal(0.2, 0.001, 1000), rng.normal(0.5, 0.001, 3000)
    values = np.concatenate([low, high])
    scenarios = np.stack([values, 1 - values], axis=1)
    member = np.tile([0, 1], 2000)
    stage = Stage(np.full(4000, 1 / 4000), scenarios, {}, np.empty((4000, 0)), {})
    _, error = mean_and_error(stage.weights, scenarios)
    assert error.max() < 0.005
    found = certify_weights({"statements": stage}, 4000, 0.1, member, 0.005, {})
    (only,) = found.reasons
    assert only.startswith("Monte Carlo error of an interval's end")
    assert only.endswith("above 1.5")


def test_the_error_of_a_chance_by_a_date_counts() -> None:
    """Two states with sd .1 that go together: their sum has sd .2, and so has its complement."""
    rng = np.random.default_rng(6)
    stage, member = halves(0.5, 0.5)
    one = rng.normal(0.3, 0.1, 4000)
    states = np.stack([one, one, (1 - 2 * one) / 2, (1 - 2 * one) / 2], axis=1)
    loose = Stage(stage.weights, stage.scenarios, {"d": states}, stage.targets, {})
    found = certify_weights({"statements": loose}, 4000, 0.1, member, 0.0025, {})
    assert found.detail["largest_error"] == pytest.approx(0.2 / math.sqrt(4000), rel=0.05)
    assert found.reasons == (
        f"Monte Carlo error {100 * found.detail['largest_error']:.2f} points, above 0.25",
    )


def test_a_chance_that_is_the_same_in_every_draw_cannot_disagree() -> None:
    stage, member = halves(0.5, 0.5)
    same = Stage(stage.weights, np.full((4000, 2), 0.5), {}, stage.targets, {})
    assert agreement(same, member)[0] == 0


def test_the_error_of_a_weighted_mean() -> None:
    """Weights .5, .3, .2 on 1, 2, 4: mean 1.9; error^2 = .25 .81 + .09 .01 + .04 4.41."""
    mean, error = mean_and_error(np.array([0.5, 0.3, 0.2]), np.array([[1.0], [2.0], [4.0]]))
    assert mean[0] == pytest.approx(1.9)
    assert error[0] ** 2 == pytest.approx(0.25 * 0.81 + 0.09 * 0.01 + 0.04 * 4.41)
