"""A question explained: rows, formulas and numbers are those that are solved."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as arrays
from scipy import stats
from test_cases import run
from writing import Project

import forecast
from forecast.analysis.explain import Explanation, explain
from forecast.analysis.worlds import described
from forecast.model.cells import Cells
from forecast.spec.expression import parse

ROOT = Path(__file__).parents[2]


@cache
def of_case(case: str, question: str) -> Explanation:
    spec = forecast.load(ROOT / "scenarios" / f"{case}.yaml")
    network, posterior, summary = run(case)
    return explain(spec, network, posterior, summary, question)


def test_the_rows_of_the_textbook() -> None:
    """Lauritzen and Spiegelhalter (1988), table 1: dyspnoea given bronchitis and `either`."""
    rows = {
        row.worlds: (row.outcome, row.formula, row.before, row.after)
        for row in of_case("chest_clinic", "dysp").rows
    }
    assert rows == {
        ("bronc and either",): ("yes", "90 %", 0.9, 0.9),
        ("bronc and not either",): ("yes", "80 %", 0.8, 0.8),
        ("not bronc and either",): ("yes", "70 %", 0.7, 0.7),
        ("not bronc and not either",): ("yes", "10 %", 0.1, 0.1),
    }


def test_odds_in_words_and_in_numbers() -> None:
    found = of_case("victory_day_2025", "preparation")
    paid, unpaid = found.rows
    assert paid.worlds == ("compensation",)
    assert paid.formula == "odds(40 % [prior.base]) x 1.4 [prior.odds.compensation]"
    assert (unpaid.worlds, unpaid.formula) == (("not compensation",), "40 % [prior.base]")
    # E[m p / (m p + 1 - p)] by quadrature: p Beta of mean 0.4 with the stated width, m lognormal.
    base, odds = found.numbers
    a, b = map(float, base.distribution.removeprefix("Beta(").rstrip(")").split(", "))
    mu, sd = map(float, odds.distribution.removeprefix("LogNormal(").rstrip(")").split(", "))
    levels = (np.arange(400) + 0.5) / 400
    p, m = np.meshgrid(stats.beta(a, b).ppf(levels), np.exp(stats.norm(mu, sd).ppf(levels)))
    shifted = m * p / (m * p + 1 - p)
    draws = run("victory_day_2025")[1].prior[base.name].shape[-1]
    error = 4.5 * shifted.std() / np.sqrt(draws)  # independent draws of the prior
    assert paid.before == pytest.approx(shifted.mean(), abs=error)
    assert base.place.startswith("victory_day_2025.yaml:")
    assert base.words == "40% (20..62)"


def test_what_bears_on_a_question() -> None:
    found = of_case("victory_day_2025", "visit_moscow")
    assert found.means == "visit_russia in 2025-04-25..2025-05-23 and visit_place is moscow"
    assert found.rows == ()
    assert {statement.id for statement in found.statements} == {
        "doo.trip_around_may_9",
        "doo.on_the_podium",
    }
    preparation = of_case("victory_day_2025", "preparation")
    assert len(preparation.reports) == 4
    assert dict(preparation.parents) == {"compensation": "binary"}


def test_dates_are_explained_by_chance_and_shape() -> None:
    found = of_case("victory_day_2025", "visit_russia")
    assert [row.outcome for row in found.rows] == ["happens", "happens"]
    assert found.rows[0].formula == "62.5 % [base.prepared_visit_takes_place]"
    assert found.timing == (
        "25% (8..47) of the cases: Normal, nine in ten within 2025-04-29..2025-05-09",
        "the rest: the same hazard on every day",
    )
    shares = of_case("victory_day_2025", "visit_place")
    assert shares.only_if == "visit_russia"
    # The void row has nothing to say; the other two have three states each.
    assert [row.outcome for row in shares.rows] == ["moscow", "far_east", "elsewhere"] * 2


def test_every_question_can_be_explained(tmp_path: Path) -> None:
    spec = Project(tmp_path).load()
    network = forecast.build(spec)
    posterior = forecast.infer(network, draws=2000)
    summary = forecast.summarise(spec, network, posterior)
    for name in network.questions:
        found = explain(spec, network, posterior, summary, name)
        by_world: dict[tuple[str, ...], float] = {}
        for row in found.rows:
            by_world[row.worlds] = by_world.get(row.worlds, 0.0) + row.after
        if found.question.type in ("categorical", "count"):
            # The states of one row are all there is.
            assert list(by_world.values()) == pytest.approx([1.0] * len(by_world), abs=1e-9)


DAYS = Cells(
    "date",
    ("2025-01-01..2025-01-09", "2025-01-10", "2025-01-11..2025-02-01", "never", "void"),
    ((739252, 739260), (739261, 739261), (739262, 739283), None, None),
)
KINDS = Cells("categorical", ("a", "b", "c"), (None, None, None))
YES = Cells("binary", ("yes", "no"), (None, None))


@given(arrays.arrays(bool, (3, 2)))
def test_the_boxes_are_the_set(holds: np.ndarray) -> None:
    """Each text is a condition of the language: read back, their union is the set."""
    if not holds.any():
        return
    texts = described(holds, ["x", "y"], [KINDS, YES])
    from forecast.model.truth import truth

    cells = {"x": KINDS, "y": YES}
    back = [
        np.ones((3, 2), bool) if text == "always" else truth(parse(text), ("x", "y"), cells)
        for text in texts
    ]
    assert (np.logical_or.reduce(back) == holds).all()
    assert sum(int(part.sum()) for part in back) == int(holds.sum())  # disjoint


@pytest.mark.parametrize(
    ("states", "text"),
    [
        ([0, 1, 2], "d"),
        ([0, 1], "d in 2025-01-01..2025-01-10"),
        ([0, 2], "d in 2025-01-01..2025-01-09 or 2025-01-11..2025-02-01"),
        ([3], "d never"),
        ([1, 3], "d in 2025-01-10 or never"),
        ([4], "d void"),
    ],
)
def test_days_in_words(states: list[int], text: str) -> None:
    holds = np.isin(np.arange(5), states)
    assert described(holds, ["d"], [DAYS]) == (text,)


def test_pools_and_averages_in_words(tmp_path: Path) -> None:
    """What is solved for each draw is said, not shown as its data."""
    file = tmp_path / "s.yaml"
    file.write_text(
        "forecast: 1\ntitle: T\nas_of: 2025-04-08\nhorizon: 2025-12-31\nlexicon: icd203\nquestions:\n"
        "  c: {type: binary, prior: 30% (15..48)}\n"
        "  v: {type: binary, prior: {pool: [60% (40..78), 30% (15..48)], method: log_odds}}\n"
        "  x: {type: binary, prior: {average: 40% (25..56), odds: {c: x3 (1.5..6)}}}\n"
        "scenarios: {a: v, b: x, rest: otherwise}\n"
    )
    spec = forecast.load(file)
    network = forecast.build(spec)
    posterior = forecast.infer(network)
    summary = forecast.summarise(spec, network, posterior)
    (pooled,) = explain(spec, network, posterior, summary, "v").rows
    assert pooled.formula == (
        "odds(expit(0.5 logit(60 % [prior.pool[0]]) + 0.5 logit(30 % [prior.pool[1]]))) "
        "x 1 [prior.disagreement]"
    )
    formulas = [row.formula for row in explain(spec, network, posterior, summary, "x").rows]
    base = "the base with which the chances average 40 % [prior.average]"
    assert formulas == [f"odds({base}) x 3 [prior.odds.c]", base]
