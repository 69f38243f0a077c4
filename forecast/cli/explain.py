"""``forecast explain``: one question, with its equations, its numbers and where they come from."""

from __future__ import annotations

import sys
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forecast.cli.formats import Json, chosen
from forecast.cli.refusals import mention, refusals
from forecast.cli.supposed import AsOf, Do, Given, Supposed, Variant
from forecast.cli.terminal import has_colour, width
from forecast.errors import UsageError, nearest

if TYPE_CHECKING:
    from forecast.spec.load import ScenarioSpec


def _unknown(name: str, spec: ScenarioSpec, known: Collection[str]) -> str:
    """Say what may be explained in place of a name that is no question's."""
    if (when := spec.file.scenario_conditions().get(name)) is None:
        hint = nearest(name, known) or f"one of {', '.join(known)}"
        return f"there is no question `{name}`: {hint}"
    asked = ", ".join(f"`{part}`" for part in when.names()) or "one of its questions"
    return f"`{name}` is a scenario ({when.text}): explain {asked} in its place"


def explain(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The scenario file.")],
    question: Annotated[
        str, typer.Argument(metavar="QUESTION", help="A question or latent of the file.")
    ],
    given: Given = None,
    do: Do = None,
    variant: Variant = None,
    as_of: AsOf = None,
    form: Annotated[
        str | None,
        typer.Option("--format", metavar="FORMAT", help="text (default), or json."),
    ] = None,
    json: Json = False,
) -> None:
    """Explain QUESTION: its table as formulas, each number with its source, what bears on it.

    \b
    forecast explain scenarios/victory_day_2025.yaml visit_russia
    forecast explain scenarios/chest_clinic.yaml dysp
    forecast explain scenarios/victory_day_2025.yaml visit_russia --as-of 2025-03-24
    forecast explain scenarios/victory_day_2025.yaml troops_from_july --variant ceasefire_in_june
    forecast explain scenarios/victory_day_2025.yaml podium --given "visit_russia" --json

    The formulas are those that are solved. Exit status: 0 done, 2 wrong usage, 3 invalid file, 4
    failed diagnostics.
    """  # noqa: D301 - the backspace keeps the lines of the examples apart
    with refusals():
        from forecast.cli.certified import certified

        wanted = chosen(form, json, ("text", "json"))
        spec, network = Supposed.read(given, do, variant, as_of).of(file, quiet=True)
        mention(spec.warnings, file)
        if question not in network.questions:  # before a second is spent on inference
            raise UsageError(_unknown(question, spec, network.questions))
        posterior, summary = certified(spec, network, file)

        from forecast.analysis.explain import explain as explained
        from forecast.views.explained import render_explanation

        found = explained(spec, network, posterior, summary, question)
        if wanted == "json":
            sys.stdout.write(found.to_json())
            return
        sys.stdout.write(render_explanation(found, width=width(), colour=has_colour(sys.stdout)))
