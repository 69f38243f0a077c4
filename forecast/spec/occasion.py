"""When something happens, if it does: clusters of days, shapes, rows by condition."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, PlainValidator, Tag

from forecast.spec.calendar import Days
from forecast.spec.chance import Condition, one_or_more
from forecast.spec.editor import choice
from forecast.spec.judgement import Judgement
from forecast.spec.problem import as_text, problem
from forecast.spec.strict import Strict
from forecast.spec.traps import short


class Around(Strict):
    """Occurrences clustered in a span: a Normal whose central 90 % is ``between``."""

    between: Days
    """The days that hold it nine times in ten."""
    share: Judgement | None = None
    """The share of occurrences that fall there; the last item takes the rest."""


def _timing_form(value: Any) -> str:
    return "<shape>" if isinstance(value, str) else "<around>"


def _shape(value: Any) -> str:
    if (text := as_text(value).strip()) not in ("evenly", "constant"):
        raise problem(
            f"`{short(text)}` is no timing", "write {between: A..B, share: 30%}, evenly or constant"
        )
    return text


type TimingItem = Annotated[
    Annotated[
        str,
        PlainValidator(_shape),
        choice("All days alike, or the same hazard every day.", "evenly", "constant"),
        Tag("<shape>"),
    ]
    | Annotated[Around, Tag("<around>")],
    Discriminator(_timing_form),
]


def _timing_table(value: Any) -> str:
    return "<cases>" if isinstance(value, dict) and "cases" in value else "<items>"


def _timing_items(value: Any) -> Any:
    if not isinstance(value, list):
        raise problem("`timing` is a list", "write timing: [evenly]")
    return one_or_more(value)


class TimingCases(Strict):
    """Rows of timing by condition; the first that matches wins."""

    cases: Annotated[dict[Condition, Timing], BeforeValidator(one_or_more)]
    """Condition -> when it happens where the condition holds."""


type TimingItems = Annotated[
    tuple[TimingItem, ...], BeforeValidator(_timing_items), Field(strict=False)
]

type Timing = Annotated[
    Annotated[TimingItems, Tag("<items>")] | Annotated[TimingCases, Tag("<cases>")],
    Discriminator(_timing_table),
]
