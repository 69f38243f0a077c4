"""``forecast check``: all that is wrong with scenario files, and what was understood of them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from forecast.cli.refusals import refusals
from forecast.cli.terminal import has_colour, lines_by_file, width
from forecast.errors import InvalidFile, UsageError


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scenario files.")],
    scenarios: Annotated[
        bool,
        typer.Option("--scenarios", help="Of one file: its scenarios as a set, and their stories."),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Report what is wrong with each FILE, what should be looked at, and what was understood.

    \b
    forecast check scenarios/victory_day_2025.yaml
    forecast check scenarios/*.yaml
    forecast check scenarios/victory_day_2025.yaml --json
    forecast check scenarios/victory_day_2025.yaml --scenarios

    Every fault is told with its place and the way to mend it. Of one sound file everything that was
    understood is shown, with what its numbers imply before any evidence, to be signed off; of
    several files what is wrong, and a line for each. Exit status: 0 sound, warnings or not; 3 a
    file has errors; 2 wrong usage.
    """  # noqa: D301 - the backspace keeps the lines of the examples apart
    if scenarios:
        with refusals():
            _as_a_set(files, json=json)
        return
    from forecast.analysis.check import check as check_files

    report = check_files(files)
    if json:
        sys.stdout.write(report.to_json())
    else:
        from forecast.views.checked import render_check

        lines = lines_by_file(report.faults)
        colour = has_colour(sys.stdout)
        sys.stdout.write(render_check(report, lines, width=width(), colour=colour))
    if any(file.errors for file in report.files):
        raise typer.Exit(InvalidFile.exit_status)


def _as_a_set(files: list[Path], *, json: bool) -> None:
    """Print the scenarios of one file as a set, with all that is known."""
    from forecast.analysis.scenario_set import scenario_set
    from forecast.cli.certified import solved_for
    from forecast.views.scenario_set import render

    if len(files) != 1:
        raise UsageError("--scenarios looks at one file")
    found = scenario_set(*solved_for(files[0], None, quiet=False))
    if json:
        sys.stdout.write(found.to_json())
    else:
        sys.stdout.write(render(found, width=width(), colour=has_colour(sys.stdout)))
