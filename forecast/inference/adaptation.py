"""A proposal that learns from its own weighted draws where it is too narrow, too wide or blind."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from forecast.inference.modes import Modes
from forecast.inference.pareto import effective_draws
from forecast.inference.proposal import DEFENSIVE, TAILS, Component, Proposal

type Array = NDArray[np.float64]
type Sampler = Callable[[Proposal, int], tuple[Array, Array]]

BATCH = 1024
"""Draws of each round."""

ROUNDS = 10
"""Rounds at most."""

GOOD = 0.35
"""Share of effective draws in a round, above which there is nothing left to learn."""

BETTER, PATIENCE = 1.1, 3
"""A round that does not raise the share of effective draws by this factor is in vain; how many such
rounds in a row end the learning."""

HEAVY = 25.0
"""Weight of a draw, in average ones, from which on a component is set up there."""

MOST, FEW = 12, 24
"""Components at most; and directions that they may span together where one is set up: with more,
draws cannot tell how any of them should be shaped."""

ADDED = 3
"""Components set up in one round at most."""

LEAST_SHARE, NEW_SHARE = 0.005, 0.1
"""Share of the least component, and of one that has just been set up."""


@dataclass
class Pool:
    """All draws so far, weighted as if from the mixture of all proposals that made them.

    References
    ----------
    Veach and Guibas (1995), 10.1145/218380.218498 (the balance heuristic).
    """

    z: Array
    log_likelihood: Array
    proposals: list[tuple[Proposal, int]] = field(default_factory=list)

    def add(self, proposal: Proposal, z: Array, log_likelihood: Array) -> None:
        """Add a batch of draws from a proposal."""
        self.z = np.concatenate([self.z, z], axis=1)
        self.log_likelihood = np.concatenate([self.log_likelihood, log_likelihood])
        self.proposals.append((proposal, z.shape[1]))

    def log_weights(self) -> Array:
        """Return the logarithm of the weight of each draw; their mean is P(evidence)."""
        total = sum(count for _, count in self.proposals)
        density = np.full(self.z.shape[1], -np.inf)
        for proposal, count in self.proposals:
            part = math.log(count / total) - proposal.log_ratio(self.z)
            density = np.logaddexp(density, part)
        return np.asarray(self.log_likelihood - density)

    def best(self, proposals: Sequence[Proposal]) -> Proposal:
        """Return the proposal from which weights would vary least, as far as all draws tell.

        The draws that would be effective are ``n / E[posterior / proposal]`` under the posterior
        (Kong 1992), and a proposal that has not seen some draw pays for it here.
        """
        logs = self.log_weights()
        total = np.logaddexp.reduce(logs)
        costs = [
            np.logaddexp.reduce(logs - total + self.log_likelihood + proposal.log_ratio(self.z))
            for proposal in proposals
        ]
        return proposals[int(np.argmin(costs))]


def adapted(proposal: Proposal, pool: Pool, modes: Modes, draw: Sampler) -> Proposal:
    """Return a proposal that has learnt from its draws.

    Each round draws a batch, weighs all draws so far anew, sets up components at draws that carry
    too much of the posterior, and moves, shapes and weighs all components by one step of weighted
    expectation-maximisation.

    Parameters
    ----------
    proposal
        Where to begin.
    pool
        Draws from the prior.
    modes
        Shapes components at a point.
    draw
        Draws from a proposal: coordinates, and the log likelihood of each.

    References
    ----------
    Cappe, Douc, Guillin, Marin and Robert (2008), 10.1007/s11222-008-9059-x (population Monte Carlo
    for mixtures of Student-t); Raftery and Bao (2010), 10.1111/j.1541-0420.2010.01399.x (components
    where a draw weighs most).
    """
    tried, most, stalled = [], 0.0, 0
    for _ in range(ROUNDS):
        z, log_likelihood = draw(proposal, BATCH)
        pool.add(proposal, z, log_likelihood)
        tried.append(proposal)
        share = effective_draws(log_likelihood + proposal.log_ratio(z)) / BATCH
        logs = pool.log_weights()
        weights = np.exp(logs - np.logaddexp.reduce(logs))
        heavy = _heavy(weights)
        stalled = 0 if share > BETTER * most else stalled + 1
        most = max(share, most)
        if (share > GOOD and not len(heavy)) or stalled == PATIENCE:
            break
        found = list(proposal.components)
        if len(heavy) and len(found) < MOST:
            more = [*found, *modes.touching(pool.z[:, heavy])]
            found = more if _basis(more).shape[1] <= FEW else found
        proposal = _shaped(found, proposal.shares, pool.z, weights)
    return pool.best(tried)


def _heavy(weights: Array) -> NDArray[np.intp]:
    """Return the draws that carry too much of the posterior, the heaviest first."""
    heavy = np.flatnonzero(weights * len(weights) > HEAVY)
    return heavy[np.argsort(-weights[heavy], kind="stable")][:ADDED]


def _shaped(
    components: Sequence[Component], shares: Sequence[float], z: Array, weights: Array
) -> Proposal:
    """Return the mixture after a step of expectation-maximisation on weighted draws.

    Components beyond those that have shares are new.
    """
    basis = _basis(components)
    added = len(components) - len(shares)
    known = [(1 - NEW_SHARE * added) * share for share in shares] + [NEW_SHARE] * added
    expressed = [component.within(basis) for component in components]
    owned = _responsibilities(expressed, known, z) * weights
    along = basis.T @ z
    moved = [_moved(c, own, along) for c, own in zip(expressed, owned, strict=True)]
    masses = np.array([own.sum() for own in owned])
    least = np.maximum(masses / sum(masses), LEAST_SHARE)
    return Proposal(tuple(moved), tuple((least / least.sum()).tolist()))


def _responsibilities(components: Sequence[Component], shares: Sequence[float], z: Array) -> Array:
    """Return how much of each draw is owed to each component, beside the prior's own part."""
    logs = np.stack([math.log(s) + c.log_ratio(z) for s, c in zip(shares, components, strict=True)])
    prior = np.full(z.shape[1], math.log(DEFENSIVE))
    return np.asarray(np.exp(logs - np.logaddexp(np.logaddexp.reduce(logs, axis=0), prior)))


