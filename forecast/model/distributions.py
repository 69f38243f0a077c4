"""The distributions that a judgement may become."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Beta:
    """A chance: density proportional to ``p^(a-1) (1-p)^(b-1)``."""

    a: float
    b: float

    @property
    def mean(self) -> float:
        """``a / (a + b)``."""
        return self.a / (self.a + self.b)

    @property
    def variance(self) -> float:
        """``m (1 - m) / (a + b + 1)``."""
        return self.mean * (1 - self.mean) / (self.a + self.b + 1)


@dataclass(frozen=True, slots=True)
class Gamma:
    """A rate a day: mean ``shape / rate``."""

    shape: float
    rate: float


@dataclass(frozen=True, slots=True)
class LogNormal:
    """An odds multiplier: ``log m ~ Normal(mu, sd)``."""

    mu: float
    sd: float


@dataclass(frozen=True, slots=True)
class Dirichlet:
    """Shares that sum to one; all ``alpha`` above zero."""

    alpha: tuple[float, ...]


type Distribution = Beta | Gamma | LogNormal | Dirichlet
