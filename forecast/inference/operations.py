"""Elementary functions on arrays of draws."""

from __future__ import annotations

import numpy as np
import scipy.special
from numpy.typing import NDArray

type Array = NDArray[np.float64]


class NumpyOperations:
    """The elementary functions that a circuit needs, on arrays whose last axis is the draws."""

    def exp(self, x: Array) -> Array:
        """Return e^x."""
        return np.exp(x)

    def expm1(self, x: Array) -> Array:
        """Return e^x - 1."""
        return np.expm1(x)

    def log1p(self, x: Array) -> Array:
        """Return log(1 + x), minus infinity at -1."""
        with np.errstate(divide="ignore"):
            return np.log1p(x)

    def log(self, x: Array) -> Array:
        """Return log x, minus infinity at 0."""
        with np.errstate(divide="ignore"):
            return np.log(x)

    def ndtr(self, x: Array) -> Array:
        """Return Phi(x)."""
        return np.asarray(scipy.special.ndtr(x))

    def arctan(self, x: Array) -> Array:
        """Return arctan x."""
        return np.arctan(x)

    def clip(self, x: Array) -> Array:
        """Return x cut to 0..1."""
        return np.clip(x, 0.0, 1.0)

    def gammainc(self, a: float, x: Array) -> Array:
        """Return the regularised lower gamma function P(a, x)."""
        return np.asarray(scipy.special.gammainc(a, x))

    def gammaincc(self, a: float, x: Array) -> Array:
        """Return the regularised upper gamma function Q(a, x)."""
        return np.asarray(scipy.special.gammaincc(a, x))

    def clumped(self, size: Array, excess: Array, k: int, above: bool) -> Array:
        """Return P(N <= k) = I_p(r, k + 1) of a negative binomial, or P(N > k)."""
        p = 1.0 / (1.0 + excess)
        if above:
            return np.asarray(scipy.special.betainc(k + 1.0, size, excess * p))
        return np.asarray(scipy.special.betainc(size, k + 1.0, p))

    def constant(self, value: float) -> Array:
        """Return a number as an array that is the same for all draws."""
        return np.array([value])
