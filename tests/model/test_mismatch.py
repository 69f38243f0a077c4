"""Claims held against the questions they are used for: another event, another horizon."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from writing import Project

from forecast.errors import Fault

FILE = """\
forecast: 1
title: T
as_of: 2025-04-08
horizon: 2025-12-31
lexicon: icd203
use: {doo: ../priors/doo.yaml}
questions:
  visit: {text: First day on which Kim is in Russia, type: date, occurs: 40% (20..60), timing: [constant]}
  place: {text: Where he goes, type: categorical, states: [moscow, east], only_if: visit, prior: {shares: {moscow: 40%, east: 60%}, worth: 8}}
  moscow: {text: Kim is in Moscow, type: binary, by: 2025-05-31, means: visit by 2025-05-31 and place is moscow}
  treaty: {text: Both sign a treaty, type: binary, by: 2025-05-31, prior: 30% (15..48)}
STATEMENT
scenarios: {a: moscow, b: otherwise}
"""
PRIORS = """\
priors: 1
source: {who: Doo, said: 2025-04-08}
lexicon: icd203
judgements:
  claim: {CLAIM}
"""


type Told = Callable[..., tuple[Fault, ...]]


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """Return what loading says of a file with a statement, and a claim in its priors."""
    project = Project(tmp_path / "project")

    def of(statement: str, claim: str, file: str = FILE) -> tuple[Fault, ...]:
        text = file.replace("STATEMENT", statement)
        return project.load(text, PRIORS.replace("CLAIM", claim)).warnings

    return of


def test_a_claim_that_fits_is_left_alone(told: Told) -> None:
    claim = "about: Kim is in Russia by the end of May, read_as: 60% (40..80)"
    assert told("statements: [{of: visit by 2025-05-31, says: doo.claim}]", claim) == ()
    claim = "about: a treaty is signed by 31 May 2025, read_as: 60% (40..80)"
    assert told("statements: [{of: treaty, says: doo.claim}]", claim) == ()


def test_another_horizon_of_a_date_is_asked_by_its_day(told: Told) -> None:
    claim = "about: Kim is in Russia by 9 May, read_as: 60% (40..80)"
    (fault,) = told("statements: [{of: visit, says: doo.claim}]", claim)
    assert (fault.code, fault.severity, fault.line) == ("other-horizon", "warning", 12)
    assert '"Kim is in Russia by 9 May"' in fault.text
    assert "looks to 2025-05-09" in fault.text
    assert "`visit`, which looks to 2025-12-31" in fault.text
    assert fault.fix == "write of: visit by 2025-05-09"


def test_another_horizon_of_a_yes_or_no_is_carried_over_at_a_constant_hazard(told: Told) -> None:
    """Said on 8 April: 31 days to 9 May, 53 to 31 May; 1 - 0.4^(53/31) = 0.791."""
    claim = "about: they sign a treaty by 9 May, read_as: 60% (40..80)"
    (fault,) = told("statements: [{of: treaty, says: doo.claim}]", claim)
    assert fault.code == "other-horizon"
    carried = re.search(r"60 % by 2025-05-09 is (\d+) % by 2025-05-31", fault.fix)
    assert carried is not None
    assert int(carried[1]) == round(100 * (1 - 0.4 ** (53 / 31)))
    assert "a number of your own" in fault.fix


def test_a_number_of_the_model_is_held_against_the_window_too(told: Told) -> None:
    file = FILE.replace("prior: 30% (15..48)", "prior: doo.claim")
    claim = "about: they sign a treaty by 9 May, read_as: 60% (40..80)"
    (fault,) = told("", claim, file)
    assert (fault.code, fault.line) == ("other-horizon", 11)
    assert f"{100 * (1 - 0.4 ** (53 / 31)):.0f} %" in fault.fix


def test_a_claim_of_later_days_only(told: Told) -> None:
    claim = "about: Kim is in Russia from 25 April to 23 May 2025, read_as: 60% (40..80)"
    (fault,) = told("statements: [{of: visit by 2025-05-23, says: doo.claim}]", claim)
    assert fault.fix == "write of: visit in 2025-04-25..2025-05-23"
    of = "visit in 2025-04-25..2025-05-23"
    assert told(f"statements: [{{of: {of}, says: doo.claim}}]", claim) == ()


def test_the_days_of_what_a_question_is_made_of_count(told: Told) -> None:
    """`place` has the window of the file, but it is the visit that is asked for by the end of May."""
    claim = "about: Kim in Moscow by 31 May 2025, read_as: 60% (40..80)"
    assert told("statements: [{of: moscow, says: doo.claim}]", claim) == ()


def test_a_stated_horizon_goes_before_the_words(told: Told) -> None:
    claim = "about: Kim is in Russia when they march, horizon: 2025-05-09, read_as: 60% (40..80)"
    (fault,) = told("statements: [{of: visit, says: doo.claim}]", claim)
    assert fault.fix == "write of: visit by 2025-05-09"
    assert told("statements: [{of: visit by 2025-05-09, says: doo.claim}]", claim) == ()


def test_rough_days_have_a_fortnight(told: Told) -> None:
    claim = "about: Kim is in Russia around 9 May, read_as: 60% (40..80)"
    assert told("statements: [{of: visit by 2025-05-23, says: doo.claim}]", claim) == ()
    assert told("statements: [{of: visit by 2025-06-30, says: doo.claim}]", claim) != ()


def test_a_name_that_the_question_does_not_know_is_another_event(told: Told) -> None:
    claim = "about: that Kim goes to Minsk, read_as: 60% (40..80)"
    (fault,) = told("statements: [{of: visit, says: doo.claim}]", claim)
    assert fault.code == "other-event"
    assert '"that Kim goes to Minsk"' in fault.text
    assert '"First day on which Kim is in Russia"' in fault.text
    assert "`Minsk` is named in the claim alone" in fault.text
    assert "claims: [doo.claim] under `visit`" in fault.fix


def test_an_author_who_has_compared_them_says_so(told: Told) -> None:
    claim = "about: that Kim goes to Minsk, read_as: 60% (40..80)"
    file = FILE.replace("type: date,", "type: date, claims: [doo.claim],")
    assert told("statements: [{of: visit, says: doo.claim}]", claim, file) == ()


def test_a_claim_of_another_question(told: Told) -> None:
    claim = "about: Kim is in Russia, read_as: 60% (40..80)"
    file = FILE.replace(
        "type: binary, by: 2025-05-31, prior",
        "type: binary, claims: [doo.claim], by: 2025-05-31, prior",
    )
    (fault,) = told("statements: [{of: visit, says: doo.claim}]", claim, file)
    assert fault.code == "other-event"
    assert "`treaty` lists as its claim" in fault.text


def test_no_word_in_common(told: Told) -> None:
    claim = "about: the harvest fails, read_as: 60% (40..80)"
    (fault,) = told("statements: [{of: treaty, says: doo.claim}]", claim)
    assert "not a word is common to both" in fault.text


def test_records_of_past_cases_are_about_a_class_not_an_event(told: Told) -> None:
    file = FILE.replace("prior: 30% (15..48)", "prior: doo.claim")
    claim = "about: share of invitations to Minsk in 2019, read_as: {successes: 1, of: 3}"
    assert told("", claim, file) == ()
