"""Timing: the days in which a question may resolve, and when in them it is expected to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from forecast.errors import Fault, Path
from forecast.spec import walk
from forecast.spec.calendar import Span
from forecast.spec.context import Context
from forecast.spec.expression import Earliest, Latest
from forecast.spec.question import AnyQuestion, Around, Date
from forecast.spec.scenario import ScenarioFile

ALWAYS = Span(dt.date.min, dt.date.max)
"""The window of a question in a file that says nothing of days."""


def window(question: AnyQuestion, file: ScenarioFile) -> Span:
    """Return the days in which a question may resolve.

    ``window:``, else from the day after the file's as-of date to ``by:`` or the horizon.
    """
    if question.window is not None:
        return question.window
    if file.as_of is None or file.horizon is None:
        return ALWAYS
    return Span(file.as_of + dt.timedelta(days=1), question.by or file.horizon)


def window_faults(
    name: str, question: AnyQuestion, path: Path, context: Context
) -> Iterator[Fault]:
    """Yield what is wrong with ``by:`` and ``window:``."""
    days = window(question, context.file)
    if question.window is not None and question.by is not None:
        text = "`by` and `window` both say when: keep one"
        yield context.fault((*path, "by"), "value", text, key=True)
    if question.by is not None and days.last < days.first:
        text = f"the window of `{name}` ends on {days.last}, before it opens on {days.first}"
        fix = "write window: A..B for one that opened earlier"
        yield context.fault((*path, "by"), "date", text, fix)


def date_faults(name: str, question: Date, path: Path, context: Context) -> Iterator[Fault]:
    """Yield what is wrong with the parts of a date question, held against each other."""
    if question.occurs is not None and question.timing is None:
        text = "`occurs` needs `timing`: when, if it happens?"
        yield context.fault((*path, "occurs"), "missing", text, "add timing: [evenly]", key=True)
    if question.timing is not None and (question.rate or question.means):
        text = "`timing` belongs to `occurs`"
        yield context.fault((*path, "timing"), "value", text, key=True)
    if question.means is not None:
        yield from _means(question, (*path, "means"), context)
    days = window(question, context.file)
    for i, day in enumerate(question.report_by):
        if not days.first <= day <= days.last:
            text = f"{day} lies outside the window of `{name}`, {days}"
            yield context.fault((*path, "report_by", i), "date", text)
    if question.times is not None and question.rate is None:
        text = "`times` belongs to `rate`: it multiplies how often something happens"
        fix = (
            "for a chance that depends on conditions write {base: ..., odds: {...}} or {cases: ...}"
        )
        yield context.fault((*path, "times"), "value", text, fix, key=True)
    yield from _times(question, (*path, "times"), context)
    seen = path[0] != "latents" and question.observable is not None
    left = _left(question, days, context) if seen else days
    for here, items in walk.timing_lists(question.timing, (*path, "timing")):
        yield from _items(items, here, days, left, context)
        yield from _shares(items, here, context)


def _times(question: Date, path: Path, context: Context) -> Iterator[Fault]:
    """Yield the conditions that cannot act on a rate from a day on."""
    for condition in question.times or {}:
        here = (*path, condition.text)
        if any(condition.pairs()):
            text = "which of two dates comes first is known only once both are over"
            fix = "let the rate follow each of them: times: {a: x2, b: x0.5}"
            yield context.fault(here, "value", text, fix, key=True)
        for name in condition.names():
            other = context.questions.get(name)
            if isinstance(other, Date) and other.means is not None:
                text = f"`{name}` is made up of other dates: a rate cannot follow it"
                fix = f"let it follow them: `{other.means.text}`"
                yield context.fault(here, "not-yet-supported", text, fix, key=True)


def _means(question: Date, path: Path, context: Context) -> Iterator[Fault]:
    term = question.means.term if question.means is not None else None
    if not isinstance(term, Earliest | Latest):
        text = "a date question means `earliest(a, b)` or `latest(a, b)` of other dates"
        yield context.fault(path, "type", text)
        return
    for part in term.names:
        if not isinstance(context.questions.get(part, question), Date):
            yield context.fault(path, "type", f"`{part}` is no date question")


def _items(
    items: Sequence[object], path: Path, days: Span, left: Span, context: Context
) -> Iterator[Fault]:
    """Yield what is wrong with single items: their days, and what takes the rest."""
    for i, item in enumerate(items):
        here, last = (*path, i), i == len(items) - 1
        if not isinstance(item, Around):
            if not last:
                yield context.fault(here, "value", f"`{item}` takes the rest: it stands last")
            continue
        if item.between.last < days.first or item.between.first > days.last:
            text = f"{item.between} lies outside the window {days}"
            yield context.fault((*here, "between"), "date", text)
        elif item.between.last < left.first:
            text = f"{item.between} is over: what is left of the window is {left}"
            yield context.fault((*here, "between"), "date", text)
        if item.share is None and not last:
            text = "`share` is missing: only the last takes the rest"
            yield context.fault(here, "missing", text)
        if item.share is not None and last:
            text, fix = (
                "the last item takes the rest: it needs no `share`",
                "add `- evenly` below it",
            )
            yield context.fault((*here, "share"), "value", text, fix, key=True)


def _left(question: Date, days: Span, context: Context) -> Span:
    """Return what is left of a window on the latest day on which its judgements were made."""
    said = [
        context.said_on(placed.judgement)
        for placed in walk.in_question(question, ())
        if isinstance(placed, walk.PlacedJudgement)
    ]
    return Span(min(max([days.first, *said]), days.last), days.last)


def _shares(items: Sequence[object], path: Path, context: Context) -> Iterator[Fault]:
    shares = {
        i: item.share
        for i, item in enumerate(items[:-1])
        if isinstance(item, Around) and item.share is not None
    }
    fixed = {i: context.fixed(share) for i, share in shares.items()}
    for i, share in shares.items():
        if len(shares) > 1 and fixed[i] is None and walk.reference_of(share) is not None:
            text = f"`{walk.reference_of(share)}` cannot be one of several shares: they sum to one"
            fix = "write its number here, such as 30% (15..45)"
            yield context.fault((*path, i, "share"), "value", text, fix)
        if len(shares) > 1 and walk.pool_of(share, (), context.file) is not None:
            text = "a pool cannot be one of several shares: they sum to one"
            fix = "write its number here, such as 30% (15..45)"
            yield context.fault((*path, i, "share"), "value", text, fix)
    total = sum(share for share in fixed.values() if share is not None)
    if total > 1 + 1e-9:
        text = f"the shares of `timing` sum to {100 * total:g} %"
        yield context.fault(path, "shares-sum", text, key=True)
