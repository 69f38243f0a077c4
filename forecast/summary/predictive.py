"""How large a number will be: quantiles of its predictive distribution."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from forecast.inference.exact import ExactNetwork
from forecast.inference.numbers import Asked, Conditional
from forecast.model.formula import ONE, ZERO, Formula
from forecast.model.joint import joint_name
from forecast.model.laws import AnyLaw, Bound
from forecast.model.network import Network, Node
from forecast.model.seen import Seen, within
from forecast.posterior import Posterior

type Array = NDArray[np.float64]

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)

DRAWS = 1000
"""Draws over which a distribution function is averaged: spread evenly over the weighted ones."""

LARGEST = 1e15


def quantiles(network: Network, posterior: Posterior) -> dict[str, dict[str, float]]:
    """Return question -> level -> the number below which it lies with that chance.

    The distribution is that of the number itself, E[P(N <= x | e, theta)] over theta, given that
    the question is not void: how the number will turn out, not how well its chances are known. For
    a count a quantile is the least number that is reached with the chance.

    Parameters
    ----------
    network, posterior
        What was built, what was inferred.
    """
    numbers = [
        node
        for node in network.questions.values()
        if node.number is not None and joint_name(node) in network.nodes
    ]
    if not numbers:
        return {}
    chosen = _spread(posterior.final.weights)
    values = {name: draws[..., chosen] for name, draws in posterior.parameters.items()}
    names = [joint_name(node) for node in numbers]
    joints = ExactNetwork(network).marginals(values, {1: names})[1]
    seen = network.views[1].seen
    return {
        node.name: dict(_quantiles(node, joints[name], values, seen.get(node.name)))
        for node, name in zip(numbers, names, strict=True)
    }


def _spread(weights: Array) -> NDArray[np.intp]:
    """Return draws that stand for the weighted ones, at even steps of their weight."""
    if len(weights) == 1:
        return np.zeros(1, dtype=np.intp)
    steps = (np.arange(DRAWS) + 0.5) / DRAWS
    found = np.searchsorted(np.cumsum(weights), steps * weights.sum())
    return np.minimum(found, len(weights) - 1)


def _quantiles(
    node: Node, joint: Array, values: dict[str, Array], seen: Seen | None
) -> Iterator[tuple[str, float]]:
    bounds = [bound for bound in node.cells.bounds if bound is not None]

    def mean(ask: Asked) -> float:
        return float(np.nanmean(Conditional(node, [ask]).chances(joint, values)))

    def inside(own: Bound) -> Asked:
        return lambda _, bound: ONE if bound == own else ZERO

    each = [mean(inside(own)) for own in bounds]
    reached = np.cumsum(each)
    if not reached[-1] > 0:
        return
    for level in LEVELS:
        wanted = level * reached[-1]
        cell = min(int(np.searchsorted(reached, wanted)), len(bounds) - 1)
        before = reached[cell] - each[cell]

        def missing(x: float, own: Bound = bounds[cell], before: float = before) -> float:
            """Return how much more than up to x is wanted."""

            def ask(law: AnyLaw, bound: Bound) -> Formula:
                return within(law, x, bound, seen) if bound == own else ZERO

            return float(wanted - before - mean(ask))  # noqa: B023 - called before the next round

        yield f"{level:g}", _least(missing, bounds[cell], whole=node.cells.kind == "count")


def _least(missing: Callable[[float], float], bound: Bound, *, whole: bool) -> float:
    """Return the least number of a cell up to which nothing is missing any more."""
    low, high = bound
    if low == high:
        return low
    if whole:
        low -= 1
    if math.isinf(low):
        step = 1.0
        top = high if math.isfinite(high) else 0.0
        while missing(top - step) < 0 and step < LARGEST:
            step *= 4
        low = top - step
    if math.isinf(high):
        step = 1.0
        while missing(low + step) > 0 and step < LARGEST:
            step *= 4
        high = low + step
    while (high - low > 1) if whole else (high - low > 1e-7 * max(abs(low), abs(high), 1e-9)):
        middle = math.floor((low + high) / 2) if whole else (low + high) / 2
        low, high = (middle, high) if missing(middle) > 1e-12 else (low, middle)
    return float(high)
