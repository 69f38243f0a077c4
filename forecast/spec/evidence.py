"""What is known and what was said: evidence about states, statements about chances."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from forecast.spec.calendar import Day, Days, read_day
from forecast.spec.chance import Chance, Condition, one_or_more
from forecast.spec.judgement import Judgement, MultiplierText, Strict, Widen
from forecast.spec.problem import as_text, problem

LETTERS = {"A": 0.98, "B": 0.9, "C": 0.75, "D": 0.4, "E": 0.1, "F": 0.3}
DIGITS = {"1": 0.99, "2": 0.9, "3": 0.75, "4": 0.4, "5": 0.1, "6": 0.3}
"""Policy: the chance that a report of this source, of this credibility, carries information
(Admiralty code, NATO AJP-2.1; the standard itself gives no numbers)."""


def reliability(grade: str | None) -> float:
    """Return r, the chance that a report of this grade carries information; no grade: 1.

    >>> round(reliability("B3"), 3)
    0.675
    """
    return 1.0 if grade is None else LETTERS[grade[0]] * DIGITS[grade[1]]


def _grade(value: Any) -> str:
    text = as_text(value).strip().upper()
    if len(text) != 2 or text[0] not in LETTERS or text[1] not in DIGITS:
        raise problem(
            f"`{value}` is no grade",
            "a letter A to F for the source and a digit 1 to 6 for the report: B3",
        )
    return text


TELLS = ("observed", "odds", "likelihood")
"""The fields of a report that say what it tells: a fact, odds, or how likely it was to appear."""


class Evidence(Strict):
    """One dated report: exactly one of `TELLS` says what it tells."""

    id: str
    date: Days
    known: Day | None = None
    text: str
    source: str
    grade: Annotated[str, BeforeValidator(_grade)] | None = None
    group: str | None = None
    observed: Condition | None = None
    odds: Annotated[dict[Condition, MultiplierText], BeforeValidator(one_or_more)] | None = None
    likelihood: Annotated[dict[Condition, Chance], BeforeValidator(one_or_more)] | None = None

    @property
    def known_on(self) -> dt.date:
        """The day on which it was known: ``known``, else the last day of ``date``."""
        return self.known or self.date.last


def _informed_by(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(as_text(item) for item in value)
    text = as_text(value)
    return text if text in ("all", "none") else read_day(text)


class Statement(Strict):
    """An expert's judgement about a question that also has causes."""

    of: Condition
    given: Condition | None = None
    says: Judgement
    side: Literal["at most", "at least"] | None = None
    lean: Literal["+", "-"] | None = None
    widen: Widen = 1.0
    informed_by: Annotated[
        Literal["all", "none"] | dt.date | tuple[str, ...], BeforeValidator(_informed_by)
    ] = "all"
