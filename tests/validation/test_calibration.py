"""Calibration by simulation: what is drawn, and that a wrong model is found out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from validation.calibration import (
    Simulator,
    band,
    counted_twice,
    halved_sd,
    ranked,
    said,
    uniformity,
)
from validation.constructs import CONSTRUCTS, Construct

NAMED = {construct.name: construct for construct in CONSTRUCTS}
STATED = NAMED["statement, and what its speaker knew"]


@pytest.mark.parametrize("construct", CONSTRUCTS, ids=lambda c: c.name)
def test_all_that_may_be_seen_has_a_chance_of_one(construct: Construct) -> None:
    """Whatever the parameters: a report's chances over all that it might have said."""
    simulator = Simulator(construct)
    z = np.random.default_rng(0).standard_normal((simulator.coordinates, 50))
    # Beyond 29 there is a count once in 1e4 draws of the rate.
    np.testing.assert_allclose(simulator.chances(z).sum(axis=0), 1, rtol=1e-9)


def test_ranks_are_judged_by_chi_square() -> None:
    ranks = np.random.default_rng(1).integers(0, 100, 400)
    counts = np.histogram(ranks, np.arange(0, 101, 5))[0]
    assert uniformity(ranks) == pytest.approx(stats.chisquare(counts).pvalue)
    assert uniformity(ranks // 2) < 1e-20
    assert band(np.arange(100)) == pytest.approx(0)
    assert band(np.zeros(100, dtype=int)) == pytest.approx(9.9)


def test_what_is_said_scatters_about_what_is_implied() -> None:
    network = Simulator(NAMED["expert who leans"]).networks[0]
    statement = network.statements[1]
    assert statement.direction == -1
    dice = np.random.default_rng(1)
    drawn = [said(statement, 0.5, 2.0, dice).stated for _ in range(4000)]
    assert np.mean(drawn) == pytest.approx(2 * statement.shift, abs=4 * statement.sd / 63)
    assert np.std(drawn) == pytest.approx(statement.sd, rel=4 / np.sqrt(2 * 4000))


def test_a_wrong_model_is_found_out() -> None:
    """What was counted so far counts twice."""
    assert ranked(NAMED["count so far"], 30, counted_twice, draws=300).p_value < 1e-3


@pytest.mark.slow
@pytest.mark.parametrize("construct", CONSTRUCTS, ids=lambda c: c.name)
def test_every_construct_is_calibrated(construct: Construct) -> None:
    found = ranked(construct, 100)
    assert found.uniform, found.worst


@pytest.mark.slow
def test_statements_that_are_taken_for_twice_as_exact_are_found_out() -> None:
    assert ranked(STATED, 150, halved_sd).p_value < 1e-6
