"""What a report tells of some questions, attenuated by how reliable it is."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecast.errors import Path
from forecast.model.cpd import tabulated
from forecast.model.formula import Complement, Formula, weighted_sum
from forecast.model.network import Table
from forecast.model.rows import Worlds, each

TINY = 1e-12
"""A likelihood below this counts as this when strengths are compared; it is still what it is."""


@dataclass(frozen=True)
class Telling:
    """One thing that a report tells: how likely it is to be said, world by world.

    Attributes
    ----------
    text
        What it is about, in words.
    scope
        The questions that it is about, in alphabetical order.
    what
        Which worlds it sets apart. Reports of one origin that set the same worlds apart tell the
        same thing, whichever way it is worded.
    chances
        The chance that a report that carries information would say so, in each world.
    r, noise
        How reliable the report is, and q: how often one that carries no information would say so.
    logs
        log (r L + (1 - r) q) in each world, L the median of the chance: what it tells, with its
        grade.
    path
        Where it stands.
    """

    text: str
    scope: tuple[str, ...]
    what: tuple[object, ...]
    chances: Worlds
    r: float
    noise: float
    logs: NDArray[np.float64]
    path: Path

    @property
    def strength(self) -> float:
        """The log likelihood ratio of the worlds that are furthest apart."""
        return float(np.ptp(self.logs))

    def contradicts(self, other: Telling) -> bool:
        """Whether it finds some world likelier than another that the other finds less likely."""
        pairs = combinations(set(zip(self.logs.flat, other.logs.flat, strict=True)), 2)
        return any((a - b) * (x - y) < 0 for (a, x), (b, y) in pairs)


def likelihood(telling: Telling) -> Table:
    """Return P(said | cells) = r L + (1 - r) q, L the chance that it is said where it is informed.

    L is 1 or 0 for ``observed``, M / (1 + M) or 1 / (1 + M) for ``odds``: bounded, so that the
    same is told by the complement with 1 / M.
    """
    plain = (1 - telling.r) * telling.noise

    def said(chance: Formula) -> Formula:
        match chance:
            case Complement(of):
                return weighted_sum(plain + telling.r, [(-telling.r, of)])
            case _:
                return weighted_sum(plain, [(telling.r, chance)])

    worlds = each(telling.chances, said)
    return tabulated(telling.scope, worlds.shape, iter([worlds.ravel().tolist()]))


def attenuated(chances: ArrayLike, r: float, noise: float) -> NDArray[np.float64]:
    """Return log (r L + (1 - r) q) of what a report of reliability r tells."""
    return np.log(np.maximum(r * np.asarray(chances, dtype=float) + (1 - r) * noise, TINY))


def set_apart(labels: NDArray[np.generic]) -> tuple[int, ...]:
    """Return a number for each world, the same for worlds with the same label.

    Numbered as they come, so that a condition and its complement set the same worlds apart.

    >>> set_apart(np.array([True, False])), set_apart(np.array([2, 2, 0]))
    ((0, 1), (0, 0, 1))
    """
    numbers: dict[object, int] = {}
    return tuple(numbers.setdefault(label, len(numbers)) for label in labels.ravel().tolist())
