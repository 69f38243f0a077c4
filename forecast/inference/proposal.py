"""Where to draw from: the prior, or a Gaussian that already leans towards what is known."""

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


@dataclass(frozen=True)
class Proposal:
    """A Student-t in the directions that the data inform, the prior in all others.

    A mixture with the prior itself; with no direction at all it is the prior.

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
    def is_prior(self) -> bool:
        """Whether this is the prior."""
        return len(self.mean) == 0

    def transform(self, normal: Array, stream: np.random.Generator) -> Array:
        """Turn standard Normals into draws of the proposal, shape ``(coordinates, draws)``.

        Parameters
        ----------
        normal
            Standard Normals, shape ``(coordinates, draws)``.
        stream
            Decides which draws stay with the prior, and the Student-t's scale.
        """
        if self.is_prior:
            return normal
        draws = normal.shape[1]
        stays = stream.random(draws) < DEFENSIVE
        scale = np.sqrt(TAILS / stream.chisquare(TAILS, draws))
        along = self.directions.T @ normal
        moved = self.mean[:, None] + self.factor @ along * scale
        return np.asarray(normal + self.directions @ np.where(stays, 0.0, moved - along))

    def log_ratio(self, z: Array) -> Array:
        """Return log(prior density / proposal density), shape ``(draws,)``."""
        if self.is_prior:
            return np.zeros(z.shape[1])
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
        log_prior = -0.5 * (along**2).sum(axis=0) - k / 2 * math.log(2 * math.pi)
        ratio = log_t - log_prior
        out: Array = -np.logaddexp(math.log(DEFENSIVE), math.log1p(-DEFENSIVE) + ratio)
        return out


def prior(coordinates: int) -> Proposal:
    """Return the prior as a proposal."""
    return Proposal(np.empty((coordinates, 0)), np.empty(0), np.empty((0, 0)))


@dataclass(frozen=True)
class Gaussian:
    """An approximation of the posterior of z: mean and covariance."""

    mean: Array
    covariance: Array

    def draw(self, normal: Array) -> Array:
        """Turn standard Normals into draws."""
        return np.asarray(self.mean[:, None] + np.linalg.cholesky(self.covariance) @ normal)


def linearised(
    gaussian: Gaussian, z: Array, responses: Array, first: Array, second: Array
) -> tuple[Gaussian, Proposal]:
    """Improve a Gaussian approximation by linearising the responses over its own draws.

    The log likelihood is h_0(u_0) + sum h_j(u_j) with responses u(z), u_0 = log P(evidence) and
    h_0 the identity. Regressing u on draws z of the current Gaussian gives slopes J; then

        precision = I + sum_j E[-h_j''] J_j J_j'
        mean += precision^-1 (-mean + sum_j E[h_j'] J_j).

    Parameters
    ----------
    gaussian, z
        The current approximation and draws from it, shape ``(coordinates, draws)``.
    responses
        u, shape ``(1 + statements, draws)``.
    first, second
        E[h'] and E[-h''], shape ``(1 + statements,)``.

    References
    ----------
    Garcia-Fernandez, Svensson, Morelande and Sarkka (2015), 10.1109/TSP.2015.2454485 (posterior
    linearisation); Cui et al. (2014), 10.1088/0266-5611/30/11/114015 (informed directions).
    """
    design = np.vstack([np.ones(z.shape[1]), z - gaussian.mean[:, None]])
    fitted = np.linalg.solve(design @ design.T + 1e-6 * np.eye(len(design)), design @ responses.T)
    jacobian = fitted[1:].T
    scaled = np.sqrt(second)[:, None] * jacobian
    precision = np.eye(len(z)) + scaled.T @ scaled
    covariance = np.linalg.inv(precision)
    mean = gaussian.mean + covariance @ (first @ jacobian - gaussian.mean)
    covariance = (covariance + covariance.T) / 2
    _, spread, rows = np.linalg.svd(np.vstack([scaled, mean[None, :]]), full_matrices=False)
    directions = rows[spread > 1e-3 * max(spread.max(), 1.0)].T
    inside = directions.T @ covariance @ directions
    factor = WIDER * np.linalg.cholesky(inside)
    return Gaussian(mean, covariance), Proposal(directions, directions.T @ mean, factor)
