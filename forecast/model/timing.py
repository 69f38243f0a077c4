"""When something happens, if it happens: the share of occurrences in each cell of days."""

from __future__ import annotations

from collections.abc import Sequence

from scipy.special import ndtr

from forecast.model.cells import Cells
from forecast.model.elicitation import NINETY
from forecast.model.formula import (
    ONE,
    ZERO,
    Const,
    ConstantHazard,
    Formula,
    product,
    weighted_sum,
)
from forecast.spec.calendar import Span
from forecast.spec.question import Around

type Days = tuple[float, float]


def day_cells(cells: Cells, support: Span) -> tuple[tuple[int, Days | None], ...]:
    """Return each dated state with the part of it that lies in the support, if any."""
    first, last = support.first.toordinal(), support.last.toordinal()
    out: list[tuple[int, Days | None]] = []
    for state, bound in enumerate(cells.bounds):
        if bound is not None:
            low, high = max(bound[0], first), min(bound[1], last)
            out.append((state, (low, high) if low <= high else None))
    return tuple(out)


def shape_masses(item: object, cells: Cells, support: Span, chance: Formula) -> list[Formula]:
    """Return the share of one shape of timing in each dated cell; the shares sum to one.

    Parameters
    ----------
    item
        ``evenly``: uniform over days; ``constant``: a constant hazard, G(t | p) =
        (1 - (1 - p)^(t / T)) / p; `Around`: Normal with its centre mid-range and sd = days / 3.29,
        cut to the support and renormalised.
    cells, support
        The cells, and the days in which it can happen.
    chance
        The chance p that it happens at all (a constant hazard needs it).
    """
    parts = [part for _, part in day_cells(cells, support)]
    first, last = support.first.toordinal(), support.last.toordinal()
    length = last - first + 1
    if item == "evenly":
        return [Const(0.0 if part is None else (part[1] - part[0] + 1) / length) for part in parts]
    if item == "constant":
        return [
            ZERO if part is None else _hazard_share(part, first, length, chance) for part in parts
        ]
    assert isinstance(item, Around)
    low, high = item.between.first.toordinal(), item.between.last.toordinal()
    centre, sd = (low + high + 1) / 2, (high - low + 1) / NINETY

    def normal(part: Days) -> float:
        return float(ndtr((part[1] + 1 - centre) / sd) - ndtr((part[0] - centre) / sd))

    total = normal((first, last)) or 1.0  # a span that is over is refused where it stands
    return [Const(0.0 if part is None else normal(part) / total) for part in parts]


def _hazard_share(part: Days, first: int, length: int, chance: Formula) -> Formula:
    def reached(days: float) -> Formula:
        if days <= 0:
            return ZERO
        if days >= length or chance == ONE:  # what is certain comes at once: its hazard is infinite
            return ONE
        return ConstantHazard(chance, days / length)

    return weighted_sum(
        0.0, [(1.0, reached(part[1] + 1 - first)), (-1.0, reached(part[0] - first))]
    )


def timing_shares(
    items: Sequence[object],
    shares: Sequence[Formula],
    cells: Cells,
    support: Span,
    chance: Formula,
) -> list[Formula]:
    """Return the share of occurrences in each dated cell.

    Parameters
    ----------
    items, shares
        The shapes, and the share of occurrences of all but the last, which takes the rest.
    cells, support, chance
        As for `shape_masses`.
    """
    rest = weighted_sum(1.0, [(-1.0, share) for share in shares])
    masses = [shape_masses(item, cells, support, chance) for item in items]
    return [
        weighted_sum(
            0.0,
            [(1.0, product(w, mass[i])) for w, mass in zip((*shares, rest), masses, strict=True)],
        )
        for i in range(len(masses[0]))
    ]
