"""Conditions as truth tables over the cells of the questions that they mention."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from forecast.model.cells import Cells
from forecast.spec.expression import And, Earliest, Expression, Not, Or, Otherwise, Term

type Truth = NDArray[np.bool_]


def truth(condition: Expression, names: Sequence[str], cells: Mapping[str, Cells]) -> Truth:
    """Return where a condition holds.

    Parameters
    ----------
    condition
        The condition; every question that it mentions must be among ``names``.
    names
        The questions that span the table, one axis each.
    cells
        Question -> its cells.

    Returns
    -------
    numpy.ndarray
        Booleans, shape ``tuple(len(cells[name]) for name in names)``.
    """
    shape = tuple(len(cells[name]) for name in names)

    def of(term: Term) -> Truth:
        match term:
            case Otherwise():
                return np.ones(shape, dtype=bool)
            case Not(inner):
                return ~of(inner)
            case And(terms):
                return np.asarray(np.logical_and.reduce([of(inner) for inner in terms]))
            case Or(terms):
                return np.asarray(np.logical_or.reduce([of(inner) for inner in terms]))
            case Earliest():
                raise TypeError("earliest(...) is a date, not a condition")
            case _:
                axis = names.index(term.name)
                along = [-1 if i == axis else 1 for i in range(len(names))]
                return np.broadcast_to(cells[term.name].holds(term).reshape(along), shape)

    return of(condition.term)


def first_match(
    rows: Iterable[Expression],
    names: Sequence[str],
    cells: Mapping[str, Cells],
    possible: Truth | None = None,
) -> tuple[NDArray[np.intp], tuple[int, ...]]:
    """Return which row decides each world, and which rows decide none.

    Parameters
    ----------
    rows
        Conditions in order; the first that holds wins.
    names, cells
        The questions that span the worlds, and their cells.
    possible
        The worlds that matter; all by default.

    Returns
    -------
    tuple
        Row numbers over the worlds (-1: no row holds; -2: the world does not matter), and the
        numbers of the rows that can never be reached.
    """
    shape = tuple(len(cells[name]) for name in names)
    left = np.ones(shape, dtype=bool) if possible is None else possible.copy()
    decided = np.where(left, -1, -2).astype(np.intp)
    dead = []
    for i, row in enumerate(rows):
        here = truth(row, names, cells) & left
        if not here.any():
            dead.append(i)
        decided[here] = i
        left &= ~here
    return decided, tuple(dead)
