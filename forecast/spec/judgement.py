"""Judgements: one elicited, uncertain number and the forms in which a file may state it."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, NoReturn, Self

from pydantic import Discriminator, Field, PlainValidator, Tag, model_validator

from forecast.spec.amount import Quantiles, Roulette, Stated
from forecast.spec.editor import Explained, numeric, written
from forecast.spec.notation import (
    CHANCE,
    MULTIPLIER,
    Band,
    Multiplier,
    Phrase,
    Point,
    Reference,
    is_rate,
    read_chance,
    read_multiplier,
)
from forecast.spec.problem import as_text, kind_of, problem, unsupported
from forecast.spec.spread import PACE, Pace, read_pace
from forecast.spec.strict import Count, Discount, Duration, Positive, Strict, Widen


class BetaShape(Strict):
    """``{beta: [a, b]}``: a Beta given by its two shape parameters."""

    beta: tuple[Positive, Positive] = Field(strict=False)
    """The two shape parameters; the mean is a / (a + b), worth a + b cases."""


class Frequency(Strict):
    """``{successes: 3, of: 9, discount: 0.7}``: a base rate; Beta(w(k + 1/2), w(n - k + 1/2))."""

    successes: Count
    """In how many of the cases it happened."""
    of: Count
    """How many cases there are."""
    discount: Discount = 1.0
    """How much each case tells of this one: 1 is a case just like it, 0.5 half as much."""

    @model_validator(mode="after")
    def _no_more_than_all(self) -> Self:
        if self.successes > self.of:
            raise problem(f"{self.successes:g} successes of {self.of:g} cases are too many")
        return self


class EventRate(Strict):
    """``{events: 9, in: 21 months, discount: 0.8}``: a rate; Gamma(w(k + 1/2), w T), T in days."""

    events: Count
    """How many events there were."""
    within: Duration = Field(alias="in")
    """In how long a time."""
    discount: Discount = 1.0
    """How much that time tells of this one: 1 is a time just like it, 0.5 half as much."""


def chance_form(value: Any) -> str:
    """Name the form of a judgement, from its shape alone."""
    if isinstance(value, str):
        return "<text>"
    if isinstance(value, dict):
        for key, form in _CHANCE_FORMS.items():
            if key in value:
                return form
    return "<refused>"


_CHANCE_FORMS = {
    "read_as": "<read_as>",
    "beta": "<beta>",
    "successes": "<frequency>",
    "of": "<frequency>",
}


def _refused_chance(value: Any) -> NoReturn:
    for key in ("pool", "table"):
        if isinstance(value, dict) and key in value:
            raise unsupported(key)
    if isinstance(value, dict) and "any_of" in value:
        raise problem("`any_of` is no single judgement: it cannot stand here", code="type")
    raise problem(
        f"{kind_of(value)} that is no judgement",
        "write a phrase, 70% (55..85), {successes: 3, of: 9}, {beta: [a, b]} or {read_as: ...}",
    )


ChanceText = Annotated[
    Phrase | Point | Band | Reference,
    PlainValidator(lambda value: read_chance(as_text(value))),
    numeric(
        "A chance: a phrase of the lexicon or a span of two, a mean with its central 90 %, "
        "a central 90 % alone, a fixed number, or a stored judgement (alias.id).",
        "likely",
        "unlikely to even",
        "70% (55..85)",
        "30..60%",
        "own.id",
        "certain",
        "impossible",
        pattern=CHANCE,
        low=0,
        high=1,
    ),
]
MultiplierText = Annotated[
    Multiplier | Reference,
    PlainValidator(lambda value: read_multiplier(as_text(value))),
    written(
        "What multiplies the odds: its median and central 90 %, or a stored judgement (alias.id).",
        "x2 (1.2..3.5)",
        "x0.5",
        "own.id",
        pattern=MULTIPLIER,
    ),
]

PaceText = Annotated[
    Pace,
    PlainValidator(lambda value: read_pace(as_text(value))),
    written("A rate: its mean and central 90 %.", "0.4 (0.2..0.7) a month", pattern=PACE),
]

Refused = Annotated[Any, PlainValidator(_refused_chance), Explained(), Tag("<refused>")]
"""The arm of a union that explains why a value fits none of the others."""


class ReadAs(Strict):
    """``{read_as: likely, source: ..., widen: 2}``: a judgement with where it came from."""

    read_as: Judgement
    """The judgement itself."""
    source: str | None = None
    """Who said it."""
    quote: str | None = None
    """His own words."""
    note: str | None = None
    """Why it is read so."""
    widen: Widen = 1.0
    """Multiplies its spread in logits; the mean stays."""


type Judgement = Annotated[
    Annotated[ChanceText, Tag("<text>")]
    | Annotated[BetaShape, Tag("<beta>")]
    | Annotated[Frequency, Tag("<frequency>")]
    | Annotated[ReadAs, Tag("<read_as>")]
    | Refused,
    Discriminator(chance_form),
]
"""A judgement of a chance."""


def _claim_form(value: Any) -> str:
    if isinstance(value, dict):
        for key, form in _CLAIM_FORMS.items():
            if key in value:
                return form
    if isinstance(value, str) and is_rate(value):
        return "<pace>"
    if isinstance(value, str) and (
        re.match(r"\s*[x×]\s*[\d.]", value) or value.split()[-1:] in (["up"], ["down"])
    ):
        return "<multiplier>"
    return chance_form(value)


_CLAIM_FORMS = {
    "events": "<rate>",
    "in": "<rate>",
    "amount": "<amount>",
    "quantiles": "<quantiles>",
    "roulette": "<roulette>",
}


type Claim = Annotated[
    Annotated[ChanceText, Tag("<text>")]
    | Annotated[BetaShape, Tag("<beta>")]
    | Annotated[Frequency, Tag("<frequency>")]
    | Annotated[MultiplierText, Tag("<multiplier>")]
    | Annotated[EventRate, Tag("<rate>")]
    | Annotated[PaceText, Tag("<pace>")]
    | Annotated[Stated, Tag("<amount>")]
    | Annotated[Quantiles, Tag("<quantiles>")]
    | Annotated[Roulette, Tag("<roulette>")]
    | Refused,
    Discriminator(_claim_form),
]
"""What a stored judgement may be read as: a chance, an odds multiplier, a rate or an amount."""


class StoredJudgement(Strict):
    """One entry under ``judgements:``: a claim, its words and how they were read."""

    about: str | None = None
    """The event that is meant, with its day."""
    quote: str | None = None
    """The words of the source."""
    by: Literal["quoted", "paraphrase", "journalist"] | None = None
    """Whose words they are: his own, a reporter's account of his, or the reporter's."""
    read_as: Claim
    """What the words mean: a chance, an odds multiplier, a rate of events or an amount."""
    source: str | None = None
    """Who said it, where that is another than the source of the file."""
    widen: Widen = 1.0
    """Multiplies its spread in logits; the mean stays."""
    note: str | None = None
    """Why it is read so."""


ReadAs.model_rebuild()
