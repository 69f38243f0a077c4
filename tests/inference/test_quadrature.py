"""Importance sampling against numerical integration, on models small enough for it.

Truth: the trapezoidal rule over the standard Normals behind the parameters and the experts' leans,
written from the definition of the model: priors by scipy.stats, likelihoods by hand. 61 and 121
nodes a dimension agree to 1e-6, a thousandth of the Monte Carlo errors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from modelling import Array, errors, means, network_of, posterior_of
from scipy import integrate, stats
from scipy.special import logit, ndtr

from forecast.model.distributions import Beta
from forecast.model.elicitation import beta_of_width
from forecast.model.network import Network
from forecast.posterior import Posterior

SEEDS = range(6)


def beta(p: float, low: float, high: float) -> Beta:
    """``p (low..high)`` in percent; that this is right, test_elicitation.py shows."""
    return beta_of_width(p / 100, (high - low) / 100)


def quantile(prior: Beta, z: Array) -> Array:
    return np.asarray(stats.beta(prior.a, prior.b).ppf(ndtr(z)))


type Answer = tuple[list[Array], Array | float, list[Array]]


@dataclass(frozen=True)
class Truth:
    """A file, and its meaning: ``model(known, z...)`` returns the chances of scenarios before or
    after the evidence, P(evidence | theta), and the log likelihood of each statement."""

    body: str
    dimensions: int
    model: Callable[..., Answer]

    @property
    def network(self) -> Network:
        return network_of(self.body)

    def moments(self, stage: str, nodes: int = 121) -> Array:
        """Return the chances of the scenarios."""
        z = np.linspace(-8, 8, nodes)
        axes = np.meshgrid(*[z] * self.dimensions, indexing="ij", sparse=True)
        chances, evidence, logs = self.model(stage != "inputs", *axes)
        weights = np.exp(-0.5 * sum(axis**2 for axis in axes))
        if stage != "inputs":
            weights = weights * evidence
        if stage == "statements":
            weights = weights * np.exp(sum(logs))
        return np.array([(weights * c).sum() for c in chances]) / weights.sum()


def two_sided(u: Array, sd: float) -> Array:
    return np.asarray(stats.norm(0, sd).logpdf(u))


# One root, one statement of a bare number, policy shift .5 and scatter .8.
ONE = Truth(
    "questions: {x: {type: binary, prior: 40% (20..65)}}\nstatements: [{of: x, says: 75%}]\n"
    "scenarios: {s: x, rest: otherwise}",
    2,
    lambda _, z, b: (
        [p := quantile(beta(40, 20, 65), z)],
        1.0,
        [two_sided(logit(0.75) + 0.5 * b - logit(p), 0.8)],
    ),
)


def _shared(_: bool, z1: Array, z2: Array, b: Array) -> Answer:
    p, q = quantile(beta(50, 20, 80), z1), quantile(beta(30, 10, 60), z2)
    return (
        [p, (1 - p) * q],
        1.0,
        [
            two_sided(logit(0.8) + 1.2 * b - logit(p), 0.4),
            two_sided(logit(0.1) - 1.2 * b - logit(q), 0.4),
        ],
    )


# Two roots, two statements of one man who may be wrong about his story as a whole.
SHARED = Truth(
    "experts: {own: {shift: 1.2, scatter: 0.4}}\nquestions:\n"
    "  x: {type: binary, prior: 50% (20..80)}\n  y: {type: binary, prior: 30% (10..60)}\n"
    "statements: [{of: x, says: 80%}, {of: y, says: 10%}]\n"
    "scenarios: {x: x, y: y, rest: otherwise}",
    3,
    _shared,
)


def _sided(known: bool, z1: Array, z2: Array, b: Array) -> Answer:
    """x given y; a report of grade B3 on y, known to the first speaker and not to the second."""
    y, m = quantile(beta(30, 10, 60), z1), np.exp(np.log(3) + np.log(8 / 1.5) / 3.2897072539 * z2)
    odds = 0.1 / 0.9 * m
    given_y = odds / (1 + odds)
    r = 0.9 * 0.75
    yes, no = r * 0.75 + (1 - r) / 2, r * 0.25 + (1 - r) / 2
    evidence = y * yes + (1 - y) * no
    after = y * yes / evidence

    def implied(chance: Array) -> Array:
        return chance * given_y + (1 - chance) * 0.1

    now = after if known else y
    return (
        [implied(now), now * (1 - given_y)],
        evidence,
        [
            stats.norm.logcdf((logit(0.12) - 0.5 * b - logit(implied(after))) / 0.8),
            two_sided(logit(0.6) + 0.5 * b - logit(y), 0.8),
        ],
    )


SIDED = Truth(
    "questions:\n  y: {type: binary, prior: 30% (10..60)}\n"
    "  x: {type: binary, prior: {base: 10%, odds: {y: x3 (1.5..8)}}}\n"
    "evidence: [{id: e, date: 2025-04-01, text: t, source: s, grade: B3, odds: {y: x3}}]\n"
    "statements: [{of: x, says: 12%, side: at most}, {of: y, says: 60%, informed_by: none}]\n"
    "scenarios: {x: x, y: y, rest: otherwise}",
    3,
    _sided,
)
TRUTHS = {"one": ONE, "shared": SHARED, "sided": SIDED}


@cache
def truth_of(name: str, stage: str) -> Array:
    return TRUTHS[name].moments(stage)


@cache
def posterior(name: str, seed: int) -> Posterior:
    return posterior_of(TRUTHS[name].network, seed)


def test_one_statement_in_closed_form() -> None:
    """b integrates out: u ~ N(0, sqrt(.8^2 + .5^2)); so one dimension is left, by adaptive quadrature."""
    prior = beta(40, 20, 65)

    def weight(p: float) -> float:
        u = logit(0.75) - logit(p)
        return float(stats.beta(prior.a, prior.b).pdf(p) * stats.norm(0, np.hypot(0.8, 0.5)).pdf(u))

    total = integrate.quad(weight, 0, 1, epsabs=1e-12)[0]
    mean = integrate.quad(lambda p: p * weight(p), 0, 1, epsabs=1e-12)[0] / total
    assert ONE.moments("statements")[0] == pytest.approx(mean, abs=1e-6)
    assert ONE.moments("inputs")[0] == pytest.approx(0.4, abs=1e-6)


@pytest.mark.parametrize("name", TRUTHS)
def test_the_quadrature_has_converged(name: str) -> None:
    truth = TRUTHS[name]
    for stage in ("inputs", "evidence", "statements"):
        np.testing.assert_allclose(truth.moments(stage, 61), truth.moments(stage), atol=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", TRUTHS)
def test_every_chance_is_right_within_its_error(name: str, seed: int) -> None:
    found = posterior(name, seed)
    assert found.diagnostics.status != "fail", found.diagnostics.reasons
    for stage in ("inputs", "evidence", "statements"):
        expected = truth_of(name, stage)
        distance = np.abs(means(found, stage)[: len(expected)] - expected)
        assert (distance < 4.5 * errors(found, stage)[: len(expected)] + 1e-5).all()


@pytest.mark.parametrize("name", TRUTHS)
@pytest.mark.parametrize("stage", ["inputs", "statements"])
def test_errors_are_neither_too_small_nor_too_large(name: str, stage: str) -> None:
    """40 seeds: (estimate - truth) / error has mean near 0 and sd within [0.7, 1.4].

    For 40 independent standard Normals the sd lies outside with chance 0.001, and |mean| > 0.6
    with chance 0.0002.
    """
    expected = truth_of(name, stage)
    runs = [posterior(name, seed) for seed in range(40)]
    scores = np.array(
        [
            (means(p, stage)[: len(expected)] - expected) / errors(p, stage)[: len(expected)]
            for p in runs
        ]
    )
    assert (np.abs(scores.mean(axis=0)) < 0.6).all()
    assert ((scores.std(axis=0) > 0.7) & (scores.std(axis=0) < 1.4)).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_p_of_the_evidence(seed: int) -> None:
    """E[P(e | theta)] = P(y) .675 .75 + ... at the mean of P(y): .3 (it is linear in it)."""
    expected = 0.3 * (0.675 * 0.75 + 0.1625) + 0.7 * (0.675 * 0.25 + 0.1625)
    spread = 0.675 * 0.5 * stats.beta(*vars_of(beta(30, 10, 60))).std()
    found = np.exp(posterior("sided", seed).log_evidence)
    assert found == pytest.approx(expected, abs=4.5 * spread / np.sqrt(4096))


def vars_of(prior: Beta) -> tuple[float, float]:
    return prior.a, prior.b


def test_a_statement_pulls_and_its_expert_yields() -> None:
    """He says 75 % of what is held for 40 %: the truth lies between, and his lean is positive.

    E[b] by quadrature of b in place of a chance.
    """
    moments = Truth("", 2, lambda k, z, b: ([b], 1.0, ONE.model(k, z, b)[2])).moments("statements")
    for seed in SEEDS:
        found = posterior("one", seed)
        lean, weights = found.leans["own"], found.final.weights
        error = np.sqrt(weights**2 @ (lean - weights @ lean) ** 2)
        assert weights @ lean == pytest.approx(moments[0], abs=4.5 * error)
        assert 0.4 < means(found)[0] < 0.75
    assert moments[0] < 0  # he leaned up: what he says is read down, by shift times b


# ------------------------------------------------------------------------- what he knew

KNEW = (
    "experts: {own: {shift: 0, scatter: SD}}\nquestions: {x: {type: binary, prior: 40% (20..65)}}\n"
    "EVIDENCEstatements: [{of: x, says: 70%}]\nscenarios: {s: x, rest: otherwise}"
)
LISTED = "evidence: [{id: e, date: 2025-04-01, text: t, source: s, odds: {x: x4}}]\n"


@pytest.mark.parametrize("sd", [0.05, 0.8])
def test_evidence_that_he_knew_counts_once(sd: float) -> None:
    """m = P(x | e, theta) when e is listed, P(x | theta) when it is not.

    As sd -> 0 both give 70 %. Else what is listed moves the forecast from where it stands without
    towards what the evidence alone implies, and not beyond either. Quadrature for both.
    """
    prior, found = beta(40, 20, 65), {}
    for factor, listed in ((1.0, ""), (4.0, LISTED)):

        def model(_: bool, z: Array, factor: float = factor) -> Answer:
            p = quantile(prior, z)
            evidence = (p * factor + 1 - p) / (1 + factor)
            chance = p * factor / (p * factor + 1 - p)
            return [chance], evidence, [two_sided(logit(0.7) - logit(chance), sd)]

        truth = Truth(KNEW.replace("SD", str(sd)).replace("EVIDENCE", listed), 1, model)
        expected = truth.moments("statements", 4001)[0]
        result = posterior_of(truth.network)
        assert means(result)[0] == pytest.approx(expected, abs=4.5 * errors(result)[0] + 1e-5)
        found[factor] = expected, truth.moments("evidence", 4001)[0]
    (without, _), (listed_too, informed) = found[1.0], found[4.0]
    assert without <= listed_too <= informed
    if sd < 0.1:
        assert listed_too == pytest.approx(without, abs=0.004)
        assert without == pytest.approx(0.7, abs=0.004)
