"""Curves fitted to what was said: exact where they can be, SHELF's and PreliZ's values elsewhere."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from forecast.model.curves import Bins, Curve, curve_of, fitted, targets
from forecast.spec.amount import Quantiles, Roulette, Stated
from forecast.spec.spread import Spread

DATA = Path(__file__).parents[3] / "shared" / "data" / "elicitation"
SHELF = {"normal": "Normal", "student": "Student_t3", "lognormal": "LogNormal"} | {
    "logstudent": "LogT", "gamma": "Gamma_shape_rate", "beta": "Beta"
}  # fmt: skip
SSQ = {"student": "t", "logstudent": "logt"}


def read(name: str) -> Any:
    if not (DATA / name).exists():
        pytest.skip("needs ../shared/data/elicitation")
    return json.loads((DATA / name).read_text())


def frozen(curve: Curve) -> Any:
    a, b = curve.first, curve.second
    match curve.family:
        case "normal":
            return stats.norm(a, b)
        case "lognormal":
            return stats.lognorm(b, scale=math.exp(a))
        case "student":
            return stats.t(3, a, b)
        case "gamma":
            return stats.gamma(a, scale=1 / b)
        case "beta":
            return stats.beta(a, b, curve.low, curve.high - curve.low)
    raise AssertionError(curve.family)


@pytest.mark.parametrize("family", SHELF)
def test_fits_agree_with_shelf(family: Any) -> None:
    """SHELF stops its optimiser at about 1e-4 of a parameter; our sum of squares is never larger.

    SHELF's lognormal, log-t and gamma count from the lower limit.
    """
    for case in read("shelf_fitdist_reference.json"):
        expected = case[SHELF[family]]
        if expected is None or expected[0] is None:
            continue
        start = (case["lower"] or 0.0) if family in ("lognormal", "logstudent", "gamma") else 0.0
        values = tuple(value - start for value in case["vals"])
        ends = (case["lower"], case["upper"]) if family == "beta" else (0.0, 1.0)
        curve = fitted(family, values, tuple(case["probs"]), *ends)
        assert curve.first == pytest.approx(expected[0], rel=1e-3, abs=1e-4), case["id"]
        assert curve.second == pytest.approx(expected[1], rel=1e-3, abs=1e-4), case["id"]
        squares = sum((curve.cdf(x) - p) ** 2 for x, p in zip(values, case["probs"], strict=True))
        reference = case["ssq"][SSQ.get(family, family)]
        assert squares <= reference * (1 + 1e-5) + 1e-9, case["id"]


@pytest.mark.parametrize("name", ["Normal", "LogNormal", "Gamma", "Beta"])
def test_quartiles_agree_with_preliz(name: str) -> None:
    """Its own tests ask for two decimals."""
    rows = read("preliz_test_expectations.json")["quartile"]
    quartiles, expected = next(row[1:] for row in rows if row[0].startswith(f"{name}("))
    curve = fitted(name.lower(), tuple(map(float, quartiles)), (0.25, 0.5, 0.75))  # type: ignore[arg-type]
    assert (curve.first, curve.second) == pytest.approx(tuple(expected), abs=0.01)


CASES = [
    ("normal", 10.0, 20.0, (-10.0, 10.0, 50.0)),
    ("lognormal", math.log(30), 0.5, (22.0, 30.0, 42.0)),
    ("student", 10.0, 20.0, (-10.0, 10.0, 30.0)),
    ("gamma", 50.0, 2.0, (22.0, 25.0, 27.0)),
    ("beta", 5.0, 20.0, (18.0, 20.0, 22.0)),
]


@pytest.mark.parametrize(("family", "first", "second", "values"), CASES)
def test_points_of_a_curve_give_the_curve_back(
    family: Any, first: float, second: float, values: tuple[float, ...]
) -> None:
    """After SHELF's tests of exact recovery; the levels are SciPy's."""
    ends = (10.0, 60.0) if family == "beta" else (0.0, 1.0)
    truth = frozen(Curve(family, first, second, *ends))
    curve = fitted(family, values, tuple(float(p) for p in truth.cdf(values)), *ends)
    assert (curve.first, curve.second) == pytest.approx((first, second), rel=1e-6)


@pytest.mark.parametrize(("family", "first", "second", "values"), CASES)
def test_distribution_functions_are_scipys(
    family: Any, first: float, second: float, values: tuple[float, ...]
) -> None:
    curve = Curve(family, first, second, *((10.0, 60.0) if family == "beta" else (0.0, 1.0)))
    for x in (*values, -3.0, 0.0, 11.0, 70.0):
        assert curve.cdf(x) == pytest.approx(frozen(curve).cdf(x), rel=1e-12, abs=1e-15)


@given(st.floats(0.01, 1e6), st.floats(1.1, 30), st.floats(1.1, 30))
def test_a_spread_keeps_its_median_and_its_width(median: float, down: float, up: float) -> None:
    """Lognormal: F(median) = 1/2, q95 / q05 = high / low."""
    spread = Spread(median, median / down, median * up)
    curve = curve_of(spread, "lognormal", 0.0, math.inf, 0.0)
    assert isinstance(curve, Curve)
    law = frozen(curve)
    assert law.cdf(median) == pytest.approx(0.5, rel=1e-9)
    assert law.ppf(0.95) / law.ppf(0.05) == pytest.approx(down * up, rel=1e-9)


def test_a_spread_of_another_family_is_fitted_to_its_three_numbers() -> None:
    leaf = Stated.model_validate({"amount": "97 (90..99.5)", "family": "beta"})
    curve = curve_of(leaf, "beta", 0.0, 100.0, 0.0)
    direct = fitted("beta", (90.0, 97.0, 99.5), (0.05, 0.5, 0.95), 0.0, 100.0)
    assert curve == direct
    assert [curve.cdf(x) for x in (90.0, 97.0, 99.5)] == pytest.approx([0.05, 0.5, 0.95], abs=0.02)


def test_chips_with_a_family_are_fitted_to_what_is_laid() -> None:
    """2, 5, 1 chips: 2/8 below 10, 7/8 below 20."""
    leaf = Roulette.model_validate(
        {"roulette": {"0..10": "2", "10..20": "5", "20..40": "1"}, "family": "gamma"}
    )
    curve = curve_of(leaf, "gamma", 0.0, math.inf, 0.0)
    assert [curve.cdf(10.0), curve.cdf(20.0)] == pytest.approx([0.25, 0.875], abs=1e-9)
    assert targets(leaf) == ([10.0, 20.0], [0.25, 0.875])


def test_chips_without_a_family_are_even_within_their_bins() -> None:
    leaf = Roulette.model_validate({"roulette": {"0..10": "2", "10..30": "6"}})
    curve = curve_of(leaf, None, 0.0, math.inf, 0.0)
    assert curve == Bins(((0.0, 10.0), (10.0, 30.0)), (0.25, 0.75))
    np.testing.assert_allclose(
        [curve.cdf(x) for x in (-1.0, 5.0, 20.0, 99.0)], [0, 0.125, 0.625, 1]
    )


def test_quantiles_in_any_order() -> None:
    one = Quantiles.model_validate({"quantiles": {"95%": "9", "5%": "1", "50%": "3"}})
    assert targets(one) == ([1.0, 3.0, 9.0], [0.05, 0.5, 0.95])
