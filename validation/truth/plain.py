"""Millions of draws from the prior, weighted: slow, and blind to nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from validation.truth.estimate import Estimate, effective, weighted
from validation.truth.target import Target

type Array = NDArray[np.float64]

BATCH = 50_000
LEAST = 4000.0
"""Effective draws that make it worth comparing."""


def plain(target: Target, seed: int, enough: float = 40_000, most: int = 5_000_000) -> Estimate:
    """Return the posterior means by weighting draws of the prior.

    Parameters
    ----------
    target
        What is sampled.
    seed
        Of the random stream.
    enough, most
        Draws go on until so many are effective, and end at so many.
    """
    dice = np.random.default_rng((seed, 3))
    logs: list[Array] = []
    found: list[Array] = []
    drawn, weights, top = 0, np.ones(1), -np.inf
    while drawn < most and (drawn == 0 or effective(weights) < enough):
        z = dice.standard_normal((len(target), BATCH))
        log = target.log_likelihood(z)
        # What weighs less than a billionth of the heaviest adds nothing that could be seen.
        top = max(top, float(log.max()))
        heavy = log > top - 21
        logs.append(log[heavy])
        found.append(target.chances(z[:, heavy]))
        drawn += BATCH
        joined = np.concatenate(logs)
        weights = np.exp(joined - joined.max())
        weights /= weights.sum()
    return weighted(weights, np.concatenate(found), effective(weights) > LEAST)
