"""A forecast that is to stand beside others."""

from __future__ import annotations

from dataclasses import dataclass

from forecast.model.network import Network
from forecast.posterior import Posterior
from forecast.spec.load import ScenarioSpec
from forecast.summary.contract import Summary


@dataclass(frozen=True)
class Solved:
    """What the steps of the pipeline returned for a forecast."""

    spec: ScenarioSpec
    network: Network
    posterior: Posterior


@dataclass(frozen=True)
class Column:
    """A forecast that is to stand beside others.

    Attributes
    ----------
    label
        What it is called.
    summary
        The result.
    solved
        What it was made from; None for a run that was kept, of which only the result is known.
    """

    label: str
    summary: Summary
    solved: Solved | None
