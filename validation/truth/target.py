"""The posterior of a network as a density over standard Normals."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from forecast.inference.exact import ExactNetwork
from forecast.model.network import SCENARIO, Network
from validation.truth.space import Space

type Array = NDArray[np.float64]

EDGE = 1e-9
"""What statements are about is cut to [EDGE, 1 - EDGE]: a part of the language's definition."""

MANY = 250
"""Coordinates above which those that nothing hangs on are left out."""

PROBES, AT_A_TIME, SAME = 4, 200, 1e-11
"""At how many places a coordinate is moved, how many of them are at a time, and what difference is
no more than rounding."""


class Target:
    """Posterior density of z relative to the standard Normal, and the chances that are asked.

    Parameters
    ----------
    network
        The network.

    Attributes
    ----------
    solved
        How many draws were solved so far.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self.space = Space(network)
        self.solved = 0
        self._exact = ExactNetwork(network)
        self._rows = np.arange(len(self.space))
        if len(self.space) > MANY:
            self._rows = self._that_matter()

    def __len__(self) -> int:
        return len(self._rows)

    def log_likelihood(self, z: Array) -> Array:
        """Return log P(evidence, statements | z), shape ``(draws,)``."""
        self.solved += z.shape[1]
        whole = self._whole(z)
        found = self._exact.solution(self.space.parameters(whole))
        log = found.log_evidence.copy()
        for j, s in enumerate(self.network.statements):
            m = np.clip(np.nan_to_num(found.implied[:, j], nan=0.5), EDGE, 1 - EDGE)
            x = s.stated - np.log(m) + np.log1p(-m)
            if s.shift > 0:
                x = x + s.direction * s.shift * whole[self.space.experts[s.expert]]
            x = x / s.sd
            match s.side:
                case None:
                    log -= 0.5 * x**2 + np.log(s.sd) + 0.5 * np.log(2 * np.pi)
                case "at most":
                    log += log_ndtr(x)
                case "at least":
                    log += log_ndtr(-x)
        return log

    def chances(self, z: Array) -> Array:
        """Return the chance of each scenario given the evidence, ``(draws, scenarios)``."""
        values = self.space.parameters(self._whole(z))
        found = self._exact.marginals(values, {1: [SCENARIO]})[1][SCENARIO]
        return np.nan_to_num(found)

    def _whole(self, z: Array) -> Array:
        if len(z) == len(self.space):
            return z
        whole = np.zeros((len(self.space), z.shape[1]))
        whole[self._rows] = z
        return whole

    def _that_matter(self) -> NDArray[np.intp]:
        """Return the coordinates that change the density or a chance; the others keep the prior."""
        dice = np.random.default_rng(0)
        base = dice.standard_normal((len(self.space), PROBES))
        log, chances = self.log_likelihood(base), self.chances(base)
        matter = []
        for rows in np.array_split(np.arange(len(self.space)), -(-len(self.space) // AT_A_TIME)):
            moved = np.tile(base, len(rows))
            columns = np.arange(moved.shape[1])
            moved[np.repeat(rows, PROBES), columns] = dice.standard_normal(len(columns))
            apart = np.abs(self.log_likelihood(moved) - np.tile(log, len(rows)))
            off = np.abs(self.chances(moved) - np.tile(chances, (len(rows), 1))).max(axis=1)
            matter.append(np.maximum(apart, off).reshape(len(rows), PROBES).max(axis=1) > SAME)
        return np.flatnonzero(np.concatenate(matter))
