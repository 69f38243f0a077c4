"""Warnings where three numbers fit no curve of a family."""

from __future__ import annotations

import pytest
from modelling import spec_of


def warned(question: str) -> list[tuple[str, str]]:
    spec = spec_of(f"questions:\n  n: {{{question}}}")
    return [(fault.text, fault.fix) for fault in spec.warnings if fault.code == "misfit"]


def test_a_skewed_normal_is_told_of_and_a_better_family_named() -> None:
    """Normal with median 10 and 90 % as wide as 2..60: sd = 58 / 3.29, 32.5 % lie below 2."""
    ((text, fix),) = warned("type: quantity, bounds: -50..200, amount: 10 (2..60)")
    assert text == "no normal curve has these quantiles: the nearest has 32.5 % up to 2, not 5 %"
    assert fix.startswith("family: ")


def test_the_family_that_is_named_misses_less() -> None:
    ((_, fix),) = warned("type: quantity, bounds: 0..200, amount: 10 (2..60)")
    family = fix.split()[1].removesuffix(",")
    skewed = f"{{family: {family}, quantiles: {{5%: 2, 50%: 10, 95%: 60}}}}"
    assert warned(f"type: quantity, bounds: 0..200, amount: {skewed}") == []


@pytest.mark.parametrize(
    "question",
    [
        "type: quantity, amount: 1200 (350..3500)",
        "type: quantity, amount: {quantiles: {5%: 350, 95%: 3500}}",
        "type: count, bounds: 0..169, amount: 80 (70..90)",
        "type: quantity, amount: {roulette: {0..5: 3, 5..30: 4}}",
        "type: count, rate: 2 a month",
    ],
)
def test_what_fits_is_not_told_of(question: str) -> None:
    assert warned(question) == []
