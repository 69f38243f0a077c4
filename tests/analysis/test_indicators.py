"""What to watch: against pyAgrum on fixed networks, hand algebra, and conditions that are given."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pytest
from comparing import column

from forecast.analysis.indicators import indicators, mutual_information
from forecast.analysis.indicators_contract import Indicators
from forecast.cli.schema import schema_text
from forecast.spec.load import ScenarioSpec


def found(body: str | ScenarioSpec, **more: str) -> Indicators:
    made = column("x", body, **more)
    assert made.solved is not None
    return indicators(made.solved, made.summary)


CLINIC = """
questions:
  asia: {type: binary, prior: 1%}
  smoke: {type: binary, prior: 50%}
  tub: {type: binary, prior: {cases: {asia: 5%, otherwise: 1%}}}
  lung: {type: binary, prior: {cases: {smoke: 10%, otherwise: 1%}}}
  bronc: {type: binary, prior: {cases: {smoke: 60%, otherwise: 30%}}}
  either: {type: binary, means: tub or lung}
  xray: {type: binary, prior: {cases: {either: 98%, otherwise: 5%}}}
  dysp: {type: binary, prior: {cases: {either and bronc: 90%, either: 70%, bronc: 80%, otherwise: 10%}}}
scenarios: {cancer: lung, other: otherwise}
"""


def _agrum(evidence: dict[str, str]) -> dict[str, float]:
    """Mutual information with `lung` by pyAgrum, on the same tables written by hand."""
    with warnings.catch_warnings():  # its SWIG classes warn when they are made
        warnings.simplefilter("ignore")
        return _asked_of_agrum(evidence)


def _asked_of_agrum(evidence: dict[str, str]) -> dict[str, float]:
    import pyagrum

    net = pyagrum.fastBN(
        "asia{yes|no}->tub{yes|no}->either{yes|no}<-lung{yes|no}<-smoke{yes|no}->bronc{yes|no}"
        "->dysp{yes|no}<-either->xray{yes|no}"
    )
    chances = {
        "asia": {(): 0.01}, "smoke": {(): 0.5},
        "tub": {("yes",): 0.05, ("no",): 0.01},
        "lung": {("yes",): 0.1, ("no",): 0.01},
        "bronc": {("yes",): 0.6, ("no",): 0.3},
        "either": {("yes", "yes"): 1, ("yes", "no"): 1, ("no", "yes"): 1, ("no", "no"): 0},
        "xray": {("yes",): 0.98, ("no",): 0.05},
        "dysp": {("yes", "yes"): 0.9, ("yes", "no"): 0.7, ("no", "yes"): 0.8, ("no", "no"): 0.1},
    }  # fmt: skip
    parents = {
        "asia": (), "smoke": (), "tub": ("asia",), "lung": ("smoke",), "bronc": ("smoke",),
        "either": ("tub", "lung"), "xray": ("either",), "dysp": ("either", "bronc"),
    }  # fmt: skip
    for name, table in chances.items():
        for states, chance in table.items():
            world = dict(zip(parents[name], states, strict=True))
            net.cpt(name)[world] = [chance, 1 - chance]
    found = {}
    for name in (name for name in chances if name not in (*evidence, "lung")):
        engine = pyagrum.LazyPropagation(net)
        engine.setEvidence(evidence)
        engine.addJointTarget({"lung", name})
        theory = pyagrum.InformationTheory(engine, ["lung"], [name])
        found[name] = theory.mutualInformationXY()
    return found


@pytest.mark.parametrize(
    ("given", "evidence"), [("", {}), ("xray and asia", {"xray": "yes", "asia": "yes"})]
)
def test_information_is_that_of_pyagrum(given: str, evidence: dict[str, str]) -> None:
    told = {each.name: each for each in found(CLINIC, given=given).indicators}
    for name, information in _agrum(evidence).items():
        if name in told:
            assert told[name].information == pytest.approx(information, abs=1e-6), name
        else:
            assert information < 1e-6
    assert {"smoke", "either", "bronc"} <= told.keys()


LEARNING = """
latents:
  talks: {prior: {beta: [2, 3]}}
questions:
  first: {type: binary, prior: {cases: {talks: 80%, otherwise: 20%}}, by: 2025-06-08}
  second: {type: binary, prior: {cases: {talks: 70%, otherwise: 10%}}}
