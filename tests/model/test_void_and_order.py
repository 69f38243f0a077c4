"""Void questions and ordered states, through every form that can name them; each value by hand."""

from __future__ import annotations

import math

import pytest
from modelling import chance, network_of, states, summary_of

from forecast.errors import InvalidFile

# ------------------------------------------------------------------------- void

P = 0.3  # that g holds; else the three below are void

VOID = """\
questions:
  g: {type: binary, prior: 30%}
  b: {type: binary, only_if: g, prior: 60%}
  c: {type: categorical, only_if: g, states: [low, mid, high], ordered: true, prior: {shares: {low: 20%, mid: 30%, high: 50%}}}
  d: {type: date, only_if: g, window: 2025-04-09..2025-04-18, occurs: 40%, timing: [evenly]}
  n: {type: count, only_if: g, rate: {events: 9, in: 3 months}}
  e: {type: date, window: 2025-04-09..2025-04-18, occurs: 50%, timing: [evenly]}
"""


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("b", P * 0.6),
        ("not b", 1 - P * 0.6),
        ("b is no", P * 0.4),
        ("b is not no", P * 0.6),
        ("not (b is no)", 1 - P * 0.4),
        ("b is yes|no", P),
        ("c is not low", P * 0.8),
        ("not (c is low)", 1 - P * 0.2),
        ("c >= mid", P * 0.8),
        ("not (c >= low)", 1 - P),
        ("d", P * 0.4),
        ("not d", 1 - P * 0.4),
        ("d by 2025-04-13", P * 0.2),
        ("not (d by 2025-04-13)", 1 - P * 0.2),
        ("d before 2025-04-13", P * 0.16),
        ("n >= 0", P),
        ("not (n >= 0)", 1 - P),
        # d void: neither before e nor after it; e never: after d. Both on ten days: 45 of 100 pairs.
        ("d before e", P * 0.4 * (0.5 + 0.5 * 0.45)),
        ("e before d", P * 0.5 * (0.6 + 0.4 * 0.45)),
        ("not (e before d)", 1 - P * 0.5 * (0.6 + 0.4 * 0.45)),
        ("d within 0 days of e", P * 0.4 * 0.5 * 0.1),
        ("at least 1 of b, d, e", 1 - 0.5 * (1 - P + P * 0.4 * 0.6)),
        ("at least 3 of b, d, e", P * 0.6 * 0.4 * 0.5),
        ("not at least 2 of b, d", 1 - P * 0.24),
    ],
)  # fmt: skip
def test_every_atom_about_a_void_question_is_false(condition: str, expected: float) -> None:
    network = network_of(VOID + f'scenarios: {{s: "{condition}", rest: otherwise}}')
    assert chance(network, **{"questions.n.rate": 0.1}) == pytest.approx(expected, rel=1e-12)


def test_derived_questions_of_void_ones() -> None:
    """A void part counts as never: the earliest is the other's day, the latest never is."""
    network = network_of(
        VOID + "  x: {type: binary, means: not b}\n"
        '  first: {type: date, means: "earliest(d, e)", report_by: [2025-04-13]}\n'
        '  last: {type: date, means: "latest(d, e)", report_by: [2025-04-13]}\n'
        '  own: {type: date, only_if: not g, means: "latest(d, e)"}\n'
    )
    values = {"questions.n.rate": 0.1}
    assert states(network, "x", **values)["yes"] == pytest.approx(1 - P * 0.6, rel=1e-12)
    first, last = states(network, "first", **values), states(network, "last", **values)
    by_5 = 1 - (1 - P * 0.2) * (1 - 0.25)
    assert first["2025-04-09..2025-04-13"] == pytest.approx(by_5, rel=1e-12)
    assert first["never"] == pytest.approx((1 - P * 0.4) * 0.5, rel=1e-12)
    assert last["2025-04-09..2025-04-13"] == pytest.approx(P * 0.2 * 0.25, rel=1e-12)
    assert last["never"] == pytest.approx(1 - P * 0.4 * 0.5, rel=1e-12)
    own = states(network, "own", **values)
    assert own["void"] == pytest.approx(P, rel=1e-12)
    assert own["never"] == pytest.approx(1 - P, rel=1e-12)  # not g: d is void, so it never is


