"""Policy: the constants behind the numbers that no source states, in one place and overridable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LETTERS: Mapping[str, float] = {"A": 0.98, "B": 0.9, "C": 0.75, "D": 0.4, "E": 0.1, "F": 0.3}
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
    """

    letters: Mapping[str, float] = field(default_factory=lambda: LETTERS)
    digits: Mapping[str, float] = field(default_factory=lambda: DIGITS)
    shift: float = 0.5
    scatter: float = 0.8
    disagreement: float = 1.0
    discount: float = 1.0

    def reliability(self, grade: str | None) -> float:
        """Return r, the chance that a report of this grade carries information; no grade: 1.

        >>> round(Policy().reliability("B3"), 3)
        0.675
        """
        return 1.0 if grade is None else self.letters[grade[0]] * self.digits[grade[1]]
