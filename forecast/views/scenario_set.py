"""Scenarios as a set, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from forecast.analysis.scenario_set_contract import Member, Overlap, ScenarioSet, Story
from forecast.views.section import Section
from forecast.views.tables import Block, Line, on_terminal
from forecast.views.words import clean, condition, humanised, percent

LEAST = 0.01
"""Overlaps with less of a chance are only counted."""

KINDS = {
    "contains": 'contains "{second}": nothing is left for it',
    "within": 'is part of "{second}", which takes the rest',
    "near-duplicate": 'is nearly the same as "{second}"',
    "overlap": 'overlaps "{second}", and takes what both have',
}


def render(found: ScenarioSet, *, width: int, colour: bool) -> str:
    """Return it as text.

    Parameters
    ----------
    found
        From `forecast.analysis.scenario_set.scenario_set`.
    width, colour
        Cells of the terminal, and whether to write ANSI codes.
    """
    return on_terminal(_blocks(found), width, colour)


def _blocks(found: ScenarioSet) -> Iterator[Block]:
    as_of = f", as of {found.as_of}" if found.as_of else ""
    yield [Line(f"The scenarios as a set: {clean(found.title or 'Forecast')}{as_of}", "bold")]
    yield [_members(found)]
    if found.overlaps:
        told = [overlap for overlap in found.overlaps if _is_told(overlap)]
        rest = len(found.overlaps) - len(told)
        more = [Line(f"and {rest} of less than 1 %", "dim", deep=True)] if rest else []
        yield [Line("Overlaps", "bold"), *map(_overlap, told), *more]
    year = (found.as_of or "")[:4]
    yield [
        Line(f"The likeliest stories: {percent(found.told, 1.0)} of all futures", "bold"),
        *(Line(_story(story, year), deep=True) for story in found.stories),
    ]
    typical = [(name, member) for name, member in found.scenarios.items() if member.traits]
    if typical:
        yield [
            Line("Typically (against all other futures)", "bold"),
            *(Line(_typical(name, member, year), deep=True) for name, member in typical),
        ]
    key = "holds: its own condition, whatever stands above it; taken above: by earlier scenarios."
    yield [Line(key, "dim")]


def _is_told(overlap: Overlap) -> bool:
    return overlap.both >= LEAST or overlap.kind != "overlap"


def _members(found: ScenarioSet) -> Section:
    rows = []
    for name, member in found.scenarios.items():
        taken = sum(member.taken.values())
        rows.append(
            (
                humanised(name),
                percent(member.probability, 1.0),
                "the rest" if member.remainder else percent(member.holds, 1.0),
                "" if member.remainder else percent(taken, 1.0),
            )
        )
    return Section("Scenario", "scenario", ("now", "holds", "taken above"), tuple(rows))


def _overlap(overlap: Overlap) -> Line:
    told = KINDS[overlap.kind].format(second=humanised(overlap.second))
    both = percent(overlap.both, 1.0)
    return Line(f'"{humanised(overlap.first)}" {told} (both: {both})', deep=True)


def _story(story: Story, year: str) -> str:
    facts = "; ".join(condition(fact, year) for fact in story.facts)
    return f"{percent(story.probability, story.mcse)} {humanised(story.scenario)}: {facts}"


def _typical(name: str, member: Member, year: str) -> str:
    parts = []
    for trait in member.traits:
        within, outside = percent(trait.within, 1.0), percent(trait.outside, 1.0)
        parts.append(f"{condition(trait.says, year)} {within} ({outside})")
    return f"{humanised(name)}: {'; '.join(parts)}"
