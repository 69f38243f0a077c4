"""Judgements: one elicited, uncertain number, as the analyst wrote it.

A text such as ``likely``, ``70% (55..85)`` or ``doo.trip`` becomes a small frozen object that says
which *form* it is; what it means as a distribution is decided in `forecast.model.elicitation`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NoReturn

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
)
from pydantic_core import PydanticCustomError

DAYS = {"day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25}
"""Length of a unit of time in days; a month is a twelfth of the Julian year."""


class Strict(BaseModel):
    """Base of every schema model: frozen, and no field that is not declared."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True
    )


@dataclass(frozen=True, slots=True)
class Phrase:
    """A word of estimative probability; with ``upper`` a span: ``unlikely to even``."""

    lower: str
    upper: str | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """``70% (55..85)``: mean and central 90 %; without a range the number is fixed."""

    mean: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """``30..60%``: a central 90 % range alone."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Reference:
    """``doo.trip``: a judgement of a file under ``use:``, or of this file (``own.id``)."""

    alias: str
    id: str

    def __str__(self) -> str:
        return f"{self.alias}.{self.id}"


@dataclass(frozen=True, slots=True)
class Multiplier:
    """``x2 (1.2..3.5)``: median and central 90 % of an odds multiplier."""

    median: float
    low: float | None = None
    high: float | None = None


def problem(text: str, fix: str = "", code: str = "value") -> PydanticCustomError:
    """Return a schema error that carries its own code and way to mend it."""
    context: dict[str, Any] = {"text": text, "fix": fix, "code": code}
    return PydanticCustomError("forecast", "{text}", context)


def unsupported(form: str) -> PydanticCustomError:
    """Return the schema error for a form of the language that is still to come."""
    return problem(f"`{form}` is not yet supported", code="not-yet-supported")


_NUMBER = r"-?\d+(?:\.\d+)?"
_POINT = re.compile(
    rf"(?P<p>{_NUMBER})(?P<pct>\s*%)?(?:\s*\(\s*(?P<lo>{_NUMBER})\s*%?\s*\.\.\s*(?P<hi>{_NUMBER})\s*%?\s*\))?"
)
_BAND = re.compile(rf"(?P<lo>{_NUMBER})\s*%?\s*\.\.\s*(?P<hi>{_NUMBER})(?P<pct>\s*%)?")
_REFERENCE = re.compile(r"([A-Za-z_][\w-]*)\.([A-Za-z_][\w-]*)")
_PHRASE = re.compile(r"[^\W\d_][\w' -]*")
_MULTIPLIER = re.compile(
    rf"[x×]\s*(?P<m>{_NUMBER})(?:\s*\(\s*(?P<lo>{_NUMBER})\s*\.\.\s*(?P<hi>{_NUMBER})\s*\))?"
)
_DURATION = re.compile(rf"({_NUMBER})\s*(day|week|month|year)s?")


def read_chance(text: str) -> Phrase | Point | Band | Reference:
    """Read a chance that stands as a text.

    Parameters
    ----------
    text
        A phrase, a span of phrases, ``70% (55..85)``, ``0.7 (0.55..0.85)``, ``30..60%``, a number,
        ``certain``, ``impossible`` or a reference.

    Raises
    ------
    pydantic_core.PydanticCustomError
        Where it is none of these; the message says what was probably meant.

    Examples
    --------
    >>> read_chance("70% (55..85)")
    Point(mean=0.7, low=0.55, high=0.85)
    >>> read_chance("unlikely to even")
    Phrase(lower='unlikely', upper='even')
    """
    text = text.strip()
    if text in ("certain", "impossible"):
        return Point(1.0 if text == "certain" else 0.0)
    if match := _REFERENCE.fullmatch(text):
        return Reference(match[1], match[2])
    if match := _POINT.fullmatch(text):
        return _point(match, text)
    if match := _BAND.fullmatch(text):
        return _band(match, text)
    if text.startswith(("x", "×")) and _MULTIPLIER.fullmatch(text):
        raise problem(
            f"`{text}` multiplies odds; a chance stands here",
            "write a probability such as 40% (25..60)",
        )
    if _PHRASE.fullmatch(text):
        lower, to, upper = text.partition(" to ")
        return Phrase(lower.strip(), upper.strip() if to else None)
    raise problem(
        f"`{text}` is no chance",
        "write a phrase of the lexicon, 70% (55..85), or a reference such as doo.id",
    )


def _point(match: re.Match[str], text: str) -> Point:
    scale = 100.0 if match["pct"] else 1.0
    given = [match["p"], *((match["lo"], match["hi"]) if match["lo"] else ())]
    values = [float(value) for value in given]
    if not match["pct"] and all(0 <= v <= 100 for v in values) and max(values) > 1:
        meant = f"{given[0]}%" + (f" ({given[1]}..{given[2]})" if match["lo"] else "")
        hint = "" if match["lo"] else " (low..high)"
        raise problem(
            f"a probability lies between 0 and 1: did you mean {meant}{hint}?",
            f"write {meant}{hint}",
            "probability-range",
        )
    if any(not 0 <= v / scale <= 1 for v in values):
        raise problem(
            f"`{text}`: a probability lies between 0 and 1, or 0% and 100%",
            code="probability-range",
        )
    mean, low, high = ([v / scale for v in values] + [None, None])[:3]
    assert mean is not None
    if low is not None and high is not None and not low < mean < high:
        raise problem(
            f"`{text}`: the number must lie inside its range",
            "p (low..high): p is the mean, low..high holds it nine times in ten",
            "range-order",
        )
    return Point(mean, low, high)


def _band(match: re.Match[str], text: str) -> Band:
    scale = 100.0 if match["pct"] else 1.0
    low, high = float(match["lo"]) / scale, float(match["hi"]) / scale
    if not match["pct"] and high > 1:
        raise problem(
            f"a probability lies between 0 and 1: did you mean {text}%?",
            f"write {text}%",
            "probability-range",
        )
    if not 0 < low < high < 1:
        raise problem(
            f"`{text}`: a range of a probability runs upward and stays inside 0% and 100%",
            "for a range that touches an end, write p (low..high)",
            "range-order",
        )
    return Band(low, high)


def read_multiplier(text: str) -> Multiplier | Reference:
    """Read an odds multiplier: ``x2 (1.2..3.5)``, ``x0.5`` or a reference.

    >>> read_multiplier("x2 (1.2..3.5)")
    Multiplier(median=2.0, low=1.2, high=3.5)
    """
    text = text.strip()
    if match := _REFERENCE.fullmatch(text):
        return Reference(match[1], match[2])
    if re.fullmatch(r"(strongly|weakly|moderately)?\s*(up|down)", text):
        raise unsupported(text)
    match = _MULTIPLIER.fullmatch(text)
    if not match:
        fix = (
            f"x{text}" if re.fullmatch(_NUMBER, text) else "x2 (1.2..3.5): median and central 90 %"
        )
        raise problem(f"`{text}` is no odds multiplier", f"write {fix}")
    median = float(match["m"])
    low, high = (float(match["lo"]), float(match["hi"])) if match["lo"] else (None, None)
    if median <= 0 or (low is not None and high is not None and not 0 < low < median < high):
        raise problem(
            f"`{text}`: a multiplier is above zero and lies inside its range", code="range-order"
        )
    return Multiplier(median, low, high)


def read_duration(text: str) -> float:
    """Return the length of ``56 months``, ``3 weeks`` in days.

    >>> read_duration("2 weeks")
    14.0
    """
    match = _DURATION.fullmatch(text.strip())
    if not match or float(match[1]) <= 0:
        raise problem(
            f"`{text}` is no length of time", "write it as in `56 months`, `3 weeks`, `2 years`"
        )
    return float(match[1]) * DAYS[match[2]]


def as_text(value: Any) -> str:
    if not isinstance(value, str):
        raise problem(f"a text stands here, not {kind_of(value)}", code="type")
    return value


def kind_of(value: Any) -> str:
    """Say in words what a piece of YAML is.

    >>> kind_of([])
    'a list'
    """
    return (
        "a mapping"
        if isinstance(value, dict)
        else "a list"
        if isinstance(value, list)
        else "a text"
    )


def number(value: Any) -> float:
    """Read a plain number."""
    text = as_text(value).strip()
    if not re.fullmatch(rf"{_NUMBER}(?:[eE][+-]?\d+)?", text):
        raise problem(f"`{text}` is no number", code="type")
    return float(text)


def positive(value: Any) -> float:
    """Read a number above zero."""
    if (read := number(value)) <= 0:
        raise problem(f"`{value}` must be above zero")
    return read


def _share(value: Any) -> float:
    """Read a discount: above 0, at most 1."""
    if not 0 < (read := number(value)) <= 1:
        raise problem(
            f"`{value}`: a discount lies above 0 and is at most 1 (1 = just like this case)"
        )
    return read


def _count(value: Any) -> float:
    """Read a count of cases; halves are allowed for half a case."""
    if (read := number(value)) < 0:
        raise problem(f"`{value}`: a count cannot be negative")
    return read


Number = Annotated[float, BeforeValidator(number)]
Positive = Annotated[float, BeforeValidator(positive)]
Discount = Annotated[float, BeforeValidator(_share)]
Count = Annotated[float, BeforeValidator(_count)]
Duration = Annotated[float, BeforeValidator(lambda value: read_duration(as_text(value)))]


class BetaShape(Strict):
    """``{beta: [a, b]}``: a Beta given by its two shape parameters."""

    beta: tuple[Positive, Positive] = Field(strict=False)


class Frequency(Strict):
    """``{successes: 3, of: 9, discount: 0.7}``: a base rate; Beta(w(k + 1/2), w(n - k + 1/2))."""

    successes: Count
    of: Count
    discount: Discount = 1.0


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
    for key in ("pool", "any_of", "table"):
        if isinstance(value, dict) and key in value:
            raise unsupported(key)
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
    widen: Positive = 1.0


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
    if isinstance(value, str) and re.match(r"\s*[x×]\s*[\d.]|.*\b(up|down)\s*$", value):
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
    widen: Positive = 1.0
    note: str | None = None


ReadAs.model_rebuild()
