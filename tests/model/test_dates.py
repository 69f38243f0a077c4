"""When: shapes of timing, rates, the earliest of several, windows; the shape of each by hand.

The window of a question that names none runs from 9 April to 31 December 2025: 267 days.
"""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from modelling import AS_OF, chance, network_of, outcomes, spec_of, states
from scipy import stats

from forecast.errors import InvalidFile
from forecast.model.build import build
from forecast.model.elicitation import beta_of_width
from forecast.model.network import Network

FIRST, LAST = dt.date(2025, 4, 9), dt.date(2025, 12, 31)
DAYS = 267


def day(date: str) -> int:
    """Days of the window up to the end of a date."""
    return (dt.date.fromisoformat(date) - AS_OF).days


def date_network(timing: str, condition: str, *, occurs: str = "own.p", **frame: str) -> Network:
    return network_of(
        "judgements: {p: {read_as: even}}\n"
        f"questions:\n  x: {{type: date, occurs: {occurs}, timing: {timing}}}\n"
        f"  y: {{type: binary, prior: own.p}}\nscenarios: {{s: {condition}, rest: otherwise}}",
        **frame,
    )


# ------------------------------------------------------------------------- shapes


@pytest.mark.parametrize("p", [0.03, 0.5, 0.97])
@pytest.mark.parametrize(
    ("condition", "days"),
    [
        ("x by 2025-05-09", day("2025-05-09")),
        ("x in 2025-06-01..2025-06-30", 30),
        ("x in 2025-06-15..2025-06-15", 1),
        ("x in 2025-12-01..2026-03-31", 31),  # what lies beyond the window cannot be
        ("x by 2025-04-08", 0),
        ("x by 2025-12-31", DAYS),
        ("x", DAYS),
        ("x by 2027-01-01", DAYS),
    ],
)
def test_evenly_is_uniform_over_days(condition: str, days: int, p: float) -> None:
    network = date_network("[evenly]", condition)
    assert chance(network, **{"own.p": p}) == pytest.approx(p * days / DAYS, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("p", [0.03, 0.5, 0.97])
@pytest.mark.parametrize("until", ["2025-04-09", "2025-05-09", "2025-11-30", "2025-12-31"])
def test_a_constant_hazard(until: str, p: float) -> None:
    """P(by t) = p G(t | p) = 1 - (1 - p)^(t / T)."""
    network = date_network("[constant]", f"x by {until}")
    expected = 1 - (1 - p) ** (day(until) / DAYS)
    assert chance(network, **{"own.p": p}) == pytest.approx(expected, rel=1e-12)


@given(st.integers(1, 236), st.floats(1e-6, 0.999))
def test_under_a_constant_hazard_the_next_30_days_are_always_alike(start: int, p: float) -> None:
    """P(in the 30 days after t | not by t) = 1 - (1 - p)^(30 / T), whatever t: no memory."""
    t = FIRST + dt.timedelta(days=start - 1)
    after = f"{t + dt.timedelta(days=1)}..{t + dt.timedelta(days=30)}"
    network = date_network("[constant]", f"x by {t}, u: x in {after}")
    by_t, next_30, _ = outcomes(network, **{"own.p": p}).scenarios[0]
    assert next_30 / (1 - by_t) == pytest.approx(-math.expm1(30 / DAYS * math.log1p(-p)), rel=1e-9)


@pytest.mark.parametrize("p", [0.0, 1e-300, 1 - 1e-16, 1.0])
def test_a_constant_hazard_at_the_ends_of_chance(p: float) -> None:
    network = date_network("[constant]", "x by 2025-05-09", occurs="certain" if p == 1 else "own.p")
    values = {"own.p": max(p, 1e-300)}
    assert chance(network, **values) == pytest.approx(float(p > 0.5), abs=0.02)


@pytest.mark.parametrize(
    ("between", "low", "high"),
    [
        ("2025-05-01..2025-05-31", "2025-05-01", "2025-05-31"),
        ("2025-04-01..2025-04-20", "2025-04-01", "2025-04-20"),  # cut by the window's start
        ("2025-05-09..2025-05-09", "2025-05-09", "2025-05-09"),  # one day
    ],
)
@pytest.mark.parametrize("until", ["2025-04-30", "2025-05-09", "2025-06-30"])
def test_around_is_a_normal_cut_to_the_window(
    between: str, low: str, high: str, until: str
) -> None:
    """A span of n days holds its central 90 %: sd = n / 3.29; days are unit intervals of time."""
    network = date_network(f"[{{between: {between}}}]", f"x by {until}", occurs="80%")
    a, b = day(low) - 1, day(high)  # from the start of the first day to the end of the last
    law = stats.norm((a + b) / 2, (b - a) / (2 * stats.norm.ppf(0.95)))
    inside = law.cdf(DAYS) - law.cdf(0)
    expected = 0.8 * (law.cdf(day(until)) - law.cdf(0)) / inside
    assert chance(network, **{"own.p": 0.5}) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_shares_of_the_occurrences_and_the_last_takes_the_rest() -> None:
    """10 % in May (almost), 30 % in August, 60 % evenly: by 30 June .1 + .6 * 83 / 267."""
    network = date_network(
        "[{between: 2025-05-10..2025-05-20, share: 10%}, {between: 2025-08-10..2025-08-20, share: 30%}, evenly]",
        "x by 2025-06-30",
        occurs="50%",
    )
    assert day("2025-06-30") == 83
    assert chance(network, **{"own.p": 0.5}) == pytest.approx(
        0.5 * (0.1 + 0.6 * 83 / DAYS), rel=1e-9
    )


def test_an_uncertain_share() -> None:
    network = date_network(
        "[{between: 2025-05-10..2025-05-20, share: 25% (8..47)}, constant]", "x by 2025-06-30"
    )
    share = "questions.x.timing[0].share"
    found = chance(network, **{"own.p": 0.4, share: 0.3})
    expected = 0.4 * 0.3 + 0.7 * (1 - 0.6 ** (83 / DAYS))
    assert found == pytest.approx(expected, rel=1e-9)


def test_several_uncertain_shares_are_dirichlet() -> None:
    """The means stay; one concentration n, with sum m (1 - m) / (n + 1) the sum of the variances."""
    network = date_network(
        "[{between: 2025-05-10..2025-05-20, share: 30% (15..45)}, {between: 2025-08-10..2025-08-20, share: 20% (10..30)}, evenly]",
        "x by 2025-06-30",
    )
    (parameter,) = [p for p in network.parameters.values() if p.components]
    alpha = np.array(parameter.distribution.alpha)  # type: ignore[union-attr]
    n = alpha.sum()
    np.testing.assert_allclose(alpha / n, [0.3, 0.2, 0.5], rtol=1e-12)
    betas = [beta_of_width(0.3, 0.3), beta_of_width(0.2, 0.2)]
    variances = [stats.beta(b.a, b.b).var() for b in betas]
    assert (0.3 * 0.7 + 0.2 * 0.8) / (n + 1) == pytest.approx(sum(variances), rel=1e-12)
    assert parameter.path == "questions.x.timing"
    found = chance(network, **{"own.p": 0.4, parameter.path: [[0.25], [0.35], [0.4]]})
    assert found == pytest.approx(0.4 * (0.25 + 0.4 * 83 / DAYS), rel=1e-9)


def test_an_uncertain_share_beside_a_fixed_one_divides_what_that_leaves() -> None:
    """10 % are fixed; of the other 90 % a Dirichlet part is in August: by 30 June .1 + .9 q 83 / 267."""
    network = date_network(
        "[{between: 2025-05-10..2025-05-20, share: 10%}, {between: 2025-08-10..2025-08-20, share: 30% (15..45)}, evenly]",
        "x by 2025-06-30",
    )
    (parameter,) = [p for p in network.parameters.values() if p.components]
    alpha = np.array(parameter.distribution.alpha)  # type: ignore[union-attr]
    beta = beta_of_width(0.3, 0.3)
    share = stats.beta(*alpha)
    assert 0.9 * share.mean() == pytest.approx(0.3, rel=1e-12)
    assert 0.9 * share.std() == pytest.approx(stats.beta(beta.a, beta.b).std(), rel=1e-12)
    found = chance(network, **{"own.p": 0.4, parameter.path: [[0.25], [0.75]]})
    assert found == pytest.approx(0.4 * (0.1 + 0.9 * 0.75 * 83 / DAYS), rel=1e-9)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("60%", "45% (30..60)", "sum to 105 %: the last item gets nothing"),
        ("55% (45..65)", "50% (40..60)", "sum to 105 %: the last item gets nothing"),
        ("85%", "10% (1..60)", "too wide to sum to one"),
    ],
)
def test_shares_that_could_exceed_one_are_refused(one: str, other: str, said: str) -> None:
    with pytest.raises(InvalidFile, match=said):
        date_network(
            f"[{{between: 2025-05-10..2025-05-20, share: {one}}}, {{between: 2025-06-10..2025-06-20, share: {other}}}, evenly]",
            "x",
        )


