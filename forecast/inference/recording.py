"""Arrays of draws that remember how they were computed, so that slopes can be pulled back.

Reverse accumulation over whole batches: `Circuit.run` works on arrays of any library, and run once
on `Recorded` ones it leaves behind the partial derivatives of every step.

References
----------
Griewank and Walther (2008), Evaluating derivatives, section 3.2, 10.1137/1.9780898717761.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from forecast.inference.operations import NumpyOperations
from forecast.model.circuit import clumped_chance

type Array = NDArray[np.float64]
type Partials = tuple[tuple[int, Array | float], ...]


class Recording:
    """The steps of a computation, in order."""

    def __init__(self) -> None:
        self._steps: list[Partials] = []

    def __len__(self) -> int:
        return len(self._steps)

    def input(self, value: Array) -> Recorded:
        """Return a number to differentiate by, one for each draw."""
        return self.step(value, ())

    def step(self, value: Array, partials: Partials) -> Recorded:
        """Record a result and its partial derivatives in what it was computed from."""
        self._steps.append(partials)
        return Recorded(self, len(self._steps) - 1, value)

    def pulled(self, slopes: Mapping[int, Array], inputs: Sequence[Recorded]) -> list[Array | None]:
        """Pull slopes of results back to the inputs.

        Parameters
        ----------
        slopes
            Place of a result -> slope of what is asked in it, shape ``(..., draws)``.
        inputs
            What to differentiate by.

        Returns
        -------
        list
            The slope in each input, or None where nothing depends on it.
        """
        slope: dict[int, Array] = dict(slopes)
        for place in range(len(self._steps) - 1, -1, -1):
            partials = self._steps[place]
            if not partials or place not in slope:
                continue
            own = slope.pop(place)
            for operand, partial in partials:
                part = own * partial
                slope[operand] = slope[operand] + part if operand in slope else part
        return [slope.get(each.place) for each in inputs]


class Recorded:
    """An array of draws on a recording, with as much of NumPy as circuits use."""

    __array_ufunc__ = None  # so that NumPy leaves `array * recorded` to us
    __slots__ = ("place", "recording", "value")

    def __init__(self, recording: Recording, place: int, value: Array) -> None:
        self.recording, self.place, self.value = recording, place, value

    def mapped(self, value: Array, slope: Array) -> Recorded:
        """Return a function of it, given its value and its slope."""
        return self.recording.step(value, ((self.place, slope),))

    def _with(
        self,
        other: Any,
        value: Callable[[Any, Any], Any],
        slopes: Callable[[Any, Any], tuple[Any, Any]],
    ) -> Recorded:
        number = other.value if isinstance(other, Recorded) else other
        mine, its = slopes(self.value, number)
        partials: Partials = ((self.place, mine),)
        if isinstance(other, Recorded):
            partials += ((other.place, its),)
        return self.recording.step(value(self.value, number), partials)

    def __add__(self, other: Any) -> Recorded:
        return self._with(other, lambda a, b: a + b, lambda a, b: (1.0, 1.0))

    def __sub__(self, other: Any) -> Recorded:
        return self._with(other, lambda a, b: a - b, lambda a, b: (1.0, -1.0))

    def __rsub__(self, other: Any) -> Recorded:
        return self._with(other, lambda a, b: b - a, lambda a, b: (-1.0, 1.0))

    def __mul__(self, other: Any) -> Recorded:
        return self._with(other, lambda a, b: a * b, lambda a, b: (b, a))

    def __truediv__(self, other: Any) -> Recorded:
        return self._with(other, lambda a, b: a / b, lambda a, b: (1.0 / b, -a / b**2))

    def __rtruediv__(self, other: Any) -> Recorded:
        return self._with(other, lambda a, b: b / a, lambda a, b: (-b / a**2, 1.0 / a))

    def __neg__(self) -> Recorded:
        return self.mapped(-self.value, np.asarray(-1.0))

    __radd__, __rmul__ = __add__, __mul__


class RecordedOperations(NumpyOperations):
    """The elementary functions that a circuit needs, recorded; of plain numbers computed."""

    def exp(self, x: Any) -> Any:
        """``e^x``."""
        if not isinstance(x, Recorded):
            return super().exp(x)
        value = np.exp(x.value)
        return x.mapped(value, value)

    def expm1(self, x: Any) -> Any:
        """``e^x - 1``."""
        if not isinstance(x, Recorded):
            return super().expm1(x)
        value = np.expm1(x.value)
        return x.mapped(value, 1.0 + value)

    def log1p(self, x: Any) -> Any:
        """``log(1 + x)``."""
        if not isinstance(x, Recorded):
            return super().log1p(x)
        return x.mapped(super().log1p(x.value), 1.0 / (1.0 + x.value))

    def log(self, x: Any) -> Any:
        """``log x``."""
        if not isinstance(x, Recorded):
            return super().log(x)
        return x.mapped(super().log(x.value), 1.0 / x.value)

    def ndtr(self, x: Any) -> Any:
        """``Phi(x)``."""
        if not isinstance(x, Recorded):
            return super().ndtr(x)
        density = np.exp(-0.5 * x.value**2) / math.sqrt(2 * math.pi)
        return x.mapped(super().ndtr(x.value), density)

    def gammainc(self, a: float, x: Any) -> Any:
        """P(a, x), whose slope is ``x^(a - 1) e^-x / Gamma(a)``."""
        if not isinstance(x, Recorded):
            return super().gammainc(a, x)
        return x.mapped(super().gammainc(a, x.value), _gamma_density(a, x.value))

    def gammaincc(self, a: float, x: Any) -> Any:
        """Q(a, x) = 1 - P(a, x)."""
        if not isinstance(x, Recorded):
            return super().gammaincc(a, x)
        return x.mapped(super().gammaincc(a, x.value), -_gamma_density(a, x.value))

    def clumped(self, size: Any, excess: Any, k: int, above: bool) -> Any:
        """Sum the masses of a negative binomial one by one, so that only logarithms are needed."""
        if not isinstance(size, Recorded) and not isinstance(excess, Recorded):
            return super().clumped(size, excess, k, above)
        return clumped_chance(size, excess, k, above, self)


def _gamma_density(a: float, x: Array) -> Array:
    return np.asarray(np.exp((a - 1) * np.log(x) - x - gammaln(a)))
