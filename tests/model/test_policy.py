"""``defaults:``: the constants of the house, overridden by a file, used and reported."""

from __future__ import annotations

import numpy as np
import pytest
from modelling import network_of, spec_of, states

import forecast
from forecast.model.distributions import Beta, Dirichlet, Gamma, LogNormal
from forecast.model.pooling import disagreement
from forecast.views.policy import policy_notes

BODY = """\
questions:
  x: {type: binary, prior: 20%}
  y: {type: binary, prior: {cases: {x: even, otherwise: unlikely}}}
evidence: [{id: e, date: 2025-04-01, text: t, source: s, grade: B3, observed: x}]
statements: [{of: y, says: 40%}]
"""


def test_grades() -> None:
    """r = .5 * .75: P(report | x) = r + (1 - r) / 2, P(report | not x) = (1 - r) / 2."""
    network = network_of("defaults: {grades: {B: 0.5}}\n" + BODY)
    r = 0.5 * 0.75
    yes, no = 0.2 * (r + (1 - r) / 2), 0.8 * (1 - r) / 2
    values = dict.fromkeys(network.parameters, 0.5)
    assert states(network, "x", **values)["yes"] == pytest.approx(yes / (yes + no), rel=1e-12)
    assert network.reports["e"].reliability == pytest.approx(r)


def test_speakers() -> None:
    (statement,) = network_of("defaults: {shift: 0.2, scatter: 1.5}\n" + BODY).statements
    assert (statement.shift, statement.sd) == (0.2, 1.5)
    (statement,) = network_of(BODY).statements
    assert (statement.shift, statement.sd) == (0.5, 0.8)


def test_discounts_of_base_rates_that_state_none() -> None:
    """Beta(w (k + 1/2), w (n - k + 1/2)) with w = .5; a discount that is stated stays."""
    body = """\
defaults: {discount: 0.5}
questions:
  x: {type: binary, prior: {successes: 3, of: 9}}
  y: {type: binary, prior: {successes: 3, of: 9, discount: 1}}
  n: {type: count, rate: {events: 4, in: 10 days}}
  c: {type: categorical, states: [s, t], prior: {counts: {s: 1, t: 2}}}
"""
    network = network_of(body)
    assert network.parameters["questions.x.prior"].distribution == Beta(1.75, 3.25)
    assert network.parameters["questions.y.prior"].distribution == Beta(3.5, 6.5)
    assert network.parameters["questions.n.rate"].distribution == Gamma(2.25, 5.0)
    assert network.parameters["questions.c.prior"].distribution == Dirichlet((0.75, 1.25))


def test_disagreement_of_pools() -> None:
    body = "questions: {x: {type: binary, prior: {pool: [10%, 60%], method: log_odds}}}\n"
    network = network_of("defaults: {disagreement: 0.3}\n" + body)
    noise = network.parameters["questions.x.prior.disagreement"].distribution
    logits = [float(np.log(p / (1 - p))) for p in (0.1, 0.6)]
    assert isinstance(noise, LogNormal)
    assert noise.sd == pytest.approx(disagreement(logits, [0.0, 0.0], 0.3), rel=1e-12)


def test_what_was_used_is_reported() -> None:
    body = BODY.replace("prior: 20%", "prior: {pool: [10%, 60%], method: log_odds}")
    spec = spec_of("defaults: {grades: {3: 0.7}, scatter: 1, discount: 0.5}\n" + body)
    network = forecast.build(spec)
    summary = forecast.summarise(spec, network, forecast.infer(network, draws=200))
    assert list(policy_notes(summary)) == [
        "grades A .98 B .9 C .75 D .4 E .1 F .3, 1 .99 2 .9 3 .7 4 .4 5 .1 6 .3",
        "speakers not under `experts`: shift 0.5, scatter 1 logits",
        "disagreement in pools: half-normal, scale 1 logits",
        "base rates that state none: discount 0.5",
    ]


def test_what_was_not_used_is_not_reported() -> None:
    body = "questions: {x: {type: binary, prior: 30% (10..50)}}\n"
    spec = spec_of(body)
    network = forecast.build(spec)
    summary = forecast.summarise(spec, network, forecast.infer(network, draws=200))
    assert list(policy_notes(summary)) == []


def test_words_for_multipliers() -> None:
    """The bands of Jaeschke et al. (1994) for likelihood ratios, as central 90 %; down is 1 / up."""
    body = """\
questions:
  y: {type: binary, prior: 20%}
  x: {type: binary, prior: {base: 30%, odds: {y: strongly up}}}
  w: {type: binary, prior: {base: 30%, odds: {y: weakly down}}}
"""
    network = network_of(body)
    strong = network.parameters["questions.x.prior.odds.y"].distribution
    weak = network.parameters["questions.w.prior.odds.y"].distribution
    assert isinstance(strong, LogNormal)
    assert isinstance(weak, LogNormal)
    z = 1.6448536269514722
    assert np.exp([strong.mu - z * strong.sd, strong.mu + z * strong.sd]) == pytest.approx([5, 10])
    assert np.exp([weak.mu - z * weak.sd, weak.mu + z * weak.sd]) == pytest.approx([0.5, 1])
    own = network_of("defaults: {multipliers: {strongly up: x4 (2..8)}}\n" + body)
    read = own.parameters["questions.x.prior.odds.y"].distribution
    assert isinstance(read, LogNormal)
    assert read.mu == pytest.approx(np.log(4))


def test_words_for_multipliers_are_told_with_the_result() -> None:
    spec = spec_of(
        "questions: {y: {type: binary, prior: 20%}, "
        "x: {type: binary, prior: {base: 30%, odds: {y: up}}}}\n"
    )
    network = forecast.build(spec)
    summary = forecast.summarise(spec, network, forecast.infer(network, draws=200))
    assert "`up`: x3.2 (2..5)" in list(policy_notes(summary))
