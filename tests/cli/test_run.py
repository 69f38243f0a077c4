"""The command as a user calls it: in a process of its own."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from commands import ROOT, forecast

CLINIC = ROOT / "scenarios" / "chest_clinic.yaml"
VICTORY = ROOT / "scenarios" / "victory_day_2025.yaml"


def test_a_result_goes_to_stdout_and_nothing_to_stderr(tmp_path: Path) -> None:
    done = forecast("run", CLINIC, "--out", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout  # plain when piped
    # Lauritzen and Spiegelhalter (1988): P(dyspnoea) = 0.4359706
    assert re.search(r"dysp +43\.6 %", done.stdout)


def test_json_holds_what_was_saved_and_repeats_to_the_byte(tmp_path: Path) -> None:
    first = forecast("run", VICTORY, "--json", "--out", tmp_path / "a")
    again = forecast("run", VICTORY, "--json", "--out", tmp_path / "b")
    assert first.returncode == again.returncode == 0
    assert first.stdout == again.stdout
    (kept,) = (tmp_path / "a").glob("victory_day_2025/2025-04-08/*/summary.json")
    assert kept.read_text("utf-8") == first.stdout
    other = tmp_path / "b" / kept.relative_to(tmp_path / "a")
    for name in ("summary.json", "manifest.json", "posterior.nc"):
        assert (kept.parent / name).read_bytes() == (other.parent / name).read_bytes()
    result = json.loads(first.stdout)
    assert result["output_version"] == 1
    assert result["digest"].startswith(kept.parent.name)
    assert sum(s["probability"] for s in result["scenarios"].values()) == pytest.approx(1, abs=1e-9)


def test_another_seed_gives_other_draws_but_the_same_forecast(tmp_path: Path) -> None:
    runs = [
        json.loads(forecast("run", VICTORY, "--json", "--seed", seed, "--out", tmp_path).stdout)
        for seed in ("1", "2")
    ]
    for name, one in runs[0]["scenarios"].items():
        two = runs[1]["scenarios"][name]
        assert one["probability"] != two["probability"]
        # Two independent estimates: 4.5 standard errors of their difference, seven scenarios.
        error = 4.5 * (one["mcse"] ** 2 + two["mcse"] ** 2) ** 0.5
        assert abs(one["probability"] - two["probability"]) < error


def test_given_conditions(tmp_path: Path) -> None:
    done = forecast("run", CLINIC, "--given", "asia and dysp", "--json", "--out", tmp_path)
    states = json.loads(done.stdout)["questions"]["bronc"]["states"]
    # By enumeration of the published tables: P(bronchitis | Asia, dyspnoea) = 0.8114...
    assert states["yes"]["probability"] == pytest.approx(0.8114, abs=5e-5)


def test_a_variant_by_name_and_by_hand(tmp_path: Path) -> None:
    """Lauritzen and Spiegelhalter (1988), with P(lung cancer | no smoker) = 0.01 for all."""
    by_name = forecast(
        "run", CLINIC, "--variant", "smokers_made_to_stop", "--json", "--out", tmp_path
    )
    by_hand = forecast("run", CLINIC, "--do", "smoke = no", "--json", "--out", tmp_path)
    one, two = json.loads(by_name.stdout), json.loads(by_hand.stdout)
    assert one["questions"] == two["questions"]
    assert one["questions"]["lung"]["states"]["yes"]["probability"] == pytest.approx(0.01)
    assert one["provenance"]["done"] == {"smoke": "no"}
    assert one["provenance"]["variant"]["name"] == "smokers_made_to_stop"
    assert two["provenance"]["variant"] is None
    manifests = [json.loads(path.read_text()) for path in tmp_path.rglob("manifest.json")]
    assert sorted(m["settings"].get("variant", "") for m in manifests) == [
        "",
        "smokers_made_to_stop",
    ]
    assert all(m["settings"]["do"] == {"smoke": "no"} for m in manifests)


def test_a_variant_says_what_it_changed(tmp_path: Path) -> None:
    done = forecast("run", VICTORY, "--variant", "without_doo", "--out", tmp_path)
    assert "Variant without_doo: Base rates and evidence, without Doo's claims" in done.stdout
    assert "- without doo: 11 statements, 1 multiplier at x1" in done.stdout
    done = forecast("run", VICTORY, "--do", "ceasefire = 2025-06-15", "--out", tmp_path)
    assert "Done after 2025-04-08: ceasefire = 2025-06-15." in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--variant", "no_such"], "has no variant `no_such`"),
        (["--do", "smoke"], "`smoke` sets nothing"),
        (["--do", "smoke = no", "--do", "smoke=yes"], "`smoke` is set twice"),
        (["--do", "smok = no"], "did you mean `smoke`?"),
        (["--do", "smoke = often"], "`smoke` cannot be set to `often` (write yes or no)"),
    ],
)
def test_wrong_changes_are_wrong_usage(tmp_path: Path, words: list[str], said: str) -> None:
    done = forecast("run", CLINIC, *words, "--out", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_every_format_prints_one_result(tmp_path: Path) -> None:
    """Lauritzen and Spiegelhalter (1988): P(dyspnoea) = 0.4359706."""
    printed = {
        form: forecast("run", CLINIC, "--format", form, "--out", tmp_path).stdout
        for form in ("md", "csv", "json")
    }
    (kept,) = tmp_path.rglob("summary.json")
    assert printed["json"] == kept.read_text("utf-8")
    assert re.search(r"^\| dysp \| 43\.6 % \|", printed["md"], flags=re.MULTILINE)
    found = csv.DictReader(printed["csv"].splitlines())
    (row,) = (row for row in found if (row["name"], row["state"]) == ("dysp", "yes"))
    assert float(row["probability"]) == pytest.approx(0.4359706, abs=5e-8)


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["run", CLINIC, "--given", "tubb"], 2, "did you mean `tub`?"),
        (["run", CLINIC, "--given", "tub and"], 2, "--given"),
        (["run", CLINIC, "--as-of", "1988-02-30"], 2, "there is no 30 February"),
        (["run", CLINIC, "--as-of", "8.4.1988"], 2, "write it as in 2025-04-08"),
        (["run", CLINIC, "--engine", "exakt"], 2, "did you mean `exact`?"),
        (["run", CLINIC, "--draws", "many"], 2, "--draws"),
        (["run", CLINIC, "--format", "jsno"], 2, "did you mean `json`?"),
        (["run", CLINIC, "--format", "html"], 2, "one of text, md, csv, json"),
        (["run", CLINIC, "--format", "md", "--json"], 2, "short for --format json"),
        (["run"], 2, "FILE"),
        (["walk"], 2, "walk"),
        (["run", ROOT / "nowhere.yaml"], 3, "nowhere.yaml"),
        (["run", ROOT], 3, "directory"),
        (["run", ROOT / "priors" / "base_rates.yaml"], 3, "priors file"),
        (["run", CLINIC, "--given", "either and not tub and not lung"], 3, "cannot be so"),
        (["run", CLINIC, "--given", "either and not tub and not lung"], 3, "suppose something"),
    ],
    ids=lambda value: " ".join(map(str, value))[-40:] if isinstance(value, list) else None,
)
def test_refusals(words: list[str | Path], status: int, told: str, tmp_path: Path) -> None:
    done = forecast(*words, *(["--out", tmp_path] if len(words) > 1 else []))
    assert done.returncode == status
    assert told in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_failed_certificate_shows_no_number(tmp_path: Path) -> None:
    done = forecast("run", VICTORY, "--draws", "100", "--out", tmp_path)
    assert done.returncode == 4
    assert done.stdout == ""
    assert "effective draws" in done.stderr
    assert "payback on schedule: " not in done.stderr.lower()
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    done = forecast("run", CLINIC, "--out", tmp_path / "taken")
    assert done.returncode == 2
    assert "taken" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_goes_away(tmp_path: Path) -> None:
    command = (
        f"{sys.executable} -c 'from forecast.cli import main; main()' "
        f"run {CLINIC} --json --out {tmp_path} | head -c 10"
    )
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60)
    assert done.stdout == '{\n "output'
    assert done.stderr == ""


NEVER_BY_HELP = (
    "numpy",
    "scipy",
    "pymc",
    "rich",
    "lark",
    "yaml",
    "h5py",
    "ruamel",
    "graphlay",
    "forecast.pipeline",
)
NEVER_BY_RUN = (
    "scipy.stats",
    "scipy.optimize",
    "xarray",
    "arviz",
    "pymc",
    "pytensor",
    "matplotlib",
)


@pytest.mark.parametrize(
    ("words", "banned"),
    [
        (["--help"], NEVER_BY_HELP),
        (["run", "--help"], NEVER_BY_HELP),
        (["run", str(VICTORY)], NEVER_BY_RUN),
        (["run", str(CLINIC), "--format", "md"], NEVER_BY_RUN),
        (["run", str(CLINIC), "--format", "csv"], NEVER_BY_RUN),
    ],
)
def test_nothing_heavy_is_imported(
    words: list[str], banned: tuple[str, ...], tmp_path: Path
) -> None:
    out = ["--out", str(tmp_path)] if words[-1] != "--help" else []
    code = (
        "import sys; from forecast.cli import main\n"
        f"sys.argv = ['forecast', *{[*words, *out]!r}]\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    loaded = set(done.stderr.split())
    assert "forecast.cli.run" in loaded
    assert loaded.isdisjoint(banned)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_it_stays_small(tmp_path: Path) -> None:
    code = (
        "import pathlib, sys; from forecast.cli import main\n"
        f"sys.argv = ['forecast', 'run', {str(VICTORY)!r}, '--out', {str(tmp_path)!r}]\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        # getrusage would report the peak of the process that forked this one.
        "print(pathlib.Path('/proc/self/status').read_text(), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    peak = re.search(r"VmHWM:\s+(\d+) kB", done.stderr)
    assert peak is not None
    assert int(peak[1]) < 400_000


def test_colour_only_where_it_is_wanted(tmp_path: Path) -> None:
    environment = {**os.environ, "NO_COLOR": "1"}
    script = (
        f"{sys.executable} -c 'from forecast.cli import main; main()' run {CLINIC} --out {tmp_path}"
    )
    command = ["script", "-qec", script, "/dev/null"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)
    assert done.returncode == 0
    assert "\x1b[1m" not in done.stdout
    assert "\x1b[3" not in done.stdout
