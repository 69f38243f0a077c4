"""Judgements: one elicited, uncertain number and the forms in which a file may state it."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, NoReturn, Self

from pydantic import BeforeValidator, Discriminator, Field, PlainValidator, Tag, model_validator

from forecast.spec.amount import Quantiles, Roulette, Stated
from forecast.spec.calendar import Days
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
from forecast.spec.problem import as_text, kind_of, problem
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
    "pool": "<pool>",
    "beta": "<beta>",
    "successes": "<frequency>",
    "of": "<frequency>",
}


def _refused_chance(value: Any) -> NoReturn:
    if isinstance(value, dict) and "table" in value:
        text = "a `table` stands alone, under `prior` of a yes/no or a categorical question"
        raise problem(text, "write `cases`", "type")
    if isinstance(value, dict) and "any_of" in value:
        raise problem("`any_of` is no single judgement: it cannot stand here", code="type")
    if isinstance(value, dict) and "read_as" in value:
        text = "a stored judgement has one `read_as`"
        raise problem(text, "write `widen:` and `note:` beside it, not within it")
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
        "strongly up",
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


def _two_or_more(value: Any) -> Any:
    if isinstance(value, list):
        if len(value) < 2:
            raise problem("a pool joins two judgements at least")
        return tuple(value)
    return value


class Pool(Strict):
    """``{pool: [doo.x, ann.x], method: linear}``: judgements of one chance by several people."""

    pool: Annotated[tuple[Judgement, ...], BeforeValidator(_two_or_more)]
    """The judgements."""
    method: Literal["linear", "log_odds", "hierarchical", "cooke"]
    """How they are joined: one of them is right; their mean in log odds, and how far they disagree;
    what the next such judge would say; as linear, with Cooke's weights."""
    weights: (
        Annotated[
            tuple[Count, ...],
            BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value),
        ]
        | None
    ) = None
    """How much each counts; all alike by default."""

    @property
    def is_mixture(self) -> bool:
        """Whether one of the judgements is taken to be right, and it is not known which."""
        return self.method in ("linear", "cooke")

    @property
    def shares(self) -> tuple[float, ...]:
        """The weights, scaled to sum to one."""
        given = self.weights or (1.0,) * len(self.pool)
        return tuple(weight / sum(given) for weight in given)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.method == "cooke" and self.weights is None:
            raise problem(
                "Cooke's weights come from seed questions with known answers, which no file holds",
                "compute them elsewhere and write weights: [0.7, 0.3]",
            )
        if self.method == "hierarchical" and self.weights is not None:
            raise problem("`weights` do not apply: in a hierarchy all judges are alike")
        if self.weights is not None and len(self.weights) != len(self.pool):
            raise problem(f"{len(self.pool)} judgements, but {len(self.weights)} weights")
        if self.weights is not None and not sum(self.weights):
            raise problem("some weight must be above zero")
        if any(isinstance(innermost(member), Pool) for member in self.pool):
            raise problem("a pool cannot hold another pool", "list all judgements in one")
        return self


def innermost(judgement: Any) -> Any:
    """Return what is left of a judgement when every ``read_as`` is taken off."""
    while isinstance(judgement, ReadAs):
        judgement = judgement.read_as
    return judgement


type Judgement = Annotated[
    Annotated[ChanceText, Tag("<text>")]
    | Annotated[BetaShape, Tag("<beta>")]
    | Annotated[Frequency, Tag("<frequency>")]
    | Annotated[Pool, Tag("<pool>")]
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
    form = chance_form(value)
    return "<refused>" if form == "<read_as>" else form


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
    | Annotated[Pool, Tag("<pool>")]
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
    """The event that is meant, with its day: held against the question that it is used for."""
    horizon: Days | None = None
    """The last day that is meant, or the first and the last, where ``about`` does not name them."""
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
Pool.model_rebuild()
