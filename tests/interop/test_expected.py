"""The expected network: exact where a formula gives it, and as pyAgrum reads it."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import numpy as np
import pytest
from modelling import network_of
from oracle import loaded, posteriors
from reading import marginals, net_of
from scipy import stats

import forecast
from forecast.interop.expected import DRAWS, Expected, expected, mean
from forecast.interop.written import as_bif
from forecast.model.distributions import Beta, Dirichlet, LogNormal
from forecast.model.formula import (
    Const,
    Formula,
    OddsShare,
    ShiftedOdds,
    Value,
    complement,
    product,
    weighted_sum,
)
from forecast.model.network import Lean, Network, Origin, Parameter

ROOT = Path(__file__).resolve().parents[2]
ORIGIN = Origin("test", dt.date(2025, 4, 8), "", "")


def written(result: Expected, path: Path) -> Path:
    path.write_text(as_bif(result.net, result.header()), "utf-8")
    return path


def with_parameters(**distributions: object) -> Network:
    parameters = {
        name: Parameter(name, distribution, ORIGIN)  # type: ignore[arg-type]
        for name, distribution in distributions.items()
    }
    return Network("T", ORIGIN.said, {}, parameters, (), (), (), {})


P, Q = Value("p"), Value("q")
NETWORK = with_parameters(p=Beta(2, 3), q=Beta(1, 4), s=Dirichlet((1, 2, 5)), m=LogNormal(0.2, 0.5))


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        (Const(0.3), 0.3),
        (P, 0.4),
        (complement(P), 0.6),
        (Value("s", 2), 5 / 8),
        (Value("m"), np.exp(0.2 + 0.125)),
        (product(P, complement(Q)), 0.4 * 0.8),
        (weighted_sum(0.1, [(0.5, P), (0.2, product(P, Q))]), 0.1 + 0.2 + 0.2 * 0.08),
        (product(P, P), None),  # E[p^2] is not E[p]^2
        (product(P, complement(P)), None),
        (product(Value("s", 0), Value("s", 1)), None),
        (weighted_sum(0.0, [(1.0, product(P, P))]), None),
        (OddsShare(Value("m")), None),
        (ShiftedOdds(P, (Value("m"),)), None),
    ],
)
def test_expectations_that_a_formula_gives(formula: Formula, wanted: float | None) -> None:
    assert mean(formula, NETWORK) == (None if wanted is None else pytest.approx(wanted, abs=1e-12))


def test_judgements_of_one_expert_are_not_independent() -> None:
    lean = Lean("doo", 0.5, 1)
    parameters = {name: Parameter(name, Beta(2, 3), ORIGIN, lean) for name in ("p", "q")}
    network = Network("T", ORIGIN.said, {}, parameters, (), (), (), {})
    assert mean(P, network) == pytest.approx(0.4)  # each keeps the band that he gave
    assert mean(product(P, Q), network) is None


BODY = """
questions:
  a: {type: binary, prior: 30% (10..60)}
  b: {type: binary, prior: {base: 20% (5..40), odds: {a: x3 (1.2..7)}}}
  c: {type: categorical, states: [x, y, z], prior: {shares: {x: 20%, y: 30%, z: 50%}, worth: 8}}
scenarios: {both: a and b, one: a or b, none: otherwise}
"""


def test_a_mean_over_draws_lies_within_its_stated_error() -> None:
    network = network_of(BODY)
    result = expected(network)
    base = network.parameters["questions.b.prior.base"].distribution
    odds = network.parameters["questions.b.prior.odds.a"].distribution
    assert isinstance(base, Beta)
    assert isinstance(odds, LogNormal)
    # E[m p / (m p + 1 - p)] by Gauss-Legendre quadrature
    nodes, weights = np.polynomial.legendre.leggauss(200)
    p, z = (nodes + 1)[:, None] / 2, 8 * nodes
    density = stats.beta.pdf(p, base.a, base.b) / 2 * 8 * stats.norm.pdf(z)
    m = np.exp(odds.mu + odds.sd * z)
    wanted = weights @ (density * m * p / (m * p + 1 - p)) @ weights
    rows = result.net.variables["b"].table.rows.read(2)[0]
    assert result.sampled == 2  # yes and no, where a holds
    assert 0 < result.error < 0.5 / DRAWS**0.5
    assert abs(rows[0, 0] - wanted) < 4 * result.error
    assert rows[1, 0] == pytest.approx(base.mean, abs=1e-12)
    assert "2 entries are means over 65,536 draws (seed 42)" in result.header()[1]


def test_the_seed_moves_what_is_drawn_and_nothing_else() -> None:
    one, two = (expected(network_of(BODY), seed).net.variables for seed in (1, 2))
    assert one["b"].table.rows.texts[0] != two["b"].table.rows.texts[0]
    assert one["b"].table.rows.texts[1] == two["b"].table.rows.texts[1]
    assert one["c"].table.rows.texts == ("0.2 0.3 0.5",)


def test_pyagrum_reads_what_is_written(tmp_path: Path) -> None:
    spec = forecast.load(ROOT / "scenarios" / "chest_clinic.yaml")
    result = expected(forecast.build(spec))
    assert result.sampled == 0
    theirs = posteriors(loaded(written(result, tmp_path / "x.bif")), {"asia": "yes", "dysp": "yes"})
    network = forecast.build(spec, given="asia and dysp")
    for name, chances in marginals(network).items():
        assert theirs[name] == pytest.approx(chances, abs=1e-6)  # tables in single precision
    scenarios = forecast.infer(network).final.scenarios[0].tolist()
    assert list(theirs["scenario"].values()) == pytest.approx(scenarios, abs=1e-6)


def test_the_expected_network_has_the_forecast_as_its_marginals(tmp_path: Path) -> None:
    # Each parameter of BODY enters one table only, so the expectation of the product is exact.
    network = network_of(BODY)
    result = expected(network)
    theirs = posteriors(loaded(written(result, tmp_path / "x.bif")), {})
    posterior = forecast.infer(network, draws=20_000)
    stage = posterior.stages["inputs"]
    for i, chance in enumerate(theirs["scenario"].values()):
        values = stage.scenarios[:, i]
        error = values.std() * np.sqrt(np.sum(stage.weights**2))
        assert abs(stage.weights @ values - chance) < 4.5 * error + 4 * result.error


def test_dates_and_gates_have_names_that_bif_takes(tmp_path: Path) -> None:
    spec = forecast.load(ROOT / "scenarios" / "victory_day_2025.yaml")
    network = forecast.build(spec)
    path = written(expected(network, draws=2048), tmp_path / "x.bif")
    theirs = loaded(path)
    assert len(theirs.names()) == len(set(theirs.names()))
    assert set(theirs.variable("scenario").labels()) == set(network.scenarios)
    words = re.findall(r"^variable (.*) \{$|\{ (.*) \};$", path.read_text("utf-8"), re.MULTILINE)
    assert all(re.fullmatch(r"[A-Za-z0-9_, ]+", name or states) for name, states in words)
    again = net_of(path.read_text("utf-8"))
    assert [len(v.states) for v in again.variables.values()] == [
        theirs.variable(name).domainSize() for name in again.variables
    ]
