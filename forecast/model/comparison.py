"""How two dates are compared: the nodes that tell, and the lags at which an answer changes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from forecast.spec.expression import Earliest, Latest, Pair, Within
from forecast.spec.notation import DAYS
from forecast.spec.question import AnyQuestion, Date

type Key = tuple[str, str]
"""Two dates in alphabetical order; the lag between them is the second's day less the first's."""


def key_of(one: str, other: str) -> Key:
    """Return two dates in alphabetical order."""
    return (one, other) if one < other else (other, one)


def relation(one: str, other: str) -> str:
    """Return the name of the node that tells how far apart two dates are; no question has it."""
    first, second = key_of(one, other)
    return f"`{first}` and `{second}`"


def by_day(name: str) -> str:
    """Return the name of the node that tells a date apart by the day; no question has it."""
    return f"`days of {name}`"


def order_of(names: Iterable[str]) -> str:
    """Return the name of the node that tells in which order dates come; no question has it."""
    return f"`order of {', '.join(names)}`"


def lag_of(term: Within) -> int:
    """Return the whole days of ``within 2 months of``; a month is 30.4375 days.

    >>> lag_of(Within("a", "2", "month", "b"))
    60
    """
    return int(int(term.count) * DAYS[term.unit])


def lags_of(pair: Pair) -> tuple[float, float]:
    """Return the least and the greatest lag, in the order of `key_of`, for which a pair holds.

    >>> from forecast.spec.expression import Before
    >>> lags_of(Before("b", "a"))  # the day of b less the day of a is negative
    (-inf, -1)
    """
    if isinstance(pair, Within):
        lag = lag_of(pair)
        return -lag, lag
    return (1, math.inf) if pair.name == key_of(pair.name, pair.other)[0] else (-math.inf, -1)


def cuts_of(pair: Pair) -> set[int]:
    """Return the lags at which a new cell begins for a pair.

    >>> from forecast.spec.expression import Before
    >>> cuts_of(Before("b", "a"))
    {0}
    """
    low, high = lags_of(pair)
    return {int(cut) for cut in (low, high + 1) if math.isfinite(cut)}


def parts_of(question: AnyQuestion | None) -> tuple[str, ...]:
    """Return the dates that a date is the earliest or the latest of; none where it is its own."""
    term = question.means.term if isinstance(question, Date) and question.means else None
    return term.names if isinstance(term, Earliest | Latest) else ()


def actors(question: AnyQuestion, questions: Mapping[str, AnyQuestion]) -> tuple[str, ...]:
    """Return the dates from whose day on the rate of a question changes."""
    times = question.times if isinstance(question, Date) and question.times else {}
    named = dict.fromkeys(name for condition in times for name in condition.names())
    return tuple(name for name in named if isinstance(questions.get(name), Date))
