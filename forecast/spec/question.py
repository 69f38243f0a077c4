"""Questions: what resolves, in which days, and how likely it is."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, PlainValidator, Tag

from forecast.errors import nearest
from forecast.spec.calendar import Day, Days, Span, read_span
from forecast.spec.chance import (
    AnyOf,
    Cases,
    Chance,
    Condition,
    Odds,
    ShareCases,
    ShareCounts,
    Shares,
    ShareTable,
    one_or_more,
)
from forecast.spec.judgement import Count, EventRate, Judgement, Strict
from forecast.spec.notation import Reference, is_rate, read_reference
from forecast.spec.problem import as_text, kind_of, problem, unsupported
from forecast.spec.traps import short

__all__ = [
    "AnyOf",
    "AnyQuestion",
    "Around",
    "BaseQuestion",
    "Binary",
    "Cases",
    "Categorical",
    "Chance",
    "Condition",
    "CountQuestion",
    "Date",
    "DayList",
    "Odds",
    "Question",
    "Rate",
    "ShareCases",
    "ShareCounts",
    "ShareTable",
    "Shares",
    "Texts",
    "Timing",
    "one_or_more",
]


class Around(Strict):
    """Occurrences clustered in a span: a Normal whose central 90 % is ``between``."""

    between: Days
    share: Judgement | None = None


def _timing_form(value: Any) -> str:
    return "<shape>" if isinstance(value, str) else "<around>"


def _shape(value: Any) -> str:
    if (text := as_text(value).strip()) not in ("evenly", "constant"):
        raise problem(
            f"`{short(text)}` is no timing", "write {between: A..B, share: 30%}, evenly or constant"
        )
    return text


type TimingItem = Annotated[
    Annotated[str, PlainValidator(_shape), Tag("<shape>")] | Annotated[Around, Tag("<around>")],
    Discriminator(_timing_form),
]


def _timing(value: Any) -> Any:
    if isinstance(value, dict) and "cases" in value:
        raise problem("`cases` under `timing` is not yet supported", code="not-yet-supported")
    if not isinstance(value, list):
        raise problem("`timing` is a list", "write timing: [evenly]")
    return one_or_more(value)


Timing = Annotated[tuple[TimingItem, ...], BeforeValidator(_timing), Field(strict=False)]


def _observable(value: Any) -> int | None:
    text = as_text(value).strip()
    if text == "at once":
        return 0
    if text == "never":
        return None
    if match := re.fullmatch(r"([0-9]{1,4}) +days?", text):
        return int(match[1])
    raise problem(f"`{short(text)}` is no delay", "write `at once`, `3 days` or `never`")


def _texts(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]
DayList = Annotated[tuple[Day, ...], BeforeValidator(_texts)]


def _window(value: Any) -> Span:
    text = as_text(value)
    if ".." not in text:
        raise problem(
            f"`{short(text)}` is no window", "write window: A..B, or by: DATE for its end alone"
        )
    return read_span(text)


class BaseQuestion(Strict):
    """What every question has: its words, its window, and when it means anything at all."""

    text: str = ""
    note: str | None = None
    claims: Texts = ()
    resolves: str | None = None
    sources: Texts = ()
    by: Day | None = None
    window: Annotated[Span, BeforeValidator(_window)] | None = None
    only_if: Condition | None = None
    observable: Annotated[int | None, BeforeValidator(_observable)] = 0


class Binary(BaseQuestion):
    """A yes/no question: a chance, or a condition that it means."""

    type: Literal["binary"] = "binary"
    prior: Chance | None = None
    means: Condition | None = None


class Categorical(BaseQuestion):
    """One of several states."""

    type: Literal["categorical"]
    states: Annotated[tuple[str, ...], BeforeValidator(_texts)]
    prior: Shares


def _rate_form(value: Any) -> str:
    return "<reference>" if isinstance(value, str) else "<rate>"


def _rate_reference(value: Any) -> Reference:
    text = as_text(value).strip()
    if (reference := read_reference(text)) is None:
        if is_rate(text):
            raise unsupported(text)
        fix = "write {events: 9, in: 21 months} or a reference such as base.visits"
        raise problem(f"`{short(text)}` is no rate", fix)
    return reference


type Rate = Annotated[
    Annotated[Reference, PlainValidator(_rate_reference), Tag("<reference>")]
    | Annotated[EventRate, Tag("<rate>")],
    Discriminator(_rate_form),
]


class Date(BaseQuestion):
    """The first day on which something happens, or never within the window."""

    type: Literal["date"]
    occurs: Chance | None = None
    timing: Timing | None = None
    rate: Rate | None = None
    means: Condition | None = None
    report_by: DayList = ()


class CountQuestion(BaseQuestion):
    """How many times something happens in the window."""

    type: Literal["count"]
    rate: Rate
    unit: str = ""
    cuts: Annotated[tuple[Count, ...], BeforeValidator(_texts)] = ()


def _question_form(value: Any) -> str:
    kind = value.get("type") if isinstance(value, dict) else None
    return f"<{kind}>" if kind in ("binary", "categorical", "date", "count") else "<refused>"


def _refused_question(value: Any) -> Any:
    if not isinstance(value, dict):
        raise problem(f"a question is a mapping, not {kind_of(value)}", code="type")
    kind = as_text(value["type"]) if "type" in value else None
    if kind == "quantity":
        raise unsupported("type: quantity")
    known = ("binary", "categorical", "count", "date")
    if kind is None:
        raise problem("`type` is missing", f"one of {', '.join(known)}", "missing")
    raise problem(
        f"`{short(kind)}` is no type of question",
        nearest(kind, known) or f"one of {', '.join(known)}",
    )


type Question = Annotated[
    Annotated[Binary, Tag("<binary>")]
    | Annotated[Categorical, Tag("<categorical>")]
    | Annotated[Date, Tag("<date>")]
    | Annotated[CountQuestion, Tag("<count>")]
    | Annotated[Any, PlainValidator(_refused_question), Tag("<refused>")],
    Discriminator(_question_form),
]
"""Something that will resolve (or, under ``latents:``, an unobservable cause)."""

type AnyQuestion = Binary | Categorical | Date | CountQuestion
