"""The CSV view, read back by the csv module and by pandas, and compared with the JSON."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pages import certain, failed, named

from forecast.summary.contract import Summary
from forecast.views.long_table import COLUMNS, render_csv
from forecast.views.words import clean

ROOT = Path(__file__).resolve().parents[2]


def rows(summary: Summary) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(render_csv(summary)), strict=True))


def number(cell: str) -> float | None:
    return float(cell) if cell else None


def chance(row: dict[str, str]) -> dict[str, Any]:
    """A row as the JSON has it."""
    levels = {"0.5": "50", "0.8": "80", "0.9": "90"}
    ends = {
        key: [number(row[f"low_{level}"]), number(row[f"high_{level}"])]
        for key, level in levels.items()
        if row[f"low_{level}"]
    }
    return {
        "probability": number(row["probability"]),
        "stages": {stage: number(row[stage]) for stage in ("inputs", "evidence", "statements")},
        "mcse": number(row["mcse"]),
        "intervals": ends or None,
    }


def published(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: entry[key] for key in ("probability", "stages", "mcse", "intervals")}


def test_every_chance_of_the_json_is_a_row_and_the_other_way_round(summary: Summary) -> None:
    result = json.loads(summary.to_json())
    expected = {}
    for name, entry in result["scenarios"].items():
        expected["scenario", name, "", "", ""] = published(entry)
    for name, question in result["questions"].items():
        for state, entry in question["states"].items():
            expected["state", name, state, "", ""] = published(entry)
        for date, entry in (question["by"] or {}).items():
            expected["by", name, "", date, ""] = published(entry)
        for date, cuts in (question["at_least"] or {}).items():
            for cut, entry in cuts.items():
                expected["at_least", name, "", date, cut] = published(entry)
    found = {
        tuple(row[key] for key in ("kind", "name", "state", "date", "at_least")): chance(row)
        for row in rows(summary)
        if row["kind"] != "statement"
    }
    assert found == expected
    assert len(found) == 3 + 4 + 2 + 2


def test_statements_have_what_was_stated_and_implied(summary: Summary) -> None:
    found = [row for row in rows(summary) if row["kind"] == "statement"]
    for row, statement in zip(found, summary.statements, strict=True):
        assert (row["name"], row["of"]) == (statement.id, statement.of)
        assert float(row["stated"]) == statement.stated
        assert float(row["evidence"]) == statement.implied_before
        assert float(row["statements"]) == float(row["probability"]) == statement.implied_after
        assert row["mcse"] == row["inputs"] == row["low_80"] == ""


def test_every_row_says_whence_it_comes_so_that_tables_can_be_joined(summary: Summary) -> None:
    supposed = replace(summary, provenance=replace(summary.provenance, given=("visit",)))
    for row in rows(supposed):
        assert (row["run"], row["as_of"]) == ("9f3a0c5e77b1", "2025-04-08")
        assert (row["given"], row["certificate"]) == ("visit", "warn")


def test_what_is_unknown_or_certain_leaves_cells_empty(summary: Summary) -> None:
    bare = replace(
        summary,
        as_of=None,
        scenarios={},
        questions={
            "node": replace(
                summary.questions["debt"],
                states={"yes": certain(summary.questions["debt"].states["yes"])},
            )
        },
        statements=(),
    )
    (row,) = rows(bare)
    assert (row["as_of"], row["given"], row["low_50"], row["phrase"]) == ("", "", "", "")
    assert (row["probability"], row["mcse"]) == ("0.5", "0.0")


def test_a_failed_result_has_no_rows(summary: Summary) -> None:
    assert render_csv(failed(summary)) == ",".join(COLUMNS) + "\n"


def test_pandas_reads_numbers_as_numbers_and_names_as_names(summary: Summary) -> None:
    renamed = named(summary, "None", "007")
    frame = pd.read_csv(
        StringIO(render_csv(renamed)),
        keep_default_na=False,
        na_values={name: [""] for name in COLUMNS if name not in ("kind", "name", "state")},
        dtype={"name": str, "state": str},
    )
    assert list(frame.columns) == list(COLUMNS)
    assert frame.loc[frame.kind == "scenario", "name"].tolist() == ["None", "007"]
    numbers = ("probability", "inputs", "mcse", "low_80", "high_80", "stated")
    assert all(frame[name].dtype == "float64" for name in numbers)
    by = frame[frame.kind == "by"].set_index("date")["probability"]
    assert by.to_dict() == {"2025-06-30": 0.24, "2026-01-31": 0.995}


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@x", "'=1", "＝1", "\t=1", 'a,"b"', "a;b", "\r=1"]
)
def test_awkward_names(summary: Summary, name: str) -> None:
    check_name(summary, name)


@given(name=st.text("=+-@'\",;\t\r\n\0\x1b x1＝", max_size=8))
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_name_is_a_formula_and_every_name_can_be_read_back(summary: Summary, name: str) -> None:
    check_name(summary, name)


def check_name(summary: Summary, name: str) -> None:
    statements = tuple(replace(s, of=name) for s in summary.statements)
    found = rows(replace(named(summary, "first", name + "!"), statements=statements))
    assert read_back(found[1]["name"]) == clean(name + "!")
    assert {read_back(row["of"]) for row in found if row["kind"] == "statement"} == {clean(name)}
    for row in found:
        assert None not in row  # no cell too many
        for column in ("name", "state", "of", "phrase"):
            assert not row[column].startswith(
                ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
            )


def read_back(cell: str) -> str:
    """What the documentation tells to do."""
    return cell[1:] if cell.startswith("'") else cell


def test_the_columns_are_those_of_the_documentation() -> None:
    page = (ROOT / "docs" / "formats.md").read_text("utf-8")
    table = page[page.index("| column |") :].split("\n\n")[0]
    named_there = [
        name
        for line in table.splitlines()[2:]
        for name in re.findall(r"`(\w+)`", line.split("|")[1])
    ]
    assert named_there == list(COLUMNS)


def test_quantiles_of_counts_and_amounts(summary: Summary) -> None:
    """A row for each level: the number and its unit, no probability."""
    name, question = next(iter(summary.questions.items()))
    levels = {"0.05": 2.0, "0.5": 7.5, "0.95": 31.0}
    told = replace(question, type="quantity", quantiles=levels, unit="tonnes")
    changed = replace(summary, questions={**summary.questions, name: told})
    found = [row for row in rows(changed) if row["kind"] == "quantile"]
    assert [(row["name"], row["level"], float(row["value"]), row["unit"]) for row in found] == [
        (name, level, value, "tonnes") for level, value in levels.items()
    ]
    assert all(row["probability"] == "" for row in found)
    assert [row for row in rows(summary) if row["kind"] == "quantile"] == []
