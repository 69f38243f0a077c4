"""The summary: every reported figure against the draws, by another way of computing it."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from functools import cache
from typing import Any

import numpy as np
import pytest
from modelling import posterior_of, spec_of, summary_of
from scipy import stats
from scipy.special import logit

import forecast
from forecast.model.network import Network
from forecast.posterior import Posterior
from forecast.summary.contract import Summary

BODY = """\
experts: {own: {shift: 0.4, scatter: 0.7}}
latents:
  h: {type: binary, window: 2025-01-01..2025-03-31, prior: 30% (10..60)}
questions:
  y: {type: binary, prior: 40% (20..65)}
  x: {type: binary, prior: {base: 15% (5..30), odds: {y: x4 (2..8), h: x0.3 (0.1..0.8)}}}
  p: {type: categorical, states: [s, t, u], only_if: x, prior: {shares: {s: 50%, t: 30%, u: 20%}, worth: 5}}
  d: {type: date, occurs: 40% (20..60), timing: [evenly], report_by: [2025-05-31, 2025-12-31]}
  n: {type: count, rate: {events: 4, in: 9 months}, cuts: [3]}
  past: {type: binary, window: 2025-01-01..2025-03-31, prior: 50%}
  known: {type: binary, prior: 30%}
  sure: {type: binary, prior: certain}
evidence:
- {id: e, date: 2025-04-01, text: t, source: s, grade: B2, odds: {y: x3 (1.5..6)}}
- {id: k, date: 2025-04-02, text: t, source: s, observed: known}
statements:
- {of: x, says: 60%}
- {of: d, says: 10% (5..20), side: at most}
- {of: y, says: 20%, side: at least}
scenarios:
  a: {when: x and d, text: Both}
  b: x
  rest: otherwise
"""


@cache
def run() -> tuple[Network, Posterior, Summary]:
    spec = spec_of(BODY)
    network = forecast.build(spec)
    posterior = posterior_of(network)
    return network, posterior, forecast.summarise(spec, network, posterior, "f" * 64)


@cache
def document() -> dict[str, Any]:
    return dict(json.loads(run()[2].to_json()))


# ------------------------------------------------------------------------- chances


def test_chances_are_weighted_means_at_each_stage() -> None:
    _, posterior, summary = run()
    for i, found in enumerate(summary.scenarios.values()):
        for name in ("inputs", "evidence", "statements"):
            stage = posterior.stages[name]
            expected = sum(w * x for w, x in zip(stage.weights, stage.scenarios[:, i], strict=True))
            assert getattr(found.stages, name) == pytest.approx(expected, rel=1e-10)
        assert found.probability == found.stages.statements
    assert sum(s.probability for s in summary.scenarios.values()) == pytest.approx(1, abs=1e-12)


def test_states_sum_to_one_at_every_stage() -> None:
    for found in run()[2].questions.values():
        for stage in ("inputs", "evidence", "statements"):
            total = sum(getattr(chance.stages, stage) for chance in found.states.values())
            assert total == pytest.approx(1, abs=1e-10)


def test_each_stage_moves_as_the_file_says() -> None:
    """e raises y and through it x; the statement on x raises it again; d is bounded from above."""
    found = run()[2].questions
    x, y, d = (found[name].states for name in "xyd")
    assert y["yes"].stages.inputs == pytest.approx(0.4, abs=4 * y["yes"].mcse)
    assert y["yes"].stages.evidence > y["yes"].stages.inputs + 0.1
    assert x["yes"].stages.inputs < x["yes"].stages.evidence < x["yes"].stages.statements
    assert d["never"].stages.statements > d["never"].stages.evidence


def test_intervals_are_quantiles_of_the_draws() -> None:
    """With weights as whole counts, numpy's quantiles of the repeated draws; within 1e-3."""
    _, posterior, summary = run()
    counts = np.round(posterior.final.weights * 2e6).astype(int)
    values = np.repeat(posterior.final.scenarios[:, 0], counts)
    for name, levels in {"0.5": [0.25, 0.75], "0.8": [0.1, 0.9], "0.9": [0.05, 0.95]}.items():
        expected = np.quantile(values, levels)
        assert summary.scenarios["a"].intervals[name] == pytest.approx(expected, abs=1e-3)
        assert all(0 < error < 0.01 for error in summary.scenarios["a"].interval_mcse[name])


