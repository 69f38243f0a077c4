"""The example of docs/pymc.md: a model extended by hand, with its sources."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import numpy as np
import pytest
from modelling import network_of

import forecast

with warnings.catch_warnings():  # what a library does while it is imported is not for us to mend
    warnings.simplefilter("ignore")
    import pymc as pm
    import xarray

PAGE = Path(__file__).parents[2] / "docs" / "pymc.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)


@pytest.mark.slow
def test_the_example_gives_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beta(4, 6) and 12 of 20: Beta(16, 14), mean 16/30, sd .0896; some 4,000 effective draws."""
    monkeypatch.chdir(tmp_path)
    Path("visit.yaml").write_text(blocks("yaml")[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(blocks("python")[0], names := {})
    mean, *rest = capsys.readouterr().out.split()
    assert float(mean) == pytest.approx(16 / 30, abs=4.5 * 0.0896 / np.sqrt(2000))
    assert rest == ["beta:", "[4,", "6]", "visit.yaml:7"]
    occurs = names["tree"].posterior["questions.visit.prior.cases.talks"]
    assert occurs.attrs["words"] == "65% (45..82)"


def test_sources_are_written_into_the_variables() -> None:
    """Into those of the file, whatever else a model holds; the states of shares are coordinates."""
    network = network_of(
        "questions:\n  x: {type: binary, prior: {read_as: likely, note: N}}\n"
        "  c: {type: categorical, states: [r, g], prior: {shares: {r: 50%, g: 50%}, worth: 5}}\n"
    )
    with forecast.to_pymc(network) as model:
        pm.Normal("mine")
    assert model.coords["questions.c.prior: state"] == ("r", "g")
    assert model.named_vars_to_dims["questions.c.prior"] == ("questions.c.prior: state",)
    drawn = xarray.Dataset({name: ("draw", np.zeros(3)) for name in ("questions.x.prior", "mine")})
    tree = xarray.DataTree.from_dict({"posterior": drawn})
    assert forecast.with_sources(tree, model) is tree
    attributes = tree["posterior"]["questions.x.prior"].attrs
    assert {key: attributes[key] for key in ("who", "said", "words", "place", "note")} == {
        "who": "own",
        "said": "2025-04-08",
        "words": "likely",
        "place": "scenario.yaml:7",
        "note": "N",
    }
    assert "quote" not in attributes
    assert tree["posterior"]["mine"].attrs == {}
