"""Lint of the file alone: each rule seen on a file, and seen to leave its neighbours alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from writing import Project

from forecast.errors import Fault
from forecast.spec.lint import lint

SOUND = """\
forecast: 1
title: T
as_of: 2025-04-08
horizon: 2025-12-31
lexicon: icd203
use: {doo: ../priors/doo.yaml}
judgements:
  mine: {read_as: likely}
latents:
  will: {text: Both sides want it, prior: 50% (22..78)}
questions:
  meeting:
    text: The two meet by 2025-12-31
    type: binary
    prior: {cases: {will: own.mine, otherwise: unlikely}}
    resolves: A government says so.
    sources: [Kremlin]
  place:
    text: Where they meet
    type: categorical
    states: [moscow, east]
    only_if: meeting
    prior: {shares: {moscow: 20%, east: 80%}, worth: 8}
    resolves: The city of the first day.
    sources: [Kremlin]
  troops:
    text: First day on which troops arrive
    type: date
    occurs: 40% (20..60)
    timing: [{between: 2025-05-01..2025-05-31, share: 30%}, evenly]
    resolves: The JCS says so.
    sources: [JCS]
  visits:
    text: Visits in 2025
    type: count
    rate: doo.visits
    resolves: KCNA reports them.
    sources: [KCNA]
statements:
  - {of: meeting, says: doo.trip}
evidence:
  - {id: report, date: 2025-03-01, text: t, source: KCNA, grade: B2, odds: {will: doo.chip}}
scenarios:
  a: place is moscow
  b: otherwise
watch: [troops, visits]
unused: {doo.sure: not in doubt}
"""

PRIORS = """\
priors: 1
source: {who: Doo, said: 2025-04-01}
lexicon: plain
judgements:
  trip: {read_as: likely}
  visits: {read_as: {events: 8, in: 20 months}}
  chip: {read_as: x2 (1.1..4)}
  sure: {read_as: certain}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


def warnings(project: Project, text: str) -> list[Fault]:
    found = list(lint(project.load(text, PRIORS).context))
    assert all(fault.severity == "warning" and fault.fix for fault in found)
    return found


def test_a_sound_file_has_none(project: Project) -> None:
    assert warnings(project, SOUND) == []


MEETING = "    text: The two meet by 2025-12-31\n"
REPORT = (
    "  - {id: report, date: 2025-03-01, text: t, source: KCNA, grade: B2, odds: {will: doo.chip}}\n"
)
AGAIN = (
    "  - {id: again, date: 2025-03-09, text: t, source: kcna, grade: B2, odds: {will: x2 (1..4)}}\n"
)
WILL = "  will: {text: Both sides want it, prior: 50% (22..78)}\n"

ROWS: list[tuple[str, str, int, str, str, str]] = [
    ("    resolves: A government says so.\n    sources: [Kremlin]\n  place", "  place", 12, "unresolvable", "`resolves` and `sources` are missing", "what counts as yes"),
    ("    sources: [JCS]\n", "", 26, "unresolvable", "what settles `troops`: `sources` is missing", ""),
    (MEETING, "    text: The two meet\n", 12, "no-deadline", "`meeting` names no last day: the horizon 2025-12-31", "by: 2025-12-31"),
    ("text: Visits in 2025", "text: Visits", 33, "no-deadline", "`visits` names no last day", ""),
    (MEETING, "    text: The two may meet by 2025-12-31\n", 13, "vague-words", "`may` leaves open", "the numbers"),
    ("A government says so.", "It could be seen.", 16, "vague-words", "`could` leaves open", ""),
    (MEETING, "    text: The two meet soon, by 2025-12-31\n", 13, "vague-words", "`soon` is read differently", "a number, a list or a day"),
    ("Both sides want it", "Both sides possibly want it", 10, "vague-words", "`possibly`", ""),
    ("  - {of: meeting, says: doo.trip}\n", "  - {of: meeting, says: doo.trip}\n  - {of: place is moscow, says: doo.trip}\n", 41, "counted-twice", "already stated on line 40", "keep the statement"),
    ("40% (20..60)", "40%", 29, "fixed-number", "`40%` has no range", "numbers: exact"),
    ("odds: {will: doo.chip}", "odds: {will: x2, meeting: doo.chip}", 42, "fixed-number", "`x2` has no range", "x2 (1.2..3.5)"),
    (", worth: 8}", "}", 23, "fixed-number", "the shares have no `worth`", "worth: 8"),
    (WILL, WILL + "  mood: {text: m, prior: 50% (22..78)}\n", 11, "no-effect", "`mood` moves nothing", "take it out"),
    ("watch: [troops, visits]", "watch: [visits]", 26, "no-effect", "`troops` stands alone", "watch:"),
    ("    type: count\n", "    type: count\n    window: 2025-01-01..2025-04-01\n", 33, "window-over", "the window of `visits` has closed on 2025-04-01", "observed:"),
    (", grade: B2", "", 42, "ungraded", "`report` has no grade", "A1 to F6"),
    (REPORT, REPORT + AGAIN, 43, "same-origin", "`again` and `report` come from kcna within two weeks and speak of `will`", "group:"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "code", "said", "fix"), ROWS)
