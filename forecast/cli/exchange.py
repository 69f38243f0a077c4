"""``forecast import`` and ``forecast export``: networks from and for other programs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from forecast.cli.refusals import refusals
from forecast.errors import UsageError, nearest

FORMATS = ("bif",)

Force = Annotated[bool, typer.Option("--force", help="Replace OUT where it exists.")]


def import_network(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A network in BIF.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="OUT", help="Written here; printed by default."),
    ] = None,
    force: Force = False,
) -> None:
    """Turn a network of another program into a scenario file.

    \b
    forecast import alarm.bif -o alarm.yaml
    forecast run alarm.yaml --given "HR is LOW"

    Its tables stay numbers, digit by digit; scenarios and more can be added by hand.
    """  # noqa: D301 - the backspace keeps the lines of the examples apart
    with refusals():
        from forecast.interop.scenario import is_bif, net_of
        from forecast.interop.written import as_yaml

        if not is_bif(file):
            raise UsageError(
                f"`{file}`: only BIF can be imported, from a file whose name ends in .bif"
            )
        _write(as_yaml(net_of(file), f"Imported from {file.name}"), out, force)


def export(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A scenario file, or a network in BIF.")
    ],
    to: Annotated[str, typer.Option(metavar="FORMAT", help="bif.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="OUT", help="Written here; printed by default."),
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, max=2**32 - 1, help="For the means that no formula gives.")
    ] = 42,
    force: Force = False,
) -> None:
    """Write the expected network of a scenario for other programs.

    \b
    forecast export scenarios/chest_clinic.yaml --to bif -o chest_clinic.bif

    Each entry of each table is the mean of that chance over the spread of the judgements: exact
    where a formula gives it, else a mean over draws whose error is stated in the file. Reports,
    silence and statements are no part of it.
    """  # noqa: D301 - the backspace keeps the lines of the examples apart
    with refusals():
        if to not in FORMATS:
            hint = nearest(to, FORMATS) or f"one of {', '.join(FORMATS)}"
            raise UsageError(f"--to: there is no format `{to}`: {hint}")
        from forecast import pipeline
        from forecast.interop.expected import expected
        from forecast.interop.written import as_bif

        result = expected(pipeline.build(pipeline.load(file)), seed)
        _write(as_bif(result.net, (f"Exported from {file.name}", *result.header())), out, force)


def _write(text: str, out: Path | None, force: bool) -> None:
    """Print a text, or write it to a file that is whole or absent."""
    if out is None:
        sys.stdout.write(text)
        return
    if out.exists() and not force:
        raise UsageError(f"`{out}` exists: --force replaces it")
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        part.write_text(text, "utf-8")
        os.replace(part, out)
    except OSError as error:
        part.unlink(missing_ok=True)
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"`{out}` cannot be written: {reason}") from None
