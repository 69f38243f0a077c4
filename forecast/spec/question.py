"""Questions: what resolves, in which days, and how likely it is."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Discriminator,
    PlainValidator,
    Tag,
    WithJsonSchema,
)

from forecast.errors import nearest
from forecast.spec.calendar import Day, Span, read_span
from forecast.spec.chance import (
    AnyOf,
    Cases,
    Chance,
    Condition,
    Odds,
    Prior,
    ShareCases,
    ShareCounts,
    Shares,
    ShareTable,
    one_or_more,
)
from forecast.spec.editor import Explained, written
from forecast.spec.magnitude import Amount, Clumped, Multipliers, Rate
from forecast.spec.occasion import Around, Timing, TimingCases
from forecast.spec.problem import as_text, kind_of, problem
from forecast.spec.spread import ENDS, read_ends
from forecast.spec.strict import Number, Strict
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
    "Quantity",
    "Question",
    "Rate",
    "ShareCases",
    "ShareCounts",
    "ShareTable",
    "Shares",
    "Texts",
    "Timing",
    "TimingCases",
    "one_or_more",
]


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


def _truth(value: Any) -> bool:
    text = as_text(value).strip()
    if text not in ("true", "false"):
        raise problem(f"`{short(text)}` cannot stand here", "write true or false")
    return text == "true"


TRUE = WithJsonSchema({"type": "boolean"})
WINDOW = written("The first and the last day.", "2025-04-09..2025-06-30", pattern=r"[^.]+\.\.[^.]+")
DELAY = written(
    "How soon one would know.", "at once", "45 days", "never", pattern="at once|never|[0-9]+ +days?"
)


def _typed_elsewhere(schema: dict[str, Any]) -> None:
    """Let `type` be absent from a schema: `latents:` and `defaults:` write it in."""
    schema["required"] = [name for name in schema.get("required", ()) if name != "type"]


class BaseQuestion(Strict):
    """What every question has: its words, its window, and when it means anything at all."""

    model_config = ConfigDict(json_schema_extra=_typed_elsewhere)

    text: str = ""
    """What is asked, in words that can be settled."""
    note: str | None = None
    """Anything a reader should know."""
    claims: Texts = ()
    """The stored judgements that are about this question."""
    resolves: str | None = None
    """What settles it, so that two people would agree."""
    sources: Texts = ()
    """Where one will look to settle it."""
    by: Day | None = None
    """The last day of the window; the horizon of the file by default."""
    window: Annotated[Span, BeforeValidator(_window), WINDOW] | None = None
    """The days in which it may resolve; by default from the day after as_of to the horizon."""
    only_if: Condition | None = None
    """Where this fails the question is void."""
    observable: Annotated[int | None, BeforeValidator(_observable), DELAY] = 0
    """How soon one would know: at once (the default), after some days, or never."""


class Binary(BaseQuestion):
    """A yes/no question: a chance, or a condition that it means."""

    type: Literal["binary"] = "binary"
    """binary: yes or no."""
    prior: Prior | None = None
    """How likely it is."""
    means: Condition | None = None
    """The condition over other questions that it stands for."""


class Categorical(BaseQuestion):
    """One of several states."""

    type: Literal["categorical"]
    """categorical: one of several states."""
    states: Annotated[tuple[str, ...], BeforeValidator(_texts)]
    """The names of the states; exactly one will be so."""
    ordered: Annotated[bool, BeforeValidator(_truth), TRUE] = False
    """Whether the states go from the lowest to the highest: a >= medium."""
    prior: Shares
    """How likely each state is."""


class Date(BaseQuestion):
    """The first day on which something happens, or never within the window."""

    type: Literal["date"]
    """date: the first day on which it happens, or never."""
    occurs: Chance | None = None
    """How likely it is to happen in the window at all; goes with `timing`."""
    timing: Timing | None = None
    """When it happens, if it does: clusters with their shares; the last item takes the rest."""
    rate: Rate | None = None
    """How often such a thing happens, in place of `occurs` and `timing`."""
    times: Multipliers | None = None
    """What multiplies the rate; a date does so from its day on."""
    means: Condition | None = None
    """The date that it stands for, such as earliest(a, b)."""
    report_by: DayList = ()
    """The days by which the report says how likely it is."""


Ends = Annotated[
    tuple[float, float],
    PlainValidator(lambda value: read_ends(as_text(value))),
    written("The least and the most that it may be.", "0..169", "0..", pattern=ENDS),
]
Cuts = Annotated[tuple[Number, ...], BeforeValidator(_texts)]


class CountQuestion(BaseQuestion):
    """How many times something happens in the window, or how many there are.

    ``zero`` is the chance that there is none at all; ``rate`` or ``amount`` then say how many there
    are where there are any (a hurdle).
    """

    type: Literal["count"]
    """count: how many times."""
    rate: Rate | None = None
    """How often it happens."""
    times: Multipliers | None = None
    """Condition: what multiplies the rate where it holds."""
    clumped: Clumped | None = None
    """How clumped the events are: variance divided by mean of the count, given its rate."""
    amount: Amount | None = None
    """How many there are, where no rate says it."""
    zero: Chance | None = None
    """The chance that there is none at all; the rest then says how many where there are any."""
    bounds: Ends | None = None
    """The least and the most that an amount may be."""
    unit: str = ""
    """What is counted."""
    cuts: Cuts = ()
    """Numbers at which a new cell of the report begins."""
    report_by: DayList = ()
    """Days up to which the count is reported."""


class Quantity(BaseQuestion):
    """A number that need not be whole.

    ``zero`` is the chance that it is nothing at all; ``amount`` then says how large it is where it
    is more (a hurdle).
    """

    type: Literal["quantity"]
    """quantity: how much."""
    amount: Amount
    """How large it is."""
    zero: Chance | None = None
    """The chance that it is nothing at all; ``amount`` then says how much where it is more."""
    bounds: Ends | None = None
    """The least and the most that it may be."""
    unit: str = ""
    """What it is measured in."""
    cuts: Cuts = ()
    """Numbers at which a new cell of the report begins."""


KINDS = ("binary", "categorical", "count", "date", "quantity")


def _question_form(value: Any) -> str:
    kind = value.get("type") if isinstance(value, dict) else None
    return f"<{kind}>" if kind in KINDS else "<refused>"


def _refused_question(value: Any) -> Any:
    if not isinstance(value, dict):
        fix = "as in {text: ..., type: binary, prior: 40% (20..62)}"
        raise problem(f"a question is a mapping, not {kind_of(value)}", fix, "type")
    kind = as_text(value["type"]) if "type" in value else None
    if kind is None:
        raise problem("`type` is missing", f"one of {', '.join(KINDS)}", "missing")
    raise problem(
        f"`{short(kind)}` is no type of question",
        nearest(kind, KINDS) or f"one of {', '.join(KINDS)}",
    )


type Question = Annotated[
    Annotated[Binary, Tag("<binary>")]
    | Annotated[Categorical, Tag("<categorical>")]
    | Annotated[Date, Tag("<date>")]
    | Annotated[CountQuestion, Tag("<count>")]
    | Annotated[Quantity, Tag("<quantity>")]
    | Annotated[Any, PlainValidator(_refused_question), Explained(), Tag("<refused>")],
    Discriminator(_question_form),
]
"""Something that will resolve (or, under ``latents:``, an unobservable cause)."""

type AnyQuestion = Binary | Categorical | Date | CountQuestion | Quantity
