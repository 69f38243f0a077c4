"""Numbers and names in words: never more exact than they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.views.words import (
    clean,
    condition,
    counted,
    day,
    exact_percent,
    in_a_hundred,
    percent,
    percent_range,
    points,
)


@pytest.mark.parametrize(
    ("probability", "mcse", "text"),
    [
        (0.0, 0.0, "0 %"),
        (1e-9, 0.0, "< 1 %"),
        (0.0099, 0.0, "< 1 %"),
        (0.01, 0.0, "1.0 %"),
        (0.01, 0.01, "1 %"),
        (0.0104, 0.0, "1.0 %"),
        (0.0654, 0.0005, "6.5 %"),
        (0.0654, 0.00051, "7 %"),
        (0.0949, 0.0, "9.5 %"),
        (0.0996, 0.0, "10 %"),
        (0.1, 0.0, "10 %"),
        (0.3076, 0.0, "31 %"),
        (0.986, 0.0, "99 %"),
        (0.99, 0.0, "99 %"),
        (0.9901, 0.0, "> 99 %"),
        (1 - 1e-9, 0.0, "> 99 %"),
        (1 - 1e-15, 0.0, "100 %"),
        (1.0, 0.0, "100 %"),
    ],
)
def test_percent(probability: float, mcse: float, text: str) -> None:
    assert percent(probability, mcse) == text


@given(st.floats(0, 1), st.floats(0, 0.1))
def test_percent_is_true_and_keeps_the_ends_for_what_is_certain(
    probability: float, mcse: float
) -> None:
    text = percent(probability, mcse)
    number = float(text.strip("<> %"))
    if text.startswith("<"):
        assert 0 < probability < 0.01
    elif text.startswith(">"):
        assert 0.99 < probability < 1
    else:
        assert abs(100 * probability - number) <= (0.0501 if "." in text else 0.501)
    if 1e-12 < probability < 1 - 1e-12:
        assert text not in ("0 %", "100 %")


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (0.0104, "1.04 %"),
        (0.9896, "98.96 %"),
        (0.064828, "6.48 %"),
        (0.4359706, "43.6 %"),
        (0.5, "50 %"),
        (0.001, "0.1 %"),
        (2.34e-6, "0.0002 %"),
        (1e-8, "< 0.0001 %"),
        (1 - 1e-8, "> 99.9999 %"),
        (0.0, "0 %"),
        (1.0, "100 %"),
    ],
)
def test_exact_percent(probability: float, text: str) -> None:
    assert exact_percent(probability) == text


@pytest.mark.parametrize(
    ("low", "high", "between", "text"),
    [
        (0.33, 0.62, "-", "33-62 %"),
        (0.0, 0.05, "-", "0-5 %"),
        (0.95, 1.0, "-", "95-100 %"),
        (0.001, 0.05, "-", "<1-5 %"),
        (0.95, 0.999, "-", "95 to >99 %"),
        (0.243, 0.244, "-", "24 %"),
        (0.001, 0.002, "-", "< 1 %"),
        (0.19, 0.41, " -> ", "19 -> 41 %"),
        (0.41, 0.999, " -> ", "41 -> >99 %"),
    ],
)
def test_ranges(low: float, high: float, between: str, text: str) -> None:
    assert percent_range(low, high, between) == text


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (0.334, "+33 points"),
        (-0.012, "-1 point"),
        (0.004, "< 1 point"),
        (-0.004, "< 1 point"),
        (0.0, "0 points"),
    ],
)
def test_points(change: float, text: str) -> None:
    assert points(change) == text


def test_futures_and_counts() -> None:
    assert [in_a_hundred(p) for p in (0.001, 0.065, 0.5, 0.999)] == [
        "fewer than 1",
        "6",
        "50",
        "more than 99",
    ]
    assert counted(1, "draw") == "1 draw"
    assert counted(8192, "draw") == "8,192 draws"


@pytest.mark.parametrize("char", "\x00\x07\x1b\x7f\x9b\u202e\u2067\ue000")
def test_names_cannot_drive_the_terminal(char: str) -> None:
    assert clean(f"a{char}b") == "a\ufffdb"


def test_a_name_stays_on_its_line_whatever_ends_a_line() -> None:
    assert clean(" a\nb\r\nc\u2028d\x85e  ") == "a b c d e"


def test_dates_name_the_year_only_where_it_is_another() -> None:
    assert day("2025-05-09", "2025") == "9 May"
    assert day("2026-05-09", "2025") == "9 May 2026"
    assert day("unknown") == "unknown"
    assert condition("a_b by 2025-06-30 or not c", "2025") == "a b by 30 Jun or not c"
