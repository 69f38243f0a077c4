"""Coordinates: standard Normals in, parameters with the stated priors out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from modelling import NOWHERE, Array, bare_network, network_of, table
from scipy import stats
from scipy.special import expit, logit, ndtr

from forecast.inference.coordinates import Coordinates, streams
from forecast.model.distributions import Beta, Dirichlet, Distribution, Gamma, LogNormal
from forecast.model.network import Lean, Network, Parameter

Z = np.linspace(-6, 6, 5003)


def coordinates(lean: dict[str, Lean] | None = None, **priors: Distribution) -> Coordinates:
    network = bare_network({"a": table("a", [1.0])}, parameters=priors)
    leaning = {
        name: replace(parameter, lean=(lean or {}).get(name))
        for name, parameter in network.parameters.items()
    }
    return Coordinates(replace(network, parameters=leaning))


def logit_quantile(beta: Beta, z: Array) -> Array:
    """logit F^-1(Phi(z)); the upper half through 1 - p ~ Beta(b, a), which keeps its digits."""
    half = stats.beta(beta.a, beta.b).ppf(ndtr(np.minimum(z, 0)))
    other = stats.beta(beta.b, beta.a).ppf(ndtr(-np.maximum(z, 0)))
    return np.where(z < 0, np.log(half) - np.log1p(-half), np.log1p(-other) - np.log(other))


@pytest.mark.parametrize(
    ("beta", "in_logit", "in_chance"),
    [
        (Beta(24.9, 11.7), 1e-10, 1e-11),  # "likely"
        (Beta(135, 135), 1e-12, 1e-12),  # "roughly even"
        (Beta(4.5, 163), 1e-8, 1e-9),  # "almost no chance"
        (Beta(1.0, 60), 1e-8, 1e-9),
        (Beta(0.35, 0.8), 1e-7, 1e-8),  # no successes of one
        (Beta(0.1, 3), 1e-6, 1e-7),
        (Beta(0.05, 3), 1e-6, 1e-7),
        (Beta(0.05, 0.05), 1e-4, 2e-5),  # piled up at both ends: the steepest bend there is
    ],
)
def test_chances_follow_the_inverse_cdf(beta: Beta, in_logit: float, in_chance: float) -> None:
    p = coordinates(p=beta).parameters(Z[None, :])["p"]
    exact = logit_quantile(beta, Z)
    seen = np.abs(exact) < 12  # beyond, 1 - p has no digits left to compare
    np.testing.assert_allclose(logit(p[seen]), exact[seen], rtol=0, atol=in_logit)
    np.testing.assert_allclose(p, expit(exact), rtol=0, atol=in_chance)


@pytest.mark.parametrize(
    ("shape", "error"), [(0.35, 1e-7), (9.5, 1e-9), (0.05, 1e-6), (200, 1e-11)]
)
def test_rates_follow_the_inverse_cdf(shape: float, error: float) -> None:
    rate = coordinates(r=Gamma(shape, 30.0)).parameters(Z[None, :])["r"]
    law = stats.gamma(shape, scale=1 / 30)
    exact = np.where(Z < 0, law.ppf(ndtr(Z)), law.isf(ndtr(-Z)))
    np.testing.assert_allclose(np.log(rate), np.log(exact), rtol=0, atol=error)


def test_multipliers_are_lognormal() -> None:
    m = coordinates(m=LogNormal(0.7, 0.4)).parameters(Z[None, :])["m"]
    np.testing.assert_allclose(m, np.exp(0.7 + 0.4 * Z), rtol=1e-13)


def test_beyond_the_table_everything_stays_finite() -> None:
    far = coordinates(p=Beta(0.05, 0.05), r=Gamma(0.05, 1.0)).parameters(
        np.array([[-40.0, 40.0], [-40.0, 40.0]])
    )
    assert far["p"].tolist() == pytest.approx([0, 1])
    assert np.isfinite(far["r"]).all()


# ------------------------------------------------------------------------- shares


def test_breaking_a_stick_gives_a_dirichlet() -> None:
    """p_1 = v_1, p_2 = (1 - v_1) v_2, ...; v_k ~ Beta(alpha_k, alpha_{k+1} + ... + alpha_K).

    Exactly (Connor and Mosimann 1969): each v_k is at its own quantile.
    """
    alpha = (2.4, 0.7, 4.1, 0.8)
    z = np.array([[-1.3], [0.4], [2.0]])
    v = [stats.beta(alpha[k], sum(alpha[k + 1 :])).ppf(ndtr(z[k, 0])) for k in range(3)]
    left = np.cumprod([1, *(1 - x for x in v)])
    expected = [v[0] * left[0], v[1] * left[1], v[2] * left[2], left[3]]
    found = coordinates(p=Dirichlet(alpha)).parameters(z)["p"][:, 0]
    np.testing.assert_allclose(found, expected, rtol=1e-7)
    assert found.sum() == pytest.approx(1, abs=1e-15)


def test_moments_of_shares_are_those_of_the_dirichlet() -> None:
    """mean a_i / A; cov = (delta_ij m_i - m_i m_j) / (A + 1). 5 standard errors, 200,000 draws."""
    alpha, n = np.array([2.4, 0.7, 4.1, 0.8]), 200_000
    p = coordinates(p=Dirichlet(tuple(alpha))).parameters(
        np.random.default_rng(1).standard_normal((3, n))
    )["p"]
    mean = alpha / alpha.sum()
    sd = np.sqrt(mean * (1 - mean) / (alpha.sum() + 1))
    assert (np.abs(p.mean(axis=1) - mean) < 5 * sd / np.sqrt(n)).all()
    covariance = (np.diag(mean) - np.outer(mean, mean)) / (alpha.sum() + 1)
    products = (p - mean[:, None])[:, None] * (p - mean[:, None])[None]
    error = products.std(axis=2) / np.sqrt(n)
    assert (np.abs(products.mean(axis=2) - covariance) < 5 * error).all()
    for share, a in zip(p, alpha, strict=True):  # each marginal is Beta(a, A - a)
        assert stats.kstest(share, stats.beta(a, alpha.sum() - a).cdf).pvalue > 1e-4


# ------------------------------------------------------------------------- leans


def test_leaning_parameters_keep_their_priors_and_share_b() -> None:
    """z = sqrt(1 - rho^2) eps + d rho b: for any eps, b exactly; so N(0, 1), correlation d1 d2 r1 r2."""
    up, down = Lean("doo", 0.6, 1), Lean("doo", 0.3, -1)
    leaning = coordinates({"p": up, "m": down}, p=Beta(24.9, 11.7), m=LogNormal(0.0, 1.0))
    assert leaning.names == ("p", "m", "experts.doo.lean")
    z = np.random.default_rng(2).standard_normal((3, 100_000))
    found = leaning.parameters(z)
    log_m = 0.953939201416946 * z[1] - 0.3 * z[2]  # sqrt(1 - 0.09)
    np.testing.assert_allclose(np.log(found["m"]), log_m, rtol=0, atol=1e-12)
    expected = stats.beta(24.9, 11.7).ppf(ndtr(0.8 * z[0] + 0.6 * z[2]))
    np.testing.assert_allclose(found["p"], expected, atol=1e-9)
    assert stats.kstest(found["p"], stats.beta(24.9, 11.7).cdf).pvalue > 1e-4
    normal = [stats.norm.ppf(stats.beta(24.9, 11.7).cdf(found["p"])), np.log(found["m"])]
    error = (1 - 0.18**2) / np.sqrt(z.shape[1])
    assert np.corrcoef(normal)[0, 1] == pytest.approx(-0.18, abs=5 * error)
    np.testing.assert_array_equal(leaning.lean("doo", z), z[2])


PRIORS = """\
priors: 1
source: {who: Doo, said: 2025-04-01}
lexicon: icd203
judgements:
  up: {read_as: likely}
  down: {read_as: unlikely}
  even: {read_as: even}
  twice: {read_as: x2 (1..4)}
  half: {read_as: x0.5 (0.2..1)}
  press: {read_as: likely, by: journalist}
