"""A forecast on a terminal: the exact text, and what must hold whatever it is called."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pages import bars, certain, failed, named, plain
from rich.cells import cell_len

from forecast.summary.contract import Summary
from forecast.views.terminal import render_refusal, render_summary

GOLDEN = """\
                                             RESTRICTED
Payback                                                                             as of 2025-04-08
Retrospective: written after the events

Most likely: kim in moscow, 62 %, likely (55-80 %); plausible 45-80 %
62 of 100 futures: He comes.
Ahead of "open account" (34 %) in 76 % of readings of the judgements.

Scenario       prior  + evidence    now     80 %   0                   50               100 %
kim in moscow   40 %        50 %   62 %  45-80 %  |                  ----===o===----        |
open account    54 %        45 %   34 %  20-50 %  |        ----==o==----                    |
estrangement   6.0 %       5.0 %  4.1 %   <1-8 %  |-=o-                :                    |
prior: inputs; + evidence: reports, silence; now: + what experts stated; o now, = 50 %, - 80 %
80 %: where "now" would lie if judgements were pinned down; not a margin of error against reality

By when             30 Jun  31 Jan 2026
visit                 24 %       > 99 %  First day of a visit
2 or more visitors                 61 %  Visitors of rank
4 or more visitors                8.3 %

Moves "kim in moscow" most: lowest to highest tenth of each judgement      chance  points
visit if preparation: "40% (20..62)"                                   45 -> 73 %     +28
Doo Jin-ho: how far the story as a whole is right                      55 -> 66 %     +11
visits: base rates, "2 of 3"                                           66 -> 58 %      -8

Stated against implied, with pull in points   stated       model  pull
Doo Jin-ho, "likely": kim in moscow by 9 May    68 %  19 -> 41 %   +12  strained
Doo Jin-ho, "unlikely" (at most): podium        18 %  30 -> 25 %    -4
Doo Jin-ho, "likely": deals                     70 %  60 -> 62 %    +2
and 2 others, none strained, pulls up to 2 points; model: before -> after all; pull: of this one
alone

Checks    usable with a warning (interim certificate)
          8,192 draws (ESS 4,551), k-hat 0.21, Monte Carlo error up to 0.4 points
          hindsight: 1 judgement made after 2025-04-08 still in use
          1 warning about the file
Run       9f3a0c5e77b1, exact engine, seed 42; 2 reports used; silence counted on 1 question; 1
          report not counted: late_report (known on 2025-05-01, after 2025-04-08)
Saved to  results/my case
Next      forecast run 'scenarios/my case.yaml' --given visit   # what if
          forecast run 'scenarios/my case.yaml' --json          # every number

                                             RESTRICTED
