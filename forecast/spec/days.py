"""Days from a first to a last."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """The days from ``first`` to ``last``, both included."""

    first: dt.date
    last: dt.date

    def share_of(self, window: Span) -> float:
        """Return the share of the days of a window that lie in the span; those of one day at least.

        >>> april = Span(dt.date(2025, 4, 1), dt.date(2025, 4, 30))
        >>> Span(dt.date(2025, 4, 1), dt.date(2025, 4, 5)).share_of(april)
        0.16666666666666666
        """
        first, last = max(self.first, window.first), min(self.last, window.last)
        return max((last - first).days + 1, 1) / ((window.last - window.first).days + 1)

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}..{self.last}"
