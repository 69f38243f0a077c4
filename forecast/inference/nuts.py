"""The `nuts` engine: chains of the parameters sampled by PyMC, the network summed exactly for each.

PyMC has priors, transformations and sampler of its own, so this engine checks the other one; the
chances of the outcomes given each draw are summed, as everywhere.
"""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import math
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import arviz as az
import numpy as np
import pymc as pm
import pytensor
from numpy.typing import NDArray

from forecast.inference import certificate, importance
from forecast.inference.coordinates import Coordinates, streams
from forecast.inference.exact import ExactNetwork
from forecast.inference.half import PILOT
from forecast.inference.pymc_model import breaks, groups, pieces, to_pymc
from forecast.inference.settings import Settings
from forecast.inference.solution import Solution
from forecast.inference.statements import discrepancies, log_likelihood
from forecast.model.network import Network
from forecast.posterior import SCENARIOS, Posterior, Stage

type Array = NDArray[np.float64]

CHAINS, TUNE, TARGET_ACCEPT = 4, 1000, 0.9

LEAST_DRAWS, MOST_DRAWS = 4000, 100_000
"""Of all chains together: enough for R-hat to mean something; what a patient user waits for."""

VARIANCE = 0.1
"""What the variance of a chance over the parameters rarely exceeds; the largest possible is 1/4."""

STILL = 1e-12
"""A chance that moves less than this is the same in every draw."""


@dataclasses.dataclass(frozen=True)
class Chains:
    """What was sampled.

    Attributes
    ----------
    parameters, leans
        Name -> shape ``(chains, draws)``; shares ``(components, chains, draws)``.
    divergences
        How many transitions diverged after tuning.
    """

    parameters: Mapping[str, Array]
    leans: Mapping[str, Array]
    divergences: int


