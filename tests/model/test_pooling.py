"""Pools: mixtures, means in log odds, hierarchies; by hand algebra and by quadrature."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from modelling import chance, means, network_of, outcomes, posterior_of, states
from scipy import integrate, stats
from scipy.special import expit, logit
from solving import both_engines

from forecast.errors import InvalidFile
from forecast.model.distributions import Beta, LogNormal
from forecast.model.elicitation import logit_mean, logit_sd
from forecast.model.network import Network
from forecast.model.pooling import beta_of_logits, disagreement, next_judge

ANN = "priors: 1\nsource: {who: Ann, said: 2025-04-01}\nlexicon: icd203\njudgements:\n"
FILES = {
    "ann.yaml": ANN + "  x: {read_as: 80% (60..95)}\n  y: {read_as: 70% (50..90)}\n",
    "bob.yaml": ANN.replace("Ann", "Bob")
    + "  x: {read_as: 30% (10..50)}\n  y: {read_as: 20% (5..40)}\n",
}
USE = "use: {ann: ann.yaml, bob: bob.yaml}\n"


def pooled(body: str, given: str | None = None) -> Network:
    return network_of(USE + body, files=FILES, given=given or ())


def both(x: str, y: str) -> str:
    return (
        f"questions:\n  x: {{type: binary, prior: {x}}}\n  y: {{type: binary, prior: {y}}}\n"
        "scenarios: {both: x and y, rest: otherwise}\n"
    )


X = "{pool: [ann.x, bob.x], method: linear}"
Y = "{pool: [bob.y, ann.y], method: linear}"
VALUES = {"ann.x": 0.8, "bob.x": 0.3, "ann.y": 0.7, "bob.y": 0.2}


# ------------------------------------------------------------------------- linear


def test_one_of_them_is_right_throughout() -> None:
    """One selector for both questions: P(x and y) = (.8 * .7 + .3 * .2) / 2, not .55 * .45."""
    network = pooled(both(X, Y))
    assert states(network, "x", **VALUES)["yes"] == pytest.approx(0.55, rel=1e-14)
    assert states(network, "y", **VALUES)["yes"] == pytest.approx(0.45, rel=1e-14)
    assert chance(network, **VALUES) == pytest.approx((0.8 * 0.7 + 0.3 * 0.2) / 2, rel=1e-14)


def test_what_is_seen_tells_who_is_right() -> None:
    """P(y | x) = (.8 * .7 + .3 * .2) / (.8 + .3), by either engine."""
    network = pooled(both(X, Y), given="x")
    assert states(network, "y", **VALUES)["yes"] == pytest.approx(0.62 / 1.1, rel=1e-13)
    assert both_engines(network, VALUES) == pytest.approx((0.55, 0.55), rel=1e-12)


def test_weights_scale_to_one_and_go_with_the_people() -> None:
    """Ann counts three times; her weight stands second in the pool that names her second."""
    x = "{pool: [ann.x, bob.x], method: linear, weights: [3, 1]}"
    y = "{pool: [bob.y, ann.y], method: linear, weights: [0.25, 0.75]}"
    network = pooled(both(x, y))
    expected = 0.75 * 0.8 * 0.7 + 0.25 * 0.3 * 0.2
    assert chance(network, **VALUES) == pytest.approx(expected, rel=1e-14)


def test_cooke_is_linear_with_his_weights() -> None:
    x = "{pool: [ann.x, bob.x], method: cooke, weights: [1, 0]}"
    network = pooled(both(x, "even") + "unused: {ann.y: n, bob.y: n}")
    assert states(network, "x", **VALUES, **{"questions.y.prior": 0.5})["yes"] == 0.8


def test_judgements_without_a_source_have_a_selector_of_their_own() -> None:
    """Two pools of plain numbers share nothing: P(x and y) = .5 * .4."""
    network = pooled(
        both("{pool: [20%, 80%], method: linear}", "{pool: [30%, 50%], method: linear}")
        + "unused: {ann.x: n, ann.y: n, bob.x: n, bob.y: n}"
    )
    assert chance(network) == pytest.approx(0.5 * 0.4, rel=1e-14)


def test_a_stored_pool_is_one_judgement_wherever_it_is_used() -> None:
    """Within rows, in the base of odds, and as a likelihood."""
    body = """\
