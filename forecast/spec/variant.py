"""Variants: a named change must name what exists."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic_core import PydanticCustomError

from forecast.errors import Fault, Path, nearest
from forecast.spec import walk
from forecast.spec.calendar import read_day
from forecast.spec.conditions import Complaint
from forecast.spec.context import Context
from forecast.spec.question import AnyQuestion, Binary, Categorical, Date
from forecast.spec.scenario import Variant
from forecast.spec.timing import window
from forecast.spec.traps import short
from forecast.spec.variation import path_faults


def variant_faults(context: Context) -> Iterator[Fault]:
    """Yield what is wrong with the variants of a file."""
    for name, variant in context.file.variants.items():
        path: Path = ("variants", name)
        yield from _do(variant, path, context)
        yield from _drop(variant, path, context)
        yield from path_faults(variant, path, context)


def _do(variant: Variant, path: Path, context: Context) -> Iterator[Fault]:
    for name, value in (variant.do or {}).items():
        for text, fix, code in do_complaints(name, value, context):
            missing = code == "unknown-question"
            yield context.fault((*path, "do", name), code, text, fix, key=missing)


def do_complaints(name: str, value: str, context: Context) -> Iterator[Complaint]:
    """Yield what is wrong with setting a question to a value: text, way to mend it, code."""
    question = context.questions.get(name)
    if question is None:
        if not context.exists(name):
            text = f"there is no question `{name}`"
            yield text, nearest(name, context.questions), "unknown-question"
    elif getattr(question, "means", None) is not None:
        text = f"`{name}` is what other questions make it: it cannot be set by itself"
        yield text, f"set {', '.join(walk.parents(question))}", "derived"
    elif (complaint := _setting(question, value)) is not None:
        text = f"`{name}` cannot be set to `{short(value)}`"
        yield text, complaint, "unknown-state"
    elif isinstance(question, Date) and value != "never":
        day, days = read_day(value), window(question, context.file)
        if not days.first <= day <= days.last:
            yield f"{day} lies outside the window of `{name}`, {days}", "", "date"


def _setting(question: AnyQuestion, value: str) -> str | None:
    """Return how to mend a `do:` value, or None where it is sound."""
    match question:
        case Binary():
            return None if value in ("yes", "no") else "write yes or no"
        case Categorical(states=states):
            return (
                None if value in states else nearest(value, states) or f"one of {', '.join(states)}"
            )
        case Date():
            try:
                if value != "never":
                    read_day(value)
            except PydanticCustomError as error:
                return f"{error}: a day such as 2025-06-15, or never"
            return None
        case _:
            return None if value.isdigit() else "write a whole number"


def _drop(variant: Variant, path: Path, context: Context) -> Iterator[Fault]:
    file = context.file
    groups = {item.group for item in file.evidence if item.group is not None}
    known = {*file.use, *file.judgements, *context.evidence_ids(), *file.experts, *groups}
    for i, name in enumerate(variant.drop or ()):
        alias, dot, claim = name.partition(".")
        known_claim = dot and alias in ("own", *context.priors) and claim in context.stored(alias)
        lost = context.is_lost(name) or context.is_broken("judgements", name)
        if name not in known and not known_claim and not lost:
            text = f"`{name}` is no source, judgement or evidence of this file"
            yield context.fault((*path, "drop", i), "unknown-source", text, nearest(name, known))
