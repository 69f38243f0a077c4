"""Pages to look at: a forecast drawn, renamed, failed."""

from __future__ import annotations

import re
from dataclasses import replace

from forecast.summary.contract import Chance, Summary
from forecast.views.terminal import render_summary


def plain(summary: Summary, width: int = 100) -> str:
    return render_summary(
        summary,
        width=width,
        colour=False,
        saved_to="results/my case",
        file="scenarios/my case.yaml",
    )


def named(summary: Summary, *names: str) -> Summary:
    """The same forecast with scenarios of these names, the first the likeliest."""
    models = [summary.scenarios["kim_in_moscow"], summary.scenarios["open_account"]]
    scenarios = {
        name: replace(models[bool(i)], probability=0.62 if i == 0 else 0.34 - i / 1000)
        for i, name in enumerate(names)
    }
    return replace(
        summary,
        scenarios=scenarios,
        lead=replace(summary.lead, scenario=names[0], runner_up=names[1] if names[1:] else None),
        drivers=tuple(replace(d, scenario=names[0]) for d in summary.drivers),
    )


def failed(summary: Summary, **other: object) -> Summary:
    reasons = (
        "only 213 effective draws; at least 400 are needed",
        "two independent halves disagree",
    )
    diagnostics = replace(summary.diagnostics, status="fail", ess=213.0, reasons=reasons)
    return replace(summary, diagnostics=diagnostics, **other)  # type: ignore[arg-type]


def certain(chance: Chance) -> Chance:
    """The chance of a model in which nothing is uncertain."""
    return replace(chance, intervals=None, mcse=0.0)


def bars(text: str) -> list[str]:
    """The lines of the table that hold a bar."""
    return [line for line in text.split("\n") if re.search(r"\|[ :=o-]{10,}\|", line)]
