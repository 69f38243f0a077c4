"""The chances of the questions of a network that names no scenarios."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from rich.console import RenderableType

from forecast.summary.contract import Chance, QuestionResult, Summary
from forecast.views.page import prose
from forecast.views.section import Section
from forecast.views.words import clean, exact_percent, percent

ALL = 24
"""Questions up to which all are listed, in the order of the file."""

SHOWN = 12
"""How many of a larger network are."""

MOST_STATES = 4

LONGEST_NAME = 32


def every_question(summary: Summary, width: int) -> Iterator[RenderableType]:
    """Yield the chances of the questions, and how many are left out."""
    section, left_out = marginals(summary)
    yield section.listed(width, longest=LONGEST_NAME)
    if left_out:
        yield prose(left_out, "dim")


def marginals(summary: Summary) -> tuple[Section, str]:
    """Return the states of each question, or of those that say most where there are many.

    With a condition, these are the ones that it moved furthest; without, the least certain ones.
    The text says how many are left out.
    """
    questions = summary.questions
    given = bool(summary.provenance.given)
    shown, left_out = list(questions), ""
    if len(questions) > ALL:
        told = {name: _told(q, given) for name, q in questions.items()}
        shown = sorted(questions, key=lambda name: -told[name])[:SHOWN]
        order = "moved furthest" if given else "least certain"
        left_out = f"The {len(shown)} {order} of {len(questions):,} questions; --json has them all."
    exact = not any(c.intervals for q in questions.values() for c in q.states.values())
    heads = ("before", "now") if given else ("chance",)
    rows = tuple((clean(name), *_columns(questions[name], given, exact)) for name in shown)
    about = tuple(questions[name].text for name in shown)
    return Section("Question", "question", heads, rows, about, side="left"), left_out


def _told(question: QuestionResult, given: bool) -> float:
    """Return the information (in nats) that a condition brought, or else how much is missing."""
    chances = list(question.states.values())
    if not given:
        return -sum(c.probability * math.log(c.probability) for c in chances if c.probability > 0)
    if max(c.probability for c in chances) >= 1 - 1e-12:
        return -1.0  # known by now
    return sum(
        c.probability * math.log(c.probability / c.stages.inputs)
        for c in chances
        if c.probability > 0 and c.stages.inputs > 0
    )


def _columns(question: QuestionResult, given: bool, exact: bool) -> Iterator[str]:
    states = question.states
    kept = sorted(states, key=lambda state: -states[state].probability)[:MOST_STATES]
    if len(states) <= MOST_STATES:
        kept = list(states)
    if given:
        yield _written({state: states[state].stages.inputs for state in kept}, exact, 0)
    now = {state: states[state].probability for state in kept}
    yield _written(now, exact, len(states) - len(kept), states)


def _written(
    chances: Mapping[str, float],
    exact: bool,
    more: int,
    states: Mapping[str, Chance] | None = None,
) -> str:
    parts = []
    for state, chance in chances.items():
        mcse = states[state].mcse if states else 0.0
        number = exact_percent(chance) if exact else percent(chance, mcse)
        parts.append(f"{clean(state)} {number}")
    return ", ".join(parts) + (f" and {more} more" if more else "")
