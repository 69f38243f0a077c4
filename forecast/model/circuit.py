"""Formulas laid out as instructions, each distinct part once.

They run over whole batches of draws with NumPy, or are recorded for PyMC: both engines solve the
very same definition.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from forecast.model.formula import (
    Complement,
    Const,
    ConstantHazard,
    Formula,
    OddsShare,
    PoissonCdf,
    Product,
    Ratio,
    ShiftedOdds,
    Survival,
    Value,
    WeightedSum,
)

TINY = 1e-300
"""Added to the denominator of a `Ratio`, so that 0 / 0 is 0; lost in any that counts."""


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
        case Ratio(of, by):
            return (of, by)
        case Survival(rate=rate) | PoissonCdf(rate=rate):
            return (rate,)
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
        case Ratio():
            return parts[0] / (parts[1] + TINY)
        case OddsShare():
            return parts[0] / (1.0 + parts[0])
        case Survival(_, exposure):
            return ops.exp(-exposure * parts[0])
        case PoissonCdf(_, exposure, k):
            return ops.gammaincc(float(k + 1), exposure * parts[0])
        case ConstantHazard(_, fraction):
            return -ops.expm1(fraction * ops.log1p(-parts[0])) / parts[0]
