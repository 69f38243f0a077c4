"""How large counts and quantities are expected to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import RenderableType

from forecast.summary.contract import QuestionResult, Summary
from forecast.views.section import Section
from forecast.views.words import humanised

LONGEST_NAME = 28
MOST_LINES = 8
SMALL = 20

HEADS = {"0.05": "5 %", "0.25": "25 %", "0.5": "half", "0.75": "75 %", "0.95": "95 %"}
"""Level -> how much of the futures lie below the number in that column."""


def how_many(summary: Summary, width: int) -> Iterator[RenderableType]:
    """Yield a line for each count and quantity: below which numbers it will probably lie."""
    asked = {
        name: question for name, question in _numbers(summary).items() if not _is_told(question)
    }
    # What does not fit is in the JSON; what is watched goes first.
    wanted = sorted(asked, key=lambda name: name not in summary.watch)[:MOST_LINES]
    if section := _section({name: q for name, q in asked.items() if name in wanted}):
        yield section.listed(width, longest=LONGEST_NAME)


def numbers(summary: Summary) -> Section | None:
    """Return below which numbers each count and quantity will probably lie."""
    return _section(_numbers(summary))


def _numbers(summary: Summary) -> dict[str, QuestionResult]:
    questions = summary.questions.items()
    return {name: q for name, q in questions if q.quantiles and q.role != "latent"}


def _section(asked: Mapping[str, QuestionResult]) -> Section | None:
    rows = tuple(
        (
            humanised(name) + (f" ({question.unit})" if question.unit else ""),
            *(figure((question.quantiles or {}).get(level)) for level in HEADS),
        )
        for name, question in asked.items()
    )
    about = tuple(question.text for question in asked.values())
    heads = tuple(HEADS.values())
    return Section("How many: below", "question", heads, rows, about) if rows else None


def _is_told(question: QuestionResult) -> bool:
    """Whether a small count is told well enough by the chances of reaching its cuts."""
    cuts = any((question.at_least or {}).values())
    return question.type == "count" and cuts and (question.quantiles or {})["0.95"] < SMALL


def figure(number: float | None) -> str:
    """Return a number as people read it: whole from a hundred on, else three digits.

    >>> figure(1234.5), figure(3.14159), figure(72.0), figure(None)
    ('1,234', '3.14', '72', '')
    """
    if number is None:
        return ""
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"
