"""The network solved exactly for given parameters: P(evidence), marginals, stated chances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.special
from numpy.typing import NDArray

from forecast.inference.contraction import Plan
from forecast.inference.junction_tree import junction_tree
from forecast.model.formula import Circuit, Operations
from forecast.model.network import Network, Table

type Array = NDArray[np.float64]

CHUNK = 1024
"""Draws that are solved at a time, so that the tables stay in the processor's cache."""


class NumpyOperations:
    """Elementary functions on arrays whose last axis is the draws."""

    exp, log, log1p, expm1 = np.exp, np.log, np.log1p, np.expm1
    expit = staticmethod(scipy.special.expit)
    gammaincc = staticmethod(scipy.special.gammaincc)

    def constant(self, value: float) -> Array:
        """Return a number as an array that is the same for all draws."""
        return np.array([value])


@dataclass(frozen=True)
class Outcomes:
    """Exact chances for each draw, given one view of the evidence.

    Attributes
    ----------
    scenarios
        Shape ``(draws, scenarios)``.
    questions
        Question -> shape ``(draws, states)``.
    """

    scenarios: Array
    questions: Mapping[str, Array]


class ExactNetwork:
    """A network laid out once, then solved for any number of draws of its parameters.

    Parameters
    ----------
    network
        The network.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        sizes = {name: len(node.cells) for name, node in network.nodes.items()}
        self._order = {name: i for i, name in enumerate(sizes)}
        cpds = [node.cpd for node in network.nodes.values()]
        likelihoods: list[Table] = []
        self._views: list[list[int]] = []
        for view in network.views:
            places = range(
                len(cpds) + len(likelihoods), len(cpds) + len(likelihoods) + len(view.likelihoods)
            )
            self._views.append(list(places))
            likelihoods += view.likelihoods
        tables = [self._sorted(table) for table in (*cpds, *likelihoods)]
        children: list[str | None] = [*network.nodes, *(None for _ in likelihoods)]
        scopes = [table.scope for table in tables]
        self._plan = Plan(junction_tree(scopes, sizes), sizes, scopes, children)
        self._indices = [table.index for table in tables]
        self._fixed = [table.is_fixed for table in tables]
        self._circuit = Circuit(entry for table in tables for entry in table.entries)
        self._counts = [len(table.entries) for table in tables]
        self._totals = [self._plan.total(places) for places in self._views]
        self._stated = [
            (
                self._plan.marginal(s.target.gate, self._views[s.target.view]),
                None if s.target.given is None
                else self._plan.marginal(s.target.given, self._views[s.target.view]),
            )
            for s in network.statements
        ]  # fmt: skip
        self._marginals = [
            {
                name: self._plan.marginal(name, self._views[view])
                for name in ("scenario", *network.questions)
            }
            for view in (0, 1)
        ]

    def _sorted(self, table: Table) -> Table:
        axes = sorted(range(len(table.scope)), key=lambda axis: self._order[table.scope[axis]])
        scope = tuple(table.scope[axis] for axis in axes)
        return Table(scope, np.ascontiguousarray(table.index.transpose(axes)), table.entries)

    def tables(self, values: Mapping[str, Any], ops: Operations, stack: Any) -> list[Any]:
        """Return every table of the network as an array, the draws last.

        Parameters
        ----------
        values
            Parameter -> draws, shape ``(draws,)`` or ``(components, draws)``.
        ops, stack
            The elementary functions of the array library, and its ``stack`` of equal arrays.
        """
        entries = self._circuit.run(values, ops)
        out, start = [], 0
        for index, count, fixed in zip(self._indices, self._counts, self._fixed, strict=True):
            own = entries[start : start + count]
            start += count
            out.append(stack(own, fixed)[index])
        return out

    def solve(self, values: Mapping[str, Any], wanted: Sequence[int], draws: int) -> list[Array]:
        """Return planned arrays for a batch of draws; the last axis is the draws."""

        def stack(entries: list[Array], fixed: bool) -> Array:
            return np.stack([np.broadcast_to(e, (1,) if fixed else (draws,)) for e in entries])

        tables = self.tables(values, NumpyOperations(), stack)
        found = self._plan.run(tables, wanted, lambda array: int(array.shape[-1]))
        return [np.broadcast_to(array, (*array.shape[:-1], draws)) for array in found]

    def weights(self, values: Mapping[str, Array]) -> tuple[Array, Array]:
        """Return log P(evidence | theta), shape ``(draws,)``, and stated chances ``(draws, statements)``.

        The second are m_j = P(of | given, what the expert knew, theta).
        """
        wanted = [self._totals[1]]
        for s, (of, given) in zip(self.network.statements, self._stated, strict=True):
            wanted += [of, self._totals[s.target.view] if given is None else given]
        logs, chances = [], []
        for part, draws in _chunks(values):
            total, *pairs = self.solve(part, wanted, draws)
            with np.errstate(divide="ignore", invalid="ignore"):
                logs.append(np.log(total))
                chances.append(
                    np.array(
                        [
                            of[0] / (given if given.ndim == 1 else given[0])
                            for of, given in zip(pairs[::2], pairs[1::2], strict=True)
                        ]
                    ).reshape(len(pairs) // 2, draws)
                )
        return np.concatenate(logs), np.concatenate(chances, axis=1).T

    def outcomes(self, values: Mapping[str, Array], view: int) -> Outcomes:
        """Return the chances of all scenarios and states given view 0 (nothing) or 1 (evidence)."""
        marginals = self._marginals[view]
        parts: dict[str, list[Array]] = {name: [] for name in marginals}
        for part, draws in _chunks(values):
            for name, joint in zip(
                marginals, self.solve(part, list(marginals.values()), draws), strict=True
            ):
                with np.errstate(invalid="ignore"):
                    parts[name].append((joint / joint.sum(axis=0)).T)
        whole = {name: np.concatenate(arrays) for name, arrays in parts.items()}
        return Outcomes(whole.pop("scenario"), whole)

    def stated_plan(self) -> tuple[list[tuple[int, int]], int]:
        """Return, for each statement, the arrays of its two chances, and the array of P(evidence)."""
        pairs = [
            (of, self._totals[s.target.view] if given is None else given)
            for s, (of, given) in zip(self.network.statements, self._stated, strict=True)
        ]
        return pairs, self._totals[1]

    def run(self, tables: Sequence[Any], wanted: Sequence[int], batch: Any) -> list[Any]:
        """Carry the plan out on arrays of any library."""
        return self._plan.run(tables, wanted, batch)

    def clash(self, values: Mapping[str, Array]) -> tuple[str, ...]:
        """Return a smallest set of evidence that cannot all be so, in words; () where none clashes.

        A deletion filter: whatever can be left out while the rest stays impossible is left out.
        """
        view = self.network.views[1]
        kept = list(zip(self._views[1], view.labels, strict=True))

        def impossible(places: Sequence[int]) -> bool:
            total = self._plan.total(places)
            return all(
                not (self.solve(part, [total], draws)[0] > 0).any()
                for part, draws in _chunks(values)
            )

        if not impossible([place for place, _ in kept]):
            return ()
        for item in list(kept):
            rest = [other for other in kept if other is not item]
            if impossible([place for place, _ in rest]):
                kept = rest
        return tuple(dict.fromkeys(label for _, label in kept))


def _chunks(values: Mapping[str, Array]) -> Iterator[tuple[dict[str, Array], int]]:
    """Yield the draws in parts; a network without parameters has one draw."""
    draws = next((array.shape[-1] for array in values.values()), 1)
    for start in range(0, draws, CHUNK):
        part = {name: array[..., start : start + CHUNK] for name, array in values.items()}
        yield part, min(CHUNK, draws - start)
