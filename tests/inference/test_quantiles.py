"""Weighted quantiles and their errors."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from forecast.inference.quantiles import WeightedDraws


@pytest.mark.parametrize(
    ("values", "weights", "level", "expected"),
    [
        # Places of 1, 2, 3 on the axis of levels: half a weight above all weights below.
        ([1, 2, 3], [0.2, 0.2, 0.6], 0.1, 1),
        ([1, 2, 3], [0.2, 0.2, 0.6], 0.3, 2),
        ([1, 2, 3], [0.2, 0.2, 0.6], 0.7, 3),
        ([1, 2, 3], [0.2, 0.2, 0.6], 0.5, 2.5),  # half-way from .3 to .7
        ([1, 2, 3], [0.2, 0.2, 0.6], 0.25, 1.75),  # three quarters from .1 to .3
        ([3, 1, 2], [0.6, 0.2, 0.2], 0.25, 1.75),  # order of draws does not matter
        ([1, 2, 3], [0.2, 0.2, 0.6], 0.01, 1),  # beyond the outermost places: the outermost draw
        ([1, 2, 3], [0.2, 0.2, 0.6], 0.99, 3),
        ([5, 9], [1, 0], 0.3, 5),
        ([7], [1], 0.05, 7),
    ],
)
def test_by_hand(values: list[float], weights: list[float], level: float, expected: float) -> None:
    found = WeightedDraws(np.array(values, float), np.array(weights, float)).quantiles([level])
    assert found[0] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("n", [10, 101, 4096])
def test_with_equal_weights_they_are_those_of_numpy(n: int) -> None:
    """Midpoint places (i - 1/2) / n are Hazen's rule, method 5 of Hyndman and Fan (1996)."""
    values = np.random.default_rng(n).gamma(2.0, size=n)
    levels = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95]
    found = WeightedDraws(values, np.full(n, 1 / n)).quantiles(levels)
    np.testing.assert_allclose(found, np.quantile(values, levels, method="hazen"), rtol=1e-12)


def test_a_weight_of_two_is_two_draws() -> None:
    """In the limit: splitting each of many draws in two halves of its weight changes nothing."""
    rng = np.random.default_rng(3)
    values, weights = rng.normal(size=2000), rng.dirichlet(np.ones(2000))
    levels = [0.05, 0.5, 0.95]
    doubled = WeightedDraws(np.repeat(values, 2), np.repeat(weights / 2, 2)).quantiles(levels)
    np.testing.assert_allclose(WeightedDraws(values, weights).quantiles(levels), doubled, atol=0.02)


@pytest.mark.parametrize("level", [0.05, 0.5, 0.9])
@pytest.mark.parametrize("weighted", [False, True])
def test_errors_of_quantiles_cover(level: float, weighted: bool) -> None:
    """300 samples of a Gamma(3): estimates spread as their errors say; sd of z in [0.85, 1.15].

    The sd of z over 300 samples has a standard error of 0.04, and the normal approximation adds to
    it. Weighted: drawn from Gamma(2), weights proportional to x.
    """
    rng, exact = np.random.default_rng(17), stats.gamma(3).ppf(level)
    scores = []
    for _ in range(300):
        values = rng.gamma(2.0 if weighted else 3.0, size=1500)
        weights = values / values.sum() if weighted else np.full(1500, 1 / 1500)
        draws = WeightedDraws(values, weights)
        found = draws.quantiles([level])[0]
        error = draws.quantile_errors([level], 1 / (weights**2).sum())[0]
        scores.append((found - exact) / error)
    assert abs(np.mean(scores)) < 0.3
    assert 0.85 < np.std(scores) < 1.15
