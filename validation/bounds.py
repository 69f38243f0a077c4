"""How sure one can be of a rate that was seen so many times in so many runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv


def upper(events: float, runs: float, level: float = 0.95) -> float:
    """Return the one-sided upper bound of a rate.

    Clopper and Pearson (1934), 10.1093/biomet/26.4.404.

    Parameters
    ----------
    events, runs
        What was seen; they need not be whole, so that runs may be effective ones.
    level
        The bound holds in so many of all studies.

    Examples
    --------
    >>> round(upper(0, 299), 6)  # the rule of three: 1 - 0.05^(1/299)
    0.009969
    """
    if runs <= 0 or events >= runs:
        return 1.0
    return float(betaincinv(events + 1, runs - events, level))


@dataclass(frozen=True)
class Rate:
    """A rate of events in runs that come in clusters.

    Attributes
    ----------
    events, runs
        How many.
    bound
        The upper 95 % bound if all runs were independent.
    clustered
        The bound with runs that count for less because those of one model go together.
    effect
        The design effect: variance of the rate over clusters, relative to independent runs.
    """

    events: int
    runs: int
    bound: float
    clustered: float
    effect: float


def rate(clusters: Sequence[tuple[int, int]]) -> Rate:
    """Return the rate of events, each cluster as ``(events, runs)``.

    With r = sum e / sum n, the variance of r over C clusters is C / (C - 1) sum (e - r n)^2 /
    (sum n)^2 (the ratio estimator of Kish 1965, section 6.3); the design effect is its ratio to
    r (1 - r) / sum n, at least one. Where there is no event it cannot be estimated, and is one.
    """
    counts = np.array(clusters, dtype=float).reshape(-1, 2)
    events, runs = counts.sum(axis=0)
    effect = 1.0
    if 0 < events < runs and len(counts) > 1:
        r = events / runs
        left = counts[:, 0] - r * counts[:, 1]
        variance = len(counts) / (len(counts) - 1) * (left**2).sum() / runs**2
        effect = max(1.0, float(variance / (r * (1 - r) / runs)))
    return Rate(
        int(events),
        int(runs),
        upper(events, runs),
        upper(events / effect, runs / effect),
        effect,
    )
