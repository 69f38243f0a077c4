"""Noisy-or: small and wide, against hand algebra and published networks."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from modelling import chance, network_of, outcomes, states
from solving import both_engines

from forecast.model.network import Network

PUBLISHED = Path(__file__).parents[3] / "shared/data/bn/noisy_or_logistic.json"

A_AND_B = "questions:\n  a: {type: binary, prior: 30%}\n  b: {type: binary, prior: 60%}\n"


def one_of(causes: int, leak: float, p: float, prior: float, rest: str = "") -> str:
    """Return a question with so many causes, each as likely and as strong as the others."""
    roots = "".join(f"  c{i}: {{type: binary, prior: {prior}}}\n" for i in range(causes))
    named = ", ".join(f"c{i}: {p}" for i in range(causes))
    return f"questions:\n{roots}  x: {{type: binary, prior: {{any_of: {{leak: {leak}, {named}}}}}{rest}}}\n"


def test_each_cause_and_the_leak_act_alone() -> None:
    """P(no) = .9 (leak) * (1 - .3 * .5) (a) * (1 - .6 * .2) (b): all act independently."""
    network = network_of(
        A_AND_B + "  x: {type: binary, prior: {any_of: {leak: 10%, a: 50%, b: 20%}}}"
    )
    assert states(network, "x")["no"] == pytest.approx(0.9 * 0.85 * 0.88, rel=1e-14)


def test_without_a_leak_nothing_else_brings_it_about() -> None:
    """P(yes) = .3 * .5; a question that is called leak is a cause like any other."""
    network = network_of(A_AND_B + "  x: {type: binary, prior: {any_of: {a: 50%}}}")
    assert states(network, "x")["yes"] == pytest.approx(0.15, rel=1e-14)
    named = (
        A_AND_B.replace("  a:", "  leak:") + '  x: {type: binary, prior: {any_of: {"`leak`": 50%}}}'
    )
    assert states(network_of(named), "x")["yes"] == pytest.approx(0.15, rel=1e-14)


def test_within_rows_and_with_conditions() -> None:
    """a: any_of gives 1 - .9 * (1 - .6 * .5) = .37; not a: 4 %."""
    body = A_AND_B + (
        "  x: {type: binary, prior: {cases: {a: {any_of: {leak: 10%, a and b: 50%}}, otherwise: 4%}}}"
    )
    assert states(network_of(body), "x")["yes"] == pytest.approx(0.3 * 0.37 + 0.7 * 0.04, rel=1e-13)


@pytest.mark.skipif(not PUBLISHED.exists(), reason="needs ../shared/data")
def test_published_networks() -> None:
    """P(E), P(C | E) and P(C | not E, C0), computed by pyAgrum and by enumeration."""
    cases = json.loads(PUBLISHED.read_text())
    assert {case["kind"] for case in cases} == {"noisy_or", "logistic"}
    for case in cases:
        roots = "".join(
            f"  c{i}: {{type: binary, prior: {p}}}\n" for i, p in enumerate(case["priors"])
        )
        body = f"questions:\n{roots}  e: {{type: binary, prior: {prior(case)}}}\n"
        expected = case["enumeration"]
        assert states(network_of(body), "e")["yes"] == pytest.approx(expected["P_E"], rel=1e-12)
        for given, key, first in (
            ("e", "P_C_given_E", 0),
            ("not e and c0", "P_C_given_notE_C0", 1),
        ):
            network = network_of(body, given=given)
            found = [states(network, f"c{i}")["yes"] for i in range(first, len(case["priors"]))]
            np.testing.assert_allclose(found, expected[key], rtol=1e-11, err_msg=case["id"])


def prior(case: dict[str, Any]) -> str:
    if case["kind"] == "noisy_or":
        named = ", ".join(f"c{i}: {w}" for i, w in enumerate(case["weights"]))
        return f"{{any_of: {{leak: {case['leak_or_intercept']}, {named}}}}}"
    base = 1 / (1 + math.exp(-case["leak_or_intercept"]))
    odds = ", ".join(f"c{i}: x{math.exp(w):.15f}" for i, w in enumerate(case["weights"]))
    return f"{{base: {base:.17f}, odds: {{{odds}}}}}"


# ------------------------------------------------------------------------- many causes


@pytest.mark.parametrize("causes", [5, 6, 40])
def test_many_causes_need_no_large_table(causes: int) -> None:
    """P(no) = (1 - leak) (1 - prior p)^n; and P(c0 | no) by Bayes."""
    network = network_of(one_of(causes, 0.05, 0.1, 0.3))
    expected = 0.95 * (1 - 0.3 * 0.1) ** causes
    assert states(network, "x")["no"] == pytest.approx(expected, rel=1e-12)
    largest = max(node.cpd.index.size for node in network.nodes.values())
    assert largest <= 2 * 2**5
    network = network_of(one_of(causes, 0.05, 0.1, 0.3), given="not x")
    assert states(network, "c0")["yes"] == pytest.approx(0.3 * 0.9 / (1 - 0.03), rel=1e-12)


def test_a_chain_is_the_table_cause_by_cause() -> None:
    """Six different causes, some of them joint: every world by enumeration."""
    weights = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
    names = ("c0", "c1", "c2", "c0 and c1", "c1 or c2", "not c2")
    named = ", ".join(f"{name}: {w}" for name, w in zip(names, weights, strict=True))
    roots = "".join(f"  c{i}: {{type: binary, prior: 40%}}\n" for i in range(3))
    network = network_of(
        f"questions:\n{roots}  x: {{type: binary, prior: {{any_of: {{leak: 7%, {named}}}}}}}"
    )
    expected = 0.0
    for c in itertools.product([True, False], repeat=3):
        on = (c[0], c[1], c[2], c[0] and c[1], c[1] or c[2], not c[2])
        weight = math.prod(0.4 if value else 0.6 for value in c)
        expected += (
            weight * 0.93 * math.prod(1 - w for w, holds in zip(weights, on, strict=True) if holds)
        )
    assert states(network, "x")["no"] == pytest.approx(expected, rel=1e-12)


def test_wide_and_void() -> None:
    """Void with chance .7; else as without `only_if`."""
    network = network_of(one_of(6, 0, 0.5, 0.5, ", only_if: v") + "  v: {type: binary, prior: 30%}")
    assert states(network, "x") == pytest.approx(
        {"yes": 0.3 * (1 - 0.75**6), "no": 0.3 * 0.75**6, "void": 0.7}, rel=1e-12
    )


@pytest.mark.parametrize("timing", ["evenly", "constant"])
def test_wide_and_dated(timing: str) -> None:
    """Evenly: half of the occurrences lie in the first half. A constant hazard: 1 - sqrt(1 - p)."""
    body = one_of(6, 0.2, 0.5, 0.5).replace(
        "type: binary, prior: {any_of", "type: date, occurs: {any_of"
    )
    body = body.replace("}}}\n", f"}}}}, timing: [{timing}], window: 2025-04-11..2025-04-20}}\n")
    network = network_of(body + "scenarios: {early: x by 2025-04-15, rest: otherwise}")
    expected = 0.0
    for k in range(7):
        p = 1 - 0.8 * 0.5**k
        early = p / 2 if timing == "evenly" else 1 - math.sqrt(1 - p)
        expected += math.comb(6, k) / 64 * early
    assert chance(network) == pytest.approx(expected, rel=1e-12)


def test_uncertain_causes_in_both_engines() -> None:
    """1 - (1 - l)(1 - a p)(1 - b q) with a = .3, b = .6 at given parameters."""
    body = A_AND_B + "  x: {type: binary, prior: {any_of: {leak: 1..9%, a: even, b: own.q}}}"
    network = network_of(
        "judgements: {q: {read_as: likely}}\n" + body + "\nscenarios: {x: x, rest: otherwise}"
    )
    path = "questions.x.prior.any_of"
    values = {f"{path}.leak": 0.04, f"{path}.a": 0.45, "own.q": 0.7}
    expected = 1 - 0.96 * (1 - 0.3 * 0.45) * (1 - 0.6 * 0.7)
    assert outcomes(network, **values).questions["x"][0, 0] == pytest.approx(expected, rel=1e-12)
    known: Network = network_of("judgements: {q: {read_as: likely}}\n" + body, given="x")
    for found in both_engines(known, values):
        assert found == pytest.approx(expected, rel=1e-12)
