"""`forecast explain`: what is printed, and what is refused before anything is solved."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import ROOT, forecast

CLINIC = ROOT / "scenarios" / "chest_clinic.yaml"
STRAIT = ROOT / "docs" / "tutorial" / "strait.yaml"


def test_a_question() -> None:
    done = forecast("explain", CLINIC, "dysp")
    assert (done.returncode, done.stderr) == (0, "")
    assert "dysp: Shortness of breath" in done.stdout
    assert "  bronc and either\n    yes = 90 %: 90 %\n" in done.stdout
    assert "chest_clinic.yaml:" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["explain", CLINIC, "dyps"], 2, "did you mean `dysp`?"),
        (["explain", CLINIC], 2, "QUESTION"),
        (
            ["explain", STRAIT, "open_at_a_price"],
            2,
            "is a scenario (opens): explain `opens` in its",
        ),
        (
            ["explain", STRAIT, "closed"],
            2,
            "is a scenario (otherwise): explain one of its questions",
        ),
        (["explain", ROOT / "priors" / "base_rates.yaml", "x"], 3, "priors file"),
    ],
)
def test_refusals(words: list[str | Path], status: int, told: str) -> None:
    done = forecast(*words)
    assert (done.returncode, done.stdout) == (status, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr
