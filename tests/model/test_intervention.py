"""``do`` by hand algebra: what it moves, what it leaves, and where it cannot be told."""

from __future__ import annotations

import numpy as np
import pytest
from modelling import chance, means, network_of, outcomes, posterior_of, spec_of, states
from solving import both_engines

import forecast
from forecast.errors import InvalidFile, InvalidModel
from forecast.model.network import Network
from forecast.spec.load import ScenarioSpec

CHAIN = """\
questions:
  u: {type: binary, prior: 30%}
  x: {type: binary, prior: {cases: {u: 80%, otherwise: 10%}}}
  y: {type: binary, prior: {cases: {u and x: 90%, u: 70%, x: 40%, otherwise: 5%}}}
scenarios: {happens: y, rest: otherwise}
"""


def after(body: str | ScenarioSpec, given: str | None = None, **do: str) -> Network:
    spec = body if isinstance(body, ScenarioSpec) else spec_of(body)
    return forecast.build(spec, given=given or (), do=do)


# ------------------------------------------------------------------------- what is moved


def test_a_root_that_is_set_is_a_root_that_is_given() -> None:
    """With fixed numbers and no evidence P(y | do(u)) = P(y | u) = .8 * .9 + .2 * .7."""
    expected = 0.8 * 0.9 + 0.2 * 0.7
    assert chance(after(CHAIN, u="yes")) == pytest.approx(expected, rel=1e-14)
    assert chance(network_of(CHAIN, given="u")) == pytest.approx(expected, rel=1e-14)


def test_a_confounded_cause() -> None:
    """u moves both: P(y | do(x)) = sum_u P(u) P(y | x, u), while P(y | x) weighs u by P(u | x)."""
    done = 0.3 * 0.9 + 0.7 * 0.4
    u_given_x = 0.3 * 0.8 / (0.3 * 0.8 + 0.7 * 0.1)
    given = u_given_x * 0.9 + (1 - u_given_x) * 0.4
    assert chance(after(CHAIN, x="yes")) == pytest.approx(done, rel=1e-14)
    assert chance(network_of(CHAIN, given="x")) == pytest.approx(given, rel=1e-14)
    assert states(after(CHAIN, x="yes"), "u")["yes"] == pytest.approx(0.3, rel=1e-14)


def test_the_past_is_learned_as_it_was() -> None:
    """A report that x was coming tells of u; do(x = no) keeps that and cuts the way to y.

    P(report | x) = .9, P(report | not x) = .2; P(u | report) by Bayes; then x is set.
    """
    body = CHAIN + (
        "evidence:\n- {id: e, date: 2025-04-01, text: t, source: s,"
        " likelihood: {x: 90%, otherwise: 20%}}\n"
    )
    said = {True: 0.8 * 0.9 + 0.2 * 0.2, False: 0.1 * 0.9 + 0.9 * 0.2}
    u = 0.3 * said[True] / (0.3 * said[True] + 0.7 * said[False])
    network = after(body, x="no")
    assert states(network, "u")["yes"] == pytest.approx(u, rel=1e-13)
    assert states(network, "x")["no"] == 1
    assert chance(network) == pytest.approx(u * 0.7 + (1 - u) * 0.05, rel=1e-13)


def test_two_questions_are_set_at_once() -> None:
    assert chance(after(CHAIN, u="no", x="yes")) == pytest.approx(0.4, rel=1e-14)


def test_parameters_are_those_of_the_file() -> None:
    """z shows that p is high, whatever is done: E[p | z] = (a + 1) / (a + b + 1)."""
    body = """\
judgements: {p: {read_as: {beta: [2, 3]}}}
questions:
  z: {type: binary, prior: own.p}
  x: {type: binary, prior: 40%}
  y: {type: binary, prior: {cases: {x: own.p, otherwise: 10%}}}
evidence: [{id: e, date: 2025-04-01, text: t, source: s, observed: z}]
scenarios: {happens: y, rest: otherwise}
"""
    network = after(body, x="yes")
    assert chance(network, **{"own.p": 0.37}) == pytest.approx(0.37, rel=1e-14)
    posterior = posterior_of(network)
    final = posterior.final
    error = np.sqrt(final.weights**2 @ (final.scenarios[:, 0] - 0.5) ** 2)
    assert means(posterior)[0] == pytest.approx(3 / 6, abs=4 * error)
    found = both_engines(network, {"own.p": 0.37})
    assert found == pytest.approx((0.37, 0.37), rel=1e-12)


def test_weights_and_draws_are_those_of_the_file() -> None:
    """Only outcomes differ: the posterior of theta is the same, but for the order of sums."""
    body = """\
questions:
  u: {type: binary, prior: 40% (20..60)}
  x: {type: binary, prior: {cases: {u: 80% (60..95), otherwise: 10% (3..20)}}}
  y: {type: binary, prior: {cases: {x: 70% (50..85), otherwise: 20% (5..40)}}}
statements: [{of: y, says: 15% (5..30)}]
evidence: [{id: e, date: 2025-04-01, text: t, source: s, odds: {x: x4 (2..8)}}]
scenarios: {happens: y, rest: otherwise}
"""
    as_it_is, done = (posterior_of(n) for n in (network_of(body), after(body, x="yes")))
    np.testing.assert_allclose(as_it_is.log_weights, done.log_weights, rtol=1e-9)
    for name, draws in as_it_is.parameters.items():
        np.testing.assert_allclose(done.parameters[name], draws, rtol=1e-9)
    path = "questions.y.prior.cases.x"
    np.testing.assert_allclose(done.final.scenarios[:, 0], done.parameters[path], rtol=1e-12)


