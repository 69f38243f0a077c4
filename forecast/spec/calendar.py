"""Days as the analyst writes them: ``2025-04-08``, ``2024-12`` (a month), ``A..B`` (a span)."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Annotated, Any

from pydantic import BeforeValidator

from forecast.spec.days import Span
from forecast.spec.editor import written
from forecast.spec.problem import as_text, problem
from forecast.spec.traps import short

__all__ = ["Day", "Days", "Span", "read_day", "read_span"]

_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
_YEARS = range(1000, 9000)
"""Far enough from the ends of the calendar that no sum of days falls off it."""


def read_day(text: str) -> dt.date:
    """Read one day.

    Raises
    ------
    pydantic_core.PydanticCustomError
        Where there is no such day, or it is not written as year-month-day.

    Examples
    --------
    >>> read_day("2025-04-08")
    datetime.date(2025, 4, 8)
    """
    match = _DAY.fullmatch(text.strip())
    if not match:
        raise problem(f"`{short(text)}` is no day", "write it as in 2025-04-08", "date")
    year, month, day = (int(part) for part in match.groups())
    if not 1 <= day <= _days_in(year, month):
        raise problem(f"there is no {day} {calendar.month_name[month]}", code="date")
    written = f"{year:04d}-{month:02d}-{day:02d}"
    if written != text.strip():
        raise problem(f"`{text.strip()}`: write {written}", code="date")
    return dt.date(year, month, day)


def read_span(text: str) -> Span:
    """Read a day, a month or ``A..B``.

    >>> str(read_span("2024-12"))
    '2024-12-01..2024-12-31'
    """
    first, dots, last = text.partition("..")
    if dots:
        span = Span(read_day(first), read_day(last))
        if span.last < span.first:
            raise problem(f"`{text}` runs backwards", f"write {span.last}..{span.first}", "date")
        return span
    if match := _MONTH.fullmatch(text.strip()):
        year, month = int(match[1]), int(match[2])
        days = _days_in(year, month)
        return Span(dt.date(year, month, 1), dt.date(year, month, days))
    day = read_day(text)
    return Span(day, day)


def _days_in(year: int, month: int) -> int:
    if year not in _YEARS:
        raise problem(f"the year {year} lies outside {_YEARS[0]} to {_YEARS[-1]}", code="date")
    if not 1 <= month <= 12:
        raise problem(f"there is no month {month}", code="date")
    return calendar.monthrange(year, month)[1]


def _day(value: Any) -> dt.date:
    return value if isinstance(value, dt.date) else read_day(as_text(value))


def _span(value: Any) -> Span:
    return value if isinstance(value, Span) else read_span(as_text(value))


_SPAN_PATTERN = rf"{_DAY.pattern}(?:\s*\.\.\s*{_DAY.pattern})?|{_MONTH.pattern}"
Day = Annotated[dt.date, BeforeValidator(_day), written("A day.", "2025-04-08", pattern=_DAY)]
Days = Annotated[
    Span,
    BeforeValidator(_span),
    written(
        "A day, a month, or a span that includes both ends.",
        "2025-04-08",
        "2024-12",
        "2025-04-01..2025-04-08",
        pattern=_SPAN_PATTERN,
    ),
]
