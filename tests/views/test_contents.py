"""What the page says of a forecast, and what it leaves out."""

from __future__ import annotations

import re
from dataclasses import replace

from pages import bars, certain, failed, named, plain

from forecast.summary.contract import Summary
from forecast.views.terminal import render_refusal, render_summary


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
        summary, provenance=replace(summary.provenance, given=("not visit by 2025-05-09",))
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
    text = render_summary(summary, width=100, colour=False, saved_to=None)
    assert "forecast run FILE --json" in text


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
