"""Curves of amounts: families fitted to what was said, and chips laid in bins."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammainc, ndtr, ndtri, stdtr

from forecast.model.elicitation import NINETY
from forecast.spec.amount import Family, Quantiles, Roulette, Stated
from forecast.spec.spread import Spread

type Array = NDArray[np.float64]

STUDENT = 3.0
"""Degrees of freedom of the Student families, as SHELF has them."""

LOGARITHMIC = ("lognormal", "logstudent")


@dataclass(frozen=True, slots=True)
class Curve:
    """A distribution of an amount before it is cut to its bounds.

    Attributes
    ----------
    family
        Its family.
    first, second
        Location and scale (of the logarithm, for the logarithmic families); shape and rate of a
        gamma; the two shapes of a beta.
    low, high
        The ends of a beta.
    """

    family: Family
    first: float
    second: float
    low: float = 0.0
    high: float = 1.0

    def cdf(self, x: float) -> float:
        """Return P(X <= x).

        >>> round(Curve("lognormal", 0.0, 1.0).cdf(1.0), 12)
        0.5
        """
        if math.isinf(x):
            return float(x > 0)
        return float(_cdf(self.family, np.array(x), self.first, self.second, self.low, self.high))


@dataclass(frozen=True, slots=True)
class Bins:
    """Chips in bins: even within each bin.

    Attributes
    ----------
    bins
        The ends of each bin, from the lowest.
    shares
        The share of the chips in each; they sum to one.
    """

    bins: tuple[tuple[float, float], ...]
    shares: tuple[float, ...]

    def cdf(self, x: float) -> float:
        """Return P(X <= x).

        >>> Bins(((0.0, 10.0), (10.0, 20.0)), (0.25, 0.75)).cdf(12.0)
        0.4
        """
        parts = (
            share * min(max((x - low) / (high - low), 0.0), 1.0)
            for (low, high), share in zip(self.bins, self.shares, strict=True)
        )
        return math.fsum(parts)


type Shape = Curve | Bins


def curve_of(leaf: object, family: Family | None, low: float, high: float, shift: float) -> Shape:
    """Return the curve of an amount.

    Parameters
    ----------
    leaf
        A spread, quantiles or chips.
    family
        What is fitted; None for chips alone.
    low, high
        The bounds; a beta lies between them.
    shift
        Added to every number: one half for counts, whose number n stands for n - 1/2 .. n + 1/2.

    Returns
    -------
    Curve or Bins
        A spread keeps its median and the width of its central 90 % (on the scale of logarithms for
        the logarithmic families); quantiles and chips are fitted by least squares on the levels.
    """
    if isinstance(leaf, Stated):
        leaf = leaf.amount
    if isinstance(leaf, Spread) and family in ("normal", "lognormal"):
        values = [x + shift for x in (leaf.low, leaf.median, leaf.high)]
        if family == "lognormal":
            values = [math.log(x) for x in values]
        return Curve(family, values[1], (values[2] - values[0]) / NINETY)
    values, levels = targets(leaf)
    if isinstance(leaf, Roulette) and family is None:
        bins = tuple((a, b + 2 * shift) for a, b in sorted(leaf.roulette))
        chips = [leaf.roulette[pair] for pair in sorted(leaf.roulette)]
        return Bins(bins, tuple(chip / sum(chips) for chip in chips))
    assert family is not None
    ends = (low, high + 2 * shift) if family == "beta" else (0.0, 1.0)
    beyond = shift if isinstance(leaf, Roulette) else 0.0  # a bin a..b of counts ends at b + 1/2
    return fitted(family, tuple(x + shift + beyond for x in values), tuple(levels), *ends)


def targets(leaf: object) -> tuple[list[float], list[float]]:
    """Return the values at which an amount says how much lies below, and how much."""
    match leaf:
        case Spread(median, low, high):
            return [low, median, high], [0.05, 0.5, 0.95]
        case Quantiles(quantiles=quantiles):
            found = sorted(quantiles.items())
            return [value for _, value in found], [level for level, _ in found]
        case Roulette(roulette=roulette):
            bins = sorted(roulette)
            laid = np.cumsum([roulette[pair] for pair in bins])
            inner = [(b[1], n / laid[-1]) for b, n in zip(bins, laid, strict=True)]
            inner = [(x, p) for x, p in inner if 0 < p < 1]
            return [x for x, _ in inner], [float(p) for _, p in inner]
        case _:
            raise TypeError(f"{leaf!r} is no amount")


@functools.lru_cache(maxsize=4096)
def fitted(
    family: Family,
    values: tuple[float, ...],
    levels: tuple[float, ...],
    low: float = 0.0,
    high: float = 1.0,
) -> Curve:
    """Fit a family to points of a distribution function: least squares on the levels.

    Parameters
    ----------
    family
        The family.
    values, levels
        What lies below each value; two points are met, more as nearly as the family can.
    low, high
        The ends of a beta.

    References
    ----------
    Oakley and O'Hagan, SHELF: the Sheffield Elicitation Framework (the same criterion).

    Examples
    --------
    >>> curve = fitted("normal", (-1.0, 0.0, 1.0), (0.25, 0.5, 0.75))
    >>> abs(curve.first) < 1e-9, round(curve.second, 6)
    (True, 1.482602)
    """
    x, p = np.array(values), np.array(levels)
    start = _start(family, x, p, low, high)

    def misses(theta: Array) -> Array:
        first, second = _natural(family, theta)
        missed: Array = _cdf(family, x, first, second, low, high) - p
        return missed

    return Curve(family, *_natural(family, _least_squares(misses, start)), low, high)


def _natural(family: Family, theta: Array) -> tuple[float, float]:
    first = math.exp(theta[0]) if family in ("gamma", "beta") else float(theta[0])
    return first, math.exp(theta[1])


def _start(family: Family, x: Array, p: Array, low: float, high: float) -> Array:
    """Return where a fit begins: through the outermost points on the family's own scale."""
    scale = np.log(x) if family in (*LOGARITHMIC, "gamma") else x
    if family == "beta":
        scale = (x - low) / (high - low)
    z = ndtri(p)
    if len(x) == 1 or z[-1] == z[0]:
        z, scale = np.append(z, z[-1] + 1), np.append(scale, scale[-1] + abs(scale[-1]) + 1)
    sd = max((scale[-1] - scale[0]) / (z[-1] - z[0]), 1e-9)
    mean = scale[0] - z[0] * sd
    if family == "gamma":
        return np.array([-2 * math.log(sd), -2 * math.log(sd) - mean - sd**2 / 2])
    if family == "beta":
        mean = min(max(mean, 0.02), 0.98)
        total = max(mean * (1 - mean) / sd**2 - 1, 0.5)
        return np.log([mean * total, (1 - mean) * total])
    return np.array([mean, math.log(sd)])


