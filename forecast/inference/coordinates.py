"""Parameters as functions of independent standard Normals: z -> theta through each prior's CDF.

Inverse CDFs are tabulated once and interpolated by cubic Hermite polynomials, chances on the logit
scale and rates on the log scale (error below 1e-6 for |z| < 6, and 1e-4 where a prior piles up at
both ends; a direct call takes 2.8 microseconds).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, expit, gammainccinv, gammaincinv, ndtr

from forecast.model.distributions import Beta, Dirichlet, Gamma, LogNormal
from forecast.model.network import Lean, Network

type Array = NDArray[np.float64]

REACH, NODES = 7.5, 257

FAR = 7.0
"""Standard deviations from its median at which a parameter is out of all reason."""


class Coordinates:
    """The standard Normals behind the parameters of a network, and the way back.

    Coordinates are the parameters in order (a Dirichlet of k states has k - 1, one for each break
    of the stick), then one lean b for each expert.

    Parameters
    ----------
    network
        The network.

    Attributes
    ----------
    names
        What each coordinate belongs to; random streams are keyed by these names.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._spans: dict[str, slice] = {}
        self._experts = network.experts
        names: list[str] = []
        beta: list[tuple[int, float, float]] = []
        gamma: list[tuple[int, float, float]] = []
        normal: list[tuple[int, float, float]] = []
        for name, parameter in network.parameters.items():
            start = len(names)
            match parameter.distribution:
                case Beta(a, b):
                    beta.append((start, a, b))
                    names.append(name)
                case Gamma(shape, rate):
                    gamma.append((start, shape, rate))
                    names.append(name)
                case LogNormal(mu, sd):
                    normal.append((start, mu, sd))
                    names.append(name)
                case Dirichlet(alpha):
                    for k in range(len(alpha) - 1):
                        beta.append((start + k, alpha[k], sum(alpha[k + 1 :])))
                        names.append(f"{name}#{k}")
            self._spans[name] = slice(start, len(names))
        self._lean_rows = {expert: len(names) + i for i, expert in enumerate(self._experts)}
        names += [f"experts.{expert}.lean" for expert in self._experts]
        self.names = tuple(names)
        self._beta = _Interpolated(
            [row for row, _, _ in beta], _beta_logits([ab for _, *ab in beta])
        )
        self._gamma = _Interpolated(
            [row for row, _, _ in gamma], _gamma_logs([sr for _, *sr in gamma])
        )
        self._normal = np.array(normal, dtype=float).reshape(-1, 3)
        self._leaning: list[tuple[int, Lean]] = [
            (self._spans[name].start, parameter.lean)
            for name, parameter in network.parameters.items()
            if parameter.lean is not None
        ]

    def __len__(self) -> int:
        return len(self.names)

    def draw(self, streams: Sequence[np.random.Generator], draws: int) -> Array:
        """Return standard Normals, one row from each stream, shape ``(coordinates, draws)``."""
        return np.array([stream.standard_normal(draws) for stream in streams]).reshape(
            len(self), draws
        )

    def lean(self, expert: str, z: Array) -> Array:
        """Return the lean b of an expert."""
        return np.asarray(z[self._lean_rows[expert]])

    def parameters(self, z: Array) -> dict[str, Array]:
        """Return the parameters, ``(draws,)`` each, or ``(components, draws)`` for shares."""
        natural = self._natural(self._own(z))
        out: dict[str, Array] = {}
        for name, span in self._spans.items():
            dirichlet = isinstance(self._network.parameters[name].distribution, Dirichlet)
            out[name] = _sticks(natural[span]) if dirichlet else natural[span.start]
        return out

    def pulled(self, z: Array, slopes: Mapping[str, Array]) -> Array:
        """Pull slopes in the parameters back to the coordinates.

        Parameters
        ----------
        z
            Coordinates, shape ``(coordinates, draws)``.
        slopes
            Parameter -> slopes of several responses in it, shape ``(responses, draws)``, or
            ``(components, responses, draws)`` for shares.

        Returns
        -------
        Array
            Shape ``(responses, coordinates, draws)``.
        """
        own = self._own(z)
        natural = self._natural(own)
        responses = next(iter(slopes.values())).shape[-2]
        out = np.zeros((responses, *z.shape))
        for name, slope in slopes.items():
            span = self._spans[name]
            if isinstance(self._network.parameters[name].distribution, Dirichlet):
                slope = _pulled_sticks(natural[span], slope)
                out[:, span] = slope.swapaxes(0, 1)
            else:
                out[:, span.start] = slope
        out *= self._natural_slopes(own, natural)
        for row, lean in self._leaning:
            out[:, self._lean_rows[lean.expert]] += lean.direction * lean.rho * out[:, row]
            out[:, row] *= np.sqrt(1 - lean.rho**2)
        return out

    def far_out(self, z: Array, weights: Array) -> dict[str, float]:
        """Return how much of the posterior has a parameter more than `FAR` sd from its median.

        There the tables of quantiles come to their ends, and so does what a prior can mean.
        """
        shares = (np.abs(self._own(z)) > FAR) @ weights
        return {n: float(s) for n, s in zip(self.names, shares, strict=True) if s > 0}

    def lean_row(self, expert: str) -> int:
        """Return which coordinate is the lean of an expert."""
        return self._lean_rows[expert]

    def _own(self, z: Array) -> Array:
        """Return z with the leans of the experts mixed in."""
        if not self._leaning:
            return z
        own = z.copy()
        for row, lean in self._leaning:
            shared = lean.direction * lean.rho * z[self._lean_rows[lean.expert]]
            own[row] = np.sqrt(1 - lean.rho**2) * z[row] + shared
        return own

    def _natural(self, own: Array) -> Array:
        """Return chances, rates, multipliers and breaks of sticks."""
        natural = np.empty_like(own)
        if self._beta.rows.size:
            natural[self._beta.rows] = expit(self._beta(own))
        if self._gamma.rows.size:
            natural[self._gamma.rows] = np.exp(self._gamma(own))
        if self._normal.size:
            rows = self._normal[:, 0].astype(int)
            natural[rows] = np.exp(self._normal[:, 1:2] + self._normal[:, 2:3] * own[rows])
        return natural

    def _natural_slopes(self, own: Array, natural: Array) -> Array:
        """Return the slope of `_natural` in z; zero for the leans, which are no parameters."""
        slopes = np.zeros_like(own)
        if (rows := self._beta.rows).size:
            slopes[rows] = natural[rows] * (1 - natural[rows]) * self._beta.slope(own)
        if (rows := self._gamma.rows).size:
            slopes[rows] = natural[rows] * self._gamma.slope(own)
        if self._normal.size:
            rows = self._normal[:, 0].astype(int)
            slopes[rows] = natural[rows] * self._normal[:, 2:3]
        return slopes


