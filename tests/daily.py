"""A slow reference for dates: every day of every question is enumerated, one world after another.

Nothing here is shared with the package. A world maps a question to the number of the day on which
it happens (1 is the day after the as-of date), to None (never) or to "void"; a cause to a bool.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from modelling import AS_OF

type World = dict[str, Any]
type Law = Callable[[World], Mapping[Any, float]]
"""World of the earlier questions -> state -> chance."""


def iso(day: int) -> str:
    return str(AS_OF + dt.timedelta(days=day))


def worlds(laws: Mapping[str, Law]) -> Iterator[tuple[World, float]]:
    """Yield every world that is possible, with its chance."""
    found: list[tuple[World, float]] = [({}, 1.0)]
    for name, law in laws.items():
        found = [
            ({**world, name: state}, chance * p)
            for world, chance in found
            for state, p in law(world).items()
            if p > 0
        ]
    yield from found


def chance_of(
    laws: Mapping[str, Law],
    holds: Callable[[World], bool],
    known: Callable[[World], bool] = lambda _: True,
) -> float:
    """P(holds | known)."""
    both = total = 0.0
    for world, p in worlds(laws):
        if known(world):
            total += p
            both += p * holds(world)
    return both / total


# ------------------------------------------------------------------------- laws of one date


def cause(p: float) -> Law:
    return lambda _: {True: p, False: 1 - p}


def evenly(first: int, last: int) -> dict[int, float]:
    return dict.fromkeys(range(first, last + 1), 1 / (last - first + 1))


def constant(first: int, last: int, p: float) -> dict[int, float]:
    """(1 - p)^(t / T) is left after t days of T."""
    length = last - first + 1
    left = [(1 - p) ** (t / length) for t in range(length + 1)]
    return {first + t: (left[t] - left[t + 1]) / p for t in range(length)}


def around(first: int, last: int, low: int, high: int) -> dict[int, float]:
    """Days are unit intervals of time; 90 % between the start of ``low`` and the end of ``high``."""
    law = NormalDist((low + high) / 2, (high - low + 1) / (2 * NormalDist().inv_cdf(0.95)))
    mass = {day: law.cdf(day + 0.5) - law.cdf(day - 0.5) for day in range(first, last + 1)}
    return {day: m / sum(mass.values()) for day, m in mass.items()}


def happening(p: float, days: Mapping[int, float]) -> dict[Any, float]:
    return {**{day: p * share for day, share in days.items()}, None: 1 - p}


def first_event(first: int, last: int, rate: Callable[[int], float]) -> dict[Any, float]:
    """Hazard by hazard: what is left of the day before, times 1 - exp(-rate of the day)."""
    out: dict[Any, float] = {}
    left = 1.0
    for day in range(first, last + 1):
        out[day] = left * -math.expm1(-rate(day))
        left *= math.exp(-rate(day))
    return {**out, None: left}


# ------------------------------------------------------------------------- conditions, by definition


def happens(world: World, name: str) -> bool:
    return isinstance(world[name], int)


def before(world: World, a: str, b: str) -> bool:
    """A happens, b is not void, and b comes later or never."""
    return happens(world, a) and (world[b] is None or (happens(world, b) and world[a] < world[b]))


def within(world: World, a: str, days: int, b: str) -> bool:
    return happens(world, a) and happens(world, b) and abs(world[a] - world[b]) <= days


def by(world: World, a: str, day: int) -> bool:
    return happens(world, a) and world[a] <= day


def earliest(world: World, *names: str) -> int | None:
    return min((world[name] for name in names if happens(world, name)), default=None)


def latest(world: World, *names: str) -> int | None:
    return max(world[n] for n in names) if all(happens(world, n) for n in names) else None


# ------------------------------------------------------------------------- conditions in both tongues


@dataclass(frozen=True)
class Said:
    """A condition as it stands in a file, and what it means."""

    text: str
    holds: Callable[[World], bool]


def negated(one: Said) -> Said:
    return Said(f"not ({one.text})", lambda w: not one.holds(w))


def both(one: Said, other: Said) -> Said:
    return Said(f"({one.text}) and ({other.text})", lambda w: one.holds(w) and other.holds(w))


def either(one: Said, other: Said) -> Said:
    return Said(f"({one.text}) or ({other.text})", lambda w: one.holds(w) or other.holds(w))


def count(number: int, *parts: Said) -> Said:
    text = f"at least {number} of {', '.join(f'({part.text})' for part in parts)}"
    return Said(text, lambda w: sum(part.holds(w) for part in parts) >= number)
