"""Pareto smoothing of importance weights."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

type Array = NDArray[np.float64]

SAME = 1e-12
"""Difference of log weights that is no more than rounding."""


def smoothed(log_weights: Array) -> tuple[Array, float]:
    """Smooth the largest importance weights and estimate the shape of their tail.

    The M largest of S weights, M = min(S / 5, 3 sqrt(S)), are replaced by the expected order
    statistics of a generalised Pareto distribution fitted to them, and cut at the largest raw one.

    Parameters
    ----------
    log_weights
        Log importance weights, shape ``(draws,)``; ``-inf`` is allowed.

    Returns
    -------
    tuple
        The smoothed log weights, normalised to sum to one, and k-hat: below 0.7 the estimates
        are reliable; infinite where too few weights are left to tell.

    References
    ----------
    Vehtari, Simpson, Gelman, Yao and Gabry (2024), Pareto smoothed importance sampling,
    JMLR 25(72).
    """
    log_w = log_weights - log_weights.max()
    draws = len(log_w)
    tail = math.ceil(min(draws / 5, 3 * math.sqrt(draws)))
    order = np.argsort(log_w, kind="stable")
    cutoff = max(float(log_w[order[-tail - 1]]) if tail < draws else -math.inf, -700.0)
    in_tail = order[-tail:][log_w[order[-tail:]] > cutoff + SAME]
    khat = math.inf
    if len(in_tail) > 4:
        excess = np.exp(log_w[in_tail]) - math.exp(cutoff)
        k, sigma = _fit(excess)
        khat = k
        if math.isfinite(k):
            rest = np.log1p(-(np.arange(len(in_tail)) + 0.5) / len(in_tail))
            with np.errstate(over="ignore"):  # beyond the largest raw weight it is cut anyway
                quantiles = -sigma * rest if abs(k) < 1e-12 else sigma * np.expm1(-k * rest) / k
            log_w = log_w.copy()
            log_w[in_tail] = np.minimum(np.log(quantiles + math.exp(cutoff)), 0.0)
    elif cutoff > -SAME:  # the whole tail weighs the same: weights are bounded, nothing to smooth
        khat = -math.inf
    normalised: Array = log_w - math.log(np.exp(log_w).sum())
    return normalised, khat


def _fit(excess: Array) -> tuple[float, float]:
    """Fit a generalised Pareto to ascending exceedances.

    Zhang and Stephens (2009), 10.1198/tech.2009.08017, with the weak prior on k of the reference
    above (ten observations at k = 0.5).
    """
    n = len(excess)
    grid = 30 + int(math.sqrt(n))
    quartile = excess[int(n / 4 + 0.5) - 1]
    if quartile <= 0 or excess[-1] <= 0:
        return math.inf, math.nan
    points = 1 - np.sqrt(grid / (np.arange(1, grid + 1) - 0.5))
    theta = points / (3 * quartile) + 1 / excess[-1]
    k = np.log1p(-theta[:, None] * excess).mean(axis=1)
    profile = n * (np.log(-theta / k) - k - 1)
    weights = np.exp(profile - profile.max())
    mean = float((theta * weights).sum() / weights.sum())
    shape = float(np.log1p(-mean * excess).mean())
    return (n * shape + 5) / (n + 10), -shape / mean


def effective_draws(log_weights: Array) -> float:
    """Return (sum w)^2 / sum w^2 (Kish 1965); none where all weights are zero.

    >>> effective_draws(np.log(np.array([0.5, 0.5, 0.0 + 1e-300])))
    2.0
    """
    if np.isneginf(largest := log_weights.max()):
        return 0.0
    w = np.exp(log_weights - largest)
    return float(w.sum() ** 2 / (w**2).sum())
