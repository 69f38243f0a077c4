"""Loading: all faults of a scenario and of what it uses, in one report, each where it stands."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from writing import BASE, PRIORS, Project

import forecast
from forecast.errors import InvalidModel, InvalidSpecification

# ------------------------------------------------------------------- the files of language/bad

HEAD = """\
forecast: 1
title: T
as_of: 2025-04-08
horizon: 2025-12-31
lexicon: icd203
questions:
  meeting: {type: binary, prior: 30% (15..50)}
  troops: {type: date, occurs: 40% (20..60), timing: [evenly]}
  delegation: {type: categorical, states: [kim, premier, none], prior: {shares: {kim: 20%, premier: 30%, none: 50%}, worth: 8}}
scenarios:
  a: meeting
  b: otherwise
"""
DRAWN = "30% (15..50)"

SHARED: dict[str, tuple[str, list[tuple[int, str]]]] = {
    "after_as_of": (
        HEAD + "evidence:\n  - {id: x, date: 2025-04-09, text: t, source: s, grade: A1, odds: {meeting: x2 (1..3)}}\n",
        [(14, "dated after as_of 2025-04-08")],
    ),
    "alias": (
        HEAD.replace(DRAWN, "&p even").replace("40% (20..60)", "*p"),
        [(8, "anchors and aliases are not used here; name the judgement under `judgements:` and refer to it")],
    ),
    "bare_75": (
        HEAD.replace(DRAWN, "75 (55..90)"),
        [(7, "a probability lies between 0 and 1: did you mean 75% (55..90)?")],
    ),
    "bare_categorical": (
        HEAD.replace("a: meeting", "a: delegation"),
        [(11, "`delegation` is not yes/no: say which state, `delegation is kim`")],
    ),
    "colon_in_text": (
        HEAD.replace("title: T", "title: Kim visits: Moscow"),
        [(2, "a colon and a space inside a text: put the text in quotes")],
    ),
    "comma_in_flow": (
        HEAD.replace("a: meeting", "a: {when: meeting, text: No troops, no visit}"),
        [(11, "a comma ends a plain text inside { }: quote the text, or write the entry on its own lines")],
    ),
    "cycle": (
        HEAD.replace(DRAWN, "{cases: {troops: likely, otherwise: even}}").replace("40% (20..60)", "{cases: {meeting: likely, otherwise: even}}"),
        [(7, "meeting and troops depend on each other: meeting -> troops -> meeting")],
    ),
    "date_impossible": (HEAD.replace("2025-12-31", "2025-02-30"), [(4, "there is no 30 February")]),
    "date_short": (HEAD.replace("2025-04-08", "2025-4-8"), [(3, "`2025-4-8`: write 2025-04-08")]),
    "duplicate_key": (
        HEAD.replace("scenarios:", "  meeting: {type: binary, prior: even}\nscenarios:"),
        [(10, "`meeting` is already defined on line 7")],
    ),
    "empty_value": (HEAD.replace(" " + DRAWN, ""), [(7, "nothing after `prior:`")]),
    "hash_in_text": (HEAD.replace("title: T", "title: Visit #3"), []),
    "leading_gt": (
        HEAD.replace("a: meeting", "a: > meeting"),
        [(11, "an expression starts with a name; > at the start of a value begins a folded text")],
    ),
    "norway": (
        HEAD.replace("[kim, premier, none]", "[se, no, true]").replace("{kim: 20%, premier: 30%, none: 50%}", "{se: 20%, no: 30%, true: 50%}"),
        [],
    ),
    "paren_list_in_flow": (
        HEAD.replace("a: meeting", "a: {when: delegation in (kim, premier)}"),
        [(11, "a comma ends the expression inside { }; write `delegation is kim|premier`")],
    ),
    "shares_sum": (HEAD.replace("none: 50%", "none: 40%"), [(9, "shares sum to 90 %; rescale to 22.2 %, 33.3 %, 44.4 %")]),
    "space_after_colon": (
        HEAD.replace(DRAWN, "{p:0.3, low:0.2, high:0.5}"),
        [(7, "a colon needs a space after it: `p: 0.3`")],
    ),
    "tie": (
        HEAD.replace("  delegation", "  visit: {type: date, occurs: even, timing: [evenly]}\n  delegation").replace("a: meeting", "a: troops before visit"),
        [],
    ),
    "trap_word": (HEAD.replace(DRAWN, "possible"), [(7, "`possible` is read anywhere from 20 to 80 %: give a number")]),
    "uncovered": (
        HEAD.replace("40% (20..60)", "{cases: {meeting: likely}}"),
        [(8, "no row for `meeting is no`; add it or `otherwise:`")],
    ),
    "unknown_state": (
        HEAD.replace("a: meeting", "a: delegation is kin"),
        [(11, "`delegation` has no state `kin`; did you mean `kim`?")],
    ),
    "unreachable": (
        HEAD.replace("40% (20..60)", "{cases: {meeting: likely, meeting and meeting: even, otherwise: unlikely}}"),
        [(8, "row 2 can never be reached: row 1 covers it")],
    ),
    "void_used": (HEAD.replace("delegation: {", "delegation: {only_if: meeting, "), []),
}  # fmt: skip


@pytest.mark.parametrize("name", SHARED)
def test_shared_bad_files(project: Project, name: str) -> None:
    text, expected = SHARED[name]
    assert [(fault.line, fault.text) for fault in project.faults(text)] == expected


def test_a_warning_stops_nothing(project: Project) -> None:
    spec = project.load(SHARED["hash_in_text"][0])
    assert [(fault.line, fault.text) for fault in spec.warnings] == [
        (2, "everything from # on is a comment; quote the title")
    ]


# ------------------------------------------------------------------- all faults in one report

MANY = """\
forecast: 1
titel: T
as_of: 2025-04-08
horizon: 2025-12-31
lexicon: icd204
use: {doo: ../priors/doo.yaml, nkn: ../priors/nkn.yaml}
judgements:
  mine: {read_as: 120%}
