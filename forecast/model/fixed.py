"""Tables whose numbers are fixed, as published networks have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from forecast.model.cells import Cells
from forecast.model.formula import Const
from forecast.model.network import Table
from forecast.spec.table import ConditionalTable


def fixed_table(name: str, table: ConditionalTable, cells: Mapping[str, Cells]) -> Table:
    """Return the cpd of a question from its conditional table.

    Parameters
    ----------
    name, table
        The question, and its parents with a row for each combination of their states.
    cells
        Question -> its cells.
    """
    values, _ = table.rows.read(len(cells[name]))
    scope = (*table.parents, name)
    return numbers_as_table(scope, [len(cells[part]) for part in scope], values)


def numbers_as_table(scope: tuple[str, ...], shape: Sequence[int], values: ArrayLike) -> Table:
    """Return numbers as a table; equal numbers share an entry.

    >>> numbers_as_table(("a",), [2], [0.5, 0.5]).entries
    (Const(value=0.5),)
    """
    distinct, index = np.unique(values, return_inverse=True)
    return Table(scope, index.reshape(shape), tuple(map(Const, distinct.tolist())))
