"""Conditions written as in other languages, or as people speak, and how they are written here."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import NamedTuple

from forecast.spec.days_in_words import days_in

LONGEST = 400
"""Characters of a condition that are looked at."""

_NAME = r"(?P<name>`[^`]+`|[^\W\d][\w-]*)"
_DAY = r"\d{4}-\d\d-\d\d"
_END = r"[^\s()|,]+"

type Meant = Callable[[re.Match[str]], tuple[str, str] | None]


class Misreading(NamedTuple):
    """What gives a misreading away, and what to say: the fault and the way to mend it."""

    pattern: re.Pattern[str]
    meant: Meant


def meant(text: str) -> tuple[str, str] | None:
    """Say what was probably meant by a condition that cannot be read; None where nothing is known.

    >>> meant("visits between 2 and 5")
    ('a range stands after `in`', 'write `visits in 2..5`')
    >>> meant("visit <= 2025-06-30")
    ('days are not compared by signs', 'write `visit by 2025-06-30`')
    >>> meant("visits + 1")
    """
    if len(text) > LONGEST:
        return None
    opened, closed = text.count("("), text.count(")")
    if closed > opened:
        return "a parenthesis is closed that was never opened", "take out a `)`, or add its `(`"
    if opened > closed:
        return "a parenthesis is opened and never closed", "add the missing `)`"
    for pattern, said in _MISREADINGS:
        if (match := pattern.search(text)) and (told := said(match)) is not None:
            return told
    return None


def _range(match: re.Match[str]) -> tuple[str, str]:
    low, high = match["low"], match["high"]
    return "a range stands after `in`", f"write `{match['name']} in {low}..{high}`"


def _dots(match: re.Match[str]) -> tuple[str, str]:
    said = "a range is written with two dots"
    return said, f"write `{match['name']} in {match['low']}..{match['high']}`"


def _states(match: re.Match[str]) -> tuple[str, str]:
    said = "`in` takes a range; states stand after `is`"
    return said, f"write `{match['name']} is {match['states']}`"


def _signs(match: re.Match[str]) -> tuple[str, str]:
    said = "days are not compared by signs"
    if "<" in match["sign"]:
        return said, f"write `{match['name']} by {match['day']}`"
    return said, _later(match)


def _after(match: re.Match[str]) -> tuple[str, str]:
    return f"`{match['word']}` is no word of conditions", _later(match)


def _later(match: re.Match[str]) -> str:
    name, day = match["name"], match["day"]
    return f"write `{name} and not {name} by {day}`, or `{name} in {day}..` with its last day"


def _until(match: re.Match[str]) -> tuple[str, str]:
    said = f"`{match['word']}` is no word of conditions"
    return said, f"write `{match['name']} by {match['day']}`"


def _on(match: re.Match[str]) -> tuple[str, str]:
    day = match["day"]
    return "`on` is no word of conditions", f"write `{match['name']} in {day}..{day}`"


def _spoken(match: re.Match[str]) -> tuple[str, str] | None:
    """Say how days in words are written; the year has to be said."""
    name, word, date = match["name"], match["word"], match["date"]
    found = days_in(f"{word} {date}", _ANY_DAY)
    if len(found) != 1:
        return None
    said = f"`{date}` is no day here"
    if not re.search(r"\d{4}", date):
        form = "in 2025-05-01..2025-05-31" if word in ("in", "on") else "by 2025-06-30"
        return said, f"write it as in `{name} {form}`"
    first, last = found[0].first, found[0].last
    if word in ("in", "on"):
        return said, f"write `{name} in {first or last}..{last}`"
    return said, f"write `{name} by {last}`"


def _exactly(match: re.Match[str]) -> tuple[str, str]:
    name, number = match["name"], match["number"]
    return "a number lies in a range, or is compared", f"write `{name} in {number}..{number}`"


def _turned(match: re.Match[str]) -> tuple[str, str]:
    sign = match["sign"].translate(str.maketrans("<>", "><"))
    said = "a comparison begins with the name of the question"
    return said, f"write `{match['name']} {sign} {match['number']}`"


def _alone(match: re.Match[str]) -> tuple[str, str]:
    said = f"`{match['word']}(...)` compares two dates or more"
    return said, f"write `{match['word']}({match['name']}, ...)`, or the question alone"


def _called(match: re.Match[str]) -> tuple[str, str]:
    said = f"`{match['word']}(...)` is no form of conditions"
    if "," in match["rest"]:
        near = _ORDER.get(match["word"].lower()) or next(
            iter(get_close_matches(match["word"], ("earliest", "latest"), 1)), None
        )
        if near:
            return said, f"write `{near}({match['rest']})`"
    return said, "a condition holds or does not; chances and sums cannot stand in it"


def _follows(match: re.Match[str]) -> tuple[str, str]:
    return "`after` is no word of conditions", f"write `{match['other']} before {match['name']}`"


def _earlier(match: re.Match[str]) -> tuple[str, str]:
    said = f"`{match['word']}` is no word of conditions"
    return said, f"write `{match['name']} before {match['other']}`"


def _commas(match: re.Match[str]) -> tuple[str, str] | None:
    names = ", ".join(name for name in re.split(r"[\s,]+", match["names"]) if name not in _JOINED)
    written = f"{match['word']}({names})"
    if written == match[0]:
        return None
    return "dates are listed with commas between them", f"write `{written}`"


def _near_day(match: re.Match[str]) -> tuple[str, str] | None:
    try:
        day, days = dt.date.fromisoformat(match["day"]), dt.timedelta(int(match["number"]))
        low, high = day - days, day + days
    except (ValueError, OverflowError):
        return None
    return "`within` compares two questions", f"write `{match['name']} in {low}..{high}`"


def _lag(match: re.Match[str]) -> tuple[str, str]:
    said = "`within` takes a number of days, weeks or months, and `of`"
    return said, f"write it as in `{match['name']} within 30 days of {match['other']}`"


def _number(match: re.Match[str]) -> tuple[str, str]:
    number = _NUMBERS.index(match["number"]) + 2
    return "a number is written in digits", f"write `at least {number} of {match['rest']}`"


def _at_most(match: re.Match[str]) -> tuple[str, str]:
    said = "`at most` is no form of conditions"
    return said, f"write `not at least {int(match['number']) + 1} of {match['rest']}`"


_ORDER = {
    **dict.fromkeys(("min", "first", "soonest", "earlier"), "earliest"),
    **dict.fromkeys(("max", "last", "later"), "latest"),
}
_JOINED = ("", "and", "or")
_NUMBERS = ("two", "three", "four", "five", "six")

_PROSE = rf"(?!{_DAY}(?:$| |\)|\.\.))[^()|]+?"
_ANY_DAY = dt.date(2025, 1, 1)

_MISREADINGS = tuple(
    Misreading(re.compile(pattern), said)
    for pattern, said in (
        (rf"{_NAME} (?P<word>by|in|on|before) (?P<date>{_PROSE})(?= and | or |\)|$)", _spoken),
        (rf"{_NAME} in (?P<number>\d+(?:\.\d+)?)(?= and | or |\)|$)", _exactly),
        (rf"{_NAME} ==? ?(?P<number>\d+(?:\.\d+)?)(?= and | or |\)|$)", _exactly),
        (rf"{_NAME} between (?P<low>{_END}) and (?P<high>{_END})", _range),
        (rf"{_NAME} is (?:not )?(?P<low>[\d-]+)\.\.(?P<high>{_END})", _range),
        (rf"{_NAME} in (?P<low>{_DAY}) ?(?:-|to|until) ?(?P<high>{_DAY})", _dots),
        (rf"{_NAME} in (?P<low>\d+(?:\.\d+)?) ?(?:-|to) ?(?P<high>\d+(?:\.\d+)?)", _dots),
        (rf"{_NAME} (?P<sign>[<>]=?) ?(?P<day>{_DAY})", _signs),
        (rf"{_NAME} (?P<word>after|since|from) (?P<day>{_DAY})", _after),
        (rf"{_NAME} within (?P<number>\d{{1,4}}) days? of (?P<day>{_DAY})", _near_day),
        (rf"{_NAME} (?P<word>precedes|earlier than|prior to) (?P<other>[^\W\d][\w-]*)$", _earlier),
        (
            r"(?P<word>earliest|latest) ?\((?P<names>[^\W\d][\w-]*(?:[ ,]+[^\W\d][\w-]*)+)\)",
            _commas,
        ),
        (rf"{_NAME} within (?:.{{1,20}}?) (?:(?:of|after|from) )?(?P<other>[^\W\d][\w-]*)$", _lag),
        (rf"{_NAME} after (?P<other>[^\W\d][\w-]*)$", _follows),
        (rf"at least (?P<number>{'|'.join(_NUMBERS)}) of (?P<rest>.+)", _number),
        (r"at most (?P<number>\d{1,3}) of (?P<rest>.+)", _at_most),
        (rf"{_NAME} (?P<word>until|till) (?P<day>{_DAY})", _until),
        (rf"{_NAME} on (?P<day>{_DAY})", _on),
        (rf"{_NAME} in (?P<states>[^\W\d][^\s()|,]*(?: ?\| ?{_END})*)$", _states),
        (rf"(?P<number>\d+(?:\.\d+)?) ?(?P<sign>[<>]=?) ?{_NAME}", _turned),
        (rf"(?P<word>earliest|latest) ?\( ?{_NAME} ?\)", _alone),
        (
            r"(?<![\w`])(?!(?:earliest|latest|not|and|or|in|is)\b)(?P<word>[^\W\d]\w*) ?"
            r"\((?P<rest>[^()]*)",
            _called,
        ),
    )
)
