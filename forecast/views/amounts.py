"""How large counts and quantities are expected to be."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from forecast.summary.contract import QuestionResult, Summary
from forecast.views.page import listing
from forecast.views.words import humanised

LONGEST_NAME = 28
MOST_LINES = 8
SMALL = 20

HEADS = {"0.05": "5 %", "0.25": "25 %", "0.5": "half", "0.75": "75 %", "0.95": "95 %"}
"""Level -> how much of the futures lie below the number in that column."""


def how_many(summary: Summary, width: int) -> Iterator[RenderableType]:
    """Yield a line for each count and quantity: below which numbers it will probably lie."""
    asked = [
        (name, question)
        for name, question in summary.questions.items()
        if question.quantiles and question.role != "latent" and not _is_told(question)
    ]
    if not asked:
        return
    # What does not fit is in the JSON; what is watched goes first.
    wanted = sorted(asked, key=lambda pair: pair[0] not in summary.watch)[:MOST_LINES]
    shown = [pair for pair in asked if pair in wanted]
    rows = [
        (
            humanised(name) + (f" ({question.unit})" if question.unit else ""),
            *(figure((question.quantiles or {}).get(level)) for level in HEADS),
        )
        for name, question in shown
    ]
    about = [question.text for _, question in shown]
    yield listing(
        "How many: below", list(HEADS.values()), rows, width, longest=LONGEST_NAME, about=about
    )


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
