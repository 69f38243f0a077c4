"""What is too large: dates that would have to be told apart by the day, several at a time."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence

from forecast.errors import Fault, Path
from forecast.model.cells import Cells
from forecast.model.comparison import actors, order_of
from forecast.model.granularity import MOST_PAIRS, comparisons, too_large
from forecast.model.grid import grid
from forecast.model.truth import parents_of
from forecast.spec import walk
from forecast.spec.calendar import Span
from forecast.spec.context import Context
from forecast.spec.question import AnyQuestion

MOST_WORLDS = 2**17
"""Cells of one table; what is larger would take minutes, or the memory of the machine."""


def comparison_faults(
    context: Context,
    faulty: Collection[Path],
    questions: Mapping[str, AnyQuestion],
    windows: Mapping[str, Span],
) -> Iterator[Fault]:
    """Yield the comparisons of dates that would make tables too large.

    Parameters
    ----------
    context
        The scenario file.
    faulty
        The entries that have faults already.
    questions, windows
        The questions that are sound, and the days in which each may resolve.
    """
    conditions = [
        placed.condition
        for placed in walk.in_file(context.file)
        if isinstance(placed, walk.PlacedCondition)
        and placed.path[:2] not in faulty
        and all(name in questions for name in placed.condition.names())
    ]
    compared = comparisons(questions, windows, conditions)
    days = {name: (windows[name].last - windows[name].first).days + 1 for name in windows}
    for name, question in questions.items():
        followed = actors(question, questions)
        chain = (*followed, name) if name in compared.daily else followed
        if math.prod(days[link] for link in chain) > MOST_PAIRS:
            yield _fault(chain, days, context)
            return
    found = too_large(compared.lags, compared.daily, windows)
    if found is not None:
        yield _fault(found, days, context)
    cells = grid(questions, windows, conditions) if compared.orders else {}
    for names in compared.orders:
        if (size := order_size(names, questions, cells)) > MOST_WORLDS:
            yield _too_many_orders(names, size, context)


def order_size(
    names: Sequence[str], questions: Mapping[str, AnyQuestion], cells: Mapping[str, Cells]
) -> int:
    """Return the number of entries of the table of an order: cells of all dates and causes."""
    causes = [parent for name in names for parent in parents_of(questions[name], questions)]
    scope = dict.fromkeys((*causes, *names, order_of(names)))
    # A cause that is broken itself is told of elsewhere.
    return math.prod(len(cells[name]) for name in scope if name in cells)


def _too_many_orders(names: Sequence[str], size: int, context: Context) -> Fault:
    text = f"{_listed(names)} hang together: their order in all of their cells has {size:,} entries"
    fix = (
        f"compare fewer of them, or cut them into fewer cells: {MOST_WORLDS:,} entries are the most"
    )
    return context.fault(_place(names[0], context), "too-many-days", text, fix, key=True)


def _fault(names: tuple[str, ...], days: Mapping[str, int], context: Context) -> Fault:
    product = " x ".join(f"{days[name]:,}" for name in names)
    text = f"{_listed(names)} hang together day by day: {product} days are too many"
    fix = (
        f"shorten their windows ({MOST_PAIRS:,} combinations of days are the most), let fewer "
        "dates depend on each other's days, or ask only which comes first (`before`)"
    )
    return context.fault(_place(names[0], context), "too-many-days", text, fix, key=True)


def _place(name: str, context: Context) -> Path:
    return ("latents" if name in context.file.latents else "questions", name)


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(f'`{name}`' for name in names[:-1])} and `{names[-1]}`"
