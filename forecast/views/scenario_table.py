"""Every scenario: its chance after each stage, its range, its bar.

The likeliest stands first, ties in the order of the file. The file's own order says which scenario
takes a future that fits several, and is kept in the JSON; a reader asks which is likeliest, and a
column of dots can be compared at a glance only where it falls steadily.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from forecast.summary.contract import ScenarioResult, Summary
from forecast.views.bars import axis, bar
from forecast.views.page import GAP, cropped, grid, hanging, heading, prose, widest
from forecast.views.words import clean, humanised, percent, percent_range

LONGEST_NAME = 32
LEAST_NAME = 12
LARGEST_BAR = 43
ENOUGH_BAR = 31
LEAST_BAR = 21
LEAST_TEXT = 24

type Column = tuple[str, tuple[str, ...]]

RANGE = (
    'where "now" would lie if judgements were pinned down; not a margin of error against reality'
)


def scenario_table(summary: Summary, width: int) -> Iterator[RenderableType]:
    """Yield the table and the key to it."""
    ranked = likeliest_first(summary)
    results = list(ranked.values())
    names = [humanised(name) for name in ranked]
    numbers = columns(results)
    taken = sum(widest((head, *column), width) + GAP for head, column in numbers)
    longest = max(LEAST_NAME, widest(names, LONGEST_NAME))
    # Names give way before the bar does: they can wrap.
    name = max(LEAST_NAME, min(longest, width - taken - GAP - LEAST_BAR))
    room = width - taken - name - GAP
    about = [clean(result.text) for result in results]
    cells, text = _shared(room, widest(about, room))

    widths = [widest((head, *column), width) for head, column in numbers]
    table = grid(name, widths, [size for size in (cells, text) if size])
    table.add_row(
        heading("Scenario"),
        *(prose(head, "dim") for head, _ in numbers),
        *([Text(axis(cells), "dim")] if cells else []),
    )
    for i, result in enumerate(results):
        style = "bold" if i == 0 else ""
        table.add_row(
            hanging(names[i], name, style),
            *(prose(column[i], style if head == "now" else "") for head, column in numbers),
            *([bar(result.probability, result.intervals, cells)] if cells else []),
            *([prose(cropped(about[i], text), "dim")] if text else []),
        )
    yield table
    marks = "o now, = 50 %, - 80 %" if cells else ""
    for line in key(summary, [head for head, _ in numbers], marks):
        yield prose(line, "dim")


def likeliest_first(summary: Summary) -> dict[str, ScenarioResult]:
    """Return the scenarios, the likeliest first."""
    return dict(sorted(summary.scenarios.items(), key=lambda item: -item[1].probability))


def _shared(room: int, wanted: int) -> tuple[int, int]:
    """Return the cells of the bars and of the texts behind them.

    >>> _shared(room=37, wanted=60), _shared(room=71, wanted=34), _shared(room=20, wanted=34)
    ((37, 0), (35, 34), (0, 0))
    """
    if room < LEAST_BAR:
        return 0, 0
    text = min(wanted, room - GAP - ENOUGH_BAR)
    bar = min(LARGEST_BAR, room - GAP - text if text >= LEAST_TEXT else room)
    bar -= 1 - bar % 2  # an odd number of cells has one in the middle
    return bar, room - GAP - bar if text >= LEAST_TEXT else 0


def columns(results: Sequence[ScenarioResult], levels: Sequence[str] = ("0.8",)) -> list[Column]:
    """Return the columns of numbers; a stage that changes nothing has none.

    Parameters
    ----------
    results
        The scenarios, one row each.
    levels
        The ranges that are wanted, as they are called in the summary.
    """
    inputs = [result.stages.inputs for result in results]
    evidence = [result.stages.evidence for result in results]
    now = [result.probability for result in results]
    found = []
    if not _same(inputs, now) or not _same(evidence, now):
        found.append(_stage("prior", inputs, results))
    if not _same(inputs, evidence) and not _same(evidence, now):
        found.append(_stage("+ evidence", evidence, results))
    found.append(_stage("now", now, results))
    if any(result.intervals for result in results):
        found += [_range(level, results) for level in levels]
    return found


def _range(level: str, results: Sequence[ScenarioResult]) -> Column:
    return f"{100 * float(level):.0f} %", tuple(
        percent_range(*result.intervals[level])
        if result.intervals and level in result.intervals
        else ""
        for result in results
    )


def _stage(
    head: str, chances: Sequence[float], results: Sequence[ScenarioResult]
) -> tuple[str, tuple[str, ...]]:
    # The stages share their draws; the error of the last, the only one reported, stands for all.
    return head, tuple(
        percent(chance, result.mcse) for chance, result in zip(chances, results, strict=True)
    )


SAME = 1e-9
"""Chances that differ by less are one."""


def _same(first: Sequence[float], second: Sequence[float]) -> bool:
    return all(abs(a - b) < SAME for a, b in zip(first, second, strict=True))


def _known(summary: Summary) -> str:
    """Return what the second stage adds: what is supposed, reports, silence."""
    there = (
        ("what is given", summary.provenance.given),
        ("reports", summary.evidence.used),
        ("silence", summary.evidence.silent),
    )
    return ", ".join(word for word, applies in there if applies) or "reports, silence"


def key(summary: Summary, heads: Sequence[str], marks: str = "") -> Iterator[str]:
    """Yield what the columns mean, and the marks of the bars where there are bars."""
    parts = []
    known = _known(summary)
    if "prior" in heads:
        parts.append("prior: inputs")
    if "+ evidence" in heads:
        parts += [f"+ evidence: {known}", "now: + what experts stated"]
    elif "prior" in heads:
        # Where the two stages before are the same nothing was known, or nobody stated anything.
        first = next(iter(summary.scenarios.values())).stages
        stated = summary.statements and abs(first.inputs - first.evidence) < SAME
        parts.append(f"now: + {'what experts stated' if stated else known}")
    ranges = [head for head in heads if head.endswith("%")]
    if ranges and marks:
        parts.append(marks)
    if parts:
        yield "; ".join(parts)
    if ranges:
        yield f"{', '.join(ranges)}: {RANGE}"
