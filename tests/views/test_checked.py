"""The terminal view of `forecast check`."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from forecast.analysis.check import check_file
from forecast.analysis.contract import CheckReport, FileReport
from forecast.errors import Fault
from forecast.views.checked import render_check

VICTORY = Path(__file__).parents[2] / "scenarios" / "victory_day_2025.yaml"


def page(report: CheckReport, width: int = 100) -> str:
    return render_check(report, {}, width=width, colour=False)


def test_every_part_of_a_file_is_there() -> None:
    text = page(CheckReport((check_file(VICTORY),)))
    for head in ("Question", "Source", "Report", "Statement", "Scenario", "Together"):
        assert re.search(rf"^{head} ", text, re.M), head
    assert re.search(r"^doo \(Doo Jin-ho\) +8 Apr +19 +12 +7$", text, re.M)
    assert re.search(r"^shin missiles +22 Nov 2024 +B3 +68 % ", text, re.M)
    assert re.search(
        r"^visit place +categorical +9 Apr to 31 Dec +7 x 4 +visit_russia$", text, re.M
    )
    assert re.search(r"^visit russia by 9 May +13 % .* very unlikely \(5-20 %\)$", text, re.M)


def test_it_fits_the_terminal() -> None:
    report = CheckReport((replace(check_file(VICTORY), file="victory.yaml", faults=()),))
    for width in (60, 80, 140):
        assert max(map(len, page(report, width).splitlines())) <= width


def warning(line: int, code: str = "hedge", severity: str = "warning") -> Fault:
    return Fault("a.yaml", line, 1, (), code, f"text {line}", "", severity)  # type: ignore[arg-type]


def test_many_warnings_of_a_kind_are_counted() -> None:
    faults = tuple(warning(line) for line in range(1, 11))
    text = page(CheckReport((FileReport("a.yaml", faults, None),)))
    assert "text 3" in text
    assert "text 4" not in text
    assert "and 7 more warnings of the kind hedge" in text
    assert text.endswith("a.yaml: sound, 10 warnings\nNext: forecast run a.yaml\n")


def test_no_error_is_left_out() -> None:
    faults = tuple(warning(line, severity="error") for line in range(1, 11))
    text = page(CheckReport((FileReport("a.yaml", faults, None),)))
    assert all(f"text {line}" in text for line in range(1, 11))
    assert text.endswith("a.yaml: 10 errors\n")
