"""Which law holds and in which cell a number lies, as one gate: what its report is made from."""

from __future__ import annotations

import numpy as np

from forecast.model.cells import VOID, Cells
from forecast.model.formula import ONE, ZERO
from forecast.model.laws import AnyLaw
from forecast.model.network import Node, Table

MOST_ENTRIES = 2**20
"""Of the table of such a gate; of a larger one only the cells are reported."""


def joint_gate(node: Node) -> Node | None:
    """Return the gate of a count or quantity that has parents; None where the cells suffice.

    Its states are law by law the cells of the number, then ``void``.
    """
    if node.number is None or len(node.cpd.scope) == 1:
        return None
    laws, cells = distinct_laws(node), len(node.cells.states)
    states = len(laws) * cells + 1
    if node.cpd.index.size * states > MOST_ENTRIES:
        return None
    place = {law: i for i, law in enumerate(laws)}
    index = np.zeros((*node.cpd.index.shape, states), dtype=np.intp)
    void = node.cells.states.index(VOID) if VOID in node.cells.states else None
    there: list[AnyLaw | None] = node.number.laws.ravel().tolist()
    for world, law in zip(np.ndindex(node.number.laws.shape), there, strict=True):
        for cell in range(cells):
            state = states - 1
            if law is not None and cell != void:
                state = place[law] * cells + cell
            index[(*world, cell, state)] = 1
    name = joint_name(node)
    names = tuple(f"{i}" for i in range(states))
    table = Table((*node.cpd.scope, name), index, (ZERO, ONE))
    return Node(name, "gate", Cells("categorical", names, (None,) * states), table)


def joint_name(node: Node) -> str:
    """Return the name of the gate of a number, or of the number itself where it has no parents."""
    return node.name if len(node.cpd.scope) == 1 else f"`law of {node.name}`"


def distinct_laws(node: Node) -> tuple[AnyLaw, ...]:
    """Return the laws of a number in the order in which its gate has them."""
    assert node.number is not None
    laws: list[AnyLaw | None] = node.number.laws.ravel().tolist()
    return tuple(dict.fromkeys(law for law in laws if law is not None))
