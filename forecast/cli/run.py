"""``forecast run``: a scenario file in, the probability of every named scenario out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forecast.cli.formats import Format, Json, Quiet, chosen, for_programs
from forecast.cli.refusals import refusals
from forecast.cli.supposed import AsOf, Do, Given, Supposed, Variant
from forecast.cli.terminal import has_colour, width
from forecast.errors import FailedDiagnostics

if TYPE_CHECKING:
    from forecast.model.network import Network
    from forecast.posterior import Posterior
    from forecast.summary.contract import Summary


def run(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A scenario file, or a network in BIF.")
    ],
    given: Given = None,
    do: Do = None,
    variant: Variant = None,
    as_of: AsOf = None,
    engine: Annotated[
        str,
        typer.Option(
            help="exact; nuts: the same model sampled by PyMC; auto (default): exact, and nuts "
            "where its certificate fails and --draws is not given."
        ),
    ] = "auto",
    draws: Annotated[
        int | None,
        typer.Option(
            min=100, max=1_000_000, help="Draws; as many as the error target needs by default."
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, max=2**32 - 1, help="The same seed gives the same numbers.")
    ] = 42,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where runs are kept.")] = Path(
        "results"
    ),
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="text (default); md, for a report; csv, one long table; json, every number.",
        ),
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Report the probability of every scenario of FILE, with its uncertainty and its sources.

    \b
    forecast run scenarios/victory_day_2025.yaml
    forecast run scenarios/victory_day_2025.yaml --as-of 2025-03-24
    forecast run scenarios/victory_day_2025.yaml --given "not ceasefire" --json
    forecast run scenarios/victory_day_2025.yaml --do "ceasefire = 2025-06-15"
    forecast run scenarios/victory_day_2025.yaml --variant without_doo
    forecast run scenarios/victory_day_2025.yaml --format md

    The run is kept as RESULTS/<scenario>/<as-of>/<run>/ with summary.json, manifest.json and
    posterior.nc. Exit status: 0 done, 2 wrong usage, 3 invalid file, 4 failed diagnostics.
    """  # noqa: D301 - the backspace keeps the lines of the examples apart
    with refusals():
        _run(
            file,
            Supposed.read(given, do, variant, as_of),
            engine,
            draws,
            seed,
            out,
            chosen(form, json),
            quiet=quiet,
        )


def _run(
    file: Path,
    supposed: Supposed,
    engine: str,
    draws: int | None,
    seed: int,
    out: Path,
    form: Format,
    *,
    quiet: bool,
) -> None:
    from forecast import pipeline
    from forecast.inference.settings import silent

    spec, network = supposed.of(file, quiet=quiet)
    if engine == "nuts" and not quiet:
        _note("Sampling with PyMC; its first run on a machine compiles for half a minute.")
    tell = silent if quiet else _note
    posterior = pipeline.infer(network, engine, seed=seed, draws=draws, notice=tell)
    # Where `exact` has answered, the run is that of `exact`, under the same name.
    answered = "exact" if posterior.engine == "exact" else engine
    settings = pipeline.settings(network, answered, draws, supposed.given)
    if supposed.variant is not None:
        settings["variant"] = supposed.variant
    manifest = pipeline.manifest(spec, settings, seed)
    summary = pipeline.summarise(spec, network, posterior, manifest["digest"])

    from forecast.views.terminal import render_refusal, render_summary

    if summary.diagnostics.status == "fail":
        raise FailedDiagnostics(
            render_refusal(summary, colour=has_colour(sys.stderr), file=str(file)).rstrip()
        )
    kept = _keep(out, file.stem, network, posterior, summary, manifest)
    if form != "text":
        sys.stdout.write(for_programs(summary, form))
        return
    sys.stdout.write(
        render_summary(
            summary,
            width=width(),
            colour=has_colour(sys.stdout),
            saved_to=str(kept),
            file=str(file),
        )
    )


def _note(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _keep(
    out: Path,
    scenario: str,
    network: Network,
    posterior: Posterior,
    summary: Summary,
    manifest: dict[str, Any],
) -> Path:
    from forecast.store import folder, netcdf

    files: dict[str, folder.Content] = {
        "summary.json": summary.to_json().encode(),
        "posterior.nc": lambda path: netcdf.write(path, posterior, network),
    }
    return folder.save(out, scenario, network.as_of, summary.digest, files, manifest)
