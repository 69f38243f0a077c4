"""One of the two independent samples behind every result, with a proposal of its own making."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast.inference.adaptation import Pool, adapted
from forecast.inference.coordinates import streams
from forecast.inference.modes import Modes, distinct
from forecast.inference.pareto import effective_draws
from forecast.inference.proposal import Proposal
from forecast.inference.responses import Responses
from forecast.inference.solution import Solution
from forecast.inference.statements import discrepancies, log_likelihood

type Array = NDArray[np.float64]

PILOT = 2048
"""Least draws from the prior for each half: the first two stages, and the start of the third."""

DRAWS = 4096
"""Draws of each half to begin with; doubled until the certificate holds."""

GOOD_PRIOR = 0.2
"""ESS / n above which the prior serves as the proposal."""

STARTS, LIKELY, BLINDFOLD = 6, 48, 6
"""How many places the search for modes starts from, among how many of the likeliest draws, and how
many further starts are draws of the prior however unlikely: a small mode is near no likely one."""

REFINE = 32
"""Draws over which the slopes at a mode are averaged."""


@dataclass(frozen=True)
class Sample:
    """Draws and what the network says of each.

    Attributes
    ----------
    z
        Coordinates, shape ``(coordinates, draws)``.
    solution
        log P(evidence), implied chances, outcomes.
    statements
        Log likelihood of each statement, shape ``(statements, draws)``.
    log_ratio
        log(prior density / proposal density).
    """

    z: Array
    solution: Solution
    statements: Array
    log_ratio: Array

    @property
    def log_weights(self) -> Array:
        """Log weight of each draw, with the statements."""
        return np.asarray(self.solution.log_evidence + self.statements.sum(axis=0) + self.log_ratio)

    def __add__(self, other: Sample) -> Sample:
        return Sample(
            np.concatenate([self.z, other.z], axis=1),
            self.solution + other.solution,
            np.concatenate([self.statements, other.statements], axis=1),
            np.concatenate([self.log_ratio, other.log_ratio]),
        )


class Half:
    """One of two independent samples, with its own random streams and its own proposal.

    Parameters
    ----------
    responses
        The responses of the network; with them the network, laid out, and its coordinates.
    seed, half
        The seed of the run, and 0 or 1.
    """

    def __init__(self, responses: Responses, seed: int, half: int) -> None:
        self._responses = responses
        self._network, self._exact = responses.network, responses.exact
        self._coordinates = coordinates = responses.coordinates
        self._streams = streams(coordinates.names, seed, half)
        self._choices, self._steps = streams(["proposal", "linearisation"], seed, half)
        self._prior = Proposal()
        self.pilot = self._from_prior(PILOT)
        self.proposal = self._prior
        if effective_draws(self.pilot.log_weights) < GOOD_PRIOR * PILOT:
            self.proposal = self._fit()
        self.sample = self.pilot if self.proposal.is_prior else self.draw(DRAWS)

    def draw(self, draws: int) -> Sample:
        """Draw from the half's proposal."""
        normal = self._coordinates.draw(self._streams, draws)
        return self._sample(self.proposal.transform(normal, self._choices), self.proposal, (1,))

    def grow(self, draws: int) -> None:
        """Add draws until there are this many, and half as many from the prior."""
        if (missing := draws - self.sample.z.shape[1]) > 0:
            self.sample += self.draw(missing)
        if (missing := draws // 2 - self.pilot.z.shape[1]) > 0:
            self.pilot += self._from_prior(missing)

    def _from_prior(self, draws: int) -> Sample:
        normal = self._coordinates.draw(self._streams, draws)
        return self._sample(normal, self._prior, (0, 1))

    def _sample(self, z: Array, proposal: Proposal, views: tuple[int, ...] = ()) -> Sample:
        solution = self._exact.solution(self._coordinates.parameters(z), views)
        u = discrepancies(self._network, self._coordinates, z, solution.implied)
        return Sample(z, solution, log_likelihood(self._network, u), proposal.log_ratio(z))

    def _fit(self) -> Proposal:
        """Return a mixture of the modes that several starts lead to; the prior where none does."""
        modes = Modes(self._responses)
        places, heights = modes.search(self._starts())
        order = np.argsort(-heights, kind="stable")
        found = distinct(modes.touching(places[:, order[np.isfinite(heights[order])]]))
        normal = self._steps.standard_normal((len(self._coordinates), REFINE))
        found += [modes.linearised(mode, normal) for mode in found]
        if not found:
            return self._prior
        even = Proposal(tuple(found), (1 / len(found),) * len(found))
        pilot = self.pilot
        pool = Pool(pilot.z, pilot.log_weights, [(self._prior, pilot.z.shape[1])])
        return adapted(even, pool, modes, self._learn)

    def _learn(self, proposal: Proposal, draws: int) -> tuple[Array, Array]:
        """Draw from a proposal that is still learning; return coordinates and log likelihoods."""
        normal = self._steps.standard_normal((len(self._coordinates), draws))
        sample = self._sample(proposal.transform(normal, self._steps), self._prior)
        return sample.z, sample.log_weights

    def _starts(self) -> Array:
        """Return places to start from, shape ``(coordinates, starts)``.

        The prior's centre; then, of the likeliest draws of the pilot, each time the one that lies
        farthest from all before (Gonzalez 1985, 10.1016/0304-3975(85)90224-5): modes lie apart.
        """
        likely = np.argsort(-self.pilot.log_weights, kind="stable")[:LIKELY]
        z = self.pilot.z[:, likely]
        starts = [np.zeros(len(z))]
        chosen, distance = 0, np.full(len(likely), np.inf)
        for _ in range(STARTS - 1):
            starts.append(z[:, chosen])
            distance = np.minimum(distance, ((z - z[:, [chosen]]) ** 2).sum(axis=0))
            chosen = int(np.argmax(distance))
        return np.column_stack([*starts, self.pilot.z[:, :BLINDFOLD]])
