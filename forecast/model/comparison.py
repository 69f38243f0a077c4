"""Which dates are compared with which, and how fine their days must then be told apart.

Of two dates that are compared, one is told apart by the day (in a node of its own, `by_day`): the
other may keep its cells, for the share of a cell that lies before, on or after a given day is known
exactly (`forecast.model.course`). So tables grow with the number of days, not with its square.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from forecast.spec import walk
from forecast.spec.calendar import Span
from forecast.spec.expression import Earliest, Expression, Latest, Pair, Within
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


@dataclass(frozen=True)
class Comparisons:
    """The comparisons of a file.

    Attributes
    ----------
    lags
        Two dates -> the lags at which a new cell of their difference begins.
    daily
        Date that is told apart by the day -> the days at which a new cell begins.
    """

    lags: Mapping[Key, tuple[int, ...]] = field(default_factory=dict)
    daily: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def squares(self) -> tuple[Key, ...]:
        """Return the pairs of which both dates are told apart by the day."""
        return tuple(key for key in self.lags if key[0] in self.daily and key[1] in self.daily)


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


def comparisons(
    questions: Mapping[str, AnyQuestion],
    windows: Mapping[str, Span],
    conditions: Iterable[Expression],
) -> Comparisons:
    """Return which dates are compared, and which of them must be told apart by the day.

    Parameters
    ----------
    questions, windows
        The questions and the days in which each may resolve.
    conditions
        Every condition that will be evaluated.
    """
    lags: dict[Key, set[int]] = {}
    for condition in conditions:
        for pair in condition.pairs():
            if all(isinstance(questions.get(name), Date) for name in (pair.name, pair.other)):
                lags.setdefault(key_of(pair.name, pair.other), set()).update(cuts_of(pair))
    _compare_parts(lags, questions)
    bare = [key for key in lags if not any(parts_of(questions[name]) for name in key)]
    acting = {name: actors(question, questions) for name, question in questions.items()}
    fine = _told_apart(bare, {a for found in acting.values() for a in found}, questions, windows)
    daily: dict[str, set[int]] = {name: set() for name in fine}
    for name, found in acting.items():
        first, last = _ordinals(windows[name])
        for actor in found:
            daily[actor] |= set(range(first + 1, last + 2))
    for key in bare:
        for name, other, second in ((key[0], key[1], False), (key[1], key[0], True)):
            if name in daily:
                first, last = _ordinals(windows[other])
                for lag in lags[key]:  # where the days of `other` at that lag begin and end
                    shift = lag if second else 1 - lag
                    daily[name] |= set(range(first + shift, last + shift + 1))
    return Comparisons(
        {key: tuple(sorted(cuts)) for key, cuts in lags.items()},
        {name: frozenset(days) for name, days in daily.items()},
    )


def _ordinals(days: Span) -> tuple[int, int]:
    return days.first.toordinal(), days.last.toordinal()


def _compare_parts(lags: dict[Key, set[int]], questions: Mapping[str, AnyQuestion]) -> None:
    """Compare the parts of ``earliest(...)`` and ``latest(...)`` with whatever the whole is."""
    waiting = list(lags)
    while waiting:
        one, other = key = waiting.pop()
        whole = next((name for name in key if parts_of(questions[name])), None)
        rest = other if whole == one else one
        for part in parts_of(questions[whole]) if whole is not None else ():
            if part == rest or not isinstance(questions.get(part), Date):
                continue
            known = lags.setdefault(key_of(part, rest), set())
            sign = (part < rest) == (whole == one)
            wanted = lags[key] if sign else {1 - cut for cut in lags[key]}
            if not wanted <= known:
                known |= wanted
                waiting.append(key_of(part, rest))


def _told_apart(
    keys: Iterable[Key],
    acting: set[str],
    questions: Mapping[str, AnyQuestion],
    windows: Mapping[str, Span],
) -> set[str]:
    """Return the dates that must be told apart by the day.

    Those from whose day on a rate changes; those that are compared with more than one other, whose
    comparisons hang together through its day; and one of each pair that is left: the one with more
    causes, for the shares of the other's cells are laid out over *its* causes.
    """
    keys = list(keys)
    degree = Counter(name for key in keys for name in key)
    fine = acting | {name for name, count in degree.items() if count > 1}

    def cost(name: str) -> tuple[int, int, str]:
        days = windows[name]
        return -len(walk.parents(questions[name])), (days.last - days.first).days, name

    for key in sorted(keys):
        if not fine & set(key):
            fine.add(min(key, key=cost))
    return fine