def test_timing_by_cases() -> None:
    """In May if y, evenly otherwise; the chance is the same."""
    network = date_network(
        "{cases: {y: [{between: 2025-05-10..2025-05-20}], otherwise: [evenly]}}", "x by 2025-06-30"
    )
    expected = 0.3 * (0.3 * 1 + 0.7 * 83 / DAYS)
    assert chance(network, **{"own.p": 0.3}) == pytest.approx(expected, rel=1e-9)


def test_the_chance_depends_on_causes_the_shape_does_not() -> None:
    network = date_network(
        "[constant]", "x by 2025-06-30", occurs="{cases: {y: 80%, otherwise: 10%}}"
    )
    expected = 0.25 * (1 - 0.2 ** (83 / DAYS)) + 0.75 * (1 - 0.9 ** (83 / DAYS))
    assert chance(network, **{"own.p": 0.25}) == pytest.approx(expected, rel=1e-12)


# ------------------------------------------------------------------------- rates


@pytest.mark.parametrize("rate", [1e-5, 0.004, 0.3])
@pytest.mark.parametrize("until", ["2025-04-09", "2025-06-30", "2025-12-31"])
def test_a_rate_gives_the_first_event(rate: float, until: str) -> None:
    """1 - exp(-lambda L)."""
    network = network_of(
        "questions: {x: {type: date, rate: {events: 1, in: 9 months}}}\n"
        f"scenarios: {{s: x by {until}, rest: otherwise}}"
    )
    expected = -math.expm1(-rate * day(until))
    assert chance(network, **{"questions.x.rate": rate}) == pytest.approx(expected, rel=1e-9)


