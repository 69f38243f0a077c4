"""Numbers are certified or refused.

Enough effective draws, a light tail of weights, small Monte Carlo errors of all reported
probabilities and interval ends, and two independent halves that agree. The thresholds are those
under which the study of false passes (`docs/validation.md`) found next to nothing wrong that
passed; what it has seen too little of passes with a warning.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from forecast.inference.quantiles import ENDS, WeightedDraws
from forecast.posterior import SCENARIOS, Diagnostics, Stage, Status

type Array = NDArray[np.float64]

LEAST_ESS = 400.0
LEAST_SHARE = 0.1
"""Effective draws, relative to draws: with fewer the proposal is no picture of the posterior, and
what it has missed does not show."""

LARGEST_KHAT = 0.7

MOST_FAR_OUT = 0.001
"""Share of the posterior that may have a parameter out of all reason."""

LARGEST_RHAT = 1.01
END_FACTOR = 3.0
"""Quantiles in the tails are harder than means: the end of an interval may be this much less exact
than a probability."""

FAMILY_ERROR = 0.001
"""Chance that two sound halves are called different, over all scenarios (Sidak)."""

SURE_SHARE = 0.2
"""Effective draws, relative to draws, below which the study has too few runs to vouch for one."""

CHAINS_ALONE = "chains can miss a mode together; the study of false passes is of exact results"


UNSEEN = 0.001
"""Share of the posterior that a fitted proposal may never visit without a sign of it: in the study
of false passes hardly a missed mode had more (`docs/validation.md`)."""


def mean_and_error(weights: Array, values: Array, unseen: float = 0.0) -> tuple[Array, Array]:
    """Return the weighted mean and its Monte Carlo standard error, over the first axis.

    ``sqrt(sum w^2 (x - mean)^2)`` with weights that sum to one (Owen 2013, Monte Carlo theory,
    methods and examples, section 9.2), and in quadrature what a share of the posterior that no draw
    has visited could move the mean by: ``unseen max |x - mean|``.
    """
    mean = weights @ values
    error = np.sqrt((weights**2) @ (values - mean) ** 2)
    if unseen:
        error = np.hypot(error, unseen * np.abs(values - mean).max(axis=0))
    return mean, error


def certify_weights(
    stages: Mapping[str, Stage],
    ess: float,
    khat: float,
    halves: Array,
    target: float,
    far_out: Mapping[str, float],
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
        Largest Monte Carlo error allowed for a probability; the end of an interval may have
        `END_FACTOR` times as much.
    far_out
        Parameter -> share of the posterior in which it lies farther from its prior than can be.
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
    for name, beyond in far_out.items():
        if beyond > MOST_FAR_OUT:
            reasons.append(f"`{name}` would have to lie seven standard deviations from its prior")
    errors = _errors(stages, ess)
    reasons += _too_large(errors, target)
    distance, limit = agreement(final, halves)
    if math.isinf(distance):
        reasons.append("two independent halves disagree (beside one, the other weighs nothing)")
    elif not distance <= limit:
        reasons.append(
            f"two independent halves disagree ({distance:.1f} standard errors, limit {limit:.1f})"
        )
    detail = {**errors, "agreement": distance, "agreement_limit": limit}
    if reasons:
        return Diagnostics("fail", khat, ess, tuple(reasons), detail)
    if ess < SURE_SHARE * len(halves):
        share = f"only {100 * ess / len(halves):.1f} % of the draws are effective"
        few = f"{share}; results with fewer than {100 * SURE_SHARE:.0f} % are little tried"
        return Diagnostics("warn", khat, ess, (few,), detail)
    return Diagnostics("pass", khat, ess, (), detail)


def _errors(stages: Mapping[str, Stage], ess: float) -> dict[str, float]:
    """Return the largest Monte Carlo errors: of a probability at any stage, of an interval's end.

    With the states of a question go their sums from the first on: its chances by a date, or of so
    many and more. Those of a complement are the same.
    """
    largest = ends = 0.0
    for stage in stages.values():
        last = stage is stages["statements"]
        for name, values in ((SCENARIOS, stage.scenarios), *stage.questions.items()):
            sums = values if name == SCENARIOS else np.cumsum(values, axis=1)[:, :-1]
            middle = values[:, :0] if name == SCENARIOS else values[:, 1:-1]
            reported = np.concatenate([sums, middle], axis=1)
            error = mean_and_error(stage.weights, reported, stage.unseen)[1]
            inflation = np.max(stage.inflation.get(name, 1.0))
            largest = max(largest, float(error.max(initial=0.0) * inflation))
            for column in reported.T if last else ():
                off = WeightedDraws(column, stage.weights).quantile_errors(ENDS, ess)
                ends = max(ends, float(off.max()))
    return {"largest_error": largest, "largest_end_error": ends}


def _too_large(errors: Mapping[str, float], target: float) -> list[str]:
    reasons = []
    for key, what, most in (
        ("largest_error", "Monte Carlo error", target),
        ("largest_end_error", "Monte Carlo error of an interval's end", END_FACTOR * target),
    ):
        if not errors[key] <= most:
            reasons.append(f"{what} {100 * errors[key]:.2f} points, above {100 * most:.2g}")
    return reasons


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
    errors = _errors(stages, ess)
    reasons += _too_large(errors, target)
    detail = {"rhat": rhat, "divergences": float(divergences), **errors}
    status: Status = "fail" if reasons else "warn"
    return Diagnostics(status, None, ess, tuple(reasons) or (CHAINS_ALONE,), detail)
