"""The methods that say what is true, against integrals by hand and against each other."""

from __future__ import annotations

import numpy as np
import pytest
from modelling import network_of
from scipy import stats
from scipy.integrate import quad
from scipy.special import logit

from forecast.inference.coordinates import Coordinates
from validation.families import FAMILIES
from validation.truth.annealed import annealed
from validation.truth.estimate import Estimate
from validation.truth.plain import plain
from validation.truth.quadrature import quadrature
from validation.truth.slices import sliced
from validation.truth.space import Space
from validation.truth.target import Target
from validation.truth.trusted import agreed

BODY = """
experts: {own: {shift: 0, scatter: 0.3}}
questions:
  a: {type: binary, prior: {beta: [2, 3]}}
  b: {type: binary, prior: {beta: [1.5, 1]}}
statements: [{of: a, says: 80%}]
scenarios: {both: a and b, a: a, rest: otherwise}
"""


def by_hand() -> list[float]:
    """E[p] under Beta(2, 3) Normal(logit .8; logit p, .3), times E[q] = .6, which nobody spoke of."""

    def weight(p: float) -> float:
        return float(stats.beta(2, 3).pdf(p) * stats.norm.pdf(logit(p), logit(0.8), 0.3))

    mean = quad(lambda p: p * weight(p), 0, 1)[0] / quad(weight, 0, 1)[0]
    return [0.6 * mean, 0.4 * mean, 1 - mean]


@pytest.mark.parametrize(
    "method",
    [
        quadrature,
        lambda target: annealed(target, 1, enough=15_000),
        lambda target: sliced(target, 1, chains=120, steps=60),
        lambda target: plain(target, 1, enough=10_000),
    ],
    ids=["quadrature", "annealing", "slices", "prior"],
)
def test_each_method_finds_the_integral(method: object) -> None:
    assert callable(method)
    found = method(Target(network_of(BODY)))
    assert found.sound
    assert found.errors.max() < 0.004
    assert (np.abs(found.means - by_hand()) < 4 * found.errors + 1e-7).all()


def test_two_modes_are_both_found() -> None:
    target = Target(FAMILIES["two-modes"].model(0).network())
    exact = quadrature(target)
    assert exact.sound
    for found in (annealed(target, 1, enough=20_000), plain(target, 1, enough=20_000)):
        assert found.sound
        assert found.distance(exact) < 4


def test_a_walk_of_the_particles_keeps_the_posterior(monkeypatch: pytest.MonkeyPatch) -> None:
    """The way of models with many coordinates, on one with few."""
    monkeypatch.setattr("validation.truth.annealed.MANY", 0)
    found = annealed(Target(network_of(BODY)), 1)
    assert (np.abs(found.means - by_hand()) < 4.5 * found.errors).all()
    assert found.errors.max() < 0.002


def test_methods_that_disagree_are_not_trusted() -> None:
    one = Estimate(np.array([0.3, 0.7]), np.array([0.001, 0.001]))
    other = Estimate(np.array([0.31, 0.69]), np.array([0.002, 0.002]))
    assert agreed(one, other, ("x", "y"), 0).why_not == "the methods disagree"
    assert agreed(one, Estimate(*_of(one), sound=False), ("x", "y"), 0).why_not == "y is not sound"
    near = agreed(one, Estimate(one.means + 0.003, other.errors), ("x", "y"), 0)
    assert near.trusted
    assert near.means == pytest.approx([0.3006, 0.7006])  # the first has four times the weight
    assert near.errors == pytest.approx([0.001 / np.sqrt(1.25)] * 2)


def _of(one: Estimate) -> tuple[np.ndarray, np.ndarray]:
    return one.means, one.errors


def test_parameters_are_those_of_the_engine() -> None:
    """Two maps, made independently; the engine's is within 1e-4 on the logit scale."""
    network = FAMILIES["leaning"].model(1).network()
    space, coordinates = Space(network), Coordinates(network)
    assert len(space) == len(coordinates)
    z = np.random.default_rng(1).standard_normal((len(space), 300))
    ours, theirs = space.parameters(z), coordinates.parameters(z)
    assert ours.keys() == theirs.keys()
    for name, values in ours.items():
        np.testing.assert_allclose(values, theirs[name], rtol=2e-4)


def test_parameters_follow_their_priors() -> None:
    body = """
questions:
  a: {type: binary, prior: {beta: [0.2, 0.4]}}
  n: {type: count, rate: {events: 3, in: 10 days}, cuts: [2]}
"""
    network = network_of(body)
    z = np.random.default_rng(2).standard_normal((2, 20_000))
    values = list(Space(network).parameters(z).values())
    laws = [stats.beta(0.2, 0.4), stats.gamma(3.5, scale=1 / 10)]
    for row, drawn, law in zip(z, values, laws, strict=True):
        expected = law.ppf(stats.norm.cdf(row))
        np.testing.assert_allclose(drawn, expected, rtol=1e-3)


def test_what_nothing_hangs_on_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """`b` bears on a scenario, `c` on nothing; the posterior is the same without it."""
    monkeypatch.setattr("validation.truth.target.MANY", 0)
    body = BODY.replace("statements:", "  c: {type: binary, prior: {beta: [2, 2]}}\nstatements:")
    target = Target(network_of(body))
    assert (len(target.space), len(target)) == (3, 2)
    found = quadrature(target)
    np.testing.assert_allclose(found.means, by_hand(), atol=1e-6)
