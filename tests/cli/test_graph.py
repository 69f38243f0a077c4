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


@pytest.mark.parametrize("words", [("graph",), ("explain", "n"), ("indicators",), ("compare",)])
def test_warnings_are_told_at_length_by_check_and_run_alone(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    """Every command of a session would repeat them, and bury what it was asked for."""
    file = tmp_path / "skewed.yaml"
    question = "n: {type: quantity, bounds: -50..200, amount: 10 (2..60), cuts: [10]}"
    file.write_text(
        "forecast: 1\ntitle: T\nas_of: 2025-04-08\nhorizon: 2025-12-31\nlexicon: icd203\n"
        f"questions:\n  {question}\nscenarios: {{much: n > 10, rest: otherwise}}\n"
    )
    more = ("--given", "n > 10") if words == ("compare",) else ()
    done = forecast(words[0], file, *words[1:], *more)
    assert done.returncode == 0, done.stderr
    assert "1 warning about the file: forecast check " in done.stderr
    assert "misfit" not in done.stderr
