"""The JSON Schemas: kept as generated, complete, and never stricter than the reader."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic_core import PydanticCustomError
from spoiling import SMALL
from writing import BASE, PRIORS, Project

from forecast.cli.schema import KINDS, schema_text
from forecast.spec.calendar import read_day, read_span
from forecast.spec.notation import (
    read_chance,
    read_duration,
    read_multiplier,
    read_number,
    read_range,
)
from forecast.spec.read import read_text

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "forecast" / "schemas"
BAD = ROOT.parent / "shared" / "language" / "bad"
SHIPPED = {
    "scenario": sorted((ROOT / "scenarios").glob("*.yaml")),
    "priors": sorted((ROOT / "priors").glob("*.yaml")),
    "lexicon": sorted([*(ROOT / "lexicons").glob("*.yaml"), *(ROOT / "forecast/lexicons").glob("*.yaml")]),
}  # fmt: skip
SCHEMAS: dict[str, dict[str, Any]] = {kind: json.loads(schema_text(kind)) for kind in KINDS}


def typed(data: Any) -> Any:
    """Type plain scalars as an editor does, by the core schema of YAML 1.2 (section 10.3.2)."""
    if isinstance(data, dict):
        return {key: typed(value) for key, value in data.items()}
    if isinstance(data, list):
        return [typed(value) for value in data]
    if data in ("null", "Null", "NULL", "~", ""):
        return None
    if data in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return data.lower() == "true"
    if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", data):
        return float(data)
    return data


def complaints(kind: str, text: str) -> list[str]:
    validator = Draft202012Validator(SCHEMAS[kind])
    found = validator.iter_errors(typed(read_text(text, "x.yaml").data))
    return [f"{error.json_path}: {error.message}" for error in found]


@pytest.mark.parametrize("kind", KINDS)
def test_the_kept_schemas_are_the_models(kind: str) -> None:
    kept = KEPT / f"{kind}.schema.json"
    again = "the models have changed; run: uv run forecast schema -o forecast/schemas"
    assert kept.is_file(), again
    assert kept.read_text("utf-8") == schema_text(kind), again


@pytest.mark.parametrize("kind", KINDS)
def test_the_schemas_are_sound(kind: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[kind])


def fields(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, part in (("", schema), *schema["$defs"].items()):
        for field, inner in part.get("properties", {}).items():
            # A text that the class says of itself is not repeated at the field.
            behind = schema["$defs"].get(inner.get("$ref", "").rpartition("/")[2], {})
            yield f"{name}.{field}", {"description": behind.get("description"), **inner}


@pytest.mark.parametrize("kind", ["scenario", "priors", "lexicon"])
def test_every_field_is_explained(kind: str) -> None:
    bare = [name for name, inner in fields(SCHEMAS[kind]) if not inner["description"]]
    assert not bare, "write a docstring below each of these fields of the model"
    assert not [name for name, inner in fields(SCHEMAS[kind]) if "``" in inner["description"]]


def test_the_notation_is_told_where_it_is_used() -> None:
    date = SCHEMAS["scenario"]["$defs"]["Date"]["properties"]
    assert date["occurs"]["description"].startswith("How likely it is to happen in the window")
    assert "a mean with its central 90 %" in date["occurs"]["description"]


def test_shipped_files_fit_and_name_their_schema() -> None:
    for kind, files in SHIPPED.items():
        assert files
        for file in files:
            text = file.read_text("utf-8")
            assert complaints(kind, text) == [], file.name
            modeline = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
            assert modeline is not None, file.name
            assert (file.parent / modeline[1]).resolve() == KEPT / f"{kind}.schema.json"


def test_files_of_the_tests_fit() -> None:
    assert complaints("scenario", BASE) == complaints("scenario", SMALL) == []
    assert complaints("priors", PRIORS) == []


@pytest.mark.skipif(not BAD.is_dir(), reason="needs ../shared/language")
def test_what_the_reader_accepts_fits() -> None:
    expected = json.loads((BAD / "expected.json").read_text("utf-8"))
    sound = [entry["file"] for entry in expected if entry["message"].startswith("VALID")]
    assert len(sound) == 3
    for name in sound:
        assert complaints("scenario", (BAD / name).read_text("utf-8")) == []


FRAME = "forecast: 1\ntitle: T\nas_of: 2025-04-08\nhorizon: 2025-12-31\nlexicon: icd203\n"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("questions: {a: {type: binary, priot: 30%}}\nscenarios: {x: otherwise}", "'priot' was unexpected"),
        ("questions: {a: {type: binary, prior: 75}}\nscenarios: {x: otherwise}", "greater than the maximum"),
        ("questions: {a: {type: binary, prior: x2 (1..3)}}\nscenarios: {x: otherwise}", "does not match"),
        ("questions: {a: {type: date, occurs: 30%, timing: [sometimes]}}\nscenarios: {x: otherwise}", "is not one of"),
        ("questions: {a: {type: date, by: 8 April}}\nscenarios: {x: otherwise}", "does not match"),
        ("questions: {}", "'scenarios' is a required property"),
        ("questions: {}\nscenarios: {x: otherwise}\ntitel: x", "'titel' was unexpected"),
    ],
)  # fmt: skip
def test_what_an_editor_marks(text: str, wrong: str) -> None:
    validator = Draft202012Validator(SCHEMAS["scenario"])
    errors = validator.iter_errors(typed(read_text(FRAME + text, "x.yaml").data))
    told: list[str] = []
    while rest := list(errors):
        told += [error.message for error in rest]
        errors = (inner for error in rest for inner in error.context or ())
    assert any(wrong in message for message in told), told


def test_a_type_left_to_defaults_is_no_fault(project: Project) -> None:
    text = FRAME + (
        "defaults: {type: date}\nquestions:\n  a: {occurs: 30%, timing: [evenly]}\n"
        "scenarios: {x: a, rest: otherwise}\nnumbers: exact\n"
    )
    project.load(text)
    assert complaints("scenario", text) == []


ANYTHING = st.text(alphabet="0123456789.%()x× -eEto", max_size=14) | st.text(max_size=8)
NUMBERS = st.from_regex(r"-?[0-9]{1,3}(\.[0-9]{1,2})?", fullmatch=True)
PIECES = st.lists(
    NUMBERS | st.sampled_from(["%", " ", "(", "..", ")", "x", "likely", " to ", "doo.id", "귀환", "a-b"]), max_size=8
).map("".join)  # fmt: skip


def where(field: str) -> dict[str, Any]:
    name, _, key = field.partition(".")
    return {**SCHEMAS["scenario"]["$defs"][name]["properties"][key], "$defs": SCHEMAS["scenario"]["$defs"]}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "read"),
    [
        ("Binary.prior", read_chance),
        ("ReadAs.widen", read_number),
        ("EventRate.in", read_duration),
        ("Around.between", read_span),
        ("Binary.by", read_day),
    ],
)
def test_no_text_is_refused_that_the_reader_accepts(field: str, read: Any) -> None:
    validator = Draft202012Validator(where(field))

    @given(
        ANYTHING
        | PIECES
        | st.dates().map(str)
        | st.from_regex(r"[0-9]{1,2} (day|week)s?", fullmatch=True)
    )
    @example("70% (55..85)")
    @example("2025-04-01 .. 2025-04-08")
    @example("2025-04")
    @example("1e-1")
    @example(" 0.5 ")
    def accepts(text: str) -> None:
        assume(typed(text) is not None and not isinstance(typed(text), bool))
        try:
            value = read(text)
        except PydanticCustomError:
            return
        if field == "ReadAs.widen":
            assume(0.1 <= value <= 10)
        assert validator.is_valid(text), text
        assert validator.is_valid(typed(text)), text

    accepts()


@given(ANYTHING | PIECES)
@example("x2 (1.2..3.5)")
@example("own.push")
def test_multipliers_that_are_read_fit(text: str) -> None:
    odds = where("Odds.odds")["additionalProperties"]
    try:
        read_multiplier(text)
    except PydanticCustomError:
        return
    assert Draft202012Validator(odds).is_valid(typed(text)), text


@given(ANYTHING | PIECES)
@example("80..95%")
def test_ranges_that_are_read_fit(text: str) -> None:
    bounds = SCHEMAS["lexicon"]["properties"]["yardstick"]["additionalProperties"]
    try:
        read_range(text)
    except PydanticCustomError:
        return
    assert Draft202012Validator(bounds).is_valid(typed(text)), text


def test_patterns_mean_the_same_in_javascript() -> None:
    """No named groups, no look-behind, no possessive or Unicode classes: RegExp with flag u knows none in this syntax."""
    patterns = re.findall(
        r'"pattern": ("(?:[^"\\]|\\.)*")', "".join(schema_text(kind) for kind in KINDS)
    )
    assert patterns
    for pattern in map(json.loads, patterns):
        assert not re.search(r"\(\?P|\(\?<|\\[pPAZz]|[*+?}]\+", pattern), pattern