questions:
  meeting: {type: binary, prior: own.mine}
  place: {type: categorical, states: [moscow, east], prior: {shares: {moscow: 20%, east: 30%}}}
  troops: {type: date, occurs: 40% (60..80), timing: [evenly]}
  visits: {type: count, rate: nkn.visits}
  a: {type: binary, prior: {cases: {troops: likely, place is moscow: even}}}
  b: {type: binary, prior: {cases: {meeting: likely}}}
  c: {type: binary, prior: {cases: {d: likely, otherwise: even}}}
  d: {type: binary, prior: {cases: {c: likely, otherwise: even}}}
statements:
  - {of: meting, says: nkn.trip}
  - {off: meeting, says: nkn.trip}
  - {of: troops, given: place is nowhere, says: doo.broken, informed_by: [lost, report, nothing]}
evidence:
  - {id: lost, date: 2025-99-99, text: t, source: s, observed: meeting}
  - {id: report, date: 2025-06-01, text: t, source: s, observed: troops by 2025-06-30}
  - {id: report, date: 2025-03-01, text: t, source: s, observed: troops}
scenarios:
  first: troops and trops
  second: meeting and
  rest: otherwise
variants:
  v: {do: {troops: 2025-06-01, trops: never}, drop: [lost, nkn, doo.broken, own.mine], set: {questions.trops: x}}
