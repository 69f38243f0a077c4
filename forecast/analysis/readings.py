"""A network read at points of the space of judgements that were drawn for another one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast.inference.coordinates import Coordinates, streams
from forecast.inference.exact import ExactNetwork
from forecast.inference.solution import Outcomes
from forecast.inference.statements import discrepancies, log_likelihood
from forecast.model.network import Network
from forecast.posterior import Posterior

type Array = NDArray[np.float64]


@dataclass(frozen=True)
class Reading:
    """What a network says at some points.

    Attributes
    ----------
    log_likelihood
        log of P(evidence | theta) times the likelihood of all statements, shape ``(points,)``;
        minus infinity where the evidence is impossible.
    outcomes
        Chances given all that is known, one row for each point; zero where that is impossible.
    """

    log_likelihood: Array
    outcomes: Outcomes


class Reader:
    """A network laid out once and read at any points.

    Parameters
    ----------
    network
        The network.

    Attributes
    ----------
    names
        Its coordinates: the standard Normals behind its parameters, and the experts' leans.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self._exact = ExactNetwork(network)
        self.coordinates = Coordinates(network)
        self.names = self.coordinates.names

    def read(self, normals: Mapping[str, Array], points: int) -> Reading:
        """Return what the network says at so many points.

        Parameters
        ----------
        normals
            Coordinate -> its values, shape ``(points,)``; more than the network has do no harm.
        points
            How many points; a network without coordinates says the same at each.
        """
        z = np.array([normals[name] for name in self.names]).reshape(len(self.names), points)
        solution = self._exact.solution(self.coordinates.parameters(z), (1,))
        # Without parameters there is one solution, though the experts' leans may still vary.
        implied = np.broadcast_to(solution.implied, (points, solution.implied.shape[1]))
        u = discrepancies(self.network, self.coordinates, z, implied)
        logs = solution.log_evidence + log_likelihood(self.network, u).sum(axis=0)
        outcomes = solution.outcomes[1]
        return Reading(
            np.broadcast_to(logs, (points,)),
            Outcomes(
                _each(outcomes.scenarios, points),
                {name: _each(chances, points) for name, chances in outcomes.questions.items()},
                {},
            ),
        )


def _each(chances: Array, points: int) -> Array:
    return np.broadcast_to(np.nan_to_num(chances), (points, chances.shape[1]))


def completed(
    normals: Mapping[str, Array], names: tuple[str, ...], points: int, seed: int
) -> dict[str, Array]:
    """Return points with the coordinates that they lack, drawn from the prior.

    Parameters
    ----------
    normals
        Coordinate -> its values.
    names
        All coordinates that are wanted.
    points, seed
        How many points; the stream of each coordinate is keyed by its name and the seed.
    """
    missing = [name for name in names if name not in normals]
    drawn = {
        name: stream.standard_normal(points)
        for name, stream in zip(missing, streams(missing, seed, FILLED), strict=True)
    }
    return {name: normals[name] if name in normals else drawn[name] for name in names}


FILLED = 3
"""Key of the streams that fill in coordinates; the engine has 0 and 1."""


def points_of(posterior: Posterior) -> int:
    """Return the number of points that a posterior holds."""
    return posterior.draws
