"""What a forecast hangs on, against hand algebra on three questions."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from comparing import column
from modelling import spec_of
from scipy.integrate import quad
from scipy.stats import beta, norm

import forecast
from forecast.analysis.altered import without
from forecast.analysis.sensitivity import END, sensitivity
from forecast.analysis.sensitivity_contract import Sensitivity
from forecast.cli.schema import schema_text
from forecast.errors import UsageError

CHAIN = """
latents:
  a: {prior: {beta: [6, 4]}}
questions:
  b: {type: binary, prior: {cases: {a: 80%, otherwise: 20%}}}
  c: {type: binary, prior: {cases: {b: 90%, otherwise: 10%}}}
scenarios: {happens: c, fails: otherwise}
"""


def found(body: str, **more: str) -> Sensitivity:
    made = column("x", body, **more)
    assert made.solved is not None
    return sensitivity(made.solved, made.summary)


def test_the_ends_of_a_judgement_and_where_it_flips() -> None:
    """P(c) = .1 + .8 (.2 + .6 p) = .26 + .48 p, which is one half at p = .5."""
    told, p = found(CHAIN), beta(6, 4)
    (bar,) = told.judgements
    swing = bar.scenarios["happens"]
    assert bar.values == pytest.approx((p.ppf(0.05), p.ppf(0.95)))
    # Without other judgements there is no Monte Carlo error: what is left is that of the spline.
    assert swing.low == pytest.approx(0.26 + 0.48 * p.ppf(0.05), abs=0.0015)
    assert swing.high == pytest.approx(0.26 + 0.48 * p.ppf(0.95), abs=0.0015)
    assert swing.change == pytest.approx(-bar.scenarios["fails"].change)
    (flip,) = told.flips
    assert (flip.name, flip.leader, flip.above) == ("latents.a.prior", "fails", False)
    assert flip.value == pytest.approx(0.5, abs=0.003)
    assert flip.level == pytest.approx(p.cdf(0.5), abs=0.01)
    assert flip.distance == pytest.approx(-norm.ppf(p.cdf(0.5)), abs=0.05)
    assert told.interactions == ()


def test_fixed_numbers_move_by_a_logit() -> None:
    told = found(CHAIN)
    chances = {
        (each.name, "lower" in each.words): each.scenarios["happens"]
        for each in told.alterations
        if each.kind == "fixed"
    }
    assert len(chances) == 8
    for lower in (True, False):
        odds = 4 * math.exp(-1 if lower else 1)
        true = 0.1 + 0.8 * (0.6 * odds / (1 + odds) + 0.4 * 0.2)
        shift = chances["questions.b.prior.cases.a", lower]
        assert shift.probability == pytest.approx(true, abs=0.004)
        # The difference is linear in p, and paired: its error is that of p alone.
        assert shift.change == pytest.approx(true - (0.26 + 0.48 * 0.6), abs=4 * shift.mcse + 1e-9)
    assert [(o.name, "lower" in o.words) for o in told.flipped_by if "cases.a" in o.name] == [
        ("questions.b.prior.cases.a", True)
    ]


def test_what_is_known_is_learned_again_at_each_end() -> None:
    """Given b: P(a | b, p) = .8 p / (.8 p + .2 (1 - p)); then d, which hangs on a."""
    body = CHAIN.replace("happens: c", "happens: d").replace(
        "scenarios:", "  d: {type: binary, prior: {cases: {a: 70%, otherwise: 30%}}}\nscenarios:"
    )
    (bar,) = found(body, given="b").judgements
    for end, shown in ((0.05, bar.scenarios["happens"].low), (0.95, bar.scenarios["happens"].high)):
        p = beta(6, 4).ppf(end)
        a = 0.8 * p / (0.8 * p + 0.2 * (1 - p))
        assert shown == pytest.approx(0.3 + 0.4 * a, abs=0.002)


PRODUCT = """
questions:
  a: {type: binary, prior: {beta: [3, 3]}}
  b: {type: binary, prior: {beta: [5, 2]}}
scenarios: {both: a and b, rest: otherwise}
"""


def test_judgements_that_multiply_are_told_of_together() -> None:
    """P = p q: the product of the scores has the coefficient E[p x] E[q y], twice END each way."""
    told = found(PRODUCT)
    (pair,) = told.interactions

    def slope(a: float, b: float) -> float:
        value = beta(a, b).ppf
        return quad(lambda x: value(norm.cdf(x)) * x * norm.pdf(x), -8, 8)[0]

    true = 4 * END**2 * slope(3, 3) * slope(5, 2)
    assert {pair.first, pair.second} == {"questions.a.prior", "questions.b.prior"}
    sign = 1 if pair.scenario == "both" else -1
    assert pair.change == pytest.approx(sign * true, abs=4 * pair.mcse)
    other = next(bar for bar in told.judgements if bar.name == "questions.a.prior")
    spread = beta(3, 3).ppf(0.95) - beta(3, 3).ppf(0.05)
    swing = other.scenarios["both"]
    assert swing.change == pytest.approx(5 / 7 * spread, abs=4 * swing.mcse)
    assert swing.mcse < 0.01


STATED = """
judgements: {sure: {read_as: 80% (70..88)}}
latents:
  talks: {prior: 40% (15..70)}
questions:
  visit: {type: binary, prior: {cases: {talks: 65% (45..82), otherwise: 12% (4..26)}}}
statements: [{of: visit, says: own.sure}]
evidence:
  - {id: report, date: 2025-03-01, text: t, source: s, grade: B2, odds: {talks: x2 (1.1..4)}}
scenarios: {visited: visit, not: otherwise}
"""


def test_what_is_left_out_is_as_if_it_were_not_there() -> None:
    told = {(each.kind, each.name): each for each in found(STATED).alterations}
    for kind, name in (("statement", "own.sure"), ("report", "report")):
        shift = told[kind, name].scenarios["visited"]
        alone = forecast.infer(forecast.build(without(spec_of(STATED), [name])), draws=40_000)
        weights, chances = alone.final.weights, alone.final.scenarios[:, 0]
        true = weights @ chances
        error = np.sqrt(weights**2 @ (chances - true) ** 2)
        own = column("x", STATED).summary.scenarios["visited"].mcse
        assert shift.probability == pytest.approx(
            true, abs=4 * np.hypot(np.hypot(shift.mcse, own), error)
        )
    halved = [each for each in found(STATED).alterations if each.name == "scatter"]
    assert len(halved) == 2
    assert {each.words for each in halved} == {
        "of every speaker halved",
        "of every speaker doubled",
    }


def test_the_order_of_the_file_changes_nothing() -> None:
    lines = PRODUCT.strip().split("\n")
    other = "\n".join([lines[0], lines[2], lines[1], lines[3]])
    bars = [{bar.name: bar for bar in found(body).judgements} for body in (PRODUCT, other)]
    for name, bar in bars[0].items():
        change = bars[1][name].scenarios["both"].change
        assert bar.scenarios["both"].change == pytest.approx(change, abs=1e-9)


def test_without_scenarios_nothing_is_sensitive() -> None:
    made = column("x", "numbers: exact\nquestions: {a: {type: binary, prior: 10%}}")
    assert made.solved is not None
    told = sensitivity(made.solved, made.summary)
    assert told.judgements == ()
    from dataclasses import replace

    with pytest.raises(UsageError, match="names no scenarios"):
        sensitivity(made.solved, replace(made.summary, scenarios={}))


def test_the_json_is_what_its_schema_says() -> None:
    import jsonschema

    jsonschema.validate(json.loads(found(STATED).to_json()), json.loads(schema_text("sensitivity")))