watch: [troops, trops]
"""

MANY_PRIORS = PRIORS + "  broken: {read_as: 70% (80..90)}\n  odd: {read_as: probly}\n"

EXPECTED = [
    ("doo.yaml", 9, "range-order"),
    ("doo.yaml", 10, "unknown-phrase"),
    ("s.yaml", 2, "unknown-field"),
    ("s.yaml", 5, "unknown-lexicon"),
    ("s.yaml", 6, "no-file"),
    ("s.yaml", 8, "probability-range"),
    ("s.yaml", 11, "shares-sum"),
    ("s.yaml", 12, "range-order"),
    ("s.yaml", 15, "uncovered"),
    ("s.yaml", 16, "cycle"),
    ("s.yaml", 19, "unknown-question"),
    ("s.yaml", 20, "unknown-field"),
    ("s.yaml", 21, "unknown-state"),
    ("s.yaml", 21, "unknown-evidence"),
    ("s.yaml", 23, "date"),
    ("s.yaml", 24, "after-as-of"),
    ("s.yaml", 25, "duplicate-key"),
    ("s.yaml", 27, "unknown-question"),
    ("s.yaml", 28, "expression"),
    ("s.yaml", 31, "unknown-question"),
    ("s.yaml", 31, "unknown-path"),
    ("s.yaml", 32, "unknown-question"),
]


def test_all_faults_in_one_report(project: Project) -> None:
    faults = project.faults(MANY, MANY_PRIORS)
    assert [(Path(f.file).name, f.line, f.code) for f in faults] == EXPECTED


def test_no_fault_follows_from_another(project: Project) -> None:
    """Each of the faults goes away alone; the others stay as they are."""
    mended = {
        2: "title: T",
        5: "lexicon: icd203",
        12: "  troops: {type: date, occurs: 40% (20..60), timing: [evenly]}",
        23: "  - {id: lost, date: 2025-01-01, text: t, source: s, observed: meeting}",
        28: "  second: meeting and troops",
    }
    lines = MANY.splitlines()
    for number, line in mended.items():
        changed = "\n".join([*lines[: number - 1], line, *lines[number:]]) + "\n"
        found = [(Path(f.file).name, f.line, f.code) for f in project.faults(changed, MANY_PRIORS)]
        assert found == [row for row in EXPECTED if row[:2] != ("s.yaml", number)], line


@pytest.mark.parametrize(
    "section",
    ["questions", "latents", "judgements", "use", "evidence", "statements", "variants", "experts"],
)
def test_a_broken_section_makes_no_name_unknown(project: Project, section: str) -> None:
    text = re.sub(rf"(?ms)^{section}:.*?(?=^\w)", "", BASE)
    where = text.index("scenarios:")
    text = text[:where] + f"{section}: nonsense\n" + text[where:]
    (fault,) = project.faults(text)
    assert fault.line == text[:where].count("\n") + 1


@pytest.mark.parametrize(
    ("body", "line", "code", "said"),
    [
        ("  x: {read_as: 70% (80..90)}\n", 9, "range-order", "must lie inside its range"),
        ("  x: {read_as: possible}\n", 9, "trap-word", "read anywhere from 20 to 80 %"),
        ("  x: {read_as: likely, by: nobody}\n", 9, "value", "`nobody` cannot stand here"),
        ("  x: {read_as: {successes: 3, of: 2}}\n", 9, "value", "too many"),
        ("  x: {about: something}\n", 9, "missing", "`read_as` is missing"),
        ("  trip: {read_as: even}\n", 9, "duplicate-key", "already defined on line 5"),
        ("note: [a]\n", 9, "type", "a text stands here, not a list"),
        ("  x: {read_as: likely, widen: 2\n", 9, "bracket", "never closed"),
        ("  x: {read_as: 2% (0..60)}\n", 9, "range-too-wide", "no Beta with mean 2 %"),
    ],
)  # fmt: skip
def test_faults_of_a_priors_file(
    project: Project, body: str, line: int, code: str, said: str
) -> None:
    (fault,) = project.faults(BASE.replace("meeting: {type: binary, prior: own.mine}", "meeting: {type: binary, prior: {cases: {will: own.mine, otherwise: doo.x}}}"), PRIORS + body) if "x:" in body else project.faults(BASE, PRIORS + body)  # fmt: skip
    assert fault.file == str(project.root / "scenarios/../priors/doo.yaml")
    assert (fault.line, fault.code, said in fault.text) == (line, code, True), fault


def test_frame_of_a_priors_file(project: Project) -> None:
    for old, new, line, code in (
        ("priors: 1", "priors: 2", 1, "version"),
        ("source: {who: Doo, said: 2025-04-01}", "source: {who: Doo}", 2, "missing"),
        ("lexicon: plain", "lexicon: plane", 3, "unknown-lexicon"),
        ("source: {who: Doo, said: 2025-04-01}", "source: Doo", 2, "type"),
    ):
        (fault,) = project.faults(BASE, PRIORS.replace(old, new))
        assert (Path(fault.file).name, fault.line, fault.code) == ("doo.yaml", line, code), fault


def test_the_same_file_under_two_names_is_told_of_once(project: Project) -> None:
    text = BASE.replace("doo.yaml}", "doo.yaml, duo: ../priors/doo.yaml}")
    faults = project.faults(
        text, PRIORS.replace("  sure: {read_as: certain}", "  sure: {read_as: possible}")
    )
    assert [fault.code for fault in faults if "doo.yaml" in fault.file] == ["trap-word"]


# ------------------------------------------------------------------- files that are none


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", "empty-file", "this file is empty"),
        ("# only a comment\n", "empty-file", "this file is empty"),
        ("- a\n- b\n", "type", "the file holds a list, not a mapping"),
        ("likely\n", "type", "the file holds a text, not a mapping"),
        (PRIORS, "kind", "this is a priors file; a scenario file begins with `forecast: 1`"),
        ("lexicon: 1\nname: x\nsource: y\nphrases: {likely: 55..80%}\n", "kind", "this is a lexicon"),
        ("a: !!python/object:os.system x\n", "tag", "tags such as"),
        ("\x00", "binary", "this is not a text file"),
    ],
)  # fmt: skip
def test_files_that_are_no_scenario(project: Project, text: str, code: str, said: str) -> None:
    faults = [
        fault for fault in project.faults(text) if fault.code not in ("missing", "unknown-field")
    ]
    assert [(fault.code, said in fault.text) for fault in faults] == [(code, True)]


def test_paths_that_are_no_file(tmp_path: Path) -> None:
    (tmp_path / "circle.yaml").symlink_to("circle.yaml")
    for name, code in ((".", "directory"), ("nothing.yaml", "no-file"), ("circle.yaml", "no-file")):
        with pytest.raises(InvalidSpecification) as caught:
            forecast.load(tmp_path / name)
        (fault,) = caught.value.faults
        assert (fault.code, fault.line, caught.value.exit_status) == (code, 0, 3)


def test_the_project_root_is_the_nearest_one(project: Project) -> None:
    """Outside the folder of pyproject.toml or .git nothing is read, whatever links lead there."""
    outside = project.root.parent / "doo.yaml"
    outside.parent.mkdir(parents=True, exist_ok=True)
    outside.write_text(PRIORS)
    text = BASE.replace("../priors/doo.yaml", "../../doo.yaml")
    assert [fault.code for fault in project.faults(text)] == ["path"]
    (project.root / "priors/link.yaml").symlink_to(outside)
    assert [f.code for f in project.faults(BASE.replace("doo.yaml", "link.yaml"))] == ["path"]
    (project.root / "pyproject.toml").unlink()
    (project.root.parent / ".git").mkdir()
    path = project.write("scenarios/s.yaml", text)
    assert forecast.load(path).priors.keys() == {"doo"}


def test_shape_and_meaning_are_told_apart(project: Project) -> None:
    with pytest.raises(InvalidModel):
        project.load(SHARED["uncovered"][0])
    with pytest.raises(InvalidSpecification):
        project.load(SHARED["trap_word"][0])


@pytest.mark.parametrize(
    "body",
    [
        "{type: binary, prior: {cases: {unknown$: likely, otherwise: likly}}}",
        "{type: binary, pior: likely}",
        "{type: binary, prior: [likely]}",
        "{type: binray, prior: likely}",
    ],
)
def test_many_faults_are_told_soon(project: Project, body: str) -> None:
    lines = (f"  n{i}: {body.replace('$', str(i))}\n" for i in range(2000))
    started = time.perf_counter()
    faults = project.faults(BASE.replace("statements:\n", "".join(lines) + "statements:\n"))
    assert 50 <= len(faults) <= 300
    assert time.perf_counter() - started < 5


def test_a_missing_field_is_told_of_beside_an_unsupported_one(project: Project) -> None:
    found = project.faults(BASE.replace("title: T\n", "payoffs: {unit: EUR}\n"))
    assert sorted(fault.code for fault in found) == ["missing", "not-yet-supported"]
