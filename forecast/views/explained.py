"""One question explained on a terminal: table, numbers, what bears on it, what comes out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rich.console import RenderableType
from rich.text import Text

from forecast.analysis.explain import Explanation, Row
from forecast.summary.contract import ParameterResult
from forecast.views.headline import circumstances
from forecast.views.page import heading, indented, listing, printed, prose
from forecast.views.words import clean, condition, exact_percent, humanised, percent, points

NARROWEST = 60
MOST_ROWS = 24
"""Rows of a table that are written out; the rest is counted."""

ROLES = {
    "question": "question",
    "latent": "latent: a cause that nobody observes",
    "derived": "defined by other questions",
}


def render_explanation(found: Explanation, *, width: int, colour: bool) -> str:
    """Return an explanation as text.

    Parameters
    ----------
    found
        From `forecast.analysis.explain.explain`.
    width, colour
        Cells of the terminal, and whether to write ANSI codes.
    """
    width = max(width, NARROWEST)
    sections = (
        _head(found),
        _table(found),
        _when(found),
        _numbers(found),
        _bearing(found),
        _marginals(found, width),
    )
    pieces: list[RenderableType] = []
    for section in map(list, sections):
        pieces += [Text(), *section] if pieces and section else section
    return printed(pieces, width, colour)


def _head(found: Explanation) -> Iterator[RenderableType]:
    question = found.question
    yield prose(f"{found.name}: {question.text}" if question.text else found.name, "bold")
    days = f"window {question.window[0]} to {question.window[1]}; " if question.window else ""
    yield prose(f"{question.type}, {ROLES[question.role]}; {days}{found.place}")
    for text, style in circumstances(found.summary):
        yield prose(text, style)
    if found.only_if:
        yield prose(f"Void unless {found.only_if}.")
    if found.parents:
        parents = (
            f"who is right ({name[len('`pool of ') : -1]})"
            if name.startswith("`pool of ")
            else f"{name} ({kind})"
            if not name.startswith("`")
            else "a chain of small tables"
            for name, kind in found.parents.items()
        )
        yield prose(f"Depends on {', '.join(dict.fromkeys(parents))}.")
    if found.means:
        yield prose(f"Means: {found.means}")


def _table(found: Explanation) -> Iterator[RenderableType]:
    if not found.rows:
        return
    yield heading("Table: the formulas that are solved, with prior means; inputs -> now")
    for worlds, rows in groupby(found.rows[:MOST_ROWS], key=lambda row: row.worlds):
        yield indented(prose(" | ".join(condition(world) for world in worlds)))
        for row in rows:
            yield indented(indented(prose(_line(row))))
    if len(found.rows) > MOST_ROWS:
        yield indented(prose(f"and {len(found.rows) - MOST_ROWS} more rows"))


def _line(row: Row) -> str:
    before, after = exact_percent(row.before), percent(row.after, mcse=1.0)
    now = f"{percent(row.before, mcse=1.0)} -> {after}"
    if abs(row.before - row.after) < 1e-12:
        now = before
    return f"{humanised(row.outcome)} = {row.formula}:  {now}"


def _when(found: Explanation) -> Iterator[RenderableType]:
    if found.timing:
        yield heading("When it happens, if it does")
        yield from (indented(prose(item)) for item in found.timing)


def _numbers(found: Explanation) -> Iterator[RenderableType]:
    if not found.numbers:
        return
    yield heading("Numbers: as written; mean and central 90 %; mean with all that is known")
    for number in found.numbers:
        low, high = number.quantiles["0.05"], number.quantiles["0.95"]
        spread = (
            f"{_figure(number, number.mean)} ({_figure(number, low)} to {_figure(number, high)})"
        )
        now = _figure(number, number.posterior_mean)
        yield indented(prose(f"{number.name}: {number.words}; {spread}; now {now}"))
        late = ", after the as-of date" if number.hindsight else ""
        origin = f"{number.who}, {number.said}{late}; {number.place}"
        quote = f'; "{clean(number.quote)}"' if number.quote else ""
        yield indented(indented(prose(origin + quote, "dim")))
        if number.note:
            yield indented(indented(prose(f"Note: {clean(number.note)}", "dim")))


def _figure(number: ParameterResult, value: float) -> str:
    """Write a chance in per cent, a multiplier after x, a rate a day."""
    if number.distribution.startswith(("Beta", "Dirichlet")):
        return f"{100 * value:.3g} %"
    return f"x{value:.3g}" if number.distribution.startswith("LogNormal") else f"{value:.3g} a day"


def _bearing(found: Explanation) -> Iterator[RenderableType]:
    if not (found.reports or found.silent or found.statements):
        return
    yield heading("What bears on it directly")
    for item in found.reports:
        grade = f", {item.grade}" if item.grade else ""
        told = [f"observed {item.observed.text}"] if item.observed is not None else []
        told += [f"odds of {each.text}" for each in item.odds or {}]
        told += [f"likelihood by {each.text}" for each in getattr(item, "likelihood", None) or {}]
        said = f"report {item.id} ({item.source}, {item.date}{grade}): {clean(item.text)}"
        yield indented(prose(f"{said} [{'; '.join(told)}]"))
    if found.silent:
        yield indented(prose(f"silence: not seen to happen in {found.silent}"))
    for said_of in found.statements:
        side = f"{said_of.side} " if said_of.side else ""
        pull = f"; pulls {points(said_of.pull)}" if said_of.pull is not None else ""
        implied = f"{percent(said_of.implied_before, 1.0)} -> {percent(said_of.implied_after, 1.0)}"
        stated = percent(said_of.stated, 1.0)
        text = f"{said_of.expert} on {said_of.of}: {side}{said_of.says} ({stated})"
        yield indented(prose(f"statement {text}; model {implied}{pull}"))


def _marginals(found: Explanation, width: int) -> Iterator[RenderableType]:
    chances = dict(found.question.states)
    if found.question.type == "binary":
        chances.pop("no", None)
    rows = [(humanised(state), chance) for state, chance in chances.items()]
    rows += [(f"by {day}", chance) for day, chance in (found.question.by or {}).items()]
    written = [
        (
            name,
            percent(chance.stages.inputs, chance.mcse),
            percent(chance.stages.evidence, chance.mcse),
            percent(chance.probability, chance.mcse),
            _range(chance.intervals),
        )
        for name, chance in rows
    ]
    heads = ["inputs", "+ evidence", "+ statements", "80 %"]
    yield listing("How likely", heads, written, width)


def _range(intervals: object) -> str:
    from forecast.views.words import percent_range

    if not isinstance(intervals, dict) or "0.8" not in intervals:
        return ""
    return percent_range(*intervals["0.8"])
