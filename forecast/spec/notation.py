"""Notation: how a number is written, ``70% (55..85)``, ``30..60%``, ``x2 (1.2..3.5)``, ``9 days``.

A text such as ``likely``, ``70% (55..85)`` or ``doo.trip`` becomes a small frozen object that says
which *form* it is; what it means as a distribution is decided in `forecast.model.elicitation`.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from forecast.spec.policy import MULTIPLIERS
from forecast.spec.problem import problem
from forecast.spec.traps import short

DAYS = {"day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25}
"""Length of a unit of time in days; a month is a twelfth of the Julian year."""

LONGEST = 200
"""Characters: no number, phrase or reference is longer."""


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
    word: str = field(default="", repr=False)
    """The word that it was given by, if any: `defaults:` of a file may read it otherwise."""


_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
_POINT = re.compile(
    rf"(?P<p>{_NUMBER})(?P<pct>\s*%)?"
    rf"(?:\s*\(\s*(?P<lo>{_NUMBER})\s*%?\s*\.\.\s*(?P<hi>{_NUMBER})\s*%?\s*\))?"
)
_BAND = re.compile(rf"(?P<lo>{_NUMBER})\s*%?\s*\.\.\s*(?P<hi>{_NUMBER})(?P<pct>\s*%)?")
_SAID_BAND = re.compile(
    rf"(?:(?:between|from)\s+)?(?P<lo>{_NUMBER})\s*%?\s*(?:and|to|-|–)\s*(?P<hi>{_NUMBER})\s*%?"
)
_REFERENCE = re.compile(r"([A-Za-z_][\w-]*)\.([A-Za-z_][\w-]*)")
_PHRASE = re.compile(r"[^\W\d_][\w' -]*")
_MULTIPLIER = re.compile(
    rf"[x×]\s*(?P<m>{_NUMBER})(?:\s*\(\s*(?P<lo>{_NUMBER})\s*\.\.\s*(?P<hi>{_NUMBER})\s*\))?"
)
_RATE = re.compile(r".* an? (day|week|month|year)")
_DURATION = re.compile(rf"({_NUMBER})\s*(day|week|month|year)s?")
_PLAIN_NUMBER = re.compile(rf"{_NUMBER}(?:[eE][+-]?[0-9]+)?")

# For editors, whose regular expressions know no letters but a to z: wider than the reader's own.
_NAMES = r"[A-Za-z_][^\s.%()]*\.[A-Za-z_][^\s.%()]*"
_WORDS = rf"(?!{_MULTIPLIER.pattern}\s*$)[^\s0-9%().-][^%()]*"
CHANCE = "|".join((_POINT.pattern, _BAND.pattern, _WORDS))
MULTIPLIER = "|".join((_MULTIPLIER.pattern, _NAMES, *MULTIPLIERS))
NUMBER, RANGE, REFERENCE = _PLAIN_NUMBER.pattern, _BAND.pattern, _NAMES
DURATION = _DURATION.pattern


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
    if (reference := read_reference(text)) is not None:
        return reference
    if len(text) <= LONGEST:
        if match := _POINT.fullmatch(text):
            return _point(match, text)
        if match := _BAND.fullmatch(text):
            return _band(match, text)
        if is_rate(text):
            fix = "write a probability such as 40% (25..60)"
            raise problem(f"`{text}` is a rate; a chance stands here", fix)
        if _MULTIPLIER.fullmatch(text):
            fix = "write a probability such as 40% (25..60)"
            raise problem(f"`{text}` multiplies odds; a chance stands here", fix)
        if match := _SAID_BAND.fullmatch(text):
            raise problem(f"`{short(text)}` is no chance", f"write {match['lo']}..{match['hi']}%")
        if _PHRASE.fullmatch(text):
            lower, to, upper = text.partition(" to ")
            return Phrase(lower.strip(), upper.strip() if to else None)
    raise problem(
        f"`{short(text)}` is no chance",
        "write a phrase of the lexicon, 70% (55..85), or a reference such as doo.id",
    )


def is_rate(text: str) -> bool:
    """Say whether a text is a rate: ``0.4 (0.2..0.7) a month``."""
    return len(text) <= LONGEST and _RATE.fullmatch(text) is not None


def read_reference(text: str) -> Reference | None:
    """Read a reference to a stored judgement, if the text is one.

    >>> str(read_reference("doo.trip")), read_reference("likely")
    ('doo.trip', None)
    """
    match = _REFERENCE.fullmatch(text) if len(text) <= LONGEST else None
    return Reference(match[1], match[2]) if match else None


def _point(match: re.Match[str], text: str) -> Point:
    scale = 100.0 if match["pct"] else 1.0
    mean, *bounds = (float(match[part]) for part in ("p", "lo", "hi") if match[part])
    if not match["pct"] and (meant := _in_percent(mean, bounds)):
        said = f"a probability lies between 0 and 1: did you mean {meant}?"
        raise problem(said, f"write {meant}", "probability-range")
    if any(not 0 <= value / scale <= 1 for value in (mean, *bounds)):
        said = f"`{text}`: a probability lies between 0 and 1, or 0% and 100%"
        raise problem(said, code="probability-range")
    if not bounds:
        return Point(mean / scale)
    low, high = bounds
    if not low < mean < high:
        fix = "p (low..high): p is the mean, low..high holds it nine times in ten"
        if scale > 1 and low < mean / scale < high:
            fix = f"write {mean:g}% ({scale * low:g}..{scale * high:g})"
        raise problem(f"`{text}`: the number must lie inside its range", fix, "range-order")
    if low == 0 and high == scale:
        fix = "narrow the range to what you would be surprised to see left"
        raise problem(f"`{text}`: a range from 0 to 1 says nothing", fix, "range-too-wide")
    return Point(mean / scale, low / scale, high / scale)


def _in_percent(mean: float, bounds: list[float]) -> str:
    """Guess what was meant by numbers above 1 without a %, if it was a chance.

    >>> _in_percent(75, []), _in_percent(0.7, [55, 85]), _in_percent(700, [])
    ('75% (low..high)', '70% (55..85)', '')
    """
    if min(mean, *bounds, 0) < 0 or not 1 < max(mean, *bounds, 0) <= 100:
        return ""
    if not bounds:
        return f"{mean:g}% (low..high)"
    if not bounds[0] < mean < bounds[1] and mean <= 1:
        mean *= 100
    return f"{mean:g}% ({bounds[0]:g}..{bounds[1]:g})"


def _band(match: re.Match[str], text: str) -> Band:
    scale = 100.0 if match["pct"] else 1.0
    low, high = float(match["lo"]) / scale, float(match["hi"]) / scale
    if not match["pct"] and 0 < low < high < 100 and high > 1:
        said = f"a probability lies between 0 and 1: did you mean {text}%?"
        raise problem(said, f"write {text}%", "probability-range")
    if not 0 < low < high < 1:
        raise problem(
            f"`{text}`: a range of a probability runs upward and stays inside 0% and 100%",
            "for a range that touches an end, write p (low..high)",
            "range-order",
        )
    return Band(low, high)


def read_range(text: str) -> tuple[float, float]:
    """Read a range of chances that may touch 0 and 1.

    >>> read_range("80..95%"), read_range("0..0.05")
    ((0.8, 0.95), (0.0, 0.05))
    """
    match = _BAND.fullmatch(text.strip()) if len(text) <= LONGEST else None
    scale = 100.0 if match and match["pct"] else 1.0
    low, high = (float(match["lo"]), float(match["hi"])) if match else (0.0, 0.0)
    if not 0 <= low < high <= scale:
        raise problem(f"`{short(text)}` is no range of chances", "write it as in 55..80%")
    return low / scale, high / scale


def read_multiplier(text: str) -> Multiplier | Reference:
    """Read an odds multiplier: ``x2 (1.2..3.5)``, ``x0.5``, ``strongly up`` or a reference.

    >>> read_multiplier("x2 (1.2..3.5)")
    Multiplier(median=2.0, low=1.2, high=3.5)
    """
    text = text.strip()
    if (reference := read_reference(text)) is not None:
        return reference
    if (word := " ".join(text.split())) in MULTIPLIERS:
        return Multiplier(*MULTIPLIERS[word], word)
    if word.split()[-1:] in (["up"], ["down"]):
        raise problem(
            f"`{short(text)}` is no odds multiplier",
            f"write {', '.join(w for w in MULTIPLIERS if w.endswith(word.split()[-1]))}",
        )
    match = _MULTIPLIER.fullmatch(text) if len(text) <= LONGEST else None
    if not match:
        bare = _MULTIPLIER.fullmatch(f"x{text}") if len(text) <= LONGEST else None
        fix = f"x{text}" if bare else "x2 (1.2..3.5): median and central 90 %"
        raise problem(f"`{short(text)}` is no odds multiplier", f"write {fix}")
    median, *bounds = (float(match[part]) for part in ("m", "lo", "hi") if match[part])
    if not all(1e-6 <= value <= 1e6 for value in (median, *bounds)):
        said = f"`{text}`: a multiplier is above zero, and from a millionth to a million"
        raise problem(said, code="range-order")
    if not bounds:
        return Multiplier(median)
    low, high = bounds
    if not low < median < high:
        fix = "x2 (1.2..3.5): 2 is the median, 1.2..3.5 holds it nine times in ten"
        raise problem(f"`{text}`: the number must lie inside its range", fix, "range-order")
    return Multiplier(median, low, high)


def read_duration(text: str) -> float:
    """Return the length of ``56 months``, ``3 weeks`` in days.

    >>> read_duration("2 weeks")
    14.0
    """
    match = _DURATION.fullmatch(text.strip()) if len(text) <= LONGEST else None
    days = float(match[1]) * DAYS[match[2]] if match else 0.0
    if not 0 < days <= 1e6:
        fix = "write it as in `56 months`, `3 weeks`, `2 years`"
        raise problem(f"`{short(text)}` is no length of time", fix)
    return days


def read_number(text: str) -> float:
    """Read a plain number.

    >>> read_number("-0.5"), read_number("1e3")
    (-0.5, 1000.0)
    """
    text = text.strip()
    if not _PLAIN_NUMBER.fullmatch(text):
        raise problem(f"`{short(text)}` is no number", code="type")
    if not math.isfinite(value := float(text)):
        raise problem(f"`{short(text)}` is too large a number")
    return value
