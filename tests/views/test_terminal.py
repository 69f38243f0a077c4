"""A forecast on a terminal: the exact text, and what must hold whatever is in it."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from forecast.summary.contract import Chance, Summary
from forecast.views.terminal import render_refusal, render_summary

GOLDEN = """\
                                             RESTRICTED
Payback                                                                             as of 2025-04-08
Retrospective: written after the events

Kim in moscow: likely (55-80 %): 62 %; plausible 45-80 % (80 %)
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
Doo Jin-ho: how far his story as a whole is right                      55 -> 66 %     +11
visits: base rates, "2 of 3"                                           66 -> 58 %      -8

Stated against implied, with pull in points   stated       model  pull
Doo Jin-ho, "likely": kim in moscow by 9 May    68 %  19 -> 41 %   +12  strained
Doo Jin-ho, "unlikely" (at most): podium        18 %  30 -> 25 %    -4
Doo Jin-ho, "likely": deals                     70 %  60 -> 62 %    +2
and 2 others, none strained, pulls up to 2 points

Checks    usable with a warning (interim certificate)
          8,192 draws (ESS 4,551), k-hat 0.21, Monte Carlo error up to 0.4 points
          hindsight: 1 judgement made after 2025-04-08
          1 warning about the file
Run       9f3a0c5e77b1, exact engine, seed 42; 2 reports used; silence counted on 1 question; 1 not
          counted: late_report (known on 2025-05-01, after 2025-04-08)
Saved to  results/my case
Next      forecast run 'scenarios/my case.yaml' --given visit   # what if
          forecast run 'scenarios/my case.yaml' --json          # every number

                                             RESTRICTED
"""

REFUSED = """\
                                   RESTRICTED
Payback                                                         as of 2025-04-08
Retrospective: written after the events

No result: the numbers could not be certified, so none is shown.

Why
  - only 213 effective draws; at least 400 are needed
  - two independent halves disagree

What may help
  - 4 times the draws, which halve the Monte Carlo error:
    forecast run 'scenarios/my case.yaml' --draws 32768
  - the other engine, which copes with judgements in sharp conflict:
    forecast run 'scenarios/my case.yaml' --engine nuts
  - a second look at what the rest of the model contradicts most:
    doo.trip: Doo Jin-ho, "likely" of kim in moscow by 9 May

Run 9f3a0c5e77b1, exact engine, seed 42; 8,192 draws (ESS 213), k-hat 0.21,
Monte Carlo error up to 0.4 points

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


def plain(summary: Summary, width: int = 100) -> str:
    return render_summary(summary, width=width, colour=False, saved_to="results/my case")


def named(summary: Summary, *names: str) -> Summary:
    """The same forecast with scenarios of these names, the first the likeliest."""
    models = [summary.scenarios["kim_in_moscow"], summary.scenarios["open_account"]]
    scenarios = {
        name: replace(models[bool(i)], probability=0.62 if i == 0 else 0.34 - i / 1000)
        for i, name in enumerate(names)
    }
    return replace(
        summary,
        scenarios=scenarios,
        lead=replace(summary.lead, scenario=names[0], runner_up=names[1] if names[1:] else None),
        drivers=tuple(replace(d, scenario=names[0]) for d in summary.drivers),
    )


def failed(summary: Summary, **other: object) -> Summary:
    reasons = (
        "only 213 effective draws; at least 400 are needed",
        "two independent halves disagree",
    )
    diagnostics = replace(summary.diagnostics, status="fail", ess=213.0, reasons=reasons)
    return replace(summary, diagnostics=diagnostics, **other)  # type: ignore[arg-type]


def certain(chance: Chance) -> Chance:
    """The chance of a model in which nothing is uncertain."""
    return replace(chance, intervals=None, mcse=0.0)


def bars(text: str) -> list[str]:
    """The lines of the table that hold a bar."""
    return [line for line in text.split("\n") if re.search(r"\|[ :=o-]{10,}\|", line)]


# ---------------------------------------------------------------- the text itself


def test_the_whole_page(summary: Summary) -> None:
    assert plain(summary) == GOLDEN


def test_colour_changes_nothing_but_colour(summary: Summary) -> None:
    coloured = render_summary(summary, width=100, colour=True, saved_to="results/my case")
    lines = re.sub(r"\x1b\[[\d;]*m", "", coloured).split("\n")
    assert "\n".join(line.rstrip() for line in lines) == GOLDEN
    assert "\x1b[1m" in coloured
    assert "\x1b[33musable with a warning" in coloured


def test_the_environment_has_no_say(summary: Summary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "20")
    assert "\x1b[1m" in render_summary(summary, width=100, colour=True, saved_to=None)
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
        summary.provenance, given="not a and not b or " * 9, marking="대외비 " * 30, author="Nobody"
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


