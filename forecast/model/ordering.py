"""In which order several dates come, told cell by cell: no days are multiplied.

Dates in different cells come in the order of these. Of dates in the same cell the chance of each
order is a sum over the days of that cell (`forecast.model.formula.OrderChance`), whose length grows
with the days and not with their product.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from forecast.model.cells import Cells
from forecast.model.comparison import Key, order_of, relation
from forecast.model.course import Course, extent
from forecast.model.formula import ONE, ZERO, Const, DayByDay, Formula, product
from forecast.model.network import Table
from forecast.model.relation import reduced, undated
from forecast.model.sweep import order_chance
from forecast.model.timing import Days

if TYPE_CHECKING:
    from forecast.model.dated import DateTabulation

type Ranks = tuple[int, ...]
"""The place of each date, from 0; dates on the same day share one."""


@functools.cache
def weak_orders(number: int) -> tuple[Ranks, ...]:
    """Return all orders of so many things, ties among them.

    >>> weak_orders(2)
    ((0, 0), (0, 1), (1, 0))
    >>> [len(weak_orders(number)) for number in (3, 4)]
    [13, 75]
    """
    places = itertools.product(range(number), repeat=number)
    return tuple(ranks for ranks in places if set(ranks) == set(range(max(ranks) + 1)))


def order_cells(names: Sequence[str]) -> Cells:
    """Return the states of an order; what never happens, or is void, comes last.

    >>> order_cells(["a", "b"]).states
    ('a with b', 'a, b', 'b, a')
    """

    def written(ranks: Ranks) -> str:
        places = (
            " with ".join(name for name, own in zip(names, ranks, strict=True) if own == place)
            for place in range(max(ranks) + 1)
        )
        return ", ".join(places)

    states = tuple(map(written, weak_orders(len(names))))
    return Cells("categorical", states, (None,) * len(states))


class _Ties:
    """The chances of each order of dates that share a cell, each set of courses worked out once."""

    def __init__(self, cells: Mapping[str, Cells], names: Sequence[str]) -> None:
        self._bounds = [cells[name].bounds for name in names]
        self._known: dict[tuple[object, ...], list[tuple[Ranks, Formula]]] = {}

    def row(
        self, states: Sequence[int], courses: Sequence[Course | None]
    ) -> Iterator[tuple[Ranks, Formula]]:
        """Yield the orders that are possible for a cell of each date, with their chances."""
        sharing: dict[Days, list[int]] = {}
        last = []
        for date, state in enumerate(states):
            bound = self._bounds[date][state]
            if bound is None:
                last.append(date)
            else:
                sharing.setdefault(bound, []).append(date)
        in_turn = sorted(sharing.items())
        options = [self._within(cell, [courses[i] for i in dates]) for cell, dates in in_turn]
        for picked in itertools.product(*options):
            ranks, start = [0] * len(states), 0
            for (_, dates), (own, _) in zip(in_turn, picked, strict=True):
                for date, place in zip(dates, own, strict=True):
                    ranks[date] = start + place
                start += max(own) + 1
            for date in last:
                ranks[date] = start
            yield tuple(ranks), product(*(chance for _, chance in picked))

    def _within(self, cell: Days, courses: Sequence[Course | None]) -> list[tuple[Ranks, Formula]]:
        """Return the orders of dates that lie in one cell, each with its chance."""
        if len(courses) == 1:
            return [((0,), ONE)]
        key = (cell, *courses)
        if key not in self._known:
            masses = tuple(_masses(course, cell) for course in courses)
            chances = ((ranks, order_chance(masses, ranks)) for ranks in weak_orders(len(courses)))
            self._known[key] = [(ranks, chance) for ranks, chance in chances if chance != ZERO]
        return self._known[key]


def _masses(course: Course | None, cell: Days) -> DayByDay:
    """Return the chance of each day of a cell, given the cell."""
    days = [(day, day) for day in range(int(cell[0]), int(cell[1]) + 1)]
    whole = None if course is None else extent(cell, course.support)
    if course is None or whole is None:  # nothing falls into this cell: any chances will do
        return DayByDay((Const(1 / len(days)),) * len(days))
    inside = [extent(day, course.support) for day in days]
    return DayByDay(tuple(ZERO if day is None else course.share(day, whole) for day in inside))


def order_table(
    names: Sequence[str], cells: Mapping[str, Cells], tabulation: Callable[[str], DateTabulation]
) -> Table:
    """Return the table of the order of some dates, given their cells and causes.

    Parameters
    ----------
    names
        The dates, in alphabetical order.
    cells
        Node -> its cells; those of the dates are the same or apart.
    tabulation
        Date -> its tabulation.
    """
    found = [tabulation(name) for name in names]
    courses = [each.courses() for each in found]
    scope = tuple(dict.fromkeys((*(p for each in found for p in each.parents), *names)))
    parents = [[scope.index(parent) for parent in each.parents] for each in found]
    dates = [scope.index(name) for name in names]
    ties = _Ties(cells, names)
    places = {ranks: i for i, ranks in enumerate(weak_orders(len(names)))}
    entries: dict[Formula, int] = {ZERO: 0}
    rows: dict[tuple[object, ...], np.ndarray] = {}
    shape = tuple(len(cells[name]) for name in scope)
    index = np.zeros((*shape, len(places)), dtype=np.intp)
    for world in np.ndindex(shape):
        states = tuple(world[axis] for axis in dates)
        here: list[Any] = [
            each[tuple(world[axis] for axis in axes)]
            for each, axes in zip(courses, parents, strict=True)
        ]
        key = (states, *here)
        if key not in rows:
            rows[key] = row = np.zeros(len(places), dtype=np.intp)
            for ranks, chance in ties.row(states, here):
                row[places[ranks]] = entries.setdefault(chance, len(entries))
        index[world] = rows[key]
    return reduced((*scope, order_of(names)), names, index, tuple(entries))


def relation_in_order(key: Key, names: Sequence[str], cells: Mapping[str, Cells]) -> Table:
    """Return the table of the relation of two dates, given the order that all are in.

    Its lags are cut at nothing but the same day, so that earlier, equal or later is all it tells.
    """
    one, other = cells[key[0]], cells[key[1]]
    first, second = names.index(key[0]), names.index(key[1])
    both = cells[relation(*key)]
    orders = weak_orders(len(names))
    index = np.zeros((len(one), len(other), len(orders), len(both)), dtype=np.intp)
    for i, j, k in np.ndindex(index.shape[:3]):
        state = undated(one, i, other, j)
        if state is None:
            lag = orders[k][second] - orders[k][first]
            sign = (lag > 0) - (lag < 0)
            state = next(
                state
                for state, lags in enumerate(both.bounds)
                if lags is not None and lags[0] <= sign <= lags[1]
            )
        index[i, j, k, state] = 1
    return Table((*key, order_of(names), relation(*key)), index, (ZERO, ONE))
