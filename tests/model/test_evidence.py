"""What a report tells: grades, observations, odds, several targets, groups; by hand algebra."""

from __future__ import annotations

import math
from itertools import permutations
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from modelling import Array, network_of, states
from solving import both_engines

from forecast.errors import InvalidModel
from forecast.inference.exact import ExactNetwork
from forecast.model.network import Network

R = {"A1": 0.98 * 0.99, "B3": 0.9 * 0.75, "C4": 0.75 * 0.4, "F6": 0.09, None: 1.0}
"""The policy for grades: letter times digit; no grade counts in full."""

QUESTIONS = """\
questions:
  x: {type: binary, prior: 20%}
  y: {type: binary, prior: 30%}
  c: {type: categorical, states: [s, t, u, v], prior: {shares: {s: 10%, t: 20%, u: 30%, v: 40%}}}
  d: {type: date, occurs: 40%, timing: [evenly], observable: never}
  n: {type: count, rate: {events: 5, in: 9 months}}
scenarios: {rest: otherwise}
evidence:
"""
VALUES = {"own.m": 3.0, "own.n": 0.5, "questions.n.rate": 0.01}


def report(what: str, grade: str | None = None, name: str = "e", group: str | None = None) -> str:
    more = "".join(f", {k}: {v}" for k, v in (("grade", grade), ("group", group)) if v)
    return f"- {{id: {name}, date: 2025-04-01, text: t, source: s{more}, {what}}}\n"


def written(reports: str) -> Network:
    stored = [f"{n}: {{read_as: x2 (1..4)}}" for n in "mn" if f"own.{n}" in reports]
    return network_of(f"judgements: {{{', '.join(stored)}}}\n{QUESTIONS}{reports}")


def told(reports: str, *names: str) -> tuple[Array, float]:
    """Return the joint chances of some questions given the reports, and P(reports)."""
    network = written(reports)
    used = {name: np.array([VALUES[name]]) for name in network.parameters}
    solved = ExactNetwork(network).solution(used, (1,))
    joint = [solved.outcomes[1].questions[name][0] for name in names]
    return np.concatenate(joint), float(np.exp(solved.log_evidence[0]))


def updated(prior: Array, likelihood: Array) -> Array:
    return prior * likelihood / (prior @ likelihood)


X = np.array([0.2, 0.8])
C = np.array([0.1, 0.2, 0.3, 0.4])


# ------------------------------------------------------------------------- observed


@pytest.mark.parametrize("grade", R)
def test_a_binary_observed(grade: str | None) -> None:
    """P(report | s) = r [holds] + (1 - r) / 2."""
    r = R[grade]
    likelihood = np.array([r + (1 - r) / 2, (1 - r) / 2])
    found, total = told(report("observed: x", grade), "x")
    np.testing.assert_allclose(found, updated(X, likelihood), rtol=1e-12, atol=1e-15)
    assert total == pytest.approx(X @ likelihood, rel=1e-12)


@pytest.mark.parametrize("grade", R)
@pytest.mark.parametrize(
    ("condition", "holds"),
    [("c is s", [1, 0, 0, 0]), ("c is s|u", [1, 0, 1, 0]), ("c is not s", [0, 1, 1, 1])],
)
def test_a_categorical_observed(condition: str, holds: list[float], grade: str | None) -> None:
    """The noise is |set| / K: a false report names any state as often as any other."""
    r, set_ = R[grade], np.array(holds)
    likelihood = r * set_ + (1 - r) * set_.sum() / 4
    found, total = told(report(f"observed: {condition}", grade), "c")
    np.testing.assert_allclose(found, updated(C, likelihood), rtol=1e-12, atol=1e-15)
    assert total == pytest.approx(C @ likelihood, rel=1e-12)


@pytest.mark.parametrize("grade", R)
@pytest.mark.parametrize(
    ("condition", "first", "last"),
    [
        ("d in 2025-05-01..2025-05-31", 23, 53),
        ("d by 2025-06-30", 1, 83),
        ("d in 2025-07-01..2026-02-28", 84, 267),
    ],
)
def test_a_date_observed(condition: str, first: int, last: int, grade: str | None) -> None:
    """The noise is days / window: 267 days from 9 April; .4 of the chance is spread evenly on them."""
    r, share = R[grade], (last - first + 1) / 267
    inside, outside = r + (1 - r) * share, (1 - r) * share
    total = 0.4 * share * inside + (1 - 0.4 * share) * outside
    found, evidence = told(report(f"observed: {condition}", grade), "d")
    assert evidence == pytest.approx(total, rel=1e-12)
    assert found[-1] == pytest.approx(0.6 * outside / total, rel=1e-12)  # never


