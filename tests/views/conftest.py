"""A small forecast, made by hand, that shows each part of the page once."""

from __future__ import annotations

import pytest

from forecast.summary.contract import (
    Chance,
    DiagnosticsResult,
    Driver,
    EvidenceResult,
    ExpertResult,
    Ignored,
    Interval,
    Lead,
    ParameterResult,
    Provenance,
    QuestionResult,
    ScenarioResult,
    Stages,
    StatementResult,
    Summary,
)


def scenario(
    chance: float,
    stages: tuple[float, float],
    half: Interval | None,
    most: Interval | None,
    phrase: str,
    phrase_range: Interval,
    text: str,
) -> ScenarioResult:
    intervals = None if half is None or most is None else {"0.5": half, "0.8": most}
    return ScenarioResult(
        probability=chance,
        stages=Stages(*stages, chance),
        mcse=0.0004,
        intervals=intervals,
        interval_mcse=None,
        phrase=phrase,
        phrase_range=phrase_range,
        text=text,
        when="x",
    )


def chance(probability: float, mcse: float = 0.0004) -> Chance:
    return Chance(probability, Stages(probability, probability, probability), mcse, None, None)


@pytest.fixture
def summary() -> Summary:
    unlikely = ("unlikely", (0.2, 0.45))
    window = ("2025-04-09", "2025-12-31")
    return Summary(
        output_version=1,
        title="Payback",
        as_of="2025-04-08",
        digest="9f3a0c5e77b1d2" * 4,
        seed=42,
        draws=8192,
        engine="exact",
        scenarios={
            "estrangement": scenario(
                0.041, (0.06, 0.05), (0.02, 0.05), (0.004, 0.08), "remote", (0, 0.05), "Nothing."
            ),
            "kim_in_moscow": scenario(
                0.62, (0.4, 0.5), (0.55, 0.7), (0.45, 0.8), "likely", (0.55, 0.8), "He comes. Or so."
            ),
            "open_account": scenario(
                0.339, (0.54, 0.45), (0.3, 0.4), (0.2, 0.5), *unlikely, "The debt stays."
            ),
        },
        lead=Lead("kim_in_moscow", "open_account", 0.76),
        questions={
            "debt": QuestionResult(
                "binary", "latent", "open", "Unseen", window, {"yes": chance(0.5), "no": chance(0.5)}, None, None
            ),
            "visit": QuestionResult(
                type="date",
                role="question",
                status="open",
                text="First day of a visit",
                window=window,
                states={"never": chance(0.2)},
                by={"2025-06-30": chance(0.24), "2026-01-31": chance(0.995)},
                at_least=None,
            ),
            "visitors": QuestionResult(
                type="count",
                role="question",
                status="open",
                text="Visitors of rank",
                window=window,
                states={"0..1": chance(0.39)},
                by=None,
                at_least={"2026-01-31": {"2": chance(0.61), "4": chance(0.083)}},
            ),
        },
        statements=(
            StatementResult(
                "doo.trip", "kim_in_moscow by 2025-05-09", "likely", "doo", None,
                0.68, 0.19, 0.41, 0.12, 0.9, 2.1,
            ),
            StatementResult(
                "doo.podium", "podium", "unlikely", "doo", "at most",
                0.18, 0.3, 0.25, -0.04, -0.2, 0.0,
            ),
            StatementResult(
                "doo.deals", "deals", "likely", "doo", None, 0.7, 0.6, 0.62, 0.02, 0.1, 0.4
            ),
            StatementResult(
                "nkn.skips", "skips", "likely", "nkn", None, 0.7, 0.6, 0.62, None, None, 0.4
            ),
            StatementResult(
                "nkn.talks", "talks", "likely", "nkn", None, 0.7, 0.6, 0.62, 0.017, 0.1, 0.4
            ),
        ),
        evidence=EvidenceResult(
            probability=0.1,
            log_probability=-2.3,
            used=("letter", "nis"),
            ignored=(Ignored("late_report", "known on 2025-05-01, after 2025-04-08"),),
            silent={"visit": "2025-04-08"},
        ),
        drivers=(
            Driver(
                "kim_in_moscow", "questions.visit.occurs.cases.preparation", "Author", "40% (20..62)",
                0.45, 0.73, 0.28, 0.005,
            ),
            Driver(
                "kim_in_moscow", "experts.doo.lean", "doo", "how far the story as a whole is right",
                0.55, 0.66, 0.11, 0.005,
            ),
            Driver(
                "kim_in_moscow", "base.visits", "base rates", "2 of 3", 0.66, 0.58, -0.08, 0.005
            ),
            Driver("kim_in_moscow", "latents.debt.prior", "Author", "noise", 0.6, 0.61, 0.009, 0.005),
            Driver("open_account", "latents.debt.prior", "Author", "not his", 0.1, 0.9, 0.8, 0.005),
        ),
        experts={"doo": ExpertResult("Doo Jin-ho", "2025-04-08", 0.6, 0.9, -1.2, 0.6, 1.0)},
        watch=("visit", "debt"),
        diagnostics=DiagnosticsResult(
            status="warn",
            khat=0.21,
            ess=4551.2,
            reasons=("interim certificate",),
            detail={"largest_error": 0.00381},
        ),
        provenance=Provenance(
            about=None,
            author="Author",
            marking="RESTRICTED",
            retrospective="written after the events",
            lexicon="ICD 203",
            observed_through="2025-04-08",
            given=(),
            parameters=(
                ParameterResult(
                    "latents.debt.prior", "Beta(2, 2)", 0.5, {}, 0.5, "Author", "2025-04-08",
                    "50%", "scenarios/my case.yaml:12", None, None, hindsight=True,
                ),
            ),
            sources={"nkn": "NK News, 2025-04-01, nknews.org"},
            unused={},
            policy={},
            warnings=("one",),
        ),
    )  # fmt: skip
