"""Pools: mixtures, means in log odds, hierarchies; by hand algebra and by quadrature."""

from __future__ import annotations

import math
import re
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from modelling import chance, means, network_of, outcomes, posterior_of, states, summary_of
from scipy import integrate, stats
from scipy.special import expit, logit
from solving import both_engines

import forecast
from forecast.errors import InvalidFile
from forecast.model.distributions import Beta, LogNormal
from forecast.model.elicitation import logit_mean, logit_sd
from forecast.model.network import Network
from forecast.model.pooling import beta_of_logits, disagreement, next_judge
from forecast.views.markdown import render_markdown
from forecast.views.terminal import render_summary

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
    ],
)
def test_pools_that_cannot_be(x: str, y: str, said: str) -> None:
    unused = "".join(f"  {n}: n\n" for n in ("ann.x", "ann.y", "bob.x", "bob.y") if n not in x + y)
    with pytest.raises(InvalidFile, match=said):
        pooled(both(x, y) + (f"unused:\n{unused}" if unused else ""))


def test_a_linear_pool_is_no_statement_and_no_pool_one_of_several_shares() -> None:
    statement = "statements: [{of: x, says: " + X + "}]\nunused: {ann.y: n, bob.y: n}\n"
    with pytest.raises(InvalidFile, match="a statement cannot be a linear pool"):
        pooled(both("even", "even") + statement)
    body = (
        "questions:\n  x: {type: date, occurs: even, timing: [\n"
        "    {between: 2025-05-01..2025-05-09, share: {pool: [ann.x, bob.x], method: log_odds}},\n"
        "    {between: 2025-06-01..2025-06-09, share: 20% (10..35)}, evenly]}\n"
        "unused: {ann.y: n, bob.y: n}"
    )
    with pytest.raises(InvalidFile, match="a pool cannot be one of several shares"):
        pooled(body)


# ------------------------------------------------------------------------- wherever a chance stands


def test_a_share_of_timing_that_is_pooled() -> None:
    """With Ann nine in ten come on 1 May, with Bob two in ten; the rest evenly over ten days.

    P(x on 1 May) = .6 (s + (1 - s) / 10) in the mean over both; then Ann is likelier to be right.
    """
    body = """\
questions:
  x:
    type: date
    window: 2025-04-22..2025-05-01
    occurs: 60%
    timing: [{between: 2025-05-01..2025-05-01, share: {pool: [ann.x, bob.x], method: linear}}, evenly]
  y: {type: binary, prior: {pool: [bob.y, ann.y], method: linear}}
scenarios: {late: x in 2025-05-01..2025-05-01, rest: otherwise}
"""
    # The Normal is cut to the window, whose last day it has by half: all that is left on 1 May.
    network = pooled(body)
    table = network.nodes["x"].cpd
    assert table.scope == ("`pool of ann, bob`", "x")
    near = states(network, "x", **{**VALUES, "ann.x": 1.0, "bob.x": 1.0})["2025-05-01"] / 0.6
    on = {who: 0.6 * (s * near + (1 - s) / 10) for who, s in (("ann", 0.8), ("bob", 0.3))}
    assert chance(network, **VALUES) == pytest.approx((on["ann"] + on["bob"]) / 2, rel=1e-12)
    given = pooled(body, given="x in 2025-05-01..2025-05-01")
    expected = (on["ann"] * 0.7 + on["bob"] * 0.2) / (on["ann"] + on["bob"])
    assert states(given, "y", **VALUES)["yes"] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("more", [0, 5])
def test_a_cause_of_a_noisy_or_that_is_pooled(more: int) -> None:
    """P(x | c) = 1 - (1 - .1) (1 - p), p Ann's or Bob's; with few causes or a chain of many."""
    others = "".join(f", c{i}: 50%" for i in range(more))
    idle = "".join(f"  c{i}: {{type: binary, prior: impossible}}\n" for i in range(more))
    body = (
        f"questions:\n  c: {{type: binary, prior: 40%}}\n{idle}"
        f"  x: {{type: binary, prior: {{any_of: {{leak: 10%, c: {X}{others}}}}}}}\n"
        f"  y: {{type: binary, prior: {Y}}}\n"
        "scenarios: {both: x and y, rest: otherwise}\n"
    )
    network = pooled(body)
    assert any(" causes`" in name for name in network.nodes) == bool(more)
    expected = 0.0
    for p, q in ((0.8, 0.7), (0.3, 0.2)):
        expected += 0.5 * q * (0.6 * 0.1 + 0.4 * (1 - 0.9 * (1 - p)))
    assert chance(network, **VALUES) == pytest.approx(expected, rel=1e-12)


def test_a_leak_that_is_pooled() -> None:
    """P(x) = .6 l + .4 (1 - .5 (1 - l)) in the mean of l = .8 and .3."""
    body = both("{any_of: {leak: " + X + ", c: 50%}}", "even").replace(
        "questions:\n", "questions:\n  c: {type: binary, prior: 40%}\n"
    )
    network = pooled(body + "unused: {ann.y: n, bob.y: n}")
    expected = np.mean([0.6 * p + 0.4 * (1 - 0.5 * (1 - p)) for p in (0.8, 0.3)])
    assert states(network, "x", **VALUES, **{"questions.y.prior": 0.5})["yes"] == pytest.approx(
        expected, rel=1e-12
    )