def test_intervals_at_equal_weights_are_those_of_numpy() -> None:
    body = "questions: {x: {type: binary, prior: 40% (20..65)}}\nscenarios: {s: x, rest: otherwise}"
    spec = spec_of(body)
    network = forecast.build(spec)
    posterior = posterior_of(network)
    found = forecast.summarise(spec, network, posterior).scenarios["s"].intervals
    assert found is not None
    expected = np.quantile(posterior.final.scenarios[:, 0], [0.05, 0.95], method="hazen")
    assert found["0.9"] == pytest.approx(expected, rel=1e-12)
    beta = network.parameters["questions.x.prior"].distribution
    exact = stats.beta(beta.a, beta.b).ppf([0.05, 0.95])
    assert found["0.9"] == pytest.approx(exact, abs=0.02)


def test_fixed_numbers_have_no_intervals() -> None:
    found = summary_of(
        "questions: {x: {type: binary, prior: 40%}}\nscenarios: {s: x, rest: otherwise}"
    )
    assert found.scenarios["s"].intervals is None
    assert found.scenarios["s"].interval_mcse is None
    assert found.scenarios["s"].mcse == 0
    assert found.questions["x"].states["yes"].intervals is None
    assert (found.diagnostics.khat, found.diagnostics.ess, found.diagnostics.status) == (
        None,
        None,
        "pass",
    )
    assert found.lead.likelier_in is None
    assert found.drivers == ()


# ------------------------------------------------------------------------- questions


def test_by_and_at_least_are_sums_of_states() -> None:
    questions = run()[2].questions
    d, n = questions["d"], questions["n"]
    assert list(d.by) == ["2025-05-31", "2025-12-31"]
    first = d.states["2025-04-09..2025-05-31"].probability
    assert d.by["2025-05-31"].probability == pytest.approx(first, rel=1e-10)
    assert d.by["2025-12-31"].probability == pytest.approx(
        1 - d.states["never"].probability, rel=1e-10
    )
    assert list(n.at_least["2025-12-31"]) == ["3"]
    assert n.at_least["2025-12-31"]["3"].probability == pytest.approx(
        n.states["3 or more"].probability
    )
    assert questions["x"].by is None
    assert questions["x"].at_least is None


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("x", "open"),
        ("p", "void-able"),
        ("past", "unresolved"),
        ("known", "resolved"),
        ("h", "open"),
        ("sure", "open"),
    ],
)
def test_status(name: str, status: str) -> None:
    """A latent is never resolved, nor unresolved; what was certain from the start is no news."""
    assert run()[2].questions[name].status == status


# ------------------------------------------------------------------------- statements


def test_statements_report_stated_implied_and_pull() -> None:
    network, posterior, summary = run()
    final, before = posterior.final, posterior.stages["evidence"]
    for j, (found, statement) in enumerate(
        zip(summary.statements, network.statements, strict=True)
    ):
        assert found.implied_before == pytest.approx(
            before.weights @ before.targets[:, j], rel=1e-12
        )
        assert found.implied_after == pytest.approx(final.weights @ final.targets[:, j], rel=1e-12)
        likelihood = np.exp(posterior.statement_log_likelihood[:, j])
        without = (
            (final.weights / likelihood) @ final.targets[:, j] / (final.weights / likelihood).sum()
        )
        assert found.pull == pytest.approx(found.implied_after - without, rel=1e-9)
        assert math.copysign(1, found.pull_sd) == math.copysign(1, found.pull)
        assert found.strain == 0 or abs(found.strain) == pytest.approx(
            abs(statement.stated - logit(found.implied_after)) / np.hypot(statement.sd, 0.4),
            rel=1e-9,
        )


def test_statements_pull_towards_what_they_say() -> None:
    raised, bounded, idle = run()[2].statements
    assert raised.stated == pytest.approx(0.6)
    assert raised.implied_before < 0.6
    assert raised.pull > 0.02
    assert raised.strain > 0
    assert bounded.pull < -0.02  # at most 10 %, of what was held for 40 %
    assert bounded.strain < 0
    assert abs(idle.pull) < 0.02  # at least 20 %, of what is held for more
    assert idle.strain == 0


def test_a_pull_is_the_change_that_the_statement_alone_makes() -> None:
    """Against a run of the same file without the statement: 4.5 errors of the difference."""
    body = BODY.replace("- {of: x, says: 60%}\n", "")
    spec = spec_of(body)
    network = forecast.build(spec)
    without = posterior_of(network, 7).final
    x = without.questions["x"][:, 0]
    mean = without.weights @ x
    error = np.sqrt(without.weights**2 @ (x - mean) ** 2)
    found = run()[2]
    assert found.statements[0].pull == pytest.approx(
        found.questions["x"].states["yes"].probability - mean, abs=4.5 * (2 * error)
    )


# ------------------------------------------------------------------------- drivers


