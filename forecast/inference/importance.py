"""The `exact` engine: weighted draws of the parameters, the network summed exactly for each.

Two independent halves are drawn, each with a proposal of its own making. Where the prior is good
enough (evidence only, or mild statements) it is the proposal; else the Gaussians that posterior
linearisation finds from the responses of the network, one for each mode that shows.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from forecast.errors import Fault, InvalidModel
from forecast.inference import certificate
from forecast.inference.coordinates import Coordinates
from forecast.inference.exact import ExactNetwork
from forecast.inference.half import DRAWS, Half, Sample
from forecast.inference.pareto import effective_draws, smoothed
from forecast.inference.responses import Responses
from forecast.inference.settings import Settings
from forecast.inference.solution import Solution
from forecast.model.network import Network
from forecast.posterior import Posterior, Stage

type Array = NDArray[np.float64]

MOST_DRAWS = 131_072


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
    responses = Responses(network, exact, coordinates)
    halves = [Half(responses, settings.seed, half) for half in (0, 1)]
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
        if not all(half.proposal.is_prior for half in halves):
            final = replace(final, unseen=certificate.UNSEEN)
        if not network.statements:
            stages["evidence"] = final
        member = np.repeat([0, 1], draws)
        diagnostics = certificate.certify_weights(
            {**stages, "statements": final},
            effective_draws(log_weights),
            khat,
            member,
            settings.error_target,
            coordinates.far_out(sample.z, np.exp(log_weights)),
        )
        if diagnostics.status != "fail" or settings.draws is not None or 4 * draws > MOST_DRAWS:
            break
        if effective_draws(log_weights) < certificate.LEAST_SHARE * len(log_weights):
            break  # the share of effective draws does not grow with their number
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
        normals=dict(zip(coordinates.names, sample.z, strict=True)),
        prior_leans={expert: coordinates.lean(expert, pilot.z) for expert in network.experts},
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