@pytest.mark.parametrize("grade", ["B3", "F6"])
@pytest.mark.parametrize(
    ("condition", "holds"),
    [("x or y", [1, 1, 1, 0]), ("not x", [0, 0, 1, 1]), ("x and not y", [0, 1, 0, 0])],
)
def test_a_compound_observed(condition: str, holds: list[float], grade: str) -> None:
    """The noise of a compound is 1/2; worlds are x y, x not y, not x y, neither."""
    prior = np.outer(X, [0.3, 0.7]).ravel()
    posterior = updated(prior, R[grade] * np.array(holds) + (1 - R[grade]) / 2)
    found, _ = told(report(f"observed: {condition}", grade), "x", "y")
    expected = [
        posterior[:2].sum(),
        posterior[2:].sum(),
        posterior[::2].sum(),
        posterior[1::2].sum(),
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_counts_and_whole_dates_have_noise_one_half() -> None:
    """P(N = 0) = exp(-2.67)."""
    for condition, prior in (("n <= 0", math.exp(-2.67)), ("d", 0.4)):
        _, total = told(report(f"observed: {condition}", "B3"), "x")
        assert total == pytest.approx(0.675 * prior + 0.325 / 2, rel=1e-12)


# ------------------------------------------------------------------------- odds


@pytest.mark.parametrize("grade", R)
@pytest.mark.parametrize(("name", "m"), [("m", 3.0), ("n", 0.5)])
def test_odds_are_a_bounded_likelihood(name: str, m: float, grade: str | None) -> None:
    """r M / (1 + M) + (1 - r) / 2 where it holds, r / (1 + M) + (1 - r) / 2 where not."""
    r = R[grade]
    likelihood = np.array([r * m / (1 + m) + (1 - r) / 2, r / (1 + m) + (1 - r) / 2])
    found, total = told(report(f"odds: {{x: own.{name}}}", grade), "x")
    np.testing.assert_allclose(found, updated(X, likelihood), rtol=1e-12)
    assert total == pytest.approx(X @ likelihood, rel=1e-12)


def test_without_a_grade_the_odds_are_multiplied_by_m() -> None:
    found, _ = told(report("odds: {x: x27}"), "x")
    assert found[0] / found[1] == pytest.approx(27 * 0.25, rel=1e-12)


def test_the_complement_with_the_inverse_is_the_same_report() -> None:
    ours, total = told(report("odds: {x: x4}", "B3"), "x")
    theirs, other = told(report("odds: {not x: x0.25}", "B3"), "x")
    np.testing.assert_allclose(ours, theirs, rtol=1e-14)
    assert total == pytest.approx(other, rel=1e-14)


def test_several_targets_multiply() -> None:
    """Two targets of one report are two factors; x and y stay independent of each other."""
    found, total = told(report("odds: {x: own.m, y: own.n}", "B3"), "x", "y")
    one, first = told(report("odds: {x: own.m}", "B3"), "x")
    two, second = told(report("odds: {y: own.n}", "B3"), "y")
    np.testing.assert_allclose(found, [*one, *two], rtol=1e-12)
    assert total == pytest.approx(first * second, rel=1e-12)


@pytest.mark.parametrize("what", ["observed: x", "odds: {x: x9}"])
def test_grades_order_how_far_a_report_moves(what: str) -> None:
    moved = [told(report(what, grade), "x")[0][0] for grade in ("F6", "C4", "B3", "A1")]
    assert moved == sorted(moved)
    assert moved[0] > 0.2  # F6, "cannot be judged", is near a likelihood ratio of 1, not below
    assert moved[0] < 0.25


# ------------------------------------------------------------------------- groups


def likelihood_ratio(reports: str) -> float:
    found, _ = told(reports, "x")
    return float(found[0] / found[1] / 0.25)


def test_a_group_of_one_is_the_report_alone() -> None:
    for what in ("odds: {x: own.m, y: own.n}", "observed: x", "observed: d by 2025-06-30"):
        alone, total = told(report(what, "B3"), "x", "y", "d")
        grouped, same = told(report(what, "B3", group="g"), "x", "y", "d")
        np.testing.assert_allclose(alone, grouped, rtol=1e-14)
        assert total == pytest.approx(same, rel=1e-14)


@pytest.mark.parametrize("copies", [1, 2, 10])
@pytest.mark.parametrize("what", ["odds: {x: own.m}", "observed: x", "observed: c is s"])
def test_copies_add_nothing(what: str, copies: int) -> None:
    reports = "".join(report(what, "B3", f"e{i}", "g") for i in range(copies))
    np.testing.assert_allclose(
        told(reports, "x", "c")[0], told(report(what, "B3"), "x", "c")[0], rtol=1e-12
    )


def told_by(m: float, grade: str) -> float:
    """The likelihood ratio of one report: (r M + (1 - r) (1 + M) / 2) / (r + (1 - r) (1 + M) / 2)."""
    r, noise = R[grade], (1 - R[grade]) * (1 + m) / 2
    return (r * m + noise) / (r + noise)


def test_an_origin_speaks_by_the_report_that_tells_most_grade_and_strength_together() -> None:
    """A1, x1.01 tells 1.01; F6, x20 tells (.09 20/21 + .455) / (.09 1/21 + .455) = 1.177 and speaks.

    Neither lends the other what it has: x20 at grade A1 would tell 14.
    """
    reports = report("odds: {x: x1.01}", "A1", "a", "g") + report("odds: {x: x20}", "F6", "b", "g")
    expected = (0.09 * 20 / 21 + 0.455) / (0.09 / 21 + 0.455)
    assert likelihood_ratio(reports) == pytest.approx(expected, rel=1e-12)


def test_the_grade_of_the_report_that_speaks_counts() -> None:
    """x3 tells more than x2 at B3, less at F6: then the other speaks."""
    other = report("odds: {x: x2}", "B3", "other", "g")
    for grade in ("B3", "F6"):
        found = likelihood_ratio(other + report("odds: {x: x3}", grade, "e", "g"))
        assert found == pytest.approx(max(told_by(3, grade), told_by(2, "B3")), rel=1e-12)
    assert told_by(3, "F6") < told_by(2, "B3") < told_by(3, "B3")


STRENGTHS = st.floats(-3, 3).map(lambda log: round(math.exp(log), 4))
ONE_REPORT = st.tuples(
    st.sampled_from(["A1", "B3", "C4", "F6"]),
    st.dictionaries(st.sampled_from(["x", "y"]), STRENGTHS, min_size=1),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(ONE_REPORT, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_a_group_lies_between_its_strongest_report_and_all_of_them(
    reports: list[tuple[str, dict[str, float]]], random: Random
) -> None:
    """For each target: never more than without the group, never less than its strongest alone.

    And it is one of them, with its own grade; copies, order and wording change nothing.
    """
    up = {name: next((t[name] for _, t in reports if name in t), 1.0) >= 1 for name in "xy"}
    one_way = [  # all of one target pull one way: one origin cannot say both
        (grade, {name: m if (m >= 1) == up[name] else 1 / m for name, m in targets.items()})
        for grade, targets in reports
    ]
    written = [
        (grade, ", ".join(f"{name}: x{m}" for name, m in targets.items()))
        for grade, targets in one_way
    ]

    def ratios(items: list[tuple[str, str]], group: str | None) -> Array:
        text = "".join(
            report(f"odds: {{{what}}}", grade, f"e{i}", group)
            for i, (grade, what) in enumerate(items)
        )
        x, not_x, y, not_y = told(text, "x", "y")[0]
        return np.abs(np.log([x / not_x / 0.25, y / not_y / (0.3 / 0.7)]))

    grouped, apart = ratios(written, "g"), ratios(written, None)
    alone = [
        max(
            (abs(math.log(told_by(t[name], grade))) for grade, t in one_way if name in t), default=0
        )
        for name in "xy"
    ]
    np.testing.assert_allclose(grouped, alone, rtol=1e-9, atol=1e-12)
    assert (grouped <= apart + 1e-12).all()
    more = [*written, *written]
    random.shuffle(more)
    np.testing.assert_allclose(ratios(more, "g"), grouped, rtol=1e-9, atol=1e-12)


def test_a_target_and_its_complement_are_one_thing_told() -> None:
    """x4 on x and x0.25 on "not x" say the same, and so do rows of likelihoods: a copy each."""
    worded = ("odds: {x: x4}", "odds: {not x: x0.25}", "likelihood: {not x: 20%, otherwise: 80%}")
    reports = "".join(report(what, "B3", f"e{i}", "g") for i, what in enumerate(worded))
    assert likelihood_ratio(reports) == pytest.approx(told_by(4, "B3"), rel=1e-12)


def test_one_report_may_say_a_thing_in_two_ways() -> None:
    """Its targets multiply, in a group as without: x2 and, on the complement, x0.5 make x4."""
    for group in (None, "g"):
        found = likelihood_ratio(report("odds: {x: x2, not x: x0.5}", None, "e", group))
        assert found == pytest.approx(4, rel=1e-12)


def test_a_copy_does_not_make_the_evidence_less_probable() -> None:
    _, one = told(report("odds: {x: own.m}", "B3", "a", "g"), "x")
    two = report("odds: {x: own.m}", "B3", "a", "g") + report("odds: {x: x2}", "C4", "b", "g")
    assert told(two, "x")[1] == pytest.approx(one, rel=1e-12)


def test_a_group_tells_less_than_independent_reports() -> None:
    reports = [report("odds: {x: own.m}", "B3", f"e{i}") for i in range(3)]
    grouped = [report("odds: {x: own.m}", "B3", f"e{i}", "g") for i in range(3)]
    alone = likelihood_ratio(reports[0])
    assert likelihood_ratio("".join(reports)) == pytest.approx(alone**3, rel=1e-12)
    assert likelihood_ratio("".join(grouped)) == pytest.approx(alone, rel=1e-12)


def test_a_group_may_speak_of_several_questions() -> None:
    """What only one of them tells is told by that one, at its own grade."""
    on_x = report("odds: {x: own.m}", "B3", "e1", "g")
    on_y = report("odds: {y: own.n}", "C4", "e2", "g")
    expected = [*told(on_x, "x")[0], *told(on_y, "y")[0]]
    np.testing.assert_allclose(told(on_x + on_y, "x", "y")[0], expected, rtol=1e-12)


def test_the_order_of_reports_does_not_matter() -> None:
    """Not even which of two equal medians stands for the group, or which spelling of a condition."""
    items = [
        report("odds: {x: x2 (1..4)}", "B3", "b", "g"),
        report("odds: {x: x2 (1.5..3)}", "C4", "a", "g"),
        report("odds: {(x): x1.5 (1..2)}", "C4", "c", "g"),
        report("observed: y", "A1", "d"),
    ]
    built = [written("".join(order)) for order in permutations(items)]
    entries = [[table.entries for table in network.views[1].likelihoods] for network in built]
    assert all(len(tables) == 2 for tables in entries)
    assert {frozenset(tables) for tables in entries} == {frozenset(entries[0])}


def test_an_origin_cannot_say_both() -> None:
    reports = [report(f"odds: {{x: {m}}}", name=m[:2], group="g") for m in ("x2", "x0.5")]
    with pytest.raises(InvalidModel, match="pull `x` both ways"):
        written("".join(reports))


def test_void_is_a_world_like_others() -> None:
    """y is void where x fails: "not y" holds there, `y is no` does not."""
    body = (
        "questions:\n  x: {type: binary, prior: 20%}\n  y: {type: binary, only_if: x, prior: 50%}\n"
    )
    for what, holds in (("not y", [0, 1, 1]), ("y is no", [0, 1, 0])):
        network = network_of(body + "evidence:\n" + report(f"observed: {what}", "B3"))
        expected = updated(np.array([0.1, 0.1, 0.8]), 0.675 * np.array(holds) + 0.325 / 2)
        np.testing.assert_allclose(list(states(network, "y").values()), expected, rtol=1e-12)


# ------------------------------------------------------------------------- likelihoods


@pytest.mark.parametrize("grade", R)
def test_likelihood_rows(grade: str | None) -> None:
    """P(report | s) = r L(s) + (1 - r) / 2 with L = .9 where c is s, .2 where u or v, else .6."""
    r = R[grade]
    rows = "{c is s: 90%, c is u|v: 20%, otherwise: 60%}"
    likelihood = r * np.array([0.9, 0.6, 0.2, 0.2]) + (1 - r) / 2
    found, total = told(report(f"likelihood: {rows}", grade), "c")
    np.testing.assert_allclose(found, updated(C, likelihood), rtol=1e-12, atol=1e-15)
    assert total == pytest.approx(C @ likelihood, rel=1e-12)


def test_likelihood_over_two_questions_and_nested_rows() -> None:
    """L = .8 where x and y, .3 where x alone, 0 where not x: what is ruled out stays so."""
    rows = "{x: {cases: {y: 80%, otherwise: 30%}}, otherwise: impossible}"
    found, total = told(report(f"likelihood: {rows}"), "x", "y")
    expected = 0.2 * (0.3 * 0.8 + 0.7 * 0.3)
    assert total == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(
        found, [1, 0, 0.06 * 0.8 / expected, 0.14 * 0.3 / expected], rtol=1e-12
    )


@pytest.mark.parametrize("grade", R)
def test_odds_are_the_likelihoods_that_they_stand_for(grade: str | None) -> None:
    """Odds of M = 4 say M / (1 + M) = .8 where x holds and 1 / (1 + M) = .2 where it does not."""
    as_odds = told(report("odds: {x: x4}", grade), "x")
    as_rows = told(report("likelihood: {x: 80%, otherwise: 20%}", grade), "x")
    np.testing.assert_allclose(as_odds[0], as_rows[0], rtol=1e-14)
    assert as_odds[1] == pytest.approx(as_rows[1], rel=1e-14)


@pytest.mark.parametrize("copies", [2, 5])
def test_copies_of_a_likelihood_tell_what_one_tells(copies: int) -> None:
    rows = "likelihood: {x: 80%, otherwise: 30%}"
    one = told(report(rows, "B3"), "x")[0]
    many = told("".join(report(rows, "B3", f"e{i}", "g") for i in range(copies)), "x")[0]
    np.testing.assert_allclose(many, one, rtol=1e-12)


def test_the_strongest_likelihood_of_an_origin_counts() -> None:
    """x4 as odds, the weaker 60 : 30 as likelihood: the origin says x4."""
    weak = report("likelihood: {x: 60%, otherwise: 30%}", name="weak", group="g")
    strong = report("odds: {x: x4}", name="strong", group="g")
    np.testing.assert_allclose(
        told(weak + strong, "x")[0], updated(X, np.array([0.8, 0.2])), rtol=1e-12
    )


def test_likelihoods_of_one_origin_that_contradict_each_other_are_refused() -> None:
    rows = (
        "{c is s: 90%, c is t: 50%, otherwise: 20%}",
        "{c is s: 80%, c is t: 90%, otherwise: 10%}",
    )
    both = "".join(
        report(f"likelihood: {row}", name=f"e{i}", group="g") for i, row in enumerate(rows)
    )
    with pytest.raises(InvalidModel, match="reports of group `g` pull"):
        written(both)


def test_likelihoods_with_inner_rows_cannot_share_an_origin() -> None:
    rows = "{x: {cases: {y: 80%, otherwise: 30%}}, otherwise: 1%}"
    with pytest.raises(InvalidModel, match="each row of `likelihood` is one judgement"):
        written(report(f"likelihood: {rows}", group="g"))


def test_an_uncertain_likelihood_in_both_engines() -> None:
    """P(report) = .2 p + .8 q at p = .7, q = .1."""
    network = written(report("likelihood: {x: likely, otherwise: 5..20%}"))
    values = {"evidence.e.likelihood.x": 0.7, "evidence.e.likelihood.otherwise": 0.1}
    for found in both_engines(network, {**values, "questions.n.rate": 0.01}):
        assert found == pytest.approx(0.2 * 0.7 + 0.8 * 0.1, rel=1e-12)
