"""The kept comparison of both engines: complete, of the present networks, within its bound."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from modelling import network_of
from scipy import stats

import forecast
from validation import agreement
from validation.agreement import Compared, chances, digest, distance, limit, load, scenarios


@pytest.mark.parametrize("path", scenarios(), ids=lambda path: path.stem)
def test_the_kept_runs_are_of_the_present_networks(path: Path) -> None:
    """Else: ``uv run python -m validation agreement``."""
    runs = {run.scenario: run for run in load()[0]}
    assert runs[path.stem].network == digest(forecast.build(forecast.load(path)))
    assert all(ess is None or ess > 10_000 for ess in runs[path.stem].ess.values())


def test_both_engines_agree_on_everything_that_is_reported() -> None:
    runs, rows = load()
    assert {run.scenario for run in runs} == {path.stem for path in scenarios()}
    assert {row.scenario for row in rows} == {run.scenario for run in runs}
    assert len(rows) > 250
    far = [row for row in rows if not row.z <= limit(len(rows))]
    assert far == []
    # They are neither the same draws nor far too close: distances of a standard Normal, folded.
    z = np.array([row.z for row in rows if row.exact_error > 0])
    assert 0.4 < np.median(z) < 0.95


@pytest.mark.parametrize(
    "path",
    [pytest.param(p, marks=pytest.mark.slow if p in agreement.ALSO else ()) for p in scenarios()],
    ids=lambda path: path.stem,
)
def test_the_present_exact_engine_agrees_with_the_kept_chains(path: Path) -> None:
    """A run of default length against PyMC's long chains, every reported chance."""
    kept = [row for row in load()[1] if row.scenario == path.stem]
    spec = forecast.load(path)
    network = forecast.build(spec)
    found = dict(chances(forecast.summarise(spec, network, forecast.infer(network))))
    assert set(found) == {row.chance for row in kept}
    z = {row.chance: distance(found[row.chance], (row.nuts, row.nuts_error)) for row in kept}
    assert max(z.values()) <= limit(len(load()[1])), max(z, key=lambda name: z[name])


def test_a_chance_that_is_wrong_by_a_point_is_found() -> None:
    """The negative control: what is kept, each chance of an uncertain scenario moved by .01."""
    _, rows = load()
    for name in ("victory_day_2025", "victory_day_2025_full", "coalition_2031"):
        own = [row for row in rows if row.scenario == name and row.chance.startswith("scenario")]
        moved = [Compared(r.scenario, r.chance, r.exact + 0.01, r.exact_error, r.nuts, r.nuts_error) for r in own]  # fmt: skip
        assert max(row.z for row in moved) > 2 * limit(len(rows))


def test_the_bound_is_that_of_so_many_comparisons() -> None:
    """None of 100 sound ones exceeds it, but once in a thousand families: 1 - (1 - p)^100 = .001."""
    p = 2 * stats.norm.sf(limit(100))
    assert 1 - (1 - p) ** 100 == pytest.approx(0.001, rel=1e-6)
    assert distance((0.5, 0.003), (0.51, 0.004)) == pytest.approx(2)
    assert distance((0.3, 0.0), (0.3 + 1e-9, 0.0)) == 0
    assert distance((0.3, 0.0), (0.31, 0.0)) > 1e6


BODY = """\
questions:
  x: {type: binary, text: T, prior: 40% (20..65)}
  y: {type: binary, prior: {cases: {x: 80%, otherwise: likely}}}
evidence: [{id: e, date: 2025-04-01, text: t, source: s, odds: {y: x3}}]
statements: [{of: y, says: likely}]
scenarios: {s: x, rest: otherwise}
"""


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("questions:", "# a comment\n\nquestions:", True),
        ("text: T", "text: Another text", True),
        ("source: s", "source: another", True),
        ("40% (20..65)", "40% (20..66)", False),
        ("odds: {y: x3}", "odds: {y: x3.1}", False),
        ("of: y, says", "of: x, says", False),
        ("says: likely", "says: likely, side: at most", False),
        ("{s: x, rest", "{s: y, rest", False),
        ("80%", "80.1%", False),
    ],
)
def test_the_digest_is_of_what_is_solved(old: str, new: str, same: bool) -> None:
    assert old in BODY
    assert (digest(network_of(BODY)) == digest(network_of(BODY.replace(old, new)))) == same


def test_what_is_kept_reads_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs, rows = load()
    monkeypatch.setattr(agreement, "RESULTS", tmp_path)
    agreement.save(runs, rows)
    assert load(tmp_path) == (runs, rows)
    written = csv.DictReader(io.StringIO((tmp_path / agreement.CHANCES).read_text()))
    for told, row in zip(written, rows, strict=True):
        assert float(told["z"]) == pytest.approx(row.z, abs=0.006)
