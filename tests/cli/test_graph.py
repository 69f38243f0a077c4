"""`forecast graph`: forms and files."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import ROOT, forecast

CLINIC = ROOT / "scenarios" / "chest_clinic.yaml"


def test_forms(tmp_path: Path) -> None:
    printed = forecast("graph", CLINIC)
    assert (printed.returncode, printed.stderr) == (0, "")
    assert "flowchart TD" in printed.stdout
    picture = tmp_path / "g.svg"
    drawn = forecast("graph", CLINIC, "--probabilities", "-o", picture)
    assert (drawn.returncode, drawn.stdout, drawn.stderr) == (0, "", "")
    assert ">44 %<" in picture.read_text("utf-8")
    beside = tmp_path / "plain"
    beside.touch()
    assert picture.stat().st_mode == beside.stat().st_mode
    assert forecast("graph", CLINIC, "--to", "dot").stdout.startswith("digraph {")


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["graph", CLINIC, "--to", "png"], 2, "one of mermaid, dot, svg"),
        (["graph", CLINIC, "-o", "/dev/null/x.png"], 2, "end the name in .mmd"),
        (["graph", CLINIC, "-o", "/dev/null/x.svg"], 2, "cannot be written"),
        (["graph", ROOT / "priors" / "base_rates.yaml"], 3, "priors file"),
    ],
)
def test_refusals(words: list[str | Path], status: int, told: str) -> None:
    done = forecast(*words)
    assert (done.returncode, done.stdout) == (status, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr
