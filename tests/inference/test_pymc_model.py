"""The PyMC model against the exact engine, value by value, and its priors as elicited."""

from __future__ import annotations

import logging
import warnings

import numpy as np
import pytest
import scipy.special
import scipy.stats
from modelling import Array, network_of

from forecast.inference.coordinates import Coordinates
from forecast.inference.exact import ExactNetwork
from forecast.inference.statements import discrepancies, log_likelihood
from forecast.inference.tape import Tape
from forecast.inference.tape_operations import TapeOperations
from forecast.model.distributions import Beta, Dirichlet, Gamma, LogNormal
from forecast.model.network import Network

with warnings.catch_warnings():  # what a library does while it is imported is not for us to mend
    warnings.simplefilter("ignore")
    import pymc as pm
    import pytensor
    import pytensor.tensor as pt

    from forecast.inference import pymc_functions, pymc_model, tape_op
    from forecast.inference.pymc_model import to_pymc

MODE = "FAST_COMPILE"
"""Operations one by one in Python: no compiler, a few seconds saved."""

PRIORS = """\
priors: 1
source: {who: Doo, said: 2025-04-08}
lexicon: icd203
judgements:
  x: {read_as: 70% (45..90)}
  unlikely: {read_as: 5% (1..12)}
  m: {read_as: x2.5 (1.2..5)}
  c1: {read_as: likely}
  c2: {read_as: unlikely}
"""
BODY = """\
use: {doo: doo.yaml}
experts: {doo: {shift: 0.6, scatter: 0.9}}
questions:
  y: {type: binary, prior: 40% (20..65)}
  x: {type: binary, prior: {cases: {y: doo.x, otherwise: doo.unlikely}}}
  w: {type: binary, prior: {base: 15% (5..30), odds: {x: doo.m, y: x0.5 (0.2..0.9)}}}
  c: {type: categorical, states: [sun, tea, urn], prior: {cases: {
    y: {shares: {sun: 60%, tea: 30%, urn: 10%}, worth: 6},
    otherwise: {shares: {sun: 20%, tea: 30%, urn: 50%}, worth: 9}}}}
  d: {type: date, occurs: {cases: {x: 60% (35..85), otherwise: 20% (5..40)}}, timing: [constant]}
  n: {type: count, rate: {events: 6, in: 24 months}, cuts: [2, 5]}
evidence:
- {id: e1, date: 2025-04-01, text: t, source: s, grade: B2, odds: {y: x3 (1.5..6)}}
- {id: e2, date: 2025-04-02, text: t, source: s, grade: C3, observed: c is sun|tea}
statements:
- {of: w, says: doo.c1}
- {of: d by 2025-06-30, given: x, says: doo.c2, side: at least}
- {of: n >= 5, says: 30% (15..50), side: at most}
scenarios: {a: x and d by 2025-06-30, b: c is sun or n >= 2, rest: otherwise}
"""


@pytest.fixture(scope="module")
def network() -> Network:
    return network_of(BODY, files={"doo.yaml": PRIORS})


@pytest.fixture(scope="module")
def model(network: Network) -> pm.Model:
    return to_pymc(network)


def coordinates_of(network: Network, draws: int, seed: int = 3) -> tuple[Coordinates, Array]:
    coordinates = Coordinates(network)
    z = np.random.default_rng(seed).standard_normal((len(coordinates), draws))
    return coordinates, z


def free_values(network: Network, z: Array, coordinates: Coordinates) -> dict[str, Array]:
    """Return what the model's free variables are where the coordinates are z."""
    values = coordinates.parameters(z)
    for path, parameter in network.parameters.items():
        if parameter.lean and isinstance(parameter.distribution, Beta):
            del values[path]
            values[f"{path}.eps"] = z[coordinates.names.index(path)]
    for expert in network.experts:
        values[f"experts.{expert}.lean"] = coordinates.lean(expert, z)
    return values


# ------------------------------------------------------------------------- the joint


