"""Other certificates, judged on the same runs: what each refuses, and what it lets pass."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from validation.records import Record
from validation.study import Tally, tally

SHARES = (0.0, 0.05, 0.1, 0.2, 0.35)
KHATS = (0.5, 0.7, math.inf)
LEAST_ESS, TARGET, END_TARGET = 400.0, 0.5, 1.5
"""What all of them ask: effective draws, and errors in points."""


@dataclass(frozen=True)
class Certificate:
    """A certificate.

    Attributes
    ----------
    share
        Least effective draws, relative to draws.
    khat
        k-hat must be below.
    agree
        Whether the two halves must agree.
    """

    share: float
    khat: float
    agree: bool

    def passes(self, one: Record) -> bool:
        """Whether a run passes."""
        return (
            one.ess >= LEAST_ESS
            and one.largest <= TARGET
            and one.ends <= END_TARGET
            and one.share >= self.share
            and one.khat < self.khat
            and (not self.agree or one.agreement <= one.limit)
        )


def by_bins(
    runs: Sequence[Record], figure: Callable[[Record], float], ends: Sequence[float]
) -> list[tuple[float, float, Tally]]:
    """Return what became of the runs that passed, by a figure: low and high end, and the tally."""
    return [
        (low, high, tally([one for one in runs if one.passed and low <= figure(one) < high]))
        for low, high in itertools.pairwise(ends)
    ]


def trade_off(runs: Sequence[Record]) -> list[tuple[Certificate, Tally]]:
    """Return what each certificate makes of the runs, as the engine left them.

    A run that the engine refused was given as many draws as it may have; under a laxer certificate
    it would have ended sooner, with larger errors stated.
    """
    tried = [Certificate(*two, True) for two in itertools.product(SHARES, KHATS)]
    tried += [Certificate(share, 0.7, False) for share in (0.0, 0.1)]
    return [(one, tally(runs, one.passes)) for one in tried]
