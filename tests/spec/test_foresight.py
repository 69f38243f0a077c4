"""Lint of conditions that foretell: what may be settled only after the question it moves."""

from __future__ import annotations

import pytest
from modelling import spec_of

from forecast.spec.lint.foresight import foresight_lint

BODY = """\
latents:
  will: {text: w, prior: 50%}
questions:
  early: {type: date, by: 2025-05-01, occurs: 40%, timing: [evenly]}
  late: {type: date, window: 2025-05-02..2025-12-31, ABOUT, timing: [evenly]}
  final: {type: binary, PRIOR}
"""


def found(about: str, prior: str = "prior: 10%") -> list[tuple[int, str]]:
    spec = spec_of(BODY.replace("ABOUT", about).replace("PRIOR", prior))
    faults = list(foresight_lint(spec.context))
    assert all(f.severity == "warning" and f.code == "foretelling" and f.fix for f in faults)
    return [(f.line, f.text) for f in faults]


@pytest.mark.parametrize(
    "about",
    [
        "occurs: {cases: {early: 40%, otherwise: 20%}}",  # settled on 1 May, the day before
        "occurs: {cases: {will: 40%, otherwise: 20%}}",  # a latent has no day
        "occurs: {base: 20%, odds: {early and will: x2}}",
        "only_if: early, occurs: 40%",
    ],
)
def test_what_is_settled_before(about: str) -> None:
    assert found(about) == []


@pytest.mark.parametrize(
    ("about", "named"),
    [
        ("occurs: {cases: {final: 40%, otherwise: 20%}}", "`final` may be settled"),
        ("occurs: {base: 20%, odds: {not final: x2, early: x3}}", "`final` may be settled"),
    ],
)
def test_what_may_be_settled_after_a_date(about: str, named: str) -> None:
    ((line, text),) = found(about)
    assert line == 10
    assert text == f"{named} after `late`: these rows foretell it, they do not cause it"


def test_what_may_be_settled_after_the_last_day_of_a_question() -> None:
    """`late` ends with the year; a question that is settled in June looks ahead."""
    rows = "prior: {cases: {late: 40%, otherwise: 20%}}"
    assert found("occurs: 40%", rows) == []
    ((line, text),) = found("occurs: 40%", f"by: 2025-06-30, {rows}")
    assert (line, text.split(":")[0]) == (11, "`late` may be settled after `final`")
    by_june = "by: 2025-06-30, prior: {cases: {late by 2025-06-30: 40%, otherwise: 20%}}"
    assert found("occurs: 40%", by_june) == []
    before = "by: 2025-06-30, prior: {cases: {late before 2025-07-01: 40%, otherwise: 20%}}"
    assert found("occurs: 40%", before) == []


def test_a_rate_follows_what_has_happened_and_foretells_nothing() -> None:
    body = (
        "questions:\n"
        "  a: {type: date, occurs: 40%, timing: [evenly]}\n"
        "  b: {type: date, rate: {events: 3, in: 12 months}, times: {a: x2 (1..4)}}\n"
    )
    assert list(foresight_lint(spec_of(body).context)) == []
