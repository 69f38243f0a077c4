"""How a command says that it cannot do what was asked: in words, with its exit status."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer

from forecast.cli.terminal import has_colour, lines_by_file
from forecast.errors import FailedDiagnostics, Fault, ForecastError, InvalidFile


@contextmanager
def refusals() -> Iterator[None]:
    """Turn every refusal raised inside into a text on standard error and an exit status."""
    try:
        yield
    except ForecastError as error:
        refuse(error)


def refuse(error: ForecastError) -> NoReturn:
    """Say why nothing was done, and stop with the status that belongs to the error."""
    if isinstance(error, InvalidFile):
        explain(error.faults)
    else:
        prefix = "" if isinstance(error, FailedDiagnostics) else "forecast: "
        sys.stderr.write(f"{prefix}{error}\n")
    raise typer.Exit(error.exit_status)


def explain(faults: Sequence[Fault]) -> None:
    """Write faults, or warnings, with the lines that they are about."""
    from forecast.views.faults import render_faults

    lines = lines_by_file(faults)
    sys.stderr.write(render_faults(faults, lines, colour=has_colour(sys.stderr)))


def mention(warnings: Sequence[Fault], file: Path) -> None:
    """Say that there are warnings, where `check` and `run` tell them at length."""
    from forecast.views.words import counted

    if warnings:
        told = f"{counted(len(warnings), 'warning')} about the file"
        sys.stderr.write(f"{told}: forecast check {shlex.quote(str(file))}\n")
