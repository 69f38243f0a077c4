"""`forecast compare`: columns by options, formats, kept runs, refusals."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from commands import ROOT, forecast

CLINIC = ROOT / "scenarios" / "chest_clinic.yaml"
WILDCATTER = ROOT / "scenarios" / "oil_wildcatter.yaml"


def test_given_beside_the_file_as_it_is() -> None:
    done = forecast("compare", CLINIC, "--given", "asia", "--given", "smoke", "--json", "-q")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [column["label"] for column in found["columns"]] == [
        "as written",
        "given asia",
        "given smoke",
    ]
    tub = next(row for row in found["rows"] if row["name"] == "tub")
    # Lauritzen and Spiegelhalter (1988): 1 % of visitors to Asia, 5 % tuberculosis with, 1 % without.
    without = 0.01 * 0.05 + 0.99 * 0.01
    assert tub["cells"][0]["probability"] == pytest.approx(without)
    assert tub["cells"][1]["difference"]["points"] == pytest.approx(0.05 - without)
    assert tub["cells"][2]["difference"]["detectable"] is False
    assert "\x1b" not in done.stderr


def test_a_kept_run_beside_a_file(tmp_path: Path) -> None:
    kept = forecast("run", CLINIC, "--out", tmp_path, "-q")
    assert kept.returncode == 0, kept.stderr
    (folder,) = (path.parent for path in tmp_path.rglob("summary.json"))
    done = forecast("compare", folder, CLINIC, "--format", "csv", "-q")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert {row["pairing"] for row in rows} == {"none"}
    assert {row["detectable"] for row in rows} == {"", "no"}
    (folder / "summary.json").write_text("{}")
    spoiled = forecast("compare", folder, CLINIC)
    assert (spoiled.returncode, spoiled.stdout) == (2, "")
    assert "is not whole" in spoiled.stderr


def test_a_table_for_a_report() -> None:
    done = forecast("compare", CLINIC, "--do", "smoke = yes", "--format", "md", "-q")
    assert done.returncode == 0, done.stderr
    # Half smoke: lung cancer in 10 % of those and 1 % of the others.
    assert "| lung | 5.5 % | 10 % | +4 |" in done.stdout
    assert "- do smoke = yes" in done.stdout


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["compare", CLINIC], 2, "compare what?"),
        (["compare", CLINIC, CLINIC], 2, "named twice"),
        (["compare", WILDCATTER, "--variants", "all"], 2, "has no variants"),
        (["compare", CLINIC, "--drop", "nobody"], 2, "`nobody` is no source"),
        (["compare", CLINIC, "--lexicon", "icd"], 2, "did you mean `icd203`?"),
        (["compare", CLINIC, "--engine", "nut"], 2, "did you mean `nuts`?"),
        (["compare", ROOT / "tests", CLINIC], 2, "holds no run"),
        (["compare", CLINIC, "nowhere.yaml"], 3, "nowhere.yaml"),
    ],
)
def test_refusals(words: list[str | Path], status: int, told: str) -> None:
    done = forecast(*words)
    assert (done.returncode, done.stdout) == (status, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr
