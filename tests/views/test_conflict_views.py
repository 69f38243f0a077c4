"""Conflicts on a page, in a report, and in a refusal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pages import failed, plain

from forecast.summary.contract import ConflictResult, Opponent, Summary
from forecast.views.markdown import render_markdown
from forecast.views.terminal import render_refusal, render_summary

CONFLICTS = (
    ConflictResult(
        "statement", ("doo.trip",), "kim_in_moscow by 2025-05-09", 3.14, 0.68, 0.19, 0.31, 0.445,
        (
            Opponent("report", ("letter", "nis"), 1.2),
            Opponent("statement", ("doo.podium",), 2.04),
            Opponent("silence", ("visit",), 2.5),
            Opponent("judgement", ("questions.visit.occurs.cases.preparation",), None),
        ),
        True,
    ),
    ConflictResult(
        "statement", ("doo.podium",), "podium", -2.51, 0.18, 0.6, 0.25, 0.996, (), False
    ),
    ConflictResult(
        "count", ("visitors",), "", 2.2, None, 0.014, None, 0.0228,
        (Opponent("count", ("tests",), 0.0),), False,
    ),
)  # fmt: skip

PAGE = """\
In conflict by more than 2 sd
Doo Jin-ho, "likely": kim in moscow by 9 May: said 68 %, all the rest implies 19 % (3.1 sd apart).
They agree if said 31 % or less, or the rest 44 % or more. Against reports letter and nis (without:
1.2 sd); Doo Jin-ho, "unlikely" (at most): podium (without: 2.0 sd); silence on visit (without: 2.5
sd).
Doo Jin-ho, "unlikely" (at most): podium: said 18 %, all the rest implies 60 % (2.5 sd apart). They
agree if said 25 % or more, or the rest 99.6 % or less.
visitors so far: all the rest implies 1.4 % (2.2 sd apart). They agree if the rest 2.3 % or more.
Against tests so far (without: 0.0 sd).
"""


@pytest.fixture
def torn(summary: Summary) -> Summary:
    return replace(summary, conflicts=CONFLICTS)


def test_a_page_names_both_sides(torn: Summary) -> None:
    assert PAGE in plain(torn)
    assert plain(torn).replace(PAGE, "") == plain(replace(torn, conflicts=()))


def test_a_single_conflict_stands_in_the_line_of_its_heading(torn: Summary) -> None:
    lines = plain(replace(torn, conflicts=CONFLICTS[:1])).split("\n")
    (line,) = (line for line in lines if line.startswith("In conflict by more than 2 sd"))
    assert line.startswith('In conflict by more than 2 sd: Doo Jin-ho, "likely": ')


def test_a_page_tells_three_and_how_many_more(torn: Summary) -> None:
    text = plain(replace(torn, conflicts=CONFLICTS * 2))
    assert PAGE.replace("2 sd\n", "2 sd (and 3 more)\n") in text


def test_a_report_tells_all(torn: Summary) -> None:
    lines = render_markdown(replace(torn, conflicts=CONFLICTS * 2)).split("\n")
    start = lines.index("### In conflict by more than 2 sd")
    assert lines[start + 2] == "| source | apart | said | all the rest | they agree if | against |"
    rows = [line for line in lines[start + 4 :] if line.startswith("|")]
    assert len(rows) == 6
    assert rows[2] == (
        "| visitors so far | 2.2 sd |  | 1.4 % | the rest 2.3 % or more "
        "| tests so far (without: 0.0 sd) |"
    )
    assert "In conflict" not in render_markdown(replace(torn, conflicts=()))


REFUSED = """\
  - a second look at what is in conflict; one side of each is misread:
    Doo Jin-ho, "likely": kim in moscow by 9 May: some 3.1 standard deviations
    from all the rest; they agree if said 31 % or less, or the rest 44 % or more
      against reports letter and nis (without: 1.2 sd); Doo Jin-ho, "unlikely"
      (at most): podium (without: 2.0 sd); silence on visit (without: 2.5 sd);
      visit if preparation
    Doo Jin-ho, "unlikely" (at most): podium: 2.5 standard deviations from all
    the rest; they agree if said 25 % or more, or the rest 99.6 % or less
    visitors so far: 2.2 standard deviations from all the rest; they agree if
    the rest 2.3 % or more
      against tests so far (without: 0.0 sd)
"""


def test_a_refusal_names_judgements_and_evidence(torn: Summary) -> None:
    assert REFUSED in render_refusal(failed(torn))
    # No chance of a scenario or of a question has any part in it.
    assert render_refusal(failed(torn)) == render_refusal(
        failed(torn, scenarios={}, questions={}, drivers=())
    )


def test_awkward_names_come_out_as_text(torn: Summary) -> None:
    names = ("[red]x[/red]",)
    odd = replace(torn, conflicts=(replace(CONFLICTS[2], kind="report", names=names),))
    text = render_summary(odd, width=80, colour=False, saved_to=None)
    assert "report [red]x[/red]" in text
