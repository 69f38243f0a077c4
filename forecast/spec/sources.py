"""The files that a scenario uses: the judgements of one source, and what words mean."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, PlainValidator, Tag

from forecast.spec.calendar import Day
from forecast.spec.editor import numeric, written
from forecast.spec.judgement import BetaShape, StoredJudgement
from forecast.spec.notation import CHANCE, RANGE, Band, Point, read_chance, read_range
from forecast.spec.problem import as_text, problem
from forecast.spec.question import one_or_more
from forecast.spec.strict import Strict
from forecast.spec.traps import short
from forecast.spec.version import Version


class SourceOfPriors(Strict):
    """Who said it, when and where."""

    who: str
    """The person, the record or the house."""
    role: str | None = None
    """In what capacity."""
    said: Day
    """On which day."""
    where: str | None = None
    """On what occasion, or in which publication."""
    reported_by: str | None = None
    """Through whom we know of it."""
    url: str | None = None
    """Where it can be read."""


class PriorsFile(Strict):
    """The judgements of one source."""

    priors: Version
    """The version of the language: 1."""
    source: SourceOfPriors
    """Who said it, when and where."""
    lexicon: str
    """What his words mean: icd203, plain, or the path of a lexicon."""
    note: str | None = None
    """Anything a reader should know of the source."""
    judgements: Annotated[dict[str, StoredJudgement], BeforeValidator(one_or_more)]
    """His claims by name; a scenario uses them as alias.name."""


def _phrase_form(value: Any) -> str:
    return "<beta>" if isinstance(value, dict) else "<band>"


def _meaning(value: Any) -> Point | Band:
    read = read_chance(as_text(value))
    if not isinstance(read, Point | Band):
        raise problem(f"`{short(value)}` is no probability", "write 55..80%, 70% or {beta: [a, b]}")
    return read


type Meaning = Annotated[
    Annotated[BetaShape, Tag("<beta>")]
    | Annotated[
        Point | Band,
        PlainValidator(_meaning),
        numeric("A central 90 %, or one number.", "55..80%", "70%", pattern=CHANCE, low=0, high=1),
        Tag("<band>"),
    ],
    Discriminator(_phrase_form),
]


Bounds = Annotated[
    tuple[float, float],
    PlainValidator(lambda value: read_range(as_text(value))),
    written("The chances for which the word stands in a report.", "55..80%", pattern=RANGE),
]


class LexiconFile(Strict):
    """What words of estimative probability mean."""

    lexicon: Version
    """The version of the language: 1."""
    name: str
    """What it is called in reports."""
    source: str
    """Who published it."""
    licence: str | None = None
    """Under which terms."""
    phrases: Annotated[dict[str, Meaning], BeforeValidator(one_or_more)]
    """Phrase: the chance that it stands for."""
    synonyms: dict[str, str] = {}
    """Other spelling: the phrase."""
    yardstick: dict[str, Bounds] = {}
    """Word of a report: the range for which it stands; the ranges cover 0 to 100 % once."""
    refused: dict[str, str] = {}
    """Trap word: why no number can be read from it."""
