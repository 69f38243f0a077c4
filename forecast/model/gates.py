"""Conditions as auxiliary nodes: small gates, so that no table spans a whole scenario."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from forecast.model.cells import Cells, Kind
from forecast.model.formula import ONE, ZERO
from forecast.model.network import Node, Table
from forecast.model.truth import Truth, nodes_of, truth
from forecast.spec.expression import And, AtLeast, Expression, Not, Or, Term

type Operand = tuple[str, Truth]
"""A node, and in which of its states the operand is true."""

YES = np.array([True, False])


class Gates:
    """Gates for the conditions of one network; the same condition is built once.

    Parameters
    ----------
    cells
        Question -> its cells.
    """

    def __init__(self, cells: Mapping[str, Cells]) -> None:
        self.nodes: dict[str, Node] = {}
        self._cells = dict(cells)
        self._known: dict[tuple[object, ...], str] = {}

    def condition(self, condition: Expression) -> str:
        """Return the name of a yes/no gate that says whether a condition holds."""
        name, true = self._operand(condition.term)
        if name in self.nodes and len(true) == 2 and bool(true[0]) and not bool(true[1]):
            return name
        return self._gate([(name, true)], all)

    def selector(self, name: str, conditions: Mapping[str, Expression]) -> Node:
        """Return a node whose state is the first condition that holds; the last is `otherwise`.

        Built as a chain: each link says which of the conditions so far is the first to hold.
        """
        names = tuple(conditions)
        before: str | None = None
        for i, key in enumerate(names):
            states = names if i == len(names) - 1 else (*names[: i + 1], "none of these yet")
            operand = None if i == len(names) - 1 else self._operand(conditions[key].term)
            link = name if i == len(names) - 1 else f"{name} up to `{key}`"
            before = self._link(link, states, before, operand)
        assert before is not None
        return self.nodes[before]

    def _link(
        self, name: str, states: tuple[str, ...], before: str | None, operand: Operand | None
    ) -> str:
        scope: list[str] = [] if before is None else [before]
        if operand is not None:
            scope.append(operand[0])
        shape = tuple(len(self._cells[part]) for part in scope)
        index = np.zeros((*shape, len(states)), dtype=np.intp)
        for world in np.ndindex(shape):
            decided = before is not None and world[0] < len(self._cells[before]) - 1
            here = operand is None or bool(operand[1][world[-1]])
            new = 0 if before is None else len(self._cells[before]) - 1
            index[(*world, world[0] if decided else new if here else new + 1)] = 1
        return self._add(name, Cells("categorical", states, (None,) * len(states)), scope, index)

    def _operand(self, term: Term) -> Operand:
        match term:
            case Not(inner):
                name, true = self._operand(inner)
                return name, ~true
            case And(terms):
                return self._combined(terms, all)
            case Or(terms):
                return self._combined(terms, any)
            case AtLeast(number, terms):
                return self._counted(int(number), terms), YES
            case _:
                alone = Expression("", term)
                (name,) = nodes_of(alone)
                return name, truth(alone, (name,), self._cells)

    def _combined(self, terms: Iterable[Term], rule: object) -> Operand:
        """Merge operands on the same node first, then join the rest two by two."""
        merge = np.logical_and if rule is all else np.logical_or
        by_node: dict[str, Truth] = {}
        for term in terms:
            name, true = self._operand(term)
            by_node[name] = merge(by_node[name], true) if name in by_node else true
        operands: Sequence[Operand] = list(by_node.items())
        whole = operands[0]
        for operand in operands[1:]:
            # A gate of the first two may stand among the rest: `a and b and (a and b)`.
            if operand[0] == whole[0]:
                whole = (whole[0], merge(whole[1], operand[1]))
            else:
                whole = (self._gate([whole, operand], rule), YES)
        return whole

    def _counted(self, number: int, terms: Sequence[Term]) -> str:
        """Return a gate that says whether so many terms hold; a chain counts them up to there."""
        before: str | None = None
        for i, term in enumerate(terms):
            name, true = self._operand(term)
            last = i == len(terms) - 1
            highest = min(i + 1, number)
            scope = [name] if before is None else [before, name]
            key = (number, tuple(scope), true.tobytes(), last)
            if key not in self._known:
                states = ("yes", "no") if last else tuple(f"{n}" for n in range(highest + 1))
                shape = tuple(len(self._cells[part]) for part in scope)
                index = np.zeros((*shape, len(states)), dtype=np.intp)
                for world in np.ndindex(shape):
                    count = min((0 if before is None else world[0]) + bool(true[world[-1]]), number)
                    index[(*world, int(count < number) if last else count)] = 1
                kind: Kind = "binary" if last else "categorical"
                cells = Cells(kind, states, (None,) * len(states))
                counted = f"`gate {len(self.nodes) + 1}`"
                self._known[key] = self._add(counted, cells, scope, index)
            before = self._known[key]
        assert before is not None
        return before

    def _gate(self, operands: Sequence[Operand], rule: object) -> str:
        key = (rule, *((name, true.tobytes()) for name, true in operands))
        if key not in self._known:
            assert callable(rule)
            scope = [name for name, _ in operands]
            shape = tuple(len(self._cells[name]) for name in scope)
            index = np.zeros((*shape, 2), dtype=np.intp)
            for world in np.ndindex(shape):
                holds = rule(true[state] for (_, true), state in zip(operands, world, strict=True))
                index[(*world, 0 if holds else 1)] = 1
            name = f"`gate {len(self.nodes) + 1}`"
            self._known[key] = self._add(
                name, Cells("binary", ("yes", "no"), (None, None)), scope, index
            )
        return self._known[key]

    def _add(self, name: str, cells: Cells, scope: Sequence[str], index: np.ndarray) -> str:
        self._cells[name] = cells
        table = Table((*scope, name), index, (ZERO, ONE))
        self.nodes[name] = Node(name, "gate", cells, table)
        return name
