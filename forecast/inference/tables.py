"""The tables of a network as arrays, for draws of its parameters."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast.inference.operations import NumpyOperations
from forecast.inference.recording import Recorded, RecordedOperations
from forecast.model.circuit import Circuit, Operations
from forecast.model.formula import Const
from forecast.model.network import Table

type Array = NDArray[np.float64]


class Tables:
    """Tables whose distinct entries are computed once, however often they stand in them.

    Parameters
    ----------
    tables
        The tables.
    """

    def __init__(self, tables: Sequence[Table]) -> None:
        self._indices = [table.index for table in tables]
        self._fixed = [_fixed_table(table) for table in tables]
        open_tables = [table for table in tables if not table.is_fixed]
        self._circuit = Circuit(entry for table in open_tables for entry in table.entries)
        self._counts = [0 if table.is_fixed else len(table.entries) for table in tables]
        self.entries = sum(table.index.size for table in open_tables)

    def silenced(self, places: Collection[int]) -> Tables:
        """Return the same tables, some of them one everywhere: likelihoods that tell nothing."""
        other = copy.copy(self)
        other._fixed = list(self._fixed)
        for place in places:
            other._fixed[place] = np.ones((*self._indices[place].shape, 1))
        return other

    def is_open(self, table: int) -> bool:
        """Whether parameters enter a table."""
        return self._fixed[table] is None

    def recorded(self, values: Mapping[str, Any]) -> tuple[list[Array], dict[int, list[Any]]]:
        """Return every table, and the entries of open ones as they were recorded.

        Parameters
        ----------
        values
            Parameter -> `Recorded` draws, or a list of them for shares.
        """
        entries: list[list[Any]] = []

        def stack(own: list[Any]) -> Array:
            entries.append(own)
            rows = [each.value if isinstance(each, Recorded) else each for each in own]
            return np.stack(np.broadcast_arrays(*rows))

        tables = self.symbolic(values, RecordedOperations(), stack)
        places = [i for i, fixed in enumerate(self._fixed) if fixed is None]
        return tables, dict(zip(places, entries, strict=True))

    def by_entry(self, table: int, slopes: Array) -> Array:
        """Return slopes in the distinct entries of a table, ``(entries, ...)``.

        Parameters
        ----------
        table
            An open table.
        slopes
            Slopes in all entries of the array, its axes first.
        """
        index = self._indices[table].ravel()
        rows = slopes.reshape(index.size, *slopes.shape[self._indices[table].ndim :])
        if self._counts[table] == index.size:
            return rows
        order = np.argsort(index, kind="stable")
        starts = np.searchsorted(index[order], np.arange(self._counts[table]))
        return np.asarray(np.add.reduceat(rows[order], starts, axis=0))

    def symbolic(self, values: Mapping[str, Any], ops: Operations, stack: Any) -> list[Any]:
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
            out.append(fixed if fixed is not None else _laid_out(stack(own), index))
        return out

    def arrays(self, values: Mapping[str, Array], draws: int) -> list[Array]:
        """Return every table for a batch of draws; one that no parameter enters has a single one.

        Parameters
        ----------
        values
            Parameter -> draws, shape ``(draws,)`` or ``(components, draws)``.
        draws
            How many.
        """

        def stack(entries: list[Array]) -> Array:
            if all(entry.shape[-1] == draws for entry in entries):
                return np.concatenate(entries).reshape(len(entries), draws)
            rows = np.empty((len(entries), draws))
            for row, entry in zip(rows, entries, strict=True):
                row[:] = entry
            return rows

        return self.symbolic(values, NumpyOperations(), stack)


def in_order(table: Table, place: Mapping[str, int]) -> Table:
    """Return a table with its axes in the order of the places of their questions.

    Its entries are numbered in the order in which they then stand in it.
    """
    axes = sorted(range(len(table.scope)), key=lambda axis: place[table.scope[axis]])
    scope = tuple(table.scope[axis] for axis in axes)
    index = np.ascontiguousarray(table.index.transpose(axes))
    numbers, first = np.unique(index, return_index=True)
    order = numbers[np.argsort(first)]
    renumbered = np.empty(len(table.entries), dtype=np.intp)
    renumbered[order] = np.arange(len(order))
    return Table(scope, renumbered[index], tuple(table.entries[i] for i in order.tolist()))


def _laid_out(rows: Any, index: NDArray[np.intp]) -> Any:
    """Return a table from its distinct entries; without a copy where each stands in it once."""
    if rows.shape[0] == index.size:
        return rows.reshape((*index.shape, rows.shape[-1]))
    return rows[index]


def _fixed_table(table: Table) -> Array | None:
    """Return a table that no parameter enters, the same for all draws; None for any other."""
    if not table.is_fixed:
        return None
    numbers = np.array([entry.value for entry in table.entries if isinstance(entry, Const)])
    return np.asarray(numbers[table.index][..., None])
