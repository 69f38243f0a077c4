"""Forecasts side by side against hand algebra."""

from __future__ import annotations

import json

import numpy as np
import pytest
from comparing import column, row, side_by_side
from hypothesis import given
from hypothesis import strategies as st
from modelling import spec_of
from scipy.stats import beta as beta_distribution

from forecast.analysis.altered import without
from forecast.analysis.carriers import edited
from forecast.analysis.changes import edits
from forecast.analysis.compare import compare
from forecast.analysis.compare_contract import Change
from forecast.analysis.pairing import coupled
from forecast.cli.schema import schema_text
from forecast.errors import UsageError
from forecast.spec.load import with_variant

TALKS = """
latents:
  talks: {prior: {beta: [4, 6]}}
questions:
  visit: {type: binary, prior: {cases: {talks: 65%, otherwise: 10%}}}
scenarios: {visited: visit, not: otherwise}
"""


def test_a_paired_difference_by_hand() -> None:
    """P = .65 p + .10 (1 - p) against .65 p + .30 (1 - p): apart by .20 (1 - p), always more."""
    found = side_by_side(TALKS, TALKS.replace("otherwise: 10%", "otherwise: 30%"))
    difference = row(found, "visited").cells[1].difference
    assert difference is not None
    p = beta_distribution(4, 6)
    assert difference.points == pytest.approx(0.2 * 0.6, abs=4 * difference.mcse)
    assert difference.mcse < 0.2 * p.std() / np.sqrt(4000)
    low, high = difference.intervals["0.8"]
    # Woodruff: the error of a quantile is that of its level over the density there.
    for end, level in ((low, 0.9), (high, 0.1)):
        true = p.ppf(level)
        error = 0.2 * np.sqrt(0.09 / 4000) / p.pdf(true)
        assert end == pytest.approx(0.2 * (1 - true), abs=4 * error)
    assert difference.likelier_in == pytest.approx(1)
    assert difference.detectable
    assert found.columns[1].pairing == "same"
    assert found.columns[1].changes == (
        Change("questions.visit.prior.cases.otherwise", "10%", "30%"),
    )


def test_what_is_learned_counts_in_the_pairs() -> None:
    """Given the visit, p learns: the mean of the pairs is the difference of both posteriors."""
    found = compare([column("a", TALKS), column("b", TALKS, given="visit")])
    talks = row(found, "talks").cells
    mean, again = 4 / 10, 4 / 10 * 0.65 / (4 / 10 * 0.65 + 6 / 10 * 0.1)
    assert talks[0].probability == pytest.approx(mean, abs=4 * talks[0].mcse)
    assert talks[1].difference.points == pytest.approx(
        again - mean, abs=4 * talks[1].difference.mcse
    )
    assert talks[1].difference.likelier_in == pytest.approx(1)


def test_equal_files_differ_in_nothing() -> None:
    """Another order of questions, rows of a list, or words for people is no difference."""
    other = TALKS.replace(
        "latents:\n  talks: {prior: {beta: [4, 6]}}",
        "latents:\n  talks: {text: Other words, prior: {beta: [4, 6]}}",
    )
    head, questions, rest = other.partition("questions:")
    found = side_by_side(
        TALKS, f"questions:{rest.split('scenarios')[0]}{head}scenarios{rest.split('scenarios')[1]}"
    )
    assert questions
    assert found.columns[1].changes == ()
    for told in found.rows:
        assert not told.cells[1].difference.detectable
        assert told.cells[1].difference.points == 0.0


STATED = """
judgements: {sure: {read_as: 90% (85..94)}}
latents:
  talks: {prior: 40% (15..70)}
questions:
  visit: {type: binary, prior: {cases: {talks: 65% (45..82), otherwise: 12% (4..26)}}}
statements:
  - {of: visit, says: own.sure}
scenarios: {visited: visit, not: otherwise}
"""


def test_points_are_carried_where_posteriors_lie_apart() -> None:
    """Without a strong statement the judgements lie elsewhere; both marginals are kept."""
    spec = spec_of(STATED)
    one = column("a", spec)
    found = compare([one, column("b", without(spec, ["own.sure"]))])
    cell = row(found, "visited").cells[1]
    assert found.columns[1].pairing == "carried"
    first = row(found, "visited").cells[0]
    assert cell.difference.points == pytest.approx(cell.probability - first.probability)
    low, high = cell.difference.intervals["0.9"]
    assert low < cell.difference.points < high
    # Narrower than two ranges that are laid side by side as if they were independent.
    widths = [np.subtract(*c.intervals["0.9"][::-1]) for c in (first, cell)]
    assert high - low < np.hypot(*widths)
    with pytest.raises(UsageError, match=r"own\.suer"):
        without(spec, ["own.suer"])


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=8))
def test_a_coupling_keeps_both_weights(weights: list[tuple[float, float]]) -> None:
    both = np.array(weights).T + 1e-6
    first, second = (each / each.sum() for each in both)
    rows, columns, masses = coupled(first, second)
    np.testing.assert_allclose(np.bincount(rows, masses, len(first)), first, atol=1e-12)
    np.testing.assert_allclose(np.bincount(columns, masses, len(first)), second, atol=1e-12)
    together = masses[rows == columns].sum()
    assert together >= np.minimum(first, second).sum() - 1e-12


