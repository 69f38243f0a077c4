"""How times are put on an equal footing, and written."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from markdown_it import MarkdownIt

from benchmarks import page
from benchmarks.first_case import Rival, Run
from benchmarks.growth import Growth
from benchmarks.marginals import Marginals
from benchmarks.networks import random_shape


def test_half_the_error_takes_four_times_the_draws() -> None:
    """10 s, of which 4 s of drawing: 10 + 4 (2^2 - 1) = 22 s."""
    run = Run(10.0, 4.0, (0.5, 0.5), (0.02, 0.01))
    assert run.at_error(0.01) == pytest.approx(22.0)
    assert run.at_error(0.02) == pytest.approx(10.0)


def test_the_largest_difference_in_standard_errors() -> None:
    """|0.5 - 0.45| / sqrt(0.03^2 + 0.04^2) = 1; a scenario that was never drawn has no error."""
    one = Run(1.0, 0.0, (0.5, 0.5, 0.0), (0.03, 0.03, math.nan))
    two = Run(1.0, 0.0, (0.45, 0.52, 0.0), (0.04, 0.04, 0.001))
    assert one.far_from(two) == pytest.approx(1.0)
    assert one.worst == 0.03


def test_every_section_has_its_table_and_who_disagrees_has_no_ratio() -> None:
    rivals = [
        Rival("forecast run", 1.0, 0.001, 1.0, 1.0, 0.0),
        Rival("plain", 50.0, 0.03, 9e4, None, 7.3),
    ]
    grown = [Growth(10, 8, 1000, 0.002), Growth(20, 16, 1000, 0.004)]
    measured = Marginals(
        "random", random_shape(14, 1), 0.01, 1e-3, 2e-3, 2.0, None, None, None, 1e-16
    )
    sections = [
        page.of_first_case(rivals),
        page.of_marginals([measured]),
        page.of_growth(grown, grown),
    ]
    tokens = MarkdownIt("commonmark").enable("table").parse(page.page(sections, 3))
    cells = [t.content for before, t in pairwise(tokens) if before.type == "td_open"]
    assert sum(token.type == "table_open" for token in tokens) == 4
    assert "disagrees by 7.3 errors" in cells
    assert "9e" not in "".join(cells[:10])
    assert "25.0 h" in cells
