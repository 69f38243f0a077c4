"""Numbers, dates and names as people read them: never more exact than they are."""

from __future__ import annotations

import datetime as dt
import math
import re

ROUNDING = 1e-12
"""Sums of floats miss 0 and 1 by this much; nothing that is uncertain comes so close."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = r"\d{4}-\d\d-\d\d"
_SPAN = re.compile(rf"({_DATE})\.\.({_DATE})")
# C0, DEL, C1, surrogates, and what turns the direction of writing: a name must not drive the
# terminal, nor rearrange the numbers beside it.
_CONTROL = re.compile(
    "[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\u061c\u200e\u200f"
    "\u202a-\u202e\u2066-\u2069\ufeff\ue000]"
)


def percent(probability: float, mcse: float = 0.0) -> str:
    """Write a probability in whole per cent, below 10 % with one decimal where that is known.

    0 % and 100 % are kept for what cannot and must happen.

    Parameters
    ----------
    probability
        Between 0 and 1.
    mcse
        Its Monte Carlo standard error; a decimal is shown where two of them are at most 0.1 points.

    >>> [percent(p) for p in (0, 0.004, 0.065, 0.47, 0.996, 1)]
    ['0 %', '< 1 %', '6.5 %', '47 %', '> 99 %', '100 %']
    >>> percent(0.065, mcse=0.002)
    '6 %'
    """
    if probability <= ROUNDING:
        return "0 %"
    if probability >= 1 - ROUNDING:
        return "100 %"
    points = 100 * probability
    if points < 1:
        return "< 1 %"
    if points > 99:
        return "> 99 %"
    if points < 9.95 and 2 * mcse <= 0.001:
        return f"{points:.1f} %"
    return f"{points:.0f} %"


def exact_percent(probability: float) -> str:
    """Write a probability that is known exactly, to three digits of it or of its complement.

    >>> [exact_percent(p) for p in (0.0104, 0.9896, 0.5, 1 / 12, 0.75)]
    ['1.04 %', '98.96 %', '50 %', '8.33 %', '75 %']
    """
    smaller = 100 * min(probability, 1 - probability)
    if smaller <= 100 * ROUNDING:
        return percent(probability)
    if smaller < 0.0001:
        return "< 0.0001 %" if probability < 0.5 else "> 99.9999 %"
    decimals = min(4, max(0, 2 - math.floor(math.log10(smaller))))
    digits = f"{100 * probability:.{decimals}f}"
    return f"{digits.rstrip('0').rstrip('.') if '.' in digits else digits} %"


def percent_range(low: float, high: float, between: str = "-") -> str:
    """Write two probabilities in whole per cent.

    >>> percent_range(0.33, 0.62), percent_range(0.004, 0.044), percent_range(0.9, 0.997)
    ('33-62 %', '<1-4 %', '90 to >99 %')
    >>> percent_range(0.002, 0.003), percent_range(0.19, 0.41, " -> ")
    ('< 1 %', '19 -> 41 %')
    """
    ends = [percent(p, mcse=1.0) for p in (low, high)]
    if ends[0] == ends[1]:
        return ends[0]
    first, last = (end.removesuffix(" %").replace(" ", "") for end in ends)
    if between == "-" and not last.isdigit():
        between = " to "
    return f"{first}{between}{last} %"


def points(change: float) -> str:
    """Write a change of a probability in signed points.

    >>> points(0.334), points(-0.012), points(0.002), points(0.0)
    ('+33 points', '-1 point', '< 1 point', '0 points')
    """
    rounded = round(100 * change)
    if rounded == 0:
        return "< 1 point" if change else "0 points"
    return f"{rounded:+d} point{'' if abs(rounded) == 1 else 's'}"


def in_a_hundred(probability: float) -> str:
    """Write a probability as a number of futures out of a hundred.

    >>> in_a_hundred(0.31), in_a_hundred(0.004), in_a_hundred(0.996)
    ('31', 'fewer than 1', 'more than 99')
    """
    return (
        percent(probability, mcse=1.0)
        .removesuffix(" %")
        .replace("< ", "fewer than ")
        .replace("> ", "more than ")
    )


def counted(number: int, noun: str) -> str:
    """Write a number of things.

    >>> counted(1, "report"), counted(8192, "draw")
    ('1 report', '8,192 draws')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def clean(text: str) -> str:
    r"""Return a text in one line and without characters that would drive a terminal.

    >>> clean("Payback\n by \x1b[31mVictory\tDay")
    'Payback by \ufffd[31mVictory Day'
    """
    return " ".join(_CONTROL.sub("\ufffd", text).split())


def humanised(name: str) -> str:
    """Write an identifier as words.

    >>> humanised("bilateral_but_delayed")
    'bilateral but delayed'
    """
    return clean(name.replace("_", " "))


def sentence(text: str) -> str:
    """Begin a text with a capital and leave the rest alone.

    >>> sentence("kim in Moscow")
    'Kim in Moscow'
    """
    return text[:1].upper() + text[1:]


def first_sentence(text: str) -> str:
    """Return what stands before the first full stop that ends a sentence.

    >>> first_sentence("Kim is in Russia by 30 June. The expert's central case.")
    'Kim is in Russia by 30 June.'
    """
    return re.split(r"(?<=[.!?])\s+(?=[^\W\d_])", clean(text), maxsplit=1)[0]


def day(iso: str, year: str = "") -> str:
    """Write a date short, without the year where it is the given one.

    >>> day("2025-06-30", "2025"), day("2026-01-05", "2025")
    ('30 Jun', '5 Jan 2026')
    """
    try:
        date = dt.date.fromisoformat(iso)
    except ValueError:
        return clean(iso)
    short = f"{date.day} {_MONTHS[date.month - 1]}"
    return short if iso[:4] == year else f"{short} {date.year:04d}"


def condition(expression: str, year: str = "") -> str:
    """Write a condition of a scenario file as words.

    >>> condition("visit_russia in 2025-04-28..2025-05-09", "2025")
    'visit russia in 28 Apr to 9 May'
    >>> condition("leaders_sign given meeting by 2025-06-30")
    'leaders sign given meeting by 30 Jun 2025'
    """
    spread = _SPAN.sub(r"\1 to \2", expression)
    return humanised(re.sub(_DATE, lambda match: day(match.group(), year), spread))
