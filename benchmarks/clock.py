"""Times of rivals that take turns, so that a busy machine slows all of them alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median


def alternating(
    rivals: Mapping[str, Callable[[], object]], rounds: int, warm_up: int = 1
) -> dict[str, list[float]]:
    """Return the seconds of each rival in each round.

    Parameters
    ----------
    rivals
        Name -> what is timed.
    rounds
        How often each has its turn.
    warm_up
        Rounds before that are not counted.
    """
    seconds: dict[str, list[float]] = {name: [] for name in rivals}
    for i in range(warm_up + rounds):
        for name, rival in rivals.items():
            start = time.perf_counter()
            rival()
            if i >= warm_up:
                seconds[name].append(time.perf_counter() - start)
    return seconds


def ratio(ours: list[float], theirs: list[float]) -> float:
    """Return the median over the rounds of their time by ours.

    >>> ratio([1.0, 2.0, 1.0], [10.0, 22.0, 8.0])
    10.0
    """
    return median(b / a for a, b in zip(ours, theirs, strict=True))


def spent(seconds: float) -> str:
    """Write a time to two digits.

    >>> [spent(s) for s in (4.56e-6, 0.00123, 0.0456, 1.234, 12.3, 345.6, 7200)]
    ['4.6 µs', '1.2 ms', '46 ms', '1.2 s', '12 s', '346 s', '2.0 h']
    """
    if seconds >= 3600:
        return f"{seconds / 3600:.1f} h"
    number, unit = next(
        (seconds * scale, unit)
        for scale, unit in ((1, "s"), (1e3, "ms"), (1e6, "µs"))
        if seconds * scale >= 1 or unit == "µs"
    )
    return f"{number:.1f} {unit}" if number < 10 else f"{number:.0f} {unit}"


def times(factor: float) -> str:
    """Write a ratio to two digits.

    >>> times(0.456), times(12.3), times(1234)
    ('0.46', '12', '1,200')
    """
    if factor < 10:
        return f"{factor:.2g}"
    digits = len(str(int(factor))) - 2
    return f"{round(factor, -digits):,.0f}"