def test_drivers_have_the_sign_of_their_effect() -> None:
    swings = {(d.scenario, d.parameter): d.swing for d in run()[2].drivers}
    assert swings["a", "questions.d.occurs"] > 0.05
    assert swings["b", "questions.d.occurs"] < -0.05
    assert swings["a", "questions.x.prior.base"] > 0
    assert swings["rest", "questions.x.prior.base"] < 0
    assert swings["b", "latents.h.prior"] < 0


def test_drivers_compare_top_and_bottom_tenth() -> None:
    """x is one root: P = p, so the swing is E[p | top tenth] - E[p | bottom tenth] of its Beta."""
    summary = summary_of(
        "questions: {x: {type: binary, prior: {beta: [4, 6]}}}\nscenarios: {s: x, rest: otherwise}"
    )
    law = stats.beta(4, 6)
    tails = [law.expect(lb=law.ppf(a), ub=law.ppf(b)) / 0.1 for a, b in ((0, 0.1), (0.9, 1))]
    up, down = summary.drivers
    assert (up.low, up.high) == pytest.approx(tails, abs=4.5 * up.mcse + 1e-3)
    assert up.swing == pytest.approx(tails[1] - tails[0], abs=4.5 * up.mcse + 1e-3)
    assert down.swing == pytest.approx(-up.swing, rel=1e-9)


def test_drivers_are_sorted_and_few() -> None:
    drivers = run()[2].drivers
    for name in run()[2].scenarios:
        own = [abs(d.swing) for d in drivers if d.scenario == name]
        assert own == sorted(own, reverse=True)
        assert len(own) == 8


# ------------------------------------------------------------------------- the rest


def test_evidence_is_reported() -> None:
    evidence = run()[2].evidence
    assert evidence.used == ("e", "k")
    assert evidence.probability == pytest.approx(math.exp(evidence.log_probability), rel=1e-12)
    # P(known) = .3; y: r M/(1+M) + (1-r)/2 averages near .5
    assert evidence.probability == pytest.approx(0.3 * 0.47, abs=0.02)


def test_the_lead_is_the_likeliest_scenario() -> None:
    _, posterior, summary = run()
    ranked = sorted(summary.scenarios, key=lambda name: -summary.scenarios[name].probability)
    assert [summary.lead.scenario, summary.lead.runner_up] == ranked[:2]
    first, second = (list(summary.scenarios).index(name) for name in ranked[:2])
    ahead = posterior.final.scenarios[:, first] > posterior.final.scenarios[:, second]
    assert summary.lead.likelier_in == pytest.approx(posterior.final.weights[ahead].sum(), rel=1e-9)


def test_experts_yield() -> None:
    _, posterior, summary = run()
    own = summary.experts["own"]
    assert (own.shift, own.scatter) == (0.4, 0.7)
    assert own.lean_mean == pytest.approx(
        posterior.final.weights @ posterior.leans["own"], rel=1e-12
    )
    assert own.lean_mean < 0  # he said more than the model holds, so he is thought to lean up
    assert 0.7 < own.lean_sd < 1


def test_inputs_are_traced() -> None:
    found = {p.name: p for p in run()[2].provenance.parameters}
    occurs = found["questions.d.occurs"]
    assert occurs.mean == pytest.approx(0.4)
    assert occurs.quantiles["0.95"] - occurs.quantiles["0.05"] == pytest.approx(0.4)
    assert occurs.posterior_mean < 0.4
    assert occurs.words == "40% (20..60)"
    assert occurs.place.endswith("scenario.yaml:13")
    share = found["questions.p.prior.s"]
    assert share.mean == pytest.approx(0.5)
    assert share.quantiles["0.5"] == pytest.approx(stats.beta(2.5, 2.5).median())
    rate = found["questions.n.rate"]
    assert rate.mean == pytest.approx(4.5 / (9 * 30.4375))
    multiplier = found["evidence.e.odds.y"]
    assert multiplier.quantiles == pytest.approx({"0.05": 1.5, "0.5": 3, "0.95": 6})


# ------------------------------------------------------------------------- JSON


def test_the_json_is_valid_and_whole() -> None:
    found = document()
    assert found["output_version"] == 1
    assert found["digest"] == "f" * 64
    assert list(found["scenarios"]) == ["a", "b", "rest"]
    assert found["scenarios"]["a"]["text"] == "Both"
    assert set(found["scenarios"]["a"]["stages"]) == {"inputs", "evidence", "statements"}
    assert found["as_of"] == "2025-04-08"


def test_the_json_has_no_infinities() -> None:
    """Equal weights have k-hat minus infinity, which JSON cannot say: null."""
    text = summary_of("questions: {x: {type: binary, prior: likely}}").to_json()

    def refused(name: str) -> None:
        raise AssertionError(name)

    assert json.loads(text, parse_constant=refused)["diagnostics"]["khat"] is None


