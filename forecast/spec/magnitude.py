"""Rates and amounts with their rows: by condition, or a base that conditions multiply."""

from __future__ import annotations

from typing import Annotated, Any, NoReturn

from pydantic import BeforeValidator, Discriminator, PlainValidator, Tag

from forecast.spec.amount import AmountText, Quantiles, Roulette, Stated
from forecast.spec.chance import Condition, one_or_more
from forecast.spec.editor import Explained, numeric, written
from forecast.spec.judgement import EventRate, MultiplierText
from forecast.spec.notation import Reference, read_reference
from forecast.spec.problem import as_text, kind_of, problem
from forecast.spec.spread import DISPERSION, RATE, Dispersion, Pace, read_dispersion, read_pace
from forecast.spec.strict import Strict

Multipliers = Annotated[dict[Condition, MultiplierText], BeforeValidator(one_or_more)]
"""What each condition that holds does to a rate or an amount."""


def _rate_text(value: Any) -> Pace | Reference:
    text = as_text(value).strip()
    return read_reference(text) or read_pace(text)


def _rate_form(value: Any) -> str:
    if isinstance(value, str):
        return "<text>"
    if isinstance(value, dict):
        for key, form in _ROWS.items():
            if key in value:
                return form
        return "<events>"
    return "<refused>"


_ROWS = {"cases": "<cases>", "base": "<times>", "times": "<times>"}


def _refused_rate(value: Any) -> NoReturn:
    fix = "write {events: 9, in: 21 months}, 0.4 (0.2..0.7) a month or own.id"
    raise problem(f"{kind_of(value)} that is no rate", fix)


class RateCases(Strict):
    """Rates by condition; the first that matches wins."""

    cases: Annotated[dict[Condition, Rate], BeforeValidator(one_or_more)]
    """Condition: the rate where it holds; the first that holds wins."""


class RateTimes(Strict):
    """A rate where no condition holds, and what each condition that holds multiplies it by."""

    base: Rate
    """The rate where no condition holds."""
    times: Multipliers
    """Condition: what multiplies the rate where it holds."""


type Rate = Annotated[
    Annotated[
        Reference | Pace,
        PlainValidator(_rate_text),
        written(
            "A rate: its mean and central 90 %, or a stored one (alias.id).",
            "0.4 (0.2..0.7) a month",
            "own.id",
            pattern=RATE,
        ),
        Tag("<text>"),
    ]
    | Annotated[EventRate, Tag("<events>")]
    | Annotated[RateCases, Tag("<cases>")]
    | Annotated[RateTimes, Tag("<times>")]
    | Annotated[Any, PlainValidator(_refused_rate), Explained(), Tag("<refused>")],
    Discriminator(_rate_form),
]
"""How often something happens."""


def _amount_form(value: Any) -> str:
    if isinstance(value, str):
        return "<text>"
    if isinstance(value, dict):
        for key, form in (*_ROWS.items(), *_CURVES.items()):
            if key in value:
                return form
    return "<refused>"


_CURVES = {"amount": "<amount>", "quantiles": "<quantiles>", "roulette": "<roulette>"}


def _refused_amount(value: Any) -> NoReturn:
    raise problem(
        f"{kind_of(value)} that is no amount",
        "write 1200 (350..3500), {family: lognormal, quantiles: {5%: a, 50%: b, 95%: c}}, "
        "{roulette: {0..10: 2, 10..20: 5}}, {cases: ...} or {base: ..., times: ...}",
    )


class AmountCases(Strict):
    """Amounts by condition; the first that matches wins."""

    cases: Annotated[dict[Condition, Amount], BeforeValidator(one_or_more)]
    """Condition: the amount where it holds; the first that holds wins."""


class AmountTimes(Strict):
    """An amount where no condition holds, and what each condition that holds multiplies it by."""

    base: Amount
    """The amount where no condition holds."""
    times: Multipliers
    """Condition: what multiplies the amount where it holds."""


type Amount = Annotated[
    Annotated[AmountText, Tag("<text>")]
    | Annotated[Stated, Tag("<amount>")]
    | Annotated[Quantiles, Tag("<quantiles>")]
    | Annotated[Roulette, Tag("<roulette>")]
    | Annotated[AmountCases, Tag("<cases>")]
    | Annotated[AmountTimes, Tag("<times>")]
    | Annotated[Any, PlainValidator(_refused_amount), Explained(), Tag("<refused>")],
    Discriminator(_amount_form),
]
"""How large a number is."""

Clumped = Annotated[
    Dispersion,
    PlainValidator(lambda value: read_dispersion(as_text(value))),
    numeric(
        "Variance divided by mean, above 1: its median and central 90 %.",
        "3 (1.5..6)",
        pattern=DISPERSION,
        low=1,
    ),
]
