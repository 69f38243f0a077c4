"""Reading: texts and marks, the traps of YAML, hostile files.

Files of `language/bad` are copied literally: BASE with some lines put in or replaced.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path as FilePath
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from forecast.errors import Fault, InvalidSpecification
from forecast.spec import events
from forecast.spec.events import MOST_FAULTS
from forecast.spec.read import LARGEST, Mark, Source, read, read_text

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
"""
BASE = HEAD + "scenarios:\n  a: meeting\n  b: otherwise\n"
MEETING = "  meeting: {type: binary, prior: 30% (15..50)}\n"
TROOPS = "  troops: {type: date, occurs: 40% (20..60), timing: [evenly]}\n"

ALIAS = (
    "anchors and aliases are not used here; name the judgement under `judgements:` and refer to it"
)
COLON = "a colon and a space inside a text: put the text in quotes"
COMMA = "a comma ends a plain text inside { }: quote the text, or write the entry on its own lines"
GREATER = "an expression starts with a name; > at the start of a value begins a folded text"

BAD = {
    "comma_in_flow": (
        BASE.replace("a: meeting", "a: {when: meeting, text: No troops, no visit}"),
        (11, 37, "comma-in-flow", COMMA),
    ),
    "paren_list_in_flow": (
        BASE.replace("a: meeting", "a: {when: delegation in (kim, premier)}"),
        (
            11,
            31,
            "comma-in-flow",
            "a comma ends the expression inside { }; write `delegation is kim|premier`",
        ),
    ),
    "duplicate_key": (
        HEAD + "  meeting: {type: binary, prior: even}\nscenarios:\n  a: meeting\n  b: otherwise\n",
        (10, 3, "duplicate-key", "`meeting` is already defined on line 7"),
    ),
    "space_after_colon": (
        BASE.replace(MEETING, "  meeting: {type: binary, prior: {p:0.3, low:0.2, high:0.5}}\n"),
        (7, 35, "space-after-colon", "a colon needs a space after it: `p: 0.3`"),
    ),
    "hash_in_text": (
        BASE.replace("title: T", "title: Visit #3"),
        (2, 14, "hash-in-text", "everything from # on is a comment; quote the title"),
    ),
    "colon_in_text": (
        BASE.replace("title: T", "title: Kim visits: Moscow"),
        (2, 18, "colon-in-text", COLON),
    ),
    "leading_gt": (BASE.replace("a: meeting", "a: > meeting"), (11, 6, "leading-gt", GREATER)),
    "empty_value": (
        BASE.replace(MEETING, "  meeting: {type: binary, prior:}\n"),
        (7, 32, "empty-value", "nothing after `prior:`"),
    ),
    "alias": (
        BASE.replace(MEETING, "  meeting: {type: binary, prior: &p even}\n").replace(
            TROOPS, "  troops: {type: date, occurs: *p, timing: [evenly]}\n"
        ),
        (8, 32, "alias", ALIAS),
    ),
}

GOOD = {
    "norway": BASE.replace("[kim, premier, none]", "[se, no, true]").replace(
        "{kim: 20%, premier: 30%, none: 50%}", "{se: 20%, no: 30%, true: 50%}"
    ),
    "bare_75": BASE.replace("30% (15..50)", "75 (55..90)"),
    "date_short": BASE.replace("2025-04-08", "2025-4-8"),
    "tie": BASE.replace("a: meeting", "a: troops before visit"),
}
"""Files whose faults, if any, are not for the reader to find."""

