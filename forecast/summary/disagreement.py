"""The part of the contract about who says otherwise: statements, and sources in conflict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Yielded:
    """A judgement that gave way to a statement, or the expert's own lean.

    Attributes
    ----------
    parameter, who, words
        The judgement, whose it is, and what stands in the file.
    sds
        How far its mean moved because of this statement alone, given all others, in standard
        deviations of what it was without it.
    """

    parameter: str
    who: str
    words: str
    sds: float


@dataclass(frozen=True)
class StatementResult:
    """What an expert stated, what the rest of the model implies, and how far he moved it.

    ``pull`` is the change of the implied chance that this statement alone makes, given all others;
    ``pull_sd`` the same in standard deviations of the implied chance without it (None where the
    draws cannot tell). ``strain`` is how far apart stated and implied lie, in standard deviations
    of the statement.

    Attributes
    ----------
    apart
        Standard deviations between what was said and what all the rest implies without it,
        positive where he says more; zero where a bound is kept.
    yielded
        The judgements that gave way most to it; empty where the draws cannot tell.
    """

    id: str
    of: str
    says: str
    expert: str
    side: str | None
    stated: float
    implied_before: float
    implied_after: float
    pull: float | None
    pull_sd: float | None
    strain: float
    apart: float | None = None
    yielded: tuple[Yielded, ...] = ()


@dataclass(frozen=True)
class Opponent:
    """What a source is in conflict with.

    Attributes
    ----------
    kind, names
        A statement, reports of one origin, a count so far, the silence of a question, or a
        judgement on which what the model implies rests most.
    apart
        How many standard deviations would be left without it; null for a judgement.
    """

    kind: Literal["statement", "report", "count", "silence", "judgement"]
    names: tuple[str, ...]
    apart: float | None


@dataclass(frozen=True)
class ConflictResult:
    """A source that lies more than two standard deviations from all the rest.

    Attributes
    ----------
    kind, names
        A statement; reports of one origin, a count so far, or silence.
    of
        What the statement is about; the text of the report.
    apart
        Standard deviations between it and all the rest, positive where it says more.
    said
        The chance that was stated; null for what is no statement.
    implied
        What all the rest implies: of a statement, the chance of what it is about; of a report, the
        chance that there would be such a report.
    said_to_agree, implied_to_agree
        What would have to be stated instead (null for what is no statement), or implied, for the
        two to lie two standard deviations apart.
    against
        What it is in conflict with, first what leaves least of the conflict when it is left out.
    by_moments
        Whether the draws were too few, so that means and covariances stand in for them.
    """

    kind: Literal["statement", "report", "count", "silence"]
    names: tuple[str, ...]
    of: str
    apart: float
    said: float | None
    implied: float
    said_to_agree: float | None
    implied_to_agree: float
    against: tuple[Opponent, ...]
    by_moments: bool
