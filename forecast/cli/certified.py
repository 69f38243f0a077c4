"""A result that may be shown, or a refusal."""

from __future__ import annotations

import sys
from pathlib import Path

from forecast import pipeline
from forecast.cli.terminal import has_colour
from forecast.errors import FailedDiagnostics
from forecast.model.network import Network
from forecast.posterior import Posterior
from forecast.spec.load import ScenarioSpec
from forecast.summary.contract import Summary
from forecast.views.terminal import render_refusal


def certified(spec: ScenarioSpec, network: Network, file: Path) -> tuple[Posterior, Summary]:
    """Solve a network with the default engine and settings.

    Raises
    ------
    FailedDiagnostics
        Where the certificate fails; the text says why and what to do.
    """
    posterior = pipeline.infer(network)
    summary = pipeline.summarise(spec, network, posterior)
    if summary.diagnostics.status == "fail":
        refusal = render_refusal(summary, colour=has_colour(sys.stderr), file=str(file))
        raise FailedDiagnostics(refusal.rstrip())
    return posterior, summary