TRAPS: list[tuple[str, int, int, str, str]] = [
    # ---------------------------------------------------- commas inside brackets
    ("a: {when: at least 2 of a, b, c}", 1, 26, "comma-in-flow", COMMA),
    ("a: {text: Visit (Kim, Putin) soon, by: x}", 1, 21, "comma-in-flow", COMMA),
    ("a: {text: Kim,\n  Putin, by: x}", 1, 14, "comma-in-flow", COMMA),
    (
        "a: {of: kim in (b, c) or d, by: x}",
        1,
        18,
        "comma-in-flow",
        "a comma ends the expression inside { }; write `kim is b|c or d`",
    ),
    (
        "a: {of: kim not in (b, c)}",
        1,
        22,
        "comma-in-flow",
        "a comma ends the expression inside { }; write `kim is not b|c`",
    ),
    (
        "a: {kim in (b, c): likely, otherwise: even}",
        1,
        14,
        "comma-in-flow",
        "a comma ends the expression inside { }; write `kim is b|c`",
    ),
    (
        "a: {prior: 70% (55, 85)}",
        1,
        19,
        "comma-in-flow",
        "a comma ends the expression inside { }; write `70% (55..85)`",
    ),
    (
        "a: [earliest(b, c), d]",
        1,
        15,
        "comma-in-flow",
        'a comma ends the expression inside [ ]; write it in quotes: `"earliest(b, c)"`',
    ),
    ("a: {kim: 20%, premier}", 1, 15, "empty-value", "nothing after `premier`"),
    ("a: {kim, premier}", 1, 5, "empty-value", "nothing after `kim`"),
    ("a: {b: c}:", 1, 10, "key", "there is no key before this colon"),
    ("a: } b", 1, 4, "bracket", "there is one `}` too many"),
    ("a: [b, , c]", 1, 8, "comma", "nothing stands before this comma"),
    ("a: {b: c\n  d: e}", 2, 3, "comma", "a comma is missing before this, or the `{` of line 1 is never closed"),
    ("a: [{b: c} {d: e}]", 1, 12, "comma", "a comma is missing before this, or a text needs quotes"),
    # ---------------------------------------------------- colons and dashes without a space
    ("a: {x: 1, y:2, z: 3}", 1, 11, "space-after-colon", "a colon needs a space after it: `y: 2`"),
    ("a: {b:[c]}", 1, 5, "space-after-colon", "a colon needs a space after it: `b: [...`"),
    ("a: 1\nprior:70%\nb: 2", 2, 1, "space-after-colon", "a colon needs a space after it: `prior: 70%`"),
    ("prior:70%\nb: 2", 1, 1, "space-after-colon", "a colon needs a space after it: `prior: 70%`"),
    ("a:\n  - id:x\n    date: y", 2, 5, "space-after-colon", "a colon needs a space after it: `id: x`"),
    ("a:\n  p:0.3", 2, 3, "space-after-colon", "a colon needs a space after it: `p: 0.3`"),
    ("forecast:1", 1, 1, "space-after-colon", "a colon needs a space after it: `forecast: 1`"),
    ("a:\n  -b\n  -c", 2, 3, "space-after-dash", "a dash needs a space after it: `- b`"),
    ("a:\n  - {b: c}\n  -{d: e}\n  - {f: g}", 3, 3, "space-after-dash", "a dash needs a space after it: `- {d: e}`"),
    ("a:\n  - b\n  -c", 3, 3, "space-after-dash", "a dash needs a space after it: `- c`"),
    # ---------------------------------------------------- colons inside texts
    ("a: {text: Kim visits: Moscow, b: c}", 1, 21, "colon-in-text", COLON),
    ("text: it goes on\n  and says: no", 2, 11, "colon-in-text", COLON),
    ("title: Kim visits:\na: b", 1, 18, "colon-in-text", COLON),
    # ---------------------------------------------------- signs that begin something else
    ("a: >= 3", 1, 4, "leading-gt", GREATER),
    ("a: >5\nb: c", 1, 4, "leading-gt", GREATER),
    ("a: {b: > 3}", 1, 8, "leading-gt", GREATER),
    ("a:\n  > 3: likely", 2, 3, "leading-gt", GREATER),
    ("text: > Kim", 1, 7, "leading-gt", "after > the text begins on the next line"),
    (
        "a: | b",
        1,
        4,
        "leading-gt",
        "an expression starts with a name; | at the start of a value begins a text of several lines",
    ),
    ("a: %70", 1, 4, "reserved-character", "a text cannot begin with %: put it in quotes"),
    ("a: @kim", 1, 4, "reserved-character", "a text cannot begin with @: put it in quotes"),
    ("a: `X-ray` is b", 1, 4, "reserved-character", "a text cannot begin with `: put it in quotes"),
    ("a: *b* c", 1, 4, "reserved-character", "a text cannot begin with *: put it in quotes"),
    ("a: & b", 1, 4, "reserved-character", "a text cannot begin with &: put it in quotes"),
    ("a: !b!c d", 1, 4, "reserved-character", "a text cannot begin with !: put it in quotes"),
    ("%b: 2", 1, 1, "reserved-character", "a line cannot begin with %: put a text in quotes"),
    ("a: 1\n%b: 2\n", 2, 1, "reserved-character", "a line cannot begin with %: put a text in quotes"),
    ("text: [sic] b\nc: d", 1, 13, "bracket", "nothing can follow a closing bracket on its line"),
    # ---------------------------------------------------- quotes
    ('a: "b\nc: d', 1, 4, "unclosed-quote", "the quotation that begins here is never closed"),
    ('a: {b: "x, c: d}\ne: f', 1, 8, "unclosed-quote", "the quotation that begins here is never closed"),
    ('a: "b\nc: d\ne: "f"', 1, 4, "unclosed-quote", "this quotation ends only on line 3"),
    ("a: 'It's over'", 1, 8, "text-after-quote", "the text goes on after its closing quote"),
    ('a: {b: "Payback" by day}', 1, 17, "text-after-quote", "the text goes on after its closing quote"),
    (r'a: "\d"', 1, 5, "escape", "a backslash inside double quotes begins an escape"),
    # ---------------------------------------------------- brackets
    ("a: {b: c\nd: e", 1, 4, "bracket", "the `{` that begins here is never closed"),
    ("a: [b, c", 1, 4, "bracket", "the `[` that begins here is never closed"),
    ("a: {b: [c}", 1, 10, "bracket", "`}` cannot close a `[`"),
    ("a: {b: c}}\nd: e", 1, 10, "bracket", "there is one `}` too many"),
    ("a: {text: a [b] c}", 1, 13, "bracket", "a [ inside a text: put the text in quotes"),
    # ---------------------------------------------------- indentation
    ("a:\n\tb: 1", 2, 1, "tab", "a tab cannot indent a line: use spaces"),
    ("a:\n  b: 1\n\tc: 2", 3, 1, "tab", "a tab cannot indent a line: use spaces"),
    ("a:\n    b: 1\n  c: 2", 3, 3, "indentation", "the indentation of this line fits no line above"),
    ("title: T\n  as_of: 2025", 2, 3, "indentation", "`as_of` is indented too far: it belongs to the text above"),
    ("a:\n  - b\n  c: d", 3, 3, "indentation", "this line stands in a list, but is no item of it"),
    ("a:\n  c: d\n  - b", 3, 3, "indentation", "a list item cannot stand among the fields of a mapping"),
    ("a: - b", 1, 4, "indentation", "a list cannot begin on the line of its key"),
    ("a: b\nand more\nc: d", 2, 1, "no-colon", "`and more` has no colon"),
    # ---------------------------------------------------- comments
    ("a: {text: Visit #3, b: c}\nd: e", 1, 17, "hash-in-text", "everything from # on is a comment; quote the text"),
    ("title: Visit #3\n  of Kim\nb: c", 1, 14, "hash-in-text", "everything from # on is a comment; quote the text"),
    ("note: Visit #3", 1, 13, "hash-in-text", "everything from # on is a comment; quote the note"),
    ("title: #3 visits", 1, 7, "empty-value", "nothing after `title:`"),
    # ---------------------------------------------------- nothing
    ("a:\n  prior:\n  b: c", 2, 9, "empty-value", "nothing after `prior:`"),
    ("scenarios:\na: b", 1, 11, "empty-value", "nothing after `scenarios:`"),
    ("a: ~", 1, 4, "empty-value", "nothing after `a:`"),
    ("a:\n  -\n  - b", 2, 4, "empty-value", "nothing after `-`"),
    ("a: >-\nb: c", 1, 4, "empty-value", "nothing after `a:`"),
    # ---------------------------------------------------- what is not used here
    ("a: !important b", 1, 4, "tag", "tags such as `!important` are not used here"),
    ("a: !!python/object:os.system {}", 1, 4, "tag", "tags such as `!!python/object:os.system` are not used here"),
    ("a: &x b", 1, 4, "alias", ALIAS),
    ("a: *x", 1, 4, "alias", ALIAS),
    ("*x : b", 1, 1, "alias", ALIAS),
    ("a: &x {b: c}\nd:\n  <<: *x", 3, 3, "merge-key", "merge keys `<<` are not used here: write the fields out"),
    ("a: 1\n---\nb: {c, d}", 2, 1, "documents", "a file holds one document: what follows this line is not read"),
    ("{a: b}\nc: d", 2, 1, "documents", "nothing can follow here: the one value of the file has ended"),
    ("{a: b}: c", 1, 1, "key", "a key must be a word, or a text in quotes"),
    ("? [a, b]\n: c", 1, 3, "key", "a key must be a word, or a text in quotes"),
    ("{: b}", 1, 2, "key", "there is no key before this colon"),
    (f"{'k' * 1100}: a", 1, 1, "key", "a key may have at most 1,024 characters"),
    # ---------------------------------------------------- characters
    ("a: b\x1b[31m", 1, 5, "control-character", "a control character (U+001B) cannot stand in a text"),
    ("a: b\u2028c\nd: e", 1, 5, "control-character", "an invisible character (U+2028) cannot stand in a text"),
    ("a: 1\nb:\u00a02", 2, 3, "control-character", "a non-breaking space (U+00A0) stands where a plain space belongs"),
    ("a: \ud800", 1, 4, "control-character", "an invisible character (U+D800) cannot stand in a text"),
]  # fmt: skip