def streams(names: Sequence[str], *seed: int) -> list[np.random.Generator]:
    """Return one random stream for each name, the same wherever that name occurs.

    So that variants of a file, and files that share a source, can be compared draw by draw.

    >>> a, b = streams(["doo.trip", "own.x"], 42)
    >>> c, = streams(["own.x"], 42)
    >>> bool(b.standard_normal() == c.standard_normal())
    True
    """
    out = []
    for name in names:
        digest = hashlib.blake2b(name.encode(), digest_size=16).digest()
        key = [int.from_bytes(digest[i : i + 4], "little") for i in range(0, 16, 4)]
        out.append(np.random.Generator(np.random.PCG64(np.random.SeedSequence([*seed, *key]))))
    return out


def _sticks(breaks: Array) -> Array:
    """Turn the breaks of a stick into its pieces: p_k = v_k (1 - v_1) ... (1 - v_{k-1})."""
    left = np.cumprod(1 - breaks, axis=0)
    return np.concatenate([breaks[:1], breaks[1:] * left[:-1], left[-1:]])


def _pulled_sticks(breaks: Array, slopes: Array) -> Array:
    """Pull slopes in the pieces of a stick back to its breaks, ``(breaks, responses, draws)``.

    Piece k moves by p_k / v_k with its own break, and by -p_k / (1 - v_j) with an earlier one.
    """
    weighted = slopes * _sticks(breaks)[:, None]
    after = np.cumsum(weighted[::-1], axis=0)[::-1][1:]
    v = np.clip(breaks, _TINY, _NEAR_ONE)[:, None]
    return np.asarray(weighted[:-1] / v - after / (1 - v))


