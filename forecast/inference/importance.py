"""The `exact` engine: weighted draws of the parameters, the network summed exactly for each.

Two independent halves are drawn, each with a proposal of its own making. Where the prior is good
enough (evidence only, or mild statements) it is the proposal; else the Gaussians that posterior
linearisation finds from the responses of the network, one for each mode that shows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast.errors import Fault, InvalidModel
from forecast.inference import certificate
from forecast.inference.coordinates import Coordinates, streams
from forecast.inference.exact import ExactNetwork
from forecast.inference.pareto import effective_draws, smoothed
from forecast.inference.proposal import (
    Component,
    Gaussian,
    Proposal,
    linearised,
    student_scale,
)
from forecast.inference.settings import Settings
from forecast.inference.solution import Solution
from forecast.inference.statements import discrepancies, log_likelihood, slopes
from forecast.model.network import Network
from forecast.posterior import Posterior, Stage

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

MOST_DRAWS = 131_072


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


def infer(network: Network, settings: Settings) -> Posterior:
    """Infer by importance sampling with exact sums.

    Parameters
    ----------
    network
        The network.
    settings
        Seed, draws, error target.

    Returns
    -------
    Posterior
        With its certificate; check ``diagnostics.status`` before any number is shown.

    Raises
    ------
    InvalidModel
        Where the evidence is impossible whatever the parameters; names what clashes.
    """
    exact = ExactNetwork(network)
    coordinates = Coordinates(network)
    if not network.parameters:
        return _without_parameters(network, exact, settings)
    halves = [Half(network, exact, coordinates, settings.seed, half) for half in (0, 1)]
    if not any(np.isfinite(half.pilot.solution.log_evidence).any() for half in halves):
        raise impossible(network, exact, coordinates.parameters(halves[0].pilot.z))
    draws = DRAWS if settings.draws is None else max(1, -(-settings.draws // 2))
    while True:
        for half in halves:
            half.grow(draws)
        pilot = halves[0].pilot + halves[1].pilot
        stages = prior_stages(pilot.solution)
        sample = _cut(halves[0].sample, draws) + _cut(halves[1].sample, draws)
        log_weights, khat = smoothed(sample.log_weights)
        values = coordinates.parameters(sample.z)
        final = stage(log_weights, sample.solution, 1)
        if not network.statements:
            stages["evidence"] = final
        member = np.repeat([0, 1], draws)
        diagnostics = certificate.certify_weights(
            {**stages, "statements": final},
            effective_draws(log_weights),
            khat,
            member,
            settings.error_target,
        )
        if diagnostics.status != "fail" or settings.draws is not None or 4 * draws > MOST_DRAWS:
            break
        draws *= 2
    return Posterior(
        engine="exact",
        seed=settings.seed,
        parameters=values,
        prior=coordinates.parameters(pilot.z),
        leans={expert: coordinates.lean(expert, sample.z) for expert in network.experts},
        log_weights=log_weights,
        stages={**stages, "statements": final},
        statement_log_likelihood=sample.statements.T,
        log_evidence=_log_mean(pilot.solution.log_evidence),
        diagnostics=diagnostics,
    )


def impossible(network: Network, exact: ExactNetwork, values: dict[str, Array]) -> InvalidModel:
    """Return the refusal of evidence that cannot all be so, naming what clashes."""
    clash = exact.clash(values)
    text = "the evidence is impossible: " + (
        " and ".join(clash) + (" cannot both be so" if len(clash) > 1 else " cannot be so")
    )
    file = network.file or network.title or ""
    fix = "check dates and conditions, or give the reports grades"
    if all(label.startswith("the condition") for label in clash):
        fix = "suppose something that the file leaves a chance to"
    elif not any(label.startswith("evidence") for label in clash):
        fix = "check the dates of what is supposed and of the windows"
    fault = Fault(file, 0, 0, (), "impossible-evidence", text, fix)
    return InvalidModel([fault])


def prior_stages(solution: Solution) -> dict[str, Stage]:
    """Return the first two stages from draws of the prior that were solved under both views."""
    draws = len(solution.log_evidence)
    known, _ = smoothed(solution.log_evidence)
    return {
        "inputs": stage(np.full(draws, -np.log(draws)), solution, 0),
        "evidence": stage(known, solution, 1),
    }


def stage(log_weights: Array, solution: Solution, view: int) -> Stage:
    """Return the chances of a stage, with the weights of its draws."""
    outcomes = solution.outcomes[view]
    # Where the evidence is impossible for a draw its chances are undefined, and its weight is zero.
    clean = {name: np.nan_to_num(values) for name, values in outcomes.questions.items()}
    scenarios = np.nan_to_num(outcomes.scenarios)
    events = {name: np.nan_to_num(values) for name, values in outcomes.events.items()}
    return Stage(np.exp(log_weights), scenarios, clean, solution.implied, {}, events)


def _cut(sample: Sample, draws: int) -> Sample:
    return Sample(
        sample.z[:, :draws],
        sample.solution[:draws],
        sample.statements[:, :draws],
        sample.log_ratio[:draws],
    )


def _log_mean(logs: Array) -> float:
    top = logs.max()
    return float(top + np.log(np.exp(logs - top).mean()))


def _without_parameters(network: Network, exact: ExactNetwork, settings: Settings) -> Posterior:
    solution = exact.solution({}, (0, 1))
    if not np.isfinite(solution.log_evidence).all():
        raise impossible(network, exact, {})
    even = np.zeros(1)
    known = stage(even, solution, 1)
    return Posterior(
        engine="exact",
        seed=settings.seed,
        parameters={},
        prior={},
        leans={},
        log_weights=even,
        stages={
            "inputs": stage(even, solution, 0),
            "evidence": known,
            "statements": known,
        },
        statement_log_likelihood=np.zeros((1, len(network.statements))),
        log_evidence=float(solution.log_evidence[0]),
        diagnostics=certificate.fixed(),
    )
