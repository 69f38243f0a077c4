"""Judgements one by one and in pairs: their curves, what they do together, where they flip."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from forecast.analysis.alterations import flipping
from forecast.analysis.column import Solved
from forecast.analysis.curves import Curve
from forecast.analysis.sensitivity_contract import Bar, Flip, Interaction

type Array = NDArray[np.float64]

END = float(ndtri(0.95))
"""The normal score of the upper of the two values; the lower has its negative."""

REACH = float(ndtri(0.99))
"""Scores within which a change of the lead is looked for."""

GRID = np.linspace(-REACH, REACH, 187)

STRONGEST = 6
"""Judgements whose pairs are looked at."""

NOTED, CLEAR = 0.02, 4.0
"""A pair is told of that does two points more together, and four of its errors: many are tried."""

SURE = 2.0
"""Errors by which another scenario must lead at the far side of a flip."""


@dataclass(frozen=True)
class Judged:
    """One component of a judgement, with its curve."""

    name: str
    who: str
    words: str
    place: str
    value: Callable[[float], float]
    score: Array
    curve: Curve


def interactions(
    judged: Sequence[Judged], bars: Sequence[Bar], solved: Solved
) -> Iterator[Interaction]:
    """Yield pairs that do more or less together: the product of two scores in a regression.

    On top of both curves, so that a bend of one is not taken for a pull of the other.
    """
    by_name = {each.name: each for each in judged}
    strongest = [by_name[bar.name] for bar in bars[:STRONGEST]]
    weights, chances = solved.posterior.final.weights, solved.posterior.final.scenarios
    found = []
    for one, other in combinations(strongest, 2):
        x, y = one.score, other.score
        design = np.stack(
            [np.ones_like(x), x, y, x**2, y**2, x**3, y**3, x * y, x**2 * y, x * y**2], axis=1
        )
        weighted = (design * weights[:, None]).T
        influence = np.linalg.solve(weighted @ design + 1e-12 * np.eye(10), weighted)
        residuals = chances - design @ (influence @ chances)
        # f(+,+) - f(+,-) - f(-,+) + f(-,-): only what is odd in both is left.
        row = 4 * END**2 * influence[7]
        change = row @ chances
        error = np.sqrt(((row[:, None] * residuals) ** 2).sum(axis=0))
        i = int(np.argmax(np.abs(change)))
        if abs(change[i]) > NOTED and abs(change[i]) > CLEAR * error[i]:
            scenario = solved.network.scenarios[i]
            found.append(
                Interaction(one.name, other.name, scenario, float(change[i]), float(error[i]))
            )
    yield from sorted(found, key=lambda each: -abs(each.change))


def flips(judged: Sequence[Judged], names: Sequence[str], solved: Solved) -> Iterator[Flip]:
    """Yield the judgements that alone can change the lead, the nearest first."""
    final = solved.posterior.final
    means = final.weights @ final.scenarios
    lead = flipping(means.tolist())
    found = [
        flip
        for each in judged
        if (flip := _flip(each, lead, names, float(final.weights @ each.score))) is not None
    ]
    yield from sorted(found, key=lambda flip: (flip.distance, flip.name))


def _flip(judged: Judged, lead: int, names: Sequence[str], now: float) -> Flip | None:
    """Return the nearest value at which another scenario takes the lead, if there is one."""
    values = judged.curve.at(GRID)
    margins = values[:, [lead]] - values
    margins[:, lead] = np.inf
    least = margins.min(axis=1)
    behind = np.flatnonzero(least < 0)
    best: tuple[float, float, int] | None = None
    for side in (1, -1):
        beyond = [i for i in behind if side * (GRID[i] - now) > 0]
        if not beyond:
            continue
        first = beyond[0] if side > 0 else beyond[-1]
        rival = int(np.argmin(margins[first]))
        if not _is_sure(judged.curve, lead, rival, GRID[beyond]):
            continue
        before = first - side
        at = float(GRID[first])
        if 0 <= before < len(GRID) and least[before] > 0:
            share = least[before] / (least[before] - least[first])
            at = float(GRID[before] + share * (GRID[first] - GRID[before]))
        if best is None or abs(at - now) < abs(best[0] - now):
            best = at, side, rival
    if best is None:
        return None
    score, way, rival = best
    return Flip(
        judged.name,
        judged.value(score),
        way > 0,
        float(ndtr(score)),
        abs(score - now),
        names[rival],
    )


def _is_sure(curve: Curve, lead: int, rival: int, points: Array) -> bool:
    """Whether the rival leads somewhere by more than the error of the difference."""
    two = np.array([lead, rival])
    for point in (points[0], points[-1], points[len(points) // 2]):
        row = curve.contrast(float(point))
        margin = float(row @ (curve.coefficients[:, rival] - curve.coefficients[:, lead]))
        apart = curve.residuals[:, two[1]] - curve.residuals[:, two[0]]
        error = float(np.sqrt((((row @ curve.influence) * apart) ** 2).sum()))
        if margin > SURE * error + 1e-12:
            return True
    return False