def test_everything_occurs_in_the_small_network(network: Network) -> None:
    kinds = {type(p.distribution) for p in network.parameters.values()}
    assert kinds == {Beta, Gamma, LogNormal, Dirichlet}
    leaning = {name: p.lean for name, p in network.parameters.items() if p.lean}
    assert set(leaning) == {"doo.x", "doo.unlikely", "doo.m"}
    assert {lean.direction for lean in leaning.values()} == {1, -1}
    assert [s.side for s in network.statements] == [None, "at least", "at most"]
    assert network.statements[1].target.given is not None


@pytest.mark.parametrize("vectors", [False, True])
def test_potentials_are_those_of_the_exact_engine(network: Network, vectors: bool) -> None:
    """log P(evidence) and each statement's term at 20 draws of the prior, to 1e-8.

    The parameters themselves agree to 1e-5, since the coordinates interpolate; so the exact engine
    is asked at the model's own values.
    """
    model = to_pymc(network, vectors=vectors)
    coordinates, z = coordinates_of(network, 20)
    own = coordinates.parameters(z)
    free = free_values(network, z, coordinates)
    gathered = pymc_model.groups(network, vectors)
    if vectors:
        free |= {f"{p}#0": own[p][0] for p in own if own[p].ndim == 2}
        free |= {f"{p}#1": own[p][1] / (1 - own[p][0]) for p in own if own[p].ndim == 2}
        by_quantile = ("chances with a lean", "chances piled at an end")
        assert set(by_quantile) <= {group.name for group in gathered}
        free = {
            g.name: np.array([free[p.path] for p in g.members])
            for g in gathered
            if g.name not in by_quantile
        } | {
            f"{g.name}.eps": np.array([z[coordinates.names.index(p.path)] for p in g.members])
            for g in gathered
            if g.name in by_quantile
        }
        free["leans"] = np.array([coordinates.lean(expert, z) for expert in network.experts])
    assert {variable.name for variable in model.free_RVs} == set(free)
    names = list(free)
    f = pytensor.function(
        [model[name] for name in names],
        [*model.potentials, *(model[g.name] for g in gathered)],
        mode=MODE,
    )
    exact = ExactNetwork(network)
    count = 2 if vectors else 1 + len(network.statements)
    for i in range(20):
        found = f(*(free[name][..., i] for name in names))
        terms = np.concatenate([np.atleast_1d(part).ravel() for part in found[:count]])
        values = _by_path(network, gathered, found[count:])
        for path, value in values.items():
            np.testing.assert_allclose(value[..., 0], own[path][..., i], rtol=1e-5)
        log_evidence, implied = exact.weights(values)
        u = discrepancies(network, coordinates, z[:, i : i + 1], implied)
        expected = [log_evidence[0], *log_likelihood(network, u)[:, 0]]
        np.testing.assert_allclose(terms, expected, rtol=0, atol=1e-8)


def _by_path(
    network: Network, gathered: tuple[pymc_model.Group, ...], found: list[Array]
) -> dict[str, Array]:
    """Return the parameters behind the values of the variables, each for one draw."""
    parts: dict[str, Array] = {}
    for group, value in zip(gathered, found, strict=True):
        rows = [value] if group.single else value
        parts |= {p.path: np.asarray(row) for p, row in zip(group.members, rows, strict=True)}
    return {
        path: (
            parts[path]
            if path in parts
            else np.array(pymc_model.pieces([parts[b.path] for b in pymc_model.breaks(p)]))
        )[..., None]
        for path, p in network.parameters.items()
    }


