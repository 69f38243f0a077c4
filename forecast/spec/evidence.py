"""What is known and what was said: evidence about states, statements about chances."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from forecast.spec.calendar import Day, Days, read_day
from forecast.spec.chance import Chance, Condition, one_or_more
from forecast.spec.editor import TEXT, either, free, written
from forecast.spec.judgement import Judgement, MultiplierText
from forecast.spec.policy import DIGITS, LETTERS
from forecast.spec.problem import as_text, kind_of, problem
from forecast.spec.strict import Count, Strict, Widen
from forecast.spec.traps import short


def _grade(value: Any) -> str:
    text = as_text(value).strip().upper()
    if len(text) != 2 or text[0] not in LETTERS or text[1] not in DIGITS:
        raise problem(
            f"`{value}` is no grade",
            "a letter A to F for the source and a digit 1 to 6 for the report: B3",
        )
    return text


TELLS = ("observed", "odds", "likelihood", "so_far")
"""The fields of a report that say what it tells: a fact, odds, how likely it was, a count."""
GRADE = written(
    "Source A (reliable) to F (unknown), report 1 (confirmed) to 6 (unknown).",
    "B3",
    pattern="[A-Fa-f][1-6]",
)
INFORMED_BY = either(
    "What the speaker knew: all, none, all up to a day, or a list of reports.",
    free("All reports up to the day on which he spoke, none, or those up to a day.", "all", "none"),
    {"type": "array", "items": TEXT},
)


def _one_count(value: Any) -> Any:
    if not isinstance(value, dict) or len(value) != 1:
        text = f"one question and its count stand here, not {kind_of(value)}"
        if isinstance(value, dict):
            text = "one question and its count stand here: a report for each"
        raise problem(text, "write so_far: {visits: 3}")
    return value


class Evidence(Strict):
    """One dated report: exactly one of `TELLS` says what it tells."""

    id: str
    """The name of the report."""
    date: Days
    """When it happened: a day, a month or a span."""
    known: Day | None = None
    """When it was known, if later."""
    text: str
    """What was reported."""
    source: str
    """Who reported it."""
    grade: Annotated[str, BeforeValidator(_grade), GRADE] | None = None
    """The Admiralty code of the report; it weakens what the report tells."""
    group: str | None = None
    """Reports of one group share one origin, so that copies tell nothing new."""
    observed: Condition | None = None
    """What it says happened."""
    odds: Annotated[dict[Condition, MultiplierText], BeforeValidator(one_or_more)] | None = None
    """Condition: how much likelier such a report is where it holds, if the report is true."""
    likelihood: Annotated[dict[Condition, Chance], BeforeValidator(one_or_more)] | None = None
    """Condition: how likely such a report was to appear where it holds; the first that holds."""
    so_far: Annotated[dict[str, Count], BeforeValidator(_one_count)] | None = None
    """Count question: how many there have been, from the start of its window to ``date``."""

    @property
    def known_on(self) -> dt.date:
        """The day on which it was known: ``known``, else the last day of ``date``."""
        return self.known or self.date.last


def _informed_by(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(as_text(item) for item in value)
    text = as_text(value)
    if text in ("all", "none"):
        return text
    if not text[:1].isdigit():
        said = f"`{short(text)}` is none of `all`, `none`, a day"
        raise problem(said, f"reports are listed by their ids: [{short(text)}]")
    return read_day(text)


class Statement(Strict):
    """An expert's judgement about a question that also has causes."""

    of: Condition
    """What he spoke of."""
    given: Condition | None = None
    """The condition under which he spoke."""
    says: Judgement
    """How likely he called it."""
    side: Literal["at most", "at least"] | None = None
    """Whether his word is only a bound; `did not expect` is at most."""
    lean: Literal["+", "-"] | None = None
    """Which way his bias works here, where the sign of his claim does not tell."""
    widen: Widen = 1.0
    """Multiplies the spread of his words in logits."""
    informed_by: Annotated[
        Literal["all", "none"] | dt.date | tuple[str, ...],
        BeforeValidator(_informed_by),
        INFORMED_BY,
    ] = "all"
    """What he knew: all (the default), none, all up to a day, or a list of reports."""
