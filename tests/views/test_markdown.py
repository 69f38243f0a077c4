"""The Markdown view, read back by a Markdown parser: every table, number and name is the summary's."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pages import failed, named

from forecast.summary.contract import Summary
from forecast.views.markdown import render_markdown
from forecast.views.words import clean, humanised

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])

type Cells = list[list[str]]


def shown(token: Token) -> str:
    """The text of a line; anything but plain and strong text is a name that got loose."""
    children = token.children or []
    assert {child.type for child in children} <= {"text", "strong_open", "strong_close"}
    return "".join(child.content for child in children)


def tables(text: str) -> dict[str, Cells]:
    """Heading -> the rows of the table below it, the head first."""
    found: dict[str, Cells] = {}
    heading = ""
    kinds = [token.type for token in PARSER.parse(text)]
    assert set(kinds) <= {
        *(f"{kind}_{end}" for kind in ("heading", "paragraph") for end in ("open", "close")),
        *(f"{kind}_{end}" for kind in ("table", "thead", "tbody") for end in ("open", "close")),
        *(f"{kind}_{end}" for kind in ("tr", "th", "td") for end in ("open", "close")),
        "inline",
    }
    before = ""
    for token in PARSER.parse(text):
        if token.type == "inline":
            if before == "heading_open":
                heading = shown(token)
            elif before in ("th_open", "td_open"):
                found[heading][-1].append(shown(token))
        elif token.type == "table_open":
            found[heading] = []
        elif token.type == "tr_open":
            found[heading].append([])
        before = token.type
    return found


def paragraphs(text: str) -> list[str]:
    tokens = PARSER.parse(text)
    return [shown(token) for before, token in pairwise(tokens) if before.type == "paragraph_open"]


def holds(cell: str, probability: float) -> bool:
    """Whether a number as written is the probability, to the digits that it shows."""
    if cell.startswith(("<", ">")):
        return probability < 0.01 if cell[0] == "<" else probability > 0.99
    number = cell.split(" ")[0]
    return abs(float(number) - 100 * probability) <= (0.05 if "." in number else 0.5) + 1e-9


def ends(cell: str) -> list[str]:
    """The two ends of a range; one number where both are written alike."""
    parts = re.split(r"(?<=\d)-| to | -> ", cell.removesuffix(" %"))
    return [part + " %" for part in (parts * 2 if len(parts) == 1 else parts)]


def test_the_scenario_table_holds_every_stage_and_range(summary: Summary) -> None:
    head, *rows = tables(render_markdown(summary))["Scenarios"]
    assert head == [
        "scenario",
        "in words",
        "prior",
        "+ evidence",
        "now",
        "50 %",
        "80 %",
        "meaning",
    ]
    order = ["kim_in_moscow", "open_account", "estrangement"]  # the likeliest first
    assert [row[0] for row in rows] == [humanised(name) for name in order]
    for row, name in zip(rows, order, strict=True):
        result = summary.scenarios[name]
        low, high = (f"{100 * end:.0f}" for end in result.phrase_range)
        assert row[1] == f"{result.phrase} ({low}-{high} %)"
        stages = result.stages
        for cell, chance in zip(
            row[2:5], (stages.inputs, stages.evidence, result.probability), strict=True
        ):
            assert holds(cell, chance)
        for cell, level in zip(row[5:7], ("0.5", "0.8"), strict=True):
            assert result.intervals is not None
            assert all(map(holds, ends(cell), result.intervals[level]))
        assert row[7] == result.text


def test_by_when_drivers_and_statements_are_those_of_the_summary(summary: Summary) -> None:
    found = tables(render_markdown(summary))
    head, visit, two, four = found["By when"]
    assert head == ["question", "30 Jun", "31 Jan 2026", "meaning"]
    asked = summary.questions["visit"].by
    assert asked is not None
    assert holds(visit[1], asked["2025-06-30"].probability)
    assert holds(visit[2], asked["2026-01-31"].probability)
    cuts = summary.questions["visitors"].at_least
    assert cuts is not None
    assert holds(two[2], cuts["2026-01-31"]["2"].probability)
    assert holds(four[2], cuts["2026-01-31"]["4"].probability)

    title = 'Moves "kim in moscow" most: lowest to highest tenth of each judgement'
    _, *rows = found[title]
    moving = [d for d in summary.drivers if abs(d.swing) > 4 * d.mcse]
    moving = [d for d in moving if d.scenario == "kim_in_moscow"]
    assert len(rows) == len(moving) == 3
    for row, driver in zip(rows, moving, strict=True):
        assert all(map(holds, ends(row[1]), (driver.low, driver.high)))
        assert int(row[2]) == round(100 * driver.swing)

    head, *rows = found["Stated against implied, with pull in points"]
    assert len(rows) == len(summary.statements)
    by_words = {row[0]: row for row in rows}
    for s in summary.statements:
        (row,) = (r for words, r in by_words.items() if words.endswith(humanised_of(s.of)))
        assert holds(row[1], s.stated)
        assert all(map(holds, ends(row[2]), (s.implied_before, s.implied_after)))
        assert row[3] == "unknown" if s.pull is None else int(row[3]) == round(100 * s.pull)
        assert (row[4] == "strained") == (abs(s.strain) > 1)


def humanised_of(condition: str) -> str:
    return condition.replace("_", " ").replace("2025-05-09", "9 May")


def test_the_lines_around_the_tables(summary: Summary) -> None:
    lines = paragraphs(render_markdown(summary))
    assert lines[0] == lines[-1] == "RESTRICTED"
    assert "As of 2025-04-08." in lines
    assert "Most likely: kim in moscow, 62 %, likely (55-80 %); plausible 45-80 %" in lines
    (checks,) = (line for line in lines if line.startswith("Checks: "))
    assert checks.startswith("Checks: usable with a warning (interim certificate); 8,192 draws")
    assert "hindsight: 1 judgement" in checks
    (run,) = (line for line in lines if line.startswith("Run "))
    assert "9f3a0c5e77b1, exact engine, seed 42; 2 reports used" in run
    assert run.endswith("Words as in ICD 203.")


def test_what_a_result_supposes_comes_before_its_numbers(summary: Summary) -> None:
    supposed = replace(summary, provenance=replace(summary.provenance, given=("x < 3 | y",)))
    text = render_markdown(supposed)
    assert "Given x < 3 | y: every number below supposes it." in paragraphs(text)
    assert text.index("Given") < text.index("%")


def test_a_network_without_scenarios_shows_all_its_questions(summary: Summary) -> None:
    visit = summary.questions["debt"]
    bare = replace(
        summary,
        title=None,
        as_of=None,
        scenarios={},
        questions={f"node_{i}": visit for i in range(40)},
        statements=(),
        drivers=(),
    )
    text = render_markdown(bare)
    assert text.index("## Forecast") >= 0
    assert "As of" not in text
    found = tables(text)
    assert list(found) == ["Question"]
    assert found["Question"][1:] == [[f"node {i}", "50 %", "Unseen"] for i in range(40)]


def test_a_failed_result_shows_no_number(summary: Summary) -> None:
    text = render_markdown(failed(summary))
    assert "%" not in text
    assert not tables(text)
    assert "No result: the numbers could not be certified, so none is shown." in paragraphs(text)
    assert any("two independent halves disagree" in line for line in paragraphs(text))


SYNTAX = "|<>*_`[]()#~^$&\\!{}@:+-=.1x\"' \n"


@pytest.mark.parametrize(
    "name",
    [
        "a|b",
        "<b>bold</b>",
        "*x*",
        "`x`",
        "\\|",
        "\\",
        "&lt;",
        "&#124;",
        "[a](b)",
        "![a](b)",
        "~~x~~",
        "x #",
        "1. x",
        "- x",
        "---",
        "<https://a.b>",
        "귀환|지연",
        "``a`b``",
        "**",
        "$x$",
    ],
)
def test_awkward_names_come_out_as_text(summary: Summary, name: str) -> None:
    check_names(summary, name)


@given(name=st.text(SYNTAX, min_size=1, max_size=12).filter(lambda text: humanised(text) != ""))
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_name_comes_out_as_text(summary: Summary, name: str) -> None:
    check_names(summary, name)


def check_names(summary: Summary, name: str) -> None:
    """Put a name wherever a user's words may stand, and read it back."""
    renamed = named(summary, "first", name + " second")
    statements = tuple(replace(s, of=name, says=name) for s in summary.statements)
    drivers = tuple(replace(d, words=name) for d in renamed.drivers)
    origin = replace(summary.provenance, marking=name, retrospective=name, lexicon=name)
    text = render_markdown(
        replace(renamed, title=name, statements=statements, drivers=drivers, provenance=origin)
    )
    found = tables(text)
    assert {len(row) for table in found.values() for row in table} <= {3, 4, 5, 8}
    for table in found.values():
        assert len({len(row) for row in table}) == 1
    assert [row[0] for row in found["Scenarios"][1:]] == ["first", humanised(name + " second")]
    said = [row[0] for row in found["Stated against implied, with pull in points"][1:]]
    assert all(f'"{clean(name)}"' in words for words in said)
    headings = [
        shown(token)
        for before, token in pairwise(PARSER.parse(text))
        if before.type == "heading_open"
    ]
    assert headings[0] == clean(name)
    assert paragraphs(text)[0] == clean(name)
