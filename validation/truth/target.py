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

    def __len__(self) -> int:
        return len(self.space)

    def log_likelihood(self, z: Array) -> Array:
        """Return log P(evidence, statements | z), shape ``(draws,)``."""
        self.solved += z.shape[1]
        found = self._exact.solution(self.space.parameters(z))
        log = found.log_evidence.copy()
        for j, s in enumerate(self.network.statements):
            m = np.clip(np.nan_to_num(found.implied[:, j], nan=0.5), EDGE, 1 - EDGE)
            x = s.stated - np.log(m) + np.log1p(-m)
            if s.shift > 0:
                x = x + s.direction * s.shift * z[self.space.experts[s.expert]]
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
        found = self._exact.marginals(self.space.parameters(z), {1: [SCENARIO]})[1][SCENARIO]
        return np.nan_to_num(found)