"""

HANGUL = "귀환_지연"
CYRILLIC = "визит_в_Россию_на_День_Победы"
LONG = "a_very_long_name_that_nobody_should_write_but_some_do_nevertheless_and_it_must_not_break"
NAMES = [
    HANGUL,
    CYRILLIC,
    LONG,
    "x" * 90,
    "귀" * 60,
    "[bold]",
    "<script>alert(1)</script>",
    ":smile:",
]


# ---------------------------------------------------------------- the text itself


def test_the_whole_page(summary: Summary) -> None:
    assert plain(summary) == GOLDEN


def test_colour_changes_nothing_but_colour(summary: Summary) -> None:
    coloured = render_summary(
        summary,
        width=100,
        colour=True,
        saved_to="results/my case",
        file="scenarios/my case.yaml",
    )
    lines = re.sub(r"\x1b\[[\d;]*m", "", coloured).split("\n")
    assert "\n".join(line.rstrip() for line in lines) == GOLDEN
    assert "\x1b[1m" in coloured
    assert "\x1b[33musable with a warning" in coloured


def test_the_environment_has_no_say(summary: Summary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "20")
    assert "\x1b[33m" in render_summary(summary, width=100, colour=True, saved_to=None)
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert plain(summary) == GOLDEN


# ---------------------------------------------------------------- widths and names


@pytest.mark.parametrize("width", [60, 80, 100, 140])
@pytest.mark.parametrize("names", [NAMES, NAMES[::-1], NAMES[:1], [f"s{i}" for i in range(12)]])
@pytest.mark.parametrize("colour", [False, True])
def test_no_line_is_wider_than_the_terminal(
    summary: Summary, names: list[str], width: int, colour: bool
) -> None:
    provenance = replace(
        summary.provenance,
        given=("not a and not b or " * 9,),
        marking="대외비 " * 30,
        author="Nobody",
    )
    questions = {
        **summary.questions,
        LONG: summary.questions["visit"],
        "귀" * 50: summary.questions["visitors"],
    }
    odd = replace(
        named(summary, *names), title="귀환 " * 40, provenance=provenance, questions=questions
    )
    text = render_summary(odd, width=width, colour=colour, saved_to="/a/long/path" * 20)
    lines = re.sub(r"\x1b\[[\d;]*m", "", text).split("\n")
    assert max(cell_len(line) for line in lines) <= width
    assert cell_len(render_refusal(failed(odd), width=width).split("\n")[-3]) <= width


@pytest.mark.parametrize("width", [80, 100, 140])
def test_bars_start_and_end_in_the_same_cells_whatever_the_script(
    summary: Summary, width: int
) -> None:
    lines = bars(plain(named(summary, HANGUL, CYRILLIC, "short", LONG, "귀" * 60), width))
    assert len(lines) == 5
    starts = {cell_len(line[: line.index("|")]) for line in lines}
    ends = {cell_len(line[: line.rindex("|")]) for line in lines}
    assert (len(starts), len(ends)) == (1, 1)


def test_the_axis_is_the_same_for_every_bar(summary: Summary) -> None:
    chances = {f"at_{p:g}": p for p in (1.0, 0.5, 0.0)}
    scenarios = {
        name: replace(certain(summary.scenarios["kim_in_moscow"]), probability=p, text="")  # type: ignore[call-arg]
        for name, p in chances.items()
    }
    lead = replace(summary.lead, scenario="at_1", runner_up="at_0.5", likelier_in=None)
    text = plain(replace(summary, scenarios=scenarios, lead=lead))
    head = next(line for line in text.split("\n") if line.startswith("Scenario"))
    top, middle, bottom = bars(text)
    assert bottom.rindex("o") == head.index(" 0  ") + 1
    assert middle.rindex("o") == head.index("50  ")
    assert top.rindex("o") == top.rindex("|") - 1
    assert head.endswith("100 %")
    assert re.search(r"at 1 .* 100 %", top)
    assert re.search(r"at 0 .* 0 %", bottom)


@pytest.mark.parametrize(
    "name", ["[bold]", "[/]", "[link=x]y[/link]", "<script>alert(1)</script>", ":smile:"]
)
def test_markup_in_names_is_text(summary: Summary, name: str) -> None:
    odd = replace(named(summary, name, "other"), title=name)
    for colour in (False, True):
        text = render_summary(odd, width=100, colour=colour, saved_to=name)
        assert text.count(name) >= 4
    assert plain(odd).startswith(GOLDEN.split("\n")[0] + "\n" + name)


def test_escape_codes_in_names_do_not_reach_the_terminal(summary: Summary) -> None:
    odd = replace(named(summary, "a\x1b[2J", "b\x9b\u202ec"), title="t\x1b]0;x\x07")
    text = plain(odd)
    assert not set("\x1b\x07\x9b\u202e") & set(text)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
@given(name=st.text(min_size=1, max_size=60), width=st.integers(80, 140))
def test_any_name_keeps_within_the_page(summary: Summary, name: str, width: int) -> None:
    text = plain(replace(named(summary, "first", name), title=name), width)
    assert max(cell_len(line) for line in text.split("\n")) <= width
    assert len(bars(text)) == len({"first", name})


def test_a_name_in_wide_characters_wraps_by_cells(summary: Summary) -> None:
    text = plain(named(summary, "귀환_지연_" * 5, "other"), 80)
    wrapped = [line for line in text.split("\n") if line.startswith("  귀환")]
    assert wrapped[0] == "  귀환 지연 귀환 지연"


@pytest.mark.parametrize("width", range(80, 120))
def test_every_axis_has_a_cell_in_the_middle(summary: Summary, width: int) -> None:
    for line in bars(plain(summary, width)):
        assert (line.rindex("|") - line.index("|")) % 2 == 0


# ---------------------------------------------------------------- the shipped scenarios and the import


@pytest.mark.parametrize("name", ["victory_day_2025", "chest_clinic", "korea_1950"])
def test_the_shipped_scenarios_fit_a_screen(name: str) -> None:
    from forecast.inference.importance import infer
    from forecast.inference.settings import Settings
    from forecast.model.build import build
    from forecast.spec.load import load_spec
    from forecast.summary.summarise import summarise

    _, spec, _ = load_spec(f"scenarios/{name}.yaml")
    assert spec is not None
    network = build(spec)
    summary = summarise(spec, network, infer(network, Settings()), "9f3a" * 16)
    for width, most in ((80, 71), (100, 59), (140, 57)):
        lines = plain(summary, width).split("\n")
        assert len(lines) <= most
        assert max(map(cell_len, lines)) <= width


def test_drawing_a_page_loads_nothing_heavy() -> None:
    heavy = ("numpy", "scipy", "pydantic", "pymc", "matplotlib", "rich.markdown", "rich.traceback")
    code = f"import sys, forecast.views.terminal, forecast.views.faults; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
