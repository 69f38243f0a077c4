"""A network that is little different from one that was solved: its chances from the same draws."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forecast import pipeline
from forecast.analysis.column import Solved
from forecast.analysis.readings import Reader, Reading, completed
from forecast.inference.certificate import mean_and_error
from forecast.inference.pareto import effective_draws, smoothed
from forecast.model.network import Network
from forecast.posterior import Stage

type Array = NDArray[np.float64]

LEAST_ESS, LARGEST_KHAT = 400.0, 0.7
"""What weights must hold, as those of a result must, or the network is solved by itself."""


@dataclass(frozen=True)
class Found:
    """The scenarios of a network beside those of the one that was solved.

    Attributes
    ----------
    chances, errors
        Of each scenario, with the Monte Carlo error.
    changes, change_errors
        The same less the chances of the solved network; of paired draws where it was not solved
        anew.
    anew
        Whether the network was solved by itself.
    """

    chances: Array
    errors: Array
    changes: Array
    change_errors: Array
    anew: bool


class Near:
    """A solved network whose draws serve for others that are like it.

    Parameters
    ----------
    solved
        What the exact engine returned, and what it was asked.
    """

    def __init__(self, solved: Solved) -> None:
        self.solved = solved
        self._final: Stage = solved.posterior.final
        self.means, self.errors = mean_and_error(self._final.weights, self._final.scenarios)

    @functools.cached_property
    def _base(self) -> Reading:
        return Reader(self.solved.network).read(self.solved.posterior.normals, self._draws)

    @property
    def _draws(self) -> int:
        return self.solved.posterior.draws

    def found(self, network: Network) -> Found:
        """Return the scenarios of another network; changes only where there are as many.

        The draws are weighted anew with the ratio of both likelihoods (evidence and statements);
        parameters that only the other has are drawn from their prior. Where too few draws carry the
        weight, the network is solved by itself.
        """
        posterior = self.solved.posterior
        reader = Reader(network)
        points = completed(posterior.normals, reader.names, self._draws, posterior.seed)
        reading = reader.read(points, self._draws)
        with np.errstate(invalid="ignore"):
            ratio = reading.log_likelihood - self._base.log_likelihood
        logs = np.nan_to_num(posterior.log_weights + ratio, nan=-np.inf, neginf=-np.inf)
        if self._draws == 1 and np.isfinite(logs).all() and not reader.names:
            return self.weighed(np.zeros(1), reading.outcomes.scenarios)
        return self._held(logs, reading.outcomes.scenarios) or self._anew(network)

    def without_statement(self, place: int) -> Found:
        """Return the scenarios without one of the statements."""
        posterior = self.solved.posterior
        logs = posterior.log_weights - posterior.statement_log_likelihood[:, place]
        found = self._held(logs, self._final.scenarios)
        if found is not None:
            return found
        network = self.solved.network
        kept = [s for i, s in enumerate(network.statements) if i != place]
        return self._anew(replace(network, statements=tuple(kept)))

    def _held(self, logs: Array, chances: Array) -> Found | None:
        if not np.isfinite(logs).any():
            return None
        log_weights, khat = smoothed(logs)
        if effective_draws(log_weights) < LEAST_ESS or khat >= LARGEST_KHAT:
            return None
        return self.weighed(log_weights, chances)

    def weighed(self, log_weights: Array, chances: Array) -> Found:
        """Return what other weights and chances of the same draws make."""
        weights = np.exp(log_weights)
        means, errors = mean_and_error(weights, chances)
        if len(means) != len(self.means):
            return Found(means, errors, np.empty(0), np.empty(0), anew=False)
        mine = self._final.weights[:, None] * (self._final.scenarios - self.means)
        off = weights[:, None] * (chances - means) - mine
        return Found(means, errors, means - self.means, np.sqrt((off**2).sum(axis=0)), anew=False)

    def _anew(self, network: Network) -> Found:
        final = pipeline.infer(network, seed=self.solved.posterior.seed).final
        means, errors = mean_and_error(final.weights, final.scenarios)
        if len(means) != len(self.means):
            return Found(means, errors, np.empty(0), np.empty(0), anew=True)
        return Found(means, errors, means - self.means, np.hypot(errors, self.errors), anew=True)
