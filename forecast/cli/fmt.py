"""``forecast fmt``: files in their usual order, indentation and quotes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from forecast.cli.refusals import explain, refusals

UNTIDY = 1
"""Exit status of ``--check`` where a file is to be tidied."""


def fmt(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Scenario, priors or lexicon files.")
    ],
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 if a file is not tidy.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Write nothing; print what would change.")
    ] = False,
) -> None:
    """Tidy each FILE: fields in their order, even indentation, no needless quotes.

    \b
    forecast fmt scenarios/victory_day_2025.yaml
    forecast fmt --diff scenarios/*.yaml
    forecast fmt --check scenarios/*.yaml priors/*.yaml

    Values, comments, and the order of names and conditions stay as they are; each file is read
    again and left alone if it would say anything else. Exit status: 0 done, 1 not tidy (--check),
    2 wrong usage, 3 a file cannot be read.
    """  # noqa: D301 - the backspace keeps the lines of the examples apart
    untidy, faulty = 0, 0
    with refusals():
        for file in files:
            changed = _tidy(file, write=not (check or diff), diff=diff)
            faulty += changed is None
            untidy += changed is True
    if faulty:
        raise typer.Exit(3)
    if check and untidy:
        raise typer.Exit(UNTIDY)


def _tidy(file: Path, *, write: bool, diff: bool) -> bool | None:
    """Return whether a file was, or is to be, changed; None where it cannot be read."""
    from forecast.errors import InvalidFile
    from forecast.spec.read import read
    from forecast.spec.tidy import tidied
    from forecast.store.file import replace

    try:
        read(file)  # says what hinders, from a missing file to a wrong encoding
        with file.open(encoding="utf-8", newline="") as stream:
            before = stream.read()
        after = tidied(before, str(file))
    except InvalidFile as error:
        explain(error.faults)
        return None
    if after == before:
        return False
    if diff:
        sys.stdout.write(_difference(before, after, str(file)))
    if write:
        replace(file, after)
    sys.stderr.write(f"{file}: {'tidied' if write else 'not tidy'}\n")
    return True


def _difference(before: str, after: str, file: str) -> str:
    import difflib

    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return "".join(difflib.unified_diff(old, new, file, f"{file} (tidy)"))
