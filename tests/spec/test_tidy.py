"""Tidying: the same data, the same comments, one layout."""

from __future__ import annotations

import difflib
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from spoiling import SMALL, projects, spoilt
from writing import BASE, PRIORS

from forecast.errors import InvalidSpecification
from forecast.spec.order import NAMED
from forecast.spec.read import read_text
from forecast.spec.tidy import tidied

ROOT = Path(__file__).parents[2]
SHIPPED = [
    path
    for folder in ("scenarios", "priors", "lexicons", "forecast/lexicons")
    for path in sorted((ROOT / folder).glob("*.yaml"))
]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_shipped_files_are_tidy(path: Path) -> None:
    text = path.read_text("utf-8")
    lines = difflib.unified_diff(text.splitlines(), tidied(text, "x").splitlines(), lineterm="")
    assert not list(lines), f"run: uv run forecast fmt {path.relative_to(ROOT)}"


def test_order_moves_fields_with_their_comments() -> None:
    before = """\
# about the file
title: T     # beside
questions:

  # about b
  b:
    # about its chance
    prior: likely
      # deeper, so still about its chance
    text: t
    type: binary
  # about a
  a: {prior: even, type: binary}
# about the language
forecast: 1
"""
    assert (
        tidied(before, "x")
        == """\
# about the file
# about the language
forecast: 1
title: T     # beside
questions:

  # about b
  b:
    text: t
    type: binary
    # about its chance
    prior: likely
      # deeper, so still about its chance
  # about a
  a: {type: binary, prior: even}
"""
    )


def test_order_of_names_and_rows_is_left_alone() -> None:
    text = """\
forecast: 1
questions:
  z:
    type: binary
    prior:
      cases:
        text: 20%
        by: 30%
        otherwise: 10%
  text: {type: binary, prior: {odds: {worth: x2, base: x3}, base: 10%}}
  by: {type: categorical, states: [worth, base], prior: {shares: {worth: 1, base: 0}}}
scenarios:
  z: z
  a: otherwise
variants:
  v: {set: {questions.z: {prior: 1%, type: binary}}}
"""
    assert tidied(text, "x") == text.replace(
        "{odds: {worth: x2, base: x3}, base: 10%}", "{base: 10%, odds: {worth: x2, base: x3}}"
    )


def test_the_first_field_of_an_item_changes_places() -> None:
    before = """\
evidence:
  # the first
  -   text: t
      # its name
      id: a
      source: >-
        folded
        text
      date: 2025-04-01
  - {text: t, id: b}
"""
    assert (
        tidied(before, "x")
        == """\
evidence:
# the first
# its name
- id: a
  date: 2025-04-01
  text: t
  source: >-
    folded
    text
- {id: b, text: t}
"""
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("'T'", "T"),
        ('"a b"', "a b"),
        ("'no'", '"no"'),
        ('"1.10"', '"1.10"'),
        ("'2025-04-08'", '"2025-04-08"'),
        ("'a: b'", '"a: b"'),
        ("'a #b'", '"a #b"'),
        ("'it''s'", "it's"),
        ("'say \"x\": y'", "'say \"x\": y'"),
        (r'"tab\there"', r'"tab\there"'),
        ("'> 1'", '"> 1"'),
        ("'`x` is'", '"`x` is"'),
        ("' a'", '" a"'),
        ("''", '""'),
        ("'귀환'", "귀환"),
    ],
)
def test_quotes(before: str, after: str) -> None:
    assert tidied(f"title: {before}\n", "x") == f"title: {after}\n"


def test_quotes_in_flow() -> None:
    text = "scenarios: {a: 'x, y', b: 'x [y]', c: 'x y', 'd e': \"f:g\"}\n"
    assert tidied(text, "x") == 'scenarios: {a: "x, y", b: "x [y]", c: x y, d e: "f:g"}\n'


def test_texts_of_many_lines_keep_their_breaks_and_spaces() -> None:
    text = "about: |2\n    a  \n   # no comment\n\n\ntitle: 'a\n\n  b'\n"
    out = tidied(text, "x")
    assert read_text(out, "x").data == read_text(text, "x").data
    assert "    a  \n" in out


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_other_systems(end: str) -> None:
    assert tidied(f"title: T{end}forecast: 1{end}", "x") == "forecast: 1\ntitle: T\n"


def test_what_cannot_be_read_is_refused() -> None:
    with pytest.raises(InvalidSpecification, match="a comma ends"):
        tidied("scenarios: {a: {text: one, two}}\n", "x.yaml")


