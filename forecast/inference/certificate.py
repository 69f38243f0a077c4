"""Numbers are certified or refused.

The interim certificate: enough effective draws, a light tail of weights, small Monte Carlo errors,
and two independent halves that agree. Until its thresholds are validated, a result that rests on
weighted draws is at best a warning; ``pass`` is kept for networks without uncertain parameters.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from forecast.posterior import SCENARIOS, Diagnostics, Stage, Status

type Array = NDArray[np.float64]

LEAST_ESS = 400.0
LEAST_SHARE = 0.1
"""Effective draws, relative to draws: with fewer the proposal is no picture of the posterior, and
what it has missed does not show."""

LARGEST_KHAT = 0.7
LARGEST_RHAT = 1.01
FAMILY_ERROR = 0.001
"""Chance that two sound halves are called different, over all scenarios (Sidak)."""

UNVALIDATED = "interim certificate: its thresholds are not validated yet"


def mean_and_error(weights: Array, values: Array) -> tuple[Array, Array]:
    """Return the weighted mean and its Monte Carlo standard error, over the first axis.

    ``sqrt(sum w^2 (x - mean)^2)`` with weights that sum to one (Owen 2013, Monte Carlo theory,
    methods and examples, section 9.2).
    """
    mean = weights @ values
    error = np.sqrt((weights**2) @ (values - mean) ** 2)
    return mean, error


def certify_weights(
    stages: Mapping[str, Stage], ess: float, khat: float, halves: Array, target: float
) -> Diagnostics:
    """Judge a result that rests on weighted draws.

    Parameters
    ----------
    stages
        The stages of the result.
    ess, khat
        Effective draws and Pareto shape of the final weights.
    halves
        For each draw, 0 or 1: which of the two independent halves it belongs to.
    target
        Largest Monte Carlo error allowed for a scenario.
    """
    final = stages["statements"]
    reasons = []
    if not ess >= LEAST_ESS:
        reasons.append(f"only {ess:,.0f} effective draws; at least {LEAST_ESS:,.0f} are needed")
    if not ess >= LEAST_SHARE * len(halves):
        share = f"only {100 * ess / len(halves):.1f} % of the draws are effective"
        reasons.append(f"{share}; at least {100 * LEAST_SHARE:.0f} % are needed")
    if not khat < LARGEST_KHAT:
        reasons.append(f"few draws carry most of the weight (k-hat {khat:.2f}, must be below 0.7)")
    largest = 0.0
    for stage in stages.values():
        for values in (stage.scenarios, *stage.questions.values()):
            largest = max(largest, float(mean_and_error(stage.weights, values)[1].max()))
    if not largest <= target:
        reasons.append(f"Monte Carlo error {100 * largest:.2f} points, above {100 * target:.2g}")
    distance, limit = agreement(final, halves)
    if math.isinf(distance):
        reasons.append("two independent halves disagree (beside one, the other weighs nothing)")
    elif not distance <= limit:
        reasons.append(
            f"two independent halves disagree ({distance:.1f} standard errors, limit {limit:.1f})"
        )
    detail = {"largest_error": largest, "agreement": distance, "agreement_limit": limit}
    status: Status = "fail" if reasons else "warn"
    return Diagnostics(status, khat, ess, tuple(reasons) or (UNVALIDATED,), detail)


def agreement(stage: Stage, halves: Array) -> tuple[float, float]:
    """Return the largest difference of two halves over all scenarios, and its limit.

    Both in standard errors; the limit keeps the chance of a false alarm over all scenarios at
    `FAMILY_ERROR` (Sidak 1967). A half beside which the other weighs nothing is infinitely far.
    """
    single = 1 - (1 - FAMILY_ERROR) ** (1 / stage.scenarios.shape[1])
    limit = float(ndtri(1 - single / 2))
    means, errors = [], []
    for half in (0, 1):
        chosen = halves == half
        weights = stage.weights[chosen]
        if not weights.any():
            return math.inf, limit
        mean, error = mean_and_error(weights / weights.sum(), stage.scenarios[chosen])
        means.append(mean)
        errors.append(error)
    spread = np.hypot(errors[0], errors[1])
    difference = np.abs(means[0] - means[1])
    # A scenario whose chance is the same in every draw has no error to compare with.
    distance = np.where(difference < 1e-12, 0.0, difference / np.maximum(spread, 1e-300))
    return float(distance.max()), limit


def fixed() -> Diagnostics:
    """Return the certificate of a network in which nothing is uncertain: the sums are exact."""
    return Diagnostics("pass", None, None, (), {})


def certify_chains(
    stages: Mapping[str, Stage], ess: float, rhat: float, divergences: int, target: float
) -> Diagnostics:
    """Judge a result that rests on Markov chains."""
    reasons = []
    if not ess >= LEAST_ESS:
        reasons.append(f"only {ess:,.0f} effective draws; at least {LEAST_ESS:,.0f} are needed")
    if not rhat < LARGEST_RHAT or math.isnan(rhat):
        reasons.append(f"the chains have not mixed (R-hat {rhat:.3f}, must be below 1.01)")
    if divergences:
        reasons.append(f"{divergences} divergent transitions")
    largest = 0.0
    for stage in stages.values():
        for name, values in ((SCENARIOS, stage.scenarios), *stage.questions.items()):
            error = mean_and_error(stage.weights, values)[1]
            largest = max(largest, float((error * stage.inflation.get(name, 1.0)).max()))
    if not largest <= target:
        reasons.append(f"Monte Carlo error {100 * largest:.2f} points, above {100 * target:.2g}")
    detail = {"rhat": rhat, "divergences": float(divergences), "largest_error": largest}
    status: Status = "fail" if reasons else "warn"
    return Diagnostics(status, None, ess, tuple(reasons) or (UNVALIDATED,), detail)
