"""Mismatches: claims that are used for another event, or another horizon, than they are about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from forecast.errors import Fault
from forecast.model.distributions import Beta
from forecast.model.parameters import Judgements
from forecast.spec import aptness
from forecast.spec.aptness import Use
from forecast.spec.calendar import Span
from forecast.spec.days_in_words import Spoken
from forecast.spec.expression import By, Holds
from forecast.spec.load import ScenarioSpec
from forecast.spec.question import Date
from forecast.spec.traps import short
from forecast.spec.walk import kind_of_claim


def mismatches(spec: ScenarioSpec) -> Iterator[Fault]:
    """Yield a warning for each claim that is about another event or other days than its use.

    The event is that of another question where `claims:` says so; else the words of both are
    compared. The days are those that the claim names, and those that its use asks about.
    """
    judgements = Judgements(spec)
    seen: set[tuple[str, str]] = set()
    for use in aptness.uses(spec.context):
        for fault in (_event(use, spec), _days(use, judgements)):
            if fault is not None and (fault.code, f"{use.reference} {use.question}") not in seen:
                seen.add((fault.code, f"{use.reference} {use.question}"))
                yield fault


def _event(use: Use, spec: ScenarioSpec) -> Fault | None:
    context = spec.context
    owners, names = aptness.owners(use, context), aptness.asked_of(use, context)
    if set(owners) & set(names):
        return None
    said = f"`{use.reference}` is about {_quoted(use.claim.about)}"
    question = context.questions[use.question]
    asks = f"`{use.question}` asks {_quoted(question.text) if question.text else 'something else'}"
    if owners:
        text = f"{said}, which `{owners[0]}` lists as its claim; {asks}"
        fix = f"use it for `{owners[0]}`, or list it under `claims:` of `{use.question}`"
    elif use.claim.about and (why := aptness.is_other_event(use, names, context)):
        text = f"{said}; {asks}: {why}"
        fix = (
            f"use it for the question that it is about; where the two are the same event, write "
            f"claims: [{use.reference}] under `{use.question}`"
        )
    else:
        return None
    return context.fault(use.path, "other-event", text, fix, severity="warning")


def _days(use: Use, judgements: Judgements) -> Fault | None:
    context = judgements.spec.context
    days, told = aptness.asked(use, context), aptness.spoken(use)
    if days is None or not told:
        return None
    asked = use.condition.text if use.condition is not None else use.question
    about = f" ({_quoted(use.claim.about)})" if use.claim.about else ""
    if (other := aptness.ends_elsewhere(told, days)) is not None:
        text = (
            f"`{use.reference}`{about} looks to {other.last}; it is used for `{asked}`, which "
            f"looks to {days.last}"
        )
        fix = _mended(use, other, days, judgements)
    elif (other := aptness.opens_later(told, days)) is not None:
        text = (
            f"`{use.reference}`{about} is about {other.first} to {other.last}; it is used for "
            f"`{asked}`, which counts from {days.first}"
        )
        fix = _narrowed(use, other, judgements)
    else:
        return None
    return context.fault(use.path, "other-horizon", text, fix, severity="warning")


def _mended(use: Use, told: Spoken, days: Span, judgements: Judgements) -> str:
    """Return what to do about a claim that ends on another day."""
    name = _dated(use, judgements)
    if name and use.condition is not None:
        window = aptness.asked(replace(use, condition=None), judgements.spec.context)
        if window is not None and window.first <= told.last <= window.last:
            return f"write of: {name} by {told.last}"
    carried = _carried(use, told, days, judgements)
    return f"{carried}a number of your own for {days.last}, and say why in a note"


def _narrowed(use: Use, told: Spoken, judgements: Judgements) -> str:
    name = _dated(use, judgements)
    if name and use.condition is not None:
        return f"write of: {name} in {told.first}..{told.last}"
    return "give the question that `window:`, or write a number of your own for the longer one"


def _dated(use: Use, judgements: Judgements) -> str:
    """Return the date question that a claim alone is about, if it is about one."""
    question = judgements.spec.context.questions[use.question]
    alone = use.condition is None or isinstance(use.condition.term, Holds | By)
    return use.question if alone and isinstance(question, Date) else ""


def _carried(use: Use, told: Spoken, days: Span, judgements: Judgements) -> str:
    """Return a claim carried over to other days, the hazard being constant.

    1 - (1 - p)^(n / m), with n days asked and m days claimed, both from when he spoke or later.
    """
    happens = use.condition is None or isinstance(use.condition.term, Holds | By)
    claimed = (told.last - _eve(told.first, use)).days
    asked = (days.last - _eve(days.first, use)).days
    if not happens or claimed < 1 or asked < 1 or kind_of_claim(use.claim.read_as) != "chance":
        return "write "
    _, read, _ = judgements.elicited(use.reference, use.path)
    if not isinstance(read, Beta | float):
        return "write "
    chance = read if isinstance(read, float) else read.mean
    carried = 1 - (1 - chance) ** (asked / claimed)
    return (
        f"at the same hazard every day {_percent(chance)} by {told.last} is {_percent(carried)} "
        f"by {days.last}: write that, or "
    )


def _eve(first: dt.date | None, use: Use) -> dt.date:
    """Return the day before some days begin, or the one on which he spoke of them."""
    return max(first - dt.timedelta(days=1), use.said) if first is not None else use.said


def _percent(chance: float) -> str:
    points = 100 * chance
    return f"{points:.0f} %" if points >= 9.5 else f"{points:.2g} %"


def _quoted(text: str | None) -> str:
    return f'"{short(" ".join((text or "").split()))}"'
