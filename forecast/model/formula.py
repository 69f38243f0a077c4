"""Entries of probability tables as formulas of the parameters.

A formula is a small frozen tree. `Circuit` lays a set of them out as instructions, each distinct
part once, and runs them over whole batches of draws with NumPy, or symbolically with PyTensor:
both engines solve the very same definition.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Const:
    """A number."""

    value: float


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter, or one component of it."""

    parameter: str
    component: int | None = None


@dataclass(frozen=True, slots=True)
class Complement:
    """``1 - x``."""

    of: Formula


@dataclass(frozen=True, slots=True)
class Product:
    """``x y ...``."""

    terms: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class WeightedSum:
    """``constant + w1 x1 + w2 x2 + ...``."""

    constant: float
    weights: tuple[float, ...]
    terms: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class ShiftedOdds:
    """``expit(logit base + log m1 + log m2 + ...)``; a base of 0 or 1 stays what it is."""

    base: Formula
    multipliers: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class OddsShare:
    """``m / (1 + m)``."""

    multiplier: Formula


@dataclass(frozen=True, slots=True)
class Survival:
    """``exp(-rate * exposure)``: no event of a Poisson process."""

    rate: Formula
    exposure: float


@dataclass(frozen=True, slots=True)
class PoissonCdf:
    """``P(N <= k)``, ``N ~ Poisson(mu = rate * exposure)``: the upper gamma Q(k + 1, mu)."""

    rate: Formula
    exposure: float
    k: int


@dataclass(frozen=True, slots=True)
class ConstantHazard:
    """``(1 - (1 - p)^f) / p``: the share of occurrences in the first ``f`` of the window."""

    chance: Formula
    fraction: float


type Formula = (
    Const
    | Value
    | Complement
    | Product
    | WeightedSum
    | ShiftedOdds
    | OddsShare
    | Survival
    | PoissonCdf
    | ConstantHazard
)

ZERO, ONE = Const(0.0), Const(1.0)


def complement(of: Formula) -> Formula:
    """Return ``1 - x``, folded where x is a number."""
    return Const(1.0 - of.value) if isinstance(of, Const) else Complement(of)


def product(*terms: Formula) -> Formula:
    """Return a product, folded where factors are numbers.

    >>> product(Const(0.5), Value("p"))
    WeightedSum(constant=0.0, weights=(0.5,), terms=(Value(parameter='p', component=None),))
    """
    scale, open_terms = 1.0, []
    for term in terms:
        if isinstance(term, Const):
            scale *= term.value
        else:
            open_terms.append(term)
    if not open_terms or scale == 0.0:
        return Const(scale)
    whole = open_terms[0] if len(open_terms) == 1 else Product(tuple(open_terms))
    return whole if scale == 1.0 else WeightedSum(0.0, (scale,), (whole,))


def weighted_sum(constant: float, pairs: Iterable[tuple[float, Formula]]) -> Formula:
    """Return ``constant + sum of weight * term``, with the numbers folded into the constant."""
    weights, terms = [], []
    for weight, term in pairs:
        if isinstance(term, Const):
            constant += weight * term.value
        elif weight != 0.0:
            weights.append(weight)
            terms.append(term)
    if not terms:
        return Const(constant)
    return WeightedSum(constant, tuple(weights), tuple(terms))


def shifted_odds(base: Formula, multipliers: Sequence[Formula]) -> Formula:
    """Return the chance whose odds are those of ``base`` times all multipliers."""
    if not multipliers or (isinstance(base, Const) and base.value in (0.0, 1.0)):
        return base
    return ShiftedOdds(base, tuple(multipliers))


def noisy_or(chances: Sequence[Formula]) -> Formula:
    """Return the chance that at least one of several independent events happens.

    ``1 - (1 - p1) (1 - p2) ...``

    >>> noisy_or([Const(0.5), Const(0.5)]), noisy_or([ZERO, Value("p")])
    (Const(value=0.75), Value(parameter='p', component=None))
    """
    able = [chance for chance in chances if chance != ZERO]
    if len(able) == 1:
        return able[0]
    return complement(product(*(complement(chance) for chance in able)))


class Operations(Protocol):
    """The elementary functions that a circuit needs; NumPy with scipy.special, or PyTensor."""

    def exp(self, x: Any) -> Any:
        """Return e^x."""

    def expm1(self, x: Any) -> Any:
        """Return e^x - 1."""

    def log1p(self, x: Any) -> Any:
        """Return log(1 + x)."""

    def gammaincc(self, a: float, x: Any) -> Any:
        """Return the regularised upper gamma function Q(a, x)."""

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
        case Product(terms) | WeightedSum(terms=terms):
            return terms
        case ShiftedOdds(base, multipliers):
            return (base, *multipliers)
        case OddsShare(multiplier):
            return (multiplier,)
        case Survival(rate=rate) | PoissonCdf(rate=rate):
            return (rate,)
        case ConstantHazard(chance=chance):
            return (chance,)


def _step(formula: Formula, parts: list[Any], values: Mapping[str, Any], ops: Operations) -> Any:
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
        case OddsShare():
            return parts[0] / (1.0 + parts[0])
        case Survival(_, exposure):
            return ops.exp(-exposure * parts[0])
        case PoissonCdf(_, exposure, k):
            return ops.gammaincc(float(k + 1), exposure * parts[0])
        case ConstantHazard(_, fraction):
            return -ops.expm1(fraction * ops.log1p(-parts[0])) / parts[0]
