"""What to watch, as it is published; ``output_version`` 1 is only ever extended."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from forecast.summary.contract import plain


@dataclass(frozen=True)
class Outlook:
    """A scenario, once an answer is known.

    Attributes
    ----------
    probability, mcse
        P(scenario | the answer, all that is known), with its Monte Carlo standard error.
    change
        Less its chance now.
    """

    probability: float
    mcse: float
    change: float


@dataclass(frozen=True)
class AnswerResult:
    """One of the answers that an indicator may give.

    Attributes
    ----------
    says
        The answer, as a condition in the language of the file.
    probability
        Its chance.
    scenarios
        Scenario -> what becomes of it then.
    """

    says: str
    probability: float
    scenarios: Mapping[str, Outlook]


@dataclass(frozen=True)
class Indicator:
    """A question, or whether something has happened by a day: what knowing it would tell.

    Attributes
    ----------
    name
        What is asked: a question, or for dates a condition such as ``visit by 2025-05-09``.
    question, text
        The question, and what it means.
    watched
        Whether the file lists it under ``watch``.
    known, days
        The day on which the answer is known at the latest, and the days until then; null where the
        file says nothing of days.
    information, mcse
        Mutual information with the scenarios in bits, on the pooled joint, with its Monte Carlo
        standard error.
    share
        The same relative to what is uncertain about the scenarios now (their entropy).
    per_month
        Bits a month until the answer is known; null where the file says nothing of days.
    answers
        The answers; those that cannot be are left out.
    """

    name: str
    question: str
    text: str
    watched: bool
    known: str | None
    days: int | None
    information: float
    mcse: float
    share: float
    per_month: float | None
    answers: tuple[AnswerResult, ...]


@dataclass(frozen=True)
class Indicators:
    """What to watch.

    Attributes
    ----------
    scenarios
        Scenario -> its chance now.
    entropy
        What is uncertain about the scenarios now, in bits.
    indicators
        Open questions, what tells most in the least time first.
    closed
        Questions that can tell nothing any more, or nobody can answer: why.
    """

    output_version: int
    title: str | None
    as_of: str | None
    digest: str
    seed: int
    draws: int
    scenarios: Mapping[str, float]
    entropy: float
    indicators: tuple[Indicator, ...]
    closed: Mapping[str, str]

    @property
    def run(self) -> str:
        """The first twelve characters of the digest: the name of the run."""
        return self.digest[:12]

    def to_json(self) -> str:
        """Return it as JSON, numbers to 10 significant digits."""
        return json.dumps(plain(self), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
