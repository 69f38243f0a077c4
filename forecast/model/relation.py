"""Relations: the states of a node that tells how far apart two dates are, if both happen."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from forecast.model.cells import VOID, Cells
from forecast.model.comparison import Key, key_of, lags_of, relation
from forecast.model.formula import Formula
from forecast.model.network import Table
from forecast.spec.expression import Before, Pair

type Truth = NDArray[np.bool_]

ALONE = (-3, -2)
"""The states in which only the first, or only the second of two dates happens, from the end."""

NEITHER = -1
"""The state in which neither happens, or one of them is void, from the end."""


def relation_cells(key: Key, cuts: Sequence[int]) -> Cells:
    """Return the states of two dates' relation: cells of lags, then what happens alone.

    Parameters
    ----------
    key
        The two dates; the lag is the second's day less the first's.
    cuts
        The lags at which a new cell begins.

    Examples
    --------
    >>> relation_cells(("a", "b"), [0, 1]).states[:3]
    ('b 1 or more days before a', 'b 0 days after a', 'b 1 or more days after a')
    >>> relation_cells(("a", "b"), [0, 1]).states[3:]
    ('a alone', 'b alone', 'neither')
    """
    first, second = key
    ends = [-math.inf, *cuts, math.inf]
    bounds = [(low, high - 1) for low, high in itertools.pairwise(ends)]
    states = [f"{second} {_days(low, high)} {first}" for low, high in bounds]
    return Cells(
        "relation",
        (*states, f"{first} alone", f"{second} alone", "neither"),
        (*bounds, None, None, None),
    )


def _days(low: float, high: float) -> str:
    side = "after"
    if high < 0:
        low, high, side = -high, -low, "before"
    if math.isinf(low):
        return f"at most {high:g} days {side}"
    if math.isinf(high):
        return f"{low:g} or more days {side}"
    return f"{low:g} days {side}" if low == high else f"{low:g} to {high:g} days {side}"


def pair_holds(pair: Pair, cells: Cells) -> Truth:
    """Return in which states of a relation a comparison of two dates is true."""
    low, high = lags_of(pair)
    true = np.array(
        [bound is not None and low <= bound[0] and bound[1] <= high for bound in cells.bounds]
    )
    if isinstance(pair, Before):  # what never happens comes last
        true[ALONE[0 if pair.name == key_of(pair.name, pair.other)[0] else 1]] = True
    return true


def feasible(names: Sequence[str], cells: Mapping[str, Cells]) -> Truth:
    """Return which worlds are possible at all, given what relations say of dates beside them."""
    shape = tuple(len(cells[name]) for name in names)
    possible = np.ones(shape, dtype=bool)
    dates = [name for name in names if cells[name].kind == "date"]
    for first in dates:
        for second in dates:
            if first < second and (node := relation(first, second)) in names:
                axes = [names.index(name) for name in (first, second, node)]
                table = _compatible(cells[first], cells[second], cells[node])
                order = np.argsort(axes)
                along = [shape[i] if i in axes else 1 for i in range(len(names))]
                possible &= table.transpose(order).reshape(along)
    return possible


def _compatible(first: Cells, second: Cells, both: Cells) -> Truth:
    table = np.zeros((len(first), len(second), len(both)), dtype=bool)
    for i, j in np.ndindex(table.shape[:2]):
        a, b = first.bounds[i], second.bounds[j]
        if (state := undated(first, i, second, j)) is not None:
            table[i, j, state] = True
        elif a is not None and b is not None:
            for k, lags in enumerate(both.bounds):
                if lags is not None:
                    table[i, j, k] = lags[0] <= b[1] - a[0] and b[0] - a[1] <= lags[1]
    return table


def undated(first: Cells, i: int, second: Cells, j: int) -> int | None:
    """Return the state of a relation where not both dates happen; None where both do."""
    a, b = first.bounds[i] is not None, second.bounds[j] is not None
    if a and b:
        return None
    if VOID in (first.states[i], second.states[j]) or not (a or b):
        return NEITHER
    return ALONE[0] if a else ALONE[1]


def reduced(
    scope: Sequence[str], kept: Sequence[str], index: NDArray[np.intp], entries: tuple[Formula, ...]
) -> Table:
    """Return a table without the causes that make no difference.

    Parameters
    ----------
    scope, index, entries
        The table.
    kept
        What stays in any case, beside the node itself.
    """
    left = list(scope)
    for name in scope[:-1]:
        axis = left.index(name)
        if name not in kept and (index == index.take([0], axis)).all():
            index = np.asarray(index.take(0, axis))
            del left[axis]
    return Table(tuple(left), np.ascontiguousarray(index), entries)
