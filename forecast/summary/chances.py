"""From draws of a chance to the reported probability with its stages, errors and intervals."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from forecast.inference.certificate import mean_and_error
from forecast.inference.quantiles import ENDS, LEVELS, WeightedDraws
from forecast.posterior import STAGES, Posterior, Stage
from forecast.summary.contract import Chance, Levels, Stages

type Array = NDArray[np.float64]


class Reporter:
    """Turns draws into reported chances, for one posterior.

    Parameters
    ----------
    posterior
        The result of inference.
    """

    def __init__(self, posterior: Posterior) -> None:
        self._stages = posterior.stages
        self._uncertain = bool(posterior.parameters) or bool(posterior.leans)
        self._ess = posterior.diagnostics.ess or math.inf

    def chance(self, values: Callable[[Stage], Array], inflation: float = 1.0) -> Chance:
        """Report a chance.

        Parameters
        ----------
        values
            Returns its draws at a stage, shape ``(draws,)``.
        inflation
            Factor on the Monte Carlo error for draws that depend on each other.
        """
        means, error = {}, 0.0
        for name in STAGES:
            stage = self._stages[name]
            mean, mcse = mean_and_error(stage.weights, values(stage)[:, None], stage.unseen)
            means[name], error = float(np.clip(mean[0], 0.0, 1.0)), float(mcse[0]) * inflation
        intervals, errors = self._intervals(values(self._stages["statements"]))
        return Chance(means["statements"], Stages(**means), error, intervals, errors)

    def _intervals(self, values: Array) -> tuple[Levels | None, Levels | None]:
        if not self._uncertain:
            return None, None
        draws = WeightedDraws(values, self._stages["statements"].weights)
        ends = np.clip(draws.quantiles(ENDS), 0.0, 1.0)
        errors = draws.quantile_errors(ENDS, self._ess)
        return levels(ends), levels(errors)


def levels(ends: Array) -> Levels:
    """Return the ends of intervals, in the order of `ENDS`, by the level of each interval."""
    return {name: (float(ends[2 * i]), float(ends[2 * i + 1])) for i, name in enumerate(LEVELS)}
