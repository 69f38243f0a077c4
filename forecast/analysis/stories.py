"""Stories: every combination of what the scenarios of a file speak of, with its exact chance.

The conditions of all scenarios are built from a few facts (`visit by 2025-06-30`, `podium`). A
chain of gates gives the joint chance of all facts for each draw; so the likeliest stories are the
likeliest of all, not of those that were sampled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from forecast.analysis.column import Solved
from forecast.analysis.worlds import described
from forecast.errors import UsageError
from forecast.inference.exact import ExactNetwork
from forecast.model.cells import Cells
from forecast.model.formula import ONE, ZERO
from forecast.model.gates import Gates
from forecast.model.network import Network, Node, Table
from forecast.model.truth import truth
from forecast.spec.expression import (
    And,
    AtLeast,
    Before,
    Expression,
    Not,
    Or,
    Otherwise,
    Term,
    Within,
)

type Array = NDArray[np.float64]

MOST_FACTS = 10
"""Facts that are told apart: each doubles the number of stories."""


@dataclass(frozen=True)
class Fact:
    """Something that the scenarios speak of.

    Attributes
    ----------
    says, denied
        It and its denial, in the language of the file.
    gate
        The node that says whether it is so: yes, no.
    """

    says: str
    denied: str
    gate: str


@dataclass(frozen=True)
class Stories:
    """All combinations of the facts.

    Attributes
    ----------
    facts
        The facts, in the order in which the scenarios mention them.
    holds
        Which facts are true in which story, shape ``(stories, facts)``.
    scenario
        The place of the scenario of each story, shape ``(stories,)``.
    conditions
        Whether each scenario's own condition holds, whoever comes before, ``(stories, scenarios)``.
    chances
        P(story | theta, all that is known), shape ``(draws, stories)``.
    """

    facts: tuple[Fact, ...]
    holds: NDArray[np.bool_]
    scenario: NDArray[np.intp]
    conditions: NDArray[np.bool_]
    chances: Array


def stories(solved: Solved) -> Stories:
    """Return the stories of a forecast.

    Raises
    ------
    UsageError
        Where the file names no scenarios, or they speak of too much.
    """
    network = solved.network
    conditions = solved.spec.file.scenario_conditions()
    if not conditions:
        raise UsageError("this file names no scenarios")
    facts, places, nodes = _facts(conditions, network)
    if len(facts) > MOST_FACTS:
        raise UsageError(
            f"the scenarios speak of {len(facts)} facts; stories are told of at most {MOST_FACTS}"
        )
    worlds = np.array(list(product((True, False), repeat=len(facts))), dtype=bool)
    worlds = worlds.reshape(-1, len(facts))
    own = np.array(
        [[_holds(c.term, world, places) for c in conditions.values()] for world in worlds]
    )
    return Stories(
        facts, worlds, np.argmax(own, axis=1), own, _chances(facts, nodes, solved, len(worlds))
    )


def _facts(
    conditions: Mapping[str, Expression], network: Network
) -> tuple[tuple[Fact, ...], dict[Term, tuple[int, bool]], Mapping[str, Node]]:
    """Return the facts, and for each atom the fact that it states or denies.

    Two atoms that hold in the same states of a question, or in the others, are one fact.
    """
    cells = {name: node.cells for name, node in network.nodes.items()}
    gates = Gates(cells)
    facts: list[Fact] = []
    known: dict[tuple[str, bytes], int] = {}
    places: dict[Term, tuple[int, bool]] = {}
    for atom in (atom for c in conditions.values() for atom in _atoms(c.term)):
        if atom in places:
            continue
        alone = Expression("", atom)
        if isinstance(atom, Before | Within):
            says = _pair(atom)
            key, same, denied = (says, b""), True, f"not ({says})"
        else:
            (name,) = alone.names()
            true = truth(alone, (name,), cells)
            same = (name, (~true).tobytes()) not in known
            key = (name, (true if same else ~true).tobytes())
            says, denied = (described(t, [name], [cells[name]])[0] for t in (true, ~true))
        if key not in known:
            known[key] = len(facts)
            facts.append(Fact(says, denied, gates.condition(alone)))
        places[atom] = known[key], same
    return tuple(facts), places, gates.nodes


def _atoms(term: Term) -> Iterator[Term]:
    match term:
        case Not(inner):
            yield from _atoms(inner)
        case And(terms) | Or(terms) | AtLeast(terms=terms):
            for part in terms:
                yield from _atoms(part)
        case Otherwise():
            return
        case _:
            yield term


def _pair(pair: Before | Within) -> str:
    if isinstance(pair, Before):
        return f"{pair.name} before {pair.other}"
    return f"{pair.name} within {pair.count} {pair.unit} of {pair.other}"


def _holds(term: Term, world: NDArray[np.bool_], places: Mapping[Term, tuple[int, bool]]) -> bool:
    match term:
        case Not(inner):
            return not _holds(inner, world, places)
        case And(terms):
            return all(_holds(part, world, places) for part in terms)
        case Or(terms):
            return any(_holds(part, world, places) for part in terms)
        case AtLeast(number, terms):
            return sum(_holds(part, world, places) for part in terms) >= int(number)
        case Otherwise():
            return True
        case _:
            place, same = places[term]
            return bool(world[place]) is same


def _chances(facts: Sequence[Fact], nodes: Mapping[str, Node], solved: Solved, count: int) -> Array:
    draws = solved.posterior.draws
    if not facts:
        return np.ones((draws, 1))
    network = solved.network
    every = {**network.nodes, **nodes}
    before = facts[0].gate
    for i, fact in enumerate(facts[1:], start=1):
        gate = f"`story of {i + 1}`"
        size = 2**i
        index = np.eye(2 * size, dtype=np.intp).reshape(size, 2, 2 * size)
        labels = tuple(str(j) for j in range(2 * size))
        cells = Cells("categorical", labels, (None,) * len(labels))
        table = Table((before, fact.gate, gate), index, (ZERO, ONE))
        every[gate] = Node(gate, "gate", cells, table)
        before = gate
    exact = ExactNetwork(replace(network, nodes=every))
    found = exact.marginals(solved.posterior.parameters, {1: (before,)})[1][before]
    return np.broadcast_to(np.nan_to_num(found), (draws, count))
