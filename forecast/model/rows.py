"""Chances over the worlds of some questions: the one grammar of chance, as formulas."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast.errors import Path
from forecast.model import pooled
from forecast.model.averaging import MOST_ABOVE, TooManyAbove, pattern_chances
from forecast.model.cells import Cells
from forecast.model.formula import (
    ONE,
    ZERO,
    Formula,
    intercept,
    noisy_or,
    product,
    shifted_odds,
)
from forecast.model.network import Node
from forecast.model.parameters import Judgements
from forecast.model.relation import feasible
from forecast.model.truth import Truth, first_match, truth
from forecast.spec.expression import Expression
from forecast.spec.question import AnyOf, Cases, Odds

type Worlds = NDArray[np.object_]
"""An object for every combination of the parents' cells."""


@dataclass(frozen=True)
class Rows:
    """The rows of one table.

    Attributes
    ----------
    parents, cells
        The questions that span the worlds, one axis each, and their cells.
    judgements
        Where parameters are gathered.
    acted
        The parent that says whether a wide noisy-or, built as a chain before, has acted.
    above
        The questions built so far, parents first.
    """

    parents: tuple[str, ...]
    cells: Mapping[str, Cells]
    judgements: Judgements
    acted: str | None = None
    above: Mapping[str, Node] = field(default_factory=dict)

    @property
    def everywhere(self) -> Truth:
        """All worlds that can be: dates and what is said of how far apart they are agree."""
        return feasible(self.parents, self.cells)

    def holds(self, condition: Expression) -> Truth:
        """Return the worlds in which a condition holds."""
        return truth(condition, self.parents, self.cells)

    def chances(self, chance: object, path: Path, possible: Truth) -> Worlds:
        """Return a chance in each possible world.

        Parameters
        ----------
        chance, path
            A chance of the language, and where it stands.
        possible
            The worlds that matter.
        """
        match chance:
            case Cases(cases=rows):
                return self.by_case(rows, (*path, "cases"), possible, self.chances)
            case Odds():
                return self._odds(chance, path, possible)
            case AnyOf():
                return self._any_of(chance, path, possible)
            case _:
                return self._judged(chance, path, possible)

    def _judged(self, judgement: object, path: Path, possible: Truth) -> Worlds:
        """Return a judgement; where it is a mixture, in each world that of whoever is right."""
        joined = pooled.pool_at(judgement, path, self.judgements.spec)
        if joined is None or not joined.is_mixture:
            formula = self.judgements.chance(judgement, path)
            return each(possible, lambda yes: formula if yes else None)
        which, said = pooled.selector(joined), pooled.members(joined, self.judgements)
        axis = self.parents.index(which.name)
        out = np.empty(possible.shape, dtype=object)
        for world in np.ndindex(possible.shape):
            if possible[world]:
                out[world] = said[which.order[world[axis]]]
        return out

    def by_case(
        self,
        rows: Mapping[Expression, Any],
        path: Path,
        possible: Truth,
        inner: Callable[[Any, Path, Truth], Worlds],
    ) -> Worlds:
        """Return what the first row that holds says in each world."""
        decided, _ = first_match(rows, self.parents, self.cells, possible)
        out = np.empty(possible.shape, dtype=object)
        for i, (condition, content) in enumerate(rows.items()):
            here = decided == i
            found = inner(content, (*path, condition.text), here)
            out[here] = found[here]
        return out

    def _odds(self, chance: Odds, path: Path, possible: Truth) -> Worlds:
        # The base first: parameters are listed in the order in which they are met.
        bases = None
        if chance.average is None:
            bases = self.chances(chance.base, (*path, "base"), possible)
        shifts = [
            (
                self.holds(condition),
                self.judgements.multiplier(m, (*path, "odds", condition.text)),
            )
            for condition, m in chance.odds.items()
        ]

        def held(world: tuple[int, ...]) -> list[Formula]:
            return [m for on, m in shifts if on[world]]

        if bases is None:
            bases = self._solved(chance.average, path, possible, [on for on, _ in shifts], held)
        out = np.empty(possible.shape, dtype=object)
        for world in np.ndindex(possible.shape):
            if possible[world]:
                base: Any = bases[world]
                out[world] = shifted_odds(base, held(world))
        return out

    def _solved(
        self,
        average: object,
        path: Path,
        possible: Truth,
        shifts: Sequence[Truth],
        held: Callable[[tuple[int, ...]], list[Formula]],
    ) -> Worlds:
        """Return the base with which the chance averages to what is said, where it is asked for.

        Of a mixture each one's word is met where he is the one who is right.
        """
        said = self._judged(average, (*path, "average"), possible)
        out = np.empty(possible.shape, dtype=object)
        for word in dict.fromkeys(said[possible].tolist()):
            his = [possible[world] and said[world] == word for world in np.ndindex(said.shape)]
            here = np.array(his, dtype=bool).reshape(said.shape)
            out[here] = self._met(word, path, here, shifts, held)
        return out

    def _met(
        self,
        word: Formula,
        path: Path,
        here: Truth,
        shifts: Sequence[Truth],
        held: Callable[[tuple[int, ...]], list[Formula]],
    ) -> Formula:
        """Return the base with which the chance averages to a word over some worlds."""
        patterns = np.empty(here.shape, dtype=object)
        example: dict[object, tuple[int, ...]] = {}
        for world in np.ndindex(here.shape):
            if here[world]:
                patterns[world] = tuple(bool(on[world]) for on in shifts)
                example.setdefault(patterns[world], world)
        try:
            weights = pattern_chances(patterns, self.parents, self.above)
        except TooManyAbove:
            text = f"what is above has more than {MOST_ABOVE:,} combinations: no average is solved"
            fix = "write `base:`, the chance when no condition holds"
            self.judgements.refuse((*path, "average"), "not-yet-supported", text, fix)
            return word
        factors = [product(*held(example[pattern])) for pattern in weights]
        return intercept(word, list(weights.values()), factors)

    def _any_of(self, chance: AnyOf, path: Path, possible: Truth) -> Worlds:
        out = np.empty(possible.shape, dtype=object)
        if self.acted is not None:
            axis = self.parents.index(self.acted)
            for world in np.ndindex(possible.shape):
                out[world] = ZERO if world[axis] else ONE
            return out
        leak = self.leak(chance, path, possible)
        on = [
            (self.holds(cause), self.chances(p, (*path, "any_of", cause.text), possible))
            for cause, p in chance.causes.items()
        ]
        for world in np.ndindex(possible.shape):
            if possible[world]:
                acting: list[Any] = [leak[world], *(p[world] for holds, p in on if holds[world])]
                out[world] = noisy_or(acting)
        return out

    def leak(self, chance: AnyOf, path: Path, possible: Truth) -> Worlds:
        """Return the chance of the leak of a noisy-or in each possible world."""
        if chance.leak is None:
            return each(possible, lambda yes: ZERO if yes else None)
        return self.chances(chance.leak, (*path, "any_of", "leak"), possible)


def each(worlds: NDArray[Any], function: Callable[[Any], object]) -> Worlds:
    """Apply a function to every world, each distinct value once."""
    done: dict[object, object] = {}
    out = np.empty(worlds.shape, dtype=object)
    for world in np.ndindex(worlds.shape):
        value = worlds[world]
        key = bool(value) if isinstance(value, np.bool_) else value
        if key is None:
            continue
        if key not in done:
            done[key] = function(key)
        out[world] = done[key]
    return out
