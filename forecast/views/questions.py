"""What the model says of its questions: by when, how many, and how each may end."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.console import JustifyMethod, RenderableType

from forecast.summary.contract import Chance, QuestionResult, Summary
from forecast.views.page import prose
from forecast.views.section import Section
from forecast.views.words import counted, day, exact_percent, humanised, percent

MOST_DATES = 4
"""Dates that get a column each; more of them are written out on the line."""

MOST_LINES = 8
MOST_BRIEFLY = 16
FEW = 12
"""Questions up to which all their states are listed."""

LONGEST_NAME = 28

STATUS = {"resolved": "resolved", "unresolved": "window over, outcome unknown"}


def by_when(summary: Summary, width: int) -> Iterator[RenderableType]:
    """Yield lines for dates, numbers and what is watched; all other questions in few words."""
    if len(summary.questions) <= FEW and answers(summary):
        return  # `outcomes` has told them all
    lines = _chosen(summary, MOST_LINES)
    if section := _dated(lines, summary):
        yield section.listed(width, longest=LONGEST_NAME)
    if rest := _briefly(summary, {line.question for line in lines}):
        yield prose(rest, "dim")


def _briefly(summary: Summary, told: Collection[str]) -> str:
    """Return the other questions in a sentence: under their last day, or with their states."""
    year = (summary.as_of or "")[:4]
    found: dict[str, tuple[str, str]] = {}
    for name in summary.questions:
        if name in told:
            continue
        for line in _lines(name, summary):
            found.setdefault(name, _in_few_words(line, year))
    for name, states in _unordered(summary):
        found[name] = ("", f"{name}: {states}")
    grouped: dict[str, list[str]] = {}
    for group, text in list(found.values())[:MOST_BRIEFLY]:
        grouped.setdefault(group or text, []).append(text)
    kept = [
        f"{group}: {', '.join(texts)}" if group not in texts else group
        for group, texts in grouped.items()
    ]
    if len(found) > MOST_BRIEFLY:
        left = counted(len(found) - MOST_BRIEFLY, "more question")
        kept.append(f"and {left}, all in --json")
    return f"Also: {'; '.join(kept)}" if kept else ""


def _in_few_words(line: _Line, year: str) -> tuple[str, str]:
    """Write a line with the dates that were asked for, or the last of them where they are many.

    The only date stands apart, to be said once for all questions that have it.
    """
    chances = sorted(line.chances.items())
    told = chances if len(chances) < MOST_DATES else chances[-1:]
    if len(told) == 1:
        ((date, chance),) = told
        return f"by {day(date, year)}", f"{line.name} {_percent(chance)}"
    dates = ", ".join(f"by {day(date, year)} {_percent(chance)}" for date, chance in told)
    return "", f"{line.name} {dates}"


def dated(summary: Summary) -> Section | None:
    """Return the chances by date, a column for each date where they are few.

    A yes-no question stands under the last day of its window.
    """
    return _dated(_chosen(summary), summary)


def which(summary: Summary) -> Section | None:
    """Return how each question may end that has more answers than yes and no, and no order."""
    rows = tuple(_unordered(summary))
    return Section("Which", "question", ("chance",), rows, side="left") if rows else None


def _unordered(summary: Summary) -> Iterator[tuple[str, str]]:
    for name, question in summary.questions.items():
        if question.type == "categorical" and question.role != "latent":
            yield _name(name, summary), _states(question, certain=False)


def _chosen(summary: Summary, most: int | None = None) -> list[_Line]:
    """Return lines in the order of the file: first what is watched, then what has several dates."""
    asked = [line for name in summary.questions for line in _lines(name, summary)]
    if most is not None:
        asked = [line for line in asked if line.watched or line.is_dated]
    wanted = sorted(asked, key=lambda line: (not line.watched, len(line.chances) < 2))[:most]
    return [line for line in asked if line in wanted]


def _dated(shown: Sequence[_Line], summary: Summary) -> Section | None:
    if not shown:
        return None
    year = (summary.as_of or "")[:4]
    dates = sorted({date for line in shown for date in line.chances})
    about = tuple(line.about for line in shown)
    if len(dates) <= MOST_DATES:
        rows = tuple((line.name, *(_percent(line.chances.get(d)) for d in dates)) for line in shown)
        return Section("By when", "question", tuple(day(d, year) for d in dates), rows, about)
    written = tuple(
        (line.name, ", ".join(f"by {day(d, year)} {_percent(c)}" for d, c in line.chances.items()))
        for line in shown
    )
    return Section("By when", "question", ("",), written, about, side="left")


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
    rows = tuple((_name(name, summary), _states(q, certain)) for name, q in questions.items())
    about = tuple(question.text for question in questions.values())
    side: JustifyMethod = "right" if all(map(_is_binary, questions.values())) else "left"
    return Section("Question", "question", ("chance",), rows, about, side)


@dataclass(frozen=True)
class _Line:
    question: str
    name: str
    about: str
    chances: Mapping[str, Chance]
    watched: bool
    is_dated: bool = True


def _lines(name: str, summary: Summary) -> Iterator[_Line]:
    """Yield date -> chance of a question; a yes-no question has its last day."""
    question, watched = summary.questions[name], name in summary.watch
    words = _name(name, summary)
    if question.role == "latent":
        return
    if question.by:
        yield _Line(name, words, question.text, question.by, watched)
    elif question.at_least:
        cuts = dict.fromkeys(cut for chances in question.at_least.values() for cut in chances)
        for i, cut in enumerate(cuts):
            chances = {d: c[cut] for d, c in question.at_least.items() if cut in c}
            about = "" if i else question.text
            yield _Line(name, f"{cut} or more {words}", about, chances, watched)
    elif question.window and question.type == "binary":
        last = {question.window[1]: question.states["yes"]}
        yield _Line(name, words, question.text, last, watched, is_dated=False)


def _is_binary(question: QuestionResult) -> bool:
    return set(question.states) == {"yes", "no"}


def _states(question: QuestionResult, certain: bool) -> str:
    def written(chance: Chance) -> str:
        return exact_percent(chance.probability) if certain else _percent(chance)

    if _is_binary(question):
        return written(question.states["yes"])
    return ", ".join(f"{humanised(state)} {written(c)}" for state, c in question.states.items())


def _name(name: str, summary: Summary) -> str:
    status = STATUS.get(summary.questions[name].status)
    if status == "resolved" and _is_supposed(name, summary):
        status = "supposed"
    return f"{humanised(name)} ({status})" if status else humanised(name)


def _is_supposed(name: str, summary: Summary) -> bool:
    """Whether the run itself says how a question ends, not a report."""
    said = (*summary.provenance.given, *summary.provenance.done)
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for text in said)


def _percent(chance: Chance | None) -> str:
    return "" if chance is None else percent(chance.probability, chance.mcse)
