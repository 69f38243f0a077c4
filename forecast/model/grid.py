"""The grid: the cells of all questions, and of the nodes that comparisons of dates need."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from forecast.model.cells import VOID, Cells, cut_cells, date_cells
from forecast.model.comparison import by_day, order_of, relation
from forecast.model.granularity import comparisons
from forecast.model.ordering import order_cells
from forecast.model.relation import relation_cells
from forecast.spec.calendar import Span
from forecast.spec.expression import Expression
from forecast.spec.question import AnyQuestion


def grid(
    questions: Mapping[str, AnyQuestion],
    windows: Mapping[str, Span],
    conditions: Iterable[Expression],
    spans: Iterable[tuple[str, Span]] = (),
) -> dict[str, Cells]:
    """Cut every question into cells, and dates that are compared with others by the day.

    Parameters
    ----------
    questions, windows, conditions, spans
        As for `cut_cells`.

    Returns
    -------
    dict
        Question -> its cells; also those of the nodes that tell dates apart by the day (`by_day`)
        of the relations of dates that are compared (`relation`), and of their orders (`order_of`).
    """
    conditions = tuple(conditions)
    compared = comparisons(questions, windows, conditions)
    cells = cut_cells(questions, windows, conditions, spans, compared.orders)
    for name, days in compared.daily.items():
        cells[by_day(name)] = _split(cells[name], days)
    for key, lags in compared.lags.items():
        cells[relation(*key)] = relation_cells(key, lags)
    for names in compared.orders:
        cells[order_of(names)] = order_cells(names)
    return cells


def _split(cells: Cells, days: Collection[int]) -> Cells:
    """Return the cells of a date, cut before some more days."""
    dated = [bound for bound in cells.bounds if bound is not None]
    first, last = int(dated[0][0]), int(dated[-1][1])
    starts = {int(low) for low, _ in dated} | {day for day in days if first < day <= last}
    return date_cells(starts, last, tuple(state for state in cells.states if state == VOID))
