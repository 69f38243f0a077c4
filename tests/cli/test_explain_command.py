"""`forecast explain`: what is printed, and what is refused before anything is solved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import ROOT, forecast

CLINIC = ROOT / "scenarios" / "chest_clinic.yaml"
FIRST = ROOT / "scenarios" / "victory_day_2025.yaml"
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
        (["explain", FIRST, "podium", "--format", "csv"], 2, "one of text, json"),
        (["explain", FIRST, "podium", "--variant", "ceasefire"], 2, "no variant `ceasefire`"),
        (["explain", FIRST, "podium", "--as-of", "soon"], 2, "--as-of: `soon` is no day"),
        (["explain", FIRST, "podium", "--do", "podium"], 2, "sets nothing"),
    ],
)
def test_refusals(words: list[str | Path], status: int, told: str) -> None:
    done = forecast(*words)
    assert (done.returncode, done.stdout) == (status, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_another_world_is_named_and_solved() -> None:
    """The same code reads these options as for `run`, so the numbers are those of such a run."""
    done = forecast("explain", FIRST, "new_troops", "--variant", "ceasefire_in_june")
    assert done.returncode == 0, done.stderr
    assert "Variant ceasefire in june" in done.stdout or "Variant ceasefire_in_june" in done.stdout
    assert "Done after 2025-04-08: ceasefire = 2025-06-15" in done.stdout
    # his statement is about the world as it was, and bears on it still
    assert "statement doo on new_troops" in done.stdout


def test_json_is_what_a_run_says(tmp_path: Path) -> None:
    options = ["--given", "visit_russia", "--as-of", "2025-03-24", "--json"]
    explained = forecast("explain", FIRST, "podium", *options)
    run = forecast("run", FIRST, *options, "--out", tmp_path)
    assert (explained.returncode, run.returncode) == (0, 0), explained.stderr + run.stderr
    found, whole = json.loads(explained.stdout), json.loads(run.stdout)
    assert found["question"] == whole["questions"]["podium"]
    assert found["supposed"] == {
        "as_of": "2025-03-24",
        "given": ["visit_russia"],
        "done": {},
        "variant": None,
    }
    assert found["output_version"] == 1
    assert [number["name"] for number in found["numbers"]]
