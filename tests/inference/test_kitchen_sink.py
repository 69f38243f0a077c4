"""One file that holds every construct: both engines weigh every draw of it alike."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.stats
from pydantic import BaseModel
from solving import LIMIT, distance, terms_by_both

import forecast
from forecast.inference import importance
from forecast.inference.coordinates import Coordinates
from forecast.inference.settings import Settings
from forecast.model.network import Network
from forecast.spec import amount, judgement, magnitude, question
from forecast.spec.evidence import TELLS
from forecast.spec.expression import Expression

with warnings.catch_warnings():  # what a library does while it is imported is not for us to mend
    warnings.simplefilter("ignore")
    import pymc as pm
    import pytensor

    from forecast.inference import nuts
    from forecast.inference.pymc_model import to_pymc

FILE = Path(__file__).parents[1] / "kitchen_sink" / "kitchen_sink.yaml"

MODE = "FAST_COMPILE"
"""Operations one by one in Python: no compiler, a few seconds saved."""

FORMS = {
    *(question.Binary, question.Categorical, question.Date, question.CountQuestion),
    *(question.Quantity, question.Cases, question.Odds, question.AnyOf, question.ShareTable),
    *(question.ShareCounts, question.ShareCases, question.Around, judgement.Pool),
    *(judgement.Frequency, judgement.EventRate, amount.Quantiles, amount.Roulette),
    *(magnitude.AmountCases, magnitude.AmountTimes),
}
"""Forms of which the file must hold at least one."""

TERMS = {
    *("Holds", "By", "Is", "Compare", "Before", "Within", "Earliest"),
    *("Not", "And", "Or", "AtLeast"),
}


def _parts(value: Any) -> Iterator[Any]:
    yield value
    if isinstance(value, BaseModel):
        value = [getattr(value, name) for name in type(value).model_fields]
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list | tuple):
        for part in value:
            yield from _parts(part)


def test_the_file_holds_every_construct() -> None:
    file = forecast.load(FILE).file
    parts = list(_parts(file))
    assert {type(part) for part in parts} >= FORMS
    terms = {type(t).__name__ for p in parts if isinstance(p, Expression) for t in p.terms()}
    assert terms >= TERMS
    methods = {part.method for part in parts if isinstance(part, judgement.Pool)}
    assert methods == {"linear", "log_odds", "hierarchical"}
    told = {field for item in file.evidence for field in TELLS if getattr(item, field) is not None}
    assert told == set(TELLS)
    assert {str(s.informed_by)[:1] for s in file.statements} == {"a", "n", "2", "("}
    assert {s.side for s in file.statements} == {None, "at most", "at least"}
    assert any(item.group for item in file.evidence)
    network = network_of("")
    assert "`order of call, envoy_trip, letter`" in network.nodes
    assert set(network.pools) == {"`pool of ann, bob`", "`pool at questions.visit.timing.0.share`"}


def network_of(how: str) -> Network:
    """Return the file as it is, or one of its variants, or run on another day or supposition."""
    if how.startswith("--given "):
        return forecast.build(forecast.load(FILE), given=how.removeprefix("--given "))
    if how.startswith("--as-of "):
        return forecast.build(forecast.load(FILE), as_of=how.removeprefix("--as-of "))
    return forecast.build(forecast.load(FILE, how or None))


@pytest.mark.parametrize(
    "how",
    [
        "",
        "no_visit",
        "early_parade",
        "strike_is_certain",
        "without_ann",
        "without_bob",
        "--given mood ~ 0.2, 0.5, 1",
        "--given launch before visit",
        "--as-of 2025-04-20",
    ],
)
def test_both_engines_weigh_a_draw_alike(how: str) -> None:
    """P(evidence), then P(of, given, known) / P(given, known) of each statement, to rounding."""
    network = network_of(how)
    coordinates = Coordinates(network)
    z = np.random.default_rng(1).standard_normal((len(coordinates), 4))
    exact, tape = terms_by_both(network, coordinates.parameters(z))
    assert exact.shape == (4, 1 + len(network.statements))
    assert len(np.unique(exact[:, 0])) == 4
    np.testing.assert_allclose(tape, exact, rtol=1e-11)


def test_the_model_of_pymc_says_so_too() -> None:
    """Its potentials at a draw of its prior: log P(evidence), and the log likelihoods of statements.

    Normal(u; 0, sd), or Phi(+-u / sd) for a bound, with u = stated + direction shift b - logit m.
    """
    network = network_of("")
    model = to_pymc(network)
    drawn = pm.draw(model.free_RVs, random_seed=7, mode=MODE)
    f = pytensor.function(model.free_RVs, [*model.potentials, *model.deterministics], mode=MODE)
    said = [part.name for part in (*model.potentials, *model.deterministics, *model.free_RVs)]
    values = dict(zip(said, [*f(*drawn), *drawn], strict=True))
    theta = {path: np.asarray(values[path])[..., None] for path in network.parameters}
    exact, _ = terms_by_both(network, theta)
    assert values["evidence"] == pytest.approx(np.log(exact[0, 0]), abs=1e-9)
    for s, m in zip(network.statements, exact[0, 1:], strict=True):
        lean = values.get(f"experts.{s.expert}.lean", 0.0)
        x = (s.stated + s.direction * s.shift * lean - np.log(m / (1 - m))) / s.sd
        if s.side is None:
            log = scipy.stats.norm.logpdf(x) - np.log(s.sd)
        else:
            log = scipy.stats.norm.logcdf(x if s.side == "at most" else -x)
        assert values[f"statement {s.id}"] == pytest.approx(log, abs=1e-8)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["", "no_visit"])
def test_both_engines_report_the_same_chances(how: str) -> None:
    network = network_of(how)
    largest, count = distance(
        nuts.infer(network, Settings()), importance.infer(network, Settings())
    )
    known = {**network.questions, **network.pools}
    states = sum(len(node.cells) for node in known.values())
    assert count == len(network.scenarios) + states
    assert largest <= LIMIT
