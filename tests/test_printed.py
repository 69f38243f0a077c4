"""What the pages show of a command is what it prints. To make it anew: uv run python tests/test_printed.py"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from commands import ROOT, forecast

PAGES = ("docs/compare.md", "docs/sensitivity.md", "docs/indicators.md")
BLOCK = re.compile(r"^```console\n\$ (forecast .*)\n((?:.*\n)*?)```\n", re.MULTILINE)


def blocks() -> list[tuple[str, str, str]]:
    """Return page, command and output of every block."""
    return [
        (page, match[1], match[2])
        for page in PAGES
        for match in BLOCK.finditer((ROOT / page).read_text("utf-8"))
    ]


def printed(command: str) -> str:
    """Run a command; the names of runs change with every version."""
    done = forecast(*shlex.split(command)[1:])
    assert done.returncode == 0, done.stderr
    return re.sub(r"\b([Rr]un) [0-9a-f]{12}\b", r"\1 ...", done.stdout)


@pytest.mark.parametrize(("page", "command", "shown"), blocks())
def test_pages_show_what_is_printed(page: str, command: str, shown: str) -> None:
    assert shown == printed(command), f"{page}: run: uv run python tests/test_printed.py"


def _renew(path: Path) -> None:
    text = path.read_text("utf-8")
    path.write_text(
        BLOCK.sub(lambda found: f"```console\n$ {found[1]}\n{printed(found[1])}```\n", text),
        "utf-8",
    )


if __name__ == "__main__":
    for name in PAGES:
        _renew(ROOT / name)
