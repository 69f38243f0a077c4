"""Judgements: one elicited, uncertain number and the forms in which a file may state it."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, NoReturn, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    model_validator,
)

from forecast.spec.notation import (
    Band,
    Multiplier,
    Phrase,
    Point,
    Reference,
    read_chance,
    read_duration,
    read_multiplier,
    read_number,
)
from forecast.spec.problem import as_text, kind_of, problem, unsupported


class Strict(BaseModel):
    """Base of every schema model: frozen, and no field that is not declared."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True
    )


def number(value: Any) -> float:
    """Read a plain number."""
    return read_number(as_text(value))


def _between(low: float, high: float, said: str = "") -> BeforeValidator:
    def read(value: Any) -> float:
        if not low <= (found := number(value)) <= high:
            raise problem(f"`{value}` lies outside {low:g} to {high:,.0f}", said)
        return found

    return BeforeValidator(read)


Number = Annotated[float, BeforeValidator(number)]
Positive = Annotated[float, _between(0.001, 1e6)]
Widen = Annotated[float, _between(0.1, 10)]
Discount = Annotated[float, _between(0.01, 1, "1: a case counts as one just like this")]
Count = Annotated[float, _between(0, 1e6)]
Logits = Annotated[float, _between(0, 10, "it is a standard deviation in logits")]
Duration = Annotated[float, BeforeValidator(lambda value: read_duration(as_text(value)))]


class BetaShape(Strict):
    """``{beta: [a, b]}``: a Beta given by its two shape parameters."""

    beta: tuple[Positive, Positive] = Field(strict=False)


class Frequency(Strict):
    """``{successes: 3, of: 9, discount: 0.7}``: a base rate; Beta(w(k + 1/2), w(n - k + 1/2))."""

    successes: Count
    of: Count
    discount: Discount = 1.0

    @model_validator(mode="after")
    def _no_more_than_all(self) -> Self:
        if self.successes > self.of:
            raise problem(f"{self.successes:g} successes of {self.of:g} cases are too many")
        return self


class EventRate(Strict):
    """``{events: 9, in: 21 months, discount: 0.8}``: a rate; Gamma(w(k + 1/2), w T), T in days."""

    events: Count
    within: Duration = Field(alias="in")
    discount: Discount = 1.0


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
    Phrase | Point | Band | Reference, PlainValidator(lambda value: read_chance(as_text(value)))
]
MultiplierText = Annotated[
    Multiplier | Reference, PlainValidator(lambda value: read_multiplier(as_text(value)))
]


Refused = Annotated[Any, PlainValidator(_refused_chance), Tag("<refused>")]
"""The arm of a union that explains why a value fits none of the others."""


class ReadAs(Strict):
    """``{read_as: likely, source: ..., widen: 2}``: a judgement with where it came from."""

    read_as: Judgement
    source: str | None = None
    quote: str | None = None
    note: str | None = None
    widen: Widen = 1.0


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
    if isinstance(value, dict) and ("events" in value or "in" in value):
        return "<rate>"
    if isinstance(value, str) and (
        re.match(r"\s*[x×]\s*[\d.]", value) or value.split()[-1:] in (["up"], ["down"])
    ):
        return "<multiplier>"
    return chance_form(value)


type Claim = Annotated[
    Annotated[ChanceText, Tag("<text>")]
    | Annotated[BetaShape, Tag("<beta>")]
    | Annotated[Frequency, Tag("<frequency>")]
    | Annotated[MultiplierText, Tag("<multiplier>")]
    | Annotated[EventRate, Tag("<rate>")]
    | Refused,
    Discriminator(_claim_form),
]
"""What a stored judgement may be read as: a chance, an odds multiplier or a rate."""


class StoredJudgement(Strict):
    """One entry under ``judgements:``: a claim, its words and how they were read."""

    read_as: Claim
    about: str | None = None
    quote: str | None = None
    by: Literal["quoted", "paraphrase", "journalist"] | None = None
    source: str | None = None
    widen: Widen = 1.0
    note: str | None = None


ReadAs.model_rebuild()
