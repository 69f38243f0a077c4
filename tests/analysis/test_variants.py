"""Variants are looked at as the file itself is: faults and questions show at their own lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecast.analysis.check import check_file
from forecast.errors import Fault

FILE = """\
forecast: 1
title: T
as_of: 2025-04-08
horizon: 2025-12-31
lexicon: icd203
latents:
  will: {text: Both want it, prior: 50% (22..78)}
questions:
  talks: {text: First day of talks, type: date, occurs: {cases: {will: 60% (40..80), otherwise: 20% (8..36)}}, timing: [constant], resolves: r, sources: [s]}
  deal: {text: A deal is signed, type: binary, by: 2025-12-31, prior: {base: 20% (8..36), odds: {talks by 2025-06-30: x3 (1.5..6)}}, resolves: r, sources: [s]}
  signal: {text: A signal in March, type: binary, window: 2025-03-01..2025-03-31, prior: {base: 20% (8..36), odds: {will: x3 (1.5..6)}}, resolves: r, sources: [s]}
evidence:
  - {id: seen, date: 2025-03-20, text: t, source: s, grade: B2, observed: signal}
  - {id: sure, date: 2025-03-21, text: t, source: u, observed: signal}
scenarios:
  a: deal
  b: talks
  rest: otherwise
variants:
"""


def told(tmp_path: Path, variants: str) -> list[Fault]:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "s.yaml").write_text(FILE + variants)
    (tmp_path / "plain.yaml").write_text(FILE.removesuffix("variants:\n"))
    plain = {fault.text for fault in check_file(tmp_path / "plain.yaml").faults}
    return [f for f in check_file(tmp_path / "s.yaml").faults if f.text not in plain]


LINE = FILE.count("\n") + 2


@pytest.mark.parametrize(
    ("variants", "line", "code", "severity", "said"),
    [
        # what cannot be built
        ("  v:\n    do: {will: yes}\n", LINE, "not-identified", "error", "`signal` has no time"),
        ("  v:\n    set: {questions.deal.prior.base: 5% (0.1..60)}\n", LINE, "range-too-wide", "error", "no Beta with mean 5 %"),
        # what can never be
        ("  v:\n    given: talks by 2025-05-01 and not talks\n", LINE, "impossible-condition", "error", "can never hold"),
        ("  v:\n    given: not signal\n", LINE, "impossible-evidence", "error", "cannot all be so"),
        # what a reviewer would ask about
        ("  v:\n    set: {questions.deal.prior.base: 40%}\n", LINE, "fixed-number", "warning", "`40%` has no range"),
        ("  v:\n    set: {questions.deal.text: A significant deal}\n", LINE, "vague-words", "warning", "`significant`"),
        ("  v:\n    set: {scenarios.b: deal and talks}\n", LINE, "contained-scenario", "warning", "nothing is left for `b`"),
        ("  v:\n    set: {questions.deal.prior.base: 40% (39..41)}\n", LINE, "overconfident", "warning", "40% (39..41)"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_variant_shows_at_its_line(
    tmp_path: Path, variants: str, line: int, code: str, severity: str, said: str
) -> None:
    found = told(tmp_path, variants)
    assert [(f.line, f.code) for f in found] == [(line, code)], found
    assert found[0].severity == severity
    assert said in found[0].text


def test_a_sound_variant_says_nothing_twice(tmp_path: Path) -> None:
    variants = """\
  known: {given: talks by 2025-06-30}
  done: {do: {talks: 2025-06-15}}
  less: {drop: [seen]}
  more: {set: {questions.deal.prior.base: 40% (20..62)}}
"""
    assert told(tmp_path, variants) == []


def test_what_follows_elsewhere_names_the_variant(tmp_path: Path) -> None:
    """The chance of `deal` stays 20 %; its horizon moves before the day that a row speaks of."""
    found = told(tmp_path, "  v:\n    set: {questions.talks.by: 2025-04-30}\n")
    assert found
    assert all(f.line == LINE or f.text.startswith("with the variant `v`") for f in found), found
