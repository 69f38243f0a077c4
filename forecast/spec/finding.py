"""What is supposed for the sake of the question: a condition, or soft evidence on a question."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from forecast.errors import nearest
from forecast.spec.conditions import Complaint, condition_faults
from forecast.spec.context import Context
from forecast.spec.expression import Expression, ExpressionError, parse
from forecast.spec.question import Binary, Categorical
from forecast.spec.traps import short

_SOFT = re.compile(r"\s*(?:`([^`]+)`|([^\W\d]\w*(?:-\w+)*))\s*~\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SoftFinding:
    """``place ~ 0.1, 0.5, 0.9``: how likely a report is that nobody named, under each state.

    Only the ratios of the weights count (virtual evidence: Pearl 1988, Probabilistic reasoning in
    intelligent systems, section 2.2.2).

    Attributes
    ----------
    text
        As it was written.
    name
        The question.
    weights
        One for each state, in order.
    """

    text: str
    name: str
    weights: tuple[float, ...]


type Finding = Expression | SoftFinding


def read_finding(text: str) -> Finding:
    """Read what is supposed.

    Parameters
    ----------
    text
        A condition, or ``question ~ weight, weight, ...``.

    Raises
    ------
    ExpressionError
        Where the text is neither.

    Examples
    --------
    >>> read_finding("`X-ray` ~ 0.2, 0.9")
    SoftFinding(text='`X-ray` ~ 0.2, 0.9', name='X-ray', weights=(0.2, 0.9))
    """
    match = _SOFT.fullmatch(text)
    if match is None:
        return parse(text)
    name, written = match[1] or match[2], match[3]
    weights = tuple(_weight(part) for part in written.split(","))
    if not any(weights):
        raise ExpressionError(
            "all weights are zero: no state would be left", "at least one must be above zero"
        )
    return SoftFinding(text, name, weights)


def finding_faults(finding: Finding, context: Context) -> Iterator[Complaint]:
    """Yield what is wrong with a finding: text, way to mend it, code."""
    if isinstance(finding, Expression):
        if finding.is_otherwise:
            yield "`otherwise` has no meaning here", "", "value"
            return
        yield from condition_faults(finding, "given", context)
        return
    question = context.questions.get(finding.name)
    if question is None:
        text = f"there is no question `{finding.name}`"
        yield text, nearest(finding.name, context.questions), "unknown-question"
        return
    if not isinstance(question, Binary | Categorical) or question.only_if is not None:
        kind = "may be void" if question.only_if is not None else f"is a {question.type}"
        text = f"soft evidence weighs the states of a question; `{finding.name}` {kind}"
        yield text, "ask it of a binary or categorical question", "type"
        return
    states = ("yes", "no") if isinstance(question, Binary) else question.states
    if len(finding.weights) != len(states):
        text = (
            f"`{finding.name}` has {len(states)} states and {len(finding.weights)} "
            f"weight{'s' if len(finding.weights) > 1 else ''} stand here"
        )
        yield text, f"one for each of {', '.join(states)}", "value"


def _weight(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number >= 0):
        fix = (
            "write one number for each state, as in `place ~ 0.1, 0.5, 0.9`; ratios are what counts"
        )
        raise ExpressionError(f"`{short(text.strip())}` is no weight", fix)
    return number
