"""The order of independent dates, in one sweep over their days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forecast.model.formula import ZERO, Const, DayByDay, Formula, OrderChance


def order_chance(dates: Sequence[DayByDay], ranks: Sequence[int]) -> Formula:
    """Return the chance of an order, folded where the chance of each day is a number.

    >>> even = DayByDay((Const(0.5), Const(0.5)))
    >>> order_chance([even, even], [0, 1]), order_chance([even] * 3, [0, 1, 2])
    (Const(value=0.25), Const(value=0.0))
    """
    if max(ranks) >= len(dates[0].chances):
        return ZERO
    days = [[c.value for c in date.chances if isinstance(c, Const)] for date in dates]
    if all(len(own) == len(date.chances) for own, date in zip(days, dates, strict=True)):
        return Const(float(in_order(days, ranks)))
    return OrderChance(tuple(dates), tuple(ranks))


def in_order(dates: Sequence[Sequence[Any]], ranks: Sequence[int]) -> Any:
    """Return the chance of an order, from the chance of each day for each date.

    Parameters
    ----------
    dates
        For each date the chance of each day: numbers, or arrays of draws.
    ranks
        The place of each date, from 0; fewer places than days.
    """
    places = [
        [date for date, own in zip(dates, ranks, strict=True) if own == place]
        for place in range(max(ranks) + 1)
    ]
    reached: list[Any] = [None] * len(places)
    for day in range(len(dates[0])):
        for place in reversed(range(len(places))):  # the place before as it was on the eve
            if place and reached[place - 1] is None:
                continue
            here = reached[place - 1] if place else 1.0
            for date in places[place]:
                here = date[day] * here
            reached[place] = here if reached[place] is None else reached[place] + here
    return reached[-1]
