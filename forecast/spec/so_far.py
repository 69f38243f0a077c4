"""Counts so far: a report of how many there have been names a count that something happens at."""

from __future__ import annotations

from collections.abc import Iterator

from forecast.errors import Fault, Path, nearest
from forecast.spec.context import Context
from forecast.spec.evidence import Evidence
from forecast.spec.question import CountQuestion
from forecast.spec.timing import window


def so_far_faults(item: Evidence, path: Path, context: Context) -> Iterator[Fault]:
    """Yield what is wrong with ``so_far``: its question, its number, its days."""
    for name, counted in (item.so_far or {}).items():
        here = (*path, "so_far", name)
        question = context.file.questions.get(name)
        if question is None:
            if not context.exists(name):
                text, fix = f"there is no question `{name}`", nearest(name, context.questions)
                yield context.fault(here, "unknown-question", text, fix, key=True)
            continue
        if not isinstance(question, CountQuestion):
            text = f"`{name}` is no count"
            fix = "say what was seen by `observed:`"
            yield context.fault(here, "type", text, fix, key=True)
            continue
        if counted != int(counted):
            yield context.fault(here, "value", f"`{counted:g}` is no count")
        days = window(question, context.file)
        if item.date.last < days.first:
            text = f"the window of `{name}` opens on {days.first}, after {item.date.last}"
            fix = "write window: A..B for one that opened earlier"
            yield context.fault((*path, "date"), "date", text, fix)
        if item.group is not None:
            text = "`group` does not go with `so_far`: the latest count stands for those before it"
            yield context.fault((*path, "group"), "value", text, key=True)
        yield from _fewer(item, name, counted, path, context)


def _fewer(
    item: Evidence, name: str, counted: float, path: Path, context: Context
) -> Iterator[Fault]:
    """Yield a count that is smaller than an earlier one: counts so far never fall."""
    for other in context.file.evidence:
        before = (other.so_far or {}).get(name)
        if before is None or before <= counted or other.date.last > item.date.last:
            continue
        if other.date.last < item.date.last or other.id != item.id:
            text = f"`{name}`: {counted:g} by {item.date.last}, but `{other.id}` has {before:g}"
            text += f" by {other.date.last}"
            yield context.fault((*path, "so_far", name), "range-order", text)
            return
