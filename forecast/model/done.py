"""Questions that are set: whether they can be, and the network after it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from forecast.errors import Fault, InvalidModel, Path
from forecast.model.comparison import by_day
from forecast.model.intervention import intervene, obstacles, state_of
from forecast.model.network import Network
from forecast.spec.calendar import read_day
from forecast.spec.load import ScenarioSpec
from forecast.spec.predictive import predictive_conditions


def day_of(value: str) -> dt.date | None:
    """Return the day that a value of ``do`` is, if it is one."""
    return read_day(value) if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", value) else None


def done(spec: ScenarioSpec, network: Network, do: Mapping[str, str]) -> Network:
    """Return a network after an intervention.

    Parameters
    ----------
    spec, network
        The scenario, and the network as the file has it.
    do
        Question -> value; the checks of names and values have passed.

    Raises
    ------
    InvalidModel
        Where the world after the intervention cannot be told from what is known.
    """
    values = {
        name: str(day) if (day := day_of(value)) is not None else value
        for name, value in do.items()
    }
    faults = [*_faults(spec, network, values)]
    if faults:
        raise InvalidModel(faults)
    # A date that others are compared with by the day is set where its day is told.
    node = {name: by_day(name) if by_day(name) in network.nodes else name for name in values}
    states = {
        node[name]: state_of(network.nodes[node[name]].cells, value)
        for name, value in values.items()
    }
    faults = [
        _fault(spec, next(iter(do)), "not-identified", obstacle.text, obstacle.fix)
        for obstacle in obstacles(network, states, tuple(values))
    ]
    if faults:
        raise InvalidModel(faults)
    return replace(intervene(network, states), done=values)


def _faults(spec: ScenarioSpec, network: Network, do: Mapping[str, str]) -> Iterator[Fault]:
    for name, value in do.items():
        day = day_of(value)
        if day is not None and network.as_of is not None and day <= network.as_of:
            text = f"`{name}` cannot be set to {day}: what is done acts after {network.as_of}"
            yield _fault(spec, name, "date", text, "choose a later day, or `never`")
        for child, path, condition in predictive_conditions(spec.file, name):
            line = spec.source.mark(path, key=True).line
            text = (
                f"`{condition.text}` (line {line}) foretells `{child}` and does not cause it: "
                f"`{name}` may be settled later"
            )
            fix = f"use a condition that is settled before `{child}` can happen, or --given"
            yield _fault(spec, name, "predictive", text, fix)


def _fault(spec: ScenarioSpec, name: str, code: str, text: str, fix: str) -> Fault:
    """Return a fault at the variant that sets a question, else at the question itself."""
    variation = spec.variation
    path: Path = ("latents" if name in spec.file.latents else "questions", name)
    if variation is not None and name in variation.do:
        path = ("variants", variation.name, "do", name)
    return spec.source.fault(path, code, text, fix, key=True)
