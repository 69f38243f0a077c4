"""``forecast import``, ``forecast export`` and ``forecast run net.bif``, each in its own process."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from test_run import CLINIC, ROOT, forecast

NIGHT_WATCH = ROOT / "tests" / "interop" / "networks" / "night_watch.bif"


def test_a_network_in_bif_runs_as_it_is(tmp_path: Path) -> None:
    done = forecast(
        "run", NIGHT_WATCH, "--given", "`fever > 39` is yes", "--json", "--out", tmp_path
    )
    assert (done.returncode, done.stderr) == (0, "")
    result = json.loads(done.stdout)
    assert (result["title"], result["as_of"], result["lead"]) == (None, None, None)
    assert result["scenarios"] == {}
    # P(<5 | fever) = .2 .3 / .175
    infection = result["questions"]["infection/type-2"]["states"]["<5"]
    assert infection["probability"] == pytest.approx(0.06 / 0.175, abs=1e-9)
    assert infection["stages"]["inputs"] == pytest.approx(0.2, abs=1e-12)
    assert infection["intervals"] is None
    assert result["evidence"]["probability"] == pytest.approx(0.175, abs=1e-9)
    assert (result["diagnostics"]["status"], result["diagnostics"]["ess"]) == ("pass", None)
    (kept,) = (tmp_path / "night_watch" / "undated").iterdir()
    assert {path.name for path in kept.iterdir()} == {
        "summary.json",
        "manifest.json",
        "posterior.nc",
    }


def test_what_is_imported_runs_and_is_not_overwritten(tmp_path: Path) -> None:
    made = tmp_path / "watch.yaml"
    done = forecast("import", NIGHT_WATCH, "-o", made)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    run = forecast("run", made, "--json", "--out", tmp_path / "out")
    # P(long) = .175 (.9 .7 + .1 .3) + .825 (.9 .04 + .1 .02)
    alarm = json.loads(run.stdout)["questions"]["alarm"]["states"]
    assert alarm["long"]["probability"] == pytest.approx(0.14685, abs=1e-9)
    made.write_text("mine", "utf-8")
    again = forecast("import", NIGHT_WATCH, "-o", made)
    assert (again.returncode, made.read_text("utf-8")) == (2, "mine")
    assert "--force replaces it" in again.stderr
    assert forecast("import", NIGHT_WATCH, "-o", made, "--force").returncode == 0
    assert made.read_text("utf-8").startswith("# Imported from night_watch.bif")


def test_an_export_is_printed_with_its_error() -> None:
    done = forecast("export", CLINIC, "--to", "bif")
    assert (done.returncode, done.stderr) == (0, "")
    assert "All entries are exact." in done.stdout
    assert re.search(r"probability \( tub \| asia \) \{\n  \(yes\) 0.05, 0.95;", done.stdout)


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("import", CLINIC), 2, "only BIF can be imported"),
        (("import", "nowhere.bif"), 3, "there is no such file"),
        (("export", CLINIC, "--to", "bfi"), 2, "there is no format `bfi`: did you mean `bif`?"),
        (("run", NIGHT_WATCH, "--as-of", "2025-04-08"), 2, "this file says nothing of days"),
        (("run", NIGHT_WATCH, "--given", "alrm is long"), 2, "did you mean `alarm`?"),
    ],
)
def test_refusals(words: tuple[str | Path, ...], status: int, said: str, tmp_path: Path) -> None:
    out = ("--out", tmp_path) if words[0] == "run" else ()
    done = forecast(*words, *out)
    assert done.returncode == status
    assert said in done.stderr
    assert done.stdout == ""