def test_the_rest_of_the_density_is_the_elicited_prior(network: Network, model: pm.Model) -> None:
    """Prior densities from SciPy, conditional on the lean where a multiplier shares it."""
    coordinates, z = coordinates_of(network, 5)
    free = free_values(network, z, coordinates)
    names = [variable.name for variable in model.free_RVs]
    b = coordinates.lean("doo", z)
    logp = pytensor.function(
        [model.rvs_to_values[v] for v in model.free_RVs],
        model.logp(vars=model.free_RVs, jacobian=False),
        mode=MODE,
    )
    transformed = [model.rvs_to_transforms[v] for v in model.free_RVs]
    for i in range(5):
        expected = 0.0
        for name in names:
            value = free[name][..., i]
            if name.endswith((".eps", ".lean")):
                expected += scipy.stats.norm.logpdf(value)
                continue
            parameter = network.parameters[name]
            match parameter.distribution:
                case Beta(alpha, beta):
                    expected += scipy.stats.beta.logpdf(value, alpha, beta)
                case Gamma(shape, rate):
                    expected += scipy.stats.gamma.logpdf(value, shape, scale=1 / rate)
                case Dirichlet(alpha):
                    expected += scipy.stats.dirichlet.logpdf(value, alpha)
                case LogNormal(mu, sd):
                    lean = parameter.lean
                    rho, direction = (lean.rho, lean.direction) if lean else (0.0, 1)
                    location = mu + sd * direction * rho * b[i]
                    width = sd * np.sqrt(1 - rho**2)
                    expected += scipy.stats.lognorm.logpdf(value, width, scale=np.exp(location))
        inputs = [
            free[name][..., i] if t is None else t.forward(free[name][..., i]).eval(mode=MODE)
            for name, t in zip(names, transformed, strict=True)
        ]
        assert logp(*inputs) == pytest.approx(expected, abs=1e-8)


def test_its_gradient_is_that_of_the_exact_engine(network: Network) -> None:
    """Central differences of log P(evidence) and of the implied chances, by each parameter."""
    gathered = pymc_model.groups(network, vectors=False)
    program = pymc_model.solved(network, gathered)
    coordinates, z = coordinates_of(network, 1)
    x = np.concatenate([v.ravel() for v in coordinates.parameters(z).values()])
    weights = np.random.default_rng(1).standard_normal(len(program.outputs))

    def value(at: Array) -> float:
        slots = tape_op.forward(at, program.constants, program.code)
        return float(slots[program.outputs] @ weights)

    inputs = pt.dvector()
    total = (tape_op.outputs(program, inputs) * weights).sum()
    gradient = pytensor.function([inputs], pt.grad(total, inputs), mode=MODE)(x)
    for i, step in enumerate(1e-5 * x):
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        slope = (value(up) - value(down)) / (2 * step)
        assert gradient[i] == pytest.approx(slope, rel=1e-5, abs=1e-8)
    assert np.count_nonzero(gradient) > 0.8 * len(x)


# ------------------------------------------------------------------------- priors


@pytest.mark.parametrize("path", ["doo.x", "doo.unlikely", "doo.m"])
def test_a_judgement_that_leans_stays_as_elicited(
    network: Network, model: pm.Model, path: str
) -> None:
    """Its own prior by Kolmogorov and Smirnov at 1 in 10,000; its z correlates with b by d rho."""
    draws = 4000
    value, b = pm.draw([model[path], model["experts.doo.lean"]], draws, random_seed=11, mode=MODE)
    parameter = network.parameters[path]
    match parameter.distribution:
        case Beta(alpha, beta):
            u = scipy.stats.beta.cdf(value, alpha, beta)
        case LogNormal(mu, sd):
            u = scipy.stats.norm.cdf((np.log(value) - mu) / sd)
    assert scipy.stats.kstest(u, "uniform").pvalue > 1e-4
    lean = parameter.lean
    assert lean is not None
    correlation = np.corrcoef(scipy.special.ndtri(u), b)[0, 1]
    # The error of a sample correlation is (1 - r^2) / sqrt(n).
    error = (1 - lean.rho**2) / np.sqrt(draws)
    assert correlation == pytest.approx(lean.direction * lean.rho, abs=4.5 * error)


