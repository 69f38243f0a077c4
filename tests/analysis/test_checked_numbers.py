"""What `check` says of counts and quantities."""

from __future__ import annotations

from pathlib import Path

from writing import BASE, Project

from forecast.analysis.check import check_file

NUMBERS = """\
  seats: {type: count, bounds: 0..169, amount: {base: 80 (70..90), times: {meeting: x0.9 (0.7..1.1)}}}
  turnout: {type: quantity, bounds: 40..95, amount: {amount: 72 (66..78), worth: 8}, cuts: [70]}
  dead: {type: count, zero: 60% (40..80), amount: {roulette: {1..9: 3, 10..40: 2}}, cuts: [10]}
  flights: {type: count, rate: {cases: {meeting: 2 (1..4) a month, otherwise: doo.visits}}, clumped: 3 (1.5..6)}
statements:
"""


def test_a_file_with_all_kinds_of_numbers_is_sound(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.load()  # writes what the file uses
    path = project.write("scenarios/n.yaml", BASE.replace("statements:\n", NUMBERS))
    report = check_file(path)
    assert [fault for fault in report.faults if fault.severity == "error"] == []
    assert report.understood is not None
    types = {name: question.type for name, question in report.understood.questions.items()}
    assert types["seats"] == types["flights"] == "count"
    assert types["turnout"] == "quantity"
