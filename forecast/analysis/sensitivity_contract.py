"""What a forecast hangs on, as it is published; ``output_version`` 1 is only ever extended."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from forecast.summary.contract import Interval, plain


@dataclass(frozen=True)
class Swing:
    """What a judgement does to one scenario.

    Attributes
    ----------
    low, high
        E[P(scenario) | the judgement at its lower and at its upper value, all that is known].
    change
        high - low.
    mcse
        Monte Carlo standard error of ``change``.
    """

    low: float
    high: float
    change: float
    mcse: float


@dataclass(frozen=True)
class Bar:
    """A judgement, pinned down at either end of its range.

    Attributes
    ----------
    name, who, words, place
        The judgement: its path, its source, what stands in the file, and where.
    values
        Its 5 % and 95 % points as they were elicited, at which it is pinned down.
    scenarios
        Scenario -> what that does.
    """

    name: str
    who: str
    words: str
    place: str
    values: Interval
    scenarios: Mapping[str, Swing]


@dataclass(frozen=True)
class Shift:
    """How far one scenario lies from the forecast after an alteration.

    Attributes
    ----------
    probability
        Its chance then.
    change, mcse
        Less the forecast's, with the Monte Carlo standard error.
    """

    probability: float
    change: float
    mcse: float


@dataclass(frozen=True)
class Alteration:
    """The forecast with one thing altered.

    Attributes
    ----------
    kind
        ``expert``, ``statement``, ``report``: without him, it, or the reports that share an origin.
        ``lexicon``: words read by another. ``policy``: a constant that no source states, halved or
        doubled. ``fixed``: a number without a range, one logit lower or higher.
    name, words
        What was altered, and how.
    anew
        Whether it was solved by itself; else the draws of the forecast told it.
    scenarios
        Scenario -> what that does.
    """

    kind: Literal["expert", "statement", "report", "lexicon", "policy", "fixed"]
    name: str
    words: str
    anew: bool
    scenarios: Mapping[str, Shift]


@dataclass(frozen=True)
class Interaction:
    """Two judgements that do more, or less, together than each alone.

    Attributes
    ----------
    first, second, scenario
        The judgements and the scenario.
    change, mcse
        By how much the swing of the first is larger with the second at its upper end than at its
        lower, with the Monte Carlo standard error.
    """

    first: str
    second: str
    scenario: str
    change: float
    mcse: float


@dataclass(frozen=True)
class Flip:
    """The value of one judgement beyond which another scenario leads.

    Attributes
    ----------
    name
        The judgement.
    value
        The value.
    above
        Whether it is values above it that change the lead; else those below.
    level
        Where the value lies among those that were thought possible: P(judgement < value).
    distance
        How far it lies from where the judgement stands now, in standard deviations of what was
        elicited (normal scores).
    leader
        The scenario that then leads.
    """

    name: str
    value: float
    above: bool
    level: float
    distance: float
    leader: str


@dataclass(frozen=True)
class Overturn:
    """An alteration with which another scenario leads; the first three as in `Alteration`."""

    kind: str
    name: str
    words: str
    leader: str


@dataclass(frozen=True)
class Sensitivity:
    """What a forecast hangs on.

    Attributes
    ----------
    scenarios
        Scenario -> its chance.
    lead, runner_up
        The likeliest scenario and the next; null where there are fewer.
    judgements
        Every judgement, the one that moves any scenario most first.
    alterations
        What else could be otherwise, in the same order.
    interactions
        Pairs of judgements that do more or less together, the strongest first.
    flips
        Judgements that alone can change the lead, the nearest first.
    flipped_by
        Alterations that change the lead by more than their errors.
    skipped
        What could not be varied, and why.
    """

    output_version: int
    title: str | None
    as_of: str | None
    digest: str
    seed: int
    draws: int
    scenarios: Mapping[str, float]
    lead: str | None
    runner_up: str | None
    judgements: tuple[Bar, ...]
    alterations: tuple[Alteration, ...]
    interactions: tuple[Interaction, ...]
    flips: tuple[Flip, ...]
    flipped_by: tuple[Overturn, ...]
    skipped: tuple[str, ...]

    @property
    def run(self) -> str:
        """The first twelve characters of the digest: the name of the run."""
        return self.digest[:12]

    def to_json(self) -> str:
        """Return it as JSON, numbers to 10 significant digits."""
        return json.dumps(plain(self), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
