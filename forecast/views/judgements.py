"""What a parameter of the model is about, in words."""

from __future__ import annotations

import re

from forecast.summary.contract import Summary
from forecast.views.words import clean, condition, humanised

_OWN = re.compile(r"(?:latents|questions)\.([^.]+)\.(?:prior|occurs|rate(?=\.)|amount(?=\.))?(.*)")
_REPORT = re.compile(r"evidence\.([^.]+)\.odds\.(.*)")
_TIMING = re.compile(r"timing\[(\d+)\]\.share")
_STEP = re.compile(r"\.(cases|odds|times|any_of)\.|\.(base)(?=\.|$)")
_BETWEEN = {"cases": " if ", "odds": ", odds if ", "times": ", times if ", "any_of": " through "}
_NAMED = {"otherwise": " otherwise", "leak": ", leak"}
# A state at the end: identifiers hold no dots, and the dates of a condition are digits.
_STATE = re.compile(r"(?<!\.)\.([^\W\d]\w*)$")


def judgement_name(parameter: str, year: str = "") -> str:
    """Say what a parameter is about, from its path in the file or its reference.

    >>> judgement_name("questions.visit_russia.occurs.cases.preparation")
    'visit russia if preparation'
    >>> judgement_name("latents.preparation.prior.base")
    'preparation, base'
    >>> judgement_name("latents.preparation.prior.odds.compensation")
    'preparation, odds if compensation'
    >>> judgement_name("questions.storms.rate.times.warm_sea")
    'storms, times if warm sea'
    >>> judgement_name("questions.place.prior.cases.visit in 2025-04-28..2025-05-09.moscow", "2025")
    'place if visit in 28 Apr to 9 May: moscow'
    >>> judgement_name("evidence.shoigu_letter.odds.preparation")
    'report shoigu letter on preparation'
    >>> judgement_name("base.prepared_visit_takes_place")
    'prepared visit takes place'
    """
    if report := _REPORT.fullmatch(parameter):
        return f"report {humanised(report[1])} on {condition(report[2], year)}"
    if own := _OWN.fullmatch(parameter):
        return humanised(own[1]) + _within(own[2], year)
    return humanised(parameter.partition(".")[2] or parameter)


def _within(path: str, year: str) -> str:
    """Write where in a question a judgement stands."""
    if timing := _TIMING.fullmatch(path):
        return f", share of timing {int(timing[1]) + 1}"
    if path == "rate":
        return ", rate"
    if path.startswith("times."):
        path = f".{path}"
    state = _STATE.search(path) if not path.endswith(".base") else None
    # What follows `cases.` is a condition, even where it looks like a state.
    if state and re.search(r"\.(cases|odds|times|any_of)$", path[: state.start()]):
        state = None
    steps = path[: state.start()] if state else path
    text = ""
    parts = _STEP.split(steps)
    for kind, base, rest in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        if base:
            text += ", base"
        elif rest in _NAMED:
            text += _NAMED[rest]
        else:
            text += _BETWEEN[kind] + condition(rest, year)
    return text + (f": {humanised(state[1])}" if state else "")


def speaker(summary: Summary, alias: str) -> str:
    """Return the name of an expert, from what he is called in the file."""
    if alias in summary.experts:
        return clean(summary.experts[alias].who)
    if alias in summary.provenance.sources:
        # "who, said, where": the name ends before the date.
        return clean(re.split(r", \d{4}-", summary.provenance.sources[alias])[0])
    return clean(alias)
