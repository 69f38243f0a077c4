"""Upper bounds of rates, against sums of binomials and by hand."""

from __future__ import annotations

import pytest
from scipy.stats import binom

from validation.bounds import rate, upper


@pytest.mark.parametrize(("events", "runs"), [(0, 100), (3, 1000), (21, 3500), (99, 100)])
def test_a_rate_at_the_bound_would_show_so_few_events_once_in_twenty(
    events: int, runs: int
) -> None:
    assert binom.cdf(events, runs, upper(events, runs)) == pytest.approx(0.05)


def test_nothing_is_known_without_runs() -> None:
    assert upper(0, 0) == upper(5, 5) == 1.0


def test_events_that_all_fall_into_one_cluster_count_as_few() -> None:
    """Ten clusters of ten, all ten events in one: deff = 10/9 (9^2 + 9) / 100^2 / (.1 .9 / 100)."""
    found = rate([(10, 10), *[(0, 10)] * 9])
    assert found.effect == pytest.approx(10 / 9 * 90 / 1e4 / 9e-4)
    assert found.bound == pytest.approx(upper(10, 100))
    assert found.clustered == pytest.approx(upper(10 / found.effect, 100 / found.effect))
    assert found.clustered > 2 * found.bound


def test_events_that_are_spread_evenly_count_in_full() -> None:
    found = rate([(1, 10)] * 10)
    assert found.effect == 1.0
    assert found.clustered == found.bound