# ------------------------------------------------------------------------- what stays


def test_what_has_happened_stays() -> None:
    """m is known, so x acts neither on it nor through it: P(y) = .6 whatever is done; u is learned
    from m by the way that x took: P(m | u) = sum_x P(x | u) P(m | x)."""
    body = """\
questions:
  u: {type: binary, prior: 30%}
  x: {type: binary, prior: {cases: {u: 80%, otherwise: 10%}}}
  m: {type: binary, prior: {cases: {x: 90%, otherwise: 20%}}}
  y: {type: binary, prior: {cases: {m: 60%, otherwise: 1%}}}
evidence: [{id: e, date: 2025-04-01, text: t, source: s, observed: m}]
scenarios: {happens: y, rest: otherwise}
"""
    network = after(body, x="no")
    assert chance(network) == pytest.approx(0.6, rel=1e-13)
    on, off = 0.8 * 0.9 + 0.2 * 0.2, 0.1 * 0.9 + 0.9 * 0.2
    assert states(network, "u")["yes"] == pytest.approx(
        0.3 * on / (0.3 * on + 0.7 * off), rel=1e-13
    )
    assert states(network, "x")["no"] == 1


SILENT = """\
latents:
  x: {prior: 30%}
questions:
  d:
    type: date
    window: 2025-03-30..2025-04-18
    occurs: {cases: {x: base.high, otherwise: base.low}}
    timing: [evenly]
scenarios: {happens: d, rest: otherwise}
"""
RATES = """\
priors: 1
source: {who: Record, said: 2025-03-01}
lexicon: icd203
judgements: {high: {read_as: 80%}, low: {read_as: 20%}}
"""


def test_silence_is_kept_and_goes_on() -> None:
    """Ten of twenty days are over. P(silent | x) = 1 - .8 / 2, P(silent | not x) = 1 - .2 / 2.

    Under do(x), P(d | silent) = .4 / .6. Under no intervention x is learned from the silence.
    """
    spec = spec_of("use: {base: base.yaml}\n" + SILENT, files={"base.yaml": RATES})
    as_it_is = forecast.build(spec)
    weight = 0.3 * 0.6 / (0.3 * 0.6 + 0.7 * 0.9)
    expected = weight * 0.4 / 0.6 + (1 - weight) * 0.1 / 0.9
    assert chance(as_it_is) == pytest.approx(expected, rel=1e-12)
    assert chance(after(spec, x="yes")) == pytest.approx(0.4 / 0.6, rel=1e-12)
    assert chance(after(spec, x="no")) == pytest.approx(0.1 / 0.9, rel=1e-12)


def test_a_day_is_set_to_the_day() -> None:
    """The rows before and after the day are told apart, and the cell holds no other day."""
    body = """\
questions:
  d: {type: date, occurs: 30%, timing: [evenly]}
  y: {type: binary, prior: {cases: {d by 2025-06-14: 10%, d by 2025-06-15: 60%, otherwise: 30%}}}
scenarios: {happens: y, rest: otherwise}
"""
    for day, expected in (
        ("2025-06-14", 0.1),
        ("2025-06-15", 0.6),
        ("2025-06-16", 0.3),
        ("never", 0.3),
    ):
        network = after(body, d=day)
        assert chance(network) == pytest.approx(expected, rel=1e-14)
        (state,) = [s for s, p in states(network, "d").items() if p == 1]
        assert state == day


def test_counts_and_states_are_set() -> None:
    body = """\
questions:
  n: {type: count, rate: {events: 9, in: 21 months}}
  c: {type: categorical, states: [s, t, u], prior: {shares: {s: 20%, t: 30%, u: 50%}}}
scenarios: {happens: n >= 3 and c is t, rest: otherwise}
"""
    for n, c, expected in (("3", "t", 1), ("2", "t", 0), ("7", "s", 0)):
        network = after(body, n=n, c=c)
        values = dict.fromkeys(network.parameters, 0.01)
        assert chance(network, **values) == expected


def test_what_means_nothing_stays_void() -> None:
    body = """\
questions:
  v: {type: binary, prior: 30%}
  x: {type: binary, only_if: v, prior: 40%}
scenarios: {happens: x, rest: otherwise}
"""
    assert states(after(body, x="yes"), "x") == pytest.approx({"yes": 0.3, "no": 0, "void": 0.7})
    assert states(after(body, v="yes"), "x") == pytest.approx({"yes": 0.4, "no": 0.6, "void": 0})


