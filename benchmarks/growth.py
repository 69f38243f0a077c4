"""How the time grows with the number of questions, and of draws."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from benchmarks import networks
from benchmarks.clock import alternating
from forecast.inference.exact import ExactNetwork

SEED = 1
NODES = (10, 20, 40, 80, 160, 320)
DRAWS = (1, 10, 100, 1_000, 10_000, 100_000)
FIXED_NODES, FIXED_DRAWS = 37, 1_000


@dataclass(frozen=True)
class Growth:
    """Seconds for all marginals of a network of so many nodes, for so many draws."""

    nodes: int
    largest_clique: int
    draws: int
    seconds: float


def in_nodes(rounds: int) -> list[Growth]:
    """Measure networks of growing size for a fixed number of draws."""
    return [measured(nodes, FIXED_DRAWS, rounds) for nodes in NODES]


def in_draws(rounds: int) -> list[Growth]:
    """Measure one network for a growing number of draws."""
    return [measured(FIXED_NODES, draws, rounds) for draws in DRAWS]


def measured(nodes: int, draws: int, rounds: int) -> Growth:
    """Measure one network, laid out beforehand."""
    shape = networks.random_shape(nodes, SEED)
    values = networks.values(shape, networks.random_tables(shape, draws, SEED))
    exact = ExactNetwork(networks.uncertain(shape))
    taken = alternating({"ours": lambda: exact.outcomes(values, 1)}, rounds)["ours"]
    return Growth(nodes, shape.largest_clique, draws, median(taken))
