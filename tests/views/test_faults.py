"""Faults as a person who has to mend them sees them."""

from __future__ import annotations

import re

import pytest
from rich.cells import cell_len

from forecast.errors import Fault
from forecast.views.faults import render_faults

LINES = {"x.yaml": ["forecast: 1", "  prior: {a: 0.5, b: 0.4, c: 0.2}", "when: tubb"]}
SUM = Fault(
    "x.yaml",
    2,
    10,
    ("questions", "a", "prior"),
    "share-sum",
    "probabilities sum to 1.10",
    "rescale to 0.45, 0.36, 0.18, or write `normalise: true`",
)
UNKNOWN = Fault("x.yaml", 3, 7, ("scenarios",), "unknown-question", "there is no question `tubb`")
ODD = Fault("x.yaml", 1, 1, (), "odd", "is [bold]odd[/bold] :smile:", severity="warning")
MISSING = Fault("a.yaml", 0, 0, ("use", "doo"), "missing-file", "there is no such file")


def test_every_fault_is_shown_with_its_line_in_the_order_of_the_files() -> None:
    assert (
        render_faults([UNKNOWN, SUM, ODD, MISSING], LINES, colour=False)
        == """\
a.yaml: error[missing-file]: use.doo: there is no such file

x.yaml:1:1: warning[odd]: is [bold]odd[/bold] :smile:
    1 | forecast: 1
      | ^

x.yaml:2:10: error[share-sum]: probabilities sum to 1.10
    2 |   prior: {a: 0.5, b: 0.4, c: 0.2}
      |          ^
  fix: rescale to 0.45, 0.36, 0.18, or write `normalise: true`

x.yaml:3:7: error[unknown-question]: there is no question `tubb`
    3 | when: tubb
      |       ^

3 errors, 1 warning
"""
    )


def test_no_faults_no_text() -> None:
    assert render_faults([], LINES, colour=False) == ""


def test_the_path_stands_in_for_lines_that_are_not_known() -> None:
    text = render_faults([SUM], {}, colour=False)
    assert text.startswith("x.yaml:2:10: error[share-sum]: questions.a.prior: probabilities")
    assert " | " not in text


@pytest.mark.parametrize(
    "line",
    ["귀환: 값 (bad)", "\tvisit:\t(bad)", "x" * 200 + " (bad) " + "y" * 200, "(bad) " + "z" * 200],
)
def test_the_caret_stands_under_the_fault(line: str) -> None:
    fault = Fault("x.yaml", 1, line.index("(bad)") + 1, (), "c", "t")
    excerpt, caret = render_faults([fault], {"x.yaml": [line]}, colour=False).split("\n")[1:3]
    assert cell_len(excerpt[: excerpt.index("(bad)")]) == cell_len(caret) - 1
    assert len(excerpt) <= 8 + 96 + 6
    if line[0] == "x":
        assert "xxxxxx (bad) yyyyyy" in excerpt


def test_a_line_that_drives_the_terminal_does_not() -> None:
    text = render_faults(
        [Fault("x.yaml", 1, 2, (), "c", "\x1b]0;t", "a\x1b\n  b")],
        {"x.yaml": ["\x1b[2Ja"]},
        colour=False,
    )
    assert "\x1b" not in text
    assert "  fix: a\ufffd\n      b\n" in text


def test_colour_adds_codes_and_nothing_else() -> None:
    coloured = render_faults([SUM, ODD], LINES, colour=True)
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == render_faults([SUM, ODD], LINES, colour=False)
    assert "\x1b[1;31merror" in coloured
    assert "\x1b[1;33mwarning" in coloured
