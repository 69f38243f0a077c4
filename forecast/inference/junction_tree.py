"""Junction trees: how to sum a product of tables with the smallest tables on the way.

Elimination by min-fill, ties by min-weight (Kjaerulff 1990); a maximum spanning tree over the
sizes of the common questions gives the running intersection property (Jensen and Jensen 1994).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class JunctionTree:
    """Cliques of questions and the tree that joins them.

    Attributes
    ----------
    cliques
        The questions of each clique.
    neighbours
        For each clique the cliques that it is joined to.
    """

    cliques: tuple[frozenset[str], ...]
    neighbours: tuple[tuple[int, ...], ...]

    def home(self, scope: Iterable[str], sizes: Mapping[str, int]) -> int:
        """Return the smallest clique that holds all of a scope."""
        wanted = frozenset(scope)
        return min(
            (i for i, clique in enumerate(self.cliques) if wanted <= clique),
            key=lambda i: (weight(self.cliques[i], sizes), i),
        )


def weight(names: Iterable[str], sizes: Mapping[str, int]) -> float:
    """Return the logarithm of the number of worlds over some questions."""
    return sum(math.log(sizes[name]) for name in names)


def junction_tree(scopes: Iterable[Iterable[str]], sizes: Mapping[str, int]) -> JunctionTree:
    """Build a junction tree in which every scope lies within a clique.

    Parameters
    ----------
    scopes
        The questions of each table.
    sizes
        Question -> its number of states.

    Examples
    --------
    >>> tree = junction_tree([("a", "b"), ("b", "c")], {"a": 2, "b": 2, "c": 2})
    >>> [sorted(clique) for clique in tree.cliques]
    [['a', 'b'], ['b', 'c']]
    """
    cliques = _maximal(_eliminate(scopes, sizes))
    links: list[list[int]] = [[] for _ in cliques]
    # Prim: for each clique outside the tree the largest overlap with one inside, and which.
    best = {j: (len(cliques[0] & clique), 0) for j, clique in enumerate(cliques) if j}
    while best:
        outside = max(best, key=lambda j: (best[j][0], -j))
        _, inside = best.pop(outside)
        links[inside].append(outside)
        links[outside].append(inside)
        for j, (overlap, _) in best.items():
            if (shared := len(cliques[outside] & cliques[j])) > overlap:
                best[j] = (shared, outside)
    return JunctionTree(tuple(cliques), tuple(tuple(found) for found in links))


def _eliminate(scopes: Iterable[Iterable[str]], sizes: Mapping[str, int]) -> list[frozenset[str]]:
    """Return the clique that each elimination forms."""
    near: dict[str, set[str]] = {name: set() for name in sizes}
    for scope in scopes:
        names = set(scope)
        for name in names:
            near[name] |= names - {name}

    def cost(name: str) -> tuple[int, float, str]:
        around = near[name]
        missing = sum(len(around - near[other]) - 1 for other in around)
        return missing, weight((name, *around), sizes), name

    costs = {name: cost(name) for name in near}
    formed = []
    while costs:
        name = min(costs, key=costs.__getitem__)
        around = near.pop(name)
        del costs[name]
        formed.append(frozenset({name, *around}))
        touched = set(around)
        for other in around:
            near[other] |= around - {other}
            near[other].discard(name)
        for other in around:
            touched |= near[other]
        for other in touched:
            costs[other] = cost(other)
    return formed


def _maximal(cliques: list[frozenset[str]]) -> list[frozenset[str]]:
    kept: list[frozenset[str]] = []
    for clique in cliques:
        if not any(clique <= other for other in kept):
            kept.append(clique)
    return [c for i, c in enumerate(kept) if not any(c < d for d in kept[i + 1 :])]
