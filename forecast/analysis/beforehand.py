"""The network before any evidence: what a file implies while nothing has been reported yet."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forecast.inference.coordinates import Coordinates, streams
from forecast.inference.exact import ExactNetwork
from forecast.inference.statements import discrepancies
from forecast.model.formula import ONE, ZERO
from forecast.model.gates import Gates
from forecast.model.network import SCENARIO, Network, Table, View
from forecast.model.truth import Truth
from forecast.spec.expression import Expression

type Array = NDArray[np.float64]

MOST_DRAWS, LEAST_DRAWS = 2048, 64
WORK = 1_500_000
"""Table entries over all draws; a large file gets fewer draws, so that checking it stays quick."""

MOST_WORLDS = 50_000_000
"""Worlds of all cliques, over all draws and suppositions: what a few seconds suffice for."""


@dataclass(frozen=True)
class Supposition:
    """One question in some of its states, and the questions whose chances are then wanted."""

    question: str
    holds: Truth
    outcomes: tuple[str, ...]

    @property
    def view(self) -> View:
        """The supposition as evidence."""
        table = Table((self.question,), np.where(self.holds, 1, 0), (ZERO, ONE))
        return View((), None, (table,), ("supposed",), ())


class Beforehand:
    """A network solved before any evidence, for draws of its parameters from the prior.

    Draws come in pairs z and -z, so that what is nearly linear in the judgements has next to no
    Monte Carlo error.

    Parameters
    ----------
    network
        The network.
    conditions
        Conditions whose chance is wanted, by a key of the caller's choice.
    suppositions
        What is supposed in turn, by a key of the caller's choice.

    Attributes
    ----------
    is_affordable
        Whether all of it can be had in a few seconds.
    draws
        How many draws of the parameters.
    """

    def __init__(
        self,
        network: Network,
        conditions: Mapping[str, Expression],
        suppositions: Mapping[str, Supposition],
    ) -> None:
        gates = Gates({name: node.cells for name, node in network.nodes.items()})
        gates.nodes.update(network.nodes)
        self._gates = {key: gates.condition(condition) for key, condition in conditions.items()}
        supposed = tuple(supposition.view for supposition in suppositions.values())
        self._views = {key: len(network.views) + i for i, key in enumerate(suppositions)}
        self._asked = {self._views[key]: s.outcomes for key, s in suppositions.items()}
        self.network = replace(network, nodes=gates.nodes, views=(*network.views, *supposed))
        self._exact = ExactNetwork(self.network)
        coordinates = self._coordinates = Coordinates(self.network)
        size = sum(node.cpd.index.size for node in self.network.nodes.values())
        draws = min(MOST_DRAWS, max(LEAST_DRAWS, WORK // max(size, 1)))
        work = self._exact.elimination.work * (1 + len(suppositions))
        self.is_affordable = work * LEAST_DRAWS <= MOST_WORLDS
        half = max(2, min(draws, int(MOST_WORLDS / work))) // 2
        z = coordinates.draw(streams(coordinates.names, 0), half)
        self._z = np.concatenate([z, -z], axis=1)
        self._values = coordinates.parameters(self._z)
        self.draws = 2 * half if network.parameters else 1

    @property
    def questions(self) -> Mapping[str, Array]:
        """Question -> chances of its states, shape ``(states, draws)``."""
        return self._found[0]

    @property
    def scenarios(self) -> Array:
        """Chances of the scenarios, shape ``(scenarios, draws)``."""
        return self._found[0][SCENARIO]

    @property
    def conditions(self) -> Mapping[str, Array]:
        """Key -> chance of the condition, shape ``(draws,)``."""
        return {key: self._found[0][gate][0] for key, gate in self._gates.items()}

    def supposing(self, key: str) -> Mapping[str, Array]:
        """Return chances of questions if a supposition held, shape ``(states, draws)`` each."""
        return self._found[self._views[key]]

    @functools.cached_property
    def implied(self) -> Array:
        """P(of | given, what the speaker knew) of each statement, shape ``(draws, statements)``."""
        return self._exact.solution(self._values).implied

    @functools.cached_property
    def discrepancies(self) -> Array:
        """Stated + lean - logit implied, for each statement, shape ``(statements, draws)``."""
        # Where all chances are fixed, the leans of the experts still vary.
        implied = np.broadcast_to(self.implied, (self._z.shape[1], self.implied.shape[1]))
        return discrepancies(self.network, self._coordinates, self._z, implied)

    @property
    def tangle(self) -> tuple[str, ...]:
        """The questions that have to be kept in view at once."""
        clique = self._exact.elimination.clique
        return tuple(name for name in clique if name in self.network.questions)

    def clash(self) -> tuple[str, ...]:
        """Return a smallest set of evidence that cannot all be so, in words; () where none is."""
        return self._exact.clash(self._few)

    @functools.cached_property
    def possible(self) -> Mapping[str, bool]:
        """Key -> whether the condition can hold at all; the scenarios by their names' position."""
        found = self._exact.possible(self._few, (*self._gates.values(), SCENARIO))
        holds = {key: bool(found[gate][0]) for key, gate in self._gates.items()}
        return holds | {f"{SCENARIO}{i}": bool(yes) for i, yes in enumerate(found[SCENARIO])}

    @functools.cached_property
    def _found(self) -> dict[int, dict[str, Array]]:
        """View -> question or gate -> chances of its states; all in one pass over the draws."""
        before = [*self.network.questions, SCENARIO, *self._gates.values()]
        asked = {0: tuple(dict.fromkeys(before)), **self._asked}
        found = self._exact.marginals(self._values, asked)
        return {
            view: {
                name: np.nan_to_num(np.broadcast_to(chances.T, (chances.shape[1], self.draws)))
                for name, chances in named.items()
            }
            for view, named in found.items()
        }

    @property
    def _few(self) -> dict[str, Array]:
        return {name: array[..., :LEAST_DRAWS] for name, array in self._values.items()}
