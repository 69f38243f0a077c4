"""What the network says of each draw of the parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

type Array = NDArray[np.float64]


@dataclass(frozen=True)
class Outcomes:
    """Exact chances for each draw, given one view of the evidence.

    Attributes
    ----------
    scenarios
        Shape ``(draws, scenarios)``.
    questions
        Question or pool -> shape ``(draws, states)``.
    events
        Count question -> chances of so many by each date, shape ``(draws, events)``.
    """

    scenarios: Array
    questions: Mapping[str, Array]
    events: Mapping[str, Array]

    def __getitem__(self, draws: slice) -> Outcomes:
        return Outcomes(
            self.scenarios[draws],
            {name: array[draws] for name, array in self.questions.items()},
            {name: array[draws] for name, array in self.events.items()},
        )


@dataclass(frozen=True)
class Solution:
    """What the network says of each draw.

    Attributes
    ----------
    log_evidence
        log P(evidence | theta), shape ``(draws,)``.
    implied
        m_j = P(of | given, what the expert knew, theta), shape ``(draws, statements)``.
    outcomes
        View -> chances of scenarios and states.
    """

    log_evidence: Array
    implied: Array
    outcomes: Mapping[int, Outcomes]

    def __add__(self, other: Solution) -> Solution:
        return joined([self, other])

    def __getitem__(self, draws: slice) -> Solution:
        return Solution(
            self.log_evidence[draws],
            self.implied[draws],
            {view: outcomes[draws] for view, outcomes in self.outcomes.items()},
        )


def joined(parts: Sequence[Solution]) -> Solution:
    """Return the draws of several solutions as one; views that only some have are left out."""
    if len(parts) == 1:
        return parts[0]
    views = [view for view in parts[-1].outcomes if all(view in part.outcomes for part in parts)]
    return Solution(
        np.concatenate([part.log_evidence for part in parts]),
        np.concatenate([part.implied for part in parts]),
        {view: _joined([part.outcomes[view] for part in parts]) for view in views},
    )


def _joined(parts: Sequence[Outcomes]) -> Outcomes:
    return Outcomes(
        np.concatenate([part.scenarios for part in parts]),
        {name: np.concatenate([p.questions[name] for p in parts]) for name in parts[0].questions},
        {name: np.concatenate([p.events[name] for p in parts]) for name in parts[0].events},
    )
