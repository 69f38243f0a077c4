"""The `auto` engine: `exact`, and where its certificate fails `nuts` from all modes it saw."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from forecast.inference import importance
from forecast.inference.settings import Settings
from forecast.model.network import Network
from forecast.posterior import Posterior

if TYPE_CHECKING:
    from forecast.inference.chains import Start

type Array = NDArray[np.float64]

STARTS, HEAVY = 4, 64
"""How many places chains start from, and among how many of the heaviest draws."""

NOTICE = (
    "The exact engine could not certify its draws; sampling with PyMC instead, from the modes that "
    "it has seen. This takes tens of seconds, and half a minute more where nothing is compiled yet."
)


def infer(network: Network, settings: Settings) -> Posterior:
    """Infer by weighted draws, and by Markov chains where these cannot be certified.

    Parameters
    ----------
    network
        The network.
    settings
        Seed, draws, error target; a notice. Where the number of draws is chosen the chains are not
        tried: more draws may be all that is missing.

    Returns
    -------
    Posterior
        Of the engine that has answered; where both fail, of the chains, with both reasons.

    Raises
    ------
    InvalidModel
        Where the evidence is impossible whatever the parameters; names what clashes.
    """
    found = importance.infer(network, settings)
    if found.diagnostics.status != "fail" or settings.draws is not None:
        return found
    settings.notice(NOTICE)
    nuts: Any = importlib.import_module("forecast.inference.nuts")
    sampled: Posterior = nuts.infer(network, settings, starts(found))
    if sampled.diagnostics.status != "fail":
        return sampled
    reasons = [*sampled.diagnostics.reasons]
    reasons += (f"before, weighted draws: {reason}" for reason in found.diagnostics.reasons)
    return replace(sampled, diagnostics=replace(sampled.diagnostics, reasons=tuple(reasons)))


def starts(found: Posterior) -> Sequence[Start]:
    """Return the heaviest draw, and each time the heavy one that is farthest from all before.

    Modes lie apart, and where the proposal missed one its few draws weigh most (Gonzalez 1985,
    10.1016/0304-3975(85)90224-5).
    """
    from forecast.inference.chains import Start

    heavy = np.argsort(-found.log_weights, kind="stable")[:HEAVY]
    heavy = heavy[np.isfinite(found.log_weights[heavy])]
    z = np.array([draws[heavy] for draws in found.normals.values()])
    return [
        Start(
            {name: draws[..., heavy[i]] for name, draws in found.parameters.items()},
            {name: float(draws[heavy[i]]) for name, draws in found.normals.items()},
        )
        for i in farthest_first(z, STARTS)
    ]


def farthest_first(z: Array, most: int) -> list[int]:
    """Return columns: the first, and each time the one farthest from all before.

    >>> farthest_first(np.array([[0.0, 1.0, 5.0, 2.6]]), 3)
    [0, 2, 3]
    """
    chosen, distance = [0], ((z - z[:, :1]) ** 2).sum(axis=0)
    while len(chosen) < most and distance.max() > 0:
        chosen.append(int(np.argmax(distance)))
        distance = np.minimum(distance, ((z - z[:, [chosen[-1]]]) ** 2).sum(axis=0))
    return chosen
