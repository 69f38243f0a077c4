"""The network before any evidence: what a file implies while nothing has been reported yet."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forecast.inference.coordinates import Coordinates, streams
from forecast.inference.exact import ExactNetwork, NumpyOperations
from forecast.inference.statements import discrepancies
from forecast.model.formula import ONE, ZERO
from forecast.model.gates import Gates
from forecast.model.network import SCENARIO, Network, Table, View
from forecast.model.truth import Truth
from forecast.spec.expression import Expression

type Array = NDArray[np.float64]

CHUNK = 512
MOST_DRAWS, LEAST_DRAWS = 2048, 64
WORK = 1_500_000
"""Table entries over all draws; a large file gets fewer draws, so that checking it stays quick."""

NEVER = 1e-12
"""An entry of a table below this counts as impossible."""


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
        half = min(MOST_DRAWS, max(LEAST_DRAWS, WORK // max(size, 1))) // 2
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
        parts = [self._exact.solution(values).implied for values, _ in self._parts()]
        return np.concatenate(parts)

    @functools.cached_property
    def discrepancies(self) -> Array:
        """Stated + lean - logit implied, for each statement, shape ``(statements, draws)``."""
        # Where all chances are fixed, the leans of the experts still vary.
        implied = np.broadcast_to(self.implied, (self._z.shape[1], self.implied.shape[1]))
        return discrepancies(self.network, self._coordinates, self._z, implied)

    def clash(self) -> tuple[str, ...]:
        """Return a smallest set of evidence that cannot all be so, in words; () where none is."""
        values, _ = next(self._parts())
        return self._exact.clash(values)

    @functools.cached_property
    def possible(self) -> Mapping[str, bool]:
        """Key -> whether the condition can hold at all; the scenarios by their names' position.

        Zeros of a product of tables are zeros of the product of their supports, whatever the
        parameters; sums of what is not negative cannot cancel.
        """
        values, draws = next(self._parts())

        def stack(entries: Sequence[Array]) -> Array:
            return np.stack([np.broadcast_to(entry, (draws,)) for entry in entries])

        tables = self._exact.tables(values, NumpyOperations(), stack)
        support = [(table > NEVER).any(axis=-1, keepdims=True).astype(float) for table in tables]
        support = [table / max(table.sum(axis=-2).max(), 1.0) for table in support]
        keys = [*self._gates, *(f"{SCENARIO}{i}" for i in range(len(self.network.scenarios)))]
        places = [self._exact.place(name, 0) for name in (*self._gates.values(), SCENARIO)]
        found = self._exact.run(support, places, lambda array: int(array.shape[-1]))
        holds = [array[0, 0] > 0 for array in found[:-1]] + [row[0] > 0 for row in found[-1]]
        return dict(zip(keys, map(bool, holds), strict=True))

    @functools.cached_property
    def _found(self) -> dict[int, dict[str, Array]]:
        """View -> question or gate -> chances of its states; all in one pass over the draws."""
        before = [*self.network.questions, SCENARIO, *self._gates.values()]
        asked = {0: tuple(dict.fromkeys(before)), **self._asked}
        wanted = [(view, name) for view, names in asked.items() for name in names]
        places = [self._exact.place(name, view) for view, name in wanted]
        found: dict[int, dict[str, list[Array]]] = {
            view: {name: [] for name in names} for view, names in asked.items()
        }
        for values, draws in self._parts():
            arrays = self._exact.arrays(values, places, draws)
            for (view, name), array in zip(wanted, arrays, strict=True):
                with np.errstate(invalid="ignore"):
                    chances = np.broadcast_to(array / array.sum(axis=0), (len(array), draws))
                found[view][name].append(np.nan_to_num(chances))
        return {
            view: {name: np.concatenate(parts, axis=-1) for name, parts in named.items()}
            for view, named in found.items()
        }

    def _parts(self) -> Iterator[tuple[dict[str, Array], int]]:
        for start in range(0, self.draws, CHUNK):
            end = min(start + CHUNK, self.draws)
            yield {n: array[..., start:end] for n, array in self._values.items()}, end - start
