"""Days as prose names them: ``by the end of May``, ``25 April to 23 May 2025``, ``in 2026``."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from forecast.spec.days import Span

_NAMES = {name[:3]: number for number, name in enumerate(calendar.month_name) if name}
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in calendar.month_name if name)
_DOT = r"\b(?:\.(?!\.))?"
_NTH = r"(?:st|nd|rd|th)?"
_PERIOD = re.compile(
    rf"""(?P<iso>\d{{4}}-\d\d-\d\d)
    |(?P<iso_month>\d{{4}}-\d\d)(?![\d-])
    |(?:\b(?P<from>\d{{1,2}}){_NTH}\s?(?:-|–|to|and)\s?)?
        \b(?P<day>\d{{1,2}}){_NTH}(?:\ of)?\ (?P<month>{_MONTH}){_DOT}(?:,?\ (?P<year>\d{{4}})\b)?
    |(?P<month_>{_MONTH}){_DOT}\ (?P<day_>\d{{1,2}}){_NTH}\b(?!\d)(?:,?\ (?P<year_>\d{{4}})\b)?
    |(?P<whole>\b(?:{_MONTH})){_DOT}(?:,?\ (?P<its_year>\d{{4}})\b)?
    |(?P<half>first|second)\ half\ of\ (?P<half_year>\d{{4}})
    |\bQ(?P<quarter>[1-4])\ (?P<quarter_year>\d{{4}})
    |(?P<alone>\b(?:19|20|21)\d\d)\b
    |\b(?P<relative>this|next)\ year\b|\bend\ of\ (?P<the>the)\ year\b
    |\b(?:within|in|over)\ (?:the\ next\ )?(?P<count>\d{{1,3}})\ (?P<unit>day|week|month|year)s?\b
    """,
    re.VERBOSE,
)
_LEFT_OUT = re.compile(r"\b(?:since|after|from|until now|as of)\s+(?:the\s+)?$", re.IGNORECASE)
_NOT_YET = re.compile(r"\bbefore\s+(?:the\s+)?$", re.IGNORECASE)
_ROUGHLY = re.compile(
    r"\b(?:around|about|circa|early|mid|late|towards)[\s-]+(?:in\s+)?$", re.IGNORECASE
)
_TO_ITS_END = re.compile(r"\b(?:by|until|end of|to)\s+(?:the\s+)?(?:end of\s+)?$", re.IGNORECASE)
_AHEAD = re.compile(r"\b(?:by|until|before)\s+(?:the\s+)?(?:end of\s+)?$", re.IGNORECASE)
_OF_A_YEAR = re.compile(
    r"(?:\b(?:in|of|by|until|till|through|during|for|before|since|after|from|to|late|early|mid)"
    r"(?:\s+the\s+end\s+of)?[\s-]+|^\s*)$",
    re.IGNORECASE,
)
"""What stands before a number of four digits that is a year and not, say, two thousand people."""
_JOINED = re.compile(
    r"\s*(?:to|until|till|through|–|-|\.\.)\s*(?:the )?(?:end of )?", re.IGNORECASE
)
_PAST = dt.timedelta(days=90)
"""A day without a year is the next one, unless it has only just been."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Days that a text names: to ``last``, from ``first`` where it says so, give or take."""

    first: dt.date | None
    last: dt.date
    roughly: bool = False


def days_in(text: str, said: dt.date) -> tuple[Spoken, ...]:
    """Return the days and periods that a text names, in order.

    Parameters
    ----------
    text
        For example ``"Kim is in Moscow at some time from 25 April to 23 May 2025"``.
    said
        The day on which it was said: a day without a year is the next one.

    Examples
    --------
    >>> [str(spoken.last) for spoken in days_in("a treaty by the end of May", dt.date(2025, 4, 8))]
    ['2025-05-31']
    """
    found = [
        match
        for match in _PERIOD.finditer(text)
        if not match["alone"] or _OF_A_YEAR.search(text[: match.start()])
    ]
    return tuple(_spoken(text, found, said))


def _spoken(text: str, found: list[re.Match[str]], said: dt.date) -> Iterator[Spoken]:
    i = 0
    while i < len(found):
        match, before = found[i], text[: found[i].start()]
        after = found[i + 1] if i + 1 < len(found) else None
        if after is not None and _joins(before, text[match.end() : after.start()]):
            last = _period(after, said)
            first = _period(match, said, last.last if last is not None else None)
            if first is not None and last is not None and first.first <= last.last:
                yield Spoken(first.first, last.last, bool(_ROUGHLY.search(before)))
            i += 2
            continue
        ahead = bool(_AHEAD.search(before))
        period = _period(match, said, ahead=ahead)
        i += 1
        if period is None or _LEFT_OUT.search(before):
            continue
        if _NOT_YET.search(before) and not match["the"]:
            yield Spoken(None, period.first - dt.timedelta(days=1))
        else:
            open_start = _TO_ITS_END.search(before) or match["count"] or match["the"]
            roughly = bool(_ROUGHLY.search(before))
            yield Spoken(None if open_start else period.first, period.last, roughly)


def _joins(before: str, between: str) -> bool:
    """Whether two periods are the ends of one: "A to B", "between A and B"."""
    if _JOINED.fullmatch(between):
        return True
    return between.strip() == "and" and before.rstrip().lower().endswith("between")


def _period(
    match: re.Match[str], said: dt.date, until: dt.date | None = None, *, ahead: bool = False
) -> Span | None:
    """Return the days that a match stands for; None where there are no such days."""
    part = match.groupdict()
    try:
        if part["iso"]:
            day = dt.date.fromisoformat(part["iso"])
            return Span(day, day)
        if part["iso_month"]:
            month = dt.date.fromisoformat(f"{part['iso_month']}-01")
            return _months(month.year, month.month, month.month)
        if part["count"]:
            steps = {"day": 1, "week": 7, "month": 30.4375, "year": 365.25}
            last = said + dt.timedelta(days=round(int(part["count"]) * steps[part["unit"]]))
            return Span(said, last)
        if part["relative"] or part["the"]:
            return _months(said.year + (part["relative"] == "next"), 1, 12)
        if part["alone"]:
            return _months(int(part["alone"]), 1, 12)
        if part["half"]:
            start = 1 if part["half"] == "first" else 7
            return _months(int(part["half_year"]), start, start + 5)
        if part["quarter"]:
            start = 3 * int(part["quarter"]) - 2
            return _months(int(part["quarter_year"]), start, start + 2)
        return _in_month(part, said, until, said if ahead else said - _PAST)
    except ValueError:
        return None


def _in_month(
    part: dict[str, str | None], said: dt.date, until: dt.date | None, earliest: dt.date
) -> Span:
    """Return a day or a month, in the year that is said or meant."""
    name = part["month"] or part["month_"] or part["whole"] or ""
    written = part["year"] or part["year_"] or part["its_year"]
    day = int(part["day"] or part["day_"] or 0)

    def within(year: int) -> Span:
        month = _NAMES[name[:3]]
        if not day:
            return _months(year, month, month)
        return Span(dt.date(year, month, int(part["from"] or day)), dt.date(year, month, day))

    if written:
        return within(int(written))
    if until is not None:  # the first of two: its year is that of the second, or the one before
        first = within(until.year)
        return first if first.first <= until else within(until.year - 1)
    here = within(said.year)
    return here if here.last >= earliest else within(said.year + 1)


def _months(year: int, first: int, last: int) -> Span:
    return Span(dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1]))