def faults_of(text: str) -> tuple[Fault, ...]:
    try:
        return read_text(text, "x.yaml").faults
    except InvalidSpecification as error:
        return error.faults


def told(text: str) -> list[tuple[int, int, str, str]]:
    return [(fault.line, fault.column, fault.code, fault.text) for fault in faults_of(text)]


def refusal(text: str) -> Fault:
    with pytest.raises(InvalidSpecification) as caught:
        read_text(text, "x.yaml")
    return caught.value.faults[-1]


def seconds(act: Callable[[], object]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start


def paths_of(data: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    below = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    return [path, *(p for part, value in below for p in paths_of(value, (*path, part)))]


# ------------------------------------------------------------------------- data and marks


def test_every_scalar_is_text() -> None:
    text = "a: no\nb: null\nc: 1.10\nd: 010\ne: true\nf: 2025-04-08\ng: ''\nh: \"~\"\non: 1e3\n'<<': h\n"
    expected = {"a": "no", "b": "null", "c": "1.10", "d": "010", "e": "true", "f": "2025-04-08"}
    source = read_text(text, "x.yaml")
    assert source.data == expected | {"g": "", "h": "~", "on": "1e3", "<<": "h"}
    assert source.faults == ()


def test_keys_and_values_have_marks() -> None:
    source = read_text("# c\na:\n  - b\n  - {c: d, 'e f': [g]}\n", "x.yaml")
    assert source.data == {"a": ["b", {"c": "d", "e f": ["g"]}]}
    assert source.keys == {("a",): (2, 1), ("a", 1, "c"): (4, 6), ("a", 1, "e f"): (4, 12)}
    assert source.values["a",] == (3, 3)
    assert source.values["a", 1, "e f", 0] == (4, 20)


def test_mark_falls_back_to_what_is_around() -> None:
    source = read_text("\n\na:\n  b: c\n", "x.yaml")
    assert source.mark(()) == source.mark(("z",)) == Mark(1, 1)
    assert source.mark(("a", "b")) == Mark(4, 6)
    assert source.mark(("a", "b"), key=True) == Mark(4, 3)
    assert source.mark(("a", "b", "x", 0)) == Mark(4, 6)
    assert source.mark(("a", "x"), key=True) == Mark(3, 1)


def test_fault_stands_at_its_path() -> None:
    fault = read_text("a:\n  b: c\n", "x.yaml").fault(("a", "b"), "code", "text", "fix", key=True)
    assert fault == Fault("x.yaml", 2, 3, ("a", "b"), "code", "text", "fix", "error")


@pytest.mark.parametrize("text", ["a: é\r\nb: [c]\r\n", "\ufeffa: é\nb: [c]\n", "a: é\rb: [c]"])
def test_byte_order_mark_and_line_ends(text: str) -> None:
    source = read_text(text, "x.yaml")
    assert source.data == {"a": "é", "b": ["c"]}
    assert source.values["b", 0] == (2, 5)
    assert source.lines[:2] == ("a: é", "b: [c]")


def test_lines_hold_no_control_characters() -> None:
    assert read_text("a: b\x1b[31mc", "x.yaml").lines[0] == "a: b\ufffd[31mc"


@pytest.mark.parametrize(
    "text",
    [
        "as_of: 2025-04-08                 # windows begin the day after\n",
        "title: Visit  # three\n",
        "only_if: visit #3 is no text field\n",
        "text: >-\n  Kim visits: Moscow #3\n",
        "note: https://x.org/a:b#c\n",
        "a: {text: 'No troops, no visit', says: doo.trip}\n",
        "a: [earliest(b), {c: d}]\nb:\n- c\n- -5\n",
        "where: http://x.org\nat:\n  http://x.org\n",
        "text:\n  NHK:decision made\n",
        "---\na: b\n...\n",
        "a: {text: odd :( face, by: x}\n",
        "a: []\nb: {}\nc: ''\n",
        "a:\n  -> b\nc:\n  -.5\n",
    ],
)
def test_what_is_no_trap(text: str) -> None:
    assert told(text) == []


# ------------------------------------------------------------------------- traps


@pytest.mark.parametrize("name", BAD)
def test_bad_files(name: str) -> None:
    text, fault = BAD[name]
    assert told(text) == [fault]
    severity = "warning" if name == "hash_in_text" else "error"
    assert [f.severity for f in faults_of(text)] == [severity]


@pytest.mark.parametrize("name", GOOD)
def test_files_that_read_well(name: str) -> None:
    assert told(GOOD[name]) == []


@pytest.mark.parametrize(("text", "line", "column", "code", "message"), TRAPS)
def test_traps(text: str, line: int, column: int, code: str, message: str) -> None:
    assert told(text) == [(line, column, code, message)]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("comma_in_flow", ("scenarios", "a", "text")),
        ("paren_list_in_flow", ("scenarios", "a", "when")),
        ("duplicate_key", ("questions", "meeting")),
        ("space_after_colon", ("questions", "meeting", "prior")),
        ("colon_in_text", ("title",)),
        ("leading_gt", ("scenarios", "a")),
        ("empty_value", ("questions", "meeting", "prior")),
        ("alias", ("questions", "troops", "occurs")),
    ],
)
def test_path_tells_which_value_is_spoilt(name: str, path: tuple[str, ...]) -> None:
    assert faults_of(BAD[name][0])[0].path == path


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: {when: b, text: No troops, no visit}", {"a": {"when": "b", "text": "No troops, no visit"}}),
        ("a: {when: d in (b, c), by: e}", {"a": {"when": "d is b|c", "by": "e"}}),
        ("a: {d in (b, c): e, f: g}", {"a": {"f": "g"}}),
        ("a: [f(b, c), d]", {"a": ["f(b, c)", "d"]}),
        ("a: {p:0.3, low: 0.2}", {"a": {"low": "0.2"}}),
        ("a: {b: c, prior:}", {"a": {"b": "c", "prior": ""}}),
        ("a: b\na: {c: d}\ne: f", {"a": "b", "e": "f"}),
        ("<<: {a: b}\nc: d", {"c": "d"}),
        ("? {a: b}\n: {c: d}\ne: f", {"e": "f"}),
        ("a: 1\nprior:70%\nb: 2", {"a": "1", "prior": "70%", "b": "2"}),
    ],
)  # fmt: skip
def test_data_behind_a_trap(text: str, data: Any) -> None:
    assert read_text(text, "x.yaml").data == data


