"""The command as a user calls it: in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def forecast(*words: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run ``forecast`` with some words."""
    command = [sys.executable, "-c", "from forecast.cli import main; main()", *map(str, words)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120)
