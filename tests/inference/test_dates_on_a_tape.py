"""Dates that are compared, on the tape that PyMC runs: values of the exact engine, and slopes."""

from __future__ import annotations

import numpy as np
import pytest
from modelling import Array, network_of

from forecast.inference import pymc_model, tape_op
from forecast.inference.coordinates import Coordinates
from forecast.inference.exact import ExactNetwork
from forecast.model.network import Network

BODY = """\
questions:
  g: {type: binary, prior: 40% (20..60)}
  a: {type: date, window: 2025-04-09..2025-04-16, occurs: {cases: {g: 60% (40..80), otherwise: 30% (15..45)}}, timing: [{between: 2025-04-10..2025-04-11, share: 30% (15..45)}, {between: 2025-04-13..2025-04-14, share: 20% (10..30)}, constant]}
  b: {type: date, window: 2025-04-10..2025-04-20, rate: {events: 3, in: 20 days}, times: {a: x2 (1..4), g: x1.5 (1..2)}}
  c: {type: date, window: 2025-04-12..2025-04-22, occurs: 50% (30..70), timing: [constant]}
statements:
- {of: a before b, says: 60% (40..78)}
- {of: b within 2 days of c, given: c, says: 30% (15..45)}
evidence:
- {id: e, date: 2025-04-08, text: t, source: s, grade: C3, odds: {a before c: x3 (1.5..6)}}
scenarios: {s: a before c, rest: otherwise}
"""


@pytest.fixture(scope="module")
def network() -> Network:
    return network_of(BODY)


def program_at(network: Network, draws: int) -> tuple[pymc_model.Program, Array, dict[str, Array]]:
    coordinates = Coordinates(network)
    z = np.random.default_rng(5).standard_normal((len(coordinates), draws))
    values = coordinates.parameters(z)
    program = pymc_model.solved(network, pymc_model.groups(network, vectors=False))
    return program, np.concatenate([np.atleast_2d(v) for v in values.values()]), values


def test_the_tape_says_what_the_exact_engine_says(network: Network) -> None:
    program, x, values = program_at(network, 4)
    log_evidence, implied = ExactNetwork(network).weights(values)
    for i in range(4):
        slots = tape_op.forward(x[:, i].copy(), program.constants, program.code)
        evidence, *rest = slots[program.outputs]
        of, given = np.array(rest[:2]), np.array(rest[2:])
        assert np.log(evidence) == pytest.approx(log_evidence[i], abs=1e-12)
        np.testing.assert_allclose(of / given, implied[i], rtol=1e-11)


def test_slopes_are_those_of_central_differences(network: Network) -> None:
    program, x, _ = program_at(network, 1)
    at = x[:, 0].copy()
    weights = np.random.default_rng(1).standard_normal(len(program.outputs))

    def value(point: Array) -> float:
        slots = tape_op.forward(point, program.constants, program.code)
        return float(slots[program.outputs] @ weights)

    slots = tape_op.forward(at, program.constants, program.code)
    cotangent = np.zeros_like(slots)
    np.add.at(cotangent, program.outputs, weights)
    gradient = tape_op.backward(at, slots, cotangent, program.code)
    for i, step in enumerate(1e-5 * at):
        up, down = at.copy(), at.copy()
        up[i] += step
        down[i] -= step
        slope = (value(up) - value(down)) / (2 * step)
        assert gradient[i] == pytest.approx(slope, rel=1e-5, abs=1e-8)
    assert np.isfinite(gradient).all()
    assert np.count_nonzero(gradient) > 0.9 * len(at)
