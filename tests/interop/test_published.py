"""Published networks against pyAgrum's posteriors: every node of every case, and P(evidence).

The networks and reference values lie beside the repository (`../shared/data/bn`, or wherever
``FORECAST_SHARED_DATA`` says); without them these tests are skipped.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import forecast
from forecast.model.network import Network
from forecast.spec.load import ScenarioSpec

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("FORECAST_SHARED_DATA", ROOT.parent / "shared" / "data")) / "bn"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the reference data lie elsewhere")

SMALL = ("asia", "cancer", "earthquake", "sachs", "survey")


@cache
def reference(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text("utf-8"))


@cache
def spec_of(name: str) -> ScenarioSpec:
    return forecast.load(DATA / reference(name)["source_file"])


def findings(case: Any) -> list[str]:
    return [f"`{name}` is `{state}`" for name, state in case["evidence"].items()]


def agrees(network: Network, case: Any) -> None:
    # 1e-6 as agreed for the data: pyAgrum holds tables in single precision.
    posterior = forecast.infer(network)
    for name, wanted in case["posteriors"].items():
        states = network.nodes[name].cells.states
        found = dict(zip(states, posterior.final.questions[name][0].tolist(), strict=True))
        assert found == pytest.approx(wanted, abs=1e-6), name
    assert math.exp(posterior.log_evidence) == pytest.approx(case["p_evidence"], rel=1e-5)


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("i", range(6))
def test_small_networks(name: str, i: int) -> None:
    case = reference(name)["cases"][i]
    agrees(forecast.build(spec_of(name), given=findings(case)), case)


@pytest.mark.parametrize("name", ["andes", "pigs"])
@pytest.mark.parametrize("i", range(6))
def test_large_networks(name: str, i: int) -> None:
    case = reference(name)["cases"][i]
    agrees(forecast.build(spec_of(name), given=findings(case)), case)


def ici(case: Any) -> str:
    """Write a noisy-or or logistic model in the language."""
    lines = ["forecast: 1", "title: T", "as_of: 2025-04-08", "horizon: 2025-12-31"]
    lines += ["lexicon: icd203", "numbers: exact", "defaults: {type: binary}", "questions:"]
    lines += [f"  c{i}: {{prior: {100 * p!r}%}}" for i, p in enumerate(case["priors"])]
    if case["kind"] == "noisy_or":
        links = [f"c{i}: {100 * w!r}%" for i, w in enumerate(case["weights"])]
        chance = (
            f"{{any_of: {{{', '.join([f'leak: {100 * case["leak_or_intercept"]!r}%', *links])}}}}}"
        )
    else:
        base = 100 / (1 + math.exp(-case["leak_or_intercept"]))
        odds = [f"c{i}: x{math.exp(w)!r}" for i, w in enumerate(case["weights"])]
        chance = f"{{base: {base!r}%, odds: {{{', '.join(odds)}}}}}"
    return "\n".join([*lines, f"  e: {{prior: {chance}}}", "scenarios: {any: otherwise}", ""])


@pytest.mark.parametrize("i", range(12))
def test_noisy_or_and_logistic(i: int, tmp_path: Path) -> None:
    cases = reference("noisy_or_logistic")
    case, path = cases[i], tmp_path / "x.yaml"
    path.write_text(ici(case), "utf-8")
    spec = forecast.load(path)
    wanted = case["enumeration"]

    def chances(given: Sequence[str]) -> dict[str, float]:
        final = forecast.infer(forecast.build(spec, given=given)).final
        return {name: float(values[0, 0]) for name, values in final.questions.items()}

    causes = [f"c{k}" for k in range(len(case["priors"]))]
    assert chances([])["e"] == pytest.approx(wanted["P_E"], abs=1e-6)
    known = chances(["e"])
    assert [known[c] for c in causes] == pytest.approx(wanted["P_C_given_E"], abs=1e-6)
    without = chances(["not e", "c0"])
    found = [without[c] for c in causes[1:]]
    assert found == pytest.approx(wanted["P_C_given_notE_C0"], abs=1e-6)
