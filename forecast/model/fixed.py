"""Tables whose numbers are fixed, as published networks have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from forecast.model.cells import VOID, Cells
from forecast.model.formula import Const
from forecast.model.network import Table
from forecast.model.truth import nodes_of, truth
from forecast.spec.expression import Expression
from forecast.spec.table import ConditionalTable


def fixed_table(
    name: str,
    table: ConditionalTable,
    cells: Mapping[str, Cells],
    told: Mapping[str, Cells],
    only_if: Expression | None = None,
) -> Table:
    """Return the cpd of a question from its conditional table.

    Parameters
    ----------
    name, table
        The question, and its parents with a row for each combination of their states.
    cells
        Node -> its cells.
    told
        Parent -> the cells that the table tells apart; those of the network are as fine or finer.
    only_if
        Where it fails the question is void, whatever its row says.
    """
    own = [state for state in cells[name].states if state != VOID]
    values, _ = table.rows.read(len(own))
    rows = values.reshape([*(len(told[parent]) for parent in table.parents), len(own)])
    for axis, parent in enumerate(table.parents):
        rows = rows.take(_within(cells[parent], told[parent]), axis)
    parents = table.parents
    if only_if is not None:
        parents = tuple(dict.fromkeys((*table.parents, *nodes_of(only_if))))
        holds = truth(only_if, parents, cells)
        more = [1] * (len(parents) - len(table.parents))
        rows = rows.reshape(*rows.shape[:-1], *more, len(own)) * holds[..., None]
        rows = np.concatenate([rows, ~holds[..., None]], axis=-1)
    scope = (*parents, name)
    return numbers_as_table(scope, [len(cells[part]) for part in scope], rows)


def _within(cells: Cells, told: Cells) -> list[int]:
    """Return for each cell the state of a coarser division that it lies in."""

    def state(i: int) -> int:
        bound = cells.bounds[i]
        if bound is None:
            return told.states.index(cells.states[i])
        if bound in told.bounds:
            return told.bounds.index(bound)
        return next(
            j
            for j, whole in enumerate(told.bounds)
            if whole is not None and whole[0] <= bound[0] and bound[1] <= whole[1]
        )

    return [state(i) for i in range(len(cells))]


def numbers_as_table(scope: tuple[str, ...], shape: Sequence[int], values: ArrayLike) -> Table:
    """Return numbers as a table; equal numbers share an entry.

    >>> numbers_as_table(("a",), [2], [0.5, 0.5]).entries
    (Const(value=0.5),)
    """
    distinct, index = np.unique(values, return_inverse=True)
    return Table(scope, index.reshape(shape), tuple(map(Const, distinct.tolist())))
