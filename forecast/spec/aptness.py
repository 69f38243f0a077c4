"""Aptness: which question each claim is used for, and whether it is the one the claim is about."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from forecast.errors import Path
from forecast.spec import walk
from forecast.spec.calendar import Span, read_day
from forecast.spec.context import Context
from forecast.spec.days_in_words import Spoken, days_in
from forecast.spec.expression import Atom, BeforeDay, By, Expression, In
from forecast.spec.judgement import EventRate, Frequency, Pool, StoredJudgement
from forecast.spec.notation import Multiplier, Reference
from forecast.spec.question import AnyQuestion, Date
from forecast.spec.spread import Pace
from forecast.spec.timing import window

_NO_SINGLE_EVENT = (Frequency, EventRate, Pace, Multiplier, Pool)
"""Claims about a class of cases, about odds, or of several people, who are asked one by one."""

ROUGHLY = 16
"""Days by which "around 9 May" or "mid-March" may miss a day."""


@dataclass(frozen=True)
class Use:
    """A claim where it is used.

    Attributes
    ----------
    reference, claim, said
        Its name, what stands under it, and when it was said.
    path
        Where it is used.
    question
        The question whose chance or amount it is, or the first that its statement speaks of.
    condition
        What the statement speaks of; None where the claim is a number of the model.
    """

    reference: Reference
    claim: StoredJudgement
    said: dt.date
    path: Path
    question: str
    condition: Expression | None = None


def uses(context: Context) -> Iterator[Use]:
    """Yield each use of a claim about a chance or an amount; records of past cases are none."""
    for placed in walk.in_file(context.file):
        if not isinstance(placed, walk.PlacedJudgement):
            continue
        reference, place = walk.reference_of(placed.judgement), placed.path
        if reference is None or reference.alias not in ("own", *context.priors):
            continue
        claim = context.stored(reference.alias).get(reference.id)
        if claim is None or isinstance(claim.read_as, _NO_SINGLE_EVENT):
            continue
        said = context.said_on(placed.judgement)
        if place[0] == "statements" and isinstance(place[1], int):
            condition = context.file.statements[place[1]].of
            named = [name for name in condition.names() if name in context.questions]
            if named:
                yield Use(reference, claim, said, place, named[0], condition)
        elif place[0] in ("latents", "questions") and place[2] in ("prior", "occurs", "amount"):
            yield Use(reference, claim, said, place, str(place[1]))


def spoken(use: Use) -> tuple[Spoken, ...]:
    """Return the days of a claim: its ``horizon``, else those that ``about`` names."""
    days = use.claim.horizon
    if days is not None:
        return (Spoken(days.first if days.first < days.last else None, days.last),)
    return days_in(use.claim.about or "", use.said)


def asked(use: Use, context: Context) -> Span | None:
    """Return the days that a claim is used for; None where nothing sets them."""
    if use.condition is None:
        return _days_of(use.question, context)
    dated, whole = _spans(use.condition, context)
    found = dated or whole
    if not found:
        return None
    return Span(min(span.first for span in found), max(span.last for span in found))


def _days_of(name: str, context: Context) -> Span | None:
    question = context.questions[name]
    unset = question.window is None and question.by is None
    if unset and (name in context.file.latents or context.file.as_of is None):
        return None
    return window(question, context.file)


def _spans(condition: Expression, context: Context) -> tuple[list[Span], list[Span]]:
    """Return the days that a condition names, and the windows of the questions in it."""
    dated, whole = list[Span](), list[Span]()
    for atom in condition.atoms():
        question = context.questions.get(atom.name)
        if question is None or (days := _days_of(atom.name, context)) is None:
            continue
        named = _named(atom, question, days)
        means = getattr(question, "means", None)
        if named is not None:
            dated.append(named)
        elif isinstance(means, Expression) and (inner := _spans(means, context)[0]):
            first, last = min(s.first for s in inner), max(s.last for s in inner)
            dated.append(Span(first, min(last, days.last)))
        else:
            whole.append(days)
    return dated, whole


def _named(atom: Atom, question: AnyQuestion, days: Span) -> Span | None:
    """Return the days that an atom itself names."""
    match atom, question:
        case By(day=day), _:
            return Span(days.first, min(read_day(day), days.last))
        case BeforeDay(day=day), _:
            return Span(days.first, min(read_day(day) - dt.timedelta(days=1), days.last))
        case In(low=low, high=high), Date():
            return Span(max(read_day(low), days.first), min(read_day(high), days.last))
        case _:
            return None


def ends_elsewhere(told: tuple[Spoken, ...], days: Span) -> Spoken | None:
    """Return the days of a claim that end on another day than is asked; None if any agree."""
    for each in told:
        if abs((each.last - days.last).days) <= (ROUGHLY if each.roughly else 0):
            return None
    return max(told, key=lambda each: each.last, default=None)


def opens_later(told: tuple[Spoken, ...], days: Span) -> Spoken | None:
    """Return the days of a claim, a range, that open after those that are asked."""
    for each in told:
        if each.first is None or each.roughly or each.first in (each.last, days.first):
            return None
        if each.last == days.last and each.first > days.first:
            return each
    return None


_COMMON = """
    a an and any are as at be been by for from has have he her his if in into is it its more of on
    or she that the their them there they this to was were when where which who will with within
    first last day days year end time some least before after until between than not no
