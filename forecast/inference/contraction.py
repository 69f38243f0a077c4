"""One plan of sums and products answers all that is asked of a network, for many draws at once.

Messages on the junction tree are planned once; those that several answers need are shared, also
between different sets of evidence, and those that are known to be one are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forecast.inference.junction_tree import JunctionTree, weight


@dataclass(frozen=True)
class Step:
    """Multiply some arrays and sum questions out.

    Attributes
    ----------
    inputs
        The arrays, by number.
    shapes
        How each is reshaped to broadcast over the product.
    summed
        The axes of the product that are summed out.
    """

    inputs: tuple[int, ...]
    shapes: tuple[tuple[int, ...], ...]
    summed: tuple[int, ...]


class Plan:
    """A growing plan over tables on a junction tree.

    Parameters
    ----------
    tree
        The junction tree.
    sizes
        Question -> its number of states; its order is the order of all axes.
    scopes
        The questions of each table, in the order of ``sizes``.
    children
        For each table the question whose cpd it is, or None where it is a likelihood; cpds always
        count, likelihoods only where a set of evidence names them.
    """

    def __init__(
        self,
        tree: JunctionTree,
        sizes: Mapping[str, int],
        scopes: Sequence[tuple[str, ...]],
        children: Sequence[str | None],
    ) -> None:
        self._tree = tree
        self._sizes = sizes
        self._order = {name: i for i, name in enumerate(sizes)}
        self._scopes: list[tuple[str, ...]] = [tuple(scope) for scope in scopes]
        self._children = children
        self._tables = len(scopes)
        self._homes: list[list[int]] = [[] for _ in tree.cliques]
        for table, scope in enumerate(scopes):
            self._homes[tree.home(scope, sizes)].append(table)
        self.steps: list[Step] = []
        self._known: dict[tuple[tuple[int, ...], tuple[str, ...]], int] = {}
        self._sides = self._all_sides()
        self._messages: dict[tuple[int, int, frozenset[int]], int | None] = {}

    def total(self, evidence: Collection[int]) -> int:
        """Plan P(evidence); return the number of its array, which has no axis but the draws."""
        return self._sum(0, frozenset(evidence), ())

    def marginal(self, name: str, evidence: Collection[int]) -> int:
        """Plan P(question, evidence); return the number of its array, shape ``(states, draws)``."""
        return self._sum(self._tree.home((name,), self._sizes), frozenset(evidence), (name,))

    def run(
        self, tables: Sequence[Any], wanted: Sequence[int], batch: Callable[[Any], int]
    ) -> list[Any]:
        """Carry the plan out.

        Parameters
        ----------
        tables
            One array for each table, its axes in the order of its scope, the draws last.
        wanted
            The arrays to return.
        batch
            Returns the length of an array's last axis (1 where it is the same for all draws).
        """
        needed = self._needed(wanted)
        arrays: dict[int, Any] = dict(enumerate(tables))
        for i, step in enumerate(self.steps, start=self._tables):
            if i not in needed:
                continue
            whole: Any = None
            for part, shape in zip(step.inputs, step.shapes, strict=True):
                array = arrays[part]
                array = array.reshape((*shape, batch(array)))
                whole = array if whole is None else whole * array
            arrays[i] = whole.sum(axis=step.summed) if step.summed else whole
        return [arrays[i] for i in wanted]

    def largest(self) -> int:
        """Return the number of entries, for one draw, of the largest product of the plan."""
        sizes = [1]
        for step in self.steps:
            axes = zip(*step.shapes, strict=True)
            product = 1
            for axis in axes:
                product *= max(axis)
            sizes.append(product)
        return max(sizes)

    def _needed(self, wanted: Sequence[int]) -> set[int]:
        needed, stack = set[int](), list(wanted)
        while stack:
            i = stack.pop()
            if i not in needed:
                needed.add(i)
                if i >= self._tables:
                    stack.extend(self.steps[i - self._tables].inputs)
        return needed

    def _sum(self, clique: int, evidence: frozenset[int], keep: tuple[str, ...]) -> int:
        inputs = [table for table in self._homes[clique] if self._counts(table, evidence)]
        for other in self._tree.neighbours[clique]:
            message = self._message(other, clique, evidence)
            inputs += [] if message is None else [message]
        return self._step(inputs, keep)

    def _message(self, source: int, target: int, evidence: frozenset[int]) -> int | None:
        """Plan the message between two cliques; None where it is one whatever the parameters.

        Without recursion, for trees may be a thousand cliques deep.
        """
        stack = [(source, target)]
        while stack:
            edge = stack[-1]
            before = [
                (other, edge[0]) for other in self._tree.neighbours[edge[0]] if other != edge[1]
            ]
            missing = [e for e in before if self._key(e, evidence) not in self._messages]
            if missing:
                stack.extend(missing)
            else:
                self._plan_message(*stack.pop(), evidence)
        return self._messages[self._key((source, target), evidence)]

    def _key(
        self, edge: tuple[int, int], evidence: frozenset[int]
    ) -> tuple[int, int, frozenset[int]]:
        return (*edge, evidence & self._sides[edge])

    def _plan_message(self, source: int, target: int, evidence: frozenset[int]) -> None:
        key = self._key((source, target), evidence)
        if key in self._messages:
            return
        shared = self._tree.cliques[source] & self._tree.cliques[target]
        if not key[2] and self._is_one(self._sides[source, target], shared):
            self._messages[key] = None
            return
        inputs = [table for table in self._homes[source] if self._counts(table, evidence)]
        for other in self._tree.neighbours[source]:
            if other != target:
                message = self._messages[self._key((other, source), evidence)]
                inputs += [] if message is None else [message]
        keep = tuple(sorted(shared, key=self._order.__getitem__))
        self._messages[key] = self._step(inputs, keep)

    def _counts(self, table: int, evidence: frozenset[int]) -> bool:
        return self._children[table] is not None or table in evidence

    def _all_sides(self) -> dict[tuple[int, int], frozenset[int]]:
        """Return the tables on the first clique's side of every directed edge."""
        order, parent = [0], {0: -1}
        for clique in order:
            for other in self._tree.neighbours[clique]:
                if other not in parent:
                    parent[other] = clique
                    order.append(other)
        everything = frozenset(range(self._tables))
        sides: dict[tuple[int, int], frozenset[int]] = {}
        for clique in reversed(order[1:]):
            below = set(self._homes[clique])
            for other in self._tree.neighbours[clique]:
                if other != parent[clique]:
                    below |= sides[other, clique]
            sides[clique, parent[clique]] = frozenset(below)
            sides[parent[clique], clique] = everything - below
        return sides

    def _is_one(self, side: frozenset[int], shared: frozenset[str]) -> bool:
        """Whether the cpds of a side sum to one: each question of it brings its own, no other."""
        own = {self._children[table] for table in side} - {None}
        names = {name for table in side if self._children[table] for name in self._scopes[table]}
        return own == names - shared

    def _step(self, inputs: Sequence[int], keep: tuple[str, ...]) -> int:
        ordered = tuple(sorted(inputs, key=lambda i: (weight(self._scopes[i], self._sizes), i)))
        key = (ordered, keep)
        if key in self._known:
            return self._known[key]
        present = {name for i in ordered for name in self._scopes[i]}
        scope = tuple(sorted(present, key=self._order.__getitem__))
        shapes = tuple(
            tuple(self._sizes[name] if name in self._scopes[i] else 1 for name in scope)
            for i in ordered
        )
        summed = tuple(axis for axis, name in enumerate(scope) if name not in keep)
        self.steps.append(Step(ordered, shapes, summed))
        self._scopes.append(tuple(name for name in scope if name in keep))
        place = self._known[key] = self._tables + len(self.steps) - 1
        return place