def test_an_average_that_is_pooled_is_met_by_each() -> None:
    """Where Ann is right x has .8 on average over c, where Bob is .3; so with y as in a pool."""
    body = both("{average: " + X + ", odds: {c: x3}}", Y).replace(
        "questions:\n", "questions:\n  c: {type: binary, prior: 40%}\n"
    )
    assert chance(pooled(body), **VALUES) == pytest.approx((0.8 * 0.7 + 0.3 * 0.2) / 2, rel=1e-12)


def test_a_statement_by_several() -> None:
    """stated = (2 l_a + l_b) / 3, band^2 = (4 s_a^2 + s_b^2) / 9 + tau^2; scatter by policy."""
    says = "{pool: [ann.x, bob.x], method: log_odds, weights: [2, 1]}"
    network = pooled(
        both("even", "even")
        + f"statements: [{{of: x, says: {says}}}]\nunused: {{ann.y: n, bob.y: n}}"
    )
    a, b = (LOGS.parameters[name].distribution for name in ("ann.x", "bob.x"))
    assert isinstance(a, Beta)
    assert isinstance(b, Beta)
    logits, sds = [logit_mean(a), logit_mean(b)], [logit_sd(a), logit_sd(b)]
    (statement,) = network.statements
    assert statement.stated == pytest.approx((2 * logits[0] + logits[1]) / 3, rel=1e-12)
    band = (4 * sds[0] ** 2 + sds[1] ** 2) / 9 + disagreement(logits, sds) ** 2
    assert statement.sd == pytest.approx(math.sqrt(band + 0.8**2), rel=1e-12)
    assert statement.says == "2 judgements pooled (log_odds)"


# ------------------------------------------------------------------------- who is right

FIXED = {name: text.replace(" (60..95)", "").replace(" (10..50)", "").replace(" (50..90)", "").replace(" (5..40)", "") for name, text in FILES.items()}  # fmt: skip


def test_the_result_says_whom_the_evidence_favours() -> None:
    """After x: Ann .8 / (.8 + .3), from one half."""
    body = (
        USE
        + both(X, Y)
        + ("evidence: [{id: e, date: 2025-04-02, text: t, source: s, observed: x}]\n")
    )
    summary = summary_of(body, files=FIXED)
    pool = summary.pools["ann, bob"]
    assert pool.names == {"ann": "Ann", "bob": "Bob"}
    assert pool.questions == ("x", "y")
    ann = pool.members["ann"]
    assert ann.stages.inputs == pytest.approx(0.5, rel=1e-12)
    assert ann.probability == pytest.approx(0.8 / 1.1, rel=1e-12)
    assert pool.members["bob"].probability == pytest.approx(0.3 / 1.1, rel=1e-12)
    text = render_summary(summary, width=100, colour=False, saved_to=None)
    assert re.search(r"Who is right, of those who are pooled +weight +now", text)
    assert re.search(r"Ann on x, y +50 % +73 %", text)
    assert "| Bob on x, y | 50 % | 27 % |" in render_markdown(summary)


def test_judgements_without_a_source_are_named_by_their_words() -> None:
    body = both("{pool: [20%, 80%], method: linear}", "50%")
    pool = summary_of(body).pools["questions.x.prior"]
    assert pool.names == {"1": "20%", "2": "80%"}
    assert pool.questions == ("x",)


# ------------------------------------------------------------------------- a variant without one

CYD = {**FILES, "cyd.yaml": ANN.replace("Ann", "Cyd") + "  x: {read_as: 50% (30..70)}\n"}


def varied(method: str, drop: str, weights: str = ", weights: [2, 1, 1]") -> Network:
    x = f"{{pool: [ann.x, bob.x, cyd.x], method: {method}{weights}}}"
    body = (
        USE.replace("{ann", "{cyd: cyd.yaml, ann")
        + both(x, "50%")
        + f"variants: {{v: {{drop: [{drop}]}}}}\nunused: {{ann.y: n, bob.y: n}}\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        for name, text in CYD.items():
            (Path(folder) / name).write_text(text)
        path = Path(folder) / "s.yaml"
        head = "forecast: 1\ntitle: T\nas_of: 2025-04-08\nhorizon: 2025-12-31\nlexicon: icd203\n"
        path.write_text(head + body)
        return forecast.build(forecast.load(path, "v"))


def test_without_one_the_weights_of_the_others_are_scaled() -> None:
    """2, 1, 1 without Bob: 2/3 Ann, 1/3 Cyd, in a mixture or in logits."""
    values = {"ann.x": 0.8, "cyd.x": 0.5}
    network = varied("linear", "bob")
    assert set(network.parameters) == set(values)
    assert states(network, "x", **values)["yes"] == pytest.approx(2 / 3 * 0.8 + 0.5 / 3, rel=1e-12)
    found = states(
        varied("log_odds", "bob.x"), "x", **values, **{"questions.x.prior.disagreement": 1.0}
    )
    assert found["yes"] == pytest.approx(expit(2 / 3 * logit(0.8)), rel=1e-12)


@pytest.mark.parametrize("method", ["linear", "log_odds"])
def test_the_last_one_stands_alone(method: str) -> None:
    network = varied(method, "ann, bob.x")
    assert not network.pools
    assert states(network, "x", **{"cyd.x": 0.41})["yes"] == pytest.approx(0.41, rel=1e-14)


def test_nothing_is_left_of_a_pool_without_anyone() -> None:
    with pytest.raises(InvalidFile, match=r"`ann\.x` is the chance at"):
        varied("linear", "ann, bob, cyd")
    with pytest.raises(InvalidFile, match=r"`ann\.x` is the chance at"):
        varied("linear", "ann, bob", ", weights: [1, 1, 0]")
