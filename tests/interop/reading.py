"""Networks in BIF for tests: read, and asked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import forecast
from forecast.errors import Fault, InvalidFile
from forecast.interop.bayes_net import BayesNet
from forecast.interop.bif import bif_of
from forecast.interop.scenario import scenario_of
from forecast.model.network import Network
from forecast.spec.load import ScenarioSpec

type Array = NDArray[np.float64]

HERE = Path(__file__).parent
NIGHT_WATCH = HERE / "networks" / "night_watch.bif"


def net_of(text: str) -> BayesNet:
    net, source = bif_of(text, "x.bif")
    scenario_of(net, source)
    return net


def spec_of(text: str) -> ScenarioSpec:
    return scenario_of(*bif_of(text, "x.bif"))


def tables(net: BayesNet) -> dict[str, tuple[tuple[str, ...], tuple[str, ...], list[list[float]]]]:
    """Name -> parents, states, rows."""
    return {
        name: (
            variable.table.parents,
            variable.states,
            variable.table.rows.read(len(variable.states))[0].tolist(),
        )
        for name, variable in net.variables.items()
    }


def faults_of(text: str) -> tuple[Fault, ...]:
    with pytest.raises(InvalidFile) as caught:
        net_of(text)
    return caught.value.faults


def marginals(network: Network) -> Mapping[str, Mapping[str, float]]:
    """Question -> state -> probability, given what the network was built with."""
    posterior = forecast.infer(network)
    return {
        name: dict(zip(network.nodes[name].cells.states, chances[0].tolist(), strict=True))
        for name, chances in posterior.final.questions.items()
    }
