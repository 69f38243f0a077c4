"""Conditional tables of fixed numbers, and files that say nothing of days."""

from __future__ import annotations

from pathlib import Path

import pytest

import forecast
from forecast.errors import InvalidFile

HEAD = "forecast: 1\nnumbers: exact\ndefaults: {type: categorical}\nquestions:\n"
ROOT = "  a: {states: [y, n], prior: {table: {rows: [0.2 0.8]}}}\n"


def child(table: str) -> str:
    return f"  b:\n    states: [u, v, w]\n    prior:\n      table: {table}\n"


def faults(tmp_path: Path, text: str) -> list[tuple[int, str, str, str]]:
    path = tmp_path / "x.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(InvalidFile) as caught:
        forecast.load(path)
    return [(f.line, f.code, f.text, f.fix) for f in caught.value.faults]


GOOD = "[0.1 0.2 0.7, 0.3 0.3 0.4]"


@pytest.mark.parametrize(
    ("table", "code", "said", "fix"),
    [
        ("{parents: [aa], rows: " + GOOD + "}", "unknown-question", "there is no question `aa`", "did you mean `a`?"),
        ("{parents: [a, a], rows: " + GOOD + "}", "duplicate-key", "`a` is named twice", "take one out"),
        ("{parents: [a], rows: [0.1 0.2 0.7]}", "table-shape", "the table has 1 rows; its parents have 2 combinations", "the last parent fastest"),
        ("{parents: [a], rows: [0.1 0.2 0.7, 0.3 0.7]}", "table-shape", "this row has 2 numbers for 3 states (a is n)", "write one for each state"),
        ("{parents: [a], rows: [0.1 0.2 0.7, 0.3 0.3 0.3]}", "shares-sum", "this row sums to 0.9 (a is n)", "rescale it to 0.333333 0.333333 0.333333"),
        ("{parents: [a], rows: [0.1 0.2 0.7, likely 0 0]}", "value", "`likely` is no number (a is n)", "0.25"),
        ("{parents: [a], rows: [0.1 0.2 0.7, 1.5 -0.5 0]}", "value", "`1.5` is no chance", "between 0 and 1"),
        ("{parents: [a], rows: 0.1 0.2 0.7}", "type", "a list of rows stands here, not a text", "one row below the other"),
        ("{parents: [a], rows: []}", "value", "at least one row is needed", ""),
        ("{parents: [a], rows: [[0.1, 0.9]]}", "type", "a text stands here, not a list", ""),
        ("{parents: [a]}", "missing", "`rows` is missing", ""),
        ("{parnets: [a], rows: " + GOOD + "}", "unknown-field", "unknown field `parnets`", "did you mean `parents`?"),
        ("{parents: [b], rows: [1 0 0, 1 0 0, 1 0 0]}", "cycle", "b depends on itself", "which of them"),
    ],
)  # fmt: skip
def test_faults_of_a_table(tmp_path: Path, table: str, code: str, said: str, fix: str) -> None:
    found = faults(tmp_path, HEAD + ROOT + child(table))
    assert code in {entry[1] for entry in found}
    told = next(entry for entry in found if entry[1] == code)
    assert said in told[2]
    assert fix in told[3]


def test_each_row_has_its_own_place(tmp_path: Path) -> None:
    text = (
        HEAD
        + ROOT
        + child("\n        parents: [a]\n        rows:\n          - 1 0\n          - 1 0 x\n")
    )
    assert [entry[:2] for entry in faults(tmp_path, text)] == [(12, "table-shape"), (13, "value")]


DATED = [
    ("  d: {type: date, occurs: 20%, timing: [evenly]}\n", "a question of type date needs `as_of`"),
    ("  d: {type: binary, prior: 20%}\n", "a judgement needs `as_of`; without it, chances stand in a `table`"),
    ("  d: {type: categorical, states: [p, q], prior: {shares: {p: 40%, q: 60%}}}\n", "a judgement needs `as_of`"),
    ("  d: {type: binary, means: a is y, by: 2025-06-01}\n", "`by` needs `as_of`"),
    ("horizon: 2025-12-31\n", "`horizon` needs `as_of`"),
    ("scenarios: {s: a is y, t: otherwise}\n", "`lexicon` is missing"),
    ("evidence: [{id: e, date: 2025-03-01, text: t, source: s, observed: a is y}]\n", "`evidence` needs `as_of`"),
    ("statements: [{of: a is y, says: likely}]\n", "`statements` needs `as_of`"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "said"), DATED)
def test_what_a_file_without_dates_cannot_hold(tmp_path: Path, more: str, said: str) -> None:
    found = faults(tmp_path, HEAD + ROOT + more)
    assert [said in entry[2] for entry in found] == [True]


def test_a_file_that_forgot_its_date_is_told_so(tmp_path: Path) -> None:
    text = "forecast: 1\ntitle: T\nhorizon: 2025-12-31\nlexicon: icd203\nquestions:\n" + ROOT
    assert "`as_of` is missing" in [entry[2] for entry in faults(tmp_path, text)]


def test_scenarios_and_derived_questions_need_no_date(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    more = "  d: {type: binary, means: a is n and b is w}\nlexicon: icd203\nscenarios: {s: d, t: otherwise}\n"
    path.write_text(HEAD + ROOT + child("{parents: [a], rows: " + GOOD + "}") + more, "utf-8")
    spec = forecast.load(path)
    network = forecast.build(spec)
    summary = forecast.summarise(spec, network, forecast.infer(network))
    # P(a is n) P(b is w | a is n) = .8 .4
    assert summary.scenarios["s"].probability == pytest.approx(0.32, abs=1e-12)
    assert summary.questions["d"].states["yes"].probability == pytest.approx(0.32, abs=1e-12)
    assert summary.provenance.lexicon == "ICD 203"
    assert summary.as_of is None


def test_a_table_may_stand_in_a_file_with_dates(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    head = "forecast: 1\ntitle: T\nas_of: 2025-04-08\nhorizon: 2025-12-31\nlexicon: icd203\n"
    body = "questions:\n  c: {type: binary, prior: 30%}\n  a: {type: categorical, states: [y, n], prior: {table: {parents: [c], rows: [0.2 0.8, 0.5 0.5]}}}\n"
    path.write_text(head + body + "scenarios: {s: a is y, t: otherwise}\n", "utf-8")
    spec = forecast.load(path)
    network = forecast.build(spec)
    # .3 .2 + .7 .5
    final = forecast.infer(network).final
    assert final.scenarios[0, 0] == pytest.approx(0.41, abs=1e-12)
