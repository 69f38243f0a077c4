"""Other certificates, judged on the same runs: what each refuses, and what it lets pass."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
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


def trade_off(runs: Sequence[Record]) -> list[tuple[Certificate, Tally]]:
    """Return what each certificate makes of the runs, as the engine left them.

    A run that the engine refused was given as many draws as it may have; under a laxer certificate
    it would have ended sooner, with larger errors stated.
    """
    tried = [Certificate(*three) for three in itertools.product(SHARES, KHATS, (True, False))]
    return [(one, tally(runs, one.passes)) for one in tried]
