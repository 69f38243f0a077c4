"""Chances written in the forms of the language."""

from __future__ import annotations

import numpy as np
from scipy.stats import beta

type Dice = np.random.Generator

PHRASES = ("very unlikely", "unlikely", "roughly even chance", "likely", "very likely")
FORMS = ("beta", "around", "between", "phrase", "phrases", "base rate")


def pick(dice: Dice, options: tuple[str, ...]) -> str:
    """Return one of the options."""
    return options[int(dice.integers(len(options)))]


def written(dice: Dice, forms: tuple[str, ...], worth: tuple[float, float]) -> str:
    """Return a chance in one of the forms.

    Parameters
    ----------
    dice
        What decides.
    forms
        Some of `FORMS`.
    worth
        The least and the greatest a + b of a Beta.
    """
    mean, n = dice.uniform(0.1, 0.9), float(np.exp(dice.uniform(*np.log(worth))))
    a, b = round(mean * n, 3) + 0.001, round((1 - mean) * n, 3) + 0.001
    low, high = (100 * float(q) for q in beta(a, b).ppf([0.05, 0.95]))
    match pick(dice, forms):
        case "around" if n > 3:
            return f"{100 * a / (a + b):.2f}% ({low:.2f}..{high:.2f})"
        case "between" if n > 3:
            return f"{low:.2f}..{high:.2f}%"
        case "phrase":
            return pick(dice, PHRASES)
        case "phrases":
            return f"{PHRASES[1]} to {PHRASES[2]}"
        case "base rate":
            cases = int(dice.integers(2, 15))
            seen = int(dice.integers(0, cases + 1))
            return f"{{successes: {seen}, of: {cases}, discount: {dice.uniform(0.4, 1):.2f}}}"
        case _:
            return f"{{beta: [{a:.3f}, {b:.3f}]}}"


def factor(dice: Dice, spread: float = 0.9) -> str:
    """Return a multiplier of odds with its range."""
    middle, width = float(np.exp(dice.normal(0, spread))), float(np.exp(dice.uniform(0.3, 1.1)))
    return f"x{middle:.3f} ({middle / width:.3f}..{middle * width:.3f})"