# ---------------------------------------------------------------- what is said


def test_the_likeliest_scenario_stands_first_and_ties_in_the_order_of_the_file(
    summary: Summary,
) -> None:
    tied = {
        name: replace(summary.scenarios["open_account"], probability=p)
        for name, p in {"zebra": 0.2, "ape": 0.2, "lion": 0.6}.items()
    }
    text = plain(
        replace(
            summary, scenarios=tied, lead=replace(summary.lead, scenario="lion", runner_up="zebra")
        )
    )
    assert [line.split()[0] for line in bars(text)] == ["lion", "zebra", "ape"]


def test_a_stage_that_changes_nothing_has_no_column(summary: Summary) -> None:
    def staged(inputs: float | None, evidence: float | None) -> str:
        scenarios = {}
        for name, result in summary.scenarios.items():
            now = result.probability
            stages = replace(
                result.stages,
                inputs=now if inputs is None else inputs,
                evidence=now if evidence is None else evidence,
            )
            scenarios[name] = replace(result, stages=stages)
        text = plain(replace(summary, scenarios=scenarios))
        return " ".join(next(x for x in text.split("\n") if x.startswith("Scenario")).split()[1:-4])

    assert staged(0.1, 0.2) == "prior + evidence now 80 %"
    assert staged(0.1, 0.1) == "prior now 80 %"
    assert staged(0.1, None) == "prior now 80 %"
    assert staged(None, None) == "now 80 %"


def test_a_model_without_uncertainty_shows_no_range_and_exact_numbers(summary: Summary) -> None:
    scenarios = {name: certain(result) for name, result in summary.scenarios.items()}
    yes = certain(summary.questions["visit"].by["2025-06-30"])  # type: ignore[index]
    question = replace(
        summary.questions["visit"],
        type="binary",
        by=None,
        states={"yes": replace(yes, probability=0.0104), "no": replace(yes, probability=0.9896)},
    )
    places = replace(
        question,
        states={
            "far_east": replace(yes, probability=1 / 12),
            "void": replace(yes, probability=11 / 12),
        },
    )
    exact = replace(
        summary,
        scenarios=scenarios,
        questions={"tub": question, "place": places},
        lead=replace(summary.lead, likelier_in=None),
        diagnostics=replace(
            summary.diagnostics, status="pass", ess=None, khat=None, reasons=(), detail={}
        ),
        draws=1,
        statements=(),
        drivers=(),
    )
    text = plain(exact)
    assert "plausible" not in text
    assert "pinned down" not in text
    assert "readings" not in text
    assert 'Next comes "open account" (34 %).' in text
    assert "\ntub       1.04 %" in text
    assert "\nplace     far east 8.33 %, void 91.67 %" in text
    assert "Checks    passed: nothing is uncertain" in text
    assert "1 draw" not in text


def test_a_narrow_lead_is_called_one(summary: Summary) -> None:
    close = replace(summary, lead=replace(summary.lead, likelier_in=0.53))
    assert 'Hardly ahead of "open account" (34 %): in 53 % of readings' in plain(close)


def test_a_scenario_alone_has_no_rival(summary: Summary) -> None:
    text = plain(named(summary, "only"))
    assert "head of" not in text
    assert "Next comes" not in text


def test_the_range_of_a_phrase_stands_beside_it_and_confidence_nowhere(summary: Summary) -> None:
    text = plain(summary)
    assert text.count("likely (55-80 %)") == 1
    assert "confiden" not in text.lower()


def test_more_dates_than_columns_are_written_out(summary: Summary) -> None:
    visit = summary.questions["visit"]
    dates = {f"2025-0{m}-01": visit.by["2025-06-30"] for m in range(5, 10)}  # type: ignore[index]
    text = plain(replace(summary, questions={"visit": replace(visit, by=dates)}))
    assert re.search(r"\nvisit +by 1 May 24 %, by 1 Jun 24 %, by 1 Jul 24 %, by 1 Aug 24 %", text)


def test_what_is_watched_is_shown_before_what_is_not(summary: Summary) -> None:
    visit = summary.questions["visit"]
    once = replace(visit, by={"2025-06-30": visit.by["2025-06-30"]})  # type: ignore[index]
    march = replace(
        visit,
        type="binary",
        by=None,
        states={"yes": once.by["2025-06-30"], "no": once.by["2025-06-30"]},  # type: ignore[index]
    )
    questions = {**{f"q{i}": once for i in range(12)}, "march": march, "quiet_march": march}
    text = plain(replace(summary, questions=questions, watch=("march", "q11")))
    shown = re.findall(r"^(q\d+|march|quiet march) ", text, flags=re.M)
    assert shown == ["q0", "q1", "q2", "q3", "q4", "q5", "q11", "march"]
    assert re.search(r"^march .*24 %", text, flags=re.M)


