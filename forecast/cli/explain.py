"""``forecast explain``: one question, with its equations, its numbers and where they come from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from forecast.cli.refusals import explain as tell
from forecast.cli.refusals import refusals
from forecast.cli.terminal import has_colour, width
from forecast.errors import UsageError, nearest


def explain(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The scenario file.")],
    question: Annotated[
        str, typer.Argument(metavar="QUESTION", help="A question or latent of the file.")
    ],
) -> None:
    """Explain QUESTION: its table as formulas, each number with its source, what bears on it.

    \b
    forecast explain scenarios/victory_day_2025.yaml visit_russia
    forecast explain scenarios/chest_clinic.yaml dysp

    The formulas are those that are solved. Exit status: 0 done, 2 wrong usage, 3 invalid file, 4
    failed diagnostics.
    """  # noqa: D301 - the backspace keeps the lines of the examples apart
    with refusals():
        from forecast import pipeline
        from forecast.cli.certified import certified

        spec = pipeline.load(file)
        if spec.warnings:
            tell(spec.warnings)
        network = pipeline.build(spec)
        if question not in network.questions:  # before a second is spent on inference
            known = network.questions
            hint = nearest(question, known) or f"one of {', '.join(known)}"
            raise UsageError(f"there is no question `{question}`: {hint}")
        posterior, summary = certified(spec, network, file)

        from forecast.analysis.explain import explain as explained
        from forecast.views.explained import render_explanation

        found = explained(spec, network, posterior, summary, question)
        sys.stdout.write(render_explanation(found, width=width(), colour=has_colour(sys.stdout)))