"""
ROWS = """\
use: {doo: doo.yaml}
EXPERTS
questions:
  u: {type: binary, prior: doo.up}
  d: {type: binary, prior: doo.down}
  e: {type: binary, prior: doo.even}
  p: {type: binary, prior: doo.press}
  m: {type: binary, prior: {base: 20%, odds: {u: doo.twice, d: doo.half}}}
"""


def leans(experts: str) -> Network:
    return network_of(ROWS.replace("EXPERTS", experts), files={"doo.yaml": PRIORS})


def test_who_leans_and_which_way() -> None:
    """rho = shift / sqrt(shift^2 + scatter^2) = 3/5; up with what is likely or raises, else down."""
    found = {
        n: p.lean for n, p in leans("experts: {doo: {shift: 0.6, scatter: 0.8}}").parameters.items()
    }
    assert found == {
        "doo.up": Lean("doo", pytest.approx(0.6), 1),
        "doo.down": Lean("doo", pytest.approx(0.6), -1),
        "doo.even": None,  # one half leans nowhere
        "doo.press": None,  # not his own claim
        "doo.twice": Lean("doo", pytest.approx(0.6), 1),
        "doo.half": Lean("doo", pytest.approx(0.6), -1),
    }


@pytest.mark.parametrize("experts", ["", "experts: {doo: {shift: 0, scatter: 0.8}}"])
def test_sources_that_are_data_do_not_lean(experts: str) -> None:
    network = leans(experts)
    assert network.experts == ()
    assert not any(parameter.lean for parameter in network.parameters.values())


# ------------------------------------------------------------------------- streams


def test_streams_belong_to_names_not_to_places() -> None:
    one, two, other_seed, other_half = (
        streams(names, *seed)
        for names, seed in (
            (["a", "b"], (7, 0)), (["c", "b", "a"], (7, 0)), (["a"], (8, 0)), (["a"], (7, 1)),
        )
    )  # fmt: skip
    a, b = (stream.standard_normal(5) for stream in one)
    c, b_again, a_again = (stream.standard_normal(5) for stream in two)
    np.testing.assert_array_equal((a, b), (a_again, b_again))
    rest = [c, b, other_seed[0].standard_normal(5), other_half[0].standard_normal(5)]
    assert all((a != other).all() for other in rest)
    first = streams(["a"], 7, 0)[0]  # growing a sample goes on where it stopped
    np.testing.assert_array_equal(
        np.concatenate([first.standard_normal(2), first.standard_normal(3)]), a
    )


def test_a_new_question_leaves_the_draws_of_others_as_they_were() -> None:
    small = network_of(
        "questions:\n  x: {type: binary, prior: likely}\n  y: {type: binary, prior: unlikely}"
    )
    large = network_of(
        "questions:\n  w: {type: binary, prior: {cases: {y: likely, otherwise: unlikely}}}\n"
        "  y: {type: binary, prior: unlikely}\n  x: {type: binary, prior: likely}"
    )
    draws = []
    for network in (small, large):
        found = Coordinates(network)
        z = found.draw(streams(found.names, 42, 0), 100)
        draws.append(found.parameters(z))
    for name, values in draws[0].items():
        np.testing.assert_array_equal(values, draws[1][name])
    assert len(draws[1]) == 4


def test_every_parameter_has_one_coordinate_and_shares_one_less_than_states() -> None:
    found = coordinates(p=Beta(1, 2), s=Dirichlet((1.0, 2.0, 3.0)), r=Gamma(1, 1))
    assert found.names == ("p", "s#0", "s#1", "r")
    assert Parameter("p", Beta(1, 2), NOWHERE).origin == NOWHERE
