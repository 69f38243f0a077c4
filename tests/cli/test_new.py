"""`forecast new`: two files that run, and never another's work lost."""

from __future__ import annotations

from pathlib import Path

from commands import forecast


def test_a_new_scenario_runs_and_is_never_overwritten(tmp_path: Path) -> None:
    done = forecast(
        "new", "scenarios/ceasefire.yaml", "--title", "Does it hold: yes or no?", cwd=tmp_path
    )
    assert done.returncode == 0
    assert done.stdout == "scenarios/ceasefire.yaml\npriors/ceasefire_expert.yaml\n"
    assert "Next: forecast run scenarios/ceasefire.yaml" in done.stderr
    result = forecast("run", "scenarios/ceasefire.yaml", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("Does it hold: yes or no?")
    file = tmp_path / "scenarios" / "ceasefire.yaml"
    file.write_text("mine")
    again = forecast("new", "scenarios/ceasefire.yaml", cwd=tmp_path)
    assert (again.returncode, again.stdout) == (2, "")
    assert "exists and is left alone" in again.stderr
    assert file.read_text() == "mine"


def test_nothing_is_written_where_the_second_file_exists(tmp_path: Path) -> None:
    (tmp_path / "scenario_expert.yaml").write_text("mine")
    done = forecast("new", cwd=tmp_path)
    assert done.returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["scenario_expert.yaml"]


def test_a_place_that_cannot_be_written() -> None:
    done = forecast("new", "/dev/null/x.yaml")
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_of_another_day(tmp_path: Path) -> None:
    done = forecast("new", "x.yaml", "--as-of", "2025-05-22", cwd=tmp_path)
    assert done.returncode == 0
    text = (tmp_path / "x.yaml").read_text()
    # 180 days on, as the starter's horizon is.
    assert "\nas_of: 2025-05-22 " in text
    assert "\nhorizon: 2025-11-18 " in text
    refused = forecast("new", "y.yaml", "--as-of", "22 May", cwd=tmp_path)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "--as-of: `22 May` is no day" in refused.stderr
