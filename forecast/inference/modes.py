"""Where the posterior is high: modes reached from several starts, and components shaped there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from forecast.inference.proposal import WIDER, Component
from forecast.inference.responses import Response, Responses
from forecast.inference.statements import derivatives, log_likelihood

type Array = NDArray[np.float64]

STEPS = 12
"""Newton steps from a start at most; a mode need not be found exactly."""

DECREMENT = 0.05
"""Rise of the log posterior that a further step promises, below which a start has arrived."""

LEAST_STEP = 0.02
"""Share of a Newton step below which a start is left where it is."""


class Modes:
    """Finds modes of ``-|z|^2 / 2 + u_0(z) + sum_j h_j(u_j(z))`` by Gauss-Newton steps.

    Parameters
    ----------
    responses
        The responses of a network, with their slopes.
    """

    def __init__(self, responses: Responses) -> None:
        self._network, self._responses = responses.network, responses

    def search(self, starts: Array) -> tuple[Array, Array]:
        """Climb from every start at once.

        Parameters
        ----------
        starts
            Shape ``(coordinates, starts)``.

        Returns
        -------
        tuple
            Where each start led to, and the log posterior there, minus infinity where no start
            with possible evidence was found.

        References
        ----------
        Nocedal and Wright (2006), Numerical optimization, section 10.3, 10.1007/978-0-387-40065-5.
        """
        here, response = starts.copy(), self._responses(starts)
        height = self._height(here, response)
        steps, share = self._steps(here, response), np.ones(starts.shape[1])
        active = np.isfinite(height) & (steps[1] > DECREMENT)
        for _ in range(STEPS):
            if not active.any():
                break
            moving = np.flatnonzero(active)
            tried = here[:, moving] + share[moving] * steps[0][:, moving]
            found = self._responses(tried)
            reached = self._height(tried, found)
            better = reached > height[moving]
            rose = moving[better]
            here[:, rose], height[rose] = tried[:, better], reached[better]
            kept = Response(found.u[:, better], found.jacobian[..., better])
            step, promised = self._steps(here[:, rose], kept)
            steps[0][:, rose], steps[1][rose] = step, promised
            share[rose] = np.minimum(1.0, 2 * share[rose])
            share[moving[~better]] /= 4
            active = active & (steps[1] > DECREMENT) & (share > LEAST_STEP)
        return here, height

    def touching(self, points: Array) -> list[Component]:
        """Return a component at each point, shaped as the posterior bends there.

        Its precision is ``I + sum_j E[-h_j''] J_j J_j'`` with the slopes at the point.
        """
        if not points.shape[1]:
            return []
        response = self._responses(points)
        _, second = derivatives(self._network, response.u)
        return [
            _component(points[:, i], response.jacobian[..., i], second[:, i])
            for i in range(points.shape[1])
            if np.isfinite(response.u[0, i])
        ]

    def linearised(self, component: Component, normal: Array) -> Component:
        """Improve a component by the slopes that the responses have over its own draws.

        With J and the derivatives of h averaged over draws of the component,

            precision = I + sum_j E[-h_j''] J_j J_j'
            mean += precision^-1 (-mean + sum_j E[h_j'] J_j).

        Parameters
        ----------
        component
            The component.
        normal
            Standard Normals, shape ``(coordinates, draws)``.

        References
        ----------
        Garcia-Fernandez, Svensson, Morelande and Sarkka (2015), 10.1109/TSP.2015.2454485 (posterior
        linearisation); Stein (1981), 10.1214/aos/1176345632 (why mean slopes are those of the
        regression); Cui et al. (2014), 10.1088/0266-5611/30/11/114015 (informed directions).
        """
        z = component.transform(normal, np.full(normal.shape[1], 1 / WIDER))
        response = self._responses(z)
        sound = np.isfinite(response.u[0])
        if not sound.any():
            return component
        first, second = derivatives(self._network, response.u[:, sound])
        jacobian = response.jacobian[..., sound].mean(axis=-1)
        centre = component.centre
        slope = first.mean(axis=1) @ jacobian - centre
        mean = centre + _solved(np.sqrt(second.mean(axis=1))[:, None] * jacobian, slope)
        return _component(mean, jacobian, second.mean(axis=1))

    def _height(self, z: Array, response: Response) -> Array:
        terms = log_likelihood(self._network, response.u[1:]).sum(axis=0)
        with np.errstate(invalid="ignore"):
            out = response.u[0] + terms - 0.5 * (z**2).sum(axis=0)
        return np.where(np.isnan(out), -np.inf, out)

    def _steps(self, z: Array, response: Response) -> tuple[Array, Array]:
        """Return the Gauss-Newton step from each point, and half the rise that it promises."""
        first, second = derivatives(self._network, response.u)
        steps, promised = np.zeros_like(z), np.zeros(z.shape[1])
        for i in np.flatnonzero(np.isfinite(response.u[0])):
            jacobian = response.jacobian[..., i]
            slope = first[:, i] @ jacobian - z[:, i]
            steps[:, i] = _solved(np.sqrt(second[:, i])[:, None] * jacobian, slope)
            promised[i] = 0.5 * slope @ steps[:, i]
        return steps, promised


def distinct(components: Sequence[Component]) -> list[Component]:
    """Return the components, without those that resemble one before."""
    kept: list[Component] = []
    for component in components:
        if not any(component.resembles(other) for other in kept):
            kept.append(component)
    return kept


def _solved(scaled: Array, slope: Array) -> Array:
    """Return ``(I + A' A)^-1 g`` for a wide A, by a system of as many equations as it has rows."""
    inner = np.eye(len(scaled)) + scaled @ scaled.T
    return np.asarray(slope - scaled.T @ np.linalg.solve(inner, scaled @ slope))


def _component(mean: Array, jacobian: Array, second: Array) -> Component:
    scaled = np.sqrt(second)[:, None] * jacobian
    _, spread, rows = np.linalg.svd(np.vstack([scaled, mean[None, :]]), full_matrices=False)
    directions = rows[spread > 1e-3 * max(spread.max(), 1.0)].T
    inside = scaled @ directions
    covariance = np.linalg.inv(np.eye(inside.shape[1]) + inside.T @ inside)
    return Component(directions, directions.T @ mean, WIDER * np.linalg.cholesky(covariance))