scenarios: {succeeds: second, fails: otherwise}
watch: [first]
"""


def test_an_answer_teaches_what_it_would_if_it_were_given() -> None:
    told = next(each for each in found(LEARNING).indicators if each.name == "first")
    # By hand, p = 2/5: P(talks | first) = .8 p / (.8 p + .2 (1 - p)).
    p = 0.4
    first = 0.8 * p + 0.2 * (1 - p)
    then = 0.1 + 0.6 * 0.8 * p / first
    answer = told.answers[0]
    assert (answer.says, told.watched, told.known, told.days) == ("first", True, "2025-06-08", 61)
    assert answer.probability == pytest.approx(first, abs=0.01)
    outlook = answer.scenarios["succeeds"]
    assert outlook.probability == pytest.approx(then, abs=4 * outlook.mcse)
    own = column("x", LEARNING, given="first").summary.scenarios["succeeds"]
    assert outlook.probability == pytest.approx(
        own.probability, abs=4 * np.hypot(outlook.mcse, own.mcse)
    )
    assert told.per_month == pytest.approx(told.information * 30.4375 / 61)


def test_doubt_about_judgements_is_information() -> None:
    """Two questions that share only a judgement p tell of each other once p is uncertain.

    p ~ Beta(1, 1): P(both) = E[p^2] = 1/3, so I = sum J log2 (J / 1/4) with J = 1/3, 1/6, 1/6, 1/3.
    """
    body = """
judgements: {p: {read_as: {beta: [1, 1]}}}
questions:
  a: {type: binary, prior: own.p}
  b: {type: binary, prior: own.p}
scenarios: {is_a: a, not_a: otherwise}
"""
    told = next(each for each in found(body).indicators if each.name == "b")
    true = 2 / 3 * np.log2(4 / 3) + 1 / 3 * np.log2(4 / 6)
    assert told.information == pytest.approx(true, abs=4 * told.mcse)
    assert told.mcse < 0.01


DATED = """
questions:
  visit: {type: date, occurs: 40%, timing: [evenly], report_by: [2025-06-30], observable: 10 days}
  secret: {type: binary, prior: 20%, observable: never}
  sure: {type: binary, prior: certain}
scenarios: {early: visit by 2025-06-30, late: visit, never: otherwise}
"""


def test_the_ranges_of_a_number_are_conditions_that_can_be_given() -> None:
    body = """
questions:
  cost: {type: quantity, amount: 25 (10..60), cuts: [20, 30]}
  visits: {type: count, rate: 2 (1..4) a year, cuts: [1, 2]}
scenarios: {dear: cost > 30, busy: visits >= 2, rest: otherwise}
"""
    told = found(body)
    says = {each.name: [answer.says for answer in each.answers] for each in told.indicators}
    assert says["cost"] == ["cost < 20", "cost in 20..30", "cost >= 30"]
    assert says["visits"] == ["visits in 0..0", "visits in 1..1", "visits >= 2"]
    for each in told.indicators:
        for answer in each.answers:
            given = column("x", body, given=answer.says).summary.scenarios["busy"]
            outlook = answer.scenarios["busy"]
            error = np.hypot(outlook.mcse, given.mcse)
            assert outlook.probability == pytest.approx(given.probability, abs=4 * error + 1e-9)


def test_dates_are_asked_about_by_each_day() -> None:
    told = found(DATED)
    by = {each.name: each for each in told.indicators}
    assert list(by) == ["visit by 2025-06-30", "visit by 2025-12-31"]
    assert by["visit by 2025-06-30"].known == "2025-07-10"
    days = 83 / 267  # from 9 April on
    early = 0.4 * days
    answers = {answer.says: answer for answer in by["visit by 2025-06-30"].answers}
    assert answers["visit by 2025-06-30"].probability == pytest.approx(early)
    late = answers["not visit by 2025-06-30"].scenarios["late"]
    assert late.probability == pytest.approx((0.4 - early) / (1 - early))
    assert late.change == pytest.approx((0.4 - early) / (1 - early) - (0.4 - early))
    assert (
        told.closed == {"secret": "nobody can observe it", "sure": "resolved"}
        or told.closed["sure"]
    )
    assert told.closed["secret"] == "nobody can observe it"


def test_relabelling_and_order_change_nothing() -> None:
    draws = np.random.default_rng(1).dirichlet(np.ones(6), size=50).reshape(50, 2, 3)
    weights = np.full(50, 1 / 50)
    one = mutual_information(draws, weights)
    other = mutual_information(draws[::-1, ::-1][:, :, [2, 0, 1]], weights)
    assert one == pytest.approx(other)


def test_the_json_is_what_its_schema_says() -> None:
    import jsonschema

    jsonschema.validate(json.loads(found(DATED).to_json()), json.loads(schema_text("indicators")))
