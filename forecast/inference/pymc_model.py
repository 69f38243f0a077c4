"""The same joint as a PyMC model, outcomes summed out: for the `nuts` engine, and for users."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from numpy.typing import NDArray

from forecast.inference import tape_op
from forecast.inference.exact import ExactNetwork
from forecast.inference.pymc_functions import beta_quantile, log_ndtr
from forecast.inference.statements import EDGE
from forecast.inference.tape import Program, Tape, Traced, contract, stack
from forecast.inference.tape_operations import TapeOperations
from forecast.model.distributions import Beta, Dirichlet, Gamma, LogNormal
from forecast.model.network import Network, Origin, Parameter

type Array = NDArray[np.float64]

FAMILIES = {Beta: "chances", Gamma: "rates", LogNormal: "multipliers", Dirichlet: "shares"}


@dataclass(frozen=True)
class Group:
    """Parameters that share a random variable.

    Attributes
    ----------
    name
        The name of the random variable.
    members
        The parameters, in the order of its axis.
    single
        Whether the variable is its one member, without that axis.
    """

    name: str
    members: tuple[Parameter, ...]
    single: bool

    def constants(self, *fields: str) -> list[Array]:
        """Return fields of the members' distributions in the shape of the variable."""
        return [self._shaped([getattr(p.distribution, f) for p in self.members]) for f in fields]

    def leaning(self, network: Network, leans: Any) -> tuple[Array, Any]:
        """Return rho, and direction rho b: zero for members that do not lean."""
        found = [p.lean for p in self.members]
        rho = self._shaped([lean.rho if lean else 0.0 for lean in found])
        if not rho.any():
            return rho, 0.0
        signed = self._shaped([lean.direction * lean.rho if lean else 0.0 for lean in found])
        whose = [network.experts.index(lean.expert) if lean else 0 for lean in found]
        return rho, signed * leans[whose[0] if self.single else np.array(whose)]

    def _shaped(self, values: Sequence[Any]) -> Array:
        # As arrays, since PyTensor rounds plain numbers to single precision.
        return np.array(values[0] if self.single else values, dtype=float)


def groups(network: Network, vectors: bool) -> tuple[Group, ...]:
    """Return the parameters as they are gathered into random variables.

    Parameters
    ----------
    network
        The network.
    vectors
        One variable for each family, shares as the `breaks` of a stick; else each its own.
    """
    if not vectors:
        return tuple(Group(p.path, (p,), single=True) for p in network.parameters.values())
    families: dict[str, list[Parameter]] = {}
    for p in network.parameters.values():
        for part in breaks(p):
            families.setdefault(_family(part), []).append(part)
    return tuple(Group(name, tuple(members), single=False) for name, members in families.items())


def _family(part: Parameter) -> str:
    name = FAMILIES[type(part.distribution)]
    if not isinstance(part.distribution, Beta):
        return name
    if part.lean:
        return f"{name} with a lean"
    return f"{name} piled at an end" if _is_piled(part) else name


def _is_piled(part: Parameter) -> bool:
    """Whether a Beta has a parameter below one: its logit has a tail that no step size fits."""
    own = part.distribution
    return isinstance(own, Beta) and min(own.a, own.b) < 1


def breaks(parameter: Parameter) -> tuple[Parameter, ...]:
    """Return shares as independent Betas, v_k ~ Beta(alpha_k, alpha_{k+1} + ...); else itself.

    References
    ----------
    Sethuraman (1994), Statistica Sinica 4, 639-650 (the stick-breaking form of the Dirichlet).
    """
    if not isinstance(parameter.distribution, Dirichlet):
        return (parameter,)
    alpha = parameter.distribution.alpha
    return tuple(
        replace(
            parameter, path=f"{parameter.path}#{k}", distribution=Beta(own, sum(alpha[k + 1 :]))
        )
        for k, own in enumerate(alpha[:-1])
    )


def pieces(parts: Sequence[Any]) -> list[Any]:
    """Return the shares behind the breaks of a stick: p_k = v_k (1 - v_1) ... (1 - v_{k-1}).

    >>> pieces([0.5, 0.5])
    [0.5, 0.25, 0.25]
    """
    found, left = [], 1.0
    for part in parts:
        found.append(part * left)
        left = (1.0 - part) * left
    return [*found, left]


