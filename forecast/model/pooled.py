"""Pools of a scenario file as formulas: a mixture by a hidden selector, or one joint parameter."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from forecast.errors import Path
from forecast.model import elicitation, pooling
from forecast.model.cells import Cells
from forecast.model.distributions import Beta, Distribution, LogNormal
from forecast.model.formula import Const, Formula, MeanLogit, shifted_odds
from forecast.model.network import Node, Table
from forecast.spec import walk
from forecast.spec.judgement import Pool, innermost
from forecast.spec.notation import Reference
from forecast.spec.scenario import ScenarioFile

if TYPE_CHECKING:
    from forecast.model.parameters import Judgements

type Found = tuple[Pool, Path]
"""A pool, and where it stands."""


@dataclass(frozen=True)
class Selector:
    """Which of several people is right: a hidden question that their pools share.

    Attributes
    ----------
    name
        The node; the same for all pools of the same people.
    people
        Its states.
    weights
        The chance of each.
    order
        For each state the number of the member in the pool at hand.
    """

    name: str
    people: tuple[str, ...]
    weights: tuple[float, ...]
    order: tuple[int, ...]

    def node(self) -> Node:
        """Return the selector as a node of the network."""
        states = len(self.people)
        entries = tuple(Const(weight) for weight in self.weights)
        cells = Cells("categorical", self.people, (None,) * states)
        return Node(self.name, "gate", cells, Table((self.name,), np.arange(states), entries))


def selector(found: Found) -> Selector:
    """Return the selector of a mixture: one for each set of sources, else one of the pool's own."""
    pool, place = found
    members = [innermost(member) for member in pool.pool]
    people = tuple(m.alias if isinstance(m, Reference) else "" for m in members)
    if all(people) and len(set(people)) == len(people):
        order = tuple(sorted(range(len(people)), key=people.__getitem__))
        name = f"`pool of {', '.join(people[i] for i in order)}`"
    else:
        order = tuple(range(len(people)))
        people = tuple(str(i + 1) for i in order)
        name = f"`pool at {'.'.join(map(str, place))}`"
    weights = tuple(pool.shares[i] for i in order)
    return Selector(name, tuple(people[i] for i in order), weights, order)


def selectors(file: ScenarioFile, judgements: Judgements) -> dict[str, Node]:
    """Return the selectors of all mixtures of a file; the same people share one, and weights."""
    known: dict[str, Selector] = {}
    for found in _mixtures(walk.in_file(file), file):
        new = selector(found)
        first = known.setdefault(new.name, new)
        if not np.allclose(first.weights, new.weights, rtol=1e-9):
            text = f"{', '.join(new.people)} are weighted otherwise in another pool"
            fix = "one of them is right or wrong throughout: give all their pools the same weights"
            judgements.refuse(found[1], "pool-weights", text, fix)
    return {name: each.node() for name, each in known.items()}


def selectors_in(placed: Iterable[walk.Placed], file: ScenarioFile) -> tuple[str, ...]:
    """Return the selectors that some judgements hang on."""
    return tuple(dict.fromkeys(selector(found).name for found in _mixtures(placed, file)))


def _mixtures(placed: Iterable[walk.Placed], file: ScenarioFile) -> Iterable[Found]:
    for part in placed:
        if isinstance(part, walk.PlacedJudgement):
            found = walk.pool_of(part.judgement, part.path, file)
            if found is not None and found[0].is_mixture:
                yield found


def members(found: Found, judgements: Judgements) -> list[Formula]:
    """Return the pooled judgements as formulas."""
    pool, place = found
    return [judgements.chance(member, (*place, "pool", i)) for i, member in enumerate(pool.pool)]


def chance(found: Found, judgements: Judgements) -> Formula:
    """Return a pool that is no mixture as one formula.

    ``log_odds``: expit(sum of w_k logit p_k + Normal(0, tau^2)), tau by `pooling.disagreement`;
    ``hierarchical``: a parameter with the distribution of `pooling.next_judge`.
    """
    pool, place = found
    elicited = [
        judgements.elicited(member, (*place, "pool", i))[1] for i, member in enumerate(pool.pool)
    ]
    logits, sds = zip(*(_logit(each) for each in elicited), strict=True)
    scale = judgements.policy.disagreement
    name = judgements.keyed(place)
    origin = judgements.own_origin(place, f"{len(pool.pool)} judgements pooled ({pool.method})")
    if pool.method == "hierarchical":
        beta = pooling.next_judge(logits, sds, scale)
        return judgements.parameter(name, beta, origin, place)
    tau = pooling.disagreement(logits, sds, scale)
    noise = judgements.parameter(f"{name}.disagreement", LogNormal(0.0, tau), origin, place)
    return shifted_odds(MeanLogit(pool.shares, tuple(members(found, judgements))), [noise])


def mean(found: Found, means: Sequence[float]) -> float:
    """Return about where a pool lies, from the means of its members."""
    return sum(share * value for share, value in zip(found[0].shares, means, strict=True))


def _logit(distribution: Distribution | float) -> tuple[float, float]:
    if isinstance(distribution, float):
        p = min(max(distribution, 1e-12), 1 - 1e-12)
        return math.log(p / (1 - p)), 0.0
    assert isinstance(distribution, Beta)
    return elicitation.logit_mean(distribution), elicitation.logit_sd(distribution)
