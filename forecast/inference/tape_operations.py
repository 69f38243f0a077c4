"""The elementary functions of a circuit, recorded on a tape."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast.inference.operations import NumpyOperations
from forecast.inference.tape import (
    ARCTAN,
    CLIP,
    EXP,
    EXPM1,
    GAMMAINC,
    GAMMAINCC,
    LOG,
    LOG1P,
    NDTR,
    Traced,
)
from forecast.model.circuit import clumped_chance

type Array = NDArray[np.float64]


class TapeOperations(NumpyOperations):
    """The elementary functions that a circuit needs, recorded; of plain numbers computed."""

    def exp(self, x: Any) -> Any:
        """``e^x``."""
        return x.elementwise(EXP) if isinstance(x, Traced) else super().exp(x)

    def log1p(self, x: Any) -> Any:
        """``log(1 + x)``."""
        return x.elementwise(LOG1P) if isinstance(x, Traced) else super().log1p(x)

    def expm1(self, x: Any) -> Any:
        """``e^x - 1``."""
        return x.elementwise(EXPM1) if isinstance(x, Traced) else super().expm1(x)

    def log(self, x: Any) -> Any:
        """``log x``."""
        return x.elementwise(LOG) if isinstance(x, Traced) else super().log(x)

    def ndtr(self, x: Any) -> Any:
        """``Phi(x)``."""
        return x.elementwise(NDTR) if isinstance(x, Traced) else super().ndtr(x)

    def arctan(self, x: Any) -> Any:
        """``arctan x``."""
        return x.elementwise(ARCTAN) if isinstance(x, Traced) else super().arctan(x)

    def clip(self, x: Any) -> Any:
        """``min(max(x, 0), 1)``."""
        return x.elementwise(CLIP) if isinstance(x, Traced) else super().clip(x)

    def gammainc(self, a: float, x: Any) -> Any:
        """P(a, x) for a whole number a: ``e^-x sum of x^i / i! for i >= a``."""
        return x.elementwise(GAMMAINC, int(a)) if isinstance(x, Traced) else super().gammainc(a, x)

    def gammaincc(self, a: float, x: Any) -> Any:
        """Q(a, x) for a whole number a: ``e^-x sum of x^i / i! for i < a``."""
        if isinstance(x, Traced):
            return x.elementwise(GAMMAINCC, int(a))
        return super().gammaincc(a, x)

    def clumped(self, size: Any, excess: Any, k: int, above: bool) -> Any:
        """Sum the masses of a negative binomial one by one, so that only logarithms are needed."""
        if not isinstance(size, Traced) and not isinstance(excess, Traced):
            return super().clumped(size, excess, k, above)
        return clumped_chance(size, excess, k, above, self)

    def constant(self, value: float) -> Array:
        """Return a number; it becomes part of the tape where it meets a traced one."""
        return np.array([value])
