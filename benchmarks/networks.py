"""Random networks with shapes like published ones, as plain tables and as `Network` objects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod

import numpy as np
from numpy.typing import NDArray

from forecast.model.cells import Cells
from forecast.model.distributions import Beta, Dirichlet
from forecast.model.formula import Const, Formula, Value, complement
from forecast.model.gates import Gates
from forecast.model.network import SCENARIO, Network, Node, Origin, Parameter, Table, View
from forecast.spec.expression import parse

type Array = NDArray[np.float64]

DAY = dt.date(2025, 1, 1)
SPREAD = 1.0
"""Alpha of every share: uniform Dirichlet rows, from near-deterministic to flat."""

WINDOW = 5
"""A parent is one of the nodes just before: published networks are local, so that their treewidth
stays small however long they are (ALARM: 37 nodes, treewidth 4)."""

SHARES = (0.3, 0.35, 0.2, 0.1, 0.05)
"""How many nodes have 0, 1, ... 4 parents: 1.25 on average (ALARM has 1.24, at most 4)."""


@dataclass(frozen=True)
class Shape:
    """A network without its numbers.

    Attributes
    ----------
    parents
        Node -> its parents, which come before it.
    sizes
        Node -> how many states it has.
    observed
        Node -> the state that is seen.
    """

    parents: Mapping[str, tuple[str, ...]]
    sizes: Mapping[str, int]
    observed: Mapping[str, int]

    @property
    def arcs(self) -> int:
        """The number of arcs."""
        return sum(map(len, self.parents.values()))

    @property
    def rows(self) -> int:
        """The number of rows of all tables: of uncertain parameters."""
        return sum(int(np.prod(self.above(name))) for name in self.parents)

    @property
    def largest_clique(self) -> int:
        """The entries of the largest clique, where the smallest is always eliminated next."""
        near: dict[str, set[str]] = {name: {name} for name in self.parents}
        for name, parents in self.parents.items():
            for one in (name, *parents):
                near[one] |= {name, *parents}
        largest = 0
        while near:
            entries = {n: prod(self.sizes[m] for m in around) for n, around in near.items()}
            name = min(entries, key=lambda n: (entries[n], n))
            largest = max(largest, entries[name])
            around = near.pop(name) - {name}
            for one in around:
                near[one] = (near[one] | around) - {name}
        return largest

    def above(self, name: str) -> tuple[int, ...]:
        """Return the numbers of states of a node's parents."""
        return tuple(self.sizes[parent] for parent in self.parents[name])


