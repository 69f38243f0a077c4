"""The health of a set of scenarios, as it is published; version 1 is only ever extended."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from forecast.summary.contract import plain


@dataclass(frozen=True)
class Trait:
    """What a scenario typically looks like.

    Attributes
    ----------
    says
        An answer, in the language of the file.
    within, outside
        Its chance where the scenario comes about, and where it does not.
    """

    says: str
    within: float
    outside: float


@dataclass(frozen=True)
class Member:
    """One scenario of the set.

    Attributes
    ----------
    probability
        Its chance.
    holds
        The chance that its condition holds, whichever scenario stands before it.
    taken
        Earlier scenario -> the chance that it takes a future in which this one's condition holds.
    remainder
        Whether it is what the others leave over.
    traits
        What sets it apart most, the strongest first.
    """

    probability: float
    holds: float
    taken: Mapping[str, float]
    remainder: bool
    traits: tuple[Trait, ...]


@dataclass(frozen=True)
class Overlap:
    """Two scenarios whose conditions can hold together; the first in the file takes the future.

    Attributes
    ----------
    first, second
        The scenarios, in the order of the file.
    kind
        ``contains``: the second never holds without the first. ``within``: the first is part of the
        second. ``near-duplicate``: they hold together nine times in ten. Else ``overlap``.
    both
        The chance that both conditions hold.
    share
        Of the futures in which either holds, the share in which both do.
    """

    first: str
    second: str
    kind: Literal["contains", "within", "near-duplicate", "overlap"]
    both: float
    share: float


@dataclass(frozen=True)
class Story:
    """A combination of all facts that the scenarios speak of.

    Attributes
    ----------
    scenario
        The scenario that it is part of.
    facts
        What is so and what is not, in the language of the file.
    probability, mcse
        Its chance, and the Monte Carlo standard error.
    """

    scenario: str
    facts: tuple[str, ...]
    probability: float
    mcse: float


@dataclass(frozen=True)
class ScenarioSet:
    """Scenarios as a set.

    Attributes
    ----------
    scenarios
        Each scenario, in the order of the file.
    overlaps
        Those that overlap, the largest first.
    stories
        The likeliest stories of all, the likeliest first.
    told
        The sum of their chances.
    """

    output_version: int
    title: str | None
    as_of: str | None
    digest: str
    draws: int
    scenarios: Mapping[str, Member]
    overlaps: tuple[Overlap, ...]
    stories: tuple[Story, ...]
    told: float

    def to_json(self) -> str:
        """Return it as JSON, numbers to 10 significant digits."""
        return json.dumps(plain(self), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
