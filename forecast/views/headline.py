"""What a reader must know if he reads no further."""

from __future__ import annotations

from collections.abc import Iterator

from rich.align import Align
from rich.console import RenderableType
from rich.text import Text

from forecast.summary.contract import Lead, ScenarioResult, Summary
from forecast.views.page import GAP, grid, prose
from forecast.views.words import (
    clean,
    first_sentence,
    humanised,
    in_a_hundred,
    percent,
    percent_range,
    sentence,
)

CLEAR = 0.6
"""Share of readings below which the leader is called hardly ahead."""


def frame(summary: Summary, width: int) -> Iterator[RenderableType]:
    """Yield title and as-of date, and what must be known before any number is read."""
    origin = summary.provenance
    if origin.marking:
        yield marking(summary, width)
    as_of = f"as of {clean(summary.as_of)}" if summary.as_of else ""
    row = grid(width - GAP - len(as_of), [len(as_of)])
    row.add_row(prose(summary.title or "Forecast", "bold"), Text(as_of))
    yield row
    for text, style in circumstances(summary):
        yield prose(text, style)


def circumstances(summary: Summary) -> Iterator[tuple[str, str]]:
    """Yield what every number below supposes, each text with its style."""
    origin = summary.provenance
    if origin.variant:
        text = f": {origin.variant.text}" if origin.variant.text else ""
        yield f"Variant {origin.variant.name}{text}", "bold"
        for change in origin.variant.changes:
            yield f"- {change}", ""
    if origin.done:
        done = ", ".join(f"{name} = {value}" for name, value in origin.done.items())
        when = f" after {summary.as_of}" if summary.as_of else ""
        yield f"Done{when}: {done}. The past is as it was.", "bold"
    if origin.given:
        # As it was written, so that it can be written again.
        supposed = "; ".join(origin.given)
        yield f"Given {supposed}: every number below supposes it.", "bold"
    if origin.retrospective:
        yield f"Retrospective: {origin.retrospective}", "dim"


def marking(summary: Summary, width: int) -> RenderableType:
    """Return the line that says how the page may be handled."""
    return Align.center(prose(summary.provenance.marking or "", "bold"), width=width)


def bottom_line(summary: Summary) -> Iterator[RenderableType]:
    """Yield the likeliest scenario in words and numbers, and how clearly it leads."""
    if summary.lead is None:
        return
    verdict, *further = verdicts(summary, summary.lead)
    yield prose(verdict, "bold")
    yield from map(prose, further)


def verdicts(summary: Summary, lead: Lead) -> list[str]:
    """Return the bottom line and the sentences that explain it."""
    result = summary.scenarios[lead.scenario]
    number = percent(result.probability, result.mcse)
    line = f"{_named(summary, lead.scenario)}, {number}, {in_words(result)}"
    if result.intervals and "0.8" in result.intervals:
        line += f"; plausible {percent_range(*result.intervals['0.8'])}"
    futures = f"{in_a_hundred(result.probability)} of 100 futures"
    meaning = first_sentence(result.text)
    explained = f"{futures}: {meaning}" if meaning else f"{futures} go this way."
    return [line, explained, *filter(None, [_rival(summary, lead)])]


def _named(summary: Summary, scenario: str) -> str:
    """Say that a scenario is the likeliest: its own word may well be "unlikely"."""
    name = humanised(scenario)
    return f"Most likely: {name}" if len(summary.scenarios) > 1 else sentence(name)


def in_words(result: ScenarioResult) -> str:
    """Return the phrase for a chance, with the range that it stands for."""
    return f"{clean(result.phrase)} ({percent_range(*result.phrase_range)})"


def _rival(summary: Summary, lead: Lead) -> str:
    if lead.runner_up is None:
        return ""
    second = summary.scenarios[lead.runner_up]
    number = percent(second.probability, second.mcse)
    named = f'"{humanised(lead.runner_up)}" ({number})'
    if lead.likelier_in is None:
        return f"Next comes {named}."
    share = percent(lead.likelier_in, mcse=1.0)
    if lead.likelier_in < CLEAR:
        return f"Hardly ahead of {named}: in {share} of readings of the judgements."
    return f"Ahead of {named} in {share} of readings of the judgements."
