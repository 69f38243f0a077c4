"""Functions of the density that PyTensor has not, or has only with a gradient that overflows."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytensor.tensor as pt
from numpy.typing import NDArray
from pytensor.gradient import disconnected_grad
from scipy.special import betaln

from forecast.inference.coordinates import REACH

type Array = NDArray[np.float64]


def beta_quantile(a: Array, b: Array, z: Any) -> Any:
    """Return F^-1(Phi(z)) of a Beta, with the slope phi(z) / f(p) taken on the log scale.

    PyTensor's own gradient of the inverse multiplies powers of p and overflows for sharp Betas.
    """
    z = pt.clip(z, -REACH, REACH)
    p = pt.clip(pt.betaincinv(a, b, 0.5 * pt.erfc(-z / math.sqrt(2.0))), 1e-300, 1 - 1e-16)
    log_f = (a - 1) * pt.log(p) + (b - 1) * pt.log1p(-p) - betaln(a, b)
    slope = pt.exp(-0.5 * z**2 - 0.5 * math.log(2 * math.pi) - log_f)
    return disconnected_grad(p) + disconnected_grad(slope) * (z - disconnected_grad(z))


def log_ndtr(x: Any) -> Any:
    """Return log Phi(x), with value and gradient finite in both tails.

    ``log(erfcx(-x / sqrt 2) / 2) - x^2 / 2`` below zero, ``log1p(-erfc(x / sqrt 2) / 2)`` above.
    """
    low, high = pt.minimum(x, 0.0), pt.maximum(x, 0.0)
    below = pt.log(0.5 * pt.erfcx(-low / math.sqrt(2.0))) - 0.5 * low**2
    above = pt.log1p(-0.5 * pt.erfc(high / math.sqrt(2.0)))
    return pt.switch(pt.lt(x, 0.0), below, above)
