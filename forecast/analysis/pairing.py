"""Readings of the judgements in pairs: what two models say where their judgements are alike.

See docs/decisions: a pair is a point of the first model's posterior and the point of the second's
that it is carried to, so that both posteriors are kept and as little as possible is moved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast.analysis.readings import Reader, Reading, completed
from forecast.inference.pareto import effective_draws, smoothed
from forecast.inference.solution import Outcomes
from forecast.posterior import Posterior

type Array = NDArray[np.float64]
type Points = Mapping[str, Array]

ALIKE = 0.9
"""Share of the mass that two posteriors have in common above which points stay where they are."""

LEAST_ESS = 400.0
LARGEST_KHAT = 0.7


@dataclass(frozen=True)
class Pairs:
    """Points in pairs, weighted for either model.

    Attributes
    ----------
    first, second
        Weight of each point under either posterior, shape ``(points,)``; each sums to one.
    of_first, of_second
        What the models say at their own points.
    rows, columns, masses
        The coupling: which point of the first goes with which of the second, and how often. Summed
        over either it gives ``first`` and ``second`` back.
    moved
        Whether points of the second lie elsewhere than those of the first.
    is_sound
        Whether the weights of the second hold: enough effective points, a light tail.
    """

    first: Array
    second: Array
    of_first: Reading
    of_second: Reading
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    masses: Array
    moved: bool
    is_sound: bool


class Pairing:
    """A model that others are paired with.

    Parameters
    ----------
    first, posterior
        The model, and what the exact engine returned for it.
    """

    def __init__(self, first: Reader, posterior: Posterior) -> None:
        self._first, self._posterior = first, posterior
        self._known: dict[tuple[str, ...], tuple[dict[str, Array], Reading]] = {}

    def with_other(self, second: Reader, other: Posterior) -> Pairs:
        """Pair the readings of the model with those of another.

        Parameters
        ----------
        second, other
            The other model, and what the exact engine returned for it.
        """
        if _is_one(self._posterior, other):
            return _as_they_are(self._posterior, other)
        names = tuple(sorted({*self._first.names, *second.names}))
        count = _count(self._posterior, other)
        start, of_first = self._start(names, count)
        weights = _spread(self._posterior, count)
        best = _pairs(weights, of_first, second.read(start, count), np.zeros(count), moved=False)
        if _common(best) >= ALIKE or not names:
            return best
        carried, log_change = _carried(start, weights, names, other)
        moved = _pairs(weights, of_first, second.read(carried, count), log_change, moved=True)
        return max(best, moved, key=lambda pairs: (pairs.is_sound, _common(pairs)))

    def _start(self, names: tuple[str, ...], count: int) -> tuple[dict[str, Array], Reading]:
        """Return the model's points with these coordinates, and what it says there."""
        key = (*names, str(count))
        if key not in self._known:
            start = completed(_points(self._posterior, names), names, count, self._posterior.seed)
            self._known[key] = start, self._first.read(start, count)
        return self._known[key]


def _is_one(posterior: Posterior, other: Posterior) -> bool:
    """Whether two posteriors are the same points with the same weights: as for every `do`."""
    return (
        posterior.normals.keys() == other.normals.keys()
        and np.array_equal(posterior.log_weights, other.log_weights)
        and all(np.array_equal(z, other.normals[name]) for name, z in posterior.normals.items())
    )


def _as_they_are(posterior: Posterior, other: Posterior) -> Pairs:
    weights, same = posterior.final.weights, np.arange(posterior.draws)
    here, there = (
        Reading(np.zeros(len(same)), Outcomes(stage.scenarios, stage.questions, {}))
        for stage in (posterior.final, other.final)
    )
    return Pairs(weights, weights, here, there, same, same, weights, moved=False, is_sound=True)


def _points(posterior: Posterior, names: tuple[str, ...]) -> dict[str, Array]:
    return {name: posterior.normals[name] for name in names if name in posterior.normals}


def _count(posterior: Posterior, other: Posterior) -> int:
    """Return the number of points; a model without uncertainty takes those of the other."""
    return posterior.draws if posterior.normals else max(posterior.draws, other.draws)


def _spread(posterior: Posterior, count: int) -> Array:
    if posterior.draws == count:
        return posterior.final.weights
    return np.full(count, 1 / count)


