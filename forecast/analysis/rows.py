"""The rows in which forecasts are compared: scenarios, and what their questions may answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from forecast.model.cells import VOID
from forecast.spec.expression import quoted
from forecast.summary.contract import Chance, QuestionResult, Summary

type Key = tuple[Literal["scenario", "answer"], str]
"""What a row is, and its name."""


@dataclass(frozen=True)
class Row:
    """A row of one forecast.

    Attributes
    ----------
    chance
        Its chance, as it is reported.
    text, meaning
        What it means, in words and (of a scenario) as a condition.
    question
        The question that is answered; None for a scenario.
    """

    chance: Chance
    text: str
    meaning: str
    question: str | None


def rows_of(summary: Summary) -> dict[Key, Row]:
    """Return the rows that a result has: its scenarios, then the answers to its questions."""
    found: dict[Key, Row] = {}
    for name, result in summary.scenarios.items():
        found["scenario", name] = Row(result, result.text, result.when, None)
    for name, question in summary.questions.items():
        for says, chance in _answers(name, question):
            found["answer", says] = Row(chance, question.text, "", name)
    return found


def _answers(name: str, question: QuestionResult) -> Iterator[tuple[str, Chance]]:
    """Yield conditions in the language of the file, as `forecast.analysis.answers` writes them."""
    said = quoted(name)
    if question.by is not None:
        for day, chance in question.by.items():
            yield f"{said} by {day}", chance
    elif question.at_least is not None:
        last = max(question.at_least, default="")
        for cut, chance in question.at_least.get(last, {}).items():
            yield f"{said} >= {cut}", chance
    elif question.type == "binary":
        yield said, question.states["yes"]
    else:
        for state, chance in question.states.items():
            if state != VOID:
                yield f"{said} is {quoted(state)}", chance
