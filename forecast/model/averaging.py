"""``average:`` in odds: how likely each combination of conditions is, to solve for a base."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from forecast.model.formula import ONE, ZERO, Formula, product, weighted_sum
from forecast.model.network import Node

MOST_ABOVE = 2**12
"""Combinations of states of all questions above, summed one by one."""


class TooManyAbove(ValueError):
    """The questions above have too many combinations of states to sum them as formulas."""


def pattern_chances(
    patterns: NDArray[np.object_], parents: Sequence[str], nodes: Mapping[str, Node]
) -> dict[Hashable, Formula]:
    """Return the chance of each pattern over the worlds of some questions, before any evidence.

    The joint chance of the parents is summed over all that is above them, as formulas of the
    parameters, so that it is right for each draw.

    Parameters
    ----------
    patterns
        The pattern of each world of the parents; None for worlds that do not matter.
    parents
        The questions that span the worlds.
    nodes
        The questions built so far, parents first.

    Raises
    ------
    TooManyAbove
        Where there are more than `MOST_ABOVE` combinations.
    """
    above = _ancestors(parents, nodes)
    if math.prod(len(nodes[name].cells) for name in above) > MOST_ABOVE:
        raise TooManyAbove
    states: dict[tuple[int, ...], Formula] = {(): ONE}
    known: tuple[str, ...] = ()
    for place, name in enumerate(above):
        table = nodes[name].cpd
        axes = [known.index(parent) for parent in table.scope[:-1]]
        later = {p for after in above[place + 1 :] for p in nodes[after].cpd.scope[:-1]}
        grown = (*known, name)
        kept = tuple(i for i, other in enumerate(grown) if other in later or other in parents)
        terms: dict[tuple[int, ...], list[Formula]] = {}
        for world, weight in states.items():
            row = table.index[tuple(world[axis] for axis in axes)]
            for state, entry in enumerate(row):
                factor = product(weight, table.entries[entry])
                if factor != ZERO:
                    longer = (*world, state)
                    terms.setdefault(tuple(longer[i] for i in kept), []).append(factor)
        states = {world: _sum(found) for world, found in terms.items()}
        known = tuple(grown[i] for i in kept)
    found: dict[Hashable, list[Formula]] = {}
    order = [known.index(parent) for parent in parents]
    for world, weight in states.items():
        pattern = patterns[tuple(world[i] for i in order)]
        if pattern is not None:
            found.setdefault(pattern, []).append(weight)
    return {pattern: _sum(weights) for pattern, weights in found.items()}


def _sum(terms: Sequence[Formula]) -> Formula:
    return terms[0] if len(terms) == 1 else weighted_sum(0.0, [(1.0, term) for term in terms])


def _ancestors(names: Sequence[str], nodes: Mapping[str, Node]) -> list[str]:
    """Return some questions and all that is above them, parents first."""
    found, stack = set[str](), list(names)
    while stack:
        name = stack.pop()
        if name not in found:
            found.add(name)
            stack.extend(nodes[name].cpd.scope[:-1])
    return [name for name in nodes if name in found]
