"""The terminal that a command writes to: its width, its colours, the files to quote from."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from forecast.errors import Fault

PIPED_WIDTH = 100


def width() -> int:
    """Return the cells of standard output; a fixed number where it is no terminal."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else PIPED_WIDTH


def has_colour(stream: TextIO) -> bool:
    """Say whether ANSI codes are wanted."""
    return stream.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def lines_by_file(faults: Iterable[Fault]) -> dict[str, list[str]]:
    """Return the lines of the files that have faults, for excerpts."""
    return {file: _lines(file) for file in {fault.file for fault in faults}}


def _lines(file: str) -> list[str]:
    """Return the lines of a file; none where it cannot be read as text."""
    try:
        return Path(file).read_text("utf-8-sig").splitlines()
    except (OSError, ValueError):
        return []