def infer(network: Network, settings: Settings) -> Posterior:
    """Infer by the No-U-Turn sampler on the parameters, with exact sums.

    Parameters
    ----------
    network
        The network.
    settings
        Seed, draws (of all chains together), error target.

    Returns
    -------
    Posterior
        With equal weights; R-hat, effective draws and divergences are in its certificate.

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
    prior = _prior_draws(coordinates, settings.seed, max(PILOT, draws // 4))
    before = exact.solution(prior, (0, 1))
    if not np.isfinite(before.log_evidence).any():
        raise importance.impossible(network, exact, prior)
    chains = sample(network, settings.seed, -(-draws // CHAINS))
    values = {name: _joined(array) for name, array in chains.parameters.items()}
    leans = {name: _joined(array) for name, array in chains.leans.items()}
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
        diagnostics=certificate.certify_chains(
            stages,
            float(effective_draws(_apart(final.scenarios)).min()),
            _largest_rhat(chains, final),
            chains.divergences,
            settings.error_target,
        ),
    )


def sample(network: Network, seed: int, draws: int) -> Chains:
    """Return chains of the parameters.

    Parameters
    ----------
    network
        The network; some parameter of it must be uncertain.
    seed
        The seed of all chains.
    draws
        Draws of each chain, after tuning.
    """
    model = to_pymc(network, vectors=True)
    # In strict arithmetic a fresh compilation and a cached one give the same bytes.
    strict = pytensor.config.change_flags(numba__fastmath=False)
    with model, strict, _quiet(), _interruptible():
        tree = pm.sample(
            draws,
            tune=TUNE,
            chains=CHAINS,
            cores=min(CHAINS, os.cpu_count() or 1),
            random_seed=seed,
            # Chains that start apart, as draws of the prior, show by R-hat if they do not meet.
            initvals={variable.name: "prior" for variable in model.free_RVs},
            nuts={"target_accept": TARGET_ACCEPT},
            nuts_sampler="pymc",
            progressbar=sys.stderr.isatty(),
            compute_convergence_checks=False,
        )
        if tree.sample_stats["diverging"].shape != (CHAINS, draws):
            raise KeyboardInterrupt
    found = {
        part.path: tree.posterior[group.name].values[..., i]
        for group in groups(network, vectors=True)
        for i, part in enumerate(group.members)
    }
    parameters = {
        path: found[path]
        if path in found
        else np.array(pieces([found[part.path] for part in breaks(parameter)]))
        for path, parameter in network.parameters.items()
    }
    leans = {
        expert: tree.posterior["leans"].values[..., i] for i, expert in enumerate(network.experts)
    }
    return Chains(parameters, leans, int(tree.sample_stats["diverging"].values.sum()))


def effective_draws(chains: Array, method: str = "bulk") -> Array:
    """Return the effective number of draws of each column, all of them where it never moves.

    Parameters
    ----------
    chains
        Shape ``(chains, draws, columns)``.
    method
        ``bulk`` (by ranks), or ``mean`` for the Monte Carlo error of an average.
    """
    return _by_column(
        lambda moving: az.ess(moving, method=method), chains, float(chains[..., 0].size)
    )


def rhat(chains: Array) -> Array:
    """Return the rank-normalised split R-hat of each column, one where it never moves."""
    return _by_column(az.rhat, chains, 1.0)


def _by_column(measure: Callable[[Array], Any], chains: Array, still: float) -> Array:
    moves = np.ptp(chains, axis=(0, 1)) > STILL
    out = np.full(chains.shape[-1], still)
    if moves.any():
        out[moves] = measure(chains[..., moves])
    return out


def _apart(flat: Array) -> Array:
    """Undo `_joined`: ``(chains * draws, columns)`` to ``(chains, draws, columns)``."""
    return flat.reshape(CHAINS, -1, flat.shape[-1])


def _joined(chains: Array) -> Array:
    """Lay the chains end to end: ``(..., chains, draws)`` to ``(..., chains * draws)``."""
    return chains.reshape(*chains.shape[:-2], -1)


def _inflation(stage: Stage) -> dict[str, Array]:
    """Return sqrt(n / effective draws) for every reported chance, keyed as `Stage` asks."""
    named = {SCENARIOS: stage.scenarios, **stage.questions}
    return {
        name: np.sqrt(len(flat) / np.maximum(effective_draws(_apart(flat), "mean"), 1.0))
        for name, flat in named.items()
    }


def _largest_rhat(chains: Chains, final: Stage) -> float:
    """Return the largest R-hat of parameters, leans and scenarios; infinite where one has none."""
    rows = [array.reshape(-1, *array.shape[-2:]) for array in chains.parameters.values()]
    rows += [array[None] for array in chains.leans.values()]
    columns = np.moveaxis(np.concatenate(rows), 0, -1)
    found = np.concatenate([rhat(columns), rhat(_apart(final.scenarios))])
    return float(np.nan_to_num(found, nan=np.inf).max())


def _draws(settings: Settings) -> int:
    """Return the draws of all chains that bring the error of every chance below the target."""
    if settings.draws is not None:
        return max(1, settings.draws)
    wanted = math.ceil(VARIANCE / settings.error_target**2)
    return min(max(wanted, LEAST_DRAWS), MOST_DRAWS)


def _prior_draws(coordinates: Coordinates, seed: int, draws: int) -> dict[str, Array]:
    """Return draws of the prior: the first of those that the `exact` engine has for this seed."""
    halves = [coordinates.draw(streams(coordinates.names, seed, half), draws) for half in (0, 1)]
    return coordinates.parameters(np.concatenate(halves, axis=1))


def _statement_terms(
    network: Network, coordinates: Coordinates, leans: Mapping[str, Array], solution: Solution
) -> Array:
    """Return the log likelihood of each statement, shape ``(statements, draws)``."""
    z = np.zeros((len(coordinates), len(solution.log_evidence)))
    for expert, lean in leans.items():
        z[coordinates.names.index(f"experts.{expert}.lean")] = lean
    return log_likelihood(network, discrepancies(network, coordinates, z, solution.implied))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep PyMC's messages to itself, and its progress bar on stderr."""
    logger = logging.getLogger("pymc")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with contextlib.redirect_stdout(sys.stderr), warnings.catch_warnings():
            # Chains are forked from a process in which BLAS keeps threads that do nothing then.
            warnings.filterwarnings("ignore", "This process .* is multi-threaded")
            yield
    finally:
        logger.setLevel(level)


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Stop where the user stops PyMC, which takes it as a wish for the draws that there are."""
    try:
        yield
    except ValueError as error:
        if str(error).startswith("Not enough samples"):
            raise KeyboardInterrupt from error
        raise
