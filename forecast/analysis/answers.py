"""What may be answered of a question: conditions on it, and the day by which each is known."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from forecast.model.cells import VOID
from forecast.model.network import Network, Node
from forecast.model.truth import Truth
from forecast.spec import walk
from forecast.spec.expression import quoted
from forecast.spec.load import ScenarioSpec
from forecast.spec.question import Date
from forecast.spec.rules import window


@dataclass(frozen=True)
class Answer:
    """Something that may turn out to be so of a question.

    Attributes
    ----------
    question, says
        The question, and the condition in the language of the file.
    holds
        In which states of the question it is true.
    known
        The last day on which it is settled; None where the file says nothing of days, or nobody
        will ever know.
    """

    question: str
    says: str
    holds: Truth
    known: dt.date | None


def answers(spec: ScenarioSpec, network: Network) -> tuple[Answer, ...]:
    """Return what may be answered of every question and latent, in the order of the network."""
    return tuple(
        answer
        for name, node in network.questions.items()
        for answer in _of_question(name, node, spec)
    )


def _of_question(name: str, node: Node, spec: ScenarioSpec) -> Iterator[Answer]:
    question, cells, said = walk.all_questions(spec.file)[name], node.cells, quoted(name)
    days = window(question, spec.file)
    unseen = node.role == "latent" or spec.file.as_of is None
    last = None if unseen else days.last

    def where(true: list[bool]) -> Truth:
        return np.array(true)

    if isinstance(question, Date):
        for day in sorted({*question.report_by, days.last}):
            end = day.toordinal()
            by = where([bound is not None and bound[1] <= end for bound in cells.bounds])
            yield Answer(name, f"{said} by {day}", by, None if unseen else day)
    elif cells.kind == "binary":
        yield Answer(name, said, where([state == "yes" for state in cells.states]), last)
    elif any(bound is not None for bound in cells.bounds):
        lows = [low for low, high in filter(None, cells.bounds) if low > 0 and math.isfinite(low)]
        for low in lows:
            reached = where([bound is not None and bound[0] >= low for bound in cells.bounds])
            yield Answer(name, f"{said} >= {low:.10g}", reached, last)
    else:
        for state in cells.states:
            if state != VOID:
                is_it = where([other == state for other in cells.states])
                yield Answer(name, f"{said} is {quoted(state)}", is_it, last)
