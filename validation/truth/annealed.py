"""An annealed population, and then importance sampling from what it found, or longer walks.

Particles go from the prior to the posterior through powers of the likelihood (Del Moral, Doucet
and Jasra 2006, 10.1111/j.1467-9868.2006.00553.x), moved by preconditioned Crank-Nicolson steps.
Clusters of them, where they end and on their way, are replaced by wide Student-t distributions,
mixed with the prior; draws from this mixture, weighted, give the means. (From where they end alone
a mode of one thousandth of the mass was missed, and the error understated tenfold.) With many
coordinates no such mixture is close enough, and the particles walk on instead.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from validation.truth.estimate import Estimate, effective, weighted
from validation.truth.spread import MANY, factor
from validation.truth.target import Target

type Array = NDArray[np.float64]

PARTICLES = 4000
MOVES = 6
DROP = 0.5
"""Effective particles, relative to all, that a step to the next power leaves."""

CLUSTERS = 4
WIDER = 1.3
TAILS = 6.0
PRIOR, WAY = 0.15, 0.4
"""Share of the draws that come from the prior; of the rest, from clusters on the way."""

BATCH = 40_000


class Population:
    """Particles on their way from the prior to the posterior.

    Parameters
    ----------
    target
        What is sampled.
    dice
        The random stream.

    Attributes
    ----------
    z
        The particles, ``(coordinates, PARTICLES)``.
    path
        Where they were at each power of the likelihood before the last.
    """

    def __init__(self, target: Target, dice: np.random.Generator) -> None:
        self._target, self._dice = target, dice
        self.z = dice.standard_normal((len(target), PARTICLES))
        self._log = target.log_likelihood(self.z)
        self._power, self._step = 0.0, 0.5
        self._learn()
        self.path: list[Array] = []
        while self._power < 1:
            rise = _rise(self._log, self._power)
            weights = np.exp(rise * (self._log - self._log.max()))
            self._power += rise
            chosen = _systematic(weights / weights.sum(), dice)
            self.z, self._log = self.z[:, chosen], self._log[chosen]
            self._learn()
            self.walk(MOVES)
            if self._power < 1:
                self.path.append(self.z)

    def _learn(self) -> None:
        self._mean, self._factor = self.z.mean(axis=1)[:, None], factor(self.z)

    def walk(self, moves: int) -> None:
        """Move each particle so many times."""
        z, log = self.z, self._log
        for _ in range(moves):
            noise = self._factor @ self._dice.standard_normal(z.shape)
            step = self._step
            new = self._mean + math.sqrt(1 - step**2) * (z - self._mean) + step * noise
            found = self._target.log_likelihood(new)
            gain = self._power * (found - log) + self._excess(new) - self._excess(z)
            taken = np.log(self._dice.random(PARTICLES)) < gain
            z, log = np.where(taken, new, z), np.where(taken, found, log)
            self._step = min(0.95, max(0.02, step * math.exp(taken.mean() - 0.3)))
        self.z, self._log = z, log

    def _excess(self, z: Array) -> Array:
        """Return log(prior density / density of the steps' Normal), up to a constant."""
        inside = np.linalg.solve(self._factor, z - self._mean)
        return np.asarray(0.5 * (inside**2).sum(axis=0) - 0.5 * (z**2).sum(axis=0))


def walked(target: Target, particles: Population, rounds: int = 25, moves: int = 6) -> Estimate:
    """Return the posterior means over particles that walk on.

    The first three rounds do not count. Errors are those of the particles' own means, as if they
    were independent, which resampling made them not quite.
    """
    seen = []
    for i in range(rounds):
        particles.walk(moves)
        if i >= 3:
            seen.append(target.chances(particles.z))
    own = np.array(seen).mean(axis=0)
    return Estimate(own.mean(axis=0), own.std(axis=0, ddof=1) / math.sqrt(PARTICLES))


def _rise(log: Array, power: float) -> float:
    """Return by how much the power may grow so that `DROP` of the particles stay effective."""
    low, high = 0.0, 1 - power
    for _ in range(40):
        middle = high if low == 0.0 else (low + high) / 2
        with np.errstate(invalid="ignore"):
            w = np.exp(middle * (log - log.max()))
        if w.sum() ** 2 / (w**2).sum() >= DROP * len(log):
            low = middle
        else:
            high = middle if low > 0 else middle / 2
        if low >= high:
            break
    return max(low, 1e-9) if low < 1 - power else 1 - power


def _systematic(weights: Array, dice: np.random.Generator) -> NDArray[np.intp]:
    ends = np.cumsum(weights)
    points = (np.arange(len(weights)) + dice.random()) / len(weights) * ends[-1]
    return np.asarray(np.searchsorted(ends, points), dtype=np.intp)


@dataclass(frozen=True)
class Cloud:
    """A Student-t about a cluster of particles."""

    share: float
    mean: Array
    factor: Array

    def draw(self, count: int, dice: np.random.Generator) -> Array:
        """Return draws, ``(coordinates, count)``."""
        scale = np.sqrt(TAILS / dice.chisquare(TAILS, count))
        normal = dice.standard_normal((len(self.mean), count))
        return np.asarray(self.mean[:, None] + self.factor @ normal * scale)

    def log_density(self, z: Array) -> Array:
        """Return its log density relative to the constant of the standard Normal."""
        d = len(self.mean)
        inside = (np.linalg.solve(self.factor, z - self.mean[:, None]) ** 2).sum(axis=0)
        constant = (
            gammaln((TAILS + d) / 2)
            - gammaln(TAILS / 2)
            + d / 2 * math.log(2 / TAILS)
            - np.log(np.diag(self.factor)).sum()
        )
        return np.asarray(constant - (TAILS + d) / 2 * np.log1p(inside / TAILS))


def clouds(z: Array, dice: np.random.Generator) -> list[Cloud]:
    """Return wide Student-t distributions about clusters of particles (k-means)."""
    d, count = z.shape
    centres = z[:, dice.choice(count, CLUSTERS, replace=False)]
    for _ in range(20):
        label = ((z[:, :, None] - centres[:, None, :]) ** 2).sum(axis=0).argmin(axis=1)
        groups = [
            z[:, label == k] if (label == k).any() else centres[:, [k]] for k in range(CLUSTERS)
        ]
        centres = np.array([group.mean(axis=1) for group in groups]).T
    enough = [group for group in groups if group.shape[1] >= 8 * d] or [z]
    whole = sum(group.shape[1] for group in enough)
    return [
        Cloud(group.shape[1] / whole, group.mean(axis=1), WIDER * factor(group)) for group in enough
    ]


class Mixture:
    """The prior, mixed with clouds about the particles where they end and on their way."""

    def __init__(self, particles: Population, dice: np.random.Generator) -> None:
        ends = [(1.0 - WAY, particles.z)]
        ends += [(WAY / len(particles.path), z) for z in particles.path]
        whole = sum(share for share, _ in ends)
        self._clouds = [
            replace(cloud, share=(1 - PRIOR) * share / whole * cloud.share)
            for share, z in ends
            for cloud in clouds(z, dice)
        ]

    def draw(self, count: int, dice: np.random.Generator) -> Array:
        """Return draws, ``(coordinates, count)``."""
        counts = dice.multinomial(count, [PRIOR, *(cloud.share for cloud in self._clouds)])
        parts = [dice.standard_normal((len(self._clouds[0].mean), int(counts[0])))]
        for cloud, own in zip(self._clouds, counts[1:], strict=True):
            parts.append(cloud.draw(int(own), dice))
        return np.concatenate(parts, axis=1)

    def log_ratio(self, z: Array) -> Array:
        """Return log(prior density / own density)."""
        prior = -0.5 * (z**2).sum(axis=0)
        density = math.log(PRIOR) + prior
        for cloud in self._clouds:
            density = np.logaddexp(density, math.log(cloud.share) + cloud.log_density(z))
        return np.asarray(prior - density)


def annealed(target: Target, seed: int, enough: float = 80_000, most: int = 600_000) -> Estimate:
    """Return the posterior means by annealing and importance sampling.

    Parameters
    ----------
    target
        What is sampled.
    seed
        Of the random stream.
    enough, most
        Draws go on until so many are effective, and end at so many.

    Returns
    -------
    Estimate
        Sound where no draw carries more than a five-hundredth of the weight, and one draw in
        hundred is effective.
    """
    dice = np.random.default_rng((seed, 1))
    particles = Population(target, dice)
    if len(target) > MANY:
        return walked(target, particles)
    mixture = Mixture(particles, dice)
    logs: list[Array] = []
    found: list[Array] = []
    drawn, weights = 0, np.ones(1)
    while drawn < most and (drawn == 0 or effective(weights) < enough):
        z = mixture.draw(BATCH, dice)
        logs.append(target.log_likelihood(z) + mixture.log_ratio(z))
        found.append(target.chances(z))
        log = np.concatenate(logs)
        weights = np.exp(log - log.max())
        weights /= weights.sum()
        drawn += BATCH
    sound = bool(weights.max() < 0.002) and effective(weights) > 0.01 * drawn
    return weighted(weights, np.concatenate(found), sound)