# ------------------------------------------------------------------ any layout of some data

PLAIN_IN_FLOW = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ .%()-")


class Layout:
    """Writes data as YAML in a random layout."""

    def __init__(self, seed: int, comments: bool) -> None:
        self.dice = random.Random(seed)
        self.comments = comments

    def scalar(self, text: str) -> str:
        safe = (
            bool(text) and set(text) <= PLAIN_IN_FLOW and text == text.strip() and text[0].isalnum()
        )
        # Quotes around what others take for a number or a truth value stay as they are.
        bare = safe and (not text[0].isalpha() or text in ("no", "n", "y"))
        if bare or (safe and self.dice.random() < 0.6):
            return text
        return f'"{text}"' if "'" in text or self.dice.random() < 0.5 else f"'{text}'"

    def remark(self, indent: int) -> list[str]:
        if not self.comments or self.dice.random() < 0.7:
            return []
        return [
            " " * indent + f"# remark {self.dice.randrange(100)}",
            *[""] * self.dice.randrange(2),
        ]

    def lines(self, data: Any, indent: int, named: bool = False) -> list[str]:
        out: list[str] = []
        if isinstance(data, list):
            for value in data:
                out += self.remark(indent)
                if isinstance(value, str):
                    out.append(" " * indent + "- " + self.scalar(value))
                else:
                    gap = self.dice.randrange(1, 4)
                    inner = self.lines(value, indent + 1 + gap)
                    first = next(
                        i
                        for i, line in enumerate(inner)
                        if line.strip() and not line.lstrip().startswith("#")
                    )
                    out += [line for line in inner[:first] if self.comments]
                    out += [
                        " " * indent + "-" + " " * gap + inner[first].lstrip(),
                        *inner[first + 1 :],
                    ]
            return out
        keys = list(data)
        if not named:
            self.dice.shuffle(keys)
        for key in keys:
            value = data[key]
            out += self.remark(indent)
            if isinstance(value, str):
                out.append(" " * indent + f"{self.scalar(key)}: {self.scalar(value)}")
            elif not value:
                out.append(
                    " " * indent
                    + f"{self.scalar(key)}: {'[]' if isinstance(value, list) else '{}'}"
                )
            else:
                out.append(" " * indent + f"{self.scalar(key)}:")
                step = self.dice.randrange(0 if isinstance(value, list) else 1, 5)
                out += self.lines(value, indent + step, not named and key in NAMED)
        return out

    def __call__(self, data: Any) -> str:
        return "\n".join(self.lines(data, 0)) + "\n"


DATA = [read_text(text, "x").data for text in (BASE, SMALL, PRIORS)]
# `set:` is left alone, order and all, so no one layout comes of it.
for each in DATA:
    each.get("variants", {}).pop("v", None)


@pytest.mark.parametrize("data", DATA, ids=["base", "small", "priors"])
@settings(deadline=None)  # a shared machine may be slow
@given(seed=st.integers(0, 2**32), other=st.integers(0, 2**32))
@example(0, 1)
def test_every_layout_of_the_same_data_becomes_one(data: Any, seed: int, other: int) -> None:
    one, two = (tidied(Layout(each, comments=False)(data), "x") for each in (seed, other))
    assert one == two
    assert tidied(one, "x") == one


@pytest.mark.parametrize("data", DATA, ids=["base", "small", "priors"])
@settings(deadline=None)  # a shared machine may be slow
@given(seed=st.integers(0, 2**32))
def test_comments_survive_and_tidying_twice_is_tidying_once(data: Any, seed: int) -> None:
    text = Layout(seed, comments=True)(data)
    out = tidied(text, "x")
    assert out.count("# remark") == text.count("# remark")
    assert tidied(out, "x") == out
    assert read_text(out, "x").data == read_text(text, "x").data


def survives(seed: int) -> None:
    """Whatever is done to a file, it is tidied, once and for all, or it is no sound YAML."""
    dice = random.Random(seed)
    text = spoilt(next(iter(dice.choice(projects()).values())), dice)
    try:
        out = tidied(text, "x")
    except InvalidSpecification:
        return
    assert tidied(out, "x") == out


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32))
@example(502169)
@example(502800)
@example(502905)
def test_spoilt_files(seed: int) -> None:
    survives(seed)


@pytest.mark.slow
@settings(deadline=None, max_examples=3000)
@given(st.integers(0, 2**32))
def test_many_spoilt_files(seed: int) -> None:
    survives(seed)
