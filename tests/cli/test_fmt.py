"""`forecast fmt`: what it writes, what it only tells, and what it leaves alone."""

from __future__ import annotations

import os
from pathlib import Path

from commands import forecast

UNTIDY = "title: 'T'   # beside\nforecast: 1\n"
TIDY = "forecast: 1\ntitle: T   # beside\n"


def test_a_file_is_tidied_in_place_and_once(tmp_path: Path) -> None:
    file = tmp_path / "귀환.yaml"
    file.write_text(UNTIDY, "utf-8")
    file.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(file)
    done = forecast("fmt", link)
    assert (done.returncode, done.stdout) == (0, "")
    assert "link.yaml: tidied" in done.stderr
    assert file.read_text("utf-8") == TIDY
    assert link.is_symlink()
    assert os.stat(file).st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.yaml", "귀환.yaml"]
    again = forecast("fmt", file)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_check_and_diff_write_nothing(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(UNTIDY)
    check = forecast("fmt", "--check", file)
    assert (check.returncode, check.stdout) == (1, "")
    assert "s.yaml: not tidy" in check.stderr
    diff = forecast("fmt", "--diff", file)
    assert diff.returncode == 0
    assert "-title: 'T'   # beside\n" in diff.stdout
    assert "+title: T   # beside\n" in diff.stdout
    assert file.read_text() == UNTIDY


def test_a_faulty_file_is_told_of_and_the_others_are_tidied(tmp_path: Path) -> None:
    faulty, sound = tmp_path / "faulty.yaml", tmp_path / "sound.yaml"
    faulty.write_text("forecast: 1\nscenarios: {a: {text: one, two}}\n")
    sound.write_text(UNTIDY)
    done = forecast("fmt", faulty, sound, tmp_path / "none.yaml")
    assert done.returncode == 3
    assert "faulty.yaml:2" in done.stderr
    assert "there is no such file" in done.stderr
    assert "Traceback" not in done.stderr
    assert faulty.read_text() == "forecast: 1\nscenarios: {a: {text: one, two}}\n"
    assert sound.read_text() == TIDY