def test_numbers_have_ten_significant_digits() -> None:
    digits = []

    def number(text: str) -> float:
        digits.append(len(Decimal(text).normalize().as_tuple().digits))
        return float(text)

    json.loads(run()[2].to_json(), parse_float=number)
    assert max(digits) == 10
    final = run()[1].final
    exact = float(final.weights @ final.scenarios[:, 0])
    assert document()["scenarios"]["a"]["probability"] == pytest.approx(exact, rel=5.1e-10)


# ------------------------------------------------------------------------- conflict

TORN = """\
experts: {own: {shift: 0, scatter: 0.3}}
questions:
  x: {type: binary, prior: {beta: [4, 16]}}
  y: {type: binary, prior: {cases: {x: 80% (60..95), otherwise: 10% (4..20)}}}
evidence:
- {id: e, date: 2025-04-01, text: Nothing of it was found, source: s, grade: A1, odds: {y: x0.1}}
- {id: k, date: 2025-04-02, text: It was denied, source: s, observed: not r}
statements:
- {of: y, says: SAID}
- {of: x, says: 9%}
scenarios: {s: y, rest: otherwise}
""".replace("questions:\n", "questions:\n  r: {type: binary, prior: {beta: [49.5, 0.5]}}\n")


@cache
def torn(said: str = "85%") -> Summary:
    return summary_of(TORN.replace("SAID", said))


def test_conflicts_are_named_with_what_they_are_with() -> None:
    """y is called likely; the report, the other statement and the inputs all speak against it.

    The report that r was denied (1 %) is in conflict with its input, and with nothing else.
    """
    statement, other, report = torn().conflicts
    assert (statement.kind, statement.names, statement.of) == (
        "statement",
        ("own statement 1",),
        "y",
    )
    assert statement.apart == torn().statements[0].apart > 2
    assert statement.said == pytest.approx(0.85)
    assert statement.implied < 0.1
    named = {(o.kind, o.names): o.apart for o in statement.against}
    assert {("report", ("e",)), ("statement", ("own statement 2",))} <= set(named)
    assert all(apart < statement.apart for apart in named.values() if apart is not None)
    assert ("judgement", ("questions.y.prior.cases.otherwise",)) in named
    # The other is in conflict with this one above all: without it, hardly anything is left.
    assert (other.names, other.against[0].names) == (("own statement 2",), ("own statement 1",))
    assert -1 < other.against[0].apart < 1
    assert (report.kind, report.names, report.of) == ("report", ("k",), "It was denied")
    assert report.said is report.said_to_agree is None
    assert report.implied == pytest.approx(0.01, abs=0.004)
    assert report.implied_to_agree == pytest.approx(stats.norm.cdf(-2))


def test_what_was_said_would_have_to_be_so_for_the_two_to_agree() -> None:
    """Said so instead, it lies two standard deviations from all the rest, which is as it was."""
    assert torn().conflicts[0].said_to_agree is not None
    instead = torn(f"{100 * torn().conflicts[0].said_to_agree:.6f}%")
    assert instead.statements[0].apart == pytest.approx(2, abs=0.1)


def test_what_the_rest_implies_would_have_to_be_so_for_the_two_to_agree() -> None:
    """On the scale of logits the spread stays: said - implied over it is 2 there, and apart here."""
    conflict = torn().conflicts[0]
    gap = logit(conflict.said) - logit(conflict.implied)
    left = logit(conflict.said) - logit(conflict.implied_to_agree)
    assert gap / left == pytest.approx(conflict.apart / 2, rel=1e-9)


def test_without_conflict_none_is_reported() -> None:
    assert run()[2].conflicts == ()
    assert summary_of("questions: {x: {type: binary, prior: 40%}}").conflicts == ()


def test_who_gave_way_to_a_statement() -> None:
    """One root: the mean of p moves from that of the Beta, by quadrature in logit p; in its own sd."""
    summary = summary_of(
        "experts: {own: {shift: 0, scatter: 0.5}}\n"
        "questions:\n  x: {type: binary, prior: {beta: [4, 6]}}\n  z: {type: binary, prior: likely}\n"
        "statements: [{of: x, says: 70%}]"
    )
    u = np.linspace(-15, 15, 60_001)
    p = 1 / (1 + np.exp(-u))
    weights = p**4 * (1 - p) ** 6 * stats.norm(logit(0.7), 0.5).pdf(u)
    law = stats.beta(4, 6)
    expected = (weights @ p / weights.sum() - law.mean()) / law.std()
    (moved,) = summary.statements[0].yielded
    assert (moved.parameter, moved.who, moved.words) == ("questions.x.prior", "own", "beta: [4, 6]")
    assert moved.sds == pytest.approx(expected, abs=0.06)
