"""Simulation-based calibration of the exact engine, construct by construct.

Parameters are drawn from the prior, evidence and statements from the model given them, and the
engine infers the parameters: the rank of the true ones among draws of its posteriors is uniform
(Talts, Betancourt, Simpson, Vehtari and Gelman 2018, arXiv:1804.06788). Where the engine is given
another model than the one that was drawn from, it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, logit, ndtr

import forecast
from forecast.inference.exact import ExactNetwork
from forecast.model.network import SCENARIO, Network, Statement
from forecast.posterior import Posterior
from validation.constructs import Construct
from validation.truth.space import Space

type Array = NDArray[np.float64]
type Spoiling = Callable[[Network], Network]

DRAWS = 99
"""Draws of a posterior that the truth is ranked among."""

BINS = 20
LEVEL = 0.001
"""Chance of a false alarm, over all quantities of a construct (Bonferroni)."""


def halved_sd(network: Network) -> Network:
    """Return a network that takes statements for twice as exact as they are."""
    return replace(network, statements=tuple(replace(s, sd=s.sd / 2) for s in network.statements))


def counted_twice(network: Network) -> Network:
    """Return a network that counts all evidence twice."""
    nothing, known, *others = network.views
    twice = replace(
        known, likelihoods=known.likelihoods * 2, labels=tuple(known.labels) + tuple(known.labels)
    )
    return replace(network, views=(nothing, twice, *others))


@dataclass(frozen=True)
class Ranks:
    """Ranks of what is true, by quantity.

    Attributes
    ----------
    construct
        The construct.
    ranks
        Quantity -> ranks from 0 to `DRAWS`, one for each simulation.
    refused
        How many of the runs the certificate refused; they count all the same.
    """

    construct: str
    ranks: dict[str, NDArray[np.intp]]
    refused: int

    @property
    def p_value(self) -> float:
        """The least chi-square p-value over all quantities, times how many there are."""
        least = min(uniformity(ranks) for ranks in self.ranks.values())
        return min(1.0, least * len(self.ranks))

    @property
    def worst(self) -> str:
        """The quantity with the least p-value."""
        return min(self.ranks, key=lambda name: uniformity(self.ranks[name]))

    @property
    def uniform(self) -> bool:
        """Whether nothing speaks against uniform ranks."""
        return self.p_value >= LEVEL


def uniformity(ranks: NDArray[np.intp]) -> float:
    """Return the p-value of uniform ranks: chi-square over `BINS` bins.

    >>> uniformity(np.repeat(np.arange(100), 4))
    1.0
    """
    counts = np.bincount(ranks * BINS // (DRAWS + 1), minlength=BINS)
    expected = len(ranks) / BINS
    return float(chdtrc(BINS - 1, ((counts - expected) ** 2).sum() / expected))


class Simulator:
    """Draws what might be seen and said, from the model of a construct.

    Parameters
    ----------
    construct
        The construct.

    Attributes
    ----------
    networks
        One for each thing that may be seen.
    """

    def __init__(self, construct: Construct) -> None:
        self.networks = [model.network() for model in construct.models()]
        self._exact = [ExactNetwork(network) for network in self.networks]
        self._space = Space(self.networks[0])

    @property
    def coordinates(self) -> int:
        """How many standard Normals are behind the parameters."""
        return len(self._space)

    def chances(self, z: Array) -> Array:
        """Return the chance of all that may be seen, ``(files, draws)``."""
        values = self._space.parameters(z)
        return np.exp([exact.solution(values).log_evidence for exact in self._exact])

    def draw(self, dice: np.random.Generator) -> tuple[Network, dict[str, float]]:
        """Return a network with what was seen and said, and the truth behind it."""
        z = dice.standard_normal((len(self._space), 1))
        chances = self.chances(z)[:, 0]
        if not 1 - 1e-3 < chances.sum() < 1 + 1e-9:
            raise ValueError(f"what may be seen has a chance of {chances.sum()}")
        seen = int(dice.choice(len(chances), p=chances / chances.sum()))
        network, exact = self.networks[seen], self._exact[seen]
        values = self._space.parameters(z)
        implied = exact.solution(values).implied[0]
        leans = {name: float(z[row, 0]) for name, row in self._space.experts.items()}
        statements = tuple(
            said(s, float(m), leans.get(s.expert, 0.0), dice)
            for s, m in zip(network.statements, implied, strict=True)
        )
        truth = {name: float(value) for name, value in _flat(values, 0)}
        truth |= {f"lean of {name}": b for name, b in leans.items()}
        asked = exact.marginals(values, {1: [SCENARIO]})[1][SCENARIO]
        truth["scenario"] = float(asked[0, 0])
        return replace(network, statements=statements), truth


def said(statement: Statement, m: float, lean: float, dice: np.random.Generator) -> Statement:
    """Return what an expert says where m is implied; of a bound, to which side it is.

    Two-sided, stated = logit m - direction shift b + sd eps; with a bound given, he says `at most`
    where logit m - direction shift b + sd eps is below it.
    """
    meant = float(logit(m)) - statement.direction * statement.shift * lean
    if statement.side is None:
        return replace(statement, stated=meant + statement.sd * float(dice.standard_normal()))
    below = dice.random() < ndtr((statement.stated - meant) / statement.sd)
    return replace(statement, side="at most" if below else "at least")


def ranked(
    construct: Construct, simulations: int, spoiling: Spoiling | None = None, draws: int = 4096
) -> Ranks:
    """Simulate, infer and rank.

    Parameters
    ----------
    construct
        The construct.
    simulations
        How often.
    spoiling
        Makes another model of the one that was drawn from, for a negative control.
    draws
        Draws of the engine.
    """
    simulator = Simulator(construct)
    dice = np.random.default_rng([*construct.name.encode()])
    ranks: dict[str, list[int]] = {}
    refused = 0
    for i in range(simulations):
        network, truth = simulator.draw(dice)
        found = forecast.infer(spoiling(network) if spoiling else network, seed=i, draws=draws)
        refused += found.diagnostics.status == "fail"
        for name, rank in _ranks(found, truth, dice):
            ranks.setdefault(name, []).append(rank)
    return Ranks(construct.name, {name: np.array(own) for name, own in ranks.items()}, refused)


def _ranks(
    found: Posterior, truth: dict[str, float], dice: np.random.Generator
) -> list[tuple[str, int]]:
    weights = found.final.weights
    chosen = dice.choice(len(weights), DRAWS, p=weights / weights.sum())
    drawn = dict(_flat(found.parameters, chosen))
    drawn |= {f"lean of {name}": b[chosen] for name, b in found.leans.items()}
    drawn["scenario"] = found.final.scenarios[chosen, 0]
    out = []
    for name, value in truth.items():
        draws = np.asarray(drawn[name])
        ties = int((draws == value).sum())
        out.append((name, int((draws < value).sum() + dice.integers(ties + 1))))
    return out


def _flat(
    values: Mapping[str, Array], chosen: int | NDArray[np.intp]
) -> list[tuple[str, float | Array]]:
    """Return single numbers by name, and the components of shares with their places."""
    out: list[tuple[str, float | Array]] = []
    for name, array in values.items():
        if array.ndim == 1:
            out.append((name, array[chosen]))
        else:
            out += [(f"{name}[{k}]", part[chosen]) for k, part in enumerate(array)]
    return out


def band(ranks: Sequence[int] | NDArray[np.intp]) -> float:
    """Return the largest distance of the ranks' ECDF from the diagonal, times sqrt(simulations).

    Beyond 1.95 in one of a thousand (Kolmogorov 1933; ranks are discrete, so rarer still).
    """
    n = len(ranks)
    ecdf = np.cumsum(np.bincount(np.asarray(ranks), minlength=DRAWS + 1)) / n
    return float(np.abs(ecdf - np.arange(1, DRAWS + 2) / (DRAWS + 1)).max() * np.sqrt(n))
