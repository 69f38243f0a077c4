"""How a result follows one judgement: E[P | theta_j = x, all that is known], from the draws.

The chance of a scenario is regressed on the normal score of the judgement over the weighted draws
of the posterior, with a natural cubic spline. What the other judgements do at each value of this
one, they do in the draws already: nothing is solved again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, ndtri

from forecast.inference.quantiles import WeightedDraws
from forecast.model.distributions import Dirichlet
from forecast.model.network import Parameter
from forecast.posterior import Posterior

type Array = NDArray[np.float64]

KNOTS = (0.01, 0.2, 0.4, 0.6, 0.8, 0.99)
"""Levels of the posterior at which the cubic pieces meet; beyond the outer two it is a line."""


def scores(name: str, parameter: Parameter, posterior: Posterior) -> list[Array]:
    """Return the normal score Phi^-1(F(theta)) of each component of a parameter, ``(draws,)``.

    Parameters
    ----------
    name, parameter
        The parameter.
    posterior
        From the exact engine, whose coordinates are what scores are made of.
    """
    if isinstance(parameter.distribution, Dirichlet):
        alpha = parameter.distribution.alpha
        total = sum(alpha)
        cut = 1e-12
        return [
            np.asarray(ndtri(np.clip(betainc(a, total - a, share), cut, 1 - cut)))
            for a, share in zip(alpha, posterior.parameters[name], strict=True)
        ]
    own = posterior.normals[name]
    lean = parameter.lean
    if lean is None:
        return [own]
    shared = lean.direction * lean.rho * posterior.leans[lean.expert]
    return [np.sqrt(1 - lean.rho**2) * own + shared]


@dataclass(frozen=True)
class Curve:
    """E[chance | score = x] for several chances, as linear functions of the draws.

    Attributes
    ----------
    knots
        Where the cubic pieces meet.
    coefficients
        Shape ``(functions, chances)``.
    influence
        Shape ``(functions, draws)``: what each draw adds to each coefficient.
    residuals
        Chances less the curve, shape ``(draws, chances)``.
    """

    knots: Array
    coefficients: Array
    influence: Array
    residuals: Array

    def at(self, points: Sequence[float] | Array) -> Array:
        """Return the curves at some scores, shape ``(points, chances)``."""
        return np.asarray(spline(np.asarray(points, dtype=float), self.knots) @ self.coefficients)

    def errors(self, weights: Array) -> Array:
        """Return the Monte Carlo error of a weighted sum over points, ``(chances,)``.

        Parameters
        ----------
        weights
            From `contrast`: the value of each function at the points, shape ``(functions,)``.

        Notes
        -----
        The sandwich estimate of weighted least squares: sum over draws of (influence times
        residual) squared (White 1980, 10.2307/1912934).
        """
        each = (weights @ self.influence)[:, None] * self.residuals
        return np.asarray(np.sqrt((each**2).sum(axis=0)))

    def contrast(self, high: float, low: float | None = None) -> Array:
        """Return the functions at one score, less those at another."""
        points = [high] if low is None else [high, low]
        values = spline(np.array(points, dtype=float), self.knots)
        return np.asarray(values[0] if low is None else values[0] - values[1])


def curve(score: Array, chances: Array, weights: Array) -> Curve:
    """Fit a curve.

    Parameters
    ----------
    score
        Shape ``(draws,)``.
    chances
        Shape ``(draws, chances)``.
    weights
        Shape ``(draws,)``; they sum to one.
    """
    knots = np.unique(WeightedDraws(score, weights).quantiles(KNOTS))
    design = spline(score, knots)
    weighted = (design * weights[:, None]).T
    gram = weighted @ design
    influence = np.linalg.solve(gram + 1e-12 * np.eye(len(gram)), weighted)
    coefficients = influence @ chances
    return Curve(knots, coefficients, influence, chances - design @ coefficients)


def spline(x: Array, knots: Array) -> Array:
    """Return the functions of a natural cubic spline, shape ``(points, functions)``.

    1, x, and d_k - d_{K-1} with d_k = ((x - t_k)^3_+ - (x - t_K)^3_+) / (t_K - t_k) (Hastie,
    Tibshirani and Friedman 2009, The Elements of Statistical Learning, 5.2.1).

    >>> spline(np.array([-5.0, 5.0]), np.array([-1.0, 0.0, 1.0]))[:, :2].tolist()
    [[1.0, -5.0], [1.0, 5.0]]
    """
    columns = [np.ones_like(x), x]
    if len(knots) > 2:
        last = np.maximum(x - knots[-1], 0) ** 3
        bent = [(np.maximum(x - t, 0) ** 3 - last) / (knots[-1] - t) for t in knots[:-1]]
        columns += [(d - bent[-1]) / math.pow(knots[-1] - knots[0], 2) for d in bent[:-1]]
    return np.stack(columns, axis=1)
