"""Slopes of what the data are about, and the modes and proposals that are found with them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from modelling import network_of
from numpy.typing import NDArray
from scipy import stats

import forecast
from forecast.inference.adaptation import Pool, adapted
from forecast.inference.coordinates import Coordinates
from forecast.inference.exact import ExactNetwork
from forecast.inference.modes import Modes
from forecast.inference.pareto import effective_draws
from forecast.inference.proposal import WIDER, Component, Proposal
from forecast.inference.responses import Responses
from forecast.inference.statements import discrepancies
from forecast.model.network import Network

type Array = NDArray[np.float64]

ROOT = Path(__file__).parents[2]
FILES = [
    ROOT / "scenarios/victory_day_2025.yaml",
    ROOT / "scenarios/victory_day_2025_full.yaml",
    ROOT / "scenarios/coalition_2031.yaml",
    ROOT / "tests/kitchen_sink/kitchen_sink.yaml",
]


class Problem:
    """A network with everything that looks at it."""

    def __init__(self, network: Network) -> None:
        self.network, self.exact = network, ExactNetwork(network)
        self.coordinates = Coordinates(network)
        self.responses = Responses(network, self.exact, self.coordinates)

    def u(self, z: Array) -> Array:
        """Return the responses by the forward pass alone."""
        solved = self.exact.solution(self.coordinates.parameters(z))
        rest = discrepancies(self.network, self.coordinates, z, solved.implied)
        return np.vstack([solved.log_evidence, rest])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_slopes_are_those_of_finite_differences(file: Path) -> None:
    """Every response in every coordinate, for every construct of the language."""
    problem = Problem(forecast.build(forecast.load(file)))
    z = 0.8 * np.random.default_rng(1).standard_normal((len(problem.coordinates), 3))
    found, h = problem.responses(z), 1e-5
    np.testing.assert_allclose(found.u, problem.u(z), rtol=1e-9, atol=1e-9)
    for i, row in enumerate(np.eye(len(z))):
        step = h * row[:, None]
        slope = (problem.u(z + step) - problem.u(z - step)) / (2 * h)
        np.testing.assert_allclose(found.jacobian[:, i], slope, rtol=2e-5, atol=2e-7)


TWO_MODES = """
experts: {own: {shift: 0, scatter: 0.1}}
questions:
  a: {type: binary, prior: {beta: [3, 4]}}
  b: {type: binary, prior: {beta: [2, 4]}}
  x: {type: binary, prior: {cases: {a and b: 0.03, a: 0.97, b: 0.97, otherwise: 0.03}}}
statements: [{of: x, says: 0.8}]
scenarios: {a: a, rest: otherwise}
"""
"""Either cause alone makes x likely, both together do not; somebody says that x is likely."""


def log_posterior(z: Array) -> Array:
    """Return the log posterior of z = (z_a, z_b) by hand, up to a constant."""
    a, b = stats.beta(3, 4).ppf(stats.norm.cdf(z[0])), stats.beta(2, 4).ppf(stats.norm.cdf(z[1]))
    m = 0.97 * (a * (1 - b) + b * (1 - a)) + 0.03 * (a * b + (1 - a) * (1 - b))
    u = np.log(0.8 / 0.2) - np.log(m / (1 - m))
    return np.asarray(-0.5 * (u / 0.1) ** 2 - 0.5 * (z**2).sum(axis=0))


def test_every_start_climbs_to_a_mode() -> None:
    """No step in any direction is higher, and both modes are there."""
    problem = Problem(network_of(TWO_MODES))
    starts = np.array([[2.0, -2.0, 1.5, -1.0], [-1.0, 2.0, -0.5, 1.0]])
    places, heights = Modes(problem.responses).search(starts)
    np.testing.assert_allclose(
        heights - heights[0], log_posterior(places) - log_posterior(places)[0], atol=1e-6
    )
    assert {tuple(np.sign(place)) for place in places.T} == {(1, -1), (-1, 1)}
    for turn in np.linspace(0, 2 * np.pi, 16, endpoint=False):
        step = 0.3 * np.array([[np.cos(turn)], [np.sin(turn)]])
        assert (log_posterior(places + step) < log_posterior(places) + 0.05).all()


def test_a_component_bends_as_the_posterior_does() -> None:
    """Where h is quadratic and u nearly linear, its precision is minus the Hessian."""
    problem = Problem(network_of(TWO_MODES))
    modes = Modes(problem.responses)
    place, _ = modes.search(np.array([[2.0], [-1.0]]))
    (found,) = modes.touching(place)
    h, hessian = 1e-3, np.empty((2, 2))
    for i, j in np.ndindex(2, 2):
        e, f = h * np.eye(2)[[i]].T, h * np.eye(2)[[j]].T
        ends = [
            log_posterior(place + s * e + t * f)[0] for s, t in ((1, 1), (1, -1), (-1, 1), (-1, -1))
        ]
        hessian[i, j] = (ends[0] - ends[1] - ends[2] + ends[3]) / (4 * h * h)
    stiff = np.linalg.eigvalsh(-hessian).max()
    spread = found.directions @ found.factor @ found.factor.T @ found.directions.T / WIDER**2
    assert 1 / np.linalg.eigvalsh(spread).min() == pytest.approx(stiff, rel=0.05)


def test_a_proposal_learns_the_mode_that_it_did_not_know() -> None:
    """From a component at one of two modes: the other, and a larger share of effective draws."""
    problem = Problem(network_of(TWO_MODES))
    modes, stream = Modes(problem.responses), np.random.default_rng(3)
    (one,) = modes.touching(modes.search(np.array([[2.0], [-1.0]]))[0])
    before = Proposal((one,), (1.0,))

    def draw(proposal: Proposal, draws: int) -> tuple[Array, Array]:
        z = proposal.transform(stream.standard_normal((2, draws)), stream)
        return z, log_posterior(z) + 0.5 * (z**2).sum(axis=0)

    z, log_likelihood = draw(Proposal(), 2048)
    after = adapted(before, Pool(z, log_likelihood, [(Proposal(), 2048)]), modes, draw)
    shares = []
    for proposal in (before, after):
        z, log_likelihood = draw(proposal, 20_000)
        shares.append(effective_draws(log_likelihood + proposal.log_ratio(z)) / 20_000)
    assert shares[0] < 0.4
    assert shares[1] > 0.5
    assert {tuple(np.sign(c.centre)) for c in after.components} >= {(1, -1), (-1, 1)}


def test_a_component_in_more_directions_is_the_same() -> None:
    one = Component(np.eye(3)[:, :1], np.array([0.7]), np.array([[0.4]]))
    z = np.random.default_rng(0).standard_normal((3, 50))
    wider = one.within(np.eye(3)[:, :2])
    np.testing.assert_allclose(wider.centre, one.centre)
    inside = wider.directions @ wider.factor @ wider.factor.T @ wider.directions.T
    np.testing.assert_allclose(inside, np.diag([0.16, 1.0, 0.0]), atol=1e-12)
    assert wider.log_ratio(z).shape == (50,)