def _cdf(family: Family, x: Array, first: float, second: float, low: float, high: float) -> Array:
    if family in LOGARITHMIC:
        with np.errstate(divide="ignore"):
            x = np.log(np.maximum(x, 0.0))
    match family:
        case "normal" | "lognormal":
            return np.asarray(ndtr((x - first) / second))
        case "student" | "logstudent":
            return np.asarray(stdtr(STUDENT, (x - first) / second))
        case "gamma":
            return np.asarray(gammainc(first, np.maximum(x, 0.0) * second))
        case "beta":
            return np.asarray(betainc(first, second, np.clip((x - low) / (high - low), 0.0, 1.0)))


def _least_squares(misses: Callable[[Array], Array], theta: Array) -> Array:
    """Minimise a sum of squares in two unknowns (Levenberg 1944, 10.1090/qam/10666)."""
    damping, now = 1e-3, misses(theta)
    for _ in range(300):
        step = 1e-6
        slopes = np.array(
            [(misses(theta + step * e) - misses(theta - step * e)) / (2 * step) for e in np.eye(2)]
        )
        normal = slopes @ slopes.T
        move = np.linalg.solve(normal + damping * np.diag(normal.diagonal() + 1e-30), slopes @ now)
        tried: Array = theta - np.clip(move, -2.0, 2.0)
        then = misses(tried)
        if then @ then <= now @ now:
            theta, now, damping = tried, then, max(damping / 10, 1e-12)
            if np.abs(move).max() < 1e-12:
                break
        else:
            damping *= 10
            if damping > 1e12:
                break
    return np.asarray(theta)