def test_all_faults_in_one_report() -> None:
    text = 'a: "x" y\nb: c: d\nc: @x\nd: {e: > 3}\na: 2\nf:\ng: {h:1}\ni: {j: "k}\nl: [m, n:o]\n'
    lines = [(line, code) for line, _, code, _ in told(text)]
    assert lines == [
        (1, "text-after-quote"),
        (2, "colon-in-text"),
        (3, "reserved-character"),
        (4, "leading-gt"),
        (5, "duplicate-key"),
        (6, "empty-value"),
        (7, "space-after-colon"),
        (8, "unclosed-quote"),
    ]


def test_marks_behind_a_mended_place_are_those_of_the_author() -> None:
    source = read_text("a: {b:[c], prior:, d: e}\n", "x.yaml")
    assert source.data == {"a": {"b": ["c"], "prior": "", "d": "e"}}
    assert source.keys["a", "d"] == (1, 20)
    assert source.values["a", "d"] == (1, 23)


def test_faults_come_in_the_order_of_the_file() -> None:
    places = [place[:2] for place in told("a: &x b\nc:\nd: e: f\ng: {h, i}\n")]
    assert places == sorted(places)
    assert len(places) == 4


def test_syntax_error_keeps_what_was_found_before() -> None:
    text = "a: ~\nb: c: d\n" + "\n" * 9 + "e: [f\n"
    assert [code for _, _, code, _ in told(text)] == ["empty-value", "colon-in-text", "bracket"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("a:\n  b: c\n  @d:\n    e: f\n g: h\n", ["reserved-character"]),
        ("a:\n  b:\n  c: d\n  e:\n  c: f\n", ["empty-value", "empty-value"]),
        ("a: &b\nc: d\n", ["alias"]),
        ('a: "b: c, d\n', ["unclosed-quote"]),
        ("a: {when: b, text: No c, no d, no e, no f}\n", ["comma-in-flow"]),
        ("a: {p:0.3, q:0.2, r:0.1}\n", ["space-after-colon"]),
        ("a: {x: y, b, c, d: e, f, g}\n", ["empty-value", "empty-value"]),
        ('a: {text: "b, c, d: e}\n', ["unclosed-quote"]),
        ("use: (    # alias\n  b: c\n", ["indentation"]),
        ("a: &x {b: c}\nd: {<<: *x}\n", ["merge-key"]),
        ("a: {b: c}\na: {b: c, b: d, e, f:1}\n", ["duplicate-key"]),
    ],
)
def test_no_noise_behind_a_trap(text: str, codes: list[str]) -> None:
    assert [code for _, _, code, _ in told(text)] == codes