def random_shape(nodes: int, seed: int) -> Shape:
    """Return a random network: 2 to 4 states, at most 4 parents, a tenth of the leaves observed."""
    rng = np.random.default_rng((seed, nodes))
    names = [f"n{i}" for i in range(nodes)]
    sizes = {name: int(rng.choice([2, 2, 3, 4])) for name in names}
    parents: dict[str, tuple[str, ...]] = {}
    for i, name in enumerate(names):
        near = names[max(0, i - WINDOW) : i]
        count = min(len(near), int(rng.choice(len(SHARES), p=SHARES)))
        parents[name] = tuple(sorted(rng.choice(near, count, replace=False).tolist())) if i else ()
    above = {parent for own in parents.values() for parent in own}
    leaves = [name for name in names if name not in above]
    seen = leaves[:: max(1, len(leaves) // max(1, nodes // 10))]
    return Shape(parents, sizes, {name: int(rng.integers(sizes[name])) for name in seen})


FOURTEEN: Mapping[str, tuple[str, ...]] = {
    "ceasefire": (),
    "visit": ("ceasefire",),
    "putin": ("visit",),
    "deployment": ("ceasefire",),
    "compensation": ("ceasefire", "visit"),
    "schedule": ("ceasefire", "visit"),
    "weapons": ("ceasefire", "visit"),
    "strategic": ("ceasefire", "visit"),
    "summit": ("visit",),
    "open_support": ("ceasefire",),
    "shoigu": ("ceasefire",),
    "adiz": ("ceasefire",),
    "rudenko": ("ceasefire",),
    "guidance": ("deployment",),
}
"""Fourteen yes-or-no questions, wired as those of the first case."""


def fourteen() -> Shape:
    """Return the fourteen questions, four of them observed."""
    seen = ("shoigu", "adiz", "rudenko", "guidance")
    return Shape(FOURTEEN, dict.fromkeys(FOURTEEN, 2), dict.fromkeys(seen, 1))


def observing(shape: Shape, observed: Mapping[str, int]) -> Shape:
    """Return the same network with these nodes observed."""
    return replace(shape, observed=observed)


def random_tables(shape: Shape, draws: int, seed: int) -> dict[str, Array]:
    """Return draws of every table, shape ``(*parents, states, draws)``."""
    rng = np.random.default_rng((seed, draws))
    tables = {}
    for name, size in shape.sizes.items():
        rows = rng.dirichlet(np.full(size, SPREAD), (*shape.above(name), draws))
        tables[name] = np.ascontiguousarray(np.moveaxis(rows, -1, -2))
    return tables


def uncertain(shape: Shape) -> Network:
    """Return the network with a Beta or Dirichlet parameter for every row of its tables."""
    parameters: dict[str, Parameter] = {}
    cpds = {}
    for name, size in shape.sizes.items():
        rows = [f"{name}.{i}" for i in range(int(np.prod(shape.above(name))))]
        for row in rows:
            parameters[row] = _parameter(row, size)
        entries = tuple(entry for row in rows for entry in _entries(row, size))
        index = np.arange(len(entries)).reshape(*shape.above(name), size)
        cpds[name] = Table((*shape.parents[name], name), index, entries)
    return _network(shape, cpds, parameters)


def values(shape: Shape, tables: Mapping[str, Array]) -> dict[str, Array]:
    """Return draws of tables as draws of the parameters of `uncertain`."""
    out = {}
    for name, size in shape.sizes.items():
        rows = tables[name].reshape(-1, size, tables[name].shape[-1])
        for i, row in enumerate(rows):
            out[f"{name}.{i}"] = row[0] if size == 2 else row
    return out


def fixed(shape: Shape, tables: Mapping[str, Array]) -> Network:
    """Return the network with tables of numbers, shape ``(*parents, states)``."""
    cpds = {}
    for name, array in tables.items():
        numbers, index = np.unique(array, return_inverse=True)
        entries = tuple(Const(float(number)) for number in numbers)
        cpds[name] = Table((*shape.parents[name], name), index.reshape(array.shape), entries)
    return _network(shape, cpds, {})


def _parameter(path: str, size: int) -> Parameter:
    origin = Origin("benchmark", DAY, "", "")
    if size == 2:
        return Parameter(path, Beta(SPREAD, SPREAD), origin)
    states = tuple(f"s{i}" for i in range(size))
    return Parameter(path, Dirichlet((SPREAD,) * size), origin, components=states)


def _entries(path: str, size: int) -> tuple[Formula, ...]:
    if size == 2:
        return Value(path), complement(Value(path))
    return tuple(Value(path, component) for component in range(size))


def _network(
    shape: Shape, cpds: Mapping[str, Table], parameters: Mapping[str, Parameter]
) -> Network:
    cells = {
        name: Cells("categorical", tuple(f"s{i}" for i in range(size)), (None,) * size)
        for name, size in shape.sizes.items()
    }
    gates = Gates(cells)
    gates.selector(SCENARIO, {"all": parse("otherwise")})
    seen = tuple(
        Table(
            (name,),
            (np.arange(shape.sizes[name]) == state).astype(np.intp),
            (Const(0.0), Const(1.0)),
        )
        for name, state in shape.observed.items()
    )
    labels = tuple(f"observed {name}" for name in shape.observed)
    return Network(
        title="benchmark",
        as_of=DAY,
        nodes={
            **{name: Node(name, "question", cells[name], cpd) for name, cpd in cpds.items()},
            **gates.nodes,
        },
        parameters=dict(parameters),
        scenarios=("all",),
        views=(View((), None, (), (), ()), View((), None, seen, labels, ())),
        statements=(),
        reports={},
    )
