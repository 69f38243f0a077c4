"""Weighted quantiles and their Monte Carlo errors."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

type Array = NDArray[np.float64]


def weighted_quantiles(values: Array, weights: Array, levels: Sequence[float]) -> Array:
    """Return quantiles of weighted draws.

    The weighted distribution function with midpoint interpolation: the i-th smallest value stands
    at the sum of the weights below it plus half its own.

    Parameters
    ----------
    values, weights
        Shape ``(draws,)``; the weights sum to one.
    levels
        Between 0 and 1.

    Examples
    --------
    >>> weighted_quantiles(np.array([3.0, 1.0, 2.0]), np.full(3, 1 / 3), [0.5])
    array([2.])
    """
    order = np.argsort(values, kind="stable")
    sorted_weights = weights[order]
    places = np.cumsum(sorted_weights) - sorted_weights / 2
    return np.interp(levels, places, values[order])


def quantile_errors(values: Array, weights: Array, levels: Sequence[float], ess: float) -> Array:
    """Return Monte Carlo standard errors of quantiles.

    Half the distance between the quantiles one standard error of the level to either side,
    sqrt(p (1 - p) / ess) (Woodruff 1952, 10.1080/01621459.1952.10483443).
    """
    steps = [math.sqrt(level * (1 - level) / max(ess, 1.0)) for level in levels]
    low = [max(level - step, 0.0) for level, step in zip(levels, steps, strict=True)]
    high = [min(level + step, 1.0) for level, step in zip(levels, steps, strict=True)]
    ends = weighted_quantiles(values, weights, [*low, *high])
    return np.asarray((ends[len(low) :] - ends[: len(low)]) / 2)
