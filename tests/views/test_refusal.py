"""A failed certificate never looks like a result."""

from __future__ import annotations

from dataclasses import replace

from pages import bars, failed, plain

from forecast.summary.contract import Summary
from forecast.views.terminal import render_refusal

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


def test_a_failed_certificate_is_refused_in_words(summary: Summary) -> None:
    assert render_refusal(failed(summary), file="scenarios/my case.yaml") == REFUSED


def test_a_failed_certificate_never_looks_like_a_result(summary: Summary) -> None:
    text = plain(failed(summary))
    assert text == render_refusal(failed(summary), width=100, file="scenarios/my case.yaml")
    assert "%" not in text
    assert not bars(text)
    # Nothing that scenarios and questions hold has any part in it.
    assert text == plain(failed(summary, scenarios={}, questions={}, drivers=()))


def test_the_other_engine_is_not_its_own_remedy(summary: Summary) -> None:
    assert "--engine" not in render_refusal(failed(summary, engine="nuts"))


def test_the_remedies_keep_what_was_given(summary: Summary) -> None:
    given_ = replace(summary, provenance=replace(summary.provenance, given=("not visit",)))
    assert "--given 'not visit' --draws 32768" in render_refusal(failed(given_), width=100)
