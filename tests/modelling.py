"""Small networks for tests: written in the language, or built from bare tables."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import forecast
from forecast.inference.exact import ExactNetwork, Outcomes
from forecast.model.cells import Cells
from forecast.model.distributions import Distribution
from forecast.model.formula import Const
from forecast.model.gates import Gates
from forecast.model.network import SCENARIO, Network, Node, Origin, Parameter, Table, View
from forecast.posterior import Posterior
from forecast.spec.expression import Expression, parse
from forecast.spec.load import ScenarioSpec
from forecast.summary.contract import Summary

type Array = NDArray[np.float64]

AS_OF = dt.date(2025, 4, 8)
NOWHERE = Origin("test", AS_OF, "", "")


# ------------------------------------------------------------------------- in the language


def spec_of(body: str, *, files: Mapping[str, str] | None = None, **frame: str) -> ScenarioSpec:
    """Load a scenario; ``frame`` replaces or adds lines of its head."""
    head = {"as_of": str(AS_OF), "horizon": "2025-12-31", "lexicon": "icd203", **frame}
    lines = ["forecast: 1", "title: T", *(f"{key}: {value}" for key, value in head.items())]
    if "scenarios:" not in body:
        body += "\nscenarios: {all: otherwise}"
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (files or {}).items():
            (Path(folder) / name).write_text(text)
        path = Path(folder) / "scenario.yaml"
        path.write_text("\n".join(lines) + "\n" + body + "\n")
        return forecast.load(path)


def network_of(
    body: str, *, given: str | Sequence[str] = (), on: str | None = None, **frame: Any
) -> Network:
    """Load and build a scenario; ``on`` is the as-of day of the run."""
    return forecast.build(spec_of(body, **frame), given=given, as_of=on)


def posterior_of(network: Network, seed: int = 42, draws: int | None = None) -> Posterior:
    return forecast.infer(network, seed=seed, draws=draws)


def summary_of(
    body: str, *, seed: int = 42, given: str | Sequence[str] = (), **frame: Any
) -> Summary:
    spec = spec_of(body, **frame)
    network = forecast.build(spec, given=given)
    return forecast.summarise(spec, network, forecast.infer(network, seed=seed))


def outcomes(network: Network, view: int = 1, **values: ArrayLike) -> Outcomes:
    """Solve a network for one value of each parameter, or for several."""
    draws = {name: np.atleast_1d(np.asarray(value, dtype=float)) for name, value in values.items()}
    return ExactNetwork(network).outcomes(draws, view)


def states(network: Network, question: str, view: int = 1, **values: ArrayLike) -> dict[str, float]:
    """Return the chances of the states of a question for one value of each parameter."""
    found = outcomes(network, view, **values).questions[question][0]
    return dict(zip(network.nodes[question].cells.states, found.tolist(), strict=True))


def chance(network: Network, view: int = 1, **values: ArrayLike) -> float:
    """Return the chance of the first scenario for one value of each parameter."""
    return float(outcomes(network, view, **values).scenarios[0, 0])


def means(posterior: Posterior, stage: str = "statements") -> Array:
    """Return the reported chance of each scenario."""
    found = posterior.stages[stage]
    return np.asarray(found.weights @ found.scenarios)


def errors(posterior: Posterior, stage: str = "statements") -> Array:
    """Return the Monte Carlo error of each reported chance: sqrt(sum w^2 (x - mean)^2)."""
    found = posterior.stages[stage]
    return np.sqrt(found.weights**2 @ (found.scenarios - means(posterior, stage)) ** 2)


# ------------------------------------------------------------------------- from bare tables


def table(scope: Sequence[str], values: ArrayLike) -> Table:
    """Return a table of fixed numbers."""
    array = np.asarray(values, dtype=float)
    index = np.arange(array.size).reshape(array.shape)
    return Table(tuple(scope), index, tuple(Const(float(value)) for value in array.ravel()))


def categorical(states: int) -> Cells:
    return Cells("categorical", tuple(f"s{i}" for i in range(states)), (None,) * states)


def bare_network(
    cpds: Mapping[str, Table],
    likelihoods: Sequence[Table] = (),
    scenarios: Mapping[str, str] | None = None,
    parameters: Mapping[str, Distribution] | None = None,
) -> Network:
    """Return a network of categorical questions with states ``s0``, ``s1`` ..."""
    cells = {name: categorical(cpd.index.shape[-1]) for name, cpd in cpds.items()}
    gates = Gates(cells)
    conditions = {name: parse(text) for name, text in (scenarios or {}).items()}
    gates.selector(
        SCENARIO, {**conditions, "rest": Expression("otherwise", parse("otherwise").term)}
    )
    labels = tuple(f"item {i}" for i in range(len(likelihoods)))
    return Network(
        title="bare",
        as_of=AS_OF,
        nodes={
            **{name: Node(name, "question", cells[name], cpd) for name, cpd in cpds.items()},
            **gates.nodes,
        },
        parameters={n: Parameter(n, d, NOWHERE) for n, d in (parameters or {}).items()},
        scenarios=(*conditions, "rest"),
        views=(View((), None, (), (), ()), View((), None, tuple(likelihoods), labels, ())),
        statements=(),
        reports={},
    )
