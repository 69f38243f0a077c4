"""Whom of several people the evidence favours, where one of them is right throughout."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from forecast.summary.contract import Chance, PoolResult, Summary
from forecast.views.section import Section
from forecast.views.words import clean, humanised, percent, percent_range


def pools(summary: Summary, width: int) -> Iterator[RenderableType]:
    """Yield for each linear pool who is likely to be right."""
    if section := favoured(summary):
        yield section.listed(width)


def favoured(summary: Summary) -> Section | None:
    """Return the people of all linear pools, with the weight of each and what became of it."""
    rows = tuple(
        (
            f"{clean(pool.names[person])} on {_listed(pool)}",
            percent(chance.stages.inputs, mcse=0.0),
            percent(chance.probability, chance.mcse),
            _range(chance),
        )
        for pool in summary.pools.values()
        for person, chance in pool.members.items()
    )
    if not rows:
        return None
    return Section(
        "Who is right, of those who are pooled", "person", ("weight", "now", "80 %"), rows
    )


def _listed(pool: PoolResult) -> str:
    return ", ".join(map(humanised, pool.questions)) or "a report"


def _range(chance: Chance) -> str:
    return percent_range(*chance.intervals["0.8"]) if chance.intervals else ""
