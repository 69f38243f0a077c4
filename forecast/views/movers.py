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
CLEAR = 4.0
"""Monte Carlo errors that a swing must exceed to be shown.

The strongest of many swings are looked for: beyond two errors some would stand there by chance.
"""

STRAINED = 1.0
NOTICED = 0.005
"""Half a point: a smaller pull away from what was said is not remarked on."""

LARGEST_PULLS = 3
MOST_STATEMENTS = 6

LEGEND = "model: before -> after all; pull: of this one alone"
CONTRARY = "; away: from its own number, as the story is doubted"


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
    notes = (_rest(summary.statements, shown), legend(shown))
    yield prose("; ".join(filter(None, notes)), "dim")


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
            _remark(s),
        )
        for s in shown
    )
    title = "Stated against implied, with pull in points"
    return Section(title, "statement", ("stated", "model", "pull", ""), rows)


def legend(shown: Sequence[StatementResult]) -> str:
    """Return what the columns and the remarks mean."""
    return LEGEND + (CONTRARY if any(is_contrary(s) for s in shown) else "")


def is_contrary(statement: StatementResult) -> bool:
    """Whether a statement moves the model away from what was stated.

    So it is where the lean that an expert's other claims lend him outweighs his word. A bound is
    contradicted by a pull across it.
    """
    pull = statement.pull
    if pull is None or abs(pull) < NOTICED:
        return False
    if statement.side is not None:
        return pull > 0 if statement.side == "at most" else pull < 0
    without = statement.implied_after - pull
    return abs(statement.implied_after - statement.stated) > abs(without - statement.stated)


def _remark(statement: StatementResult) -> str:
    remarks = ("strained", strain(statement) > STRAINED), ("away", is_contrary(statement))
    return ", ".join(word for word, applies in remarks if applies)


def strain(statement: StatementResult) -> float:
    """Return how far apart stated and implied lie, whichever way."""
    return abs(statement.strain)


def telling(results: Sequence[StatementResult]) -> list[StatementResult]:
    """Return the statements that are strained, those that pull hardest, those that pull away."""
    strained = sorted((s for s in results if strain(s) > STRAINED), key=strain, reverse=True)
    pulls = sorted((s for s in results if s.pull), key=lambda s: -abs(s.pull or 0.0))
    contrary = filter(is_contrary, pulls)
    shown: list[StatementResult] = []
    for s in (*strained, *pulls[:LARGEST_PULLS], *contrary):
        if s not in shown:
            shown.append(s)
    return shown[:MOST_STATEMENTS]


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