def test_questions_keep_their_order() -> None:
    assert list(after(CHAIN, x="yes").questions) == ["u", "x", "y"]


def test_what_hangs_on_nothing_that_is_done_does_not_change() -> None:
    network = after(CHAIN, y="yes")
    assert states(network, "x")["yes"] == pytest.approx(0.3 * 0.8 + 0.7 * 0.1, rel=1e-14)
    assert outcomes(network).scenarios[0].tolist() == [1, 0]


# ------------------------------------------------------------------------- what cannot be told

REPORT = "evidence: [{id: e, date: 2025-04-01, text: t, source: s, %s}]\n"
MIDDLE = """\
questions:
  x: {type: binary, prior: 40%}
  m: {type: binary, prior: {cases: {x: 90%, otherwise: 20%}}}
  z: {type: binary, prior: {cases: {m: 60%, otherwise: 1%}}}
"""
DATED = """\
questions:
  x: {type: binary, prior: 40%}
  d: {type: date, occurs: {cases: {x: 60%, otherwise: 20%}}, timing: [evenly]}
"""


@pytest.mark.parametrize(
    ("body", "do", "given", "said", "code"),
    [
        (
            MIDDLE + REPORT % "observed: z",
            {"x": "yes"},
            None,
            "moves `m`, and what is known of `z` rests on it",
            "not-identified",
        ),
        (
            MIDDLE + REPORT % "odds: {m: x3}",
            {"x": "yes"},
            None,
            "moves `m`, and a report speaks of it",
            "not-identified",
        ),
        (
            MIDDLE + REPORT % "observed: x",
            {"x": "no"},
            None,
            "`x` is settled by what is known",
            "not-identified",
        ),
        (
            MIDDLE,
            {"x": "no"},
            "z or not x",
            "is taken as known, and hangs on `x`",
            "not-identified",
        ),
        (
            DATED,
            {"x": "yes"},
            None,
            "`x` (line 8) foretells `d` and does not cause it",
            "predictive",
        ),
    ],
)
def test_what_cannot_be_told_is_refused(
    body: str, do: dict[str, str], given: str | None, said: str, code: str
) -> None:
    with pytest.raises(InvalidModel) as refusal:
        after(body, given, **do)
    assert [fault.code for fault in refusal.value.faults] == [code], str(refusal.value)
    assert said in refusal.value.faults[0].text
    assert refusal.value.faults[0].fix


def test_a_row_that_is_settled_in_time_is_a_cause() -> None:
    """d cannot happen before July, and what is done is done by June."""
    body = """\
questions:
  x: {type: date, occurs: 40%, timing: [evenly]}
  d: {type: date, window: 2025-07-01..2025-12-31, timing: [evenly],
      occurs: {cases: {x by 2025-06-30: 60%, otherwise: 20%}}}
scenarios: {happens: d, rest: otherwise}
"""
    assert chance(after(body, x="2025-06-15")) == pytest.approx(0.6, rel=1e-13)
    assert chance(after(body, x="2025-07-15")) == pytest.approx(0.2, rel=1e-13)


def test_a_row_that_is_settled_on_the_eve_is_a_cause() -> None:
    """Whether x comes before 1 July is known on 30 June, the day before d can happen."""
    body = """\
questions:
  x: {type: date, occurs: 40%, timing: [evenly]}
  d: {type: date, window: 2025-07-01..2025-12-31, timing: [evenly],
      occurs: {cases: {x before 2025-07-01: 60%, otherwise: 20%}}}
scenarios: {happens: d, rest: otherwise}
"""
    assert chance(after(body, x="2025-06-30")) == pytest.approx(0.6, rel=1e-13)
    assert chance(after(body, x="2025-07-01")) == pytest.approx(0.2, rel=1e-13)


def test_nothing_is_done_in_the_past() -> None:
    body = """\
questions: {d: {type: date, window: 2025-03-01..2025-12-31, occurs: 40%, timing: [evenly]}}
variants: {early: {do: {d: 2025-04-08}}, late: {do: {d: 2025-04-09}}}
"""
    spec = spec_of(body)
    assert states(after(spec, d="2025-04-09"), "d")["2025-04-09"] == 1
    with pytest.raises(InvalidFile, match="what is done acts after 2025-04-08"):
        after(spec, d="2025-04-08")


def test_a_day_that_others_are_compared_with() -> None:
    """x on 20 June: y comes before it with the share of its 10 days that lie earlier."""
    body = """\
questions:
  x: {type: date, window: 2025-06-15..2025-06-24, occurs: 50%, timing: [evenly]}
  y: {type: date, window: 2025-06-15..2025-06-24, occurs: 80%, timing: [evenly]}
scenarios: {first: y before x, second: x before y, rest: otherwise}
"""
    for day, first, second in (
        ("2025-06-20", 0.4, 0.52),
        ("2025-06-15", 0, 0.92),
        ("never", 0.8, 0),
    ):
        found = outcomes(after(body, x=day)).scenarios[0]
        np.testing.assert_allclose(found[:2], [first, second], rtol=1e-12, atol=1e-15, err_msg=day)