class _Interpolated:
    """Cubic Hermite interpolation of several functions of z on one grid."""

    def __init__(self, rows: Sequence[int], tables: Array) -> None:
        self.rows = np.array(rows, dtype=np.intp)
        self._step = 2 * REACH / (NODES - 1)
        slopes = np.gradient(tables, axis=1, edge_order=2) if len(tables) else tables
        if len(tables):
            slopes[:, 2:-2] = (
                tables[:, :-4] - 8 * tables[:, 1:-3] + 8 * tables[:, 3:-1] - tables[:, 4:]
            ) / 12
        self._values = np.ascontiguousarray(tables).ravel()
        self._slopes = np.ascontiguousarray(slopes).ravel()
        self._offsets = (np.arange(len(self.rows)) * NODES)[:, None]

    def __call__(self, z: Array) -> Array:
        f, y0, m0, b, c = self._pieces(z)
        return np.asarray(y0 + f * (m0 + f * (b + f * c)))

    def slope(self, z: Array) -> Array:
        """Return the slope in z."""
        f, _, m0, b, c = self._pieces(z)
        return np.asarray((m0 + f * (2 * b + 3 * f * c)) / self._step)

    def _pieces(self, z: Array) -> tuple[Array, ...]:
        """Return f and y0, m0, b, c of ``y0 + m0 f + b f^2 + c f^3``, f from 0 to 1 in a cell."""
        u = (np.clip(z[self.rows], -REACH, REACH * (1 - 1e-12)) + REACH) / self._step
        cell = u.astype(np.intp)
        at = cell + self._offsets
        y0, m0, m1 = self._values[at], self._slopes[at], self._slopes[at + 1]
        rise = self._values[at + 1] - y0
        return u - cell, y0, m0, 3 * rise - 2 * m0 - m1, m0 + m1 - 2 * rise


_TINY = 1e-300
"""Floor of tabulated values, so that logarithms stay finite for J-shaped priors."""

_NEAR_ONE = 1 - 2.0**-53


def _grid() -> Array:
    return np.linspace(-REACH, REACH, NODES)


def _beta_logits(shapes: Sequence[Sequence[float]]) -> Array:
    """Return logit F^-1(Phi(z)) of Betas on the grid, each tail computed from its own side."""
    unique = {tuple(shape): i for i, shape in enumerate(dict.fromkeys(map(tuple, shapes)))}
    if not unique:
        return np.empty((0, NODES))
    a = np.array([shape[0] for shape in unique])[:, None]
    b = np.array([shape[1] for shape in unique])[:, None]
    half, grid = NODES // 2, _grid()
    low = np.clip(betaincinv(a, b, ndtr(grid[:half])), _TINY, _NEAR_ONE)
    high = np.clip(betaincinv(b, a, ndtr(-grid[half:])), _TINY, _NEAR_ONE)
    tables = np.concatenate([np.log(low) - np.log1p(-low), np.log1p(-high) - np.log(high)], axis=1)
    return tables[[unique[tuple(shape)] for shape in shapes]]


def _gamma_logs(shapes: Sequence[Sequence[float]]) -> Array:
    """Return log F^-1(Phi(z)) of Gammas on the grid."""
    if not shapes:
        return np.empty((0, NODES))
    shape = np.array([pair[0] for pair in shapes])[:, None]
    rate = np.array([pair[1] for pair in shapes])[:, None]
    half, grid = NODES // 2, _grid()
    low = np.maximum(gammaincinv(shape, ndtr(grid[:half])), _TINY)
    high = gammainccinv(shape, ndtr(-grid[half:]))
    return np.log(np.concatenate([low, high], axis=1)) - np.log(rate)
