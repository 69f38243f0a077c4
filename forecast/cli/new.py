"""``forecast new``: a commented scenario file, with a file of priors, that runs at once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from forecast.cli.refusals import refusals
from forecast.errors import UsageError


def new(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="The scenario file that is to be written.")
    ] = Path("scenario.yaml"),
    title: Annotated[
        str, typer.Option(metavar="TEXT", help="What the forecast is about.")
    ] = "<What the forecast is about, in a line>",
    as_of: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The day whose knowledge it holds; today by default."),
    ] = None,
) -> None:
    """Write a scenario file to begin with, and a file of what an expert said.

    \b
    forecast new scenarios/ceasefire.yaml
    forecast new scenarios/ceasefire.yaml --title "Does the ceasefire hold?"
    forecast new scenarios/ceasefire.yaml --as-of 2025-04-08

    Both run as they stand and show each common form once, with comments; the texts in <angle
    brackets> and the numbers are to be replaced. The second file stands beside the first, or in
    ../priors where that lies in a folder `scenarios`. Nothing is ever overwritten.
    """  # noqa: D301 - the backspace keeps the lines of the examples apart
    with refusals():
        import datetime as dt

        from forecast.pipeline import as_of_day
        from forecast.spec.starter import starter

        day = dt.date.today() if as_of is None else as_of_day(as_of)
        files = starter(path, title, day)
        _write(files)
        for file in files:
            sys.stdout.write(f"{file}\n")
        sys.stderr.write(f"Next: forecast run {path}\n")


def _write(files: dict[Path, str]) -> None:
    for file in files:
        if file.exists():
            raise UsageError(f"{file} exists and is left alone; name another: forecast new PATH")
    for file, text in files.items():
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("x", encoding="utf-8", newline="") as stream:
                stream.write(text)
        except OSError as error:
            raise UsageError(f"{file} cannot be written: {error.strerror}") from None
