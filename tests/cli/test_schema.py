"""`forecast schema`: one schema to standard output or a file, all of them to a folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import forecast

KINDS = (
    "scenario",
    "priors",
    "lexicon",
    "summary",
    "comparison",
    "sensitivity",
    "indicators",
    "scenario-set",
)


def test_one_schema(tmp_path: Path) -> None:
    printed = forecast("schema", "scenario")
    assert (printed.returncode, printed.stderr) == (0, "")
    assert json.loads(printed.stdout)["title"] == "A scenario file of forecast"
    kept = tmp_path / "new" / "s.json"
    written = forecast("schema", "scenario", "-o", kept)
    assert (written.returncode, written.stdout) == (0, "")
    assert kept.read_text("utf-8") == printed.stdout


def test_all_schemas(tmp_path: Path) -> None:
    assert forecast("schema", "-o", tmp_path).returncode == 0
    assert {path.name for path in tmp_path.iterdir()} == {f"{kind}.schema.json" for kind in KINDS}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["schema"], "which schema?"),
        (["schema", "sumary"], "did you mean `summary`?"),
        (["schema", "scenario", "-o", "/dev/null/x"], "cannot be written"),
    ],
)
def test_refusals(words: list[str], told: str) -> None:
    done = forecast(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr
