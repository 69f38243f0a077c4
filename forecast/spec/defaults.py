"""What is taken where a file does not say: grades, experts, multipliers in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from forecast.errors import nearest
from forecast.spec.chance import Share
from forecast.spec.judgement import MultiplierText
from forecast.spec.notation import Multiplier, Reference, read_multiplier
from forecast.spec.policy import DIGITS, LETTERS, MULTIPLIERS, Policy
from forecast.spec.problem import as_text, problem
from forecast.spec.strict import Discount, Logits, Positive, Sharpness, Strict
from forecast.spec.traps import short


class Expert(Strict):
    """How far what he meant may lie from the truth, in logits."""

    shift: Logits
    """How far all that he says may be off in one direction."""
    scatter: Logits
    """How far each of his claims may be off on its own."""
    sharpness: Sharpness = 1.0
    """What his logits are multiplied by: below 1 for one whose words outrun the events."""


def _grades(value: Any) -> Any:
    for key in value if isinstance(value, dict) else ():
        if key not in (*LETTERS, *DIGITS):
            raise problem(
                f"`{short(key)}` is no part of a grade",
                "write a letter A to F or a digit 1 to 6, and the chance that it stands for",
            )
    return value


def _read_words(value: Any) -> Any:
    for key in value if isinstance(value, dict) else ():
        if key not in MULTIPLIERS:
            fix = nearest(key, MULTIPLIERS) or f"one of {', '.join(MULTIPLIERS)}"
            raise problem(f"`{short(key)}` is no word for a multiplier", fix)
        read = read_multiplier(as_text(value[key]))
        if isinstance(read, Reference) or read.low is None or read.word:
            raise problem(f"`{short(key)}` needs a median and its range", "write x2 (1.2..3.5)")
    return value


class Defaults(Strict):
    """What is taken where the file does not say; printed in every report that used it."""

    type: Literal["binary", "categorical", "date", "count", "quantity"] | None = None
    """The type of every question that names none."""
    grades: Annotated[dict[str, Share], BeforeValidator(_grades)] = {}
    """A letter A to F or a digit 1 to 6: the chance that such a report carries information."""
    shift: Logits | None = None
    """How far all that a speaker says may be off, in logits, where `experts` does not name him."""
    scatter: Logits | None = None
    """How far each of his claims may be off on its own."""
    disagreement: Positive | None = None
    """How far members of a pool are thought to disagree, in logits, before they are heard."""
    discount: Discount | None = None
    """What a case of a base rate counts that states no discount."""
    multipliers: Annotated[dict[str, MultiplierText], BeforeValidator(_read_words)] = {}
    """A word for an odds multiplier, such as strongly up: the multiplier that it stands for."""

    @property
    def policy(self) -> Policy:
        """The constants in force: those of the house, as far as the file does not say."""
        apart = ("type", "grades", "multipliers")
        own = {key: value for key, value in self if key not in apart and value is not None}
        return Policy(
            {letter: self.grades.get(letter, r) for letter, r in LETTERS.items()},
            {digit: self.grades.get(digit, r) for digit, r in DIGITS.items()},
            multipliers={**MULTIPLIERS, **self._words},
            **own,
        )

    @property
    def _words(self) -> Mapping[str, tuple[float, float, float]]:
        return {
            word: (read.median, read.low or read.median, read.high or read.median)
            for word, read in self.multipliers.items()
            if isinstance(read, Multiplier)
        }