def _pairs(
    weights: Array, of_first: Reading, of_second: Reading, log_change: Array, *, moved: bool
) -> Pairs:
    """Weigh the second model's points and couple them with the first's.

    With y = T(x) the weight of y is w(x) times p2(y) |det T| / p1(x), each p prior density times
    likelihood; ``log_change`` holds all of it but the likelihoods.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(weights) + of_second.log_likelihood - of_first.log_likelihood + log_change
    logs = np.where(weights > 0, np.nan_to_num(logs, nan=-np.inf, posinf=-np.inf), -np.inf)
    if _level(logs[weights > 0] - np.log(weights[weights > 0])):
        second, ess, khat = weights, np.inf, -np.inf
    else:
        log_weights, khat = smoothed(logs)
        second, ess = np.exp(log_weights), effective_draws(log_weights)
    return Pairs(
        weights,
        second,
        of_first,
        of_second,
        *coupled(weights, second),
        moved=moved,
        is_sound=bool(ess >= LEAST_ESS and khat < LARGEST_KHAT),
    )


def _level(change: Array) -> bool:
    """Whether all weights change alike: the two posteriors are one."""
    finite = np.isfinite(change).all()
    return bool(finite and np.ptp(change) < 1e-9 * max(1.0, float(np.abs(change).max())))


def _common(pairs: Pairs) -> float:
    return float(np.minimum(pairs.first, pairs.second).sum())


def coupled(first: Array, second: Array) -> tuple[NDArray[np.intp], NDArray[np.intp], Array]:
    """Couple two sets of weights: what both have stays together, the rest in the order of points.

    A maximal coupling (Thorisson 2000, Coupling, Stationarity and Regeneration): points are drawn
    independently of each other, so that the rest is as good as matched at random.

    >>> rows, columns, masses = coupled(np.array([0.5, 0.5]), np.array([0.25, 0.75]))
    >>> rows.tolist(), columns.tolist(), masses.tolist()
    ([0, 1, 0], [0, 1, 1], [0.25, 0.5, 0.25])
    """
    common = np.minimum(first, second)
    same = np.arange(len(first))
    left, right = np.cumsum(first - common), np.cumsum(second - common)
    rest = float(min(left[-1], right[-1]))
    ends = np.unique(np.concatenate([left, right]))
    ends = ends[(ends > 0) & (ends <= rest)]
    masses = np.diff(ends, prepend=0.0)
    middles = ends - masses / 2
    rows = np.minimum(np.searchsorted(left, middles), len(first) - 1)
    columns = np.minimum(np.searchsorted(right, middles), len(first) - 1)
    kept = masses > 1e-15
    held = common > 0
    return (
        np.concatenate([same[held], rows[kept]]),
        np.concatenate([same[held], columns[kept]]),
        np.concatenate([common[held], masses[kept]]),
    )


def _carried(
    start: Points, weights: Array, names: tuple[str, ...], other: Posterior
) -> tuple[dict[str, Array], Array]:
    """Carry points of one posterior to the other by the map that moves Gaussians least.

    y = m2 + A (x - m1) with A = S1^-1/2 (S1^1/2 S2 S1^1/2)^1/2 S1^-1/2 (Gelbrich 1990,
    10.1002/mana.19901470121), m and S the posteriors' means and covariances. It is symmetric: the
    order of coordinates makes no difference.

    Returns
    -------
    tuple
        The points y, and log(prior(y) |det A| / prior(x)).
    """
    x = np.array([start[name] for name in names])
    mean, covariance = _moments(x, weights)
    target_mean, target = np.zeros(len(names)), np.eye(len(names))
    there = [i for i, name in enumerate(names) if name in other.normals]
    if there:
        y = np.array([other.normals[names[i]] for i in there])
        own_mean, own = _moments(y, other.final.weights)
        target_mean[there] = own_mean
        target[np.ix_(there, there)] = own
    root, inverse = _root(covariance), _root(covariance, -0.5)
    matrix = inverse @ _root(root @ target @ root) @ inverse
    y = target_mean[:, None] + matrix @ (x - mean[:, None])
    log_volume = float(np.linalg.slogdet(matrix)[1])
    log_change = 0.5 * ((x**2).sum(axis=0) - (y**2).sum(axis=0)) + log_volume
    return dict(zip(names, y, strict=True)), log_change


def _moments(x: Array, weights: Array) -> tuple[Array, Array]:
    mean = x @ weights
    apart = x - mean[:, None]
    return mean, (apart * weights) @ apart.T


def _root(matrix: Array, power: float = 0.5) -> Array:
    """Return a power of a symmetric positive matrix."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    return np.asarray((vectors * np.maximum(values, 1e-12) ** power) @ vectors.T)