def to_pymc(network: Network, *, vectors: bool = False) -> pm.Model:
    """Return the joint density of parameters, evidence and statements as a PyMC model.

    Each parameter is a random variable with its elicited prior, named by its path; ``pm.sample`` on
    the model draws from their posterior. Judgements that share their expert's lean b are joined to
    ``experts.<expert>.lean`` by a Gaussian copula, so that each one's own prior stays as elicited:
    a multiplier is LogNormal given b, a chance a function of b and of ``<path>.eps``.

    The questions are summed out: the potential ``evidence`` is log P(evidence | theta), and
    ``statement <id>`` the log likelihood of each statement.

    Where a number came from stays with it: ``model["doo.x"].tag.origin`` is the
    `forecast.model.network.Origin` (who, said, words, place). With ``vectors`` it maps path to
    origin, and the paths are the coordinates of the variable.

    Parameters
    ----------
    network
        The network.
    vectors
        The same joint with one vector for each family (``chances``, ``rates``, ``multipliers``,
        ``leans``), shares as the breaks ``<path>#0``, ``#1`` ... of a stick, and one potential
        ``statements``: compiles many times faster. Chances piled at 0 or 1 are functions of a
        Normal, as those that lean are: their logit has a tail in which steps diverge.

    Returns
    -------
    pymc.Model
        Runs under PyTensor's Numba (PyMC's default) and C backends, not under JAX. With dozens of
        named parameters PyTensor spends most of its time on working in place; leave that out by
        ``compile_kwargs={"mode": pytensor.compile.get_mode("NUMBA").excluding("inplace")}``.

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
                each = pt.split(terms, np.ones(len(network.statements), int))
                for statement, term in zip(network.statements, each, strict=True):
                    pm.Potential(f"statement {statement.id}", term)
    return model


def solved(network: Network, gathered: Sequence[Group]) -> Program:
    """Return the exact engine's plan as a program on the parameters in the order gathered.

    Returns
    -------
    Program
        Its outputs: P(evidence), then for each statement P(of, given, known), then for each
        P(given, known).
    """
    exact = ExactNetwork(network)
    rows = [(p.path, _components(p)) for group in gathered for p in group.members]
    tape = Tape(sum(size for _, size in rows))
    values: dict[str, Traced] = {}
    start = 0
    for path, size in rows:
        own = tape.inputs[start : start + size]
        values[path] = own if size == 1 else own.reshape((size, 1))
        start += size
    for path, parameter in network.parameters.items():
        if path not in values:
            parts = [values[part.path] for part in breaks(parameter)]
            values[path] = stack(tape, pieces(parts))
    tables = exact.tables.symbolic(values, TapeOperations(), lambda entries: stack(tape, entries))
    total, pairs = exact.stated(tables, contract)
    return tape.program([total, *(of for of, _ in pairs), *(given for _, given in pairs)])


def _components(parameter: Parameter) -> int:
    shares = parameter.distribution
    return len(shares.alpha) if isinstance(shares, Dirichlet) else 1


def _leans(model: pm.Model, network: Network, vectors: bool) -> Any:
    """Return the experts' leans as a vector; None where nobody has one."""
    if not network.experts:
        return None
    if vectors:
        model.add_coord("expert", network.experts)
        return pm.Normal("leans", 0.0, 1.0, dims="expert")
    return pt.stack([pm.Normal(f"experts.{expert}.lean", 0.0, 1.0) for expert in network.experts])


def _variable(model: pm.Model, group: Group, network: Network, leans: Any) -> Any:
    """Return the variable of a group, with the origins of its members."""
    dims = None
    if group.members[0].components and group.single:
        dims = f"{group.name}: state"
        model.add_coord(dims, group.members[0].components)
    if not group.single:
        dims = f"{group.name}: path"
        model.add_coord(dims, [p.path for p in group.members])
    variable = _prior(group, *group.leaning(network, leans), dims)
    origins = {p.path: p.origin for p in group.members}
    variable.tag.origin = group.members[0].origin if group.single else origins
    return variable


def _prior(group: Group, rho: Array, shared: Any, dims: str | None) -> Any:
    """Return a variable with its elicited prior; ``shared`` is the mean of z given the leans."""
    family = group.members[0].distribution
    if rho.any() and not isinstance(family, Beta | LogNormal):
        raise TypeError(f"{group.name}: only chances and multipliers lean")
    match family:
        case Beta():
            a, b = group.constants("a", "b")
            if group.single and not rho.any():
                return pm.Beta(group.name, alpha=a, beta=b)
            if not rho.any() and not _is_piled(group.members[0]):
                return pm.Beta(group.name, alpha=a, beta=b, dims=dims)
            eps = pm.Normal(f"{group.name}.eps", 0.0, 1.0, dims=dims)
            value = beta_quantile(a, b, np.sqrt(1 - rho**2) * eps + shared)
            return pm.Deterministic(group.name, value, dims=dims)
        case LogNormal():
            mu, sd = group.constants("mu", "sd")
            sigma = sd * np.sqrt(1 - rho**2)
            return pm.LogNormal(group.name, mu=mu + sd * shared, sigma=sigma, dims=dims)
        case Gamma():
            shape, rate = group.constants("shape", "rate")
            return pm.Gamma(group.name, alpha=shape, beta=rate, dims=dims)
        case Dirichlet():
            (alpha,) = group.constants("alpha")
            return pm.Dirichlet(group.name, a=alpha, dims=dims)


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


def with_sources(tree: Any, model: pm.Model) -> Any:
    """Write into the variables of a DataTree where each number came from.

    Parameters
    ----------
    tree
        What `pm.sample` or `pm.sample_prior_predictive` returned.
    model
        The model that it was drawn from, extended or not.

    Returns
    -------
    DataTree
        The same one: ``tree.posterior["doo.x"].attrs`` has ``who``, ``said``, ``words``, ``place``,
        and ``quote`` and ``note`` where there are such.
    """
    for group in tree.children.values():
        for name in group.data_vars:
            origin = getattr(getattr(model.named_vars.get(name), "tag", None), "origin", None)
            if isinstance(origin, Origin):
                told = {f.name: getattr(origin, f.name) for f in fields(origin)}
                group[name].attrs |= {k: str(v) for k, v in told.items() if v is not None}
    return tree
