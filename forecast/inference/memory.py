"""How many draws fit into the cache, and whether the tables fit into the memory at all."""

from __future__ import annotations

import os

from forecast.errors import Fault, InvalidModel
from forecast.inference.elimination import Elimination
from forecast.model.network import Network

MOST_DRAWS = 2000
"""Draws that are solved at a time at most. Not a power of two, or rows would evict each other from
the cache (five times slower at 1,024)."""

CACHE = 2_000_000
"""Entries of the largest array, all draws together, that the processor's cache still helps with."""

SHARE = 0.7
"""Share of the free memory that may be used."""

NUMBER = 8
"""Bytes of a number."""


class TooLarge(InvalidModel):
    """Exact sums need more memory than there is."""


def draws_at_a_time(
    largest: float,
    kept: float,
    elimination: Elimination,
    network: Network,
    free: float | None = None,
) -> int:
    """Return how many draws to solve at a time.

    Parameters
    ----------
    largest
        Entries of the largest array, for one draw.
    kept
        Entries that are kept at a time, for one draw.
    elimination, network
        What the tables come from, for the refusal.
    free
        Bytes of free memory; asked of the system by default.

    Raises
    ------
    TooLarge
        Where not even one draw fits into the memory.
    """
    room = SHARE * (available() if free is None else free) / NUMBER
    if kept > room:
        raise _too_large(kept * NUMBER, room * NUMBER, elimination, network)
    return max(1, min(MOST_DRAWS, int(CACHE / largest), int(room / max(kept, 1))))


def available() -> float:
    """Return the bytes of memory that are free for this process, as far as the system tells."""
    try:
        with open("/proc/meminfo", encoding="ascii") as stream:
            lines = dict(line.split(":", 1) for line in stream)
        return float(lines["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        pass
    try:
        return float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, OSError, ValueError):
        return 4e9


def _too_large(needed: float, room: float, elimination: Elimination, network: Network) -> TooLarge:
    questions = [name for name in elimination.clique if name in network.questions]
    named = ", ".join(f"`{name}`" for name in questions[:5])
    if len(questions) > 5:
        named += f" and {len(questions) - 5} more"
    text = (
        f"exact sums over this network need {_size(needed)} of memory, and {_size(room)} can be "
        f"used: it has to keep {len(elimination.clique)} questions in view at once ({named})"
    )
    fix = "take out a dependence between these questions, or give them fewer states"
    fault = Fault(network.file or network.title or "network", 0, 0, (), "too-large", text, fix)
    return TooLarge([fault])


def _size(count: float) -> str:
    """Write a number of bytes.

    >>> _size(3.2e9), _size(5e40)
    ('3.2 GB', 'more than 1,000 TB')
    """
    if count >= 1e15:
        return "more than 1,000 TB"
    for unit, size in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count / 1e3:.3g} kB"
