"""`auto`: weighted draws, and chains from all modes that they have seen where they fail."""

from __future__ import annotations

import dataclasses
import warnings

import numpy as np
import pytest
from modelling import network_of, posterior_of
from test_conflict import one_root

import forecast
from forecast.inference import auto, importance
from forecast.inference.certificate import mean_and_error
from forecast.inference.settings import Settings
from forecast.model.distributions import Beta
from forecast.model.network import Network
from forecast.posterior import SCENARIOS, Posterior

with warnings.catch_warnings():  # what a library does while it is imported is not for us to mend
    warnings.simplefilter("ignore")
    import pytensor

    from forecast.inference import chains, nuts
    from forecast.inference.pymc_model import breaks, groups, pieces, to_pymc

MILD = "questions: {x: {type: binary, prior: 40% (20..65)}}\nscenarios: {s: x, rest: otherwise}"

FORMS = """\
use: {doo: doo.yaml}
experts: {doo: {shift: 0.6, scatter: 0.9}}
questions:
  a: {type: binary, prior: doo.leaning}
  b: {type: binary, prior: {beta: [0.3, 2]}}
  c: {type: categorical, states: [r, g, b], prior: {shares: {r: 50%, g: 30%, b: 20%}, worth: 5}}
  d: {type: date, rate: {events: 2, in: 1 year}}
  e: {type: binary, prior: {base: 20% (8..36), odds: {a: x2 (1.2..3.5)}}}
statements: [{of: e, says: doo.claim}]
scenarios: {s: a, rest: otherwise}
"""
PRIORS = {
    "doo.yaml": "priors: 1\nsource: {who: Doo, said: 2025-04-08}\nlexicon: icd203\n"
    "judgements: {leaning: {read_as: likely}, claim: {read_as: unlikely}}\n"
}


def test_where_the_draws_are_certified_they_are_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nuts, "infer", lambda *_: pytest.fail("sampled"))
    network = network_of(MILD)
    told: list[str] = []
    found = forecast.infer(network, "auto", notice=told.append)
    assert found.engine == "exact"
    np.testing.assert_array_equal(found.log_weights, posterior_of(network).log_weights)
    assert told == []


def failing(network: Network, settings: Settings) -> Posterior:
    found = dataclasses.replace(settings, draws=600)
    posterior = real(network, found)
    diagnostics = dataclasses.replace(posterior.diagnostics, status="fail", reasons=("blind",))
    return dataclasses.replace(posterior, diagnostics=diagnostics)


real = importance.infer


@pytest.mark.parametrize("mixed", [True, False])
def test_where_they_are_not_chains_are(mixed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told so, from the starts; where the chains fail too, with both reasons."""
    given: list[object] = []
    reasons = ("unvalidated",) if mixed else ("not mixed",)

    def sampled(network: Network, settings: Settings, starts: list[object]) -> Posterior:
        given.extend(starts)
        posterior = failing(network, settings)
        status = "warn" if mixed else "fail"
        diagnostics = dataclasses.replace(posterior.diagnostics, status=status, reasons=reasons)
        return dataclasses.replace(posterior, engine="nuts", diagnostics=diagnostics)

    monkeypatch.setattr(importance, "infer", failing)
    monkeypatch.setattr(nuts, "infer", sampled)
    told: list[str] = []
    found = forecast.infer(network_of(MILD), "auto", notice=told.append)
    assert found.engine == "nuts"
    assert told == [auto.NOTICE]
    assert len(given) == auto.STARTS
    both = (*reasons, "before, weighted draws: blind")
    assert found.diagnostics.reasons == (reasons if mixed else both)


def test_chosen_draws_are_all_that_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importance, "infer", failing)
    monkeypatch.setattr(nuts, "infer", lambda *_: pytest.fail("sampled"))
    found = forecast.infer(network_of(MILD), "auto", draws=600)
    assert (found.engine, found.diagnostics.status) == ("exact", "fail")


TWO_MODES = """\
experts: {own: {shift: 0, scatter: 0.1}}
questions:
  a: {type: binary, prior: {beta: [2.6, 2.6]}}
  b: {type: binary, prior: {beta: [2.6, 2.6]}}
  x: {type: binary, means: a and not b or b and not a}
statements: [{of: x, says: 85%}]
scenarios: {s: a and not b, rest: otherwise}
"""


def test_chains_start_in_all_modes_that_were_seen() -> None:
    """One of the two is likely and the other not: either way round."""
    starts = auto.starts(posterior_of(network_of(TWO_MODES), draws=4000))
    sides = {start.parameters["questions.a.prior"] > 0.5 for start in starts}
    assert sides == {True, False}
    for start in starts:
        a, b = (start.parameters[f"questions.{name}.prior"] for name in "ab")
        assert a * (1 - b) + b * (1 - a) == pytest.approx(0.85, abs=0.08)


def test_a_start_is_the_same_point_for_the_sampler() -> None:
    """Leaning, piled and broken parameters: what the model makes of a start is what was drawn."""
    network = network_of(FORMS, files=PRIORS)
    start = auto.starts(posterior_of(network, draws=1000))[1]
    model = to_pymc(network, vectors=True)
    placed = chains._placed(network, start, [variable.name for variable in model.free_RVs])
    gathered = groups(network, vectors=True)
    function = pytensor.function(
        model.free_RVs, [model[group.name] for group in gathered], mode="FAST_COMPILE"
    )
    out = function(*(placed[variable.name] for variable in model.free_RVs))
    found = {
        part.path: values[i]
        for group, values in zip(gathered, out, strict=True)
        for i, part in enumerate(group.members)
    }
    assert {"chances with a lean", "chances piled at an end"} <= {group.name for group in gathered}
    for name, parameter in network.parameters.items():
        parts = [found[part.path] for part in breaks(parameter)]
        made = parts[0] if name in found else pieces(parts)
        np.testing.assert_allclose(made, start.parameters[name], rtol=1e-4)
    assert placed["leans"] == [start.normals["experts.doo.lean"]]


@pytest.mark.slow
def test_chains_find_what_weighted_draws_cannot() -> None:
    """2 % said to be even, to 0.05 logits: by quadrature in logit p."""
    body, truth = one_root(Beta(3.2, 158), 0.5, 0.05)
    network = network_of(body)
    assert posterior_of(network).diagnostics.status == "fail"
    found = forecast.infer(network, "auto")
    assert (found.engine, found.diagnostics.status) == ("nuts", "warn")
    mean, error = mean_and_error(found.final.weights, found.final.scenarios)
    error = error * found.final.inflation[SCENARIOS]
    assert mean[0] == pytest.approx(truth, abs=4.5 * error[0])
