"""Reading BIF: what the flavours of the format say, and what is told of a file that is broken."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from oracle import loaded
from reading import NIGHT_WATCH, faults_of, net_of, tables

from forecast.errors import InvalidFile
from forecast.interop.bif import MOST_FAULTS, read_bif

HEAD = """network n { }
variable a { type discrete [ 2 ] { y, n }; }
variable b { type discrete [ 3 ] { u, v, w }; }
"""
ROOT = "probability ( a ) { table 0.2, 0.8; }\n"
ROWS = {"y": [0.1, 0.2, 0.7], "n": [0.3, 0.3, 0.4]}


# ------------------------------------------------------------------------- what is read


@pytest.mark.parametrize(
    "block",
    [
        "probability ( b | a ) { (y) 0.1, 0.2, 0.7; (n) 0.3, 0.3, 0.4; }",
        "probability ( b | a ) { (n) 0.3, 0.3, 0.4; (y) 0.1, 0.2, 0.7; }",
        "probability(b|a){(y)0.1,0.2,0.7;(n)0.3,0.3,0.4;};",
        'probability ( "b" "a" ) { ("y") 0.1 0.2 0.7; ("n") 0.3 0.3 0.4; }',
        "PROBABILITY ( b | a ) {\n\t(y)\n.1,\n.2 ,.7;\n(n) 3e-1 3E-01 +.4 ; }",
        "probability ( b | a ) { (y) 0.1, 0.2, /* no ; here */ 0.7; // (y) 1, 0, 0;\n (n) 0.3, 0.3, 0.4; }",
        "probability ( b | a ) { default 0.3, 0.3, 0.4; (y) 0.1, 0.2, 0.7; }",
        "probability ( b | a ) { (y) 0.1, 0.2, 0.7; default 0.3, 0.3, 0.4; property x = 1; }",
        # Interchange Format 0.15: the variable itself changes slowest.
        "probability ( b | a ) { table 0.1 0.3 0.2 0.3 0.7 0.4; }",
    ],
)  # fmt: skip
def test_one_table_in_many_hands(block: str) -> None:
    found = tables(net_of(HEAD + ROOT + block))
    assert found["a"] == ((), ("y", "n"), [[0.2, 0.8]])
    parents, states, rows = found["b"]
    assert (parents, states) == (("a",), ("u", "v", "w"))
    assert rows == [pytest.approx(ROWS["y"]), pytest.approx(ROWS["n"])]


def test_the_order_of_a_table_is_that_of_pyagrum(tmp_path: Path) -> None:
    path = tmp_path / "x.bif"
    table = "probability ( b | a ) { table 0.1, 0.3, 0.2, 0.3, 0.7, 0.4; }\n"
    path.write_text(HEAD + ROOT + table)
    theirs = loaded(path)
    for state, row in ROWS.items():
        assert list(theirs.cpt("b")[{"a": state}]) == pytest.approx(row, abs=1e-6)  # float32


def test_the_last_parent_is_the_fastest() -> None:
    text = """
    variable c { type discrete [ 2 ] { p, q }; }
    variable d { type discrete [ 2 ] { s, t }; }
    probability ( c ) { table 1, 0; }
    probability ( a ) { table 1, 0; }
    probability ( b ) { table 1, 0, 0; }
    probability ( d | c, b ) {
      (p, u) 1, 0; (q, w) 0.4, 0.6; (p, w) 0.8, 0.2; (q, u) 0.6, 0.4; (q, v) 0.5, 0.5; (p, v) 0.9, 0.1;
    }
    """
    parents, _, rows = tables(net_of(HEAD + text))["d"]
    assert parents == ("c", "b")
    assert [row[0] for row in rows] == [1, 0.9, 0.8, 0.6, 0.5, 0.4]


def test_names_may_hold_what_they_like() -> None:
    net, _ = read_bif(NIGHT_WATCH)
    assert net.name == "night watch"
    assert tables(net) == {
        "fever > 39": (("infection/type-2",), ("yes", "no"), [[0.05, 0.95], [0.3, 0.7], [0.8, 0.2]]),
        "infection/type-2": ((), ("none", "<5", "5-12.5"), [pytest.approx([0.7, 0.2, 0.1])]),
        "24h_rounds": ((), ("done", "left-out"), [[0.9, 0.1]]),
        "alarm": (
            ("fever > 39", "24h_rounds"),
            ("silent", "short", "long"),
            [
                pytest.approx([0.1, 0.2, 0.7]),
                pytest.approx([0.4, 0.3, 0.3]),
                pytest.approx([0.9, 0.06, 0.04]),
                pytest.approx([0.95, 0.03, 0.02]),
            ],
        ),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        ("0.3333333 0.3333333 0.3333333", [1 / 3] * 3),  # barley
        ("0.333 0.333 0.333", [1 / 3] * 3),
        ("0.16667 0.33333 0.50001", [0.16667 / 1.00001, 0.33333 / 1.00001, 0.50001 / 1.00001]),
        ("1 0 1e-7", [1 / (1 + 1e-7), 0, 1e-7 / (1 + 1e-7)]),
    ],
)
def test_rounding_is_scaled_away(row: str, wanted: list[float]) -> None:
    text = HEAD + ROOT + f"probability ( b ) {{ table {row}; }}"
    assert tables(net_of(text))["b"][2] == [pytest.approx(wanted, abs=1e-15)]


# ------------------------------------------------------------------------- what is refused

GOOD_B = "probability ( b ) { table 0.2, 0.3, 0.5; }"


@pytest.mark.parametrize(
    ("text", "place", "code", "said", "fix"),
    [
        (HEAD + ROOT + "probability ( b | aa ) { table 1 0 0; }", (5, 19), "unknown-variable", "there is no variable `aa`", "did you mean `a`?"),
        (HEAD + ROOT + GOOD_B + "\nprobability ( bb ) { table 1 0; }", (6, 15), "unknown-variable", "there is no variable `bb`", "did you mean `b`?"),
        (HEAD + ROOT, (3, 10), "missing", "`b` has no probability block", "write probability ( b )"),
        (HEAD + ROOT + GOOD_B + "\n" + ROOT, (6, 15), "duplicate-key", "`a` has its probabilities on line 4 already", "keep one"),
        (HEAD + "variable a { type discrete [ 1 ] { y }; }\n" + ROOT + GOOD_B, (4, 10), "duplicate-key", "`a` is already defined on line 2", "rename one"),
        (HEAD + ROOT + "probability ( b | a ) { (y) 1, 0, 0; }", (5, 15), "row-missing", "`b` has no row for a is n", "`default`"),
        (HEAD + ROOT + "probability ( b | a ) { (y) 1, 0, 0; (n) 1, 0, 0; (y) 0, 1, 0; }", (5, 51), "duplicate-key", "the row for a is y stands on line 5 already", "keep one"),
        (HEAD + ROOT + "probability ( b | a ) { (y) 1, 0, 0; (nn) 1, 0, 0; default 0 0 1; }", (5, 38), "unknown-state", "`a` has no state `nn`", "did you mean `n`?"),
        (HEAD + ROOT + "probability ( b | a ) { (y, y) 1, 0, 0; default 0 0 1; }", (5, 25), "table-shape", "this row names 2 states; `b` has 1 parents", ""),
        (HEAD + ROOT + "probability ( b | a ) { (y) 1, 0; (n) 0, 0, 1; }", (5, 25), "table-shape", "`b`: this row has 2 numbers for 3 states (a is y)", "write one for each state"),
        (HEAD + ROOT + "probability ( b | a ) { table 1 0 0; }", (5, 25), "table-shape", "3 numbers for `b`, not 6", "3 states for each of 2"),
        (HEAD + ROOT + "probability ( b ) { table 0.2 0.3 0.4; }", (5, 21), "shares-sum", "`b`: this row sums to 0.9", "rescale it to 0.222222 0.333333 0.444444"),
        (HEAD + ROOT + "probability ( b ) { table 0.3 0.3 0.3; }", (5, 21), "shares-sum", "`b`: this row sums to 0.9", "rescale"),
        (HEAD + ROOT + "probability ( b ) { table -0.2 0.3 0.9; }", (5, 21), "value", "`-0.2` is no chance", "between 0 and 1"),
        (HEAD + ROOT + "probability ( b ) { table nan 0.3 0.7; }", (5, 21), "value", "`nan` is no number", "0.25"),
        (HEAD + ROOT + "probability ( b ) { table 0_1 0.3 0.6; }", (5, 21), "value", "`0_1` is no number", "0.25"),
        (HEAD + ROOT + "probability ( b | a, a ) { default 1 0 0; }", (5, 22), "duplicate-key", "`a` is named twice", ""),
        (HEAD + ROOT + "probability ( b | b ) { default 1 0 0; }", (3, 10), "cycle", "b depends on itself", "which of them comes first"),
        (HEAD + "probability ( a | b ) { default 1 0; }\nprobability ( b | a ) { default 1 0 0; }", (2, 10), "cycle", "a and b depend on each other: a -> b -> a", "which"),
        (HEAD.replace("[ 3 ]", "[ 4 ]") + ROOT + GOOD_B, (3, 30), "states", "4 states are announced, but 3 listed", ""),
        (HEAD.replace("v, w", "u, w") + ROOT + GOOD_B, (3, 39), "duplicate-key", "`u` is named twice", ""),
        (HEAD.replace("v, w", "void, w") + ROOT + GOOD_B, (3, 39), "reserved-name", "a state cannot be called `void`", "something else"),
        ('network n { }\nvariable "a`b" { type discrete [ 1 ] { y }; }\nprobability ( "a`b" ) { table 1; }', (2, 10), "reserved-name", "backquote", "something else"),
        (HEAD.replace("type discrete [ 2 ] { y, n };", "") + ROOT + GOOD_B, (2, 10), "missing", "`a` has no states", "type discrete"),
        (HEAD.replace("discrete [ 2 ]", "continuous [ 2 ]") + ROOT + GOOD_B, (2, 19), "not-yet-supported", "`type continuous` is not supported", ""),
        (HEAD.replace("variable a", "varable a") + ROOT + GOOD_B, (2, 1), "syntax", "`varable` begins no block", "did you mean `variable`?"),
        (HEAD + ROOT + "probability ( b ) { tabel 1 0 0; }", (5, 21), "syntax", "`tabel` cannot stand here", "did you mean `table`?"),
        (HEAD + ROOT + "probability ( b ) { table 1 0 0 }", (5, 33), "syntax", "a `;` is missing before `}`", ""),
        (HEAD + ROOT + "probability ( b | , a ) { default 1 0 0; }", (5, 19), "syntax", "a `)` is missing before `,`", ""),
        (HEAD + ROOT + "probability ( b ) { table 1 0 0; table 1 0 0; }", (5, 34), "duplicate-key", "`table` stands here twice", "keep one"),
        (HEAD + ROOT + "/* probability ( b )", (5, 1), "comment", "is never closed", ""),
        (HEAD + ROOT + 'probability ( "b ) { table 1 0 0; }', (5, 15), "unclosed-quote", "is never closed", ""),
        (HEAD + ROOT + "probability ( b ) {", (5, 20), "truncated", "the file ends within the probability block of `b`", ""),
        ("", (0, 0), "empty-file", "this file holds no variables", ""),
        ("network n { }", (0, 0), "empty-file", "this file holds no variables", ""),
        ("forecast: 1\ntitle: T\n", (1, 1), "syntax", "`forecast:` begins no block", "network, variable and probability blocks"),
    ],
)  # fmt: skip
def test_faults(text: str, place: tuple[int, int], code: str, said: str, fix: str) -> None:
    (fault,) = faults_of(text)
    assert (fault.line, fault.column) == place
    assert fault.code == code
    assert said in fault.text
    assert fix in fault.fix


def test_all_faults_of_a_file_are_told_at_once() -> None:
    text = """network n { }
