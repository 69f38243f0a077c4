"""`forecast check` as a user calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from commands import forecast

ROOT = Path(__file__).resolve().parents[2]
CASES = [ROOT / "scenarios" / f"{name}.yaml" for name in ("chest_clinic", "korea_1950")]


def check(*words: str | Path) -> subprocess.CompletedProcess[str]:
    code = f"import sys; from forecast.cli import main; sys.argv = {['forecast', 'check', *map(str, words)]!r}; main()"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=ROOT
    )


def test_a_sound_file_is_shown_whole() -> None:
    done = check(CASES[0])
    assert (done.returncode, done.stderr) == (0, "")
    assert "7 questions, 1 derived" in done.stdout
    assert "To be signed off" in done.stdout
    assert "sound" in done.stdout
    assert done.stdout.endswith(f"Next: forecast run {CASES[0]}\n")


def test_several_files_get_a_line_each(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("forecast: 1\ntitle: T\n")
    done = check(*CASES, bad)
    assert done.returncode == 3
    assert "To be signed off" not in done.stdout
    last = done.stdout.splitlines()[-3:]
    assert [line.split(": ")[-1] for line in last] == ["sound", "sound", "5 errors"]
    assert done.stdout.count("error[missing]") == 5


def test_warnings_do_not_fail(tmp_path: Path) -> None:
    text = CASES[1].read_text("utf-8").replace("title: Will China", "title: Will #China")
    text = text.replace("../lexicons", "lexicons")
    (tmp_path / "lexicons").mkdir()
    lexicon = ROOT / "lexicons" / "cia_1968.yaml"
    (tmp_path / "lexicons" / "cia_1968.yaml").write_text(lexicon.read_text("utf-8"))
    (tmp_path / "pyproject.toml").write_text("")
    file = tmp_path / "korea.yaml"
    file.write_text(text)
    done = check(file)
    assert done.returncode == 0
    assert "warning[hash-in-text]" in done.stdout
    assert "sound, 1 warning" in done.stdout


def test_json() -> None:
    done = check("--json", *CASES)
    whole = json.loads(done.stdout)
    assert [Path(file["file"]).stem for file in whole["files"]] == ["chest_clinic", "korea_1950"]
    chances = {s["says"]: s["probability"] for s in whole["files"][0]["understood"]["sign_off"]}
    assert chances["xray"] == pytest.approx(0.11029004)  # Lauritzen and Spiegelhalter (1988)


@pytest.mark.parametrize("words", [[], ["--strict"], ["--json"]])
def test_wrong_usage(words: list[str]) -> None:
    done = check(*words)
    assert done.returncode == 2
    assert done.stdout == ""


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys; from forecast.cli import main\n"
        f"sys.argv = ['forecast', 'check', {str(CASES[0])!r}]\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    loaded = set(done.stderr.split())
    assert "forecast.analysis.check" in loaded
    banned = {"scipy.stats", "scipy.optimize", "xarray", "arviz", "pymc", "pytensor", "matplotlib"}
    assert loaded.isdisjoint(banned | {"h5py"})


def test_the_scenarios_as_a_set() -> None:
    done = forecast("check", ROOT / "scenarios" / "chest_clinic.yaml", "--scenarios")
    assert (done.returncode, done.stderr) == (0, "")
    assert "The likeliest stories" in done.stdout
    both = ROOT / "scenarios" / "chest_clinic.yaml", ROOT / "scenarios" / "korea_1950.yaml"
    refused = forecast("check", *both, "--scenarios")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "--scenarios looks at one file" in refused.stderr
