"""A result that may be shown, or a refusal."""

from __future__ import annotations

import sys
from pathlib import Path

from forecast import pipeline
from forecast.analysis.column import Solved
from forecast.cli.refusals import mention
from forecast.cli.terminal import has_colour
from forecast.errors import FailedDiagnostics
from forecast.model.network import Network
from forecast.posterior import Posterior
from forecast.spec.load import ScenarioSpec
from forecast.summary.contract import Summary
from forecast.views.terminal import render_refusal

SEED = 42
"""The seed that every command takes by default."""


def solved_for(file: Path, variant: str | None, *, quiet: bool) -> tuple[Solved, Summary]:
    """Load, build and solve a file as `forecast run` does it by default.

    Raises
    ------
    FailedDiagnostics
        Where the certificate fails; the text says why and what to do.
    """
    spec = pipeline.load(file, variant)
    if not quiet:
        mention(spec.warnings, file)
    network = pipeline.build(spec)
    settings = pipeline.settings(network, "exact", None, ())
    if variant is not None:
        settings["variant"] = variant
    digest = pipeline.manifest(spec, settings, SEED)["digest"]
    posterior, summary = certified(spec, network, file, digest)
    return Solved(spec, network, posterior), summary


def certified(
    spec: ScenarioSpec, network: Network, file: Path, digest: str = ""
) -> tuple[Posterior, Summary]:
    """Solve a network with the default engine and settings.

    Raises
    ------
    FailedDiagnostics
        Where the certificate fails; the text says why and what to do.
    """
    posterior = pipeline.infer(network, seed=SEED)
    summary = pipeline.summarise(spec, network, posterior, digest)
    if summary.diagnostics.status == "fail":
        refusal = render_refusal(summary, colour=has_colour(sys.stderr), file=str(file))
        raise FailedDiagnostics(refusal.rstrip())
    return posterior, summary