def test_without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_LOADER", yaml.BaseLoader)
    for name in BAD.keys() - {"empty_value", "space_after_colon"}:
        text, fault = BAD[name]
        assert told(text) == [fault], name
    assert read_text(GOOD["norway"], "x.yaml").data["questions"]["delegation"]["states"] == [
        "se",
        "no",
        "true",
    ]


# ------------------------------------------------------------------------- files


def test_reads_a_file_under_the_name_given(
    tmp_path: FilePath, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.yaml").write_bytes(b"\xef\xbb\xbftitle: caf\xc3\xa9\r\n")
    monkeypatch.chdir(tmp_path)
    assert read("x.yaml").data == read(FilePath("x.yaml")).data == {"title": "café"}
    assert read("./x.yaml").file == "./x.yaml"


@pytest.mark.parametrize(
    ("content", "code", "text", "fix"),
    [
        (None, "no-file", "there is no such file", "did you mean `scenario.yaml`?"),
        (b"", "empty-file", "this file is empty", ""),
        (b"# only a comment\n", "empty-file", "this file is empty", ""),
        (b"a: b\0c", "binary", "this is not a text file", ""),
        (b"a: b\nc: caf\xe9", "encoding", "this file is not UTF-8: byte 0xE9 on line 2", "save it as UTF-8"),
        ("a: b".encode("utf-16"), "encoding", "this file is in UTF-16", "save it as UTF-8"),
        (b"a: " + "é".encode() * (LARGEST // 2), "too-large", "this file is larger than 12 MB", ""),
    ],
)  # fmt: skip
def test_files_of_which_nothing_can_be_made(
    content: bytes | None, code: str, text: str, fix: str, tmp_path: FilePath
) -> None:
    (tmp_path / "scenario.yaml").write_text("a: b\n")
    path = tmp_path / "scenaro.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InvalidSpecification) as caught:
        read(path)
    assert caught.value.faults == (Fault(str(path), 0, 0, (), code, text, fix),)


def test_directory_and_impossible_names(tmp_path: FilePath) -> None:
    with pytest.raises(InvalidSpecification, match="this is a directory, not a file"):
        read(tmp_path)
    with pytest.raises(InvalidSpecification, match="there is no such file"):
        read("a\0b.yaml")
    with pytest.raises(InvalidSpecification, match="cannot be read: file name too long"):
        read(tmp_path / ("x" * 300))


# ------------------------------------------------------------------------- bounds


def test_depth_is_bounded() -> None:
    assert read_text("[" * 40 + "]" * 40, "x.yaml").faults == ()
    for text in ("[" * 41 + "]" * 41, "- " * 41 + "a", "? [a]\n: " + "[" * 60):
        assert refusal(text).code == "too-deep"


def test_number_of_faults_is_bounded() -> None:
    assert len(faults_of("a: {b:1}\n" + "a: b\n" * 500)) == MOST_FAULTS
    assert len(faults_of("\a\n" * 500)) == MOST_FAULTS


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 100_000,
        "a: " + "{b: " * 100_000,
        "[" + "a," * 1_990_000,
        "[" + "a (," * 990_000,
        "{text: a" + ", b" * 1_300_000,
        "{" * LARGEST,
        "- " * (LARGEST // 2),
        '"' + "\n" * (LARGEST - 1),
        "a: b: c\n" * 60_000,
        "\a\n" * (LARGEST // 2),
        "a: b\n" * (LARGEST // 5),
        "---\n" * (LARGEST // 4),
        "".join(f"%TAG !a{i}! x\n" for i in range(150_000)),
        "".join(f"a{i}: &a{i} x\n" for i in range(100_000)),
        "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 40)),
        "x" * (LARGEST + 1),
    ],
    ids=lambda text: text[:12].encode("unicode_escape").decode(),
)  # fmt: skip
def test_hostile_texts_are_answered_soon(text: str) -> None:
    assert seconds(lambda: refusal(text)) < 2


def test_a_long_file_is_read_soon() -> None:
    question = """\
  visit_{}:                          # Q02
    text: First day on which Kim Jong Un is physically in Russia
    type: date
    occurs: {{cases: {{preparation: 62% (42..80), otherwise: 12% (4..26)}}}}
    timing:
      - {{between: 2025-05-06..2025-05-09, share: 22% (7..45)}}
      - evenly
    sources: [KCNA, Kremlin]
"""
    text = "questions:\n" + "".join(question.format(i) for i in range(680))
    assert len(text) > 200 * 1024
    ours = min(seconds(lambda: read_text(text, "x.yaml")) for _ in range(5))
    libyaml = min(
        seconds(lambda: list(yaml.parse(text, Loader=yaml.CBaseLoader))) for _ in range(5)
    )
    assert ours < 6 * libyaml  # on a quiet machine 0.06 s against 0.025 s


def test_import_is_light() -> None:
    code = "import sys, forecast.spec.read; print({'numpy', 'pydantic'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


# ------------------------------------------------------------------------- anything at all

PIECES = st.sampled_from(
    [*"abc:,#-?!&*|>%@`'\"{}[]() \n\t~\\", "\n  ", "\n- ", ": ", ", ", " #", "a: ", "{a: ", "[b, ", "<<: ",
     "(c, d)", "---\n", "...\n", "text: ", "\u00a0", "\u2028", "\x00", "\ufeff", "\r", "é", "😀", "\ud800"]
)  # fmt: skip


@given(st.text(alphabet=st.characters()) | st.lists(PIECES, max_size=60).map("".join))
@example("? a")
@example("{a: b, ? c")
@example("a: {b: 'c', (d, e), f}")
def test_any_text_is_read_or_refused(text: str) -> None:
    source = None
    with contextlib.suppress(InvalidSpecification):
        source = read_text(text, "x.yaml")
    if source is None:
        assert faults_of(text)
    else:
        check(source)


def check(source: Source) -> None:
    paths = paths_of(source.data)
    assert set(source.values) == set(paths)
    assert set(source.keys) == {path for path in paths if path and isinstance(path[-1], str)}
    for path in paths:
        value: Any = source.data
        for part in path:
            value = value[part]
        assert type(value) in (dict, list, str)
    places = [(fault.line, fault.column) for fault in source.faults]
    for line, column in [*source.keys.values(), *source.values.values(), *places]:
        assert 1 <= line <= len(source.lines)
        assert 1 <= column <= len(source.lines[line - 1]) + 1


# Categories C and Z: what may not stand in a file, or (a non-breaking space) not just anywhere.
PROSE = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1)
TREES = st.recursive(
    PROSE, lambda inner: st.lists(inner) | st.dictionaries(PROSE, inner), max_leaves=20
)


@given(TREES, st.booleans())
def test_what_was_written_is_read(data: Any, flow: bool) -> None:
    text = yaml.safe_dump(data, default_flow_style=flow, default_style='"', allow_unicode=True)
    source = read_text(text, "x.yaml")
    assert source.data == data
    assert source.faults == ()
