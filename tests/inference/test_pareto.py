"""Pareto smoothing and effective draws, against ArviZ and by hand."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest
from modelling import Array
from scipy import stats

from forecast.inference.pareto import effective_draws, smoothed


@pytest.fixture(scope="module")
def arviz() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from arviz_stats.base import array_stats
    return array_stats


def heavy(k: float, draws: int, seed: int = 1) -> Array:
    """Log weights whose tail is a generalised Pareto of shape k."""
    return np.asarray(np.log(stats.genpareto(k).rvs(draws, random_state=seed) + 1e-3))


@pytest.mark.parametrize(
    "draws", [400, 4096, 10_000]
)  # where 3 sqrt(S) is whole: ArviZ rounds down
@pytest.mark.parametrize("k", [-0.4, 0.1, 0.5, 0.69, 1.2])
def test_smoothing_equals_that_of_arviz(arviz: Any, k: float, draws: int) -> None:
    """ArviZ takes *negative* log weights, since it was made for -log likelihood (PSIS-LOO)."""
    log_weights = heavy(k, draws) - 700.0
    ours, khat = smoothed(log_weights)
    theirs, their_khat = arviz.psislw(-log_weights)
    assert khat == pytest.approx(float(their_khat), abs=1e-10)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-9)
    assert np.exp(ours).sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("k", [0.2, 0.5, 0.9])
def test_khat_finds_the_shape_of_the_tail(k: float) -> None:
    """Its standard deviation is about (1 + k) / sqrt(M) (Smith 1987); M = 600, five of them."""
    shapes = [smoothed(heavy(k, 40_000, seed))[1] for seed in range(5)]
    assert np.mean(shapes) == pytest.approx(k, abs=5 * (1 + k) / math.sqrt(5 * 600))


def test_smoothing_keeps_order_and_never_exceeds_the_largest() -> None:
    log_weights = heavy(0.6, 4096)
    ours, _ = smoothed(log_weights)
    order = np.argsort(log_weights, kind="stable")
    assert (np.diff(ours[order]) >= -1e-12).all()
    body, top = order[: -3 * 64], order[-1]
    shift = ours[body[0]] - log_weights[body[0]]
    np.testing.assert_allclose(ours[body], log_weights[body] + shift, atol=1e-12)
    assert ours[top] <= log_weights[top] + shift + 1e-12


@pytest.mark.parametrize("rounding", [0.0, 1e-15])
def test_equal_weights_stay_equal_and_have_no_tail(rounding: float) -> None:
    """Evidence that no parameter touches weighs all draws alike, but for rounding."""
    noise = rounding * np.random.default_rng(0).integers(-3, 4, 1000)
    ours, khat = smoothed(np.full(1000, -3.0) + noise)
    np.testing.assert_allclose(ours, -math.log(1000), atol=1e-12)
    assert khat == -math.inf
    half = np.where(np.arange(1000) % 2, -np.inf, -3.0 + noise)
    assert smoothed(half)[1] == -math.inf


def test_impossible_draws_keep_weight_zero() -> None:
    log_weights = np.where(np.arange(2000) % 2, heavy(0.1, 2000), -np.inf)
    ours, khat = smoothed(log_weights)
    assert np.isneginf(ours[::2]).all()
    assert np.exp(ours).sum() == pytest.approx(1)
    assert math.isfinite(khat)


@pytest.mark.parametrize("log_weights", [np.array([0.0, -900, -900, -900]), np.array([0.0])])
def test_too_few_weights_to_tell_have_no_finite_shape(log_weights: Array) -> None:
    ours, khat = smoothed(np.concatenate([log_weights, np.full(500, -np.inf)]))
    assert not khat < 0.7
    assert ours[0] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("spread", [30.0, 300.0])
def test_weights_that_lie_orders_apart_are_seen(spread: float) -> None:
    rng = np.random.default_rng(0)
    ours, khat = smoothed(spread * rng.normal(size=4000))
    assert khat > 0.7
    assert np.exp(ours).sum() == pytest.approx(1)
    assert smoothed(np.concatenate([rng.normal(size=4000), [60.0]]))[1] > 0.7


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ([1, 1, 1, 1], 4),
        ([1, 0, 0, 0], 1),
        ([3, 1], 16 / 10),
        ([0.2, 0.3, 0.5], 1 / (0.04 + 0.09 + 0.25)),
    ],
)
def test_effective_draws_by_hand(weights: list[float], expected: float) -> None:
    """(sum w)^2 / sum w^2, whatever the scale of the weights."""
    with np.errstate(divide="ignore"):
        log_weights = np.log(np.array(weights)) - 800.0
    assert effective_draws(log_weights) == pytest.approx(expected, rel=1e-12)
