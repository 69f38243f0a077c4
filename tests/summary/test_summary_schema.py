"""The published schema of a result holds every result."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator
from test_cases import run

from forecast.summary.json_schema import summary_schema


@pytest.mark.parametrize("case", ["chest_clinic", "korea_1950", "victory_day_2025"])
def test_results_fit(case: str) -> None:
    result = json.loads(run(case)[2].to_json())
    assert [
        error.message for error in Draft202012Validator(summary_schema()).iter_errors(result)
    ] == []


def test_a_result_without_a_field_does_not_fit() -> None:
    result = json.loads(run("chest_clinic")[2].to_json())
    del result["scenarios"]["cancer"]["mcse"]
    (error,) = Draft202012Validator(summary_schema()).iter_errors(result)
    assert error.message == "'mcse' is a required property"


def test_attributes_are_explained_also_where_they_are_inherited() -> None:
    definitions = summary_schema()["$defs"]
    for name in ("Chance", "ScenarioResult"):
        assert (
            definitions[name]["properties"]["mcse"]["description"]
            == "Monte Carlo standard error of `probability`."
        )
