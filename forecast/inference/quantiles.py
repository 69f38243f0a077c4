"""Weighted quantiles and their Monte Carlo errors: the ends of the reported intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

type Array = NDArray[np.float64]

LEVELS: Mapping[str, tuple[float, float]] = {
    "0.5": (0.25, 0.75),
    "0.8": (0.10, 0.90),
    "0.9": (0.05, 0.95),
}
"""The intervals that are reported, and the levels of their ends."""

ENDS = tuple(level for pair in LEVELS.values() for level in pair)


class WeightedDraws:
    """The weighted distribution function of some draws, with midpoint interpolation.

    The i-th smallest value stands at the sum of the weights below it plus half its own.

    Parameters
    ----------
    values, weights
        Shape ``(draws,)``; the weights sum to one.
    """

    def __init__(self, values: Array, weights: Array) -> None:
        order = np.argsort(values, kind="stable")
        self._values, self._weights = values[order], weights[order]
        self._places = np.cumsum(self._weights) - self._weights / 2

    def quantiles(self, levels: Sequence[float] | Array) -> Array:
        """Return quantiles at levels between 0 and 1.

        >>> WeightedDraws(np.array([3.0, 1.0, 2.0]), np.full(3, 1 / 3)).quantiles([0.5])
        array([2.])
        """
        return np.interp(levels, self._places, self._values)

    def quantile_errors(self, levels: Sequence[float], ess: float) -> Array:
        """Return Monte Carlo standard errors of quantiles.

        Half the distance between the quantiles one standard error of the level to either side
        (Woodruff 1952, 10.1080/01621459.1952.10483443). The level's own error is that of the
        weighted share of draws below the quantile, sqrt(sum w^2 (1[x <= q] - p)^2): weights that go
        with the values make it larger or smaller than sqrt(p (1 - p) / ess). Where ``ess`` is less
        than 1 / sum w^2, the draws depend on each other, and it grows by the root of the ratio.
        """
        p = np.asarray(levels)
        squares = np.cumsum(self._weights**2)
        below = np.searchsorted(self._values, self.quantiles(p), side="right")
        under = np.where(below > 0, squares[below - 1], 0.0)
        # (1 - p)^2 for those below, p^2 for the others.
        variance = (1 - p) ** 2 * under + p**2 * (squares[-1] - under)
        dependence = max(1.0, 1 / (squares[-1] * max(ess, 1.0)))
        steps = np.sqrt(dependence * variance)
        low = self.quantiles(np.clip(p - steps, 0.0, 1.0))
        high = self.quantiles(np.clip(p + steps, 0.0, 1.0))
        return np.asarray((high - low) / 2)
