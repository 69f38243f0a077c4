"""The peer for exact inference: pyAgrum's lazy propagation, as its users write it."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.networks import Shape

with warnings.catch_warnings():  # its SWIG classes warn when they are made
    warnings.simplefilter("ignore")
    import pyagrum as gum

type Array = NDArray[np.float64]


def bayes_net(shape: Shape) -> Any:
    """Return the network in pyAgrum, its tables empty."""
    net = gum.BayesNet()
    for name, size in shape.sizes.items():
        net.add(gum.LabelizedVariable(name, name, size))
    for name, parents in shape.parents.items():
        for parent in reversed(parents):  # its arrays have the last parent first
            net.addArc(parent, name)
    for name, parents in shape.parents.items():
        assert net.cpt(name).names == (name, *reversed(parents))
    return net


def fill(net: Any, tables: Mapping[str, Array], draw: int) -> None:
    """Put one draw into the tables, which have the draws first."""
    for name, table in tables.items():
        net.cpt(name)[:] = table[draw]


def draws_first(tables: Mapping[str, Array]) -> dict[str, Array]:
    """Return tables as pyAgrum can take them draw by draw without a copy."""
    return {name: np.ascontiguousarray(np.moveaxis(t, -1, 0)) for name, t in tables.items()}


def marginals(net: Any, observed: Mapping[str, int]) -> dict[str, Array]:
    """Return P(state | evidence) of every node.

    A new engine each time: one that is kept does not notice that a table has changed, and costs as
    much once its evidence is set again.
    """
    engine = gum.LazyPropagation(net)
    engine.setEvidence(dict(observed))
    engine.makeInference()
    return {name: np.array(engine.posterior(name).tolist()) for name in net.names()}


def read(path: Path) -> tuple[Any, Shape, dict[str, Array]]:
    """Read a BIF file: the network in pyAgrum, its shape, and its tables with the node last.

    Published rows sum to one only to the digits that are printed; here they do exactly, or what is
    summed out would leave its own trace in either.
    """
    net = gum.loadBN(str(path))
    names = [net.variable(node).name() for node in net.topologicalOrder()]
    parents = {name: tuple(reversed(net.cpt(name).names[1:])) for name in names}
    sizes = {name: net.variable(name).domainSize() for name in names}
    tables = {}
    for name in names:
        table = np.array(net.cpt(name).tolist())
        tables[name] = table / table.sum(axis=-1, keepdims=True)
        net.cpt(name)[:] = tables[name]
    return net, Shape(parents, sizes, {}), tables
