"""One of the two independent samples behind every result, with a proposal of its own making."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast.inference.coordinates import Coordinates, streams
from forecast.inference.exact import ExactNetwork
from forecast.inference.pareto import effective_draws
from forecast.inference.proposal import (
    Component,
    Gaussian,
    Proposal,
    linearised,
    student_scale,
)
from forecast.inference.solution import Solution
from forecast.inference.statements import discrepancies, log_likelihood, slopes
from forecast.model.network import Network

type Array = NDArray[np.float64]

PILOT = 2048
"""Least draws from the prior for each half: the first two stages, and the start of the third."""

DRAWS = 4096
"""Draws of each half to begin with; doubled until the certificate holds."""

LINEARISE = (512, 512, 1024)
"""Draws for each step of the linearisation, and at least eight for each coordinate."""

GOOD_PRIOR = 0.2
"""ESS / n above which the prior serves as the proposal."""

STARTS, LIKELY = 6, 48
"""How many places the linearisation starts from, and among how many of the likeliest draws."""

NEAR = 0.5
"""Standard deviation of the first step from such a draw."""

LEAST_SHARE = 0.02
"""Share of the least component, relative to the greatest."""


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
    network, exact, coordinates
        The network, laid out, and its coordinates.
    seed, half
        The seed of the run, and 0 or 1.
    """

    def __init__(
        self, network: Network, exact: ExactNetwork, coordinates: Coordinates, seed: int, half: int
    ) -> None:
        self._network, self._exact, self._coordinates = network, exact, coordinates
        self._streams = streams(coordinates.names, seed, half)
        self._choices, self._steps = streams(["proposal", "linearisation"], seed, half)
        self._prior = Proposal()
        self.pilot = self._from_prior(PILOT)
        self.proposal = self._prior
        if network.statements and effective_draws(self.pilot.log_weights) < GOOD_PRIOR * PILOT:
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
        found: list[Component] = []
        for start, sd in self._starts():
            mode = self._linearise(start, sd, found)
            if mode is not None:
                found.append(mode)
        if not found:
            return self._prior
        masses = np.array([self._log_mass(mode) for mode in found])
        shares = np.maximum(np.exp(masses - masses.max()), LEAST_SHARE)
        return Proposal(tuple(found), tuple((shares / shares.sum()).tolist()))

    def _starts(self) -> Iterator[tuple[Array, float]]:
        """Yield places to linearise from, with their first spread.

        The prior's centre; then, of the likeliest draws of the pilot, each time the one that lies
        farthest from all before (Gonzalez 1985, 10.1016/0304-3975(85)90224-5): modes lie apart.
        """
        likely = np.argsort(-self.pilot.log_weights, kind="stable")[:LIKELY]
        z = self.pilot.z[:, likely]
        yield np.zeros(len(z)), 1.0
        chosen, distance = 0, np.full(len(likely), np.inf)
        for _ in range(STARTS - 1):
            yield z[:, chosen], NEAR
            distance = np.minimum(distance, ((z - z[:, [chosen]]) ** 2).sum(axis=0))
            chosen = int(np.argmax(distance))

    def _linearise(self, start: Array, sd: float, known: Sequence[Component]) -> Component | None:
        """Return the mode that is reached from a start.

        None where hardly a draw is possible, or where the way leads to a mode that is known.
        """
        d = len(self._coordinates)
        gaussian, component = Gaussian(start, sd**2 * np.eye(d)), None
        for least in LINEARISE:
            draws = max(least, 8 * d)
            z = gaussian.draw(self._steps.standard_normal((d, draws)))
            sample = self._sample(z, self._prior)
            sound = np.isfinite(sample.solution.log_evidence)
            if sound.sum() < 4 * d:
                return None
            u = discrepancies(self._network, self._coordinates, z, sample.solution.implied)[
                :, sound
            ]
            first, second = slopes(self._network, u)
            responses = np.vstack([sample.solution.log_evidence[sound], u])
            gaussian, component = linearised(
                gaussian, z[:, sound], responses, np.append(1.0, first), np.append(0.0, second)
            )
            if any(component.resembles(other) for other in known):
                return None
        return component

    def _log_mass(self, component: Component) -> float:
        """Return log E[likelihood] as far as a component covers it, by importance sampling."""
        draws = LINEARISE[0]
        normal = self._steps.standard_normal((len(self._coordinates), draws))
        z = component.transform(normal, student_scale(self._steps, draws))
        weights = self._sample(z, self._prior).log_weights - component.log_ratio(z)
        return float(np.logaddexp.reduce(weights)) - math.log(draws)
