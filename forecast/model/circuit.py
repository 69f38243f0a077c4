"""Circuits: formulas laid out as instructions, each distinct part once.

A circuit runs over whole batches of draws with NumPy, or leaves its operations on a tape for PyMC:
both engines solve the very same definition.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from forecast.model.formula import (
    Clipped,
    Complement,
    Const,
    ConstantHazard,
    CountChance,
    DayByDay,
    Formula,
    Intercept,
    Log,
    MeanLogit,
    NormalCdf,
    OddsShare,
    OrderChance,
    Product,
    Ratio,
    ShiftedOdds,
    StudentCdf,
    Survival,
    Value,
    WeightedSum,
)
from forecast.model.sweep import in_order

TINY = 1e-300
"""Added to what is divided by: nothing beside any chance, and keeps 0 / 0 at 0."""


NEWTON = 12
"""Steps that solve for an intercept to rounding, for multipliers a million apart."""


class Operations(Protocol):
    """The elementary functions that a circuit needs; NumPy with scipy.special, or PyTensor."""

    def exp(self, x: Any) -> Any:
        """Return e^x."""

    def expm1(self, x: Any) -> Any:
        """Return e^x - 1."""

    def log1p(self, x: Any) -> Any:
        """Return log(1 + x)."""

    def log(self, x: Any) -> Any:
        """Return the natural logarithm."""

    def ndtr(self, x: Any) -> Any:
        """Return Phi(x)."""

    def arctan(self, x: Any) -> Any:
        """Return arctan x."""

    def clip(self, x: Any) -> Any:
        """Return x cut to 0..1."""

    def gammainc(self, a: float, x: Any) -> Any:
        """Return the regularised lower gamma function P(a, x), a whole."""

    def gammaincc(self, a: float, x: Any) -> Any:
        """Return the regularised upper gamma function Q(a, x), a whole."""

    def clumped(self, size: Any, excess: Any, k: int, above: bool) -> Any:
        """Return P(N <= k), or P(N > k), of a negative binomial: size r, p = 1 / (1 + excess)."""

    def constant(self, value: float) -> Any:
        """Return a number that is the same for all draws."""


class Circuit:
    """Formulas laid out as instructions, each distinct part once.

    Parameters
    ----------
    formulas
        What is to be computed.

    Examples
    --------
    >>> circuit = Circuit([Value("p"), Complement(Value("p"))])
    >>> len(circuit)
    2
    """

    def __init__(self, formulas: Iterable[Formula]) -> None:
        self._places: dict[Formula, int] = {}
        self._instructions: list[tuple[Formula, tuple[int, ...]]] = []
        self.outputs: tuple[int, ...] = tuple(self._place(formula) for formula in formulas)

    def __len__(self) -> int:
        return len(self._instructions)

    def _place(self, formula: Formula) -> int:
        place = self._places.get(formula)
        if place is None:
            inputs = tuple(self._place(part) for part in parts_of(formula))
            place = self._places[formula] = len(self._instructions)
            self._instructions.append((formula, inputs))
        return place

    def run(self, values: Mapping[str, Any], ops: Operations) -> list[Any]:
        """Compute every formula.

        Parameters
        ----------
        values
            Parameter -> its draws, shape ``(draws,)``, or ``(components, draws)``.
        ops
            The elementary functions of the array library in use.

        Returns
        -------
        list
            One array for each formula, in the order given.
        """
        done: list[Any] = []
        for formula, inputs in self._instructions:
            done.append(_step(formula, [done[i] for i in inputs], values, ops))
        return [done[i] for i in self.outputs]


def parts_of(formula: Formula) -> tuple[Formula, ...]:
    """Return what a formula is made of, one level down."""
    match formula:
        case Const() | Value():
            return ()
        case Complement(of):
            return (of,)
        case Product(terms) | WeightedSum(terms=terms) | DayByDay(terms) | OrderChance(dates=terms):
            return terms
        case ShiftedOdds(base, multipliers):
            return (base, *multipliers)
        case Intercept(average, weights, multipliers):
            return (average, *weights, *multipliers)
        case MeanLogit(chances=chances):
            return chances
        case OddsShare(multiplier):
            return (multiplier,)
        case Survival(rate=rate):
            return (rate,)
        case CountChance(rate=rate, excess=excess):
            return (rate,) if excess is None else (rate, excess)
        case NormalCdf(of) | StudentCdf(of) | Log(of) | Clipped(of):
            return (of,)
        case Ratio(of, by):
            return of, by
        case ConstantHazard(chance=chance):
            return (chance,)


def _step(  # noqa: C901 - one line for each kind of formula
    formula: Formula, parts: list[Any], values: Mapping[str, Any], ops: Operations
) -> Any:
    match formula:
        case Const(value):
            return ops.constant(value)
        case Value(parameter, component):
            draws = values[parameter]
            return draws if component is None else draws[component]
        case Complement():
            return 1.0 - parts[0]
        case Product():
            total = parts[0]
            for part in parts[1:]:
                total = total * part
            return total
        case WeightedSum(constant, weights, _):
            total = weights[0] * parts[0]
            for weight, part in zip(weights[1:], parts[1:], strict=True):
                total = total + weight * part
            return total + constant if constant else total
        case ShiftedOdds():
            # m p / (m p + 1 - p), not logits: a base that is 0 or 1 to the last bit stays so.
            raised = parts[0]
            for part in parts[1:]:
                raised = raised * part
            return raised / (raised + (1.0 - parts[0]))
        case Intercept(weights=weights):
            return _solved(parts[0], parts[1 : 1 + len(weights)], parts[1 + len(weights) :])
        case MeanLogit(weights, _):
            return _mean_logit(weights, parts, ops)
        case OddsShare():
            return parts[0] / (1.0 + parts[0])
        case Ratio():
            return parts[0] / (parts[1] + TINY)
        case CountChance():
            return _events(formula, parts, ops)
        case DayByDay():
            return parts
        case OrderChance(ranks=ranks):
            return in_order(parts, ranks)
        case _:
            return _function(formula, parts[0], ops)


def _function(formula: Formula, x: Any, ops: Operations) -> Any:
    match formula:
        case Survival(_, exposure):
            return ops.exp(-exposure * x)
        case NormalCdf():
            return ops.ndtr(x)
        case StudentCdf():
            u = x / math.sqrt(3.0)
            return 0.5 + (ops.arctan(u) + u / (1.0 + u * u)) / math.pi
        case Clipped():
            return ops.clip(x)
        case Log():
            return ops.log(x)
        case ConstantHazard(_, fraction):
            return -ops.expm1(fraction * ops.log1p(-x)) / x
        case _:
            raise TypeError(f"{formula!r} is computed elsewhere")


def _events(formula: CountChance, parts: list[Any], ops: Operations) -> Any:
    mu, k = formula.exposure * parts[0], formula.k
    if formula.excess is not None:
        size = mu / parts[1]
        if formula.part == "exactly":
            *_, log_mass = log_clumped_masses(size, parts[1], k, ops)
            return ops.exp(log_mass)
        return ops.clumped(size, parts[1], k, above=formula.part == "above")
    match formula.part:
        case "up to":
            return ops.gammaincc(float(k + 1), mu)
        case "above":
            return ops.gammainc(float(k + 1), mu)
        case "exactly":
            log_mass = float(k) * ops.log(mu) - mu if k else -1.0 * mu
            return ops.exp(log_mass - math.lgamma(k + 1))


def log_clumped_masses(size: Any, excess: Any, k: int, ops: Operations) -> Iterator[Any]:
    """Yield log P(N = n) of a negative binomial for n = 0 .. k, by logarithms alone.

    ``log P(N = 0) = -r log(1 + e)``, and each further mass is the one before times
    ``q (r + n) / (n + 1)`` with ``q = e / (1 + e)``.
    """
    log_mass = -1.0 * (size * ops.log1p(excess))
    yield log_mass
    if k:
        log_q = ops.log(excess) - ops.log1p(excess)
    for n in range(k):
        log_mass = log_mass + log_q + ops.log((size + float(n)) * (1.0 / (n + 1)))
        yield log_mass


def clumped_chance(size: Any, excess: Any, k: int, above: bool, ops: Operations) -> Any:
    """Return P(N <= k), or P(N > k), of a negative binomial, mass by mass: logarithms alone."""
    first, *others = log_clumped_masses(size, excess, k, ops)
    total = -1.0 * ops.expm1(first) if above else ops.exp(first)
    for log_mass in others:
        total = total - ops.exp(log_mass) if above else total + ops.exp(log_mass)
    return total


def _mean_logit(weights: tuple[float, ...], parts: list[Any], ops: Operations) -> Any:
    """Return expit(sum w logit p), by -logit p = log1p((1 - p) / p) + log1p(-p), exact at ends."""
    total = 0.0
    for w, p in zip(weights, parts, strict=True):
        total = w * (ops.log1p((1.0 - p) / p) + ops.log1p(-p)) + total
    return 1.0 / (1.0 + ops.exp(total))


def _solved(average: Any, weights: list[Any], multipliers: list[Any]) -> Any:
    """Return the chance b with sum_k w_k b m_k / (b m_k + 1 - b) = average sum_k w_k.

    With o the odds of b, h(o) = yes(o) / no(o) for yes = sum w o m / (1 + o m) and no =
    sum w / (1 + o m) is increasing and concave, nearly a line; Newton's steps from below its root
    never pass it. A fixed number of steps, so that a tape can be recorded and its gradient taken.
    """
    total = _sum(weights) + TINY
    target = average / (1.0 - average)
    o = target * total / (_sum([w * m for w, m in zip(weights, multipliers, strict=True)]) + TINY)
    for _ in range(NEWTON):
        without = [1.0 / (1.0 + o * m) for m in multipliers]
        slope = _sum([w * m * q * q for w, m, q in zip(weights, multipliers, without, strict=True)])
        no = _sum([w * q for w, q in zip(weights, without, strict=True)]) + TINY
        yes = total - no
        o = o + (target - yes / no) * no * no / (slope * total + TINY)
    return o / (1.0 + o)


def _sum(terms: list[Any]) -> Any:
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total