# ------------------------------------------------------------------------- the earliest of several

PARTS = """\
questions:
  g: {type: binary, prior: 50%}
  a: {type: date, occurs: 60%, timing: [evenly]}
  b: {type: date, only_if: g, window: 2025-07-01..2025-09-30, occurs: 80%, timing: [constant]}
  m: {type: date, means: "earliest(a, b)", report_by: [2025-05-31]}
"""


def by_a(t: int) -> float:
    return 0.6 * t / DAYS


def by_b(t: int) -> float:
    """From 1 July (day 84) to 30 September: 92 days; void, so never, with chance 1/2."""
    return 0.5 * (1 - 0.2 ** (min(max(t - 83, 0), 92) / 92))


@pytest.mark.parametrize(
    "until", ["2025-05-31", "2025-06-30", "2025-07-01", "2025-08-15", "2025-11-01", "2025-12-31"]
)
def test_the_earliest_is_after_t_when_all_are(until: str) -> None:
    """P(min > t) = P(a > t) P(b > t), for independent parts; never and void come last."""
    network = network_of(PARTS + f"scenarios: {{s: m by {until}, rest: otherwise}}")
    t = day(until)
    expected = 1 - (1 - by_a(t)) * (1 - by_b(t))
    assert chance(network) == pytest.approx(expected, rel=1e-12)
    assert states(network, "m")["never"] == pytest.approx(0.4 * (0.5 + 0.5 * 0.2), rel=1e-12)


def test_the_earliest_of_an_earliest_and_parts_that_depend_on_each_other() -> None:
    """b happens only if a does by 30 June: P(neither by 30 June) = 1 - by_a, since b starts later."""
    network = network_of(
        PARTS.replace("only_if: g", "only_if: a by 2025-06-30")
        + "  c: {type: date, occurs: 10%, timing: [evenly]}\n"
        '  n: {type: date, means: "earliest(m, c)"}\n'
        "scenarios: {s: m by 2025-06-30, t: m, rest: otherwise}"
    )
    found = outcomes(network)
    np.testing.assert_allclose(found.scenarios[0], [by_a(83), 0.6 - by_a(83), 0.4], rtol=1e-12)
    never = network.nodes["n"].cells.states.index("never")
    assert found.questions["n"][0, never] == pytest.approx(0.4 * 0.9, rel=1e-12)


