"""Fuzzing: whatever is done to a file, `check` answers, and says where it is wrong.

Each run goes through the command in process: exit status 0 or 3, no traceback, at most five seconds
of computing, and a line for every error but those of a file as a whole.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from generated import scenario
from hypothesis import given, settings
from hypothesis import strategies as st
from spoiling import mangled, projects, reshaped, retokened, spoilt
from typer.testing import CliRunner

from forecast.cli.app import app

SECONDS = 5.0

WHOLE_FILE = {"no-file", "directory", "encoding", "binary", "too-large", "empty-file"}
"""Codes of errors that no line can be given for."""


def check(files: Mapping[str, str | bytes], *, as_json: bool = True) -> bool:
    """Check a project; return whether its scenario, the first of the files, is sound."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {"pyproject.toml": "", **files}.items():
            path = Path(folder) / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text.encode("utf-8", "replace") if isinstance(text, str) else text)
        started = time.process_time()
        scenario = str(Path(folder) / next(iter(files)))
        done = CliRunner().invoke(app, ["check", scenario, *(["--json"] if as_json else [])])
        assert time.process_time() - started < SECONDS
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code in (0, 3)
        assert "Traceback" not in done.output
        if as_json:
            check_faults(json.loads(done.output), done.exit_code)
        else:
            assert ("error[" in done.output) == (done.exit_code == 3)
        return done.exit_code == 0


def check_faults(report: dict, status: int) -> None:  # type: ignore[type-arg]
    (file,) = report["files"]
    faults = file["faults"]
    assert any(fault["severity"] == "error" for fault in faults) == (status == 3)
    assert (file["understood"] is None) == (status == 3)
    assert len({json.dumps(fault) for fault in faults}) == len(faults)
    lengths: dict[str, int] = {}
    for fault in faults:
        assert fault["text"]
        for raw in ("Input should", "Value error", "Extra inputs", "Field required", "validation"):
            assert raw not in fault["text"], fault
        if fault["line"] == 0:
            assert fault["code"] in WHOLE_FILE, fault
            assert not fault["path"]
            continue
        if fault["file"] not in lengths:
            raw = Path(fault["file"]).read_bytes()
            lengths[fault["file"]] = raw.count(b"\n") + raw.count(b"\r") + 2
        assert 1 <= fault["line"] <= lengths[fault["file"]], fault
        assert fault["column"] >= 1


@pytest.mark.parametrize("number", range(5))
def test_what_is_spoilt_is_sound(number: int) -> None:
    assert check(projects()[number])


def test_what_is_made_up_is_mostly_sound() -> None:
    """Else the fuzzer would see little but refusals; the rest has rows that are dead."""
    sound = [check({"s.yaml": scenario(random.Random(seed))}) for seed in range(20)]
    assert sum(sound) >= 10


def spoil_and_check(number: int, edits: random.Random) -> None:
    files: dict[str, str | bytes] = dict(projects()[number])
    name = edits.choice([next(iter(files))] * 3 + list(files))
    change = edits.choice([spoilt, reshaped, retokened])
    text = files[name]
    assert isinstance(text, str)
    files[name] = change(text, edits)
    check(files, as_json=edits.random() < 0.7)


def mangle_and_check(number: int, edits: random.Random) -> None:
    files: dict[str, str | bytes] = dict(projects()[number])
    name = edits.choice(list(files))
    text = files[name]
    assert isinstance(text, str)
    files[name] = mangled(text, edits)
    check(files, as_json=edits.random() < 0.7)


def make_up_and_check(edits: random.Random) -> None:
    text = scenario(edits)
    if edits.random() < 0.5:
        text = retokened(text, edits)
    check({"s.yaml": text}, as_json=edits.random() < 0.7)


numbers = st.sampled_from([0, 0, 1, 1, 2, 3, 4])
edits = st.randoms(use_true_random=False)


@settings(max_examples=40, deadline=None)
@given(numbers, edits)
def test_spoilt_files(number: int, edits: random.Random) -> None:
    spoil_and_check(number, edits)


@settings(max_examples=20, deadline=None)
@given(numbers, edits)
def test_mangled_files(number: int, edits: random.Random) -> None:
    mangle_and_check(number, edits)


@settings(max_examples=20, deadline=None)
@given(edits)
def test_made_up_files(edits: random.Random) -> None:
    make_up_and_check(edits)


@pytest.mark.slow
@settings(max_examples=5000, deadline=None)
@given(numbers, edits)
def test_many_spoilt_files(number: int, edits: random.Random) -> None:
    spoil_and_check(number, edits)


@pytest.mark.slow
@settings(max_examples=4000, deadline=None)
@given(numbers, edits)
def test_many_mangled_files(number: int, edits: random.Random) -> None:
    mangle_and_check(number, edits)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None)
@given(edits)
def test_many_made_up_files(edits: random.Random) -> None:
    make_up_and_check(edits)
