"""``forecast graph``: the causal graph of a scenario file, as a text or a picture."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from forecast.cli.refusals import mention, refusals
from forecast.errors import UsageError, nearest

FORMS = ("mermaid", "dot", "svg")
SUFFIXES = {".mmd": "mermaid", ".mermaid": "mermaid", ".dot": "dot", ".gv": "dot", ".svg": "svg"}


def graph(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The scenario file.")],
    to: Annotated[
        str | None,
        typer.Option(metavar="FORM", help="mermaid (default), dot or svg; else by the name of -o."),
    ] = None,
    probabilities: Annotated[
        bool, typer.Option("--probabilities", help="Write in each box how likely it is.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="PATH", help="Write to that file.")
    ] = None,
) -> None:
    """Draw what depends on what in FILE, with causes above effects.

    \b
    forecast graph scenarios/victory_day_2025.yaml -o graph.svg
    forecast graph scenarios/victory_day_2025.yaml --probabilities -o graph.svg
    forecast graph scenarios/chest_clinic.yaml --to mermaid
    forecast graph scenarios/chest_clinic.yaml --to dot | dot -Tpdf > graph.pdf

    Dashed: a cause that nobody observes. Double: defined by others. Each box names the reports and
    statements that bear on it directly. Exit status: 0 done, 2 wrong usage, 3 invalid file, 4
    failed diagnostics.
    """  # noqa: D301 - the backspace keeps the lines of the examples apart
    with refusals():
        form = _form(to, out)
        text = _drawn(file, form, probabilities)
        if out is None:
            sys.stdout.write(text)
        else:
            from forecast.store.file import replace

            replace(out, text)


def _form(to: str | None, out: Path | None) -> str:
    if to is None:
        return "mermaid" if out is None else _by_suffix(out)
    if to not in FORMS:
        raise UsageError(
            f"there is no form `{to}`: {nearest(to, FORMS) or 'one of ' + ', '.join(FORMS)}"
        )
    return to


def _by_suffix(out: Path) -> str:
    if out.suffix not in SUFFIXES:
        ends = ", ".join(SUFFIXES)
        raise UsageError(f"{out}: there is no such form; end the name in {ends}, or add --to")
    return SUFFIXES[out.suffix]


def _drawn(file: Path, form: str, probabilities: bool) -> str:
    from forecast import pipeline
    from forecast.views.diagram import diagram, dot, mermaid
    from forecast.views.drawing import svg

    spec = pipeline.load(file)
    mention(spec.warnings, file)
    network = pipeline.build(spec)
    summary = None
    if probabilities:
        from forecast.cli.certified import certified

        _, summary = certified(spec, network, file)
    drawn = diagram(spec, network, summary)
    return {"mermaid": mermaid, "dot": dot, "svg": svg}[form](drawn)
