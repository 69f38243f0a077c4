"""Amounts: what an expert expects of a number, as it stands in a file."""

from __future__ import annotations

import itertools
import re
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, PlainValidator, model_validator

from forecast.spec.editor import written
from forecast.spec.notation import NUMBER, Reference, read_number
from forecast.spec.problem import as_text, problem
from forecast.spec.spread import ENDS, SPREAD, Spread, read_ends, read_spread
from forecast.spec.strict import Count, Number, Positive, Strict
from forecast.spec.traps import short

type Family = Literal["normal", "lognormal", "gamma", "beta", "student", "logstudent"]


LEVEL = written("A level between 0% and 100%.", "5%", "50%", "95%", pattern=rf"{NUMBER}\s*%?")
BIN = written("A bin.", "0..10", pattern=ENDS)

AmountText = Annotated[
    Spread | Reference,
    PlainValidator(lambda value: read_spread(as_text(value))),
    written(
        "An amount: its median and central 90 %, or a stored one (alias.id).",
        "1200 (350..3500)",
        "own.id",
        pattern=SPREAD,
    ),
]


def _level(value: Any) -> float:
    text = as_text(value).strip()
    if ordinal := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)", text):
        raise problem(f"`{text}` is no level of a quantile", f"write {ordinal[1]}%")
    level = read_number(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    if not 0 < level < 1:
        fix = f"write {text}%" if 1 <= level < 100 and "%" not in text else "write 5%, 50%, 95%"
        raise problem(f"`{short(text)}` is no level of a quantile", fix)
    return level


def _two_or_more(value: Any) -> Any:
    if isinstance(value, dict) and len(value) < 2:
        raise problem("two entries at least are needed here")
    return value


def _bin(value: Any) -> tuple[float, float]:
    low, high = read_ends(as_text(value))
    if high == float("inf"):
        raise problem(f"`{short(as_text(value))}` has no upper end", "write 0..10")
    return low, high


class AmountLeaf(Strict):
    """What every amount may say beside its numbers."""

    worth: Positive | None = None
    """How many cases the curve is worth; without it the curve is fixed."""
    source: str | None = None
    """Who said it."""
    quote: str | None = None
    """His own words."""
    note: str | None = None
    """Why it is read so."""


class Stated(AmountLeaf):
    """``{amount: 1200 (350..3500), family: lognormal, worth: 8}``: median and central 90 %."""

    amount: AmountText
    """Its median and central 90 %, or a stored amount."""
    family: Family | None = None
    """The family of its curve."""


class Quantiles(AmountLeaf):
    """``{family: lognormal, quantiles: {5%: 350, 50%: 1200, 95%: 3500}}``: a curve fitted to them.

    Least squares on the levels: the sum of (F(value) - level)^2 is smallest.
    """

    quantiles: Annotated[
        dict[Annotated[float, PlainValidator(_level), LEVEL], Number],
        BeforeValidator(_two_or_more),
    ]
    """Level: the number below which it lies with that chance."""
    family: Family | None = None
    """The family of its curve."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        values = [value for _, value in sorted(self.quantiles.items())]
        if any(b <= a for a, b in itertools.pairwise(values)):
            said = ", ".join(f"{100 * p:g}%: {x:g}" for p, x in sorted(self.quantiles.items()))
            raise problem(
                f"the quantiles do not rise: {said}",
                "a higher level, a larger number",
                "range-order",
            )
        return self


class Roulette(AmountLeaf):
    """``{roulette: {0..10: 2, 10..20: 5}}``: chips in bins; even within a bin.

    With a ``family`` the curve is fitted to what has been laid up to the end of each bin.
    """

    roulette: Annotated[
        dict[Annotated[tuple[float, float], PlainValidator(_bin), BIN], Count],
        BeforeValidator(_two_or_more),
    ]
    """Bin: how many chips were laid in it."""
    family: Family | None = None
    """The family that is fitted to the chips; without one they are even within their bins."""

    @model_validator(mode="after")
    def _apart(self) -> Self:
        bins = sorted(self.roulette)
        for (a, b), (c, d) in itertools.pairwise(bins):
            if c < b:
                raise problem(f"the bins {a:g}..{b:g} and {c:g}..{d:g} overlap")
        if not sum(self.roulette.values()) > 0:
            raise problem("no chip is laid")
        return self
