"""What moves a scenario most: the draws already tell it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from forecast.model.network import Network
from forecast.posterior import Posterior
from forecast.summary.contract import Driver

type Array = NDArray[np.float64]

TENTH = 0.1
KEPT = 8
"""Drivers reported for each scenario."""


def drivers(network: Network, posterior: Posterior) -> tuple[Driver, ...]:
    """Return the strongest drivers of each scenario, largest swing first.

    A driver's swing is E[P(scenario) | theta_j in its top tenth] - E[. | its bottom tenth], over
    the weighted draws of the forecast; its error comes from both tenths.
    """
    weights, chances = posterior.final.weights, posterior.final.scenarios
    found: list[list[Driver]] = [[] for _ in network.scenarios]
    for name, who, words, values in judged(network, posterior):
        if np.ptp(values) == 0:
            continue
        order = np.argsort(values, kind="stable")
        reached = np.cumsum(weights[order])
        bottom, top = order[reached <= TENTH], order[reached >= 1 - TENTH]
        if not len(bottom) or not len(top):
            continue
        low, low_error = _mean(weights[bottom], chances[bottom])
        high, high_error = _mean(weights[top], chances[top])
        for i, scenario in enumerate(network.scenarios):
            swing = float(high[i] - low[i])
            error = float(np.hypot(low_error[i], high_error[i]))
            found[i].append(
                Driver(scenario, name, who, words, float(low[i]), float(high[i]), swing, error)
            )
    return tuple(
        driver
        for own in found
        for driver in sorted(own, key=lambda d: (-abs(d.swing), d.parameter))[:KEPT]
    )


def judged(network: Network, posterior: Posterior) -> Iterator[tuple[str, str, str, Array]]:
    """Yield every judgement and lean: its name, whose it is, its words, its draws."""
    for name, parameter in network.parameters.items():
        values, origin = posterior.parameters[name], parameter.origin
        if values.ndim == 1:
            yield name, origin.who, origin.words, values
            continue
        for component, state in enumerate(parameter.components):
            yield f"{name}.{state}", origin.who, origin.words, values[component]
    for expert, lean in posterior.leans.items():
        yield f"experts.{expert}.lean", expert, "how far the story as a whole is right", lean


def _mean(weights: Array, values: Array) -> tuple[Array, Array]:
    share = weights / weights.sum()
    mean = share @ values
    return mean, np.sqrt((share**2) @ (values - mean) ** 2)