judgements: {agreed: {read_as: {pool: [ann.x, bob.x], method: linear}}}
questions:
  a: {type: binary, prior: 40%}
  x: {type: binary, prior: {cases: {a: own.agreed, otherwise: {base: own.agreed, odds: {not a: x3}}}}}
scenarios: {happens: x, rest: otherwise}
evidence: [{id: e, date: 2025-04-01, text: t, source: s, likelihood: {a: own.agreed, otherwise: 20%}}]
unused: {ann.y: n, bob.y: n}
"""
    network = pooled(body)
    total = happens = 0.0
    for p in (0.8, 0.3):
        raised = 3 * p / (3 * p + 1 - p)
        total += 0.5 * (0.4 * p + 0.6 * 0.2)
        happens += 0.5 * (0.4 * p * p + 0.6 * 0.2 * raised)
    values = {"ann.x": 0.8, "bob.x": 0.3}
    assert chance(network, **values) == pytest.approx(happens / total, rel=1e-13)
    assert set(network.parameters) == {"ann.x", "bob.x"}


# ------------------------------------------------------------------------- log odds


@given(st.floats(1e-12, 1 - 1e-12), st.floats(1e-12, 1 - 1e-12), st.floats(0.1, 10))
def test_log_odds_is_the_mean_in_logits(p: float, q: float, m: float) -> None:
    """logit P = (2 logit p + logit q) / 3 + log m, m = exp Normal(0, tau^2)."""
    values = {"ann.x": p, "bob.x": q, "questions.x.prior.disagreement": m, "questions.y.prior": 0.5}
    found = outcomes(LOGS, **values).questions["x"][0, 0]
    expected = expit((2 * logit(p) + logit(q)) / 3 + math.log(m))
    assert found == pytest.approx(expected, rel=1e-9)


LOGS = pooled(
    both("{pool: [ann.x, bob.x], method: log_odds, weights: [2, 1]}", "even")
    + "unused: {ann.y: n, bob.y: n}"
)


def test_log_odds_by_both_engines() -> None:
    body = both("{pool: [ann.x, bob.x], method: log_odds}", "even") + "unused: {ann.y: n, bob.y: n}"
    values = {
        "ann.x": 0.8,
        "bob.x": 0.3,
        "questions.x.prior.disagreement": 1.7,
        "questions.y.prior": 0.5,
    }
    expected = expit((logit(0.8) + logit(0.3)) / 2 + math.log(1.7))
    found = both_engines(pooled(body, given="x"), values)
    assert found == pytest.approx((expected, expected), rel=1e-12)


def test_the_noise_is_how_far_they_disagree() -> None:
    noise = LOGS.parameters["questions.x.prior.disagreement"].distribution
    members = [LOGS.parameters[name].distribution for name in ("ann.x", "bob.x")]
    assert isinstance(noise, LogNormal)
    logits = [logit_mean(m) for m in members if isinstance(m, Beta)]
    sds = [logit_sd(m) for m in members if isinstance(m, Beta)]
    assert (noise.mu, noise.sd) == (0.0, disagreement(logits, sds))


def density(tau: float, logits: list[float], sds: list[float], scale: float) -> float:
    """p(tau | l) up to a constant, mu integrated out numerically."""

    def joint(mu: float) -> float:
        spread = np.hypot(sds, tau)
        return float(np.prod(stats.norm.pdf(logits, mu, spread)))

    inside = integrate.quad(joint, -15, 15, points=logits, limit=200)[0]
    return float(stats.halfnorm.pdf(tau, scale=scale)) * inside


@pytest.mark.parametrize(
    ("logits", "sds", "scale"),
    [([-1.0, 1.5], [0.6, 0.4], 1.0), ([0.2, 0.3, -0.1], [0.5, 0.7, 0.9], 0.7)],
)
def test_disagreement_and_hierarchy_by_quadrature(
    logits: list[float], sds: list[float], scale: float
) -> None:
    """E[tau^2 | l]; and the mean and variance of Normal(mu, tau^2) given l, by direct integration."""
    taus = (np.arange(200) + 0.5) * 7 * scale / 200
    weights = np.array([density(tau, logits, sds, scale) for tau in taus])
    weights /= weights.sum()
    assert disagreement(logits, sds, scale) ** 2 == pytest.approx(weights @ taus**2, rel=5e-3)
    centres, variances = [], []
    for tau in taus:
        precision = 1 / (np.square(sds) + tau**2)
        centres.append(precision @ logits / precision.sum())
        variances.append(1 / precision.sum() + tau**2)
    mean = weights @ centres
    spread = weights @ (np.array(variances) + (np.array(centres) - mean) ** 2)
    beta = next_judge(logits, sds, scale)
    assert logit_mean(beta) == pytest.approx(mean, abs=2e-3)
    assert logit_sd(beta) == pytest.approx(math.sqrt(spread), rel=3e-3)


@given(st.floats(-4, 4), st.floats(0.05, 3))
def test_a_beta_by_its_logits(mean: float, sd: float) -> None:
    beta = beta_of_logits(mean, sd)
    assert logit_mean(beta) == pytest.approx(mean, abs=1e-9)
    assert logit_sd(beta) == pytest.approx(sd, rel=1e-9)


def test_disagreement_is_not_averaged_away() -> None:
    """Ten people on either side of a question are no surer of it than two."""
    two = next_judge([-2.0, 2.0], [0.5, 0.5])
    many = next_judge([-2.0, 2.0] * 10, [0.5] * 20)
    assert logit_sd(many) > 1.7
    assert logit_sd(two) > 1.5
    assert disagreement([-2.0, 2.0] * 10, [0.5] * 20) > 1.7


def test_a_hierarchy_is_one_parameter() -> None:
    body = (
        both("{pool: [ann.x, bob.x], method: hierarchical}", "even")
        + "unused: {ann.y: n, bob.y: n}"
    )
    network = pooled(body)
    assert set(network.parameters) == {"questions.x.prior", "questions.y.prior"}
    posterior = posterior_of(network)
    beta = network.parameters["questions.x.prior"].distribution
    assert isinstance(beta, Beta)
    assert (
        network.parameters["questions.x.prior"].origin.words == "2 judgements pooled (hierarchical)"
    )
    found = posterior.final.weights @ posterior.final.questions["x"][:, 0]
    assert found == pytest.approx(beta.mean, abs=4.5 * 0.25 / 8192**0.5)
    assert means(posterior)[0] == pytest.approx(beta.mean * 0.5, abs=4.5 * 0.25 / 8192**0.5)


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [
        (
            X,
            "{pool: [ann.y, bob.y], method: linear, weights: [2, 1]}",
            "ann, bob are weighted otherwise in another pool",
        ),
        (
            "{pool: [ann.x, certain], method: log_odds}",
            "even",
            "what is certain outweighs all others",
        ),
        (
            "{any_of: {leak: {pool: [ann.x, bob.x], method: linear}, y: even}}",
            "even",
            "a linear pool cannot be a cause",
        ),
    ],
)
def test_pools_that_cannot_be(x: str, y: str, said: str) -> None:
    unused = "".join(f"  {n}: n\n" for n in ("ann.x", "ann.y", "bob.x", "bob.y") if n not in x + y)
    with pytest.raises(InvalidFile, match=said):
        pooled(both(x, y) + (f"unused:\n{unused}" if unused else ""))
