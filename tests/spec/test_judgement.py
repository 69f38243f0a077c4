"""Judgements: how numbers and words are written, and what becomes of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError
from scipy import stats
from scipy.special import polygamma

from forecast.model import elicitation
from forecast.model.distributions import Beta
from forecast.spec.judgement import BetaShape, Claim, EventRate, Frequency, Judgement, ReadAs
from forecast.spec.lexicon import load_lexicon
from forecast.spec.notation import (
    Band,
    Multiplier,
    Phrase,
    Point,
    Reference,
    read_chance,
    read_duration,
    read_multiplier,
    read_number,
)
from forecast.spec.problem import told

CHANCES: dict[str, object] = {
    "70% (55..85)": Point(0.7, 0.55, 0.85),
    "70 % (55 .. 85)": Point(0.7, 0.55, 0.85),
    "70%(55..85)": Point(0.7, 0.55, 0.85),
    "70% (55%..85%)": Point(0.7, 0.55, 0.85),
    "70.5% (55.25..85)": Point(0.705, 0.5525, 0.85),
    " 70% (55..85) ": Point(0.7, 0.55, 0.85),
    "0.7 (0.55..0.85)": Point(0.7, 0.55, 0.85),
    "0.7(0.55..0.85)": Point(0.7, 0.55, 0.85),
    "2% (0..5)": Point(0.02, 0, 0.05),
    "98% (90..100)": Point(0.98, 0.9, 1.0),
    "70%": Point(0.7),
    "0.7": Point(0.7),
    "0%": Point(0.0),
    "100%": Point(1.0),
    "0": Point(0.0),
    "1": Point(1.0),
    "certain": Point(1.0),
    "impossible": Point(0.0),
    "30..60%": Band(0.3, 0.6),
    "30 .. 60 %": Band(0.3, 0.6),
    "30%..60%": Band(0.3, 0.6),
    "0.3..0.6": Band(0.3, 0.6),
    "0.5..1.5%": Band(0.005, 0.015),
    "likely": Phrase("likely"),
    "we believe": Phrase("we believe"),
    "better-than-even": Phrase("better-than-even"),
    "can't say": Phrase("can't say"),
    "unlikely to even": Phrase("unlikely", "even"),
    "very unlikely to about even": Phrase("very unlikely", "about even"),
    "doo.trip": Reference("doo", "trip"),
    "own.big-trip_2": Reference("own", "big-trip_2"),
}

NO_CHANCES: list[tuple[str, str, str]] = [
    ("75", "did you mean 75% (low..high)?", "probability-range"),
    ("75 (55..90)", "did you mean 75% (55..90)?", "probability-range"),
    ("0.7 (55..85)", "did you mean 70% (55..85)?", "probability-range"),
    ("0.7 (0..1.5)", "did you mean 0.7% (0..1.5)?", "probability-range"),
    ("100.5%", "a probability lies between 0 and 1", "probability-range"),
    ("1.5", "did you mean 1.5% (low..high)?", "probability-range"),
    ("750", "a probability lies between 0 and 1", "probability-range"),
    ("-0.2", "a probability lies between 0 and 1", "probability-range"),
    ("70% (55..101)", "a probability lies between 0 and 1", "probability-range"),
    ("70% (-5..85)", "a probability lies between 0 and 1", "probability-range"),
    ("9" * 190 + "%", "a probability lies between 0 and 1", "probability-range"),
    ("70% (70..85)", "the number must lie inside its range", "range-order"),
    ("70% (85..55)", "the number must lie inside its range", "range-order"),
    ("70% (0.55..0.85)", "the number must lie inside its range", "range-order"),
    ("50% (0..100)", "says nothing", "range-too-wide"),
    ("0.5 (0..1)", "says nothing", "range-too-wide"),
    ("60..30%", "runs upward", "range-order"),
    ("30..30%", "runs upward", "range-order"),
    ("0..30%", "stays inside 0% and 100%", "range-order"),
    ("30..100%", "stays inside 0% and 100%", "range-order"),
    ("-5..20", "stays inside 0% and 100%", "range-order"),
    ("30..60", "did you mean 30..60%?", "probability-range"),
    ("x2 (1.2..3.5)", "multiplies odds", "value"),
    ("(55..85)", "is no chance", "value"),
    ("70% (55-85)", "is no chance", "value"),
    ("70% (55..85", "is no chance", "value"),
    ("70% 55..85", "is no chance", "value"),
    ("70%%", "is no chance", "value"),
    ("70,5%", "is no chance", "value"),
    (".7", "is no chance", "value"),
    ("1e-3", "is no chance", "value"),
    ("٧٠%", "is no chance", "value"),
    ("", "is no chance", "value"),
    ("likely?", "is no chance", "value"),
    ("a.b.c", "is no chance", "value"),
    ("doo. trip", "is no chance", "value"),
    ("x" * 100_000, "is no chance", "value"),
    ("70% (55" + " " * 100_000, "is no chance", "value"),
    ("0.4 (0.2..0.7) a month", "is a rate; a chance stands here", "value"),
]

MULTIPLIERS: dict[str, object] = {
    "x2 (1.2..3.5)": Multiplier(2, 1.2, 3.5),
    "x 2(1.2 .. 3.5)": Multiplier(2, 1.2, 3.5),
    "×2": Multiplier(2),
    "x0.5": Multiplier(0.5),
    "x1.4 (0.8..2.5)": Multiplier(1.4, 0.8, 2.5),
    "doo.chip": Reference("doo", "chip"),
}

NO_MULTIPLIERS: list[tuple[str, str, str]] = [
    ("2", "is no odds multiplier", "value"),
    ("x", "is no odds multiplier", "value"),
    ("x-2", "a multiplier is above zero", "range-order"),
    ("x0", "a multiplier is above zero", "range-order"),
    ("x2 (0..3)", "a multiplier is above zero", "range-order"),
    ("x2 (2..3)", "must lie inside its range", "range-order"),
    ("x2 (3..1)", "must lie inside its range", "range-order"),
    ("x" + "9" * 190, "to a million", "range-order"),
    ("x" + "9" * 999, "is no odds multiplier", "value"),
    ("likely", "is no odds multiplier", "value"),
    ("slightly up", "is no odds multiplier", "value"),
    ("very strongly down", "is no odds multiplier", "value"),
]


@pytest.mark.parametrize("text", CHANCES)
def test_chances(text: str) -> None:
    assert read_chance(text) == CHANCES[text]


@pytest.mark.parametrize("text", MULTIPLIERS)
def test_multipliers(text: str) -> None:
    assert read_multiplier(text) == MULTIPLIERS[text]


def refusal(read: Callable[[str], object], text: str) -> tuple[str, str]:
    """Return code and text of what a reader says about a text that it refuses."""
    with pytest.raises(PydanticCustomError) as caught:
        read(text)
    code, said, _ = told(caught.value)
    assert len(said) < 400
    return code, said


@pytest.mark.parametrize(("text", "said", "code"), NO_CHANCES, ids=lambda x: x[:40])
def test_what_is_no_chance(text: str, said: str, code: str) -> None:
    found, message = refusal(read_chance, text)
    assert (found, said in message) == (code, True), message


@pytest.mark.parametrize(("text", "said", "code"), NO_MULTIPLIERS, ids=lambda x: x[:40])
def test_what_is_no_multiplier(text: str, said: str, code: str) -> None:
    found, message = refusal(read_multiplier, text)
    assert (found, said in message) == (code, True), message


def test_durations_and_numbers() -> None:
    days = {
        "1 day": 1,
        "10 days": 10,
        "3 weeks": 21,
        "1 month": 30.4375,
        "44months": 1339.25,
        "2 years": 730.5,
        "0.5 day": 0.5,
    }
    assert {text: read_duration(text) for text in days} == days
    for text in (
        "",
        "3",
        "months",
        "3 moons",
        "0 days",
        "-3 days",
        "9999999 years",
        "3 days 4",
        "3" * 300 + " days",
    ):
        assert refusal(read_duration, text)[1].endswith("is no length of time")
    assert [read_number(text) for text in ("3", "-0.5", "1e3", "1.5E-2", " 7 ")] == [
        3,
        -0.5,
        1000,
        0.015,
        7,
    ]
    for text in ("", "x", "1,5", "1e999", "9" * 400, "inf", "nan", "0x10", "٣", "1_000"):
        refusal(read_number, text)


# ------------------------------------------------------------------- the forms of a file

judgements: TypeAdapter[Any] = TypeAdapter(Judgement)
claims: TypeAdapter[Any] = TypeAdapter(Claim)

BETA, RATE = {"beta": ["4.5", "163"]}, {"events": "9", "in": "20 days", "discount": "0.5"}
COUNTED = {"successes": "3", "of": "9", "discount": "0.7"}

FORMS: list[tuple[TypeAdapter[Any], object, object]] = [
    (judgements, "likely", Phrase("likely")),
    (judgements, BETA, BetaShape(beta=("4.5", "163"))),
    (judgements, COUNTED, Frequency(successes="3", of="9", discount="0.7")),
    (judgements, {"successes": "0", "of": "0"}, Frequency(successes="0", of="0")),
    (judgements, {"read_as": "doo.trip", "widen": "2"}, ReadAs(read_as="doo.trip", widen="2")),
    (judgements, {"read_as": {"read_as": "70%"}}, ReadAs(read_as={"read_as": "70%"})),
    (claims, "likely", Phrase("likely")),
    (claims, "x2 (1..4)", Multiplier(2, 1, 4)),
    (claims, RATE, EventRate.model_validate(RATE)),
    (claims, COUNTED, Frequency(successes="3", of="9", discount="0.7")),
]


@pytest.mark.parametrize(("adapter", "given", "expected"), FORMS, ids=lambda value: str(value)[:40])
def test_forms(adapter: TypeAdapter[Any], given: object, expected: object) -> None:
    assert adapter.validate_python(given) == expected


def test_values_of_the_forms() -> None:
    assert EventRate.model_validate(RATE).within == 20
    assert judgements.validate_python(BETA).beta == (4.5, 163.0)
    assert judgements.validate_python(COUNTED).discount == 0.7


@pytest.mark.parametrize(
    "given",
    ["x2", "", [], {}, {"beta": "1"}, {"beta": ["1", "-1"]}, {"beta": ["1", "x"]}, {"read_as": "75"}, RATE,
     {"successes": "4", "of": "3"}, {**COUNTED, "discount": "0"}, {**COUNTED, "note": "x"}, {"of": "3"}],
    ids=str,
)  # fmt: skip
def test_what_is_no_judgement(given: object) -> None:
    with pytest.raises(ValidationError):
        judgements.validate_python(given)


# ------------------------------------------------------------------- what becomes of them

LEXICON = load_lexicon("icd203")


def width(beta: Beta) -> float:
    """Return the width of the central 90 %, by SciPy's own quantiles."""
    low, high = stats.beta.ppf([0.05, 0.95], beta.a, beta.b)
    return float(high - low)


