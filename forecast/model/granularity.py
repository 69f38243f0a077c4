"""Which dates are compared with which, and how fine their days must then be told apart.

Of two dates that are compared, one is told apart by the day (in a node of its own, `by_day`): the
other may keep its cells, for the share of a cell that lies before, on or after a given day is known
exactly (`forecast.model.course`). So tables grow with the number of days, not with its square.

Where that would still make days by days, for dates that are all compared with each other, and only
their order is asked, a node holds the order (`forecast.model.ordering`): no days are told apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from forecast.model.comparison import Key, actors, cuts_of, key_of, parts_of
from forecast.spec import walk
from forecast.spec.calendar import Span
from forecast.spec.expression import Expression
from forecast.spec.question import AnyQuestion, Date

MOST_PAIRS = 10_000
"""Pairs of days in one table, for each draw of the parameters: two windows of a hundred days."""

MOST_TRIPLES = 10_000
"""Triples of days, for three dates that are each compared with both others."""


@dataclass(frozen=True)
class Comparisons:
    """The comparisons of a file.

    Attributes
    ----------
    lags
        Two dates -> the lags at which a new cell of their difference begins.
    daily
        Date that is told apart by the day -> the days at which a new cell begins.
    orders
        Dates that hang together and whose order is told by a node of its own, in place of days.
    """

    lags: Mapping[Key, tuple[int, ...]] = field(default_factory=dict)
    daily: Mapping[str, frozenset[int]] = field(default_factory=dict)
    orders: tuple[tuple[str, ...], ...] = ()


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
    actors_of_all = {actor for found in acting.values() for actor in found}
    fine = _told_apart(bare, actors_of_all, questions, windows)
    orders = _in_order(bare, lags, fine, actors_of_all, questions, windows)
    ordered = {name for names in orders for name in names}
    bare, fine = [key for key in bare if key[0] not in ordered], fine - ordered
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
        orders,
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


def too_large(
    keys: Iterable[Key], fine: Collection[str], windows: Mapping[str, Span]
) -> tuple[str, ...] | None:
    """Return two or three dates whose days would have to be multiplied too often; else None.

    Parameters
    ----------
    keys
        The pairs that are compared.
    fine, windows
        The dates that are told apart by the day, and the days of all.
    """
    squares = [key for key in keys if key[0] in fine and key[1] in fine]
    days = {name: (windows[name].last - windows[name].first).days + 1 for name in fine}
    for one, other in squares:
        if days[one] * days[other] > MOST_PAIRS:
            return one, other
    for one, other in squares:
        for third in sorted(fine):
            joined = key_of(one, third) in squares and key_of(other, third) in squares
            if joined and days[one] * days[other] * days[third] > MOST_TRIPLES:
                return one, other, third
    return None


def _in_order(
    keys: Sequence[Key],
    lags: Mapping[Key, set[int]],
    fine: set[str],
    acting: set[str],
    questions: Mapping[str, AnyQuestion],
    windows: Mapping[str, Span],
) -> tuple[tuple[str, ...], ...]:
    """Return the dates that hang together by days too many, where only their order is asked.

    No rate may follow one of them from its day on, and none may hang on how they compare.
    """
    orders: list[tuple[str, ...]] = []
    for names in components(keys):
        own = [key for key in keys if key[0] in names]
        only_order = all(lags[key] <= {0, 1} for key in own)
        if too_large(own, fine & set(names), windows) is None or not only_order:
            continue
        wanted = [*orders, names]
        if not acting & set(names) and not _hangs_on_itself(names, wanted, questions):
            orders.append(names)
    return tuple(orders)


def components(keys: Iterable[Key]) -> tuple[tuple[str, ...], ...]:
    """Return the dates that hang together by comparisons, each set in alphabetical order.

    >>> components([("a", "b"), ("c", "d"), ("b", "e")])
    (('a', 'b', 'e'), ('c', 'd'))
    """
    found: list[set[str]] = []
    for key in keys:
        touching = [names for names in found if names & set(key)]
        found = [names for names in found if names not in touching]
        found.append(set(key).union(*touching))
    return tuple(sorted(tuple(sorted(names)) for names in found))


def above(
    name: str, orders: Iterable[tuple[str, ...]], questions: Mapping[str, AnyQuestion]
) -> tuple[str, ...]:
    """Return the questions that stand above one, all dates of an order that it asks among them."""
    question = questions[name]
    found = dict.fromkeys(walk.parents(question))
    for placed in walk.in_question(question, ()):
        pairs = placed.condition.pairs() if isinstance(placed, walk.PlacedCondition) else ()
        for pair in pairs:
            sides = [set(_with_parts(side, questions)) for side in (pair.name, pair.other)]
            for names in orders:
                if all(side & set(names) for side in sides):
                    found.update(dict.fromkeys(names))
    return tuple(found)


def _with_parts(name: str, questions: Mapping[str, AnyQuestion]) -> Iterator[str]:
    yield name
    for part in parts_of(questions.get(name)):
        yield from _with_parts(part, questions)


def _hangs_on_itself(
    names: Iterable[str],
    orders: Sequence[tuple[str, ...]],
    questions: Mapping[str, AnyQuestion],
) -> bool:
    for name in names:
        stack, seen = list(above(name, orders, questions)), set[str]()
        while stack:
            other = stack.pop()
            if other == name:
                return True
            if other in questions and other not in seen:
                seen.add(other)
                stack.extend(above(other, orders, questions))
    return False
