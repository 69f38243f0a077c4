"""The committed results are of the present engine, and the page is made from them."""

from __future__ import annotations

import pytest

from validation import page
from validation.families import FAMILIES
from validation.kept import constants, load, load_calibration
from validation.records import Record, record
from validation.study import exact

KEPT = load()
AGAIN = "the engine has changed: uv run python -m validation false-pass"
SAMPLE = ("two-modes-1", "two-modes-4", "j-shaped-1", "counted-2", "dated-2")
"""Models that are quickly built and run: several rungs, some that pass and some that do not."""


def test_the_engine_has_the_constants_that_were_studied() -> None:
    assert constants() == KEPT.constants, AGAIN


@pytest.mark.parametrize("name", SAMPLE)
def test_a_run_gives_what_was_kept(name: str) -> None:
    """The same draws, weights and verdict; scores to their last digit but one."""
    kept = next(one for one in KEPT.records if one.model == name)
    known = next(one for one in KEPT.models if one.model == name)
    family = FAMILIES[known.family]
    network = family.model(int(name.rsplit("-", 1)[1])).network()
    found = record(family.name, name, kept.seed, exact(network, kept.seed), known.truth)
    assert told(found) == told(kept), AGAIN
    assert found.scores == pytest.approx(kept.scores, abs=0.01), AGAIN


def told(one: Record) -> tuple[object, ...]:
    return one.status, one.draws, round(one.ess), round(one.khat, 2)


def test_every_family_was_studied() -> None:
    assert {one.family for one in KEPT.models} == FAMILIES.keys()
    assert {one.model for one in KEPT.records} == {m.model for m in KEPT.models if m.truth.trusted}


def test_the_page_is_made_from_what_is_kept() -> None:
    assert page.page(KEPT, load_calibration()) == page.PAGE.read_text("utf-8")
