"""Formulas that share their parts: hashing one looks at each part once."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from forecast.model.formula import Complement, Const, Formula, Product, Value


def doubled(times: int) -> Formula:
    """Return a formula of so many levels, each made of the one below twice: 2^n leaves as a tree."""
    formula: Formula = Product((Value("x"), Const(0.5)))
    for _ in range(times):
        formula = Product((formula, Complement(formula)))
    return formula


def test_equal_formulas_are_one_key() -> None:
    one, two = doubled(6), doubled(6)
    assert one is not two
    assert {one: 1}[two] == 1
    assert hash(doubled(6)) != hash(doubled(5))


def test_hashing_takes_each_part_once() -> None:
    """As a tree this would be 2^60 parts: the test would not end."""
    assert isinstance(hash(doubled(60)), int)


def test_they_stay_frozen() -> None:
    formula = Complement(Value("x"))
    hash(formula)
    with pytest.raises(FrozenInstanceError):
        formula.of = Const(1.0)  # type: ignore[misc]
