"""The same joint as a PyMC model, outcomes summed out: what `nuts` samples, and users may take away."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from numpy.typing import NDArray
from pytensor.gradient import disconnected_grad

from forecast.inference import tape_op
from forecast.inference.coordinates import REACH
from forecast.inference.exact import ExactNetwork
from forecast.inference.statements import EDGE
from forecast.inference.tape import Program, Tape, TapeOperations, Traced, stack
from forecast.model.distributions import Beta, Dirichlet, Gamma, LogNormal
from forecast.model.network import Network, Parameter

type Array = NDArray[np.float64]

FAMILIES = {Beta: "chances", Gamma: "rates", LogNormal: "multipliers", Dirichlet: "shares"}


@dataclass(frozen=True)
class Group:
    """Parameters that share a random variable: one, or all of a family, all leaning or none.

    Attributes
    ----------
    name
        The name of the random variable.
    members
        The parameters, in the order of its first axis.
    single
        Whether the variable is its one member, without that axis.
    """

    name: str
    members: tuple[Parameter, ...]
    single: bool

    @property
    def size(self) -> int:
        """The number of components of each member: above one for shares."""
        first = self.members[0].distribution
        return len(first.alpha) if isinstance(first, Dirichlet) else 1

    def constants(self, *fields: str) -> list[Array]:
        """Return fields of the members' distributions in the shape of the variable."""
        rows = [[getattr(p.distribution, field) for p in self.members] for field in fields]
        return [np.array(row[0] if self.single else row, dtype=float) for row in rows]


def groups(network: Network, vectors: bool) -> tuple[Group, ...]:
    """Return the parameters as they are gathered into random variables, each or by family."""
    if not vectors:
        return tuple(Group(p.path, (p,), single=True) for p in network.parameters.values())
    families: dict[str, list[Parameter]] = {}
    for p in network.parameters.values():
        name = FAMILIES[type(p.distribution)]
        if isinstance(p.distribution, Dirichlet):
            name += f" of {len(p.distribution.alpha)}"
        families.setdefault(name + (" with a lean" if p.lean else ""), []).append(p)
    return tuple(Group(name, tuple(members), single=False) for name, members in families.items())


def to_pymc(network: Network, *, vectors: bool = False) -> pm.Model:
    """Return the joint density of parameters, evidence and statements as a PyMC model.

    Each parameter is a random variable with its elicited prior, named by its path; ``pm.sample`` on
    the model draws from their posterior. A judgement that shares its expert's lean b is a function
    of ``<path>.eps`` and ``experts.<expert>.lean``, both standard Normals, so that its own prior
    stays as elicited. The questions are summed out: the potential ``evidence`` is
    log P(evidence | theta), and ``statement <id>`` the log likelihood of each statement.

    Where a number came from stays with it: ``model["doo.x"].tag.origin`` is the
    `forecast.model.network.Origin` (who, said, words, place). With ``vectors`` it maps path to
    origin, and the paths are the coordinates of the variable.

    Parameters
    ----------
    network
        The network.
    vectors
        The same joint with one vector for each family (``chances``, ``rates``, ``multipliers``,
        ``shares of 3``, ``leans``) and one potential ``statements``: compiles several times faster.

    Returns
    -------
    pymc.Model
        Runs under PyTensor's Numba (PyMC's default) and C backends, not under JAX.

    References
    ----------
    Poole and Raftery (2000), 10.1080/01621459.2000.10474324 (a stated against an implied marginal).
    """
    gathered = groups(network, vectors)
    with pm.Model() as model:
        leans = _leans(model, network, vectors)
        rows = [pt.reshape(_variable(model, group, network, leans), (-1,)) for group in gathered]
        inputs = pt.concatenate(rows) if rows else pt.zeros(0)
        found = tape_op.outputs(solved(network, gathered), inputs)
        pm.Potential("evidence", pt.log(found[0]))
        if network.statements:
            last = 1 + len(network.statements)
            terms = _statement_terms(network, found[1:last], found[last:], leans)
            if vectors:
                pm.Potential("statements", terms)
            else:
                for j, statement in enumerate(network.statements):
                    pm.Potential(f"statement {statement.id}", terms[j])
    return model


def solved(network: Network, gathered: Sequence[Group]) -> Program:
    """Return the exact engine's plan as a program.

    Parameters
    ----------
    network
        The network.
    gathered
        Its parameters, in the order of the program's inputs, components side by side.

    Returns
    -------
    Program
        Its outputs: P(evidence), then for each statement P(of, given, known), then for each
        P(given, known).
    """
    exact = ExactNetwork(network)
    sizes = [(p.path, group.size) for group in gathered for p in group.members]
    tape = Tape(sum(size for _, size in sizes))
    values: dict[str, Traced] = {}
    start = 0
    for path, size in sizes:
        own = tape.inputs[start : start + size]
        values[path] = own if size == 1 else own.reshape((size, 1))
        start += size
    tables = exact.tables(values, TapeOperations(), lambda entries: stack(tape, entries))
    pairs, total = exact.stated_plan()
    wanted = [total, *(of for of, _ in pairs), *(given for _, given in pairs)]
    # A gate's first state is that it holds; P(known) has no axis but the draws.
    found = [array if array.ndim == 1 else array[0] for array in exact.run(tables, wanted, _one)]
    return tape.program(found)


def _one(array: Any) -> int:
    """Return the number of draws in an array of the plan: a tape is of a single one."""
    return 1