def test_a_part_outside_the_window_of_the_whole_does_not_count() -> None:
    network = network_of(
        PARTS.replace(
            '"earliest(a, b)"', '"earliest(a, b)", window: 2025-07-01..2025-09-30'
        ).replace("2025-05-31", "2025-07-31")
    )
    inside = 0.6 * 92 / DAYS
    expected = 1 - (1 - inside) * (1 - by_b(DAYS))
    assert 1 - states(network, "m")["never"] == pytest.approx(expected, rel=1e-12)


# ------------------------------------------------------------------------- windows that opened earlier

OPEN = "questions: {x: {type: date, window: 2025-01-01..2025-12-31, occurs: 40%, timing: [TIMING], OBSERVABLE}}\n"


def opened(timing: str, condition: str, observable: str = "") -> Network:
    body = OPEN.replace("TIMING", timing).replace("OBSERVABLE", observable)
    return network_of(body + f"scenarios: {{s: {condition}, rest: otherwise}}")


@pytest.mark.parametrize(
    ("condition", "days"),
    [("x by 2025-04-07", 0), ("x by 2025-04-08", 1), ("x by 2025-06-30", 84), ("x", 268)],
)
def test_a_chance_speaks_of_what_is_left_of_the_window(condition: str, days: int) -> None:
    """Said on 8 April about a window that opened in January: 268 days are left, that day included."""
    network = opened("evenly", condition)
    assert chance(network, view=0) == pytest.approx(0.4 * days / 268, rel=1e-12)


@pytest.mark.parametrize("section", ["questions", "latents"])
def test_what_nobody_can_have_seen_may_have_happened_before(section: str) -> None:
    """`observable: never`, and every latent: the whole year is left, 181 of 365 days to 30 June."""
    observable = "observable: never" if section == "questions" else "text: hidden"
    body = (
        OPEN.replace("TIMING", "evenly")
        .replace("OBSERVABLE", observable)
        .replace("questions", section)
    )
    if section == "latents":
        body += "questions: {y: {type: binary, prior: 50%}}\n"
    network = network_of(body + "scenarios: {s: x by 2025-06-30, rest: otherwise}")
    assert network.views[1].silent == ()
    assert chance(network) == pytest.approx(0.4 * 181 / 365, rel=1e-12)


def test_a_span_that_was_over_when_the_chance_was_said_is_refused() -> None:
    with pytest.raises(InvalidFile, match="is over: what is left of the window"):
        opened("{between: 2025-01-05..2025-01-20}", "x")


# ------------------------------------------------------------------------- cuts


@pytest.mark.parametrize("timing", ["evenly", "constant", "{between: 2025-05-01..2025-08-31}"])
def test_a_cut_that_nothing_uses_changes_nothing(timing: str) -> None:
    body = (
        "questions: {{x: {{type: date, occurs: 40%, timing: [{0}]{1}}}}}\nevidence:\n"
        "- {{id: e, date: 2025-04-08, text: t, source: s, grade: C3, observed: x in 2025-05-01..2025-06-15}}\n"
        "scenarios: {{s: x by 2025-07-04, rest: otherwise}}"
    )
    found = [
        outcomes(network_of(body.format(timing, more))).scenarios[0]
        for more in ("", ", report_by: [2025-05-07, 2025-06-01, 2025-07-04, 2025-09-09]")
    ]
    np.testing.assert_allclose(found[0], found[1], rtol=0, atol=1e-13)


def test_states_are_named_by_their_days() -> None:
    network = date_network("[evenly]", "x by 2025-05-09, t: x in 2025-05-11..2025-05-11")
    assert network.nodes["x"].cells.states == (
        "2025-04-09..2025-05-09", "2025-05-10", "2025-05-11", "2025-05-12..2025-12-31", "never",
    )  # fmt: skip
    assert (
        build(spec_of("questions: {x: {type: date, occurs: 1%, timing: [evenly]}}"))
        .nodes["x"]
        .cells.states[0]
        == f"{FIRST}..{LAST}"
    )


def test_what_is_impossible_has_no_hazard() -> None:
    network = network_of(
        """
questions:
  c: {type: binary, prior: 50%}
  d: {type: date, occurs: {cases: {c: impossible, otherwise: 40%}}, timing: [constant], report_by: [2025-06-30]}
"""
    )
    found = states(network, "d")
    assert found["never"] == pytest.approx(0.5 + 0.5 * 0.6)
    assert sum(found.values()) == pytest.approx(1)
