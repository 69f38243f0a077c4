"""Statements as likelihoods of what the network implies."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from forecast.inference.coordinates import Coordinates
from forecast.model.network import Network

type Array = NDArray[np.float64]

EDGE = 1e-9
"""Implied chances are cut to [EDGE, 1 - EDGE] before their logit is taken."""


def discrepancies(network: Network, coordinates: Coordinates, z: Array, implied: Array) -> Array:
    """Return u_j = stated_j + direction_j shift_j b - logit m_j, ``(statements, draws)``.

    Parameters
    ----------
    network, coordinates
        The network and its coordinates (for the experts' leans).
    z
        Coordinates, shape ``(coordinates, draws)``.
    implied
        m_j, shape ``(draws, statements)``.
    """
    leans = {expert: coordinates.lean(expert, z) for expert in network.experts}
    return distances(network, leans, implied)


def distances(network: Network, leans: Mapping[str, Array], implied: Array) -> Array:
    """Return what `discrepancies` does, from the draws of each expert's lean b."""
    u = -logits(implied.T)
    for j, s in enumerate(network.statements):
        u[j] += s.stated
        if s.shift > 0 and s.expert in leans:
            u[j] += s.direction * s.shift * leans[s.expert]
    return u


def logits(implied: Array) -> Array:
    """Return the logit of implied chances.

    Where what the expert knew is impossible the chance is undefined, and the draw weighs nothing:
    any number will do.
    """
    m = np.clip(np.nan_to_num(implied, nan=0.5), EDGE, 1 - EDGE)
    return np.asarray(np.log(m) - np.log1p(-m))


def log_likelihood(network: Network, u: Array) -> Array:
    """Return the log likelihood of each statement, shape ``(statements, draws)``.

    Normal(u; 0, sd) two-sided, Phi(u / sd) for ``at most``, Phi(-u / sd) for ``at least``.
    """
    out = np.empty_like(u)
    for j, s in enumerate(network.statements):
        x = u[j] / s.sd
        if s.side is None:
            out[j] = -0.5 * x**2 - np.log(s.sd) - 0.5 * np.log(2 * np.pi)
        else:
            out[j] = log_ndtr(x if s.side == "at most" else -x)
    return out


def derivatives(network: Network, u: Array) -> tuple[Array, Array]:
    """Return h' and -h'' for h the log likelihood in each response, shape ``(1 + statements, n)``.

    Parameters
    ----------
    network
        The network.
    u
        log P(evidence), whose h is the identity, then the discrepancy of each statement.
    """
    first, second = np.ones_like(u), np.zeros_like(u)
    for j, s in enumerate(network.statements, start=1):
        x = u[j] / s.sd
        if s.side is None:
            first[j], second[j] = -x / s.sd, 1 / s.sd**2
            continue
        sign = 1.0 if s.side == "at most" else -1.0
        y = sign * x
        ratio = np.exp(-0.5 * y**2 - 0.5 * np.log(2 * np.pi) - log_ndtr(y))
        first[j] = sign * ratio / s.sd
        second[j] = ratio * (ratio + y) / s.sd**2
    return first, second