def _leans(model: pm.Model, network: Network, vectors: bool) -> Any:
    """Return the experts' leans as a vector; None where nobody has one."""
    if not network.experts:
        return None
    if vectors:
        model.add_coord("expert", network.experts)
        return pm.Normal("leans", 0.0, 1.0, dims="expert")
    return pt.stack([pm.Normal(f"experts.{expert}.lean", 0.0, 1.0) for expert in network.experts])


def _variable(model: pm.Model, group: Group, network: Network, leans: Any) -> Any:
    """Return the random variable of a group, or the deterministic one where its members lean."""
    dims: tuple[str, ...] | None = None
    if not group.single:
        dims = (f"{group.name}: path", f"{group.name}: component")[: 1 + (group.size > 1)]
        coordinates = ([p.path for p in group.members], range(group.size))
        model.add_coords(dict(zip(dims, coordinates, strict=False)))
    if group.members[0].lean is None:
        variable = _prior(group, dims)
    else:
        variable = pm.Deterministic(group.name, _leaning(group, network, leans, dims), dims=dims)
    origins = {p.path: p.origin for p in group.members}
    variable.tag.origin = group.members[0].origin if group.single else origins
    return variable


def _prior(group: Group, dims: tuple[str, ...] | None) -> Any:
    match group.members[0].distribution:
        case Beta():
            a, b = group.constants("a", "b")
            return pm.Beta(group.name, alpha=a, beta=b, dims=dims)
        case Gamma():
            shape, rate = group.constants("shape", "rate")
            return pm.Gamma(group.name, alpha=shape, beta=rate, dims=dims)
        case LogNormal():
            mu, sd = group.constants("mu", "sd")
            return pm.LogNormal(group.name, mu=mu, sigma=sd, dims=dims)
        case Dirichlet():
            (alpha,) = group.constants("alpha")
            return pm.Dirichlet(group.name, a=alpha, dims=dims)


def _leaning(group: Group, network: Network, leans: Any, dims: Any) -> Any:
    """Return F^-1(Phi(z)) with z = sqrt(1 - rho^2) eps + direction rho b."""
    given = [p.lean for p in group.members if p.lean is not None]
    shared = np.array([lean.direction * lean.rho for lean in given])
    whose = np.array([network.experts.index(lean.expert) for lean in given])
    if group.single:
        shared, whose = shared[0], whose[0]
    eps = pm.Normal(f"{group.name}.eps", 0.0, 1.0, dims=dims)
    z = np.sqrt(1 - shared**2) * eps + shared * leans[whose]
    match group.members[0].distribution:
        case LogNormal():
            mu, sd = group.constants("mu", "sd")
            return pt.exp(mu + sd * z)
        case Beta():
            return _beta_quantile(*group.constants("a", "b"), z)
        case other:
            raise TypeError(f"{other} has no direction in which to lean")


def _beta_quantile(a: Array, b: Array, z: Any) -> Any:
    """Return F^-1(Phi(z)) of a Beta, with the slope phi(z) / f(p) taken on the log scale.

    PyTensor's own gradient of the inverse multiplies powers of p and overflows for sharp Betas.
    """
    z = pt.clip(z, -REACH, REACH)
    p = pt.clip(pt.betaincinv(a, b, 0.5 * pt.erfc(-z / math.sqrt(2.0))), 1e-300, 1 - 1e-16)
    log_f = (a - 1) * pt.log(p) + (b - 1) * pt.log1p(-p) - pt.betaln(a, b)
    slope = pt.exp(-0.5 * z**2 - 0.5 * math.log(2 * math.pi) - log_f)
    return disconnected_grad(p) + disconnected_grad(slope) * (z - disconnected_grad(z))


def _statement_terms(network: Network, of: Any, given: Any, leans: Any) -> Any:
    """Return the log likelihood of each statement: `statements.log_likelihood`, as a graph."""
    statements = network.statements
    possible = pt.gt(given, 0.0)
    # Where the condition is impossible for theta m is one half; both branches stay finite.
    m = pt.switch(possible, of / pt.switch(possible, given, 1.0), 0.5)
    m = pt.clip(m, EDGE, 1 - EDGE)
    u = np.array([s.stated for s in statements]) - (pt.log(m) - pt.log1p(-m))
    shifts = np.array([s.direction * s.shift for s in statements])
    if shifts.any():
        whose = [network.experts.index(s.expert) if s.shift > 0 else 0 for s in statements]
        u = u + shifts * leans[np.array(whose)]
    sd = np.array([s.sd for s in statements])
    x = u / sd
    exact = -0.5 * x**2 - np.log(sd) - 0.5 * math.log(2 * math.pi)
    sign = np.array([-1.0 if s.side == "at least" else 1.0 for s in statements])
    return pt.switch(np.array([s.side is None for s in statements]), exact, log_ndtr(sign * x))


def log_ndtr(x: Any) -> Any:
    """Return log Phi(x), with value and gradient finite in both tails.

    ``log(erfcx(-x / sqrt 2) / 2) - x^2 / 2`` below zero, ``log1p(-erfc(x / sqrt 2) / 2)`` above.
    """
    low, high = pt.minimum(x, 0.0), pt.maximum(x, 0.0)
    below = pt.log(0.5 * pt.erfcx(-low / math.sqrt(2.0))) - 0.5 * low**2
    above = pt.log1p(-0.5 * pt.erfc(high / math.sqrt(2.0)))
    return pt.switch(pt.lt(x, 0.0), below, above)
