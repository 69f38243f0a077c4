"""What a forecast hangs on: a tornado in characters, tables, sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from forecast.analysis.sensitivity_contract import (
    Alteration,
    Bar,
    Flip,
    Interaction,
    Overturn,
    Sensitivity,
)
from forecast.errors import UsageError, nearest
from forecast.summary.contract import Summary, significant
from forecast.views.judgements import judgement_name
from forecast.views.long_table import Row, delimited
from forecast.views.section import Section
from forecast.views.tables import Block, Line, in_markdown, on_terminal
from forecast.views.words import clean, condition, humanised, percent, percent_range

MOST_BARS, MOST_ALTERATIONS, MOST_TOLD = 12, 8, 5
CELLS = 31
CLEAR = 2.0
"""Monte Carlo errors that a change must exceed to be shown."""

COLUMNS = (
    *("run", "as_of", "kind", "name", "words", "scenario", "low", "high", "change", "mcse"),
    *("value_low", "value_high", "anew"),
)
"""The columns of the long table, explained in docs/sensitivity.md; only ever added to."""

KINDS = {
    "expert": "without",
    "statement": "without the statement",
    "report": "without the report",
    "lexicon": "words of",
    "policy": "policy",
}


def chosen(summary: Summary, name: str | None) -> str:
    """Return the scenario to show.

    Raises
    ------
    UsageError
        Where there is no such scenario, or none at all.
    """
    if not summary.scenarios or summary.lead is None:
        raise UsageError("this file names no scenarios: there is nothing to be sensitive")
    if name is None:
        return summary.lead.scenario
    if name not in summary.scenarios:
        hint = nearest(name, summary.scenarios) or f"one of {', '.join(summary.scenarios)}"
        raise UsageError(f"--scenario: there is no scenario `{name}`: {hint}")
    return name


def render(found: Sensitivity, scenario: str, *, width: int, colour: bool) -> str:
    """Return it as text for one scenario.

    Parameters
    ----------
    found
        From `forecast.analysis.sensitivity.sensitivity`.
    scenario
        The scenario that is shown.
    width, colour
        Cells of the terminal, and whether to write ANSI codes.
    """
    return on_terminal(_blocks(found, scenario), width, colour)


def render_markdown(found: Sensitivity, scenario: str) -> str:
    """Return it in Markdown."""
    return in_markdown(_blocks(found, scenario))


def render_csv(found: Sensitivity) -> str:
    """Return every number, a row for each judgement or alteration and scenario."""
    return delimited(COLUMNS, _rows(found))


def _blocks(found: Sensitivity, scenario: str) -> Iterator[Block]:
    as_of = f", as of {found.as_of}" if found.as_of else ""
    now = found.scenarios[scenario]
    yield [
        Line(f"{clean(found.title or 'Forecast')}{as_of}", "bold"),
        Line(f'What "{humanised(scenario)}" ({percent(now, 1.0)}) hangs on.'),
    ]
    if bars := list(_clear(found.judgements, scenario)):
        yield [_tornado(bars, scenario, now, found), *_rest(found, bars, scenario)]
    if altered := [a for a in _moving(found, scenario) if a.kind != "fixed"]:
        yield [_altered("Left out, or read otherwise", altered, scenario, now)]
    if fixed := [a for a in _moving(found, scenario) if a.kind == "fixed"]:
        yield [_altered("Numbers without a range, by one logit (///)", fixed, scenario, now)]
    if found.interactions:
        yield [Line("Together", "bold"), *_together(found.interactions, found)]
    yield [Line("What would change the lead", "bold"), *_flips(found)]
    last = [Line(f"Not varied: {clean(text)}.", "dim") for text in found.skipped]
    key = (
        "< and > mark the chance with the judgement at its 5 % and 95 % point, : the chance now; "
        "points: > less <; what moves it by less than two Monte Carlo errors is left out."
    )
    yield [*last, Line(key, "dim"), Line(f"Run {found.run}, {found.draws:,} draws.", "dim")]


def _clear(bars: Sequence[Bar], scenario: str) -> Iterator[Bar]:
    ranked = sorted(bars, key=lambda bar: -abs(bar.scenarios[scenario].change))
    for bar in ranked:
        swing = bar.scenarios[scenario]
        if abs(swing.change) > CLEAR * swing.mcse + 1e-9:
            yield bar


def _tornado(bars: Sequence[Bar], scenario: str, now: float, found: Sensitivity) -> Section:
    shown = bars[:MOST_BARS]
    ends = [
        now,
        *(end for b in shown for end in (b.scenarios[scenario].low, b.scenarios[scenario].high)),
    ]
    year = (found.as_of or "")[:4]
    rows = []
    for bar in shown:
        swing = bar.scenarios[scenario]
        drawn = tornado_bar(swing.low, swing.high, now, (min(ends), max(ends)))
        rows.append(
            (
                f'{_name(bar, year)}: "{clean(bar.words)}"',
                percent_range(swing.low, swing.high, " -> "),
                f"{100 * swing.change:+.0f}",
                drawn,
            )
        )
    axis = percent_range(min(ends), max(ends), " to ")
    return Section(
        "Judgements at their 5 % and 95 % points",
        "judgement",
        ("chance", "points", axis),
        tuple(rows),
    )


def tornado_bar(low: float, high: float, now: float, axis: tuple[float, float]) -> str:
    """Draw a bar from one end to the other.

    >>> tornado_bar(0.2, 0.4, 0.3, (0.1, 0.5))
    '|       <------:------->       |'
    """
    width = max(axis[1] - axis[0], 1e-9)

    def place(chance: float) -> int:
        return round((min(max(chance, axis[0]), axis[1]) - axis[0]) / width * (CELLS - 2))

    marks = [" "] * (CELLS - 1)
    for i in range(min(place(low), place(high)), max(place(low), place(high)) + 1):
        marks[i] = "-"
    marks[place(now)] = ":"
    marks[place(low)], marks[place(high)] = "<", ">"
    return f"|{''.join(marks)}|"


def _rest(found: Sensitivity, bars: Sequence[Bar], scenario: str) -> Iterator[Line]:
    others = len(found.judgements) - min(len(bars), MOST_BARS)
    if others:
        largest = max((abs(b.scenarios[scenario].change) for b in bars[MOST_BARS:]), default=0.0)
        text = f", up to {100 * largest:.0f} points" if largest >= 0.005 else ", none clearly"
        yield Line(f"and {others} others{text}", "dim")


def _moving(found: Sensitivity, scenario: str) -> list[Alteration]:
    clear = [
        each
        for each in found.alterations
        if abs(each.scenarios[scenario].change) > CLEAR * each.scenarios[scenario].mcse + 1e-9
        and abs(each.scenarios[scenario].change) >= 0.005
    ]
    return sorted(clear, key=lambda each: -abs(each.scenarios[scenario].change))


def _altered(title: str, altered: Sequence[Alteration], scenario: str, now: float) -> Section:
    rows = []
    for each in altered[:MOST_ALTERATIONS]:
        shift = each.scenarios[scenario]
        told = [
            _altered_name(each),
            percent_range(now, shift.probability, " -> "),
            f"{100 * shift.change:+.0f}",
        ]
        rows.append((*told, "///" if each.kind == "fixed" else ""))
    hatched = any(each.kind == "fixed" for each in altered)
    kept = [row if hatched else row[:-1] for row in rows]
    return Section(title, "what", ("chance", "points", *(("",) if hatched else ())), tuple(kept))


def _altered_name(each: Alteration | Overturn) -> str:
    if each.kind == "fixed":
        return f"{judgement_name(each.name)}: {clean(each.words)}"
    lead = KINDS[each.kind]
    words = f": {condition(each.words)}" if each.words != "left out" else ""
    if each.kind == "lexicon":
        words = ""
    return f"{lead} {humanised(each.name)}{words}"


def _together(pairs: Sequence[Interaction], found: Sensitivity) -> Iterator[Line]:
    year = (found.as_of or "")[:4]
    for pair in pairs[:MOST_TOLD]:
        first, second = (
            judgement_name(name, year) if not name.startswith("experts.") else _lean(name)
            for name in (pair.first, pair.second)
        )
        moves = (
            f'"{first}" moves "{humanised(pair.scenario)}" by {abs(100 * pair.change):.0f} points'
        )
        more = "more" if pair.change > 0 else "less"
        yield Line(f'{moves} {more} where "{second}" is high than where it is low', deep=True)


def _flips(found: Sensitivity) -> Iterator[Line]:
    year = (found.as_of or "")[:4]
    if not found.flips and not found.flipped_by:
        yield Line(
            "No single judgement within its 1-99 % range, and nothing left out or read otherwise.",
            deep=True,
        )
    bars = {bar.name: bar for bar in found.judgements}
    for flip in found.flips[:MOST_TOLD]:
        yield Line(_flip(flip, bars[flip.name], year), deep=True)
    for each in found.flipped_by[:MOST_TOLD]:
        yield Line(f'"{humanised(each.leader)}" leads: {_altered_name(each)}', deep=True)


def _flip(flip: Flip, bar: Bar, year: str) -> str:
    side = "above" if flip.above else "below"
    value = figure(flip.value, bar)
    level = percent(flip.level, 1.0)
    return (
        f'"{humanised(flip.leader)}" leads if {_name(bar, year)} is {side} {value} '
        f"(its {level} point, {flip.distance:.1f} sd from now)"
    )


def figure(value: float, bar: Bar) -> str:
    """Write the value of a judgement as it was written: per cent, a multiplier, a rate, a lean."""
    if bar.name.startswith("experts."):
        return f"{value:+.1f} sd"
    if bar.words.startswith(("x", "strongly")) or ".odds." in bar.name:
        return f"x{value:.2g}"
    if value < 0.02 and " in " in bar.words:
        return f"{value:.2g} a day"
    return percent(value, 1.0) if value <= 1 else f"{value:.3g}"


def _name(bar: Bar, year: str) -> str:
    return _lean(bar.name) if bar.name.startswith("experts.") else judgement_name(bar.name, year)


def _lean(name: str) -> str:
    return f"{humanised(name.split('.')[1])}'s story"


def _rows(found: Sensitivity) -> Iterator[Row]:
    run = {"run": found.run, "as_of": found.as_of}
    for bar in found.judgements:
        for scenario, swing in bar.scenarios.items():
            yield {
                **run,
                "kind": "judgement",
                "name": bar.name,
                "words": bar.words,
                "scenario": scenario,
                "low": significant(swing.low),
                "high": significant(swing.high),
                "change": significant(swing.change),
                "mcse": significant(swing.mcse),
                "value_low": significant(bar.values[0]),
                "value_high": significant(bar.values[1]),
            }
    for each in found.alterations:
        for scenario, shift in each.scenarios.items():
            yield {
                **run,
                "kind": each.kind,
                "name": each.name,
                "words": each.words,
                "scenario": scenario,
                "high": significant(shift.probability),
                "change": significant(shift.change),
                "mcse": significant(shift.mcse),
                "anew": "yes" if each.anew else "no",
            }
