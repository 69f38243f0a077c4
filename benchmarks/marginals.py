"""All marginals of one set of parameters and of many, against a loop over pyAgrum."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import networks
from benchmarks.clock import alternating, ratio
from benchmarks.networks import Shape
from benchmarks.peers import agrum
from forecast.inference.exact import ExactNetwork

type Array = NDArray[np.float64]

SEED = 1
DRAWS = 10_000
LOOP = 300
"""Draws of the parameters that pyAgrum's loop really takes; its time for all is in proportion."""

TOLERANCE = 1e-9


class Disagreement(Exception):
    """Two that should say the same do not, so that no time of theirs means anything."""


@dataclass(frozen=True)
class Marginals:
    """What was measured on one network.

    ``layout``: seconds until the first answer can be computed. The others are seconds, and ratios
    of pyAgrum's to ours, None where they were not measured.
    """

    name: str
    shape: Shape
    layout: float
    one: float
    one_theirs: float
    one_ratio: float
    many: float | None
    many_theirs: float | None
    many_ratio: float | None
    difference: float


def random_network(nodes: int, rounds: int) -> Marginals:
    """Measure one set of parameters, and many, on a random network."""
    return uncertain(f"random, {nodes} nodes", networks.random_shape(nodes, SEED), rounds)


def uncertain(name: str, shape: Shape, rounds: int) -> Marginals:
    """Measure one set of parameters, and many, on a network whose numbers are all uncertain."""
    tables = networks.random_tables(shape, DRAWS, SEED)
    values = networks.values(shape, tables)
    first = {name: array[..., :1] for name, array in values.items()}
    start = time.perf_counter()
    exact = ExactNetwork(networks.uncertain(shape))
    layout = time.perf_counter() - start
    net, rows = agrum.bayes_net(shape), agrum.draws_first(tables)

    def loop(draws: int) -> list[dict[str, Array]]:
        found = []
        for draw in range(draws):
            agrum.fill(net, rows, draw)
            found.append(agrum.marginals(net, shape.observed))
        return found

    ours, theirs = exact.outcomes(values, 1).questions, loop(LOOP)
    difference = max(
        _difference({name: array[draw] for name, array in ours.items()}, found)
        for draw, found in enumerate(theirs)
    )
    _agree(name, difference)
    one = alternating(
        {"ours": lambda: exact.outcomes(first, 1), "theirs": lambda: loop(1)}, 10 * rounds
    )
    many = alternating(
        {"ours": lambda: exact.outcomes(values, 1), "theirs": lambda: loop(LOOP)}, rounds
    )
    scaled = [seconds * DRAWS / LOOP for seconds in many["theirs"]]
    return Marginals(
        name=name,
        shape=shape,
        layout=layout,
        one=median(one["ours"]),
        one_theirs=median(one["theirs"]),
        one_ratio=ratio(one["ours"], one["theirs"]),
        many=median(many["ours"]),
        many_theirs=median(scaled),
        many_ratio=ratio(many["ours"], scaled),
        difference=difference,
    )


def published(path: Path, rounds: int) -> Marginals:
    """Measure a published network, with the evidence of the largest of its cases."""
    net, shape, tables = agrum.read(path)
    cases = json.loads(path.with_suffix(".json").read_text("utf-8"))["cases"]
    shape = networks.observing(shape, _observed(net, max(cases, key=lambda c: len(c["evidence"]))))
    start = time.perf_counter()
    exact = ExactNetwork(networks.fixed(shape, tables))
    layout = time.perf_counter() - start
    ours = {name: array[0] for name, array in exact.outcomes({}, 1).questions.items()}
    difference = _difference(ours, agrum.marginals(net, shape.observed))
    _agree(path.stem, difference)
    one = alternating(
        {
            "ours": lambda: exact.outcomes({}, 1),
            "theirs": lambda: agrum.marginals(net, shape.observed),
        },
        2 * rounds,
    )
    return Marginals(
        name=path.stem,
        shape=shape,
        layout=layout,
        one=median(one["ours"]),
        one_theirs=median(one["theirs"]),
        one_ratio=ratio(one["ours"], one["theirs"]),
        many=None,
        many_theirs=None,
        many_ratio=None,
        difference=difference,
    )


def _observed(net: Any, case: Mapping[str, Any]) -> dict[str, int]:
    labels = {name: net.variable(name).labels() for name in case["evidence"]}
    return {name: labels[name].index(state) for name, state in case["evidence"].items()}


def _difference(ours: Mapping[str, Array], theirs: Mapping[str, Array]) -> float:
    return max(float(np.abs(ours[name] - theirs[name]).max()) for name in theirs)


def _agree(name: str, difference: float) -> None:
    if not difference <= TOLERANCE:
        raise Disagreement(f"{name}: marginals differ from pyAgrum's by {difference:.1e}")
