"""What the caller may set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

ERROR_TARGET = 0.005
"""Largest Monte Carlo standard error of a reported probability, by default: half a point."""


def silent(_: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Settings:
    """Settings of an inference.

    Attributes
    ----------
    seed
        The same seed, file and versions give the same bytes.
    draws
        How many draws; by default as many as the error target needs.
    error_target
        Largest Monte Carlo standard error of a reported probability; the ends of intervals may have
        three times as much.
    notice
        Told what takes longer than expected, and why.
    """

    seed: int = 42
    draws: int | None = None
    error_target: float = ERROR_TARGET
    notice: Callable[[str], None] = silent
