"""Dates told apart by the day stay the analyst's dates in all that is shown of a network."""

from __future__ import annotations

from pathlib import Path

import pytest
from modelling import posterior_of, spec_of

import forecast
from forecast.analysis.check import check_file
from forecast.analysis.explain import explain
from forecast.model.network import Network
from forecast.spec.load import ScenarioSpec
from forecast.views.diagram import diagram

BODY = """\
questions:
  g: {type: binary, prior: 40%}
  a: {type: date, window: 2025-04-09..2025-04-13, occurs: {cases: {g: 60%, otherwise: 20%}}, timing: {cases: {g: [{between: 2025-04-10..2025-04-11, share: 30%}, evenly], otherwise: [constant]}}}
  b: {type: date, window: 2025-04-09..2025-04-18, rate: {events: 3, in: 20 days}, times: {a: x2}}
  c: {type: date, window: 2025-04-09..2025-04-18, occurs: 40%, timing: [evenly]}
  x: {type: binary, prior: {cases: {a before c: 70%, otherwise: 20%}}}
statements:
  - {of: a before c, says: 60% (40..78)}
scenarios: {s: x, t: b before a, rest: otherwise}
"""


@pytest.fixture(scope="module")
def spec() -> ScenarioSpec:
    return spec_of(BODY)


@pytest.fixture(scope="module")
def network(spec: ScenarioSpec) -> Network:
    return forecast.build(spec)


def test_what_a_question_depends_on(network: Network) -> None:
    found = {name: set(network.parents(name)) for name in network.questions}
    assert found == {"g": set(), "a": {"g"}, "b": {"a"}, "c": set(), "x": {"a", "c"}}


def test_the_graph_has_the_same_arrows(spec: ScenarioSpec, network: Network) -> None:
    arrows = set(diagram(spec, network).arrows)
    assert arrows == {("g", "a"), ("a", "b"), ("a", "x"), ("c", "x")}


def test_a_date_is_explained_by_its_own_rows(spec: ScenarioSpec, network: Network) -> None:
    posterior = posterior_of(network, draws=200)
    summary = forecast.summarise(spec, network, posterior)
    found = explain(spec, network, posterior, summary, "a")
    assert found.parents == {"g": "binary"}
    assert {(row.worlds, round(row.before, 6)) for row in found.rows} == {
        (("g",), 0.6), (("not g",), 0.2)
    }  # fmt: skip
    assert found.timing == (
        "g: 30% of the cases: Normal, nine in ten within 2025-04-10..2025-04-11",
        "g: the rest: every day alike",
        "otherwise: all: the same hazard on every day",
    )
    assert [statement.of for statement in found.statements] == ["a before c"]
    assert explain(spec, network, posterior, summary, "b").parents == {"a": "date"}


def test_check_understands_it(tmp_path: Path) -> None:
    head = "forecast: 1\ntitle: T\nas_of: 2025-04-08\nhorizon: 2025-12-31\nlexicon: icd203\n"
    (tmp_path / "s.yaml").write_text(head + BODY)
    checked = check_file(tmp_path / "s.yaml")
    assert not [fault for fault in checked.faults if fault.severity == "error"]
    assert checked.understood is not None
    assert checked.understood.questions["b"].parents == ("a",)