def logit_sd(beta: Beta) -> float:
    return math.sqrt(polygamma(1, beta.a) + polygamma(1, beta.b))


def has_a_beta(mean: float, wanted: float) -> bool:
    """Whether some Beta of this mean has a central 90 % this wide, by trying many."""
    sizes = (10 ** (k / 20) for k in range(-40, 120))
    return any(width(Beta(mean * n, (1 - mean) * n)) >= wanted for n in sizes)


@settings(max_examples=150, deadline=None)
@given(st.floats(0.001, 0.999), st.floats(0, 1), st.floats(0, 1))
def test_points_keep_mean_and_width_or_are_refused(mean: float, below: float, above: float) -> None:
    """Mean and width as written, or no Beta has them."""
    low, high = round(mean * below, 6), round(mean + (1 - mean) * above, 6)
    mean = round(mean, 6)
    assume(mean - low > 1e-5 and high - mean > 1e-5 and (low, high) != (0, 1))
    point = read_chance(f"{mean:f} ({low:f}..{high:f})")
    assert point == Point(mean, low, high)
    try:
        beta = elicitation.chance(point, LEXICON)
    except PydanticCustomError as error:
        code, text, fix = told(error)
        assert (code, bool(text), bool(fix)) == ("range-too-wide", True, True)
        assert not has_a_beta(mean, high - low + 1e-6)
    else:
        assert isinstance(beta, Beta)
        assert beta.a / (beta.a + beta.b) == pytest.approx(mean, abs=1e-9)
        assert width(beta) == pytest.approx(high - low, abs=1e-8)


