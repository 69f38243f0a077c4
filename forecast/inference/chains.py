"""Chains of the parameters, sampled by PyMC, and how well they have mixed."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import arviz as az
import numpy as np
import pymc as pm
import pytensor
from numpy.typing import NDArray

from forecast.inference.pymc_model import breaks, groups, pieces, to_pymc
from forecast.model.network import Network

type Array = NDArray[np.float64]

CHAINS, TUNE, TARGET_ACCEPT = 4, 1000, 0.9

STILL = 1e-12
"""A chance that moves less than this is the same in every draw."""

EDGE = 1e-9
"""A start stays this far from 0 and 1, where the sampler's scale ends."""


@dataclasses.dataclass(frozen=True)
class Chains:
    """What was sampled.

    Attributes
    ----------
    parameters, leans
        Name -> shape ``(chains, draws)``; shares ``(components, chains, draws)``.
    divergences
        How many transitions diverged after tuning.
    energy
        The energy of each state of the sampler, ``(chains, draws)``; empty where it is not known.
    """

    parameters: Mapping[str, Array]
    leans: Mapping[str, Array]
    divergences: int
    energy: Array = dataclasses.field(default_factory=lambda: np.empty((0, 0)))


@dataclasses.dataclass(frozen=True)
class Start:
    """A place to start a chain from.

    Attributes
    ----------
    parameters
        Name -> value, ``(components,)`` for shares.
    normals
        Coordinate -> the standard Normal behind it, the experts' leans among them.
    """

    parameters: Mapping[str, Any]
    normals: Mapping[str, float]


def sample(network: Network, seed: int, draws: int, starts: Sequence[Start] = ()) -> Chains:
    """Return chains of the parameters.

    Parameters
    ----------
    network
        The network; some parameter of it must be uncertain.
    seed
        The seed of all chains.
    draws
        Draws of each chain, after tuning.
    starts
        Where the chains start, one after the other and from the first again; by default at draws
        of the prior: chains that start apart show by R-hat if they do not meet.
    """
    model = to_pymc(network, vectors=True)
    places: Any = {variable.name: "prior" for variable in model.free_RVs}
    if starts:
        names = [variable.name for variable in model.free_RVs]
        placed = [_placed(network, start, names) for start in starts]
        places = [placed[chain % len(placed)] for chain in range(CHAINS)]
    # In strict arithmetic a fresh compilation and a cached one give the same bytes.
    strict = pytensor.config.change_flags(numba__fastmath=False)
    with model, strict, _quiet(), _interruptible():
        tree = pm.sample(
            draws,
            tune=TUNE,
            chains=CHAINS,
            cores=min(CHAINS, os.cpu_count() or 1),
            random_seed=seed,
            initvals=places,
            init="adapt_diag" if starts else "auto",  # without jitter a start stays in its mode
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
    return Chains(
        parameters,
        leans,
        int(tree.sample_stats["diverging"].values.sum()),
        np.asarray(tree.sample_stats["energy"].values),
    )


def _placed(network: Network, start: Start, names: Sequence[str]) -> dict[str, Array]:
    """Return a start as values of the random variables: shares are breaks, leaning chances eps."""
    values: dict[str, Array] = {}
    for group in groups(network, vectors=True):
        if f"{group.name}.eps" in names:
            own = [start.normals[part.path] for part in group.members]
            values[f"{group.name}.eps"] = np.array(own)
        else:
            values[group.name] = np.array([_value(part.path, start) for part in group.members])
    if network.experts:
        leans = [start.normals[f"experts.{expert}.lean"] for expert in network.experts]
        values["leans"] = np.array(leans)
    return values


def _value(path: str, start: Start) -> float:
    name, _, k = path.rpartition("#")
    if not name or name not in start.parameters:
        return float(start.parameters[path])
    shares = np.atleast_1d(start.parameters[name])
    left = 1.0 - shares[: int(k)].sum()
    return float(np.clip(shares[int(k)] / left if left > 0 else 0.5, EDGE, 1 - EDGE))


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


def energy_fraction(energy: Array) -> float:
    """Return the smallest Bayesian fraction of missing information of any chain; 1 if unknown.

    E-BFMI = sum (E_n - E_{n-1})^2 / sum (E_n - mean E)^2: how far a step of the momentum reaches
    in what the energy varies over (Betancourt 2016, arXiv:1604.00695).

    >>> energy_fraction(np.array([[0.0, 1.0, 0.0, 1.0]]))
    3.0
    """
    if energy.size == 0:
        return 1.0
    steps = (np.diff(energy, axis=1) ** 2).sum(axis=1)
    spread = ((energy - energy.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    return float((steps / np.maximum(spread, 1e-300)).min())


def _by_column(measure: Callable[[Array], Any], chains: Array, still: float) -> Array:
    moves = np.ptp(chains, axis=(0, 1)) > STILL
    out = np.full(chains.shape[-1], still)
    if moves.any():
        out[moves] = measure(chains[..., moves])
    return out


def apart(flat: Array) -> Array:
    """Undo `joined`: ``(chains * draws, columns)`` to ``(chains, draws, columns)``."""
    return flat.reshape(CHAINS, -1, flat.shape[-1])


def joined(chains: Array) -> Array:
    """Lay the chains end to end: ``(..., chains, draws)`` to ``(..., chains * draws)``."""
    return chains.reshape(*chains.shape[:-2], -1)


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
