"""What an engine returns: draws, weights, and the exact chances that go with each draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

type Array = NDArray[np.float64]
type Status = Literal["pass", "warn", "fail"]

STAGES = ("inputs", "evidence", "statements")
"""The stages of a result: what was put in; with evidence and silence; with what experts stated."""


SCENARIOS = "`scenarios`"
"""Key of all scenarios beside questions; no question's name holds a backquote."""


@dataclass(frozen=True)
class Stage:
    """The chances of everything at one stage, one row for each draw of the parameters.

    Attributes
    ----------
    weights
        Weight of each draw, shape ``(draws,)``; they sum to one.
    scenarios
        Shape ``(draws, scenarios)``.
    questions
        Question, or pool of several people -> shape ``(draws, states)``.
    targets
        The chances that statements are about, P(of | given, what the expert knew), shape
        ``(draws, statements)``.
    inflation
        Draws that follow each other in a chain tell less than as many independent ones: the factor
        on each Monte Carlo error, keyed by question or `SCENARIOS`; one by default.
    events
        Count question -> chances of so many by each date that is reported, ``(draws, events)``.
    unseen
        Share of the posterior that may lie where no draw has been, and counts as an error.
    """

    weights: Array
    scenarios: Array
    questions: Mapping[str, Array]
    targets: Array
    inflation: Mapping[str, Array]
    events: Mapping[str, Array] = field(default_factory=dict)
    unseen: float = 0.0


@dataclass(frozen=True)
class Diagnostics:
    """Whether the numbers can be trusted, and why not.

    Attributes
    ----------
    status
        ``fail``: they must not be shown as a result.
    khat
        Pareto shape of the importance weights; None where there are none.
    ess
        Effective number of draws; None where nothing is uncertain.
    reasons
        What is behind a status that is not ``pass``.
    detail
        Further figures of the engine by name (R-hat, divergences, agreement ...).
    """

    status: Status
    khat: float | None
    ess: float | None
    reasons: tuple[str, ...]
    detail: Mapping[str, float]


@dataclass(frozen=True)
class Posterior:
    """The result of inference, engine by engine the same.

    Attributes
    ----------
    engine, seed
        What made it, and from which seed.
    parameters
        Name -> draws, shape ``(draws,)`` or ``(components, draws)``; weighted by ``log_weights``.
    prior
        Name -> draws from the prior, equally weighted.
    leans
        Expert -> draws of his lean b.
    log_weights
        Log weight of each draw, shape ``(draws,)``, normalised.
    stages
        `STAGES` -> chances; without statements the last is the one before.
    statement_log_likelihood
        Shape ``(draws, statements)``: what each statement adds to the log weight of each draw.
    log_evidence
        log P(evidence and silence), averaged over the prior.
    diagnostics
        The certificate.
    normals
        Coordinate -> draws of the standard Normal behind it, in the order of ``log_weights``: a
        point of the space in which models are paired. Empty where an engine has none.
    prior_leans
        Expert -> his lean in the draws of ``prior``.
    """

    engine: str
    seed: int
    parameters: Mapping[str, Array]
    prior: Mapping[str, Array]
    leans: Mapping[str, Array]
    log_weights: Array
    stages: Mapping[str, Stage]
    statement_log_likelihood: Array
    log_evidence: float
    diagnostics: Diagnostics
    normals: Mapping[str, Array] = field(default_factory=dict)
    prior_leans: Mapping[str, Array] = field(default_factory=dict)

    @property
    def draws(self) -> int:
        """The number of draws of the parameters."""
        return int(self.log_weights.shape[0])

    @property
    def final(self) -> Stage:
        """The last stage: the forecast."""
        return self.stages["statements"]
