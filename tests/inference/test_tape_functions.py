"""Functions of rates and amounts in both engines: values by NumPy, slopes by differences."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from modelling import Array, network_of

from forecast.inference.coordinates import Coordinates
from forecast.inference.exact import ExactNetwork
from forecast.inference.operations import NumpyOperations
from forecast.inference.tape import Tape
from forecast.inference.tape_operations import TapeOperations

with warnings.catch_warnings():  # what a library does while it is imported is not for us to mend
    warnings.simplefilter("ignore")
    from forecast.inference import pymc_model, tape_op

FUNCTIONS = {
    "log": (lambda x, ops: ops.log(x), [0.01, 1.0, 30.0]),
    "ndtr": (lambda x, ops: ops.ndtr(x), [-9.0, -1.0, 0.1, 2.5]),
    "arctan": (lambda x, ops: ops.arctan(x), [-3.0, 0.2, 40.0]),
    "clip": (lambda x, ops: ops.clip(x), [-3.0, 0.2, 1.5]),
    "above 0": (lambda x, ops: ops.gammainc(1.0, x), [1e-12, 0.3, 4.0, 60.0]),
    "above 6": (lambda x, ops: ops.gammainc(7.0, x), [1e-3, 0.3, 6.5, 60.0]),
    "clumped up to 3": (lambda x, ops: ops.clumped(x, 0.7 * x + 0.1, 3, above=False), [0.4, 3.0]),
    "clumped above 9": (lambda x, ops: ops.clumped(x, np.array([2.0]), 9, above=True), [0.4, 30.0]),
    "clumped above 0": (lambda x, ops: ops.clumped(2.0 * x, x, 0, above=True), [1e-9, 5.0]),
}  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_on_a_tape(name: str) -> None:
    """The value is that of NumPy's operations, the slope a central difference of it."""
    function, points = FUNCTIONS[name]
    tape = Tape(1)
    program = tape.program([function(tape.inputs, TapeOperations())])
    for at in points:
        slots = tape_op.forward(np.array([at]), program.constants, program.code)
        out = int(program.outputs[0])
        exact = function(np.array([at]), NumpyOperations())[0]
        assert slots[out] == pytest.approx(exact, rel=1e-10, abs=1e-300)
        bar = np.zeros(len(slots))
        bar[out] = 1.0
        slope = tape_op.backward(np.array([at]), slots, bar, program.code)[0]
        step = 1e-5 * abs(at) + 1e-14
        ends = [function(np.array([at + s]), NumpyOperations())[0] for s in (-step, step)]
        assert slope == pytest.approx((ends[1] - ends[0]) / (2 * step), rel=2e-5, abs=1e-12)


def test_functions_of_plain_numbers_leave_no_trace() -> None:
    tape = Tape(1)
    ops, two = TapeOperations(), np.array([2.0])
    known = ops.exp(two) + ops.log(two) + ops.ndtr(two) + ops.log1p(two) + ops.expm1(two)
    known = known + ops.arctan(two) + ops.clip(two)
    known = (
        known + ops.gammainc(2.0, two) + ops.gammaincc(2.0, two) + ops.clumped(two, two, 1, True)
    )
    assert len(tape.program([known]).code) == 0


NUMBERS = """
questions:
  cease: {type: binary, prior: 30% (20..45)}
  visits: {type: count, rate: 0.4 (0.2..0.7) a month, times: {cease: x2 (1.2..3)}}
  flights: {type: count, rate: 1 (0.4..2) a month, clumped: 3 (1.5..6), zero: 20% (5..40)}
  killed: {type: quantity, amount: {base: 1200 (350..3500), times: {cease: x1.3 (1..1.8)}}}
  seats: {type: count, bounds: 0..169, amount: {base: 80 (70..90), times: {cease: x0.9 (0.8..1)}}}
  turnout: {type: quantity, amount: {amount: 72 (66..78), worth: 8}}
evidence:
  - {id: e, date: 2025-04-01, text: t, source: s, odds: {visits <= 1 and flights in 2..7: x3}}
  - {id: f, date: 2025-04-01, text: t, source: s, odds: {killed > 900 or seats < 76: x2}}
  - {id: g, date: 2025-04-01, text: t, source: s, grade: B2, odds: {turnout > 74: x2}}
scenarios: {a: visits <= 2, b: otherwise}
"""


def test_numbers_are_the_same_in_both_engines() -> None:
    """P(evidence) on the tape, and its slopes, at draws of the prior: as the exact network has it."""
    network = network_of(NUMBERS)
    exact, coordinates = ExactNetwork(network), Coordinates(network)
    program = pymc_model.solved(network, pymc_model.groups(network, vectors=False))
    z = np.random.default_rng(5).standard_normal((len(coordinates), 20))
    values = coordinates.parameters(z)
    rows = np.concatenate([np.atleast_2d(values[path]) for path in network.parameters])
    log_evidence, _ = exact.weights(values)

    def asked(inputs: Array) -> float:
        split = np.split(inputs, np.cumsum([np.atleast_2d(v).shape[0] for v in values.values()]))
        named = {
            path: part[:, None] if values[path].ndim == 2 else part
            for path, part in zip(network.parameters, split, strict=False)
        }
        return float(np.exp(exact.weights(named)[0][0]))

    for row, expected in zip(rows.T, log_evidence, strict=True):
        slots = tape_op.forward(row, program.constants, program.code)
        out = int(program.outputs[0])
        assert np.log(slots[out]) == pytest.approx(expected, rel=1e-9)
    bar = np.zeros(len(slots))
    bar[out] = 1.0
    slopes = tape_op.backward(row, slots, bar, program.code)
    for i, slope in enumerate(slopes):
        step = np.zeros(len(row))
        step[i] = 1e-5 * row[i]
        moved = (asked(row + step) - asked(row - step)) / (2 * step[i])
        assert slope == pytest.approx(moved, rel=1e-4, abs=1e-9)