@pytest.mark.parametrize(("a", "b"), [(2.0, 3.0), (0.3, 0.4), (900.0, 600.0), (1.0, 40.0)])
def test_the_quantile_of_a_beta_and_its_slope(a: float, b: float) -> None:
    z = np.linspace(-4, 4, 9)
    at = pt.dvector()
    p = pymc_functions.beta_quantile(np.array(a), np.array(b), at)
    f = pytensor.function([at], [p, pt.grad(p.sum(), at)], mode=MODE)
    value, slope = f(z)
    np.testing.assert_allclose(
        value, scipy.stats.beta.ppf(scipy.stats.norm.cdf(z), a, b), rtol=1e-9
    )
    density = scipy.stats.beta.logpdf(value, a, b)
    np.testing.assert_allclose(slope, np.exp(scipy.stats.norm.logpdf(z) - density), rtol=1e-6)
    extreme = f(np.array([-30.0, 30.0]))
    assert np.isfinite(extreme).all()


def test_where_a_number_came_from_stays_with_it(network: Network, model: pm.Model) -> None:
    assert model["doo.x"].tag.origin.words == "70% (45..90)"
    assert model["doo.m"].tag.origin.who == "Doo"
    together = to_pymc(network, vectors=True)
    assert together["multipliers"].tag.origin["doo.m"] == network.parameters["doo.m"].origin
    assert "doo.m" in together.coords["multipliers: path"]


# ------------------------------------------------------------------------- functions


def test_the_log_of_phi_is_safe_in_both_tails() -> None:
    x = np.array([-1000.0, -38.0, -5.0, -1.0, -1e-9, 0.0, 1e-9, 1.0, 5.0, 38.0, 1000.0])
    at = pt.dvector()
    y = pymc_functions.log_ndtr(at)
    value, slope = pytensor.function([at], [y, pt.grad(y.sum(), at)], mode=MODE)(x)
    np.testing.assert_allclose(value, scipy.special.log_ndtr(x), rtol=1e-12, atol=1e-300)
    inner = np.abs(x) < 50
    exact = np.exp(-0.5 * x**2 - 0.5 * np.log(2 * np.pi) - scipy.special.log_ndtr(x))
    np.testing.assert_allclose(slope[inner], exact[inner], rtol=1e-9)
    assert slope[0] == pytest.approx(1000, rel=1e-5)
    assert np.isfinite(slope).all()


@pytest.mark.parametrize("order", [1, 2, 5, 40, 1000, 5000])
def test_the_poisson_chance_on_a_tape(order: int) -> None:
    """Q(k + 1, mu) and its slope -mu^k e^-mu / k!, also where e^-mu underflows."""
    mu = np.array([1e-8, 0.3, 2.0, 35.0, 980.0, 4990.0, 5200.0])
    tape = Tape(1)
    program = tape.program([TapeOperations().gammaincc(float(order), tape.inputs)])
    for at in mu:
        slots = tape_op.forward(np.array([at]), program.constants, program.code)
        assert slots[-1] == pytest.approx(scipy.special.gammaincc(order, at), rel=1e-9, abs=1e-300)
        bar = tape_op.backward(np.array([at]), slots, np.array([0.0, 1.0]), program.code)
        expected = -scipy.stats.poisson.pmf(order - 1, at)
        assert bar[0] == pytest.approx(expected, rel=1e-9, abs=1e-300)


def test_a_tape_folds_what_is_known() -> None:
    tape = Tape(2)
    x, y = tape.inputs[:1], tape.inputs[1:]
    zero, one = np.zeros(1), np.ones(1)
    assert len(tape.program([(x * one + zero) / 1.0 - 0.0]).code) == 0
    assert len(tape.program([x * zero + one * 3.0]).code) == 0
    assert len(tape.program([x * y + y * x]).code) == 2
    assert tape.program([one * 3.0]).constants.tolist() == [3.0]


def test_building_a_model_says_nothing(
    network: Network, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        to_pymc(network)
    assert capfd.readouterr() == ("", "")
