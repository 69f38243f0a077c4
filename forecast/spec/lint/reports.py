"""Reports: how far they are believed, and whether two of them tell one piece of news."""

from __future__ import annotations

from collections.abc import Iterator

from forecast.errors import Fault
from forecast.spec import walk
from forecast.spec.context import Context
from forecast.spec.evidence import Evidence
from forecast.spec.walk import PlacedCondition

NEAR = 14
"""Days within which two reports of one source on one question are probably one piece of news."""


def report_lint(context: Context) -> Iterator[Fault]:
    """Yield reports without a grade, and reports that may share an origin but no group."""
    items = context.file.evidence
    for i, item in enumerate(items):
        if item.grade is None:
            text = f"`{item.id}` has no grade: it is believed in full"
            fix = "add a grade A1 to F6: how reliable the source is, how credible the report"
            yield context.fault(("evidence", i), "ungraded", text, fix, severity="warning")
        for other in items[:i]:
            if _is_near(item, other) and (both := _targets(item) & _targets(other)):
                text = (
                    f"`{item.id}` and `{other.id}` come from {item.source} within two weeks and "
                    f"speak of `{min(both)}`: one piece of news counted twice?"
                )
                fix = "give both the same `group:`, which shares one origin"
                yield context.fault(("evidence", i), "same-origin", text, fix, severity="warning")
                break


def _is_near(one: Evidence, two: Evidence) -> bool:
    same = one.source.casefold() == two.source.casefold()
    apart = abs((one.known_on - two.known_on).days)
    return same and apart <= NEAR and (one.group is None or one.group != two.group)


def _targets(item: Evidence) -> set[str]:
    return {
        name
        for placed in walk.in_evidence(item, ())
        if isinstance(placed, PlacedCondition)
        for name in placed.condition.names()
    }
