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
from forecast.spec.load import ScenarioSpec
from forecast.spec.notation import Reference

if TYPE_CHECKING:
    from forecast.model.parameters import Judgements


@dataclass(frozen=True)
class Joined:
    """The judgements of a pool, without those that a variant leaves out.

    Attributes
    ----------
    pool, place
        The pool, and where it stands.
    kept
        The numbers of the members that count.
    """

    pool: Pool
    place: Path
    kept: tuple[int, ...]

    @property
    def members(self) -> tuple[tuple[object, Path], ...]:
        """Each judgement that counts, with its place."""
        return tuple((self.pool.pool[i], (*self.place, "pool", i)) for i in self.kept)

    @property
    def shares(self) -> tuple[float, ...]:
        """Their weights, scaled to sum to one."""
        weights = [self.pool.shares[i] for i in self.kept]
        return tuple(weight / sum(weights) for weight in weights)

    @property
    def is_mixture(self) -> bool:
        """Whether one of several is taken to be right, and it is not known which."""
        return self.pool.is_mixture and len(self.kept) > 1


def pool_at(judgement: object, path: Path, spec: ScenarioSpec) -> Joined | None:
    """Return the pool that a judgement is, wraps or names; None where it is none."""
    found = walk.pool_of(judgement, path, spec.file)
    if found is None:
        return None
    pool, place = found
    left = (
        i
        for i, member in enumerate(pool.pool)
        if str(walk.reference_of(member)) not in spec.dropped
    )
    kept = tuple(left)
    return Joined(pool, place, kept if sum(pool.shares[i] for i in kept) > 0 else ())


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
        table = Table((self.name,), np.arange(states), entries)
        return Node(self.name, "gate", cells, table, is_pool=True)


def selector(joined: Joined) -> Selector:
    """Return the selector of a mixture: one for each set of sources, else one of the pool's own."""
    members = [innermost(member) for member, _ in joined.members]
    people = tuple(m.alias if isinstance(m, Reference) else "" for m in members)
    if all(people) and len(set(people)) == len(people):
        order = tuple(sorted(range(len(people)), key=people.__getitem__))
        name = f"`pool of {', '.join(people[i] for i in order)}`"
    else:
        order = tuple(range(len(people)))
        people = tuple(str(i + 1) for i in joined.kept)
        name = f"`pool at {'.'.join(map(str, joined.place))}`"
    weights = tuple(joined.shares[i] for i in order)
    return Selector(name, tuple(people[i] for i in order), weights, order)


def selectors(judgements: Judgements) -> dict[str, Node]:
    """Return the selectors of all mixtures of a file; the same people share one, and weights."""
    known: dict[str, Selector] = {}
    for joined in mixtures(walk.in_file(judgements.spec.file), judgements.spec):
        new = selector(joined)
        first = known.setdefault(new.name, new)
        if not np.allclose(first.weights, new.weights, rtol=1e-9):
            text = f"{', '.join(new.people)} are weighted otherwise in another pool"
            fix = "one of them is right or wrong throughout: give all their pools the same weights"
            judgements.refuse(joined.place, "pool-weights", text, fix)
    return {name: each.node() for name, each in known.items()}


def selectors_in(placed: Iterable[walk.Placed], spec: ScenarioSpec) -> tuple[str, ...]:
    """Return the selectors that some judgements hang on."""
    return tuple(dict.fromkeys(selector(joined).name for joined in mixtures(placed, spec)))


def mixtures(placed: Iterable[walk.Placed], spec: ScenarioSpec) -> Iterable[Joined]:
    """Yield the pools among some judgements in which one of several is right."""
    for part in placed:
        if isinstance(part, walk.PlacedJudgement):
            joined = pool_at(part.judgement, part.path, spec)
            if joined is not None and joined.is_mixture:
                yield joined


def members(joined: Joined, judgements: Judgements) -> list[Formula]:
    """Return the pooled judgements as formulas."""
    return [judgements.chance(member, place) for member, place in joined.members]


def chance(joined: Joined, judgements: Judgements) -> Formula:
    """Return a pool that is no mixture as one formula.

    ``log_odds``: expit(sum of w_k logit p_k + Normal(0, tau^2)), tau by `pooling.disagreement`;
    ``hierarchical``: a parameter with the distribution of `pooling.next_judge`. What is left of a
    pool of two without one of them is the other's judgement.
    """
    if len(joined.kept) == 1:
        return members(joined, judgements)[0]
    method, name = joined.pool.method, judgements.keyed(joined.place)
    words = f"{len(joined.kept)} judgements pooled ({method})"
    origin = judgements.own_origin(joined.place, words)
    scale = judgements.policy.disagreement
    logits, sds = logits_of(joined, judgements)
    if method == "hierarchical":
        beta = pooling.next_judge(logits, sds, scale)
        return judgements.parameter(name, beta, origin, joined.place)
    tau = pooling.disagreement(logits, sds, scale)
    noise = LogNormal(0.0, tau)
    differ = judgements.parameter(f"{name}.disagreement", noise, origin, joined.place)
    return shifted_odds(MeanLogit(joined.shares, tuple(members(joined, judgements))), [differ])


def in_logits(joined: Joined, judgements: Judgements) -> tuple[float, float]:
    """Return mean and sd, in logits, of a pool that is no mixture.

    ``log_odds``: sum of w_k l_k and sqrt(sum of w_k^2 s_k^2 + tau^2).
    """
    logits, sds = logits_of(joined, judgements)
    scale = judgements.policy.disagreement
    if len(joined.kept) == 1:
        return logits[0], sds[0]
    if joined.pool.method == "hierarchical":
        beta = pooling.next_judge(logits, sds, scale)
        return elicitation.logit_mean(beta), elicitation.logit_sd(beta)
    own = sum((w * sd) ** 2 for w, sd in zip(joined.shares, sds, strict=True))
    mean = sum(w * logit for w, logit in zip(joined.shares, logits, strict=True))
    return mean, math.sqrt(own + pooling.disagreement(logits, sds, scale) ** 2)


def mean(joined: Joined, means: Sequence[float]) -> float:
    """Return about where a pool lies, from the means of its members."""
    return sum(share * value for share, value in zip(joined.shares, means, strict=True))


def logits_of(joined: Joined, judgements: Judgements) -> tuple[list[float], list[float]]:
    """Return mean and sd of each judgement in logits."""
    found = [_logit(judgements.elicited(m, place)[1]) for m, place in joined.members]
    return [logit for logit, _ in found], [sd for _, sd in found]


def _logit(distribution: Distribution | float) -> tuple[float, float]:
    if isinstance(distribution, float):
        p = min(max(distribution, 1e-12), 1 - 1e-12)
        return math.log(p / (1 - p)), 0.0
    assert isinstance(distribution, Beta)
    return elicitation.logit_mean(distribution), elicitation.logit_sd(distribution)
