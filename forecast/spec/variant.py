"""Variants: a named change must name what exists; running them is left to a later command."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic_core import PydanticCustomError

from forecast.errors import Fault, Path, nearest
from forecast.spec.calendar import read_day
from forecast.spec.context import Context
from forecast.spec.question import AnyQuestion, Binary, Categorical, Date
from forecast.spec.scenario import Variant
from forecast.spec.traps import short


def variant_faults(context: Context) -> Iterator[Fault]:
    """Yield what is wrong with the variants of a file."""
    for name, variant in context.file.variants.items():
        path: Path = ("variants", name)
        yield from _do(variant, path, context)
        yield from _drop(variant, path, context)
        for place in variant.set or {}:
            trouble = unknown_part(context.source.data, place)
            if trouble is not None:
                text = f"`{place}` names nothing in this file: `{trouble[0]}` is unknown"
                yield context.fault(
                    (*path, "set", place), "unknown-path", text, trouble[1], key=True
                )


def _do(variant: Variant, path: Path, context: Context) -> Iterator[Fault]:
    for name, value in (variant.do or {}).items():
        here = (*path, "do", name)
        question = context.questions.get(name)
        if question is None:
            if not context.exists(name):
                text, fix = f"there is no question `{name}`", nearest(name, context.questions)
                yield context.fault(here, "unknown-question", text, fix, key=True)
            continue
        if (complaint := _setting(question, value)) is not None:
            text = f"`{name}` cannot be set to `{short(value)}`"
            yield context.fault(here, "unknown-state", text, complaint)


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
    known = {*file.use, *file.judgements, *context.evidence_ids(), *file.experts}
    for i, name in enumerate(variant.drop or ()):
        alias, dot, claim = name.partition(".")
        known_claim = dot and alias in context.priors and claim in context.stored(alias)
        lost = context.is_lost(name) or context.is_broken("judgements", name)
        if name not in known and not known_claim and not lost:
            text = f"`{name}` is no source, judgement or evidence of this file"
            yield context.fault((*path, "drop", i), "unknown-source", text, nearest(name, known))


def unknown_part(data: Any, place: str) -> tuple[str, str] | None:
    """Return the first part of a dotted path that is not there and the nearest name, or None.

    Keys may hold dots and spaces; an item of a list is named by its ``id`` or position.

    >>> unknown_part({"evidence": [{"id": "x", "odds": {"a is b": 2}}]}, "evidence.x.odds.a is b")
    >>> unknown_part({"questions": {"visit": {}}}, "questions.vist")
    ('vist', 'did you mean `visit`?')
    """
    if isinstance(data, list):
        data = {
            str(item.get("id", i)) if isinstance(item, dict) else str(i): item
            for i, item in enumerate(data)
        }
    if not isinstance(data, dict):
        return place, ""
    for key in sorted(data, key=len, reverse=True):
        if place == key:
            return None
        if place.startswith(f"{key}."):
            return unknown_part(data[key], place[len(key) + 1 :])
    part = place.partition(".")[0]
    return part, nearest(part, data)
