"""Lint that needs the network: each rule seen on a file, with its numbers by hand."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from modelling import spec_of

import forecast
from forecast.analysis.beforehand import Beforehand
from forecast.analysis.lint import Subject, conditions, lint
from forecast.errors import Fault


def found(body: str, **frame: object) -> list[Fault]:
    spec = spec_of(body, **frame)  # type: ignore[arg-type]
    network = forecast.build(spec)
    return list(lint(Subject(spec, network, Beforehand(network, conditions(spec), {}))))


def told(body: str, **frame: object) -> list[tuple[str, str]]:
    return [(fault.code, fault.text) for fault in found(body, **frame)]


QUESTIONS = """
questions:
  visit: {type: date, occurs: 40% (20..60), timing: [evenly]}
  deal: {type: binary, prior: {cases: {visit: 55% (35..75), otherwise: impossible}}}
  place: {type: categorical, states: [moscow, east], only_if: visit, prior: {shares: {moscow: 20%, east: 80%}, worth: 8}}
  raids: {type: count, rate: {events: 8, in: 20 months}}
"""


def scenarios(*conditions: str) -> list[tuple[str, str]]:
    named = "".join(f"  {chr(97 + i)}: {text}\n" for i, text in enumerate(conditions))
    return told(f"{QUESTIONS}scenarios:\n{named}  rest: otherwise")


def test_scenarios_that_are_apart_are_left_alone() -> None:
    assert scenarios("deal", "visit by 2025-06-30 or raids >= 3", "visit") == []


SCENARIOS: list[tuple[tuple[str, ...], str, str]] = [
    (("deal and not visit",), "impossible-scenario", "`a` can never come about: `deal and not visit` never holds"),
    (("place is moscow and not visit",), "impossible-scenario", "`place is moscow and not visit` never holds"),
    (("visit in 2026-01-01..2026-02-01",), "impossible-scenario", "never holds"),
    (("visit", "deal"), "contained-scenario", "nothing is left for `b`: `a` above it takes every such future"),
    (("visit by 2025-06-30", "raids >= 3", "visit by 2025-05-31 and deal"), "contained-scenario", "nothing is left for `c`: `a` above"),
    (("raids >= 3", "visit by 2025-06-30", "deal and raids <= 2", "visit and raids in 1..2 and deal"), "contained-scenario", "nothing is left for `d`: `c` above"),
    (("place is moscow", "raids > 9", "place is east", "deal"), "contained-scenario", "nothing is left for `d`: `a` and `c` above it take every such future"),
    (("visit", "raids >= 3 or deal"), "dead-clause", "part 2 of the `or` in `b` is dead: `a` above takes every such future"),
    (("visit or raids >= 3 or deal",), "dead-clause", "part 3 of the `or` in `a` adds nothing: part 1 covers it"),
    (("raids >= 3 or deal and not visit",), "dead-clause", "part 2 of the `or` in `a` can never hold"),
    (("place is moscow", "place is east", "raids >= 3 or visit"), "dead-clause", "part 2 of the `or` in `c` is dead: what stands above and before it"),
]  # fmt: skip


@pytest.mark.parametrize(("conditions", "code", "text"), SCENARIOS)
def test_scenarios(conditions: tuple[str, ...], code: str, text: str) -> None:
    (fault,) = scenarios(*conditions)
    assert fault[0] == code
    assert text in fault[1]


def test_a_scenario_that_an_earlier_one_nearly_takes() -> None:
    # Evenly over 267 days: by 30 December lie 266 of them, so 99.6 % are taken.
    (fault,) = scenarios("visit by 2025-12-30", "visit")
    assert fault[0] == "near-duplicate"
    assert "`b` is nearly the same as `a` above it, which takes 100 % of its futures" in fault[1]
    assert scenarios("visit by 2025-11-30", "visit") == []


def test_scenarios_that_leave_no_remainder() -> None:
    (fault,) = scenarios("visit", "not visit")
    assert fault == (
        "contained-scenario",
        "nothing is left for `rest`: the scenarios above it cover every future",
    )


def test_places_of_warnings() -> None:
    body = f"{QUESTIONS}scenarios:\n  a: {{when: deal and not visit, text: t}}\n  rest: otherwise"
    (fault,) = found(body)
    assert fault.path == ("scenarios", "a", "when")
    assert fault.severity == "warning"
    assert fault.line > 0


# ------------------------------------------------------------------------- judgements


def judged(prior: str) -> list[tuple[str, str]]:
    return told(f"questions: {{q: {{type: binary, prior: {prior}}}}}")


JUDGEMENTS: list[tuple[str, str, str]] = [
    ("{beta: [0.5, 4]}", "j-shaped", "piles up at 0: half of it lies below 5."),
    ("{beta: [0.5, 0.5]}", "j-shaped", "piles up at 0 and 100 %"),
    ("{beta: [9, 0.5]}", "j-shaped", "piles up at 100 %: half of it lies above 97.4"),
    ("3% (0.1..12)", "j-shaped", "`3% (0.1..12)` piles up at 0"),
    ("{read_as: 10% (3..20), widen: 4}", "j-shaped", "piles up at 0"),
    ("{successes: 1, of: 2, discount: 0.3}", "j-shaped", "piles up at 0 and 100 %"),
    ("70% (67..73)", "overconfident", "as sure as somebody who has counted 630 like cases"),
    ("about even", "overconfident", "as sure as somebody who has counted 270 like cases"),
    ("{base: 30% (15..50), odds: {c: x2 (1.9..2.1)}}", "overconfident", "claims to know a multiplier to 5 %"),
]  # fmt: skip


@pytest.mark.parametrize(("prior", "code", "text"), JUDGEMENTS)
def test_judgements(prior: str, code: str, text: str) -> None:
    body = (
        f"questions:\n  c: {{type: binary, prior: likely}}\n  q: {{type: binary, prior: {prior}}}"
    )
    ((found_code, said),) = told(body)
    assert found_code == code
    assert text in said


@pytest.mark.parametrize(
    "prior",
    [
        *("likely", "almost certain", "70% (55..85)", "1% (0.2..2.5)", "{successes: 0, of: 13}"),
        *("{successes: 400, of: 900}", "{beta: [1, 1]}", "50% (35..65)", "unlikely to about even"),
    ],
)
def test_judgements_that_are_left_alone(prior: str) -> None:
    assert judged(prior) == []


def test_shares_that_pile_up() -> None:
    body = "questions: {{q: {{type: categorical, states: [a, b, c], prior: {{shares: {{a: 40%, b: 30%, c: 30%}}, worth: {}}}}}}}"
    ((code, text),) = told(body.format(2))
    assert code == "j-shaped"
    assert "worth 2 cases, 3 shares pile up at the ends" in text
    assert told(body.format(6)) == []


def test_a_base_rate_that_stands_as_a_base() -> None:
    body = """
