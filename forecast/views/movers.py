"""Whose judgement moves the result, and who disagrees with the rest of the model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from forecast.summary.contract import Driver, StatementResult, Summary
from forecast.views.judgements import judgement_name, speaker
from forecast.views.page import prose
from forecast.views.section import Section
from forecast.views.words import (
    clean,
    condition,
    counted,
    humanised,
    percent,
    percent_range,
    points,
)

STRONGEST = 4
CLEAR = 2.0
"""Monte Carlo errors that a swing must exceed to be shown."""

STRAINED = 1.0
LARGEST_PULLS = 3
MOST_STATEMENTS = 6


def drivers(summary: Summary, width: int) -> Iterator[RenderableType]:
    """Yield the judgements that move the leading scenario most."""
    if section := moving(summary, STRONGEST):
        yield section.listed(width)


def moving(summary: Summary, most: int | None = None) -> Section | None:
    """Return the judgements that move the leading scenario, the strongest first."""
    if summary.lead is None:
        return None
    lead = summary.lead.scenario
    strongest = [
        driver
        for driver in sorted(summary.drivers, key=lambda d: -abs(d.swing))
        if driver.scenario == lead and abs(driver.swing) > CLEAR * driver.mcse
    ][:most]
    if not strongest:
        return None
    year = (summary.as_of or "")[:4]
    rows = tuple(
        (
            _driver(driver, summary, year),
            percent_range(driver.low, driver.high, " -> "),
            _signed(driver.swing),
        )
        for driver in strongest
    )
    title = f'Moves "{humanised(lead)}" most: lowest to highest tenth of each judgement'
    return Section(title, "judgement", ("chance", "points"), rows)


def _driver(driver: Driver, summary: Summary, year: str) -> str:
    who = speaker(summary, driver.who)
    if driver.parameter.startswith("experts."):
        return f"{who}: {clean(driver.words)}"
    # Most are the author's own, so his name is left out.
    name = "" if driver.who in (summary.provenance.author, "own") else f"{who}, "
    return f'{judgement_name(driver.parameter, year)}: {name}"{clean(driver.words)}"'


def statements(summary: Summary, width: int) -> Iterator[RenderableType]:
    """Yield what experts stated beside what the model implies, the most telling first."""
    shown = telling(summary.statements)
    if not shown:
        return
    yield stated(summary, shown).listed(width)
    if rest := _rest(summary.statements, shown):
        yield prose(rest, "dim")


def stated(summary: Summary, shown: Sequence[StatementResult]) -> Section:
    """Return what was stated beside what the model implied before and after, in this order."""
    year = (summary.as_of or "")[:4]
    rows = tuple(
        (
            f'{speaker(summary, s.expert)}, "{clean(s.says)}"'
            f"{f' ({s.side})' if s.side else ''}: {condition(s.of, year)}",
            percent(s.stated, mcse=1.0),
            percent_range(s.implied_before, s.implied_after, " -> "),
            "unknown" if s.pull is None else _signed(s.pull),
            "strained" if strain(s) > STRAINED else "",
        )
        for s in shown
    )
    title = "Stated against implied, with pull in points"
    return Section(title, "statement", ("stated", "model", "pull", ""), rows)


def strain(statement: StatementResult) -> float:
    """Return how far apart stated and implied lie, whichever way."""
    return abs(statement.strain)


def telling(results: Sequence[StatementResult]) -> list[StatementResult]:
    """Return the statements that are strained, most first, and those that pull hardest."""
    strained = sorted((s for s in results if strain(s) > STRAINED), key=strain, reverse=True)
    pulls = sorted((s for s in results if s.pull), key=lambda s: -abs(s.pull or 0.0))
    both = (*strained, *(s for s in pulls[:LARGEST_PULLS] if strain(s) <= STRAINED))
    return list(both[:MOST_STATEMENTS])


def _rest(results: Sequence[StatementResult], shown: Sequence[StatementResult]) -> str:
    others = [s for s in results if s not in shown]
    if not others:
        return ""
    strained = sum(strain(s) > STRAINED for s in others)
    text = f"and {counted(len(others), 'other')}, {strained or 'none'} strained"
    pulls = [abs(s.pull) for s in others if s.pull is not None]
    if not pulls:
        return text
    largest = points(max(pulls)).removeprefix("+").replace("< ", "less than ")
    return f"{text}, pulls up to {largest}".replace("up to less", "of less")


def _signed(change: float) -> str:
    """Return a change where the head of the column says that these are points."""
    return points(change).removesuffix("s").removesuffix(" point")
