"""The starter: sound without a warning, tidy, and a forecast that can be shown."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_json_schema import complaints

import forecast
from forecast.spec.read import read_text
from forecast.spec.starter import starter
from forecast.spec.tidy import tidied

DAY = dt.date(2026, 2, 28)


def written(path: Path, title: str = "Does it hold?", day: dt.date = DAY) -> dict[Path, str]:
    files = starter(path, title, day)
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return files


@pytest.mark.parametrize("place", ["scenarios/new.yaml", "new.yaml", "나라/새 파일.yaml"])
def test_it_runs_at_once(tmp_path: Path, place: str) -> None:
    path = tmp_path / "project" / place
    written(path)
    spec = forecast.load(path)
    assert spec.warnings == ()
    network = forecast.build(spec)
    summary = forecast.summarise(spec, network, forecast.infer(network))
    assert summary.diagnostics.status != "fail"
    # Something to look at: no scenario is out of the question, and each stage moves the leader.
    assert all(0.05 < result.probability < 0.8 for result in summary.scenarios.values())
    lead = summary.scenarios[summary.lead.scenario].stages
    assert len({round(stage, 3) for stage in (lead.inputs, lead.evidence, lead.statements)}) == 3
    assert {question.type for question in summary.questions.values()} == {
        "binary",
        "categorical",
        "date",
        "count",
    }


def test_it_is_tidy_fits_its_schema_and_says_what_to_replace(tmp_path: Path) -> None:
    scenario, priors = starter(tmp_path / "new.yaml", "T", DAY).items()
    for (path, text), kind in ((scenario, "scenario"), (priors, "priors")):
        assert tidied(text, str(path)) == text
        assert complaints(kind, text) == []
        assert "$" not in text.replace("$schema=", "")
    questions = read_text(scenario[1], "x").data["questions"]
    assert all(question["text"].startswith("<") for question in questions.values())


def test_where_the_priors_stand(tmp_path: Path) -> None:
    assert list(starter(Path("a/scenarios/x.yaml"), "T", DAY))[1] == Path("a/priors/x_expert.yaml")
    assert list(starter(Path("a/x.yaml"), "T", DAY))[1] == Path("a/x_expert.yaml")


@settings(deadline=None, max_examples=40)
@given(st.text(min_size=1, max_size=30), st.dates(dt.date(1900, 1, 1), dt.date(2200, 1, 1)))
def test_any_title_and_any_day(title: str, day: dt.date) -> None:
    text = next(iter(starter(Path("x.yaml"), title, day).values()))
    source = read_text(text, "x.yaml")
    assert [fault for fault in source.faults if fault.path != ("title",)] == []
    kept = "".join(c for c in " ".join(title.split()) if c.isprintable())
    assert source.data["title"] == kept
    assert source.data["as_of"] == str(day)
