"""When something happens, if it happens: the share of occurrences in any range of days."""

from __future__ import annotations

from scipy.special import ndtr

from forecast.model.elicitation import NINETY
from forecast.model.formula import ONE, ZERO, Const, ConstantHazard, Formula, weighted_sum
from forecast.spec.calendar import Span
from forecast.spec.question import Around

type Days = tuple[float, float]
"""The first and the last of some days, as proleptic ordinals."""


def shape_share(
    item: object, days: Days, support: Span, chance: Formula, since: float | None = None
) -> Formula:
    """Return the share of one shape of timing that falls on some days of the support.

    Parameters
    ----------
    item
        ``evenly``: uniform over days; ``constant``: a constant hazard, G(t | p) =
        (1 - (1 - p)^(t / T)) / p; `Around`: Normal with its centre mid-range and sd = days / 3.29,
        cut to the support and renormalised.
    days, support
        The days that are asked about, and those in which it can happen.
    chance
        The chance p that it happens at all (a constant hazard needs it).
    since
        The day from which a constant hazard is counted, the first by default. Without memory it is
        the same on any day, so a later one multiplies all shares by the same factor.
    """
    first, last = support.first.toordinal(), support.last.toordinal()
    length = last - first + 1
    if item == "evenly":
        return Const((days[1] - days[0] + 1) / length)
    if item == "constant":
        return _hazard_share(days, first if since is None else since, length, chance)
    assert isinstance(item, Around)
    low, high = item.between.first.toordinal(), item.between.last.toordinal()
    centre, sd = (low + high + 1) / 2, (high - low + 1) / NINETY

    def normal(part: Days) -> float:
        return float(ndtr((part[1] + 1 - centre) / sd) - ndtr((part[0] - centre) / sd))

    total = normal((first, last)) or 1.0  # a span that is over is refused where it stands
    return Const(normal(days) / total)


def _hazard_share(days: Days, since: float, length: int, chance: Formula) -> Formula:
    def reached(day: float) -> Formula:
        if day <= since:
            return ZERO
        if day - since >= length or chance == ONE:  # what is certain comes at once
            return ONE
        if chance == ZERO:  # the limit of a small chance, and nothing comes of it
            return Const((day - since) / length)
        return ConstantHazard(chance, (day - since) / length)

    return weighted_sum(0.0, [(1.0, reached(days[1] + 1)), (-1.0, reached(days[0]))])
