"""Where to draw from: the prior, or Gaussians that already lean towards what is known."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

type Array = NDArray[np.float64]

DEFENSIVE = 0.1
"""Share of draws that come from the prior, so that no weight exceeds ten times the likelihood."""

TAILS = 10.0
"""Degrees of freedom of the Student-t that replaces the Gaussian: heavier tails than any target."""

WIDER = 1.15
"""Factor on the standard deviations of the fit."""


CLOSE = 1.0
"""Distance of two centres, in standard deviations, below which they are one mode."""


def student_scale(stream: np.random.Generator, draws: int) -> Array:
    """Return the factors that make Normals a Student-t: sqrt(nu / chi^2_nu)."""
    return np.asarray(np.sqrt(TAILS / stream.chisquare(TAILS, draws)))


@dataclass(frozen=True)
class Component:
    """A Student-t in the directions that the data inform, the prior in all others.

    Attributes
    ----------
    directions
        Orthonormal columns that span the informed directions, shape ``(coordinates, k)``.
    mean
        Centre in these directions, shape ``(k,)``.
    factor
        Lower Cholesky factor of the scale matrix, shape ``(k, k)``.
    """

    directions: Array
    mean: Array
    factor: Array

    @property
    def centre(self) -> Array:
        """Its mean in all coordinates."""
        return np.asarray(self.directions @ self.mean)

    def transform(self, normal: Array, scale: Array) -> Array:
        """Turn standard Normals into draws of the component, given the Student-t's scale."""
        along = self.directions.T @ normal
        moved = self.mean[:, None] + self.factor @ along * scale
        return np.asarray(normal + self.directions @ (moved - along))

    def log_ratio(self, z: Array) -> Array:
        """Return log(density / prior density), shape ``(draws,)``."""
        k = len(self.mean)
        along = self.directions.T @ z
        whitened = np.linalg.solve(self.factor, along - self.mean[:, None])
        log_t = (
            gammaln((TAILS + k) / 2)
            - gammaln(TAILS / 2)
            - k / 2 * math.log(TAILS * math.pi)
            - np.log(np.diag(self.factor)).sum()
            - (TAILS + k) / 2 * np.log1p((whitened**2).sum(axis=0) / TAILS)
        )
        return np.asarray(log_t + 0.5 * (along**2).sum(axis=0) + k / 2 * math.log(2 * math.pi))

    def within(self, basis: Array) -> Component:
        """Return the same component in more directions: in those added it is as the prior.

        Parameters
        ----------
        basis
            Orthonormal columns that span its directions and others.
        """
        inner = basis.T @ self.directions
        covariance = np.eye(basis.shape[1]) - inner @ inner.T
        covariance += inner @ self.factor @ self.factor.T @ inner.T
        covariance = (covariance + covariance.T) / 2
        return Component(basis, inner @ self.mean, np.linalg.cholesky(covariance))

    def resembles(self, other: Component) -> bool:
        """Whether the two centres are so close that one component serves for both.

        Within `CLOSE` standard deviations of the other, along its directions and across them.
        """
        apart = self.centre - other.centre
        along = other.directions.T @ apart
        across = apart - other.directions @ along
        whitened = np.linalg.solve(other.factor, along)
        return bool(whitened @ whitened + across @ across < CLOSE**2)


@dataclass(frozen=True)
class Proposal:
    """A mixture of components with the prior; with no component it is the prior.

    Attributes
    ----------
    components, shares
        One component for each mode that was found, and its share of the draws that do not come
        from the prior.
    """

    components: tuple[Component, ...] = ()
    shares: tuple[float, ...] = ()

    @property
    def is_prior(self) -> bool:
        """Whether this is the prior."""
        return not self.components

    def transform(self, normal: Array, stream: np.random.Generator) -> Array:
        """Turn standard Normals into draws of the proposal, shape ``(coordinates, draws)``.

        Parameters
        ----------
        normal
            Standard Normals, shape ``(coordinates, draws)``.
        stream
            Decides which component each draw comes from, and the Student-t's scale.
        """
        if self.is_prior:
            return normal
        draws = normal.shape[1]
        ends = np.cumsum([DEFENSIVE, *((1 - DEFENSIVE) * share for share in self.shares)])
        chosen = np.searchsorted(ends, stream.random(draws) * ends[-1], side="right")
        scale = student_scale(stream, draws)
        out = normal.copy()
        for i, component in enumerate(self.components, start=1):
            own = chosen == i
            out[:, own] = component.transform(normal[:, own], scale[own])
        return out

    def log_ratio(self, z: Array) -> Array:
        """Return log(prior density / proposal density), shape ``(draws,)``."""
        if self.is_prior:
            return np.zeros(z.shape[1])
        logs = np.full(z.shape[1], math.log(DEFENSIVE))
        for share, component in zip(self.shares, self.components, strict=True):
            part = math.log((1 - DEFENSIVE) * share) + component.log_ratio(z)
            logs = np.logaddexp(logs, part)
        return np.asarray(-logs)
