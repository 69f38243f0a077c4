"""What a result holds as named arrays: groups of variables over dimensions with coordinates.

The same layout is written as NetCDF (`forecast.store.netcdf`) and handed to xarray.

=========== ======================================================================================
group       variables
=========== ======================================================================================
prior       each parameter, draws from the prior
posterior   each parameter and ``experts.<alias>.lean``, equally weighted draws; where each comes
            from (``words``, ``who``, ``said``, ``place``, ``quote``) is an attribute
proposal    the same and ``log_weight``, as the engine drew them; only where weights differ
outcomes    each question, P(state | evidence, theta) for each draw theta
scenarios   ``probability`` for each draw, ``mean`` over the draws at each stage
=========== ======================================================================================

The draws of ``outcomes`` and ``scenarios`` are those of ``proposal``, or of ``posterior`` where
there is no ``proposal``; the attribute ``draws_of`` of the group says which.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast.model.network import Network, Parameter
from forecast.posterior import Array, Posterior

type Attributes = Mapping[str, str | int]

SAMPLE = ("chain", "draw")

_OWN = frozenset((*SAMPLE, "scenario", "stage", "log_weight", "probability", "mean"))
"""Names that the layout itself gives."""

_UNSAFE = re.compile(r"[%/:\x00-\x1f\x7f]| +$")

_LONGEST, _KEPT = 200, 160
"""Bytes. NetCDF-C reads no name of more than 256, and ``:state`` is added to some."""


@dataclass(frozen=True)
class Variable:
    """An array with a name, encoded by `encoded`, and one dimension for each axis.

    A variable whose only dimension bears its own name is the coordinate of that dimension.
    """

    name: str
    dims: tuple[str, ...]
    values: NDArray[Any]
    attributes: Attributes = field(default_factory=dict)

    @property
    def is_coordinate(self) -> bool:
        """Whether this labels a dimension."""
        return self.dims == (self.name,)


@dataclass(frozen=True)
class Group:
    """Variables that share dimensions; their coordinates stand before them."""

    name: str
    variables: tuple[Variable, ...]
    attributes: Attributes


@dataclass(frozen=True)
class Layout:
    """The groups of a result, and what is said of all of them."""

    groups: tuple[Group, ...]
    attributes: Attributes


def layout(posterior: Posterior, network: Network) -> Layout:
    """Lay out a result.

    Parameters
    ----------
    posterior
        What the engine returned.
    network
        What it was asked about: the origin of parameters, the states of questions.

    Returns
    -------
    Layout
        As in the table above. Arrays of draws have shape ``(1, draws, ...)``; parameters are
        float64, since logits of chances near 0 and 1 are asked of them; the chances of questions
        float32: a state has its own, never one less another's, so none near 1 loses its rest, and
        7 digits are four more than the Monte Carlo error leaves.
    """
    about: dict[str, str | int] = {"engine": posterior.engine, "seed": posterior.seed}
    if network.as_of:
        about = {"as_of": network.as_of.isoformat(), **about}
    if network.title:
        about = {"title": network.title, **about}
    if network.given:
        about["given"] = "; ".join(network.given)
    states = {name: parameter.components for name, parameter in network.parameters.items()}
    origins = {name: _origin(parameter) for name, parameter in network.parameters.items()}
    drawn = {**posterior.parameters, **_leans(posterior)}
    weighted = is_weighted(posterior)
    chosen = systematic(np.exp(posterior.log_weights), posterior.seed) if weighted else None
    equal = drawn if chosen is None else {k: v[..., chosen] for k, v in drawn.items()}

    def group(name: str, variables: Iterator[Variable], **more: str) -> Group:
        return Group(name, tuple(variables), {**about, **more})

    def parameters(
        values: Mapping[str, Array], draws: int, origins: Mapping[str, Attributes]
    ) -> Iterator[Variable]:
        yield from _samples(draws)
        for name, drawn in values.items():
            parts = None if drawn.ndim == 1 else states.get(name) or range(len(drawn))
            yield from _sampled(drawn.T, name, parts, origins.get(name, {}))

    prior_draws = max((v.shape[-1] for v in posterior.prior.values()), default=1)
    draws_of = "proposal" if weighted else "posterior"
    groups = [
        group("prior", parameters(posterior.prior, prior_draws, {})),
        group("posterior", parameters(equal, posterior.draws, origins)),
        group("outcomes", _outcomes(posterior, network), draws_of=draws_of),
    ]
    if weighted:
        raw = _weighted(posterior, parameters(drawn, posterior.draws, {}))
        groups.insert(2, group("proposal", raw))
    if network.scenarios:
        groups.append(group("scenarios", _scenarios(posterior, network), draws_of=draws_of))
    return Layout(tuple(groups), {"Conventions": "forecast-1", **about})


def is_weighted(posterior: Posterior) -> bool:
    """Return whether some draws count for more than others."""
    return bool(np.ptp(posterior.log_weights) > 1e-9)


def systematic(weights: Array, seed: int) -> NDArray[np.intp]:
    """Resample systematically: equally weighted draws that stand for weighted ones.

    Parameters
    ----------
    weights
        Shape ``(draws,)``, not negative.
    seed
        The one random number that this takes is keyed by it.

    Returns
    -------
    array
        As many positions as weights, in order; draw i occurs ``n w_i`` times, rounded up or down.
        Copies stand side by side, so that ArviZ takes them for a chain that lingers and counts
        fewer effective draws, as it should; shuffled they would look independent.

    Examples
    --------
    >>> systematic(np.array([0.5, 0.0, 0.25, 0.25]), seed=1).tolist()
    [0, 0, 2, 3]
    """
    draws = len(weights)
    start = np.random.default_rng([seed, *b"resample"]).random()
    ends = np.cumsum(weights)
    at = np.searchsorted(ends, (np.arange(draws) + start) * (ends[-1] / draws), side="right")
    return np.asarray(np.minimum(at, np.flatnonzero(weights)[-1]))


def encoded(name: str) -> str:
    r"""Return a name that HDF5, NetCDF and xarray accept; `decoded` undoes it.

    As in addresses: ``%`` and two hexadecimal digits stand for ``/`` (which separates groups),
    ``:`` (which marks the states of a variable), ``%``, control characters and spaces at the end.
    A name that the layout gives itself (``draw``) has its last letter written so. Letters of other
    scripts stay. What is longer than 200 bytes is cut and ends in ``%~`` and a hash; the attribute
    ``long_name`` has it in full.

    >>> encoded("own.a/b"), encoded("questions.방문.prior"), encoded("draw")
    ('own.a%2Fb', 'questions.방문.prior', 'dra%77')
    """
    safe = _UNSAFE.sub(lambda found: "".join(f"%{ord(c):02X}" for c in found[0]), name)
    if safe in _OWN or safe == ".":
        safe = f"{safe[:-1]}%{ord(safe[-1]):02X}"
    if len(raw := safe.encode()) <= _LONGEST:
        return safe
    digest = hashlib.sha256(name.encode()).hexdigest()[:16]
    return f"{raw[:_KEPT].decode(errors='ignore')}%~{digest}"


def decoded(name: str) -> str:
    """Return the name behind an encoded one.

    >>> decoded("own.a%2Fb"), decoded("dra%77")
    ('own.a/b', 'draw')
    """
    from urllib.parse import unquote

    return unquote(name)


def _leans(posterior: Posterior) -> dict[str, Array]:
    return {f"experts.{expert}.lean": lean for expert, lean in posterior.leans.items()}


def _sampled(
    values: NDArray[Any], name: str, states: object = None, attributes: Attributes | None = None
) -> Iterator[Variable]:
    """Give values of shape ``(draws,)`` or ``(draws, states)`` a chain, a name, and states."""
    short = encoded(name)
    said: dict[str, str | int] = dict(attributes or {})
    if short != name:
        said["long_name"] = name
    dims: tuple[str, ...] = SAMPLE
    if states is not None:
        dims = (*SAMPLE, f"{short}:state")
        yield Variable(dims[-1], dims[-1:], np.asarray(states))
    yield Variable(short, dims, values[np.newaxis], said)


def _samples(draws: int) -> Iterator[Variable]:
    yield Variable("chain", ("chain",), np.zeros(1, dtype=np.int64))
    yield Variable("draw", ("draw",), np.arange(draws))


def _weighted(posterior: Posterior, parameters: Iterator[Variable]) -> Iterator[Variable]:
    yield from parameters
    yield Variable("log_weight", SAMPLE, posterior.log_weights[np.newaxis])


def _outcomes(posterior: Posterior, network: Network) -> Iterator[Variable]:
    yield from _samples(posterior.draws)
    for name, chances in posterior.final.questions.items():
        node = network.nodes[name]
        attributes = {"role": node.role, "type": node.cells.kind}
        yield from _sampled(
            chances.astype(np.float32, order="C"), name, node.cells.states, attributes
        )


def _scenarios(posterior: Posterior, network: Network) -> Iterator[Variable]:
    yield from _samples(posterior.draws)
    yield Variable("scenario", ("scenario",), np.asarray(network.scenarios))
    yield Variable("stage", ("stage",), np.asarray(tuple(posterior.stages)))
    probability = posterior.final.scenarios[np.newaxis]
    yield Variable("probability", (*SAMPLE, "scenario"), probability)
    # Not by BLAS, whose sums depend on the number of its threads.
    means = [
        (s.weights[:, np.newaxis] * s.scenarios).sum(axis=0) for s in posterior.stages.values()
    ]
    yield Variable("mean", ("stage", "scenario"), np.array(means))


def _origin(parameter: Parameter) -> Attributes:
    origin = parameter.origin
    said = {
        "words": origin.words,
        "who": origin.who,
        "said": origin.said.isoformat(),
        "place": origin.place,
        "quote": origin.quote,
    }
    return {key: value for key, value in said.items() if value}
