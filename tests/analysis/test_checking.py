"""Checking files: what was understood agrees with the file, what is wrong is all told at once."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from writing import BASE, Project

from forecast.analysis.check import check, check_file
from forecast.analysis.contract import Understood

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path / "project")
    project.load()  # writes the sound files
    return project


def understood(project: Project, text: str = BASE) -> Understood:
    report = check_file(project.write("scenarios/s.yaml", text))
    assert report.errors == 0, report.faults
    assert report.understood is not None
    return report.understood


def test_questions_are_understood(project: Project) -> None:
    found = understood(project)
    assert list(found.questions) == ["will", "meeting", "place", "troops", "visits"]
    place, troops, will = (found.questions[name] for name in ("place", "troops", "will"))
    assert (will.role, will.type, will.parents) == ("latent", "binary", ())
    assert (place.role, place.states, place.table) == ("question", ("moscow", "east", "none"), 3)
    # report_by cuts the window in two; `never` is the third state.
    assert troops.states == ("2025-04-09..2025-06-30", "2025-07-01..2025-12-31", "never")
    assert troops.window == ("2025-04-09", "2025-12-31")
    assert troops.parameters == ("questions.troops.occurs",)
    assert found.questions["meeting"].parameters == ("own.mine",)


def test_tables_of_questions_with_parents(project: Project) -> None:
    body = "  q: {type: binary, prior: {cases: {troops by 2025-06-30: likely, place is none: even, otherwise: 5% (1..12)}}}\n"
    found = understood(project, BASE.replace("statements:\n", body + "statements:\n"))
    question = found.questions["q"]
    assert question.parents == ("troops", "place")
    assert question.table == 3 * 3 * 2
    assert len(question.parameters) == 3


def test_judgements_name_their_words_and_sources(project: Project) -> None:
    found = understood(project)
    visits = found.parameters["doo.visits"]
    assert (visits.who, visits.said, visits.words) == ("Doo", "2025-04-01", "8 in 20 months")
    # Gamma(8.5, 20 * 30.4375 days): mean 8.5 / 608.75
    assert visits.mean == pytest.approx(8.5 / 608.75)
    shares = found.parameters["questions.place.prior.moscow"]
    assert shares.mean == pytest.approx(0.2)
    # mine, will, place, troops, visits and the multiplier of the report; the statement is no prior
    assert found.judgements == 6


def test_sources_are_accounted_for(project: Project) -> None:
    doo, own = (understood(project).sources[alias] for alias in ("doo", "own"))
    assert (doo.claims, doo.used, doo.unused) == (4, 3, 1)
    assert (own.claims, own.used, own.unused) == (1, 1, 0)


def test_evidence_and_statements(project: Project) -> None:
    found = understood(project)
    report = found.evidence["report"]
    assert report.reliability == pytest.approx(0.9 * 0.9)
    assert (report.grade, report.counts, report.tells) == ("B2", True, {"meeting": "doo.chip"})
    (statement,) = found.statements
    assert (statement.of, statement.says, statement.who) == ("meeting", "likely", "Doo")
    assert statement.knew == ("report",)  # said on 1 April, the report is of 1 March


def test_all_faults_of_all_files_in_one_report(project: Project) -> None:
    one = project.write("scenarios/one.yaml", BASE.replace("a: meeting", "a: meating"))
    two = project.write("scenarios/two.yaml", BASE.replace("40% (20..60)", "40% (50..60)"))
    report = check([one, two, project.root / "scenarios/s.yaml", project.root / "nowhere.yaml"])
    assert [file.errors for file in report.files] == [1, 1, 0, 1]
    errors = [fault.code for fault in report.faults if fault.severity == "error"]
    assert errors == ["unknown-question", "range-order", "no-file"]
    assert [file.understood is None for file in report.files] == [True, True, False, True]


def test_warnings_are_told_beside_errors(project: Project) -> None:
    text = BASE.replace("title: T", "title: T #3").replace("a: meeting", "a: meating")
    report = check_file(project.write("scenarios/s.yaml", text))
    assert [f.code for f in report.faults] == ["hash-in-text", "unknown-question"]
    assert report.errors == 1


def test_faults_that_only_building_finds(project: Project) -> None:
    text = BASE.replace("40% (20..60)", "2% (0..60)")
    report = check_file(project.write("scenarios/s.yaml", text))
    assert [f.code for f in report.faults] == ["range-too-wide"]


def test_the_report_as_json(project: Project) -> None:
    whole = json.loads(check([project.root / "scenarios/s.yaml"]).to_json())
    assert whole["output_version"] == 1
    (file,) = whole["files"]
    assert {fault["severity"] for fault in file["faults"]} == {"warning"}
    assert file["understood"]["sources"]["doo"]["used"] == 3


def test_textbook_cases_raise_no_question() -> None:
    for case in ("korea_1950", "chest_clinic"):
        assert check_file(ROOT / "scenarios" / f"{case}.yaml").faults == ()


def test_the_first_case_raises_one_question() -> None:
    """The expert's trip against the base rates: the contradiction that the case is about."""
    (fault,) = check_file(ROOT / "scenarios" / "victory_day_2025.yaml").faults
    assert (fault.code, fault.path) == ("contradiction", ("statements", 0, "says"))
    assert "Doo Jin-ho says 70 % of `visit_moscow`; the rest of the file implies 9 %" in fault.text


def test_questions_that_hang_together_too_closely(project: Project) -> None:
    """Forty questions, each with six causes among the ones before: too many worlds at once."""
    dice = random.Random(3)
    lines = []
    for i in range(40):
        causes = ", ".join(f"n{j}: x1.5 (1.1..2)" for j in sorted(dice.sample(range(i), min(i, 6))))
        prior = f"{{base: 30% (15..50), odds: {{{causes}}}}}" if causes else "30% (15..50)"
        lines.append(f"  n{i}: {{type: binary, prior: {prior}}}\n")
    text = BASE.replace("statements:\n", f"{''.join(lines)}statements:\n")
    report = check_file(project.write("scenarios/s.yaml", text))
    assert report.errors == 0
    (fault,) = [fault for fault in report.faults if fault.code == "tangled"]
    assert "questions have to be kept in view at once" in fault.text
    assert report.understood is not None
    assert report.understood.sign_off == ()


def test_dates_that_are_compared(project: Project) -> None:
    """The days of a date stand in a node of their own, which nobody has to see."""
    more = "  march: {type: date, occurs: 40% (20..60), timing: [evenly]}\n"
    more += "  first: {type: binary, means: march before troops}\n"
    found = understood(project, BASE.replace("statements:\n", f"{more}statements:\n"))
    assert found.questions["first"].parents == ("march", "troops")
    assert "first" in {row.says for row in found.sign_off}


def test_members_of_a_pool_are_asked_about_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(
        "forecast: 1\ntitle: T\nas_of: 2025-04-08\nhorizon: 2025-12-31\nlexicon: icd203\n"
        "judgements: {both: {about: x by May, read_as: {pool: [likely, unlikely], method: linear}}}\n"
        "questions:\n"
        "  x: {type: binary, prior: {pool: [own.one, 50% (49..51), 30%], method: log_odds}}\n"
        "  y: {type: binary, prior: own.both}\n"
        "scenarios: {a: x and y, rest: otherwise}\n".replace("own.one", "likely")
    )
    faults = check_file(tmp_path / "s.yaml").faults
    assert not [fault for fault in faults if fault.severity == "error"]
    assert [f.path[-1] for f in faults if f.code == "overconfident"] == [1]
