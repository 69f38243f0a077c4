"""The network solved exactly for given parameters: P(evidence), marginals, stated chances."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.special
from numpy.typing import NDArray

from forecast.inference.contraction import Plan
from forecast.inference.junction_tree import junction_tree
from forecast.model.circuit import Circuit, Operations
from forecast.model.formula import Const
from forecast.model.network import SCENARIO, Network, Table

type Array = NDArray[np.float64]

CHUNK = 1000
"""Draws that are solved at a time: the tables stay in the processor's cache. Not a power of two, or
rows would evict each other from it (five times slower at 1,024)."""


class NumpyOperations:
    """Elementary functions on arrays whose last axis is the draws."""

    exp, expm1 = np.exp, np.expm1
    gammaincc = staticmethod(scipy.special.gammaincc)

    def log1p(self, x: Array) -> Array:
        """Return log(1 + x), minus infinity at -1."""
        with np.errstate(divide="ignore"):
            return np.log1p(x)

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

    def __add__(self, other: Outcomes) -> Outcomes:
        return Outcomes(
            np.concatenate([self.scenarios, other.scenarios]),
            {
                name: np.concatenate([a, other.questions[name]])
                for name, a in self.questions.items()
            },
        )

    def __getitem__(self, draws: slice) -> Outcomes:
        return Outcomes(
            self.scenarios[draws], {name: array[draws] for name, array in self.questions.items()}
        )


@dataclass(frozen=True)
class Solution:
    """What the network says of each draw.

    Attributes
    ----------
    log_evidence
        log P(evidence | theta), shape ``(draws,)``.
    implied
        m_j = P(of | given, what the expert knew, theta), shape ``(draws, statements)``.
    outcomes
        View -> chances of scenarios and states.
    """

    log_evidence: Array
    implied: Array
    outcomes: Mapping[int, Outcomes]

    def __add__(self, other: Solution) -> Solution:
        return Solution(
            np.concatenate([self.log_evidence, other.log_evidence]),
            np.concatenate([self.implied, other.implied]),
            {view: self.outcomes[view] + other.outcomes[view] for view in other.outcomes},
        )

    def __getitem__(self, draws: slice) -> Solution:
        return Solution(
            self.log_evidence[draws],
            self.implied[draws],
            {view: outcomes[draws] for view, outcomes in self.outcomes.items()},
        )


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
        self._fixed = [_fixed_table(table) for table in tables]
        open_tables = [table for table in tables if not table.is_fixed]
        self._circuit = Circuit(entry for table in open_tables for entry in table.entries)
        self._counts = [0 if table.is_fixed else len(table.entries) for table in tables]
        self._totals = [self._plan.total(places) for places in self._views]
        self._stated = [
            (
                self._plan.marginal(s.target.gate, self._views[s.target.view]),
                None if s.target.given is None
                else self._plan.marginal(s.target.given, self._views[s.target.view]),
            )
            for s in network.statements
        ]  # fmt: skip

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
            out.append(fixed if fixed is not None else stack(own)[index])
        return out

    def place(self, name: str, view: int) -> int:
        """Plan P(question or gate, evidence of a view); return the number of its array."""
        return self._plan.marginal(name, self._views[view])

    def arrays(self, values: Mapping[str, Any], wanted: Sequence[int], draws: int) -> list[Array]:
        """Return planned arrays for a batch of draws; the last axis is the draws."""

        def stack(entries: list[Array]) -> Array:
            rows = np.empty((len(entries), draws))
            for row, entry in zip(rows, entries, strict=True):
                row[:] = entry
            return rows

        tables = self.tables(values, NumpyOperations(), stack)
        return self._plan.run(tables, wanted, lambda array: int(array.shape[-1]))

    def solution(self, values: Mapping[str, Array], views: Collection[int] = ()) -> Solution:
        """Solve the network for each draw.

        Parameters
        ----------
        values
            Parameter -> draws, shape ``(draws,)`` or ``(components, draws)``.
        views
            The views of the evidence, 0 (nothing) and 1 (all), for which outcomes are wanted.
        """
        chances = [place for pair in self._pairs() for place in pair]
        names = (SCENARIO, *self.network.questions)
        marginals = [{name: self.place(name, view) for name in names} for view in views]
        wanted = [self._totals[1], *chances, *(i for m in marginals for i in m.values())]
        parts = [
            [_row(array, draws) for array in self.arrays(part, wanted, draws)]
            for part, draws in _chunks(values)
        ]
        total, *rest = (np.concatenate(pieces, axis=-1) for pieces in zip(*parts, strict=True))
        stated, rest = rest[: len(chances)], rest[len(chances) :]
        with np.errstate(divide="ignore", invalid="ignore"):
            log_evidence = np.log(total)
            implied = [
                of[0] / (known if known.ndim == 1 else known[0])
                for of, known in zip(stated[::2], stated[1::2], strict=True)
            ]
            outcomes = {}
            for view, found in zip(views, marginals, strict=True):
                named = {name: _normalised(rest.pop(0)) for name in found}
                outcomes[view] = Outcomes(named.pop(SCENARIO), named)
        shape = (len(implied), len(total))
        return Solution(log_evidence, np.array(implied).reshape(shape).T, outcomes)

    def weights(self, values: Mapping[str, Array]) -> tuple[Array, Array]:
        """Return log P(evidence | theta), ``(draws,)``, and m_j, ``(draws, statements)``."""
        solved = self.solution(values)
        return solved.log_evidence, solved.implied

    def outcomes(self, values: Mapping[str, Array], view: int) -> Outcomes:
        """Return the chances of all scenarios and states given view 0 (nothing) or 1 (evidence)."""
        return self.solution(values, (view,)).outcomes[view]

    def _pairs(self) -> list[tuple[int, int]]:
        """Return for each statement the arrays of P(of, given, view) and P(given, view)."""
        return [
            (of, self._totals[s.target.view] if given is None else given)
            for s, (of, given) in zip(self.network.statements, self._stated, strict=True)
        ]

    def stated_plan(self) -> tuple[list[tuple[int, int]], int]:
        """Return the arrays of each statement's two chances, and the array of P(evidence)."""
        return self._pairs(), self._totals[1]

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
                not (self.arrays(part, [total], draws)[0] > 0).any()
                for part, draws in _chunks(values)
            )

        if not impossible([place for place, _ in kept]):
            return ()
        for item in list(kept):
            rest = [other for other in kept if other is not item]
            if impossible([place for place, _ in rest]):
                kept = rest
        return tuple(dict.fromkeys(label for _, label in kept))


def _fixed_table(table: Table) -> Array | None:
    """Return a table that no parameter enters, the same for all draws; None for any other."""
    if not table.is_fixed:
        return None
    numbers = np.array([entry.value for entry in table.entries if isinstance(entry, Const)])
    return np.asarray(numbers[table.index][..., None])


def _row(array: Array, draws: int) -> Array:
    return np.broadcast_to(array, (*array.shape[:-1], draws))


def _normalised(joint: Array) -> Array:
    return np.asarray((joint / joint.sum(axis=0)).T)


def _chunks(values: Mapping[str, Array]) -> Iterator[tuple[dict[str, Array], int]]:
    """Yield the draws in parts; a network without parameters has one draw."""
    draws = next((array.shape[-1] for array in values.values()), 1)
    for start in range(0, draws, CHUNK):
        part = {name: array[..., start : start + CHUNK] for name, array in values.items()}
        yield part, min(CHUNK, draws - start)
