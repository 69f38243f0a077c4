"""The pages tell the truth: every example is read, built and solved; every command exists."""

from __future__ import annotations

import importlib.util
import math
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import forecast
from forecast.cli.app import app
from forecast.inference.certificate import LARGEST_KHAT, LEAST_ESS
from forecast.inference.coordinates import Coordinates, streams
from forecast.inference.exact import ExactNetwork

ROOT = Path(__file__).parents[1]
PAGES = (
    "README.md",
    "docs/language.md",
    "docs/tutorial.md",
    "docs/compare.md",
    "docs/sensitivity.md",
    "docs/reading.md",
)

FRAME = {
    "forecast": "1",
    "title": "T",
    "as_of": "2025-04-08",
    "horizon": "2025-12-31",
    "lexicon": "icd203",
    "scenarios": "{all: otherwise}",
}
"""What the page says stands before and after each example."""


def examples() -> list[tuple[str, int, str]]:
    """Return page, line and text of every YAML example."""
    found = []
    for page in PAGES:
        text = (ROOT / page).read_text("utf-8")
        for match in re.finditer(r"^```yaml\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
            found.append((page, text.count("\n", 0, match.start()) + 2, match[1]))
    return found


def files_before(page: str, line: int) -> dict[str, str]:
    """Return the examples further up that are files of their own: they begin with their name."""
    return {
        match[1]: text
        for other, at, text in examples()
        if other == page and at < line and (match := re.match(r"# ([\w.]+\.yaml)\n", text))
    }


@pytest.mark.parametrize(
    ("page", "line", "text"), [pytest.param(*e, id=f"{e[0]}:{e[1]}") for e in examples()]
)
def test_every_example_is_a_model(page: str, line: int, text: str, tmp_path: Path) -> None:
    """Its scenarios add up to one, for every draw of its judgements."""
    for name, content in files_before(page, line + 1).items():
        (tmp_path / name).write_text(content)
    if re.match(r"# ([\w.]+\.yaml)\n", text):
        return  # a file for an example further down, which reads it
    given = set(re.findall(r"^(\w+):", text, re.MULTILINE))
    frame = "".join(f"{key}: {value}\n" for key, value in FRAME.items() if key not in given)
    (tmp_path / "example.yaml").write_text(frame + text)
    network = forecast.build(forecast.load(tmp_path / "example.yaml"))
    coordinates = Coordinates(network)
    values = coordinates.parameters(coordinates.draw(streams(coordinates.names, 0), 50))
    solved = ExactNetwork(network).outcomes(values, 1)
    assert np.isfinite(solved.scenarios).all()
    np.testing.assert_allclose(solved.scenarios.sum(axis=1), 1, atol=1e-12)


def commands() -> list[tuple[str, str]]:
    """Return page and command for every indented line that begins with `forecast`."""
    found = []
    for page in PAGES:
        for line in (ROOT / page).read_text("utf-8").splitlines():
            if match := re.match(r"    (?:uv run )?(forecast \w.*?)(?:   .*)?$", line):
                found.append((page, match[1]))
    return found


@pytest.mark.parametrize(("page", "command"), commands())
def test_every_command_has_the_options_that_are_shown(page: str, command: str) -> None:
    name, *words = shlex.split(command)[1:]
    shown = CliRunner().invoke(app, [name, "--help"])
    assert shown.exit_code == 0
    for option in (word for word in words if word.startswith("-")):
        assert re.search(rf"(?<!\S){re.escape(option)}\b", shown.output), option


TUTORIAL = ROOT / "docs" / "tutorial" / "strait.yaml"


def test_the_tutorial_prints_what_its_file_says() -> None:
    """The numbers quoted on the page are those of a run."""
    spec = forecast.load(TUTORIAL)
    network = forecast.build(spec)
    summary = forecast.summarise(spec, network, forecast.infer(network))
    page = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
    closed, harvest = (summary.scenarios[s] for s in ("closed", "open_for_the_harvest"))
    low, high = closed.intervals["0.8"]
    assert f"closed, {100 * closed.probability:.0f} %, {closed.phrase} (55-80 %)" in page
    assert f"plausible {100 * low:.0f}-{100 * high:.0f} %" in page
    assert f'"open for the harvest" ({100 * harvest.probability:.0f} %)' in page
    stated = summary.statements[0]
    assert f"She says {100 * stated.stated:.0f} %" in page
    assert f"says {100 * stated.implied_before:.0f} %, and after" in page
    assert f"hearing her {100 * stated.implied_after:.0f} %" in page


def test_the_page_on_results_quotes_a_run() -> None:
    spec = forecast.load(TUTORIAL)
    network = forecast.build(spec)
    summary = forecast.summarise(spec, network, forecast.infer(network))
    page = " ".join((ROOT / "docs" / "reading.md").read_text("utf-8").split())
    closed, checks = summary.scenarios["closed"], summary.diagnostics
    low, high = closed.intervals["0.8"]
    base = max((d for d in summary.drivers if d.scenario == "closed"), key=lambda d: abs(d.swing))
    said = summary.statements[0]
    yielded = {judgement.parameter: judgement.sds for judgement in said.yielded}
    rose, fell = yielded["questions.opens.occurs.base"], yielded["experts.lenz.lean"]
    assert checks.status == "pass"
    assert (base.parameter, summary.seed) == ("questions.opens.occurs.base", 42)
    assert checks.ess is not None
    assert checks.khat is not None
    assert summary.lead is not None
    assert summary.lead.likelier_in is not None
    assert said.pull is not None
    assert -fell == pytest.approx(rose, abs=0.05)
    harvest = summary.scenarios["open_for_the_harvest"].probability
    other = forecast.summarise(spec, network, forecast.infer(network, seed=3))
    for words in (
        f"*closed, {_percent(closed.probability)} %, {closed.phrase} (55-80 %)*",
        f"{_percent(closed.probability)} % is their average",
        f"**Plausible {_percent(low)}-{_percent(high)} %**",
        f"lie between {_percent(low)} and {_percent(high)} %",
        f'"open for the harvest" ({_percent(harvest)} %)',
        f"in {_percent(summary.lead.likelier_in)} % of readings",
        f"`prior` ({_percent(closed.stages.inputs)} %)",
        f"`+ evidence` ({_percent(closed.stages.evidence)} %)",
        f"`now` ({_percent(closed.stages.statements)} %)",
        f"low, {_percent(base.low)} %, high, {_percent(base.high)} %",
        f"*stated* {_percent(said.stated)} %",
        f"*implied* {_percent(said.implied_before)} % before",
        f"{_percent(said.implied_after)} % after all of them",
        f"+{_percent(said.pull)} points",
        f"(here {said.strain:.1f})",
        f"rose by {rose:.1f} standard deviations",
        f"{summary.draws:,} readings were drawn",
        f"worth {checks.ess:,.0f} that count",
        f"At least {LEAST_ESS:.0f} are needed",
        f"Below {LARGEST_KHAT} averages",
        f"(here {checks.khat:.2f};",
        f"up to {math.ceil(1000 * checks.detail['largest_error']) / 10} points",
        f"ends of ranges {math.ceil(1000 * checks.detail['largest_end_error']) / 10}.",
        f"`--seed 3` *closed* has {_percent(other.scenarios['closed'].probability)} %",
    ):
        assert words in page, words


def _percent(chance: float) -> str:
    return f"{100 * chance:.0f}"


def test_the_list_of_fields_is_that_of_the_models() -> None:
    spec = importlib.util.spec_from_file_location("fields", ROOT / "docs" / "fields.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    kept = (ROOT / "docs" / "fields.md").read_text("utf-8")
    assert kept == module.page(), "the models have changed; run: uv run python docs/fields.py"
