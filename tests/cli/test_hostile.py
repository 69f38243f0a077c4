"""Hostile bytes: a clear refusal, soon and in bounded memory, and never a traceback."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS, BYTES = 5, 1_500_000_000
"""CPU time and address space that a refusal may take."""

ALIASES = "a0: &a0 [x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 40)
)
HEAD = b"variable a { type discrete [ 2 ] { y, n }; }\nprobability ( a ) { "

FILES: dict[str, tuple[bytes, str]] = {
    "binary.yaml": (b"\x7fELF\x00\x01" * 1000, "this is not a text file"),
    "binary.bif": (b"\x7fELF\x00\x01" * 1000, "this is not a text file"),
    "latin.yaml": ("title: Caf\u00e9".encode("latin-1"), "this file is not UTF-8"),
    "latin.bif": ("network \u00e9 { }".encode("latin-1"), "this file is not UTF-8"),
    "large.yaml": (b"a: b\n" * 10_000_000, "this file is larger than 12 MB"),
    "large.bif": (b"// x\n" * 10_000_000, "this file is larger than 12 MB"),
    "brackets.yaml": (b"a: " + b"[" * 100_000, "this is nested deeper than 40 levels"),
    "brackets.bif": (HEAD + b"(" * 100_000, "a `)` is missing"),
    "aliases.yaml": (ALIASES.encode(), "anchors and aliases are not used here"),
    "cut.bif": (HEAD + b"table 0.2, 0.", "the file ends within the probability block of `a`"),
    "line.yaml": (b"title: " + b"x " * 1_000_000, "is missing"),
    "line.bif": (HEAD + b"table " + b"0.1 " * 1_000_000 + b"; }", "1,000,000 numbers for `a`"),
    "states.bif": (b"variable a { type discrete [ 2 ] { " + b"s, " * 1_000_000 + b"}; }", "more than 10,000 names"),
    "states.yaml": (b"questions:\n  a:\n    states:\n" + b"    - s\n" * 1_000_000, "this file holds more than any model needs"),
}  # fmt: skip


def bounded() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))


QUICK = ("binary.bif", "brackets.yaml", "aliases.yaml", "cut.bif", "states.bif")


@pytest.mark.parametrize(
    "name", [n if n in QUICK else pytest.param(n, marks=pytest.mark.slow) for n in FILES]
)
def test_a_refusal_in_words(name: str, tmp_path: Path) -> None:
    content, said = FILES[name]
    path = tmp_path / name
    path.write_bytes(content)
    command = [sys.executable, "-c", "from forecast.cli import main; main()", "run", str(path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, preexec_fn=bounded)
    assert done.returncode == 3
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr) < 40_000
    assert done.stdout == ""