def test_rules(
    project: Project, old: str, new: str, line: int, code: str, said: str, fix: str
) -> None:
    assert SOUND.count(old) == 1
    found = warnings(project, SOUND.replace(old, new))
    assert [(f.line, f.code) for f in found] == [(line, code)], found
    assert said in found[0].text
    assert fix in found[0].fix


def test_a_claim_in_a_row_and_in_a_statement(project: Project) -> None:
    text = SOUND.replace("{cases: {will: own.mine", "{cases: {will: doo.trip")
    (fault,) = warnings(project, text.replace("judgements:\n  mine: {read_as: likely}\n", ""))
    assert (fault.code, fault.line) == ("counted-twice", 38)
    assert "`doo.trip` is a row of the model on line 13 and a statement" in fault.text


def test_a_prior_said_after_the_reports_below_it(project: Project) -> None:
    """Doo knew the report of 1 March when he spoke on 1 April; he did not know that of 5 April."""
    text = SOUND.replace("  - {of: meeting, says: doo.trip}\n", "").replace("statements:\n", "")
    text = text.replace("prior: 50% (22..78)", "prior: doo.trip")
    late = REPORT.replace("id: report, date: 2025-03-01", "id: late, date: 2025-04-05")
    (fault,) = warnings(project, text.replace(REPORT, REPORT + late))
    assert (fault.code, fault.line) == ("counted-twice", 10)
    assert "`doo.trip` was said on 2025-04-01, when `report` was known" in fault.text
    assert warnings(project, text.replace(REPORT, late)) == []


def test_a_report_below_a_cause_counts_too(project: Project) -> None:
    text = SOUND.replace("  - {of: meeting, says: doo.trip}\n", "").replace("statements:\n", "")
    text = text.replace("prior: 50% (22..78)", "prior: doo.trip")
    (fault,) = warnings(project, text.replace("odds: {will: doo.chip}", "odds: {place is moscow: doo.chip}"))  # fmt: skip
    assert fault.code == "counted-twice"


QUIET = [
    (REPORT, REPORT + AGAIN.replace("2025-03-09", "2025-03-29")),
    (REPORT, REPORT + AGAIN.replace("kcna", "TASS")),
    (REPORT, REPORT + AGAIN.replace("{will", "{troops")),
    (
        REPORT,
        REPORT.replace("grade", "group: g, grade") + AGAIN.replace("grade", "group: g, grade"),
    ),
    ("40% (20..60)", "certain"),
    (MEETING, "    text: The two meet\n    by: 2025-05-31\n"),
    (MEETING, "    text: The two meet by the end of the year\n"),
    (MEETING, "    text: The two meet on 9 May\n"),
    ("A government says so.", "A government says so in May, as soon as it can."),
    ("    type: count\n", "    type: count\n    window: 2025-01-01..2025-05-01\n"),
    ("own.mine", "{successes: 3, of: 9}"),
]


@pytest.mark.parametrize(("old", "new"), QUIET)
def test_what_is_left_alone(project: Project, old: str, new: str) -> None:
    text = SOUND.replace(old, new)
    if old == "own.mine":
        text = text.replace("judgements:\n  mine: {read_as: likely}\n", "")
    assert warnings(project, text) == []


def test_textbook_files_are_left_alone(project: Project) -> None:
    text = SOUND.replace("lexicon: icd203\n", "lexicon: icd203\nnumbers: exact\n")
    for old, new in (("40% (20..60)", "40%"), (", grade: B2", ""), ("    sources: [JCS]\n", "")):
        text = text.replace(old, new)
    assert warnings(project, text.replace("watch: [troops, visits]\n", "")) == []


def test_an_answer_on_record_opens_no_question(project: Project) -> None:
    text = SOUND.replace("    type: count\n", "    type: count\n    window: 2025-01-01..2025-04-01\n")  # fmt: skip
    seen = "  - {id: seen, date: 2025-04-01, text: t, source: KCNA, grade: A1, observed: visits >= 1}\n"
    assert warnings(project, text.replace(REPORT, REPORT + seen)) == []
