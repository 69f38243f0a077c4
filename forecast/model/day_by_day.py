"""What is too large: dates that would have to be told apart by the day, several at a time."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping

from forecast.errors import Fault, Path
from forecast.model.comparison import actors, comparisons
from forecast.spec import walk
from forecast.spec.calendar import Span
from forecast.spec.context import Context
from forecast.spec.question import AnyQuestion

MOST_PAIRS = 10_000
"""Pairs of days in one table, for each draw of the parameters: two windows of a hundred days."""

MOST_TRIPLES = 10_000
"""Triples of days, for three dates that are each compared with both others."""


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
    squares = compared.squares()
    days = {name: (windows[name].last - windows[name].first).days + 1 for name in compared.daily}
    for name, question in questions.items():
        followed = actors(question, questions)
        chain = (*followed, name) if name in days else followed
        if math.prod(days[link] for link in chain) > MOST_PAIRS:
            yield _fault(chain, " x ".join(f"{days[link]:,}" for link in chain), context)
            return
    for one, other in squares:
        if days[one] * days[other] > MOST_PAIRS:
            yield _fault((one, other), f"{days[one]:,} x {days[other]:,}", context)
            return
    for one, other in squares:
        for third in days:
            corner = (one, other, third)
            joined = (one, third) in squares and (other, third) in squares
            if joined and math.prod(days[name] for name in corner) > MOST_TRIPLES:
                yield _fault(corner, " x ".join(f"{days[name]:,}" for name in corner), context)
                return


def _fault(names: tuple[str, ...], days: str, context: Context) -> Fault:
    section = "latents" if names[0] in context.file.latents else "questions"
    path: Path = (section, names[0])
    said = ", ".join(f"`{name}`" for name in names[:-1])
    text = f"{said} and `{names[-1]}` hang together day by day: {days} days are too many"
    fix = "shorten their windows, or let fewer dates depend on each other's days"
    return context.fault(path, "too-many-days", text, fix, key=True)
