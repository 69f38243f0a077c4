"""The expected network: every entry of every table at its expectation under the prior.

Where a row is made of numbers, parameters and sums and products of independent ones, the
expectation is exact: E is linear, and of independent factors it is the product. All other rows are
means over draws, all entries of a row over the same ones, so that it still sums to one.

The expected network answers as the scenario does where each parameter enters one table only and no
evidence is given. Reports, silence and statements are no part of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast.inference.coordinates import Coordinates, streams
from forecast.inference.operations import NumpyOperations
from forecast.interop.bayes_net import BayesNet, Variable
from forecast.model.circuit import Circuit, parts_of
from forecast.model.distributions import Beta, Dirichlet, Distribution, Gamma, LogNormal
from forecast.model.formula import (
    Complement,
    Const,
    Formula,
    Product,
    Value,
    WeightedSum,
)
from forecast.model.network import SCENARIO, Network, Node
from forecast.spec.table import ConditionalTable, Rows

type Array = NDArray[np.float64]

DRAWS = 65_536


@dataclass(frozen=True)
class Expected:
    """An expected network, and how exact it is.

    Attributes
    ----------
    net
        The network: questions, latents, and the gates that lead to the scenarios.
    sampled
        How many entries of its tables are means over draws.
    error
        The largest Monte Carlo standard error of these.
    draws, seed
        How they were drawn.
    """

    net: BayesNet
    sampled: int
    error: float
    draws: int
    seed: int

    def header(self) -> tuple[str, ...]:
        """Say what the network is and how exact its numbers are."""
        lines = [
            "Expected network: each entry is the mean of a chance over the judgements' spread."
        ]
        if self.sampled:
            lines.append(
                f"{self.sampled:,} entries are means over {self.draws:,} draws (seed {self.seed}); "
                f"their largest standard error is {self.error:.1g}. All others are exact."
            )
        else:
            lines.append("All entries are exact.")
        return tuple(lines)


def expected(network: Network, seed: int = 42, draws: int = DRAWS) -> Expected:
    """Return the network whose tables are the expectations of a scenario's.

    Parameters
    ----------
    network
        From `forecast.build`.
    seed, draws
        For the entries that no formula gives.
    """
    nodes = _wanted(network)
    entries = dict.fromkeys(entry for node in nodes.values() for entry in node.cpd.entries)
    means = {entry: mean(entry, network) for entry in entries}
    sampled, errors = _sampled([f for f, m in means.items() if m is None], network, seed, draws)
    rest = [f for f, m in means.items() if m is not None]
    both, _ = _sampled(rest, network, seed, draws) if sampled else ({}, {})
    count, error = 0, 0.0
    variables = {}
    for name, node in nodes.items():
        index, own = node.cpd.index.reshape(-1, len(node.cells)), node.cpd.entries
        drawn = np.array([entry in sampled for entry in own])
        exact = np.array([means[entry] or 0.0 for entry in own])
        mixed = np.array([sampled.get(entry, both.get(entry, 0.0)) for entry in own])
        rows = drawn[index].any(axis=1)
        values = np.where(rows[:, None], mixed[index], exact[index])
        count += int(drawn[index].sum())
        error = max([error, *(errors[entry] for entry in own if entry in sampled)])
        texts = tuple(" ".join(map(repr, row)) for row in values.tolist())
        table = ConditionalTable.model_construct(parents=node.cpd.scope[:-1], rows=Rows(texts))
        variables[name] = Variable(node.cells.states, table)
    title = network.title or ""
    return Expected(BayesNet(title, _without_backquotes(variables)), count, error, draws, seed)


def mean(formula: Formula, network: Network) -> float | None:
    """Return the expectation of a formula under the prior; None where there is no closed form."""
    match formula:
        case Const(value):
            return value
        case Value(parameter, component):
            return _mean(network.parameters[parameter].distribution, component)
        case Complement(of):
            inner = mean(of, network)
            return None if inner is None else 1.0 - inner
        case WeightedSum(constant, weights, terms):
            means = [mean(term, network) for term in terms]
            known = [m for m in means if m is not None]
            if len(known) < len(means):
                return None
            return constant + math.fsum(w * m for w, m in zip(weights, known, strict=True))
        case Product(terms):
            means = [mean(term, network) for term in terms]
            known = [m for m in means if m is not None]
            if len(known) < len(means) or not _independent(terms, network):
                return None
            return math.prod(known)
        case _:
            return None


def _mean(distribution: Distribution, component: int | None) -> float | None:
    match distribution:
        case Beta(a, b):
            return a / (a + b)
        case Gamma(shape, rate):
            return shape / rate
        case LogNormal(mu, sd):
            return math.exp(mu + sd**2 / 2)
        case Dirichlet(alpha) if component is not None:
            return alpha[component] / math.fsum(alpha)
        case _:
            return None


def _independent(terms: Iterable[Formula], network: Network) -> bool:
    """Whether no two terms share a parameter, or parameters that lean with one expert."""
    seen: set[str] = set()
    for term in terms:
        names = set(_parameters(term))
        leans = (network.parameters[name].lean for name in names)
        names |= {f"experts.{lean.expert}" for lean in leans if lean is not None}
        if names & seen:
            return False
        seen |= names
    return True


def _parameters(formula: Formula) -> Iterator[str]:
    if isinstance(formula, Value):
        yield formula.parameter
    for part in parts_of(formula):
        yield from _parameters(part)


def _sampled(
    formulas: list[Formula], network: Network, seed: int, draws: int
) -> tuple[dict[Formula, float], dict[Formula, float]]:
    """Return the means of formulas over draws from the prior, and their standard errors."""
    if not formulas:
        return {}, {}
    coordinates = Coordinates(network)
    z = coordinates.draw(streams(coordinates.names, seed), draws)
    arrays = Circuit(formulas).run(coordinates.parameters(z), NumpyOperations())
    means = {f: float(np.mean(a)) for f, a in zip(formulas, arrays, strict=True)}
    errors = {f: float(np.std(a) / math.sqrt(draws)) for f, a in zip(formulas, arrays, strict=True)}
    return means, errors


def _wanted(network: Network) -> Mapping[str, Node]:
    """Return the questions, and the gates on which the scenarios hang."""
    wanted, stack = set(network.questions), [SCENARIO] if network.scenarios else []
    while stack:
        name = stack.pop()
        if name not in wanted:
            wanted.add(name)
            stack += network.nodes[name].cpd.scope[:-1]
    return {name: node for name, node in network.nodes.items() if name in wanted}


def _without_backquotes(variables: Mapping[str, Variable]) -> dict[str, Variable]:
    """Call gates by words that no question has."""
    names = dict.fromkeys(variables)
    out = {}
    called: dict[str, str] = {}
    for name in names:
        plain = name.replace("`", "")
        while plain != name and (plain in variables or plain in called.values()):
            plain += "_"
        called[name] = plain
    for name, variable in variables.items():
        parents = tuple(called[parent] for parent in variable.table.parents)
        table = ConditionalTable.model_construct(parents=parents, rows=variable.table.rows)
        out[called[name]] = Variable(variable.states, table)
    return out
