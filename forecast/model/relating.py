"""Tables of relations: how far apart two dates are, given the states of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from forecast.model.cells import Cells
from forecast.model.comparison import Key, by_day, key_of, parts_of, relation
from forecast.model.course import Course, extent
from forecast.model.cpd import tabulated
from forecast.model.dated import DateTabulation
from forecast.model.formula import ONE, ZERO, Const, Formula
from forecast.model.network import Table
from forecast.model.relation import NEITHER, reduced, undated
from forecast.model.timing import Days
from forecast.spec.calendar import Span
from forecast.spec.expression import Earliest
from forecast.spec.question import AnyQuestion, Date

type Row = tuple[Formula, ...]


def relation_table(
    key: Key, cells: Mapping[str, Cells], courses: Callable[[str], DateTabulation]
) -> Table:
    """Return the table of the relation of two dates, of which one is told apart by the day.

    Given that day and the other's cell, the chance of each lag is the share of the cell that lies
    so many days away: exact, whatever the course of the other in its causes' worlds.

    Parameters
    ----------
    key
        The two dates.
    cells
        Node -> its cells.
    courses
        Date -> its tabulation.
    """
    daily = [name for name in key if by_day(name) in cells]
    hub, other = daily[0], key[0] if daily[0] == key[1] else key[1]
    fine, node = by_day(hub), relation(*key)
    if len(daily) == 2:
        scope = (fine, by_day(other))
        rows = _Rows(cells[fine], cells[by_day(other)], cells[node], hub == key[0], None)
        shape = tuple(len(cells[name]) for name in (*scope, node))
        return tabulated((*scope, node), shape, (rows.row(*w) for w in np.ndindex(shape[:2])))
    tabulation = courses(other)
    parents, found = tabulation.parents, tabulation.courses()
    if fine in parents:  # its axis stands among the parents: each course is for one of its days
        found = np.moveaxis(found, parents.index(fine), -1)
        parents = tuple(name for name in parents if name != fine)
    else:
        found = np.broadcast_to(found[..., None], (*found.shape, len(cells[fine])))
    blocks: dict[tuple[Course | None, int], np.ndarray] = {}
    entries: dict[Formula, int] = {}
    shape = (len(cells[other]), len(cells[node]))
    index = np.empty((*found.shape, *shape), dtype=np.intp)
    anywhere: Course | None = next((course for course in found.ravel() if course is not None), None)
    for world in np.ndindex(found.shape):
        here: Any = found[world]
        course: Course | None = anywhere if here is None else here
        block = (course, world[-1])
        if block not in blocks:
            rows = _Rows(cells[fine], cells[other], cells[node], hub == key[0], course)
            blocks[block] = np.array(
                [
                    [entries.setdefault(entry, len(entries)) for entry in rows.row(world[-1], j)]
                    for j in range(shape[0])
                ],
                dtype=np.intp,
            )
        index[world] = blocks[block]
    return reduced((*parents, fine, other, node), (fine, other), index, tuple(entries))


class _Rows:
    """Rows of a relation: lags of an exact day (`hub`) and a cell of the other date."""

    def __init__(
        self, hub: Cells, other: Cells, both: Cells, hub_first: bool, course: Course | None
    ) -> None:
        self._hub, self._other, self._both = hub, other, both
        self._hub_first = hub_first
        self._course = course

    def row(self, i: int, j: int) -> Row:
        """Return the chances of the relation's states, given a state of each date."""
        pair = (self._hub, i, self._other, j)
        if not self._hub_first:
            pair = (self._other, j, self._hub, i)
        state = undated(*pair)
        if state is not None:
            return _certain(len(self._both) + state, len(self._both))
        days, cell = self._hub.bounds[i], self._other.bounds[j]
        assert days is not None
        assert cell is not None
        shares = [
            ZERO if lags is None else self._share(days, cell, lags) for lags in self._both.bounds
        ]
        return tuple(shares)

    def _share(self, hub: Days, cell: Days, lags: Days) -> Formula:
        """Return the share of the other's cell at these lags from the hub's day."""
        # A cell of several days holds days that are alike for all of the other's: any will do.
        low, high = (
            (hub[0] + lags[0], hub[0] + lags[1])
            if self._hub_first
            else (hub[0] - lags[1], hub[0] - lags[0])
        )
        part = (max(cell[0], low), min(cell[1], high))
        if part[0] > part[1]:
            return ZERO
        if part == cell:
            return ONE
        course = self._course
        assert course is not None
        possible = extent(cell, course.support)
        if possible is None:  # nothing falls into this cell: any share will do
            return Const((part[1] - part[0] + 1) / (cell[1] - cell[0] + 1))
        within = extent(part, course.support)
        return ZERO if within is None else course.share(within, possible)


def _certain(state: int, states: int) -> Row:
    return tuple(ONE if i == state else ZERO for i in range(states))


def relation_of_parts(
    key: Key,
    cells: Mapping[str, Cells],
    questions: Mapping[str, AnyQuestion],
    windows: Mapping[str, Span],
) -> Table:
    """Return the table of a relation in which one date is the earliest or the latest of others.

    It follows from the relations of the parts: the lag from the earliest of several dates is the
    greatest of the lags from each, from the latest the least.
    """
    whole = next(name for name in key if parts_of(questions[name]))
    rest = key[0] if whole == key[1] else key[1]
    question = questions[whole]
    assert isinstance(question, Date)
    assert question.means is not None
    earliest = isinstance(question.means.term, Earliest)
    parts = tuple(dict.fromkeys(parts_of(question)))
    node = relation(*key)
    related = [relation(part, rest) for part in parts if part != rest]
    window = windows[whole]
    inside = [
        part
        for part in parts
        if earliest
        and not (window.first <= windows[part].first <= windows[part].last <= window.last)
    ]
    scope = tuple(dict.fromkeys((whole, rest, *inside, *related)))
    first, last = window.first.toordinal(), window.last.toordinal()

    def lags(part: str, world: Mapping[str, int]) -> Days | None:
        """Return the lags from a part to the rest; None where the part does not count."""
        if part in inside:
            bound = cells[part].bounds[world[part]]
            if bound is None or not first <= bound[0] <= last:
                return None
        if part == rest:
            return (0, 0)
        found = cells[relation(part, rest)].bounds[world[relation(part, rest)]]
        if found is None:
            return None
        return found if key_of(part, rest)[0] == part else (-found[1], -found[0])

    def state(world: Mapping[str, int]) -> int:
        one, other = key
        missing = undated(cells[one], world[one], cells[other], world[other])
        if missing is not None:
            return missing
        counted = [found for part in parts if (found := lags(part, world)) is not None]
        if not counted:  # cannot be: the whole happens only where a part does
            return NEITHER
        low, high = max(counted) if earliest else min(counted)
        if key[0] != whole:
            low, high = -high, -low
        return next(
            k
            for k, bound in enumerate(cells[node].bounds)
            if bound is not None and bound[0] <= low and high <= bound[1]
        )

    states = len(cells[node])
    shape = tuple(len(cells[name]) for name in scope)

    def rows() -> Sequence[Row]:
        known = [_certain(k, states) for k in range(states)]
        return [known[state(dict(zip(scope, w, strict=True)))] for w in np.ndindex(shape)]

    return tabulated((*scope, node), (*shape, states), iter(rows()))