variable a { type discrete [ 3 ] { y, n }; }
variable b { type discret [ 2 ] { y, n }; }
variable c { type discrete [ 2 ] { y, n }; }
probability ( a ) { table 0.2, 0.7; }
probability ( c | a ) { (y) 1, 0; (no) 0, 1; (n) 0.5; }
"""
    assert [(f.line, f.code) for f in faults_of(text)] == [
        (2, "states"),
        (3, "not-yet-supported"),
        (5, "shares-sum"),
        (6, "unknown-state"),
        (6, "table-shape"),
    ]


def test_a_file_cut_off_anywhere_is_refused_where_it_ends() -> None:
    text = NIGHT_WATCH.read_text("utf-8")
    end = len(text.rstrip())
    for length in range(end):
        (fault, *_) = faults_of(text[:length])
        assert fault.text
    assert net_of(text[:end]).name == "night watch"


def test_the_number_of_faults_is_bounded() -> None:
    unknown = "".join(f"probability ( x{i} ) {{ table 1; }}\n" for i in range(1000))
    assert len(faults_of(HEAD + ROOT + GOOD_B + unknown)) == MOST_FAULTS
    assert len(faults_of(HEAD + "variable { }\n" * 1000)) <= MOST_FAULTS


HOSTILE = [
    "{" * 100_000,
    "variable x { type discrete [ 2 ] { " + "a, " * 1_000_000,
    "variable x { type discrete [ 2 ] { " + ", ".join(f"s{i}" for i in range(500_000)) + " }; }",
    HEAD + "probability ( b | a ) { " + "(y) 1, 0, 0; " * 300_000 + "}",
    HEAD + "probability ( b | a ) { " + "(" * 1_000_000,
    HEAD + "probability ( b | a ) { " + "(y) 1, 0 " * 300_000,
    HEAD + ROOT + "probability ( b ) { table " + "0.1 " * 1_000_000 + "; }",
    HEAD + ROOT + "probability ( " + "x" * 1_000_000 + " ) { table 1; }",
    HEAD + "/*" * 1_000_000,
    HEAD + "// " + "x" * 4_000_000,
    '"' * 1_000_000,
    "property " * 300_000,
    HEAD + "variable c { " + "property x; " * 100_000,
    "".join(f"variable v{i} {{ type discrete [ 1 ] {{ y }}; }}\n" for i in range(30_000)),
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_are_answered_soon(text: str) -> None:
    start = time.process_time()
    with pytest.raises(InvalidFile):
        net_of(text)
    assert time.process_time() - start < 3
