"""``forecast sensitivity``: what a forecast hangs on."""

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


def sensitivity(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A scenario file.")],
    scenario: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The scenario to show; the likeliest by default."),
    ] = None,
    variant: Variant = None,
    form: Form = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Report what FILE's forecast hangs on: judgements, voices, policy, fixed numbers.

    \b
    forecast sensitivity scenarios/victory_day_2025.yaml
    forecast sensitivity scenarios/victory_day_2025.yaml --scenario podium_surprise
    forecast sensitivity scenarios/victory_day_2025.yaml --json

    Each judgement is pinned down at its 5 % and its 95 % point, with all that is known learned
    again. Exit status: 0 done, 2 wrong usage, 3 invalid file, 4 failed diagnostics.
    """  # noqa: D301 - the backspace keeps the lines of the examples apart
    with refusals():
        wanted = chosen(form, json)
        from forecast.analysis.sensitivity import sensitivity as hangs_on
        from forecast.cli.certified import solved_for
        from forecast.views import sensitivity as view

        solved, summary = solved_for(file, variant, quiet=quiet)
        shown = view.chosen(summary, scenario)
        with Progress() as progress:
            found = hangs_on(solved, summary, progress.step)
        match wanted:
            case "json":
                sys.stdout.write(found.to_json())
            case "csv":
                sys.stdout.write(view.render_csv(found))
            case "md":
                sys.stdout.write(view.render_markdown(found, shown))
            case _:
                colour = has_colour(sys.stdout)
                sys.stdout.write(view.render(found, shown, width=width(), colour=colour))
