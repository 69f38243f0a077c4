"""How rates and amounts are written: ``0.4 (0.2..0.7) a month``, ``1200 (350..3500)``."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from forecast.spec.notation import (
    DAYS,
    LONGEST,
    REFERENCE,
    Reference,
    is_rate,
    read_number,
    read_reference,
)
from forecast.spec.problem import problem
from forecast.spec.traps import short


@dataclass(frozen=True, slots=True)
class Pace:
    """``0.4 (0.2..0.7) a month``: mean and central 90 % of a rate, here a day.

    Without a range the rate is fixed.
    """

    mean: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """``1200 (350..3500)``: median and central 90 % of an amount."""

    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Dispersion:
    """``3 (1.5..6)``: variance divided by mean of a count, median and central 90 %.

    Without a range it is fixed.
    """

    median: float
    low: float | None = None
    high: float | None = None


_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_RANGE = re.compile(
    rf"(?P<m>{_NUMBER})(?:\s*\(\s*(?P<lo>{_NUMBER})\s*\.\.\s*(?P<hi>{_NUMBER})\s*\))?"
)
_ENDS = re.compile(rf"(?P<lo>{_NUMBER})\s*\.\.\s*(?P<hi>{_NUMBER})?")
_UNIT = re.compile(r"\s+an? +(day|week|month|year)$")

_RATES = "write 0.4 (0.2..0.7) a month, {events: 9, in: 21 months} or own.id"
_MEANT = re.compile(
    rf"x?(?P<m>{_NUMBER})\s*[^\W\d]*\s*"
    rf"\(\s*(?P<lo>{_NUMBER})\s*(?:\.\.|-|\u2013|to)\s*(?P<hi>{_NUMBER})\s*\)"
)
_MEANT_ENDS = re.compile(rf"(?P<lo>{_NUMBER})\s*(?:-|\u2013|to)\s*(?P<hi>{_NUMBER})")
_IN_ALL = re.compile(r"(.+?)\s+in +(\d+(?:\.\d+)?) +(day|week|month|year)s?")

_UNITS = "day|week|month|year"
PACE = rf"{_RANGE.pattern}\s+an? +(?:{_UNITS})"
RATE = rf"{PACE}|{REFERENCE}"
SPREAD = rf"{_RANGE.pattern}|{REFERENCE}"
DISPERSION, ENDS = _RANGE.pattern, _ENDS.pattern
"""What an editor is told of these texts."""

LARGEST = 1e12
"""No amount or bound is larger."""


def read_pace(text: str) -> Pace:
    """Read a rate.

    Raises
    ------
    pydantic_core.PydanticCustomError
        Where it is none; with what was probably meant.

    Examples
    --------
    >>> read_pace("2 (1..4) a week").mean * 7
    2.0
    """
    text = text.strip()
    unit = _UNIT.search(text) if is_rate(text) else None
    found = _numbers(text[: unit.start()]) if unit else None
    if unit is None or found is None:
        raise problem(f"`{short(text)}` is no rate", _per_unit(text) or _RATES)
    if min(found) < 0 or found[0] == 0:
        raise problem(f"`{text}`: a rate is above zero", code="range-order")
    _ordered(found, text, "0.4 (0.2..0.7) a month: 0.4 is the mean")
    return Pace(*(number / DAYS[unit[1]] for number in found))


def _per_unit(text: str) -> str:
    """Write a number in so much time, ``14 (11..18) in 6 months``, as a rate; else nothing."""
    match = _IN_ALL.fullmatch(text) if len(text) <= LONGEST else None
    found = _numbers(match[1]) if match else None
    if match is None or found is None or not float(match[2]):
        return ""
    if len(found) == 1 and match[1].isdigit():
        return f"write {{events: {match[1]}, in: {match[2]} {match[3]}s}}"
    mean, *ends = (f"{number / float(match[2]):.3g}" for number in found)
    return f"write {mean}{f' ({ends[0]}..{ends[1]})' if ends else ''} a {match[3]}"


def _meant(text: str) -> str:
    """Write a range as it is read: ``1200 kt (350-3500)`` as ``1200 (350..3500)``; else ``""``.

    A unit or a sign of multiplication is left out.
    """
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    match = _MEANT.fullmatch(plain) if len(text) <= LONGEST else None
    return f"{match['m']} ({match['lo']}..{match['hi']})" if match else ""


def read_spread(text: str) -> Spread | Reference:
    """Read an amount.

    >>> read_spread("1200 (350..3500)")
    Spread(median=1200.0, low=350.0, high=3500.0)
    """
    text = text.strip()
    if (reference := read_reference(text)) is not None:
        return reference
    found = _numbers(text)
    if found is None:
        fix = f"write {_meant(text) or '1200 (350..3500)'}: median and central 90 %"
        raise problem(f"`{short(text)}` is no amount", fix)
    if len(found) == 1:
        fix = f"write {text} (low..high): low..high holds it nine times in ten"
        raise problem(f"`{text}`: an amount needs its range", fix)
    _ordered(found, text, "1200 (350..3500): 1200 is the median")
    return Spread(*found)


def read_dispersion(text: str) -> Dispersion:
    """Read how clumped the events of a count are: variance divided by mean, above one.

    >>> read_dispersion("3 (1.5..6)")
    Dispersion(median=3.0, low=1.5, high=6.0)
    """
    text = text.strip()
    found = _numbers(text)
    if found is None:
        raise problem(
            f"`{short(text)}` does not say how clumped",
            f"write {_meant(text) or '3 (1.5..6)'}: variance divided by mean, "
            "median and central 90 %",
        )
    if min(found) <= 1:
        raise problem(
            f"`{text}`: the variance of clumped events is larger than their mean",
            "numbers above 1; leave `clumped` out where events come one by one",
            "range-order",
        )
    _ordered(found, text, "3 (1.5..6): 3 is the median")
    return Dispersion(*found)


def read_ends(text: str) -> tuple[float, float]:
    """Read a range of numbers, ``0..169``; ``0..`` has no upper end.

    >>> read_ends("40..95"), read_ends("0..")
    ((40.0, 95.0), (0.0, inf))
    """
    match = _ENDS.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if match is None:
        meant = _MEANT_ENDS.fullmatch(text.strip()) if len(text) <= LONGEST else None
        fix = f"{meant['lo']}..{meant['hi']}" if meant else "0..169, or 0.. without an upper end"
        raise problem(f"`{short(text)}` is no range", f"write {fix}")
    low = _number(match["lo"])
    high = math.inf if match["hi"] is None else _number(match["hi"])
    if low >= high:
        raise problem(f"`{text}` runs backwards", "write the smaller end first", "range-order")
    return low, high


def _numbers(text: str) -> tuple[float, ...] | None:
    match = _RANGE.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if match is None:
        return None
    return tuple(_number(part) for part in match.groups() if part is not None)


def _number(text: str) -> float:
    if abs(number := read_number(text)) > LARGEST:
        raise problem(f"`{short(text)}` is too large a number")
    return number


def _ordered(found: tuple[float, ...], text: str, fix: str) -> None:
    if len(found) == 3 and not found[1] < found[0] < found[2]:
        told = f"{fix}, the range holds it nine times in ten"
        raise problem(f"`{text}`: the number must lie inside its range", told, "range-order")