questions:
  c: {type: binary, prior: 50%}
  q: {type: binary, prior: {base: {successes: 30, of: 99}, odds: {c: x4}}}
"""
    (fault,) = found(body)
    assert fault.code == "base-rate-as-base"
    assert fault.path == ("questions", "q", "prior", "base")
    # Jeffreys: 30.5 / 100 = 30.5 %; odds 4 x .305 / .695 = 1.755 -> 63.7 %; average (30.5 + 63.7) / 2
    assert "the base rate is 30 %, the average over all conditions comes out at 47 %" in fault.text
    assert told(body.replace("{successes: 30, of: 99}", "30% (20..42)")) == []


# ------------------------------------------------------------------------- statements


def stated(*statements: str, **frame: object) -> list[tuple[str, str]]:
    body = "questions:\n" + "".join(
        f"  {name}: {{type: binary, prior: 50% (8..92)}}\n" for name in ("x", "y")
    )
    body += "  xy: {type: binary, means: x and y}\n"
    body += "  d: {type: date, occurs: 50% (8..92), timing: [evenly]}\n"
    return told(body + "statements:\n" + "".join(f"  - {s}\n" for s in statements), **frame)


def test_a_statement_against_the_rest_of_the_file() -> None:
    body = """
questions:
  summit: {type: binary, prior: 2%}
statements:
  - {of: summit, says: 90%}