PRODUCT = """
questions:
  a: {type: binary, prior: 50%}
  b: {type: binary, prior: 50%}
scenarios: {both: a and b, rest: otherwise}
"""


def test_which_change_carries_how_much() -> None:
    """P = p q. From .5 .5 to .8 .6: p alone .15, last .8 .6 - .5 .6 = .18; q .05 and .08."""
    changed = PRODUCT.replace("a: {type: binary, prior: 50%", "a: {type: binary, prior: 80%")
    changed = changed.replace("b: {type: binary, prior: 50%", "b: {type: binary, prior: 60%")
    found = side_by_side(PRODUCT, changed)
    first, second = found.carriers
    assert (first.change, first.scenario) == ("questions.a.prior: 50% -> 80%", "both")
    assert (first.alone, first.last, first.share) == pytest.approx((0.15, 0.18, 0.165))
    assert (second.alone, second.last, second.share) == pytest.approx((0.05, 0.08, 0.065))
    assert first.share + second.share == pytest.approx(0.48 - 0.25)


def test_other_questions_are_listed() -> None:
    other = PRODUCT.replace("  b:", "  c: {type: binary, prior: 10%}\n  b:").replace("both", "two")
    found = side_by_side(PRODUCT, other)
    assert found.alone == (
        "only in a: scenario both",
        "only in b: scenario two",
        "only in b: question c",
    )
    assert row(found, "b").cells[1].difference.points == 0.0


def test_a_scenario_that_means_something_else_is_noted() -> None:
    found = side_by_side(PRODUCT, PRODUCT.replace("a and b", "a or b"))
    assert row(found, "both").note == "`a and b`; in b `a or b`"


def test_edits_make_one_file_of_the_other() -> None:
    before = {
        "evidence": [{"id": "x", "n": "1"}, {"id": "y"}],
        "s": {"a": "1", "b": "2"},
        "l": ["p"],
    }
    after = {
        "evidence": [{"id": "y"}, {"id": "x", "n": "2"}],
        "s": {"b": "2", "c": "3"},
        "l": ["q"],
    }
    found = edits(before, after)
    assert [edit.path for edit in found] == [
        ("evidence", "x", "n"), ("s", "a"), ("s", "c"), ("l", "{p}"), ("l", "{q}"),
    ]  # fmt: skip
    data = before
    for edit in found:
        data = edited(data, edit.path, edit.after)
    assert edits(data, after) == ()
    assert edits({"cases": {"a": "1", "b": "2"}}, {"cases": {"b": "2", "a": "1"}})


def test_the_json_is_what_its_schema_says() -> None:
    import jsonschema

    found = side_by_side(TALKS, TALKS.replace("otherwise: 10%", "otherwise: 30%"))
    jsonschema.validate(json.loads(found.to_json()), json.loads(schema_text("comparison")))


CAUSES = """
questions:
  a: {type: binary, prior: 40%}
  b: {type: binary, prior: {cases: {a: 80%, otherwise: 20%}}}
  c: {type: binary, prior: {cases: {b: 90%, otherwise: 10%}}}
scenarios: {happens: c, fails: otherwise}
variants:
  seen: {given: b}
  made: {do: {b: yes}}
  rooted: {do: {a: yes}}
"""


def test_what_is_given_teaches_and_what_is_done_cuts() -> None:
    """P(a | b) = .32 / (.32 + .12); done, a stays; what follows is the same: P(c | b) = .9."""
    spec = spec_of(CAUSES)
    named = {name: with_variant(spec, name)[1] for name in spec.file.variants}
    found = compare([column("x", spec), *(column(name, varied) for name, varied in named.items())])
    assert [told.effects for told in found.columns] == [
        (),
        ("learned of its causes: a 40 -> 73 %",),
        ("cut: b no longer hangs on a, and tells nothing of them",),
        ("nothing is cut: a has no causes; but its being so is no news either",),
    ]
    assert row(found, "a").cells[1].probability == pytest.approx(0.32 / 0.44)
    assert row(found, "a").cells[2].difference.points == 0.0
    for i in (1, 2):
        assert row(found, "happens").cells[i].probability == pytest.approx(0.9)
    asked = compare([column("x", spec), column("given", spec, given="b")])
    assert row(asked, "a").cells[1].probability == row(found, "a").cells[1].probability