@settings(max_examples=100, deadline=None)
@given(st.floats(0.01, 0.98), st.floats(0.01, 0.98))
def test_bands_are_the_central_ninety_percent(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assume(high - low > 0.005)
    beta = elicitation.chance(Band(low, high), LEXICON)
    assert isinstance(beta, Beta)
    assert stats.beta.cdf([low, high], beta.a, beta.b) == pytest.approx([0.05, 0.95], abs=1e-7)


@settings(max_examples=100, deadline=None)
@given(st.floats(0.3, 200), st.floats(0.3, 200), st.floats(0.2, 5))
def test_widened_keeps_the_mean(a: float, b: float, factor: float) -> None:
    before = Beta(a, b)
    after = elicitation.widened(before, factor)
    assert after.mean == pytest.approx(before.mean, abs=1e-12)
    assert logit_sd(after) == pytest.approx(factor * logit_sd(before), rel=1e-9)


def test_widen_multiplies_along_the_way() -> None:
    inner = ReadAs(read_as="likely", widen="1.5")
    outer = ReadAs(read_as={"read_as": "likely", "widen": "1.5"}, widen="2")
    plain, one, two = (elicitation.chance(j, LEXICON) for j in (Phrase("likely"), inner, outer))
    assert isinstance(plain, Beta)
    assert isinstance(one, Beta)
    assert isinstance(two, Beta)
    assert logit_sd(one) == pytest.approx(1.5 * logit_sd(plain), rel=1e-9)
    assert logit_sd(two) == pytest.approx(3 * logit_sd(plain), rel=1e-9)


def test_a_span_lies_between_its_ends_and_is_wider() -> None:
    unlikely, even, span = (
        elicitation.chance(read_chance(text), LEXICON)
        for text in ("unlikely", "even", "unlikely to even")
    )
    assert isinstance(unlikely, Beta)
    assert isinstance(even, Beta)
    assert isinstance(span, Beta)
    assert span.mean == pytest.approx((unlikely.mean + even.mean) / 2, abs=1e-12)
    mixture = (stats.beta.var(unlikely.a, unlikely.b) + stats.beta.var(even.a, even.b)) / 2
    mixture += ((unlikely.mean - even.mean) / 2) ** 2
    assert stats.beta.var(span.a, span.b) == pytest.approx(mixture, rel=1e-9)
