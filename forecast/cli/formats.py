"""The formats in which a result is printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from forecast.errors import UsageError, nearest

if TYPE_CHECKING:
    from forecast.summary.contract import Summary

type Format = Literal["text", "md", "csv", "json"]

FORMATS = ("text", "md", "csv", "json")


Form = Annotated[
    str | None,
    typer.Option("--format", metavar="FORMAT", help="text (default), md, csv or json."),
]
Json = Annotated[bool, typer.Option("--json", help="Short for --format json.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No notes on standard error.")]


def chosen(name: str | None, json: bool, formats: Sequence[str] = FORMATS) -> Format:
    """Return the format that ``--format`` and its short form ``--json`` ask for.

    Raises
    ------
    UsageError
        Where there is no such format, or the two ask for different ones.
    """
    if name is not None and name not in formats:
        hint = nearest(name.lower(), formats) or f"one of {', '.join(formats)}"
        raise UsageError(f"--format: there is no format `{name}`: {hint}")
    if json and name not in (None, "json"):
        raise UsageError(f"--json is short for --format json; leave it or --format {name} out")
    return cast(Format, "json" if json else name or "text")


def for_programs(summary: Summary, form: Literal["md", "csv", "json"]) -> str:
    """Return a result in a format that does not depend on the terminal."""
    match form:
        case "json":
            return summary.to_json()
        case "csv":
            from forecast.views.long_table import render_csv

            return render_csv(summary)
        case "md":
            from forecast.views.markdown import render_markdown

            return render_markdown(summary)
