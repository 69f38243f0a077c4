"""The cells of counts and quantities: ranges of numbers, and what they are called."""

from __future__ import annotations

import itertools
import math

from forecast.spec.number import ends
from forecast.spec.question import CountQuestion, Quantity

type Bound = tuple[float, float]


def number_ranges(question: CountQuestion | Quantity, cuts: set[float]) -> list[Bound]:
    """Return the cells of a number: whole ``low..high``, or ranges that share their ends."""
    low, high = ends(question)
    if isinstance(question, CountQuestion):
        more = {low + 1} if question.zero is not None else set()
        starts = [low, *sorted(cut for cut in cuts | more if low < cut <= high)]
        return list(zip(starts, [*(start - 1 for start in starts[1:]), high], strict=True))
    marks = [low, *sorted(cut for cut in cuts if low < cut < high), high]
    zero = [(0.0, 0.0)] if question.zero is not None else []
    return [*zero, *itertools.pairwise(marks)]


def range_name(question: CountQuestion | Quantity, low: float, high: float) -> str:
    """Return the name of a cell of a number: ``5 or more``, ``75..84``, ``below 500``."""
    least, most = ends(question)
    bottom = low == least and not (question.zero is not None and low != high)
    if low == high:
        return f"{low:.10g}"
    if high == most and (math.isinf(most) or not isinstance(question, CountQuestion)):
        if bottom:
            return "any"
        return "more than 0" if low == 0 else f"{low:.10g} or more"
    if low == least and not isinstance(question, CountQuestion):
        return f"below {high:.10g}"
    return f"{low:.10g}..{high:.10g}"
