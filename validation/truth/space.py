"""Parameters as functions of standard Normals, by a way of its own.

The engine interpolates inverse CDFs by cubic Hermite polynomials on 257 points; here it is
straight lines on 6,001 points, each tail computed from its own side.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, expit, gammainccinv, gammaincinv, ndtr

from forecast.model.distributions import Beta, Dirichlet, Distribution, Gamma, LogNormal
from forecast.model.network import Lean, Network

type Array = NDArray[np.float64]

GRID = np.linspace(-8.0, 8.0, 6001)
TINY, NEAR_ONE = 1e-300, 1 - 2.0**-53


class Space:
    """The standard Normals behind the parameters of a network.

    One for each number (a Dirichlet of k states has k - 1, one for each break of the stick), then
    one for the lean of each expert.

    Parameters
    ----------
    network
        The network.
    """

    def __init__(self, network: Network) -> None:
        self._tables: list[Array] = []
        self._kinds: list[str] = []
        self._rows: dict[str, tuple[int, int, bool]] = {}
        self._leans: dict[int, Lean] = {}
        cache: dict[object, tuple[str, Array]] = {}
        for name, parameter in network.parameters.items():
            start = len(self._tables)
            for one in _breaks(parameter.distribution):
                if one not in cache:
                    cache[one] = _table(one)
                self._kinds.append(cache[one][0])
                self._tables.append(cache[one][1])
            whole = isinstance(parameter.distribution, Dirichlet)
            self._rows[name] = start, len(self._tables), whole
            if parameter.lean is not None:
                if whole:
                    raise NotImplementedError("shares that lean")
                self._leans[start] = parameter.lean
        self.experts = {
            name: len(self._tables) + i for i, name in enumerate(sorted(network.experts))
        }

    def __len__(self) -> int:
        return len(self._tables) + len(self.experts)

    def parameters(self, z: Array) -> dict[str, Array]:
        """Return the parameters, ``(draws,)`` each, or ``(states, draws)`` for shares."""
        natural = []
        for row, (kind, table) in enumerate(zip(self._kinds, self._tables, strict=True)):
            own = z[row]
            if row in self._leans:
                lean = self._leans[row]
                b = z[self.experts[lean.expert]]
                own = np.sqrt(1 - lean.rho**2) * own + lean.direction * lean.rho * b
            at = np.interp(own, GRID, table)
            natural.append(expit(at) if kind == "chance" else np.exp(at))
        out = {}
        for name, (start, stop, whole) in self._rows.items():
            out[name] = _shares(natural[start:stop]) if whole else natural[start]
        return out


def _breaks(distribution: Distribution) -> list[Distribution]:
    if not isinstance(distribution, Dirichlet):
        return [distribution]
    alpha = distribution.alpha
    return [Beta(alpha[k], sum(alpha[k + 1 :])) for k in range(len(alpha) - 1)]


def _shares(breaks: list[Array]) -> Array:
    left = np.ones_like(breaks[0])
    out = []
    for part in breaks:
        out.append(left * part)
        left = left * (1 - part)
    return np.array([*out, left])


def _table(distribution: Distribution) -> tuple[str, Array]:
    low, high = ndtr(GRID), ndtr(-GRID)
    match distribution:
        case Beta(a, b):
            p = np.clip(betaincinv(a, b, low), TINY, NEAR_ONE)
            q = np.clip(betaincinv(b, a, high), TINY, NEAR_ONE)
            return "chance", np.where(GRID < 0, np.log(p) - np.log1p(-p), np.log1p(-q) - np.log(q))
        case Gamma(shape, rate):
            x = np.where(GRID < 0, gammaincinv(shape, low), gammainccinv(shape, high))
            return "rate", np.log(np.maximum(x, TINY)) - np.log(rate)
        case LogNormal(mu, sd):
            return "rate", mu + sd * GRID
        case _:
            raise NotImplementedError(f"{distribution}")
