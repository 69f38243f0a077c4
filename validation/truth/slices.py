"""Elliptical slice sampling: many chains at once, each from a draw of the prior of its own.

Murray, Adams and MacKay (2010), AISTATS; with ellipses of a Student-t about the posterior, as in
Nishihara, Murray and Adams (2014), JMLR 15.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from validation.truth.estimate import Estimate
from validation.truth.spread import factor
from validation.truth.target import Target

type Array = NDArray[np.float64]

TAILS = 8.0
LARGEST_RHAT = 1.1
"""Chains that are many may each be short: this says that half a series is five times as long as its
memory, and before it counts a chain has walked 130 steps."""

LARGEST_DRIFT = 4.0
"""Standard errors by which the two halves of all chains may differ."""


@dataclass(frozen=True)
class Ellipses:
    """A Student-t that ellipses are drawn from.

    Attributes
    ----------
    mean, factor
        Its centre, and the lower Cholesky factor of its scale matrix.
    tails
        Degrees of freedom; infinite for the Normal.
    """

    mean: Array
    factor: Array
    tails: float

    def log_density(self, z: Array) -> Array:
        """Return its log density, up to a constant."""
        inside = (np.linalg.solve(self.factor, z - self.mean[:, None]) ** 2).sum(axis=0)
        if math.isinf(self.tails):
            return np.asarray(-0.5 * inside)
        return np.asarray(-0.5 * (self.tails + len(z)) * np.log1p(inside / self.tails))

    def companions(self, z: Array, dice: np.random.Generator) -> Array:
        """Return a second point of an ellipse through each z, less the centre."""
        d, chains = z.shape
        scale = np.ones(chains)
        if not math.isinf(self.tails):
            inside = (np.linalg.solve(self.factor, z - self.mean[:, None]) ** 2).sum(axis=0)
            scale = (self.tails + inside) / 2 / dice.gamma((self.tails + d) / 2, size=chains)
        return np.asarray(self.factor @ dice.standard_normal((d, chains)) * np.sqrt(scale))


class Chains:
    """Chains that walk side by side, each at its own pace.

    Parameters
    ----------
    target
        What is sampled.
    chains
        How many.
    dice
        The random stream.
    """

    def __init__(self, target: Target, chains: int, dice: np.random.Generator) -> None:
        self._target, self._dice = target, dice
        self.z = dice.standard_normal((len(target), chains))
        self._log = target.log_likelihood(self.z)
        while (lost := np.isneginf(self._log)).any():
            self.z[:, lost] = dice.standard_normal((len(target), int(lost.sum())))
            self._log[lost] = target.log_likelihood(self.z[:, lost])
        self.ellipses = Ellipses(np.zeros(len(target)), np.eye(len(target)), math.inf)

    def walk(self, steps: int) -> None:
        """Let each chain take so many steps."""
        chains = self.z.shape[1]
        left = np.full(chains, steps)
        ratio = self._ratio(self.z, self._log)
        start = np.full(chains, True)
        level, angle, low, high = (np.empty(chains) for _ in range(4))
        companion = np.empty_like(self.z)
        while (going := np.flatnonzero(left)).size:
            new = going[start[going]]
            companion[:, new] = self.ellipses.companions(self.z[:, new], self._dice)
            level[new] = ratio[new] + np.log(self._dice.random(new.size))
            angle[new] = self._dice.uniform(0, 2 * np.pi, new.size)
            low[new], high[new] = angle[new] - 2 * np.pi, angle[new]
            start[new] = False
            centred = self.z[:, going] - self.ellipses.mean[:, None]
            turned = centred * np.cos(angle[going]) + companion[:, going] * np.sin(angle[going])
            z = turned + self.ellipses.mean[:, None]
            log = self._target.log_likelihood(z)
            found = self._ratio(z, log)
            taken = found > level[going]
            moved, stayed = going[taken], going[~taken]
            self.z[:, moved], self._log[moved] = z[:, taken], log[taken]
            ratio[moved], start[moved] = found[taken], True
            left[moved] -= 1
            below = angle[stayed] < 0
            low[stayed[below]], high[stayed[~below]] = angle[stayed[below]], angle[stayed[~below]]
            angle[stayed] = self._dice.uniform(low[stayed], high[stayed])

    def _ratio(self, z: Array, log: Array) -> Array:
        return np.asarray(log - 0.5 * (z**2).sum(axis=0) - self.ellipses.log_density(z))

    def learn(self, steps: int) -> None:
        """Walk, and take the ellipses from where all chains have been in the later half."""
        self.walk(steps // 2)
        seen = []
        for _ in range(steps // 2):
            self.walk(1)
            seen.append(self.z)
            self.z = self.z.copy()
        points = np.concatenate(seen, axis=1)
        worth = 4.0 * self.z.shape[1]  # what follows in a chain tells little more
        self.ellipses = Ellipses(points.mean(axis=1), factor(points, worth), TAILS)


def sliced(target: Target, seed: int, chains: int = 400, steps: int = 300) -> Estimate:
    """Return the posterior means by elliptical slice sampling.

    Parameters
    ----------
    target
        What is sampled.
    seed
        Of the random stream.
    chains, steps
        How many chains, and how many steps each takes after the ellipses are fixed.

    Returns
    -------
    Estimate
        Its errors come from the spread of the chains' means, for chains are independent given the
        ellipses; sound where R-hat is below `LARGEST_RHAT` for every scenario and their halves do
        not drift apart, to which end the chains may go on for three times as long.
    """
    walk = Chains(target, chains, np.random.default_rng((seed, 2)))
    for _ in range(3):
        walk.learn(40)
    walk.walk(10)
    seen: list[Array] = []
    sound = False
    for _ in range(3):
        for _ in range(steps // 3):
            walk.walk(3)
            seen.append(target.chances(walk.z))
        series = np.array(seen)
        if sound := _rhat(series) < LARGEST_RHAT and _drift(series) < LARGEST_DRIFT:
            break
    own = series.mean(axis=0)
    errors = own.std(axis=0, ddof=1) / math.sqrt(chains)
    return Estimate(own.mean(axis=0), errors, bool(sound))


def _rhat(series: Array) -> float:
    """Return the largest R-hat of split chains, shape ``(steps, chains, scenarios)``."""
    half = len(series) // 2
    split = np.concatenate([series[:half], series[half : 2 * half]], axis=1)
    within = split.var(axis=0, ddof=1).mean(axis=0)
    between = split.mean(axis=0).var(axis=0, ddof=1)
    known = within > 1e-16
    return float(np.sqrt(1 + (between - within / half)[known] / within[known]).max(initial=1.0))


def _drift(series: Array) -> float:
    """Return the largest difference of the halves of all chains, in its standard errors."""
    half = len(series) // 2
    apart = series[half : 2 * half].mean(axis=0) - series[:half].mean(axis=0)
    error = apart.std(axis=0, ddof=1) / math.sqrt(len(apart))
    return float((np.abs(apart.mean(axis=0)) / np.maximum(error, 1e-7)).max())
