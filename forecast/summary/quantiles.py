"""Weighted quantiles and their Monte Carlo errors."""

from __future__ import annotations

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

    Half the distance between the quantiles one standard error of the level to either side (Woodruff
    1952, 10.1080/01621459.1952.10483443). The level's own error is that of the weighted share of
    draws below the quantile, sqrt(sum w^2 (1[x <= q] - p)^2): weights that go with the values make
    it larger or smaller than sqrt(p (1 - p) / ess). Where ``ess`` is less than 1 / sum w^2, the
    draws depend on each other, and it grows by the root of the ratio.
    """
    middle = weighted_quantiles(values, weights, levels)
    p = np.asarray(levels)
    below = (values[:, None] <= middle) - p
    dependence = max(1.0, 1 / (float((weights**2).sum()) * max(ess, 1.0)))
    steps = np.sqrt(dependence * (weights**2 @ below**2))
    ends = [np.clip(p - steps, 0.0, 1.0), np.clip(p + steps, 0.0, 1.0)]
    low, high = (weighted_quantiles(values, weights, end.tolist()) for end in ends)
    return np.asarray((high - low) / 2)
