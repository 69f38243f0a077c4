"""Entries of probability tables as formulas of the parameters: small frozen trees.

`forecast.model.circuit` computes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal


class _Shared:
    """A formula that others may share: its hash is computed once, not once for each of them."""

    __slots__ = ("_hash",)


def _hashed_once[T](formula: type[T]) -> type[T]:
    """Keep the hash of a formula: where parts are shared, all of them would be walked each time."""
    computed: Any = formula.__hash__

    def hash_once(self: Any) -> int:
        try:
            return int(self._hash)
        except AttributeError:
            object.__setattr__(self, "_hash", computed(self))
            return int(self._hash)

    formula.__hash__ = hash_once  # type: ignore[method-assign]
    return formula


@dataclass(frozen=True, slots=True)
class Const:
    """A number."""

    value: float


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter, or one component of it."""

    parameter: str
    component: int | None = None


@_hashed_once
@dataclass(frozen=True, slots=True)
class Complement(_Shared):
    """``1 - x``."""

    of: Formula


@_hashed_once
@dataclass(frozen=True, slots=True)
class Product(_Shared):
    """``x y ...``."""

    terms: tuple[Formula, ...]


@_hashed_once
@dataclass(frozen=True, slots=True)
class WeightedSum(_Shared):
    """``constant + w1 x1 + w2 x2 + ...``."""

    constant: float
    weights: tuple[float, ...]
    terms: tuple[Formula, ...]


@_hashed_once
@dataclass(frozen=True, slots=True)
class ShiftedOdds(_Shared):
    """``expit(logit base + log m1 + log m2 + ...)``; a base of 0 or 1 stays what it is."""

    base: Formula
    multipliers: tuple[Formula, ...]


@_hashed_once
@dataclass(frozen=True, slots=True)
class Intercept(_Shared):
    """The base b whose chances average to what they should, solved for each draw.

    ``sum_k w_k expit(logit b + log m_k) = average sum_k w_k``
    """

    average: Formula
    weights: tuple[Formula, ...]
    multipliers: tuple[Formula, ...]


@_hashed_once
@dataclass(frozen=True, slots=True)
class MeanLogit(_Shared):
    """``expit(w1 logit p1 + w2 logit p2 + ...)``: the logarithmic opinion pool of two states."""

    weights: tuple[float, ...]
    chances: tuple[Formula, ...]


@_hashed_once
@dataclass(frozen=True, slots=True)
class OddsShare(_Shared):
    """``m / (1 + m)``."""

    multiplier: Formula


@_hashed_once
@dataclass(frozen=True, slots=True)
class Survival(_Shared):
    """``exp(-rate * exposure)``: no event of a Poisson process."""

    rate: Formula
    exposure: float


type Part = Literal["up to", "above", "exactly"]


@_hashed_once
@dataclass(frozen=True, slots=True)
class CountChance(_Shared):
    """The chance of ``N <= k``, ``N > k`` or ``N = k`` events, mean ``mu = rate * exposure``.

    Poisson; with an ``excess`` negative binomial with the variance ``(1 + excess) mu``: size
    ``mu / excess``, ``p = 1 / (1 + excess)``. Each is accurate where it is small.
    """

    rate: Formula
    exposure: float
    part: Part
    k: int
    excess: Formula | None = None


@_hashed_once
@dataclass(frozen=True, slots=True)
class NormalCdf(_Shared):
    """``Phi(z)``."""

    z: Formula


@_hashed_once
@dataclass(frozen=True, slots=True)
class StudentCdf(_Shared):
    """P(T <= t) of Student's distribution with 3 degrees of freedom.

    ``1/2 + (arctan u + u / (1 + u^2)) / pi``, ``u = t / sqrt 3``.
    """

    t: Formula


@_hashed_once
@dataclass(frozen=True, slots=True)
class Clipped(_Shared):
    """``min(max(x, 0), 1)``."""

    of: Formula


@_hashed_once
@dataclass(frozen=True, slots=True)
class Log(_Shared):
    """``log x``."""

    of: Formula


@_hashed_once
@dataclass(frozen=True, slots=True)
class Ratio(_Shared):
    """``x / y``, zero where both are."""

    of: Formula
    by: Formula


@_hashed_once
@dataclass(frozen=True, slots=True)
class ConstantHazard(_Shared):
    """``(1 - (1 - p)^f) / p``: the share of occurrences in the first ``f`` of the window."""

    chance: Formula
    fraction: float


@_hashed_once
@dataclass(frozen=True, slots=True)
class DayByDay(_Shared):
    """The chance of each day of some days: a formula for each, that other formulas share."""

    chances: tuple[Formula, ...]


@_hashed_once
@dataclass(frozen=True, slots=True)
class OrderChance(_Shared):
    """The chance that independent dates come in some order; those of equal rank on one day.

    ``sum over days d_0 < d_1 < ... of the product of p_i(d_rank(i))``, by partial sums.
    """

    dates: tuple[DayByDay, ...]
    ranks: tuple[int, ...]


type Formula = (
    Const
    | Value
    | Complement
    | Product
    | WeightedSum
    | ShiftedOdds
    | Intercept
    | MeanLogit
    | OddsShare
    | Survival
    | CountChance
    | NormalCdf
    | StudentCdf
    | Clipped
    | Log
    | Ratio
    | ConstantHazard
    | DayByDay
    | OrderChance
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


def ratio(of: Formula, by: Formula) -> Formula:
    """Return ``x / y``, folded where it is a number; ``0 / 0`` is 0.

    >>> ratio(Const(0.25), Const(0.5)), ratio(ZERO, Value("p"))
    (Const(value=0.5), Const(value=0.0))
    """
    if of == ZERO or by == ZERO:
        return ZERO
    if isinstance(by, Const):
        if isinstance(of, Const):
            return Const(of.value / by.value)
        return product(of, Const(1.0 / by.value))
    return ONE if of == by else Ratio(of, by)


def shifted_odds(base: Formula, multipliers: Sequence[Formula]) -> Formula:
    """Return the chance whose odds are those of ``base`` times all multipliers."""
    if not multipliers or (isinstance(base, Const) and base.value in (0.0, 1.0)):
        return base
    return ShiftedOdds(base, tuple(multipliers))


def intercept(
    average: Formula, weights: Sequence[Formula], multipliers: Sequence[Formula]
) -> Formula:
    """Return the base whose odds, times each multiplier with its weight, average to a chance."""
    if average in (ZERO, ONE) or all(m == ONE for m in multipliers):
        return average
    return Intercept(average, tuple(weights), tuple(multipliers))


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
