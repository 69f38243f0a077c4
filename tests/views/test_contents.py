"""What the page says of a forecast, and what it leaves out."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from pages import bars, certain, failed, named, plain

from forecast.summary.contract import Chance, Ignored, Stages, Summary
from forecast.views.page import hanging
from forecast.views.terminal import render_refusal, render_summary


def chance(probability: float) -> Chance:
    return Chance(probability, Stages(probability, probability, probability), 0.0004, None, None)


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


def test_no_question_goes_untold(summary: Summary) -> None:
    """What has no line of its own is told in few words, a categorical question by its states."""
    visit = summary.questions["visit"]
    deal = replace(visit, type="binary", by=None, states={"yes": chance(0.3), "no": chance(0.7)})
    place = replace(
        visit, type="categorical", by=None, states={"moscow": chance(0.6), "east": chance(0.4)}
    )
    more = {f"q{i}": replace(visit, by={"2025-06-30": chance(0.11)}) for i in range(8)}
    questions = {**summary.questions, "deal": deal, "place": place, **more}
    text = plain(replace(summary, questions=questions))
    told = " ".join(text[text.index("Also:") : text.index("Moves ")].split())
    assert "by 31 Dec: deal 30 %; by 30 Jun: q5 11 %, q6 11 %, q7 11 %" in told
    assert "place: moscow 60 %, east 40 %" in told
    assert "debt" not in told  # never observed
    many = {f"deal {i}": deal for i in range(40)}
    text = plain(replace(summary, questions={**summary.questions, **many}))
    told = " ".join(text[text.index("Also:") : text.index("Moves ")].split())
    assert told.count("30 %") == 16
    assert told.endswith("and 24 more questions, all in --json")


def test_the_dates_that_were_asked_for_are_told_in_few_words_too(summary: Summary) -> None:
    twice = {"2025-05-31": chance(0.2), "2025-06-30": chance(0.4)}
    visit = replace(summary.questions["visit"], by=twice)
    text = plain(replace(summary, questions={f"q{i}": visit for i in range(9)}))
    assert "Also: q8 by 31 May 20 %, by 30 Jun 40 %" in " ".join(text.split())


def test_the_status_of_a_question_is_said(summary: Summary) -> None:
    visit = replace(summary.questions["visit"], status="unresolved")
    text = plain(replace(summary, questions={"visit": visit}))
    assert "visit (window over," in text
    assert "--given" not in text


def test_what_the_run_supposes_is_not_called_resolved(summary: Summary) -> None:
    known = replace(summary.questions["visit"], status="resolved")
    told = {"visit": known, "visitors": known}
    given = replace(summary.provenance, given=("visit by 2025-05-09 and not debt",))
    text = plain(replace(summary, questions=told, provenance=given))
    assert "visit (supposed)" in text
    assert "visitors (resolved)" in text
    done = replace(summary.provenance, done={"visitors": "3"})
    text = plain(replace(summary, questions=told, provenance=done))
    assert "visit (resolved)" in text
    assert "visitors (supposed)" in text


def test_a_swing_within_its_error_is_not_shown(summary: Summary) -> None:
    assert '"noise"' not in plain(summary)
    # 0.9 points: within four errors of half a point, beyond four of a fifth of one.
    louder = tuple(replace(d, mcse=0.002) for d in summary.drivers)
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


@pytest.mark.parametrize(
    ("side", "stated", "after", "pull", "away"),
    [
        (None, 0.7, 0.66, -0.04, True),  # from 70 % to 66 %: past his own number, away from it
        (None, 0.7, 0.66, 0.04, False),  # from 62 % towards it
        (None, 0.7, 0.697, -0.004, False),  # too little to be remarked on
        (None, 0.2, 0.3, 0.05, True),
        ("at most", 0.2, 0.1, -0.04, False),  # below the bound, and pushed down: as he says
        ("at most", 0.2, 0.3, 0.04, True),
        ("at least", 0.7, 0.9, 0.04, False),
        ("at least", 0.7, 0.6, -0.04, True),
        (None, 0.7, 0.66, None, False),
    ],
)
def test_a_pull_away_from_what_was_said_is_marked(
    summary: Summary, side: str | None, stated: float, after: float, pull: float, away: bool
) -> None:
    other = replace(summary.statements[0], strain=0.0, pull=0.3)
    it = replace(other, of="event", side=side, stated=stated, implied_after=after, pull=pull)
    others = tuple(replace(other, id=f"o{i}") for i in range(3))
    text = plain(replace(summary, statements=(*others, it)))
    assert bool(re.search(r"event .*  away$", text, flags=re.M)) is away
    assert ("away: from its own number" in " ".join(text.split())) is away


def test_what_is_given_stands_in_the_key(summary: Summary) -> None:
    """Before, the key said that reports and silence had done what the condition did."""
    none = replace(summary.evidence, used=(), silent={})
    supposed = replace(
        summary, evidence=none, provenance=replace(summary.provenance, given=("visit",))
    )
    assert "+ evidence: what is given; now" in plain(supposed)
    assert "+ evidence: reports, silence; now" in plain(summary)


def test_a_later_day_up_to_which_nobody_looked_is_said(summary: Summary) -> None:
    late = " ".join(plain(replace(summary, as_of="2025-05-01")).split())
    assert "nothing after 2025-04-08 was looked at" in late
    assert "write `observed_through: 2025-05-01` in the file" in late
    assert "was looked at" not in plain(summary)


def test_shares_are_one_judgement_made_in_hindsight(summary: Summary) -> None:
    (one,) = summary.provenance.parameters
    shares = tuple(
        replace(one, name=f"questions.place.prior.{state}", distribution="Dirichlet(3, 2, 1)")
        for state in ("moscow", "east", "elsewhere")
    )
    found = replace(summary, provenance=replace(summary.provenance, parameters=(one, *shares)))
    assert "hindsight: 2 judgements made after 2025-04-08" in plain(found)


def test_reports_and_statements_that_do_not_count_are_told_apart(summary: Summary) -> None:
    said = tuple(Ignored(f"doo.s{i}", "said after 2025-04-08", "statement") for i in range(12))
    evidence = replace(summary.evidence, ignored=(*summary.evidence.ignored, *said))
    text = " ".join(plain(replace(summary, evidence=evidence)).split())
    assert "1 report not counted: late_report (known on 2025-05-01" in text
    assert "12 statements not counted (said after 2025-04-08)" in text


def test_a_word_that_fits_its_column_is_not_broken() -> None:
    assert hanging("strategic breakthrough", 12).plain == "strategic\nbreakthrough"
    assert hanging("payback without summit", 15).plain == "payback without\n  summit"


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
    assert text.startswith("Forecast\n\nMost likely: kim in moscow")
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
