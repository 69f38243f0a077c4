"""What the model says of its questions: by when, how many, and how each may end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rich.console import JustifyMethod, RenderableType

from forecast.summary.contract import Chance, QuestionResult, Summary
from forecast.views.section import Section
from forecast.views.words import day, exact_percent, humanised, percent

MOST_DATES = 4
"""Dates that get a column each; more of them are written out on the line."""

MOST_LINES = 8
FEW = 12
"""Questions up to which all their states are listed."""

LONGEST_NAME = 28

STATUS = {"resolved": "resolved", "unresolved": "window over, outcome unknown"}


def by_when(summary: Summary, width: int) -> Iterator[RenderableType]:
    """Yield a line for each question about a date or a number, and for what is watched."""
    if section := dated(summary, MOST_LINES):
        yield section.listed(width, longest=LONGEST_NAME)


def dated(summary: Summary, most: int | None = None) -> Section | None:
    """Return the chances by date, a column for each date where they are few.

    Parameters
    ----------
    summary
        The forecast.
    most
        Lines that there is room for; what does not fit is in the JSON.
    """
    year = (summary.as_of or "")[:4]
    asked = [line for name in summary.questions for line in _lines(name, summary)]
    # What is watched goes first, then what has several dates.
    wanted = sorted(asked, key=lambda line: (not line.watched, len(line.chances) < 2))
    shown = [line for line in asked if line in wanted[:most]]
    if not shown:
        return None
    dates = sorted({date for line in shown for date in line.chances})
    about = tuple(line.about for line in shown)
    if len(dates) <= MOST_DATES:
        rows = tuple((line.name, *(_percent(line.chances.get(d)) for d in dates)) for line in shown)
        return Section("By when", "question", tuple(day(d, year) for d in dates), rows, about)
    written = tuple(
        (line.name, ", ".join(f"by {day(d, year)} {_percent(c)}" for d, c in line.chances.items()))
        for line in shown
    )
    return Section("By when", "question", ("",), written, side="left")


def outcomes(summary: Summary, width: int) -> Iterator[RenderableType]:
    """Yield how each question may end, where they are few and none is about a date or a number."""
    if len(summary.questions) <= FEW and (section := answers(summary)):
        yield section.listed(width, longest=LONGEST_NAME)


def answers(summary: Summary) -> Section | None:
    """Return how each question may end, where none is about a date or a number."""
    questions = summary.questions
    if not questions or any(q.by or q.at_least for q in questions.values()):
        return None
    certain = not any(result.intervals for result in summary.scenarios.values())
    rows = tuple((_name(name, q), _states(q, certain)) for name, q in questions.items())
    about = tuple(question.text for question in questions.values())
    side: JustifyMethod = "right" if all(map(_is_binary, questions.values())) else "left"
    return Section("Question", "question", ("chance",), rows, about, side)


@dataclass(frozen=True)
class _Line:
    name: str
    about: str
    chances: Mapping[str, Chance]
    watched: bool


def _lines(name: str, summary: Summary) -> Iterator[_Line]:
    """Yield date -> chance of a question; one that is watched and has no date has its last day."""
    question, watched = summary.questions[name], name in summary.watch
    words = _name(name, question)
    if question.role == "latent":
        return
    if question.by:
        yield _Line(words, question.text, question.by, watched)
    elif question.at_least:
        cuts = dict.fromkeys(cut for chances in question.at_least.values() for cut in chances)
        for i, cut in enumerate(cuts):
            chances = {d: c[cut] for d, c in question.at_least.items() if cut in c}
            yield _Line(f"{cut} or more {words}", "" if i else question.text, chances, watched)
    elif watched and question.window and _is_binary(question):
        yield _Line(words, question.text, {question.window[1]: question.states["yes"]}, watched)


def _is_binary(question: QuestionResult) -> bool:
    return set(question.states) == {"yes", "no"}


def _states(question: QuestionResult, certain: bool) -> str:
    def written(chance: Chance) -> str:
        return exact_percent(chance.probability) if certain else _percent(chance)

    if _is_binary(question):
        return written(question.states["yes"])
    return ", ".join(f"{humanised(state)} {written(c)}" for state, c in question.states.items())


def _name(name: str, question: QuestionResult) -> str:
    status = STATUS.get(question.status)
    return f"{humanised(name)} ({status})" if status else humanised(name)


def _percent(chance: Chance | None) -> str:
    return "" if chance is None else percent(chance.probability, chance.mcse)
