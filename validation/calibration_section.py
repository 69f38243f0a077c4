"""The section on calibration of docs/validation.md."""

from __future__ import annotations

from validation.calibration import DRAWS, LEVEL
from validation.kept import Calibrated
from validation.writing import table, text


def section(found: Calibrated) -> list[str]:
    """Return its parts."""
    rows = [
        (
            one.name,
            str(one.simulations),
            str(one.quantities),
            str(one.refused),
            f"{one.p_value:.2g}",
            f"{one.band:.2f}",
        )
        for one in found.constructs
    ]
    controls = [
        (f"{one.control}, on: {one.name}", str(one.simulations), f"{one.p_value:.0e}")
        for one in found.controls
    ]
    return [
        "## Calibration\n",
        text(
            f"""Simulation-based calibration (Talts and others 2018, arXiv:1804.06788): parameters
            are drawn from the prior, reports and statements from the model, and the true value is
            ranked among {DRAWS} draws of the posterior that the engine finds; the ranks are uniform
            if the posterior is the model's. Ranked are all parameters, leans, and the chance of the
            scenario given the evidence. p is the least of a chi-square test over all of them, times
            their number; below {LEVEL:g} it would be an alarm. *Distance* is the largest of the
            ranks' distribution from the diagonal, times the root of the number of simulations
            (beyond 1.95 for one quantity in a thousand). Refused runs count all the same. Reports
            are drawn from the very chances that the network gives them, which add up to one over
            all that may be reported; so this tests the inference, and not what a report means,
            which is held to hand algebra elsewhere."""
        ),
        table(["construct", "simulations", "quantities", "refused", "p", "distance"], rows),
        text("A deliberately wrong model must be found out:"),
        table(["what is wrong", "simulations", "p"], controls),
        text("`uv run python -m validation calibration` makes them anew, in some minutes."),
    ]
