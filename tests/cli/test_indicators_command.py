"""`forecast indicators`: formats and refusals."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from commands import ROOT, forecast

CLINIC = ROOT / "scenarios" / "chest_clinic.yaml"


def test_every_number_in_every_format() -> None:
    done = forecast("indicators", CLINIC, "--json", "-q")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    rows = list(
        csv.DictReader(io.StringIO(forecast("indicators", CLINIC, "--format", "csv", "-q").stdout))
    )
    assert len(rows) == sum(len(a["scenarios"]) for i in told["indicators"] for a in i["answers"])
    smoke = next(each for each in told["indicators"] if each["name"] == "smoke")
    # bronc 60 % of smokers, lung 10 %, tub 1.04 % whoever they are.
    none = 0.4 * 0.9 * (1 - 0.0104)
    assert smoke["answers"][0]["scenarios"]["none_of_these"]["probability"] == pytest.approx(none)
    report = forecast("indicators", CLINIC, "--format", "md", "-q").stdout
    assert "- By 31 Dec: if smoke (50 %), " in report


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["indicators", CLINIC, "--variant", "nobody"], 2, "has no variant `nobody`"),
        (["indicators", CLINIC, "--format", "pdf"], 2, "there is no format `pdf`"),
        (["indicators", ROOT / "priors" / "base_rates.yaml"], 3, "priors file"),
    ],
)
def test_refusals(words: list[str | Path], status: int, told: str) -> None:
    done = forecast(*words)
    assert (done.returncode, done.stdout) == (status, "")
    assert told in done.stderr