"""
_TITLES = """
    mr mrs ms dr president prime minister deputy general north south east west northern southern
    eastern western new united january february march april may june july august september october
    november december jan feb mar apr jun jul aug sep oct nov dec
"""
_SAYS_LITTLE = frozenset(f"{_COMMON} {_TITLES}".split())
"""Words that tell no event from another, and those of which names are made."""
_WORD = re.compile(r"[^\W\d_][\w'’]*")
_STEM = 5
"""Letters of a word that are compared: enough to tell words apart, few enough for their endings."""


def owners(use: Use, context: Context) -> list[str]:
    """Return the questions that list a claim under ``claims:``, as being about them."""
    named = str(use.reference)
    return [name for name, question in context.questions.items() if named in question.claims]


def asked_of(use: Use, context: Context) -> list[str]:
    """Return the questions that a use speaks of, derived ones with what they are made of."""
    found = dict[str, None]()
    stack = [use.question] if use.condition is None else list(use.condition.names())
    while stack:
        name = stack.pop()
        question = context.questions.get(name)
        if question is not None and name not in found:
            found[name] = None
            stack += walk.parents(question) if getattr(question, "means", None) else ()
    return list(found)


def is_other_event(use: Use, names: list[str], context: Context) -> str:
    """Say how the words of a claim and of its questions differ; nothing where they may agree.

    They differ where a name in the claim (a person, a place) is nowhere in what is asked, or where
    not one word is common to both.
    """
    about = use.claim.about or ""
    theirs = {_stem(word) for word in _WORD.findall(_words_of(use, names, context))}
    mine = [word for word in _WORD.findall(about) if word.casefold() not in _SAYS_LITTLE]
    if not mine or not theirs:
        return ""
    first = _WORD.search(about)
    alone = [
        word
        for word in mine
        if word[0].isupper() and (first is None or word != first[0]) and _stem(word) not in theirs
    ]
    if alone:
        named = " and ".join(f"`{word}`" for word in dict.fromkeys(alone))
        return f"{named} {'is' if len(alone) == 1 else 'are'} named in the claim alone"
    if not {_stem(word) for word in mine} & theirs:
        return "not a word is common to both"
    return ""


def _words_of(use: Use, names: list[str], context: Context) -> str:
    """Return all that is written of the questions that a claim is used for."""
    parts = [use.condition.text if use.condition is not None else ""]
    if use.path[0] == "statements" and isinstance(use.path[1], int):
        given = context.file.statements[use.path[1]].given
        parts.append(given.text if given is not None else "")
    parts += [str(step) for step in use.path]
    for name in names:
        question = context.questions[name]
        parts += [name, question.text, question.resolves or "", question.note or ""]
        parts += getattr(question, "states", ())
    return " ".join(parts).replace("_", " ")


def _stem(word: str) -> str:
    return word.casefold().removesuffix("'s").removesuffix("’s")[:_STEM]
