"""``forecast schema``: the JSON Schemas of the files and of the result."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forecast.cli.refusals import refusals
from forecast.errors import UsageError, nearest

if TYPE_CHECKING:
    from typing import Any

RESULTS = {
    "comparison": ("forecast.analysis.compare_contract", "Comparison", "Forecasts side by side"),
    "sensitivity": (
        "forecast.analysis.sensitivity_contract",
        "Sensitivity",
        "What a forecast hangs on",
    ),
    "indicators": ("forecast.analysis.indicators_contract", "Indicators", "What to watch"),
    "scenario-set": (
        "forecast.analysis.scenario_set_contract",
        "ScenarioSet",
        "The health of a set of scenarios",
    ),
}
"""Kind -> module and name of what it is the schema of, and the title."""

KINDS = ("scenario", "priors", "lexicon", "summary", *RESULTS)


def schema(
    kind: Annotated[
        str | None, typer.Argument(metavar="KIND", help=f"One of {', '.join(KINDS)}.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="PATH", help="Write there: a file, or without KIND a folder."
        ),
    ] = None,
) -> None:
    """Print the JSON Schema of a kind of file, for editors and other programs.

    \b
    forecast schema scenario -o scenario.schema.json
    forecast schema summary
    forecast schema -o schemas            all of them, as schemas/KIND.schema.json

    An editor that speaks to yaml-language-server completes names, explains fields and marks
    mistakes in a file that holds the line

    \b
    # yaml-language-server: $schema=scenario.schema.json
    """  # noqa: D301 - the backspace keeps the lines of the examples apart
    with refusals():
        _schema(kind, out)


def _schema(kind: str | None, out: Path | None) -> None:
    if kind is None and out is None:
        raise UsageError(f"which schema? One of {', '.join(KINDS)}, or all of them with -o FOLDER")
    if kind is not None and kind not in KINDS:
        hint = nearest(kind, KINDS) or f"one of {', '.join(KINDS)}"
        raise UsageError(f"there is no schema `{kind}`: {hint}")
    if out is None:
        assert kind is not None
        sys.stdout.write(schema_text(kind))
        return
    for each in KINDS if kind is None else (kind,):
        path = out if kind is not None else out / f"{each}.schema.json"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(schema_text(each), "utf-8")
        except OSError as error:
            raise UsageError(f"{path} cannot be written: {error.strerror}") from None


def schema_text(kind: str) -> str:
    """Return a schema as it is kept in ``forecast/schemas``."""
    import importlib
    import json

    from forecast.spec.json_schema import file_schema
    from forecast.summary.json_schema import result_schema, summary_schema

    found: dict[str, Any]
    if kind in RESULTS:
        module, name, title = RESULTS[kind]
        found = result_schema(getattr(importlib.import_module(module), name), title)
    else:
        found = summary_schema() if kind == "summary" else file_schema(kind)
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"
