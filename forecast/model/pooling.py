"""Pools: several people's judgements of one chance, joined without averaging disagreement away."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, polygamma

from forecast.model.distributions import Beta

type Array = NDArray[np.float64]

DISAGREEMENT = 1.0
"""Policy: the scale, in logits, of the half-normal prior of how far people disagree."""

_GRID = 2001


def disagreement(
    logits: Sequence[float], sds: Sequence[float], scale: float = DISAGREEMENT
) -> float:
    """Return tau: how far the judgements of a pool differ beyond their own widths.

    With l_k ~ Normal(mu, s_k^2 + tau^2), mu flat and tau ~ HalfNormal(scale), tau^2 is taken at its
    posterior mean, so that the variance of the pool is that of the mixture over tau.

    Parameters
    ----------
    logits, sds
        l_k and s_k: mean and standard deviation of each judgement, in logits.
    scale
        Of the half-normal prior.

    Examples
    --------
    >>> bool(disagreement([0.0, 0.1], [0.5, 0.5]) < disagreement([-2.0, 2.0], [0.5, 0.5]))
    True

    References
    ----------
    Gelman (2006), 10.1214/06-BA117A (half-normal and similar priors for few groups).
    """
    tau, weight, _, _ = _hierarchy(logits, sds, scale)
    return math.sqrt(float(weight @ tau**2))


def next_judge(logits: Sequence[float], sds: Sequence[float], scale: float = DISAGREEMENT) -> Beta:
    """Return what the next judge like these would say: the predictive distribution of a hierarchy.

    l_k ~ Normal(theta_k, s_k^2), theta_k ~ Normal(mu, tau^2), mu flat, tau ~ HalfNormal(scale); the
    pool is a new theta ~ Normal(mu, tau^2), as the Beta with the same mean and sd in logits.

    Parameters
    ----------
    logits, sds, scale
        As for `disagreement`.

    References
    ----------
    Albert, Donnet, Guihenneuc-Jouyaux, Low-Choy, Mengersen and Rousseau (2012), Combining expert
    opinions in prior elicitation, 10.1214/12-BA717.
    """
    tau, weight, centre, variance = _hierarchy(logits, sds, scale)
    mean = float(weight @ centre)
    spread = float(weight @ (variance + tau**2 + (centre - mean) ** 2))
    return beta_of_logits(mean, math.sqrt(spread))


def _hierarchy(
    logits: Sequence[float], sds: Sequence[float], scale: float
) -> tuple[Array, Array, Array, Array]:
    """Return a grid of tau with its posterior weights, and mean and variance of mu given each."""
    values, own = np.array(logits), np.array(sds)
    step = 8 * scale / _GRID
    tau = np.asarray((np.arange(_GRID) + 0.5) * step, dtype=float)
    precision: Array = 1 / (own**2 + tau[:, None] ** 2)
    total = precision.sum(axis=1)
    centre = precision @ values / total
    log_weight = (
        0.5 * np.log(precision).sum(axis=1)
        - 0.5 * np.log(total)
        - 0.5 * (precision * (values - centre[:, None]) ** 2).sum(axis=1)
        - 0.5 * (tau / scale) ** 2
    )
    weight = np.exp(log_weight - log_weight.max())
    return tau, np.asarray(weight / weight.sum()), np.asarray(centre), np.asarray(1 / total)


def beta_of_logits(mean: float, sd: float) -> Beta:
    """Return the Beta whose logit has this mean and standard deviation.

    Solves digamma(a) - digamma(b) = mean, trigamma(a) + trigamma(b) = sd^2 by Newton's method in
    log a and log b.

    >>> from forecast.model.elicitation import logit_mean, logit_sd
    >>> beta = beta_of_logits(0.5, 0.8)
    >>> round(logit_mean(beta), 12), round(logit_sd(beta), 12)
    (0.5, 0.8)
    """
    n = 4 / sd**2
    p = 1 / (1 + math.exp(-mean))
    x = np.log([max(p * n, 0.3), max((1 - p) * n, 0.3)])
    for _ in range(200):
        shape = np.exp(x)
        error = np.array(
            [
                digamma(shape[0]) - digamma(shape[1]) - mean,
                polygamma(1, shape).sum() - sd**2,
            ]
        )
        slopes = np.array([polygamma(1, shape) * [1, -1], polygamma(2, shape)]) * shape
        step = np.linalg.solve(slopes, error)
        x = x - np.clip(step, -1, 1)
        if np.abs(error).max() < 1e-13:
            break
    a, b = np.exp(x)
    return Beta(float(a), float(b))
