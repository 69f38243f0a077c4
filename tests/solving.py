"""What the two engines say of a network: of each value of its parameters, and of all together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from modelling import Array
from numpy.typing import ArrayLike

from forecast.inference.certificate import mean_and_error
from forecast.inference.exact import ExactNetwork
from forecast.inference.tape import Program
from forecast.model.network import Network
from forecast.posterior import SCENARIOS, Posterior

LIMIT = 4.5
"""Combined Monte Carlo errors. Two-sided, sound engines are further apart in 7 of a million
comparisons: with 65 of them, in one seed of 2,000."""


def both_engines(network: Network, values: Mapping[str, float]) -> tuple[float, float]:
    """Return P(evidence | theta) by the plan on arrays, and by the tape that PyMC runs."""
    exact, tape = terms_by_both(network, {name: [value] for name, value in values.items()})
    return float(exact[0, 0]), float(tape[0, 0])


def terms_by_both(network: Network, values: Mapping[str, ArrayLike]) -> tuple[Array, Array]:
    """Return P(evidence | theta) and what is implied by the plan on arrays, and by PyMC's tape.

    Parameters
    ----------
    network
        The network.
    values
        Parameter -> draws, shape ``(draws,)`` or ``(components, draws)``.

    Returns
    -------
    tuple
        Two arrays of shape ``(draws, 1 + statements)``.
    """
    draws = {name: np.asarray(value, dtype=float) for name, value in values.items()}
    solved = ExactNetwork(network).solution(draws)
    exact = np.column_stack([np.exp(solved.log_evidence), solved.implied])
    return exact, _by_tape(network, draws)


def _by_tape(network: Network, draws: Mapping[str, Array]) -> Array:
    from forecast.inference import pymc_model, tape_op

    gathered = pymc_model.groups(network, vectors=False)
    program: Program = pymc_model.solved(network, gathered)
    rows = [np.atleast_2d(draws[p.path]) for group in gathered for p in group.members]
    found = []
    for inputs in np.concatenate(rows).T:
        slots = tape_op.forward(np.ascontiguousarray(inputs), program.constants, program.code)
        total, *chances = slots[program.outputs]
        of, known = np.split(np.array(chances), 2)
        found.append([total, *of / known])
    return np.array(found)


def distance(a: Posterior, b: Posterior) -> tuple[float, int]:
    """Return the largest difference of all reported chances in combined errors, and their number."""
    largest, count = 0.0, 0
    for name in (SCENARIOS, *a.final.questions):
        (mean, error), (other, its) = (reported(p, name) for p in (a, b))
        difference = np.abs(mean - other)
        errors = np.where(
            difference < 1e-12, 0.0, difference / np.maximum(np.hypot(error, its), 1e-300)
        )
        largest, count = max(largest, float(errors.max())), count + len(errors)
    return largest, count


def reported(posterior: Posterior, name: str) -> tuple[Array, Array]:
    """Return the reported chances of a question's states, or of the scenarios, and their errors."""
    stage = posterior.final
    mean, error = mean_and_error(
        stage.weights, stage.scenarios if name == SCENARIOS else stage.questions[name]
    )
    return mean, error * stage.inflation.get(name, 1.0)
