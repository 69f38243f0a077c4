"""`forecast sensitivity`: formats and refusals."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from commands import ROOT, forecast

CLINIC = ROOT / "scenarios" / "chest_clinic.yaml"


def test_every_number_in_every_format() -> None:
    done = forecast("sensitivity", CLINIC, "--json", "-q")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    smoke = next(
        a
        for a in told["alterations"]
        if a["name"] == "questions.smoke.prior" and "higher" in a["words"]
    )
    # bronc alone: 60 % of smokers, 30 % of others; lung 10 % and 1 %; tub 1.04 %.
    p = 2.718281828459045 / 3.718281828459045
    none = (1 - 0.0104) * (p * 0.4 * 0.9 + (1 - p) * 0.7 * 0.99)
    assert smoke["scenarios"]["none_of_these"]["probability"] == pytest.approx(none)
    table = forecast("sensitivity", CLINIC, "--format", "csv", "-q")
    rows = list(csv.DictReader(io.StringIO(table.stdout)))
    assert len(rows) == sum(len(a["scenarios"]) for a in told["alterations"])
    report = forecast("sensitivity", CLINIC, "--scenario", "cancer", "--format", "md", "-q")
    assert 'What "cancer" (5 %) hangs on.' in report.stdout
    assert "| lung if smoke: 10 %, a logit higher: 23.2 % |" in report.stdout


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["sensitivity", CLINIC, "--scenario", "canser"], 2, "did you mean `cancer`?"),
        (["sensitivity", CLINIC, "--variant", "nobody"], 2, "has no variant `nobody`"),
        (["sensitivity", ROOT / "priors" / "base_rates.yaml"], 3, "priors file"),
    ],
)
def test_refusals(words: list[str | Path], status: int, told: str) -> None:
    done = forecast(*words)
    assert (done.returncode, done.stdout) == (status, "")
    assert told in done.stderr