def test_statements_reports_and_summaries_of_void_questions() -> None:
    """A report that d happened tells that it is not void: P(g | d observed) = 1."""
    body = VOID + (
        "statements:\n  - {of: not b, says: 70% (50..85)}\n"
        "evidence:\n  - {id: r, date: 2025-04-08, text: t, source: s, observed: c >= mid}\n"
        "scenarios: {s: g, rest: otherwise}\n"
    )
    summary = summary_of(body)
    assert summary.scenarios["s"].probability == pytest.approx(1.0)
    assert summary.questions["b"].status == "void-able"
    assert summary.questions["b"].states["void"].stages.inputs == pytest.approx(1 - P)
    (statement,) = summary.statements
    assert statement.implied_before == pytest.approx(0.4, abs=1e-9)  # g holds: P(not b) = .4


# ------------------------------------------------------------------------- ordered states

ORDERED = """\
questions:
  t: {type: categorical, ordered: true, states: [low, medium, high, very high], prior: {shares: {low: 10%, medium: 20%, high: 30%, very high: 40%}}}
  x: {type: binary, prior: {cases: {t >= high: 80%, t >= medium: 50%, otherwise: 10%}}}
"""


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("t >= medium", 0.9),
        ("t > medium", 0.7),
        ("t < high", 0.3),
        ("t <= high", 0.6),
        ("t >= `very high`", 0.4),
        ("t < low", 0.0),
        ("not (t < `very high`)", 0.4),
        ("t >= medium and t < high", 0.2),
        ("t is high", 0.3),
        ("x", 0.7 * 0.8 + 0.2 * 0.5 + 0.1 * 0.1),
    ],
)
def test_ordered_states(condition: str, expected: float) -> None:
    network = network_of(ORDERED + f'scenarios: {{s: "{condition}", rest: otherwise}}')
    assert chance(network) == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_a_report_about_ordered_states() -> None:
    """q is the share of the states: P(r | s) = r [t >= high] + (1 - r) 2 / 4."""
    network = network_of(
        ORDERED
        + "evidence:\n  - {id: e, date: 2025-04-08, text: t, source: s, grade: C3, observed: t >= high}\n"
        "scenarios: {s: t >= high, rest: otherwise}"
    )
    r = 0.75 * 0.75
    yes, no = r + (1 - r) / 2, (1 - r) / 2
    assert chance(network) == pytest.approx(0.7 * yes / (0.7 * yes + 0.3 * no), rel=1e-12)


def test_states_that_are_numbers_are_compared_by_their_order() -> None:
    network = network_of(
        "questions: {t: {type: categorical, ordered: true, states: [10, 9, 2], prior: {shares: {10: 50%, 9: 30%, 2: 20%}}}}\n"
        "scenarios: {s: t >= 9, rest: otherwise}"
    )
    assert chance(network) == pytest.approx(0.5, rel=1e-12)


def test_an_unknown_state_in_a_comparison() -> None:
    with pytest.raises(InvalidFile, match="has no state `hihg`; did you mean `high`"):
        network_of(ORDERED + "scenarios: {s: t >= hihg, rest: otherwise}")


def test_at_least_counts_like_the_binomial() -> None:
    """Of five with chance p each, at least k: the upper tail of Binomial(5, p)."""
    names = "abcde"
    body = "questions:\n" + "".join(f"  {n}: {{type: binary, prior: 35%}}\n" for n in names)
    for k in range(1, 6):
        network = network_of(
            body + f'scenarios: {{s: "at least {k} of {", ".join(names)}", rest: otherwise}}'
        )
        tail = sum(math.comb(5, i) * 0.35**i * 0.65 ** (5 - i) for i in range(k, 6))
        assert chance(network) == pytest.approx(tail, rel=1e-12)
