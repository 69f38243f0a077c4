"""Scenarios as a set and their stories, by hand on three questions."""

from __future__ import annotations

import json

import pytest
from comparing import column

from forecast.analysis.scenario_set import scenario_set
from forecast.analysis.scenario_set_contract import ScenarioSet
from forecast.cli.schema import schema_text
from forecast.errors import UsageError

CHAIN = """
questions:
  a: {type: binary, prior: 60%}
  b: {type: binary, prior: {cases: {a: 80%, otherwise: 20%}}}
  c: {type: binary, prior: {cases: {b: 90%, otherwise: 10%}}}
scenarios: {first: a and b, second: c, rest: otherwise}
"""


def found(body: str) -> ScenarioSet:
    made = column("x", body)
    assert made.solved is not None
    return scenario_set(made.solved, made.summary)


def _by_hand() -> dict[tuple[bool, bool, bool], float]:
    """P(a, b, c) = P(a) P(b | a) P(c | b)."""
    worlds = {}
    for a in (True, False):
        for b in (True, False):
            for c in (True, False):
                of_b, of_c = (0.8 if a else 0.2), (0.9 if b else 0.1)
                chance = (0.6 if a else 0.4) * (of_b if b else 1 - of_b) * (of_c if c else 1 - of_c)
                worlds[a, b, c] = chance
    return worlds


def test_all_stories_by_hand() -> None:
    told, worlds = found(CHAIN), _by_hand()
    ranked = sorted(worlds, key=lambda world: -worlds[world])
    assert [story.probability for story in told.stories] == pytest.approx(
        [worlds[world] for world in ranked]
    )
    for story, (a, b, c) in zip(told.stories[:4], ranked[:4], strict=True):
        says = (f"{'' if a else 'not '}a", f"{'' if b else 'not '}b", f"{'' if c else 'not '}c")
        assert story.facts == says
        assert story.scenario == ("first" if a and b else "second" if c else "rest")
    assert told.told == pytest.approx(1)


def test_overlaps_and_what_is_taken() -> None:
    told, worlds = found(CHAIN), _by_hand()
    (overlap,) = told.overlaps
    both = worlds[True, True, True]
    c = sum(chance for world, chance in worlds.items() if world[2])
    assert (overlap.first, overlap.second, overlap.kind) == ("first", "second", "overlap")
    assert overlap.both == pytest.approx(both)
    assert overlap.share == pytest.approx(both / (0.48 + c - both))
    second = told.scenarios["second"]
    assert second.holds == pytest.approx(c)
    assert second.taken == {"first": pytest.approx(both)}
    assert second.probability == pytest.approx(c - both)
    assert told.scenarios["rest"].remainder


def test_one_scenario_within_another() -> None:
    (overlap,) = found(
        CHAIN.replace("first: a and b, second: c", "wide: a, narrow: a and b")
    ).overlaps
    assert (overlap.first, overlap.kind) == ("wide", "contains")
    (overlap,) = found(
        CHAIN.replace("first: a and b, second: c", "narrow: a and b, wide: a")
    ).overlaps
    assert (overlap.first, overlap.kind) == ("narrow", "within")
    (overlap,) = found(
        CHAIN.replace("first: a and b, second: c", "one: a or c, two: a or b or c")
    ).overlaps
    assert overlap.kind == "within"


def test_what_a_scenario_looks_like() -> None:
    traits = {trait.says: trait for trait in found(CHAIN).scenarios["first"].traits}
    worlds = _by_hand()
    outside = 1 - 0.48
    c_outside = sum(chance for (a, b, c), chance in worlds.items() if c and not (a and b))
    assert traits["c"].within == pytest.approx(0.9)
    assert traits["c"].outside == pytest.approx(c_outside / outside)


def test_an_atom_and_its_denial_are_one_fact() -> None:
    told = found(CHAIN.replace("first: a and b, second: c", "first: not a, second: a is yes and c"))
    assert len(told.stories) == 4
    assert {len(story.facts) for story in told.stories} == {2}


DATES = """
questions:
  x: {type: date, occurs: 50%, timing: [evenly]}
  y: {type: date, occurs: 50%, timing: [evenly]}
scenarios: {x_first: x before y, y_only: not x and y by 2025-06-30, rest: otherwise}
"""


def test_dates_that_are_compared() -> None:
    told = found(DATES)
    assert told.told == pytest.approx(1)
    # x and not y, or both with x the earlier of 267 days: a tie is false.
    early = 0.25 + 0.25 * (1 - 1 / 267) / 2
    assert told.scenarios["x_first"].holds == pytest.approx(early)
    assert told.stories[0].facts[0] in ("x before y", "not (x before y)")


def test_reordering_and_too_much() -> None:
    lines = CHAIN.strip().split("\n")
    other = "\n".join([lines[0], lines[1], lines[3], lines[2], lines[4]])
    assert [s.probability for s in found(other).stories] == pytest.approx(
        [s.probability for s in found(CHAIN).stories]
    )
    many = "questions:\n" + "\n".join(f"  q{i}: {{type: binary, prior: 50%}}" for i in range(11))
    whole = (
        f"{many}\nscenarios: {{all: {' and '.join(f'q{i}' for i in range(11))}, rest: otherwise}}"
    )
    with pytest.raises(UsageError, match="11 facts"):
        found(whole)


def test_the_json_is_what_its_schema_says() -> None:
    import jsonschema

    jsonschema.validate(json.loads(found(CHAIN).to_json()), json.loads(schema_text("scenario-set")))
