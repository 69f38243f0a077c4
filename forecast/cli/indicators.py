"""``forecast indicators``: what to watch."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from forecast.cli.formats import Form, Json, Quiet, chosen
from forecast.cli.progress import Progress
from forecast.cli.refusals import refusals
from forecast.cli.supposed import Variant
from forecast.cli.terminal import has_colour, width


def indicators(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A scenario file.")],
    variant: Variant = None,
    form: Form = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Report what to watch: how far each answer would move each scenario of FILE, and when.

    \b
    forecast indicators scenarios/victory_day_2025.yaml
    forecast indicators scenarios/victory_day_2025.yaml --format md
    forecast indicators scenarios/victory_day_2025.yaml --json

    Ranked by how much an answer tells of the scenarios for each month until it is known. Exit
    status: 0 done, 2 wrong usage, 3 invalid file, 4 failed diagnostics.
    """  # noqa: D301 - the backspace keeps the lines of the examples apart
    with refusals():
        wanted = chosen(form, json)
        from forecast.analysis.indicators import indicators as to_watch
        from forecast.cli.certified import solved_for
        from forecast.views import indicators as view

        with Progress() as progress:
            progress.step("solving")
            solved, summary = solved_for(file, variant, quiet=quiet)
            progress.step("asking each open question")
            found = to_watch(solved, summary)
        match wanted:
            case "json":
                sys.stdout.write(found.to_json())
            case "csv":
                sys.stdout.write(view.render_csv(found))
            case "md":
                sys.stdout.write(view.render_markdown(found))
            case _:
                colour = has_colour(sys.stdout)
                sys.stdout.write(view.render(found, width=width(), colour=colour))
