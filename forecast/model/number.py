"""The laws of counts and quantities, from their rates and amounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from forecast.errors import Path
from forecast.model.cells import Cells
from forecast.model.curves import curve_of
from forecast.model.formula import ONE, Const, Formula, product
from forecast.model.laws import Amount, AnyLaw, Doubted, Events, Hurdle
from forecast.model.parameters import Judgements
from forecast.model.rows import Rows, Worlds, each
from forecast.model.shares import doubted
from forecast.model.truth import Truth
from forecast.spec.amount import AmountLeaf
from forecast.spec.calendar import Span
from forecast.spec.magnitude import AmountCases, AmountTimes, RateCases, RateTimes
from forecast.spec.number import ends, family_of
from forecast.spec.question import CountQuestion, Quantity


@dataclass(frozen=True)
class Magnitudes:
    """Rates and amounts of one question over the worlds of its parents.

    Attributes
    ----------
    rows
        The grammar of chance over those worlds.
    path
        Where the question stands.
    possible
        The worlds in which it means anything.
    """

    rows: Rows
    path: Path
    possible: Truth

    def rates(self, rate: object) -> Worlds:
        """Return a rate a day as a formula for each world."""
        return self._read(rate, (*self.path, "rate"), self.possible, self.rows.judgements.rate)

    def laws(self, question: CountQuestion | Quantity, days: Span, cells: Cells) -> Worlds:
        """Return the law of a count or quantity for each world.

        Parameters
        ----------
        question
            The question.
        days
            The days on which events count.
        cells
            Its cells.
        """
        if isinstance(question, CountQuestion) and question.rate is not None:
            laws = self._events(question, float((days.last - days.first).days + 1))
        else:
            curves = _Curves(question, cells, self.rows.judgements)
            path = (*self.path, "amount")
            laws = self._read(question.amount, path, self.possible, curves.law)
        if question.zero is None:
            return laws
        zeros = self.rows.chances(question.zero, (*self.path, "zero"), self.possible)
        out = np.empty(laws.shape, dtype=object)
        for world in np.ndindex(laws.shape):
            rest: Any = laws[world]
            zero: Any = zeros[world]
            if rest is not None:
                out[world] = Hurdle(zero, rest)
        return out

    def _events(self, question: CountQuestion, days: float) -> Worlds:
        bases = self.rates(question.rate)
        found = self._multiplied(bases, question.times or {}, (*self.path, "times"))
        excess = None
        if question.clumped is not None:
            here = (*self.path, "clumped")
            excess = self.rows.judgements.chance(question.clumped, here)
        return each(found, lambda rate: Events(rate, days, excess))

    def _read(
        self, value: object, path: Path, possible: Truth, leaf: Callable[[object, Path], object]
    ) -> Worlds:
        """Return a rate as a formula, or an amount as a law, for each world; ``leaf`` reads one."""
        match value:
            case RateCases(cases=rows) | AmountCases(cases=rows):
                return self.rows.by_case(
                    rows,
                    (*path, "cases"),
                    possible,
                    lambda inner, here, where: self._read(inner, here, where, leaf),
                )
            case RateTimes(base=base, times=times) | AmountTimes(base=base, times=times):
                bases = self._read(base, (*path, "base"), possible, leaf)
                return self._multiplied(bases, times, (*path, "times"))
            case _:
                read = leaf(value, path)
                return each(possible, lambda yes: read if yes else None)

    def _multiplied(self, bases: Worlds, times: Mapping[Any, object], path: Path) -> Worlds:
        """Multiply what stands in each world by every multiplier whose condition holds there."""
        factors = [
            (
                self.rows.holds(condition),
                self.rows.judgements.multiplier(m, (*path, condition.text)),
            )
            for condition, m in times.items()
        ]
        out = np.empty(bases.shape, dtype=object)
        for world in np.ndindex(bases.shape):
            base: Any = bases[world]
            here = [m for on, m in factors if on[world]]
            if base is not None:
                out[world] = base.scaled(here) if isinstance(base, Amount) else product(base, *here)
        return out


class _Curves:
    """The curves of one question."""

    def __init__(
        self, question: CountQuestion | Quantity, cells: Cells, judgements: Judgements
    ) -> None:
        self._question = question
        self._cells = cells
        self._judgements = judgements
        self._whole = isinstance(question, CountQuestion)
        low, high = ends(question)
        if question.zero is not None:  # what is not zero is one at least, or more than zero
            low = 1.0 if self._whole else 0.0
        self._ends = low, high

    def law(self, leaf: object, path: Path) -> AnyLaw:
        """Return the law of an amount that stands in a file."""
        said = self._judgements.amount(leaf)
        family, shift = family_of(said, self._question), 0.5 * self._whole
        low, high = self._ends
        curve = curve_of(said, family, *ends(self._question), shift)
        law = Amount(curve, ONE, low, high + self._whole, self._whole)
        if curve.cdf(law.high) - curve.cdf(law.low) < 1e-6:
            text = f"nothing of this amount lies inside {low:g}..{high:g}"
            self._judgements.refuse(path, "value", text, "name another family, or bounds")
            return law
        worth = leaf.worth if isinstance(leaf, AmountLeaf) else None
        return law if worth is None else self._doubted(law, worth, path)

    def _doubted(self, law: Amount, worth: float, path: Path) -> Doubted:
        bounds = {
            state: bound
            for state, bound in zip(self._cells.states, self._cells.bounds, strict=True)
            if bound is not None and not (self._question.zero is not None and bound == (0, 0))
        }
        masses = {state: _value(law.cell(bound)) for state, bound in bounds.items()}
        words = ", ".join(f"{state} {100 * mass:.3g} %" for state, mass in masses.items())
        chances = doubted(worth, masses, words, path, self._judgements)
        return Doubted(law, tuple(zip(bounds.values(), chances, strict=True)))


def _value(formula: Formula) -> float:
    assert isinstance(formula, Const)
    return formula.value
