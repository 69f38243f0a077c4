"""How particles spread, without what only looks so because they are few."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

type Array = NDArray[np.float64]

MANY = 30
"""Coordinates above which noise matters."""

LEAST = 1e-5
"""Least variance, so that the factor exists; that of tight statements is some 4e-4."""


def factor(points: Array, count: float | None = None) -> Array:
    """Return the lower Cholesky factor of the covariance of points, ``(coordinates, points)``.

    With many coordinates, directions in which points spread like the prior as far as their number
    can tell keep the prior's spread: eigenvalues within (1 +- sqrt(d / n))^2 (Marchenko and Pastur
    1967, 10.1070/SM1967v001n04ABEH001994).

    Parameters
    ----------
    points
        The points.
    count
        How many independent ones they are worth; all by default.
    """
    d = len(points)
    covariance = np.cov(points).reshape(d, d)
    if d > MANY:
        sizes, axes = np.linalg.eigh(covariance)
        noise = math.sqrt(d / (count or points.shape[1]))
        low, high = max(0.0, 1 - noise) ** 2, (1 + noise) ** 2
        sizes = np.where((sizes > low) & (sizes < high), 1.0, sizes)
        covariance = axes * sizes @ axes.T
    return np.linalg.cholesky(covariance + LEAST * np.eye(d))
