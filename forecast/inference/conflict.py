"""Who contradicts whom: each statement, and each report, held against all the rest.

A statement is left out, and what the rest implies is held against it: node splitting. A report is
held against what the inputs and the other reports led one to expect: prior-data conflict.

References
----------
Evans and Moshonov (2006), 10.1214/06-BA129 (prior-data conflict: how likely, before it was seen,
something as unlikely was); Presanis, Ohlssen, Spiegelhalter and De Angelis (2013),
10.1214/13-STS426 (conflict at a node, from what is said of it on either side); Goldstein and Wooff
(2007), Bayes linear statistics, Wiley (moments in place of draws).
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from forecast.inference.exact import ExactNetwork
from forecast.inference.pareto import effective_draws
from forecast.inference.solution import Solution
from forecast.inference.statements import distances, log_likelihood, logits
from forecast.model.network import Item, Network
from forecast.posterior import Posterior

type Array = NDArray[np.float64]

LIMIT = 2.0
"""Standard deviations apart above which two sources are said to be in conflict."""

SURPRISING = float(ndtr(-LIMIT))
"""The chance of being so far out on one side."""

LEAST_ESS = 50.0
"""Effective draws from which a mean and a variance are taken; with fewer, from moments."""

DRAWS = 1024
"""Draws that are solved anew for each report that is left out."""


@dataclass(frozen=True)
class Apart:
    """How far a source lies from what all the rest implies.

    Attributes
    ----------
    sds
        (said - implied) / sqrt(var + sd^2), in logits; zero where a bound is kept.
    rest
        What the rest implies of the chance, as a logit.
    said
        What was said, moved by the lean that the rest lends the expert, as a logit.
    spread
        sqrt(var + sd^2).
    by_moments
        Whether the draws were too few, so that means and covariances stand in for them.
    """

    sds: float
    rest: float
    said: float
    spread: float
    by_moments: bool


@dataclass(frozen=True)
class Surprise:
    """How unlikely a report was.

    Attributes
    ----------
    item
        The report, count or silence.
    chance
        P: the chance of it, given the inputs and all other evidence.
    noise
        q: its chance if it carried no information.
    """

    item: Item
    chance: float
    noise: float

    @property
    def sds(self) -> float:
        """How far out it lies: -Phi^-1(p) with p = P / (2 q), and 0 for p above one half.

        p is the chance of a report so unlikely: exactly so where it answers yes or no (q = 1/2).
        """
        return max(0.0, -float(ndtri(min(self.chance / (2 * self.noise), 0.5))))

    @property
    def agrees(self) -> float:
        """The chance of it from which the two agree."""
        return 2 * SURPRISING * self.noise


@dataclass(frozen=True)
class World:
    """Draws, before any statement counts.

    Attributes
    ----------
    log_weights
        With evidence, without statements, ``(draws,)``.
    off, implied
        How far each statement lies from what is implied, and the logit that is implied,
        ``(statements, draws)``.
    """

    log_weights: Array
    off: Array
    implied: Array


class Conflicts:
    """Conflicts among the sources of one result.

    Parameters
    ----------
    network, posterior
        The network, and what any engine inferred.
    """

    def __init__(self, network: Network, posterior: Posterior) -> None:
        self._network, self._posterior = network, posterior
        self._worlds: dict[tuple[frozenset[Item], bool], World] = {}
        self._solutions: dict[tuple[frozenset[Item], bool], Solution] = {}

    def statement(self, j: int, without: Collection[int | Item] = ()) -> Apart:
        """Hold the j-th statement against the rest.

        Parameters
        ----------
        j
            The statement.
        without
            What else is left out: other statements by number, reports and silence.
        """
        items = frozenset(source for source in without if isinstance(source, Item))
        others = [i for i in range(len(self._network.statements)) if i != j and i not in without]
        world = self._world(items, early=False)
        terms = log_likelihood(self._network, world.off)
        weights = world.log_weights + terms[others].sum(axis=0)
        if effective_draws(weights) >= LEAST_ESS:
            share = _shares(weights)
            mean, rest = float(share @ world.off[j]), float(share @ world.implied[j])
            variance = float(share @ (world.off[j] - mean) ** 2)
            return self._apart(j, mean, rest, variance, by_moments=False)
        return self._by_moments(j, others, self._world(items, early=True))

    def _by_moments(self, j: int, others: list[int], world: World) -> Apart:
        """Hold a statement against the rest as if all were Normal; means and covariances suffice.

        With u ~ N(mu, S) before the statements, each of the others says that u_i is 0 within sd_i.
        """
        statements = self._network.statements
        share = _shares(world.log_weights)
        if effective_draws(world.log_weights) < LEAST_ESS:
            share = np.full(len(share), 1 / len(share))
        stacked = np.vstack([world.off, world.implied[j]])
        mu = stacked @ share
        spread = ((stacked - mu[:, None]) * share) @ (stacked - mu[:, None]).T
        # A bound that is kept anyway says nothing.
        told = [i for i in others if _breach(statements[i].side, mu[i])]
        noise = np.diag([statements[i].sd ** 2 for i in told])
        rows = [j, len(statements)]
        gain = np.linalg.solve(spread[np.ix_(told, told)] + noise, spread[np.ix_(told, rows)]).T
        mean, rest = mu[rows] - gain @ mu[told]
        variance = spread[j, j] - float(gain[0] @ spread[told, j])
        return self._apart(j, float(mean), float(rest), max(variance, 0.0), by_moments=True)

    def _apart(
        self, j: int, mean: float, rest: float, variance: float, *, by_moments: bool
    ) -> Apart:
        statement = self._network.statements[j]
        spread = float(np.sqrt(variance + statement.sd**2))
        sds = mean / spread if _breach(statement.side, mean) else 0.0
        return Apart(sds, rest, rest + mean, spread, by_moments)

    def _world(self, items: frozenset[Item], *, early: bool) -> World:
        """Return the draws of the result, or of the prior, as if nobody had heard of some items."""
        if (items, early) not in self._worlds:
            self._worlds[items, early] = self._made(items, early=early)
        return self._worlds[items, early]

    def _made(self, items: frozenset[Item], *, early: bool) -> World:
        found = self._posterior
        leans = found.prior_leans if early else found.leans
        if not items and early:
            stage = found.stages["evidence"]
            with np.errstate(divide="ignore"):
                weights = np.log(stage.weights)
            return self._weighed(weights, leans, stage.targets)
        if not items:
            stated = found.statement_log_likelihood.sum(axis=1)
            return self._weighed(found.log_weights - stated, leans, found.final.targets)
        whole = self._world(frozenset(), early=early)
        step = max(1, len(whole.log_weights) // DRAWS)
        solution = self._solved(items, early=early)
        change = solution.log_evidence - self._solved(frozenset(), early=early).log_evidence
        return self._weighed(
            whole.log_weights[::step] + np.nan_to_num(change, nan=-np.inf),
            {expert: lean[::step] for expert, lean in leans.items()},
            solution.implied,
        )

    def _weighed(self, log_weights: Array, leans: Mapping[str, Array], implied: Array) -> World:
        return World(log_weights, distances(self._network, leans, implied), logits(implied.T))

    def _solved(self, items: frozenset[Item], *, early: bool) -> Solution:
        """Return a selection of the draws, solved as if nobody had heard of some items."""
        if (items, early) not in self._solutions:
            values = self._posterior.prior if early else self._posterior.parameters
            draws = next((array.shape[-1] for array in values.values()), 1)
            thinned = {name: v[..., :: max(1, draws // DRAWS)] for name, v in values.items()}
            exact = self._exact.without(_tables(self._network, items))
            self._solutions[items, early] = exact.solution(thinned)
        return self._solutions[items, early]

    @functools.cached_property
    def _exact(self) -> ExactNetwork:
        return ExactNetwork(self._network)

    def surprise(self, item: Item, without: Collection[Item] = ()) -> Surprise:
        """Hold what is known against the inputs and all other evidence, or all but some."""
        others = self._solved(frozenset(without), early=True)
        rest = self._solved(frozenset((item, *without)), early=True)
        chance = np.exp(min(0.0, _log_mean(others.log_evidence) - _log_mean(rest.log_evidence)))
        alike = [i for i in self._network.views[1].items if _same(i, item)]
        return Surprise(item, float(chance), float(np.prod([i.noise for i in alike])))

    def can_surprise(self, item: Item) -> bool:
        """Whether it is so far believed that it can be in conflict at all: P is >= (1 - r) q."""
        alike = [i for i in self._network.views[1].items if _same(i, item)]
        least = float(np.prod([1 - i.reliability for i in alike]))
        return least < 2 * SURPRISING and all(i.noise > 0 for i in alike)

    @functools.cached_property
    def known(self) -> tuple[Item, ...]:
        """What counts as known: reports (those of one origin together), counts, silence."""
        found: list[Item] = []
        for item in self._network.views[1].items:
            if not any(_same(item, other) for other in found):
                found.append(item)
        return tuple(found)


def _tables(network: Network, items: Iterable[Item]) -> dict[int, list[int]]:
    """Return the tables that rest on some items, in the view of whoever heard of them."""
    gone = tuple(items)
    return {
        v: [i for i, own in enumerate(view.items) if any(_same(own, item) for item in gone)]
        for v, view in enumerate(network.views)
    }


def _same(one: Item, other: Item) -> bool:
    return one.kind == other.kind and not set(one.names).isdisjoint(other.names)


def _breach(side: str | None, off: float) -> bool:
    """Whether a statement and the rest differ at all: a bound is kept on one side."""
    return side is None or (off < 0 if side == "at most" else off > 0)


def _shares(log_weights: Array) -> Array:
    weights = np.exp(log_weights - log_weights.max())
    return np.asarray(weights / weights.sum())


def _log_mean(logs: Array) -> float:
    top = logs.max()
    return float(top + np.log(np.exp(logs - top).mean())) if np.isfinite(top) else float("-inf")