def _moved(component: Component, weights: Array, along: Array) -> Component:
    """Return a component moved and reshaped by the draws that are owed to it.

    The step of a Student-t (Peel and McLachlan 2000, 10.1023/A:1008981510081), where far draws
    count less. What the component was counts as one draw for its mean, and as k + 2 for its shape
    in k directions, so that few draws cannot make it flat.
    """
    mass = weights.sum()
    effective = mass**2 / (weights**2).sum() if mass > 0 else 0.0
    if effective < 2:
        return component
    k = len(component.mean)
    whitened = np.linalg.solve(component.factor, along - component.mean[:, None])
    light = weights * (TAILS + k) / (TAILS + (whitened**2).sum(axis=0))
    mean = along @ light / light.sum()
    mean = (effective * mean + component.mean) / (effective + 1)
    apart = along - mean[:, None]
    spread = (light * apart) @ apart.T / mass
    before = component.factor @ component.factor.T
    covariance = (effective * spread + (k + 2) * before) / (effective + k + 2)
    return Component(component.directions, mean, np.linalg.cholesky(covariance))


def _basis(components: Sequence[Component]) -> Array:
    """Return orthonormal columns that span the directions of all components."""
    distinct = list({id(c.directions): c.directions for c in components}.values())
    if len(distinct) == 1:
        return distinct[0]
    stacked = np.concatenate(distinct, axis=1)
    left, spread, _ = np.linalg.svd(stacked, full_matrices=False)
    return np.asarray(left[:, spread > 1e-6])
