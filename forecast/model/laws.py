"""Laws: how a number is distributed in one world of its parents, as formulas of the parameters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from forecast.model.curves import LOGARITHMIC, Bins, Shape
from forecast.model.formula import (
    ONE,
    ZERO,
    Clipped,
    Const,
    CountChance,
    Formula,
    Log,
    NormalCdf,
    Part,
    StudentCdf,
    complement,
    product,
    ratio,
    weighted_sum,
)

if TYPE_CHECKING:
    from forecast.model.seen import Seen

type Bound = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Events:
    """Events at a rate a day over some days; with an ``excess`` they come in clumps.

    Poisson; or negative binomial with variance (1 + excess) times the mean. Either way what happens
    on some days is independent of what happens on others (clumps: a compound Poisson process whose
    clumps have logarithmic sizes), so that a part of the days is a law of the same kind.
    """

    rate: Formula
    days: float
    excess: Formula | None = None

    def over(self, days: float) -> Events:
        """Return the law of what happens on so many of the days."""
        return Events(self.rate, days, self.excess)

    def up_to(self, x: float) -> Formula:
        """Return P(N <= x)."""
        if x < 0:
            return ZERO
        return ONE if math.isinf(x) or self.days <= 0 else self._part("up to", x)

    def above(self, x: float) -> Formula:
        """Return P(N > x)."""
        if x < 0:
            return ONE
        return ZERO if math.isinf(x) or self.days <= 0 else self._part("above", x)

    def exactly(self, k: int) -> Formula:
        """Return P(N = k)."""
        if self.days <= 0:
            return ONE if k == 0 else ZERO
        return self._part("exactly", k)

    def cell(self, bound: Bound) -> Formula:
        """Return P(low <= N <= high)."""
        low, high = bound
        if high < max(low, 0):
            return ZERO
        if low == high:
            return self.exactly(int(low))
        if math.isinf(high):
            return self.above(low - 1)
        return weighted_sum(0.0, [(1.0, self.up_to(high)), (-1.0, self.up_to(low - 1))])

    def rare(self, bound: Bound) -> Formula:
        """Return P(low <= N <= high), accurate where even one event is unlikely."""
        low, high = bound
        if low == high:
            return self.exactly(int(low))
        return weighted_sum(0.0, [(1.0, self.above(low - 1)), (-1.0, self.above(high))])

    def by(self, days: float, least: int, bound: Bound) -> Formula:
        """Return P(at least so many on the first ``days``, all of them in a cell).

        All in the cell, less those with j < least at first and the cell less j afterwards.
        """
        early, late = self.over(days), self.over(self.days - days)
        fewer = [
            (-1.0, product(early.exactly(j), late.cell((bound[0] - j, bound[1] - j))))
            for j in range(min(least, int(min(bound[1] + 1, least))))
        ]
        return weighted_sum(0.0, [(1.0, self.cell(bound)), *fewer])

    def counted(self, days: float, number: int, bound: Bound) -> Formula:
        """Return P(so many on the first ``days``, all of them in a cell)."""
        late = self.over(self.days - days)
        return product(
            self.over(days).exactly(number), late.cell((bound[0] - number, bound[1] - number))
        )

    def seen_by(self, seen: Seen, days: float, least: int, bound: Bound) -> Formula:
        """Return P(what was seen, at least so many on the first ``days``, all in a cell)."""
        low, high = bound[0] - seen.number, bound[1] - seen.number
        late = self.over(self.days - seen.days)
        if days >= seen.days:
            more = late.by(days - seen.days, max(least - seen.number, 0), (low, high))
            return product(self.over(seen.days).exactly(seen.number), more)
        first, second = self.over(days), self.over(seen.days - days)
        ways = [
            (1.0, product(first.exactly(j), second.exactly(seen.number - j)))
            for j in range(max(least, 0), seen.number + 1)
        ]
        return product(weighted_sum(0.0, ways), late.cell((low, high)))

    def _part(self, part: Part, k: float) -> Formula:
        return CountChance(self.rate, self.days, part, math.floor(k), self.excess)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount on a curve, times a factor, cut to its bounds.

    With B on the curve, X = factor * B given low < X <= high. A whole number N is n where
    n < X <= n + 1, so that the curve stands for n at n + 1/2.
    """

    curve: Shape
    factor: Formula
    low: float
    high: float
    whole: bool

    def up_to(self, x: float) -> Formula:
        """Return P(N <= x)."""
        at = math.floor(x) + 1 if self.whole and math.isfinite(x) else x
        if at >= self.high:
            return ONE
        if at <= self.low:
            return ZERO
        bottom, top = self._uncut(self.low), self._uncut(self.high)
        inside = weighted_sum(0.0, [(1.0, self._uncut(at)), (-1.0, bottom)])
        return ratio(inside, weighted_sum(0.0, [(1.0, top), (-1.0, bottom)]))

    def above(self, x: float) -> Formula:
        """Return P(N > x)."""
        return complement(self.up_to(x))

    def cell(self, bound: Bound) -> Formula:
        """Return the chance of a cell: whole numbers ``low..high``, or what lies between."""
        below = self.up_to(bound[0] - 1) if self.whole else self.up_to(bound[0])
        return weighted_sum(0.0, [(1.0, self.up_to(bound[1])), (-1.0, below)])

    def scaled(self, factors: Sequence[Formula]) -> Amount:
        """Return the amount multiplied further."""
        return replace(self, factor=product(self.factor, *factors))

    def _uncut(self, x: float) -> Formula:
        """Return P(factor * B <= x)."""
        if math.isinf(x):
            return ONE if x > 0 else ZERO
        if isinstance(self.factor, Const):
            return Const(self.curve.cdf(x / self.factor.value))
        curve, smaller = self.curve, ratio(ONE, self.factor)
        if isinstance(curve, Bins):
            return weighted_sum(
                0.0,
                [
                    (share, Clipped(weighted_sum(-a / (b - a), [(x / (b - a), smaller)])))
                    for (a, b), share in zip(curve.bins, curve.shares, strict=True)
                ],
            )
        first, second = curve.first, curve.second
        cdf = StudentCdf if curve.family in ("student", "logstudent") else NormalCdf
        if curve.family in LOGARITHMIC:
            if x <= 0:
                return ZERO
            at = (math.log(x) - first) / second
            return cdf(weighted_sum(at, [(-1 / second, Log(self.factor))]))
        if curve.family in ("normal", "student"):
            return cdf(weighted_sum(-first / second, [(x / second, smaller)]))
        raise TypeError(f"a {curve.family} cannot be multiplied by a random number")


