"""Counts so far: how many there have been in the first days of a window, as evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from forecast.model.cpd import tabulated
from forecast.model.formula import Const, Formula, ratio
from forecast.model.laws import AnyLaw
from forecast.model.network import Node, Table
from forecast.model.seen import Seen
from forecast.spec.calendar import Span
from forecast.spec.evidence import Evidence
from forecast.spec.policy import Policy


def latest_counts(items: Sequence[Evidence]) -> dict[str, Evidence]:
    """Return for each question the last report of how many there have been.

    Earlier ones add nothing: at a constant rate when they came tells nothing beyond how many.
    """
    found: dict[str, Evidence] = {}
    for item in sorted(items, key=lambda item: (item.date.last, item.known_on, item.id)):
        found.update(dict.fromkeys(item.so_far or {}, item))
    return found


def counting(items: Sequence[Evidence]) -> tuple[str, ...]:
    """Return the reports that count: all but counts that a later one stands for."""
    latest = latest_counts(items).values()
    return tuple(item.id for item in items if item.so_far is None or item in latest)


def seen_so_far(
    items: Sequence[Evidence], windows: Mapping[str, Span], policy: Policy
) -> dict[str, Seen]:
    """Return what has been counted of each question."""
    return {
        name: _seen(name, item, windows[name], policy.reliability(item.grade))
        for name, item in latest_counts(items).items()
    }


def _seen(name: str, item: Evidence, window: Span, r: float) -> Seen:
    """Return what a report has counted, from the start of the window to its last day.

    A report that tells nothing says any number from 0 to 2 n + 1, each as likely (policy).
    """
    number = int((item.so_far or {})[name])
    elapsed = (min(item.date.last, window.last) - window.first).days + 1
    return Seen(number, float(elapsed), r, 1 / (2 * number + 2))


def counted(node: Node, seen: Seen) -> Table:
    """Return the likelihood of a count so far over the parents and the cells of its question.

    P(report | world, cell) = P(report, cell | world) / P(cell | world). With n events in t of T
    days, the numerator is P(n in t days) P(n + the events of the other T - t days in the cell).
    """
    assert node.number is not None
    noise = Const((1 - seen.reliability) * seen.noise)

    def row(law: AnyLaw | None) -> list[Formula]:
        return [
            noise if law is None or bound is None else ratio(seen.cell(law, bound), law.cell(bound))
            for bound in node.cells.bounds
        ]

    laws: list[AnyLaw | None] = node.number.laws.ravel().tolist()
    return tabulated(node.cpd.scope, node.cpd.index.shape, map(row, laws))