def test_the_status_of_a_question_is_said(summary: Summary) -> None:
    visit = replace(summary.questions["visit"], status="unresolved")
    text = plain(replace(summary, questions={"visit": visit}))
    assert "visit (window over," in text
    assert "--given" not in text


def test_a_swing_within_its_error_is_not_shown(summary: Summary) -> None:
    assert '"noise"' not in plain(summary)
    louder = tuple(replace(d, mcse=0.004) for d in summary.drivers)
    assert '"noise"' in plain(replace(summary, drivers=louder))


def test_at_most_six_statements_and_the_strained_ones_first(summary: Summary) -> None:
    model = summary.statements[0]
    strains = [0.0, 1.5, -3.0, 1.2, 1.1, 1.3, 1.4, 1.05]
    statements = tuple(
        replace(model, id=f"doo.s{i}", of=f"event_{i}", strain=strain, pull=None if i else 0.3)
        for i, strain in enumerate(strains)
    )
    text = plain(replace(summary, statements=statements))
    assert re.findall(r"event (\d).*unknown  strained", text) == ["2", "1", "6", "5", "3", "4"]
    assert "and 2 others, 1 strained, pulls up to 30 points" in text


def test_given_is_said_before_any_number_and_carried_into_no_command(summary: Summary) -> None:
    given_ = replace(
        summary, provenance=replace(summary.provenance, given="not visit by 2025-05-09")
    )
    text = plain(given_)
    assert text.index("Given not visit by 2025-05-09:") < text.index("62 %")
    assert "--given" not in text


def test_commands_use_only_flags_that_exist(summary: Summary) -> None:
    text = plain(summary) + render_refusal(failed(summary), width=100)
    known = {"--given", "--as-of", "--engine", "--draws", "--seed", "--json", "--out"}
    assert set(re.findall(r"--[a-z-]+\b", text)) <= known
    assert set(re.findall(r"forecast (\w+) '", text)) == {"run"}


def test_the_file_is_called_file_where_it_is_not_known(summary: Summary) -> None:
    unknown = replace(summary, provenance=replace(summary.provenance, parameters=()))
    assert "forecast run FILE --json" in plain(unknown)


def test_nothing_known_nothing_said(summary: Summary) -> None:
    bare = replace(
        summary,
        title=None,
        as_of=None,
        digest="",
        questions={},
        statements=(),
        drivers=(),
        experts={},
        evidence=replace(summary.evidence, used=(), ignored=(), silent={}),
        provenance=replace(
            summary.provenance, marking=None, retrospective=None, parameters=(), warnings=()
        ),
    )
    text = render_summary(bare, width=80, colour=False, saved_to=None)
    assert text.startswith("Forecast\n\nKim in moscow")
    assert "Run       exact engine, seed 42\n" in text
    for absent in (
        "None",
        "By when",
        "Question",
        "Moves",
        "Stated",
        "Saved",
        "hindsight",
        "warning about",
    ):
        assert absent not in text


# ---------------------------------------------------------------- refusal


def test_a_failed_certificate_is_refused_in_words(summary: Summary) -> None:
    assert render_refusal(failed(summary)) == REFUSED


def test_a_failed_certificate_never_looks_like_a_result(summary: Summary) -> None:
    text = plain(failed(summary))
    assert text == render_refusal(failed(summary), width=100)
    assert "%" not in text
    assert not bars(text)
    # Nothing that scenarios and questions hold has any part in it.
    assert text == plain(failed(summary, scenarios={}, questions={}, drivers=()))


def test_the_other_engine_is_not_its_own_remedy(summary: Summary) -> None:
    assert "--engine" not in render_refusal(failed(summary, engine="nuts"))


def test_the_remedies_keep_what_was_given(summary: Summary) -> None:
    given_ = replace(summary, provenance=replace(summary.provenance, given="not visit"))
    assert "--given 'not visit' --draws 32768" in render_refusal(failed(given_), width=100)


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
    for width, most in ((80, 60), (100, 50), (140, 50)):
        lines = plain(summary, width).split("\n")
        assert len(lines) <= most
        assert max(map(cell_len, lines)) <= width


def test_drawing_a_page_loads_nothing_heavy() -> None:
    heavy = ("numpy", "scipy", "pydantic", "pymc", "matplotlib", "rich.markdown", "rich.traceback")
    code = f"import sys, forecast.views.terminal, forecast.views.faults; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
