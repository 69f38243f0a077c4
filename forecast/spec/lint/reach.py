"""Reach: whether every question matters to something, and its answer is still open."""

from __future__ import annotations

from collections.abc import Iterator

from forecast.errors import Fault
from forecast.spec import walk
from forecast.spec.context import Context
from forecast.spec.timing import window
from forecast.spec.walk import PlacedCondition


def reach_lint(context: Context) -> Iterator[Fault]:
    """Yield questions that nothing asks about, and those whose window has closed."""
    file = context.file
    spoken = _spoken_of(context)
    for name, question in context.questions.items():
        section = "latents" if name in file.latents else "questions"
        path = (section, name)
        if name not in spoken and (file.numbers != "exact" or section == "latents"):
            if section == "latents":
                text = f"`{name}` moves nothing: no question, statement or report speaks of it"
                fix = "make a question depend on it, or take it out"
            else:
                text = f"`{name}` stands alone: no question, scenario, statement or report names it"
                fix = "name it under `watch:` if its own chance is what is wanted; else take it out"
            yield context.fault(path, "no-effect", text, fix, key=True, severity="warning")
        days = window(question, file)
        derived = getattr(question, "means", None) is not None
        asked = section == "questions" and not derived and not _answered(name, context)
        if asked and days.last <= file.looked_through:
            text = f"the window of `{name}` has closed on {days.last}: this is no forecast"
            fix = "record the answer under `evidence:` as `observed:`, or move the window on"
            yield context.fault(path, "window-over", text, fix, key=True, severity="warning")


def _spoken_of(context: Context) -> set[str]:
    """Return the questions that anything but themselves speaks of."""
    file = context.file
    spoken = set(file.watch)
    for placed in walk.in_file(file):
        if isinstance(placed, PlacedCondition):
            spoken |= set(placed.condition.names())
    for variant in file.variants.values():
        spoken |= set(variant.do or {})
    return spoken


def _answered(name: str, context: Context) -> bool:
    items = context.file.evidence
    return any(item.observed is not None and name in item.observed.names() for item in items)
