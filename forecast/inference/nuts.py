"""The `nuts` engine: chains of the parameters sampled by PyMC, the network summed exactly for each.

PyMC has priors, transformations and sampler of its own, so this engine checks the other one; the
chances of the outcomes given each draw are summed, as everywhere.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from forecast.inference import certificate, importance
from forecast.inference.chains import (
    CHAINS,
    Chains,
    Start,
    apart,
    effective_draws,
    energy_fraction,
    joined,
    rhat,
    sample,
)
from forecast.inference.coordinates import Coordinates, streams
from forecast.inference.exact import ExactNetwork
from forecast.inference.half import PILOT
from forecast.inference.settings import Settings
from forecast.inference.solution import Solution
from forecast.inference.statements import discrepancies, log_likelihood
from forecast.model.network import Network
from forecast.posterior import SCENARIOS, Diagnostics, Posterior, Stage

type Array = NDArray[np.float64]

LEAST_DRAWS, MOST_DRAWS = 4000, 100_000
"""Of all chains together: enough for R-hat to mean something; what a patient user waits for."""

VARIANCE = 0.1
"""What the variance of a chance over the parameters rarely exceeds; the largest possible is 1/4."""

LEAST_FRACTION = 0.3
"""E-BFMI below which the momenta do not reach into the tails (Betancourt 2016)."""


def infer(network: Network, settings: Settings, starts: Sequence[Start] = ()) -> Posterior:
    """Infer by the No-U-Turn sampler on the parameters, with exact sums.

    Parameters
    ----------
    network
        The network.
    settings
        Seed, draws (of all chains together), error target.
    starts
        Where chains start: all modes that are known. By default they start at draws of the prior.

    Returns
    -------
    Posterior
        With equal weights; R-hat, effective draws, divergences and energy are in its certificate.

    Raises
    ------
    InvalidModel
        Where the evidence is impossible whatever the parameters; names what clashes.

    References
    ----------
    Hoffman and Gelman (2014), JMLR 15, 1593-1623; Vehtari, Gelman, Simpson, Carpenter and Buerkner
    (2021), 10.1214/20-BA1221 (R-hat and effective sample size by ranks).
    """
    if not network.parameters:
        return dataclasses.replace(importance.infer(network, settings), engine="nuts")
    exact, coordinates = ExactNetwork(network), Coordinates(network)
    draws = _draws(settings)
    z = _prior_draws(coordinates, settings.seed, max(PILOT, draws // 4))
    prior = coordinates.parameters(z)
    before = exact.solution(prior, (0, 1))
    if not np.isfinite(before.log_evidence).any():
        raise importance.impossible(network, exact, prior)
    chains = sample(network, settings.seed, -(-draws // CHAINS), starts)
    values = {name: joined(array) for name, array in chains.parameters.items()}
    leans = {name: joined(array) for name, array in chains.leans.items()}
    after = exact.solution(values, (1,))
    even = np.full(len(after.log_evidence), -math.log(len(after.log_evidence)))
    final = importance.stage(even, after, 1)
    final = dataclasses.replace(final, inflation=_inflation(final))
    stages = importance.prior_stages(before)
    if not network.statements:
        stages["evidence"] = final
    stages["statements"] = final
    return Posterior(
        engine="nuts",
        seed=settings.seed,
        parameters=values,
        prior=prior,
        leans=leans,
        log_weights=even,
        stages=stages,
        statement_log_likelihood=_statement_terms(network, coordinates, leans, after).T,
        log_evidence=float(
            np.logaddexp.reduce(before.log_evidence) - math.log(len(before.log_evidence))
        ),
        diagnostics=_with_energy(
            certificate.certify_chains(
                stages,
                float(effective_draws(apart(final.scenarios)).min()),
                _largest_rhat(chains, final),
                chains.divergences,
                settings.error_target,
            ),
            energy_fraction(chains.energy),
        ),
        prior_leans={expert: coordinates.lean(expert, z) for expert in network.experts},
    )


def _with_energy(found: Diagnostics, fraction: float) -> Diagnostics:
    """Add the energy to a certificate; too small a fraction fails it."""
    detail = {**found.detail, "ebfmi": fraction}
    if fraction >= LEAST_FRACTION:
        return dataclasses.replace(found, detail=detail)
    text = (
        f"the sampler does not reach into the tails (E-BFMI {fraction:.2f}, must be at least "
        f"{LEAST_FRACTION})"
    )
    before = found.reasons if found.status == "fail" else ()
    return dataclasses.replace(found, status="fail", reasons=(*before, text), detail=detail)


def _inflation(stage: Stage) -> dict[str, Array]:
    """Return sqrt(n / effective draws) for every reported chance, keyed as `Stage` asks."""
    named = {SCENARIOS: stage.scenarios, **stage.questions}
    return {
        name: np.sqrt(len(flat) / np.maximum(effective_draws(apart(flat), "mean"), 1.0))
        for name, flat in named.items()
    }


def _largest_rhat(chains: Chains, final: Stage) -> float:
    """Return the largest R-hat of parameters, leans and scenarios; infinite where one has none."""
    rows = [array.reshape(-1, *array.shape[-2:]) for array in chains.parameters.values()]
    rows += [array[None] for array in chains.leans.values()]
    columns = np.moveaxis(np.concatenate(rows), 0, -1)
    found = np.concatenate([rhat(columns), rhat(apart(final.scenarios))])
    return float(np.nan_to_num(found, nan=np.inf).max())


def _draws(settings: Settings) -> int:
    """Return the draws of all chains that bring the error of every chance below the target."""
    if settings.draws is not None:
        return max(1, settings.draws)
    wanted = math.ceil(VARIANCE / settings.error_target**2)
    return min(max(wanted, LEAST_DRAWS), MOST_DRAWS)


def _prior_draws(coordinates: Coordinates, seed: int, draws: int) -> Array:
    """Return draws of the prior: the first of those that the `exact` engine has for this seed."""
    halves = [coordinates.draw(streams(coordinates.names, seed, half), draws) for half in (0, 1)]
    return np.concatenate(halves, axis=1)


def _statement_terms(
    network: Network, coordinates: Coordinates, leans: Mapping[str, Array], solution: Solution
) -> Array:
    """Return the log likelihood of each statement, shape ``(statements, draws)``."""
    z = np.zeros((len(coordinates), len(solution.log_evidence)))
    for expert, lean in leans.items():
        z[coordinates.names.index(f"experts.{expert}.lean")] = lean
    return log_likelihood(network, discrepancies(network, coordinates, z, solution.implied))