"""
    # logit 90 % = 2.197, logit 2 % = -3.892; policy: shift 0.5 and scatter 0.8 give 0.943: 6.5 sd
    (fault,) = found(body)
    assert fault.code == "contradiction"
    assert fault.path == ("statements", 0, "says")
    assert "own says 90 % of `summit`; the rest of the file implies 2 %, 6.5 sd away" in fault.text
    # Within two sd of 2 %: logit -3.892 + 2 x 0.943 = -2.006, which is 11.9 %
    assert told(body.replace("90%", "11%")) == []
    assert [code for code, _ in told(body.replace("90%", "13%"))] == ["contradiction"]


def test_a_bound_that_the_file_keeps_is_no_contradiction() -> None:
    body = "questions: {{summit: {{type: binary, prior: 2%}}}}\nstatements: [{{of: summit, says: 90%, side: {}}}]"
    assert told(body.format("at most")) == []
    assert [code for code, _ in told(body.format("at least"))] == ["contradiction"]


INCOHERENT: list[tuple[tuple[str, ...], str]] = [
    (("{of: d by 2025-06-30, says: 70% (60..80)}", "{of: d, says: 40% (30..50)}"), "`d by 2025-06-30` cannot be without `d`, yet is said to be likelier: at least 59 % against at most 50 %"),
    (("{of: xy, says: 70%}", "{of: x, says: 30%}"), "`xy` cannot be without `x`"),
    (("{of: x, says: 70%}", "{of: not x, says: 60%}"), "exclude each other, yet are given at least 70 % and 60 %"),
    (("{of: x, says: 30%}", "{of: not x, says: 60%}"), "one of `x` and `not x` must be, yet they are given at most 30 % and 60 %"),
    (("{of: x, says: 70%, side: at least}", "{of: not x, says: 60%, side: at least}"), "exclude each other"),
    (("{of: y, given: x, says: 80%}", "{of: x, says: 75%}", "{of: y, says: 50%}"), "make `y` at least 60 %, but it is given 50 % to 50 %"),
    (("{of: y, given: x, says: 20%}", "{of: x, says: 75%}", "{of: y, says: 50%}"), "make `y` at most 40 %"),
    (("{of: y, given: x, says: 20%}", "{of: not x, says: 25%}", "{of: not y, says: 50%}"), "make `not y` at most 40 %"),
]  # fmt: skip


@pytest.mark.parametrize(("statements", "text"), INCOHERENT[:-1])
def test_statements_that_cannot_all_hold(statements: tuple[str, ...], text: str) -> None:
    said = [text for code, text in stated(*statements) if code == "incoherent-statements"]
    assert len(said) == 1
    assert text in said[0]


def test_denials_count_in_the_law_of_total_probability() -> None:
    ((code, _),) = stated(*INCOHERENT[-1][0])
    assert code == "incoherent-statements"


@pytest.mark.parametrize(
    "statements",
    [
        ("{of: d by 2025-06-30, says: 70% (50..85)}", "{of: d, says: 60% (40..80)}"),
        ("{of: x, says: 70%}", "{of: not x, says: 30%}"),
        ("{of: x, says: 70%, side: at most}", "{of: not x, says: 60%, side: at most}"),
        ("{of: x, says: 20%}", "{of: y, says: 20%}"),
        ("{of: y, given: x, says: 80%}", "{of: x, says: 75%}", "{of: y, says: 70%}"),
    ],
)
def test_statements_that_can_all_hold(statements: tuple[str, ...]) -> None:
    assert stated(*statements) == []


def test_two_speakers_may_disagree() -> None:
    files = {
        f"{who}.yaml": f"priors: 1\nsource: {{who: {who}, said: 2025-04-01}}\nlexicon: plain\njudgements: {{claim: {{read_as: {says}}}}}\n"
        for who, says in (("ann", "70%"), ("bob", "60%"))
    }
    body = "use: {ann: ann.yaml, bob: bob.yaml}\nquestions: {x: {type: binary, prior: 50% (8..92)}}\nstatements: [{of: x, says: ann.claim}, {of: not x, says: bob.claim}]"
    assert told(body, files=files) == []
    alone = body.replace("bob.claim", "ann.other") + "\nunused: {bob.claim: not asked}"
    files["ann.yaml"] = files["ann.yaml"].replace("}}", "}, other: {read_as: 60%}}")
    assert [code for code, _ in told(alone, files=files)] == ["incoherent-statements"]


def test_a_condition_that_can_never_hold() -> None:
    ((code, text),) = stated("{of: y, given: x and not xy and y, says: 50%}")
    assert code == "impossible-condition"
    assert "`x and not xy and y` can never hold" in text


# ------------------------------------------------------------------------- evidence


def test_evidence_that_cannot_all_be_so() -> None:
    body = """
questions:
  a: {type: binary, prior: 50%}
  b: {type: binary, prior: {cases: {a: 50%, otherwise: impossible}}}
evidence:
  - {id: one, date: 2025-03-01, text: t, source: s, observed: b}
  - {id: two, date: 2025-03-02, text: t, source: s, observed: not a}
  - {id: three, date: 2025-03-03, text: t, source: s, odds: {a: x2}}
"""
    (fault,) = found(body)
    assert (fault.code, fault.severity, fault.path) == (
        "impossible-evidence",
        "error",
        ("evidence", 1),
    )
    assert "evidence `one` and evidence `two` cannot both be so" in fault.text
    assert (
        told(body.replace("source: s, observed: not a", "source: s, grade: B2, observed: not a"))
        == []
    )


# ------------------------------------------------------------------------- documentation


def test_every_code_is_documented() -> None:
    """Codes are the only texts of the rules that are lower-case words joined by hyphens."""
    root = Path(forecast.__file__).parent
    page = (root.parent / "docs" / "check.md").read_text("utf-8")
    documented = set(re.findall(r"^\| `([a-z-]+)`[ *]*\|", page, re.M)) | {"impossible-evidence"}
    written = set[str]()
    for files in ("spec/lint/*.py", "analysis/**/*.py", "model/mis*.py"):
        for file in root.glob(files):
            tree = ast.parse(file.read_text("utf-8"))
            written |= {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}  # fmt: skip
    hyphenated = {text for text in written if re.fullmatch(r"[a-z]+(-[a-z]+)+", text)}
    assert hyphenated <= documented
    assert documented <= written
