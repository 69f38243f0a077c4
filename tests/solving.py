"""P(evidence | theta) of a network by either engine, for one value of each parameter."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from forecast.inference.exact import ExactNetwork
from forecast.inference.tape import Program
from forecast.model.network import Network


def both_engines(network: Network, values: Mapping[str, float]) -> tuple[float, float]:
    """Return P(evidence | theta) by the plan on arrays, and by the tape that PyMC runs."""
    draws = {name: np.array([value]) for name, value in values.items()}
    exact = float(np.exp(ExactNetwork(network).solution(draws).log_evidence[0]))
    return exact, float(_run(network, values)[0])


def _run(network: Network, values: Mapping[str, float]) -> np.ndarray:
    from forecast.inference import pymc_model, tape_op

    gathered = pymc_model.groups(network, vectors=False)
    program: Program = pymc_model.solved(network, gathered)
    inputs = np.array([values[p.path] for group in gathered for p in group.members], dtype=float)
    slots = tape_op.forward(inputs, program.constants, program.code)
    return np.asarray(slots[program.outputs])
