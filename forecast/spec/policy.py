"""Policy: the constants behind the numbers that no source states, in one place and overridable."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

LETTERS: Mapping[str, float] = {"A": 0.98, "B": 0.9, "C": 0.75, "D": 0.4, "E": 0.1, "F": 0.3}
MULTIPLIERS: Mapping[str, tuple[float, float, float]] = {
    "weakly up": (math.sqrt(2), 1, 2),
    "up": (math.sqrt(10), 2, 5),
    "strongly up": (math.sqrt(50), 5, 10),
    "weakly down": (math.sqrt(1 / 2), 1 / 2, 1),
    "down": (math.sqrt(1 / 10), 1 / 5, 1 / 2),
    "strongly down": (math.sqrt(1 / 50), 1 / 10, 1 / 5),
}
"""Words for odds multipliers: median and central 90 %. The bands are those of Jaeschke, Guyatt and
Sackett (1994, JAMA 271:703-707, doi:10.1001/jama.271.9.703) for likelihood ratios: 1 to 2 rarely
matters, 2 to 5 is small but at times important, 5 to 10 is moderate (strong, among reports)."""
DIGITS: Mapping[str, float] = {"1": 0.99, "2": 0.9, "3": 0.75, "4": 0.4, "5": 0.1, "6": 0.3}


@dataclass(frozen=True)
class Policy:
    """What is taken where a file does not say; ``defaults:`` changes it.

    Attributes
    ----------
    letters, digits
        The chance that a report of this source, of this credibility, carries information (Admiralty
        code, NATO AJP-2.1; the standard itself gives no numbers).
    shift, scatter
        How far what a speaker meant may lie from the truth, in logits, for one who is not listed
        under ``experts:``: in common to all he says, and of each claim its own.
    disagreement
        The scale, in logits, of the half-normal prior of how far the members of a pool disagree.
    discount
        What a case of a base rate counts that states no discount of its own.
    multipliers
        Median and central 90 % of the words for odds multipliers.
    """

    letters: Mapping[str, float] = field(default_factory=lambda: LETTERS)
    digits: Mapping[str, float] = field(default_factory=lambda: DIGITS)
    shift: float = 0.5
    scatter: float = 0.8
    disagreement: float = 1.0
    discount: float = 1.0
    multipliers: Mapping[str, tuple[float, float, float]] = field(
        default_factory=lambda: MULTIPLIERS
    )

    def reliability(self, grade: str | None) -> float:
        """Return r, the chance that a report of this grade carries information; no grade: 1.

        >>> round(Policy().reliability("B3"), 3)
        0.675
        """
        return 1.0 if grade is None else self.letters[grade[0]] * self.digits[grade[1]]
