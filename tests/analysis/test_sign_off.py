"""The sign-off table against hand algebra on networks small enough to enumerate."""

from __future__ import annotations

import numpy as np
import pytest
from modelling import spec_of

import forecast
from forecast.analysis.beforehand import Beforehand
from forecast.analysis.contract import SignOff
from forecast.analysis.sign_off import pairing, sign_off


def signed(body: str, **frame: str) -> dict[str, SignOff]:
    spec = spec_of(body, **frame)
    network = forecast.build(spec)
    pairs = pairing(spec.file, network)
    before = Beforehand(network, {}, pairs.suppositions)
    return {row.says: row for row in sign_off(spec.file, spec.lexicon, before, pairs)}


PAYMENT = """
latents:
  payment: {prior: 40%}
questions:
  talks: {type: binary, prior: {cases: {payment: 70%, otherwise: 10%}}}
  visit: {type: binary, prior: {cases: {talks: 50%, otherwise: 2%}}}
  strike: {type: binary, prior: {cases: {visit: 1%, otherwise: 40%}}}
scenarios: {visited: visit, struck: strike, rest: otherwise}
"""


def test_scenarios_questions_and_pairs_by_hand() -> None:
    rows = signed(PAYMENT)
    talks = 0.4 * 0.7 + 0.6 * 0.1
    visit = talks * 0.5 + (1 - talks) * 0.02
    assert rows["talks"].probability == pytest.approx(talks)
    assert rows["visited"].probability == pytest.approx(visit)
    assert rows["struck"].probability == pytest.approx((1 - visit) * 0.4)
    # A visit without talks; a strike beside a visit (it falls with one): both rare by the numbers.
    assert rows["visit and not talks"].probability == pytest.approx((1 - talks) * 0.02)
    assert rows["visit and strike"].probability == pytest.approx(visit * 0.01)
    assert all(row.interval is None for row in rows.values())
    kinds = [row.kind for row in rows.values()]
    assert kinds == ["scenario"] * 3 + ["question"] * 4 + ["together"] * 2


def test_a_cause_far_above_is_held_against_an_outcome() -> None:
    """With `talks` derived, the outcome is shown with the cause that nobody typed a row for."""
    rows = signed(
        """
latents:
  payment: {prior: 40%}
  mood: {prior: 50%}
questions:
  talks: {type: binary, means: payment and mood}
  visit: {type: binary, prior: {cases: {talks: 50%, otherwise: 2%}}}
scenarios: {visited: visit, rest: otherwise}
"""
    )
    without = {says: row for says, row in rows.items() if row.kind == "together"}
    # P(visit, not payment) = 0.6 * 0.02; P(visit, not mood) = 0.5 * 0.02: the weaker cause of the
    # two is left out, for an outcome is shown once.
    ((says, row),) = without.items()
    assert says in ("visit and not payment", "visit and not mood")
    assert row.probability == pytest.approx({"payment": 0.6, "mood": 0.5}[says[14:]] * 0.02)


def test_what_is_ruled_out_is_not_asked() -> None:
    rows = signed(
        """
questions:
  summit: {type: binary, prior: 30%}
  treaty: {type: binary, prior: {cases: {summit: 40%, otherwise: impossible}}}
scenarios: {signed: treaty, rest: otherwise}
"""
    )
    assert "treaty and not summit" not in rows
    assert rows["summit and not treaty"].probability == pytest.approx(0.3 * 0.6)


def test_dates_categories_and_counts() -> None:
    rows = signed(
        """
questions:
  visit: {type: date, window: 2025-04-09..2025-04-18, occurs: 50%, timing: [evenly], report_by: [2025-04-10, 2025-04-18]}
  place: {type: categorical, states: [north, south], only_if: visit, prior: {shares: {north: 25%, south: 75%}}}
  raids: {type: count, window: 2025-04-09..2025-04-18, rate: {events: 9.5, in: 100 days}, cuts: [1]}
"""
    )
    assert rows["visit by 2025-04-10"].probability == pytest.approx(0.5 * 2 / 10)
    assert rows["visit by 2025-04-18"].probability == pytest.approx(0.5)
    assert rows["place is north"].probability == pytest.approx(0.5 * 0.25)
    # Gamma(10, 100 days) mixed over a Poisson of 10 days: P(0) = (100 / 110)^10
    expected = 1 - (100 / 110) ** 10
    assert rows["raids >= 1"].probability == pytest.approx(expected, abs=0.002)


def test_the_mean_of_a_judgement_comes_out_as_typed() -> None:
    """Mirrored draws: 70 % must not read 69 % in a table that is to be signed."""
    row = signed("questions: {q: {type: binary, prior: 70% (55..85)}}")["q"]
    assert row.probability == pytest.approx(0.7, abs=5e-4)
    assert row.interval == pytest.approx((0.58, 0.81), abs=0.02)
    assert (row.phrase, row.phrase_range) == ("likely", (0.55, 0.8))


def test_what_cannot_be_is_told_from_what_is_rare() -> None:
    spec = spec_of(
        """
questions:
  a: {type: binary, prior: 0.001%}
  b: {type: binary, prior: {cases: {a: 0.001%, otherwise: impossible}}}
  c: {type: binary, prior: {cases: {b: 0.001%, otherwise: 5% (1..12)}}}
scenarios: {never: c and b and not a, rare: a and b and c, rest: otherwise}
"""
    )
    network = forecast.build(spec)
    conditions = spec.file.scenario_conditions()
    before = Beforehand(network, {name: conditions[name] for name in ("never", "rare")}, {})
    assert before.possible["never"] is False
    assert before.possible["rare"] is True
    assert before.conditions["rare"].mean() == pytest.approx(1e-15)
    assert np.all(before.conditions["never"] == 0)
