"""What holds of every command."""

from __future__ import annotations

import re

import pytest
from commands import ROOT
from typer.main import get_command
from typer.testing import CliRunner

from forecast.cli.app import app

COMMANDS = list(get_command(app).commands)  # type: ignore[attr-defined]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PIPELINE = ("new", "schema", "fmt", "check", "graph", "explain", "run")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_told_of(command: str) -> None:
    assert any(f"forecast {command}" in page.read_text("utf-8") for page in PAGES)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_begins_with_examples(command: str) -> None:
    done = CliRunner().invoke(app, [command, "--help"])
    assert done.exit_code == 0
    # The usage, a sentence, then what one would type.
    assert re.search(rf"^Usage: .*\n\n  .*(?:\n  .*){{0,2}}\n\n  forecast {command} ", done.output)


def test_commands_stand_in_the_order_of_the_pipeline() -> None:
    known = [command for command in COMMANDS if command in PIPELINE]
    assert known == [command for command in PIPELINE if command in known]


def test_the_list_of_commands_is_whole_on_a_narrow_terminal() -> None:
    done = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "80"})
    assert "..." not in done.output.partition("Commands:")[2]
