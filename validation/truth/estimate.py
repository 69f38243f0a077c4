"""What a method says is true, and how exactly it knows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

type Array = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """The chances of all scenarios.

    Attributes
    ----------
    means, errors
        With their standard errors, shape ``(scenarios,)``.
    sound
        Whether the method finds nothing wrong with itself.
    """

    means: Array
    errors: Array
    sound: bool = True

    def distance(self, other: Estimate) -> float:
        """Return the largest difference, in standard errors of both.

        Differences below a hundred-thousandth are rounding.
        """
        both = np.hypot(np.hypot(self.errors, other.errors), 1e-5)
        return float(np.max(np.abs(self.means - other.means) / both))


def weighted(weights: Array, chances: Array, sound: bool) -> Estimate:
    """Return the estimate of weighted draws, ``chances`` of shape ``(draws, scenarios)``."""
    means = weights @ chances
    errors = np.sqrt(weights**2 @ (chances - means) ** 2)
    return Estimate(means, errors, sound)


def effective(weights: Array) -> float:
    """Return how many draws weights that sum to one are worth (Kish 1965)."""
    return float(1 / (weights**2).sum())
