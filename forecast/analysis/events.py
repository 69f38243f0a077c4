"""Events: what an analyst would ask of a question, as a condition and the states it holds in."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from forecast.model.cells import NEVER, VOID
from forecast.model.network import Node
from forecast.model.truth import Truth
from forecast.spec.expression import quoted

MOST_STATES = 4
"""States of one question that are asked about."""


@dataclass(frozen=True)
class Event:
    """Something that a question may turn out to be.

    Attributes
    ----------
    question, says, denied
        The question; the condition and its denial in the language of the file.
    holds
        In which states of the question it is true.
    """

    question: str
    says: str
    denied: str
    holds: Truth


def events(node: Node) -> Iterator[Event]:
    """Yield the events of a question: it happens, it is in a state, it reaches a number."""
    cells, name = node.cells, quoted(node.name)
    if cells.kind in ("binary", "date"):
        holds = np.array([state not in ("no", NEVER, VOID) for state in cells.states])
        yield Event(node.name, name, f"not {name}", holds)
        return
    ranges = [
        (i, bound) for i, bound in enumerate(cells.bounds) if bound is not None and bound[0] > 0
    ]
    for _, (low, _) in ranges[:MOST_STATES]:
        if math.isfinite(low):
            reached = [bound is not None and bound[0] >= low for bound in cells.bounds]
            yield Event(node.name, f"{name} >= {low:g}", f"{name} < {low:g}", np.array(reached))
    if not ranges:
        for state in [state for state in cells.states if state != VOID][:MOST_STATES]:
            said = quoted(state)
            holds = np.array([other == state for other in cells.states])
            yield Event(node.name, f"{name} is {said}", f"{name} is not {said}", holds)
