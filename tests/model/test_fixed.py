"""Tables of fixed numbers beside everything else of the language: by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from modelling import network_of, outcomes, states
from solving import both_engines

from forecast.errors import InvalidFile

BODY = """\
questions:
  n: {type: count, by: 2025-04-28, rate: 0.05 a day, cuts: [1, 3]}
  d: {type: date, by: 2025-04-18, occurs: 60%, timing: [evenly], report_by: [2025-04-12]}
  b:
    type: binary
    prior:
      table:
        parents: [n, d]
        rows: [0.9 0.1, 0.8 0.2, 0.7 0.3, 0.6 0.4, 0.5 0.5, 0.4 0.6, 0.3 0.7, 0.2 0.8, 0.1 0.9]
  v: {type: binary, only_if: d, prior: {table: {parents: [b], rows: [0.7 0.3, 0.2 0.8]}}}
  w:
    type: categorical
    states: [low, middle, high]
    ordered: true
    only_if: n >= 1
    prior: {table: {parents: [v], rows: [0.2 0.3 0.5, 0.6 0.3 0.1, 1 0 0]}}
scenarios: {s: n >= 2 and d by 2025-04-10 and b, t: w >= middle, rest: otherwise}
"""


def test_cells_and_void_states_have_rows() -> None:
    """n ~ Poisson(1) in cells 0, 1 to 2, 3 or more; d by the 12th .24, later .36, never .4.

    A cut at n >= 2 and at d by the 10th makes the cells finer, and the rows stay what they are.
    """
    e = math.exp(-1)
    n = [e, 1.5 * e, 1 - 2.5 * e]
    d = [0.24, 0.36, 0.4]
    rows = np.arange(9, 0, -1).reshape(3, 3) / 10
    b = float(np.einsum("i,j,ij->", n, d, rows))
    network = network_of(BODY)
    assert states(network, "b")["yes"] == pytest.approx(b, rel=1e-12)
    happens = float(np.einsum("i,j,ij->", n, d[:2], rows[:, :2]))
    assert states(network, "v") == pytest.approx(
        {"yes": 0.7 * happens + 0.2 * (0.6 - happens), "no": 0.3 * happens + 0.8 * (0.6 - happens), "void": 0.4},
        rel=1e-12,
    )  # fmt: skip
    some = float(np.einsum("i,j,ij->", n[1:], d[:2], rows[1:, :2]))
    left = (1 - e) * 0.6 - some
    yes, no = 0.7 * some + 0.2 * left, 0.3 * some + 0.8 * left
    expected = {
        "low": 0.2 * yes + 0.6 * no + (1 - e) * 0.4,
        "middle": 0.3 * (yes + no),
        "high": 0.5 * yes + 0.1 * no,
        "void": e,
    }
    assert states(network, "w") == pytest.approx(expected, rel=1e-11)
    two = 0.12 * (0.5 * e * 0.6 + n[2] * 0.3)
    assert outcomes(network).scenarios[0, 0] == pytest.approx(two, rel=1e-11)


def test_both_engines_read_them() -> None:
    """P(w >= middle), with an uncertain rate."""
    network = network_of(BODY.replace("0.05 a day", "0.05 (0.02..0.1) a day"), given="w >= middle")
    exact, tape = both_engines(network, {"questions.n.rate": 0.07})
    assert exact == pytest.approx(tape, rel=1e-12)
    assert 0 < exact < 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("0.9 0.1, 0.8 0.2, ", "0.9 0.1, ", "the table has 8 rows; its parents have 9 combinations"),
        ("0.4 0.6, ", "0.4 0.7, ", r"sums to 1\.1 \(n is `1\.\.2` and d is never\)"),
        ("0.9 0.1, ", "0.9 0.1 0, ", r"3 numbers for 2 states"),
        ("[0.7 0.3, 0.2 0.8]", "[0.7 0.3]", "the table has 1 rows; its parents have 2"),
        (", 1 0 0]", "]", "the table has 2 rows; its parents have 3"),
        ("only_if: d", "only_if: d by 2025-04-01", "the question is always void"),
        ("[b], rows", "[b, b], rows", "named twice"),
        ("prior: {table: {parents: [b], rows: [0.7 0.3, 0.2 0.8]}}", "prior: {cases: {b: {table: {rows: [0.7 0.3]}}, otherwise: even}}", "a `table` stands alone"),
    ],
)  # fmt: skip
def test_faults(old: str, new: str, said: str) -> None:
    assert old in BODY
    with pytest.raises(InvalidFile, match=said):
        network_of(BODY.replace(old, new))