@dataclass(frozen=True, slots=True)
class Doubted:
    """A curve that is worth so many cases: its cells have chances of their own (Dirichlet).

    Within a cell the curve keeps its shape.
    """

    base: Amount
    cells: tuple[tuple[Bound, Formula], ...]

    def up_to(self, x: float) -> Formula:
        """Return P(N <= x) of the curve itself."""
        return self.base.up_to(x)

    def above(self, x: float) -> Formula:
        """Return P(N > x) of the curve itself."""
        return self.base.above(x)

    def cell(self, bound: Bound) -> Formula:
        """Return the chance of a cell, or of a part of one."""
        for whole, chance in self.cells:
            if whole == bound:
                return chance
            if whole[0] <= bound[0] and bound[1] <= whole[1]:
                return product(chance, ratio(self.base.cell(bound), self.base.cell(whole)))
        return ZERO


@dataclass(frozen=True, slots=True)
class Hurdle:
    """Zero with a chance of its own; what is above zero follows another law, given that it is.

    P(N = 0) = zero; P(N in cell) = (1 - zero) P(rest in cell | rest > 0).
    """

    zero: Formula
    rest: Events | Amount | Doubted

    def up_to(self, x: float) -> Formula:
        """Return P(N <= x)."""
        return ZERO if x < 0 else complement(self.above(x))

    def above(self, x: float) -> Formula:
        """Return P(N > x)."""
        return ONE if x < 0 else self._given(self.rest.above(x))

    def cell(self, bound: Bound) -> Formula:
        """Return the chance of a cell; the first holds nothing but zero."""
        if bound == (0, 0):
            return self.zero
        rest = self.rest
        return self._given(rest.rare(bound) if isinstance(rest, Events) else rest.cell(bound))

    def by(self, days: float, least: int, bound: Bound) -> Formula:
        """Return P(at least so many on the first ``days``, all of them in a cell)."""
        assert isinstance(self.rest, Events)
        if least <= 0:
            return self.cell(bound)
        return self._given(self.rest.by(days, least, bound))

    def counted(self, days: float, number: int, bound: Bound) -> Formula:
        """Return P(so many on the first ``days``, all of them in a cell)."""
        assert isinstance(self.rest, Events)
        if bound == (0, 0):
            return ZERO if number else self.zero
        return self._given(self.rest.counted(days, number, bound))

    def seen_by(self, seen: Seen, days: float, least: int, bound: Bound) -> Formula:
        """Return P(what was seen, at least so many on the first ``days``, all in a cell)."""
        assert isinstance(self.rest, Events)
        if least <= 0 or bound == (0, 0):
            return self.counted(seen.days, seen.number, bound) if least <= 0 else ZERO
        return self._given(self.rest.seen_by(seen, days, least, bound))

    def _given(self, chance: Formula) -> Formula:
        return product(complement(self.zero), ratio(chance, self.rest.above(0.0)))


type AnyLaw = Events | Amount | Doubted | Hurdle
