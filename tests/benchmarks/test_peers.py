"""The peers of the benchmarks solve the same model: else their times would mean nothing."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from modelling import network_of

from benchmarks import networks
from benchmarks.cases import without_statements
from benchmarks.peers import agrum
from benchmarks.peers.marginalised import marginalised
from benchmarks.peers.plain import plain
from forecast.inference.exact import ExactNetwork
from forecast.model.network import Network
from forecast.pipeline import build, load

BODY = """
latents:
  talks: {text: Talks, prior: 40% (20..62)}
questions:
  summit:
    text: Summit
    type: date
    occurs: {cases: {talks: 65% (45..82), otherwise: 12% (4..26)}}
    timing: [{between: 2025-05-05..2025-05-09, share: 25% (8..47)}, constant]
  place:
    text: Place
    type: categorical
    states: [here, there]
    only_if: summit
    prior: {shares: {here: 30%, there: 70%}, worth: 6}
  treaty:
    text: Treaty
    type: binary
    prior: {cases: {summit: 30% (10..55), otherwise: impossible}}
evidence:
- {id: envoy, date: 2025-03-21, text: Envoy, source: s, grade: B2, odds: {talks: x1.8 (1.1..3.2)}}
scenarios:
  signed: treaty
  met: summit by 2025-05-09 and place is here
  none: otherwise
"""


@pytest.fixture(scope="module")
def network() -> Network:
    return network_of(BODY)


def joint_of(network: Network, values: dict[str, Any]) -> np.ndarray:
    """P(scenario, report | theta)."""
    solved = ExactNetwork(network).solution(values, (1,))
    return np.exp(solved.log_evidence[0]) * solved.outcomes[1].scenarios[0]


def theta(network: Network, seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {
        name: rng.dirichlet(np.ones(len(p.components)))[:, None]
        if p.components
        else rng.uniform(0.1, 0.9, 1)
        for name, p in network.parameters.items()
    }


def interpreted() -> Any:
    """The way to compute that compiles nothing."""
    from pytensor.compile.mode import Mode

    return Mode(linker="py", optimizer="fast_compile")


def executed(text: str) -> dict[str, Any]:
    """Run a script but for its sampling."""
    names: dict[str, Any] = {"__name__": "read"}
    exec(text, names)
    return names


def at(text: str, values: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Values of the parameters by the variables of a script, which names them in order."""
    words = re.findall(
        r"^    (\w+) = pm\.(?:Beta|Gamma|LogNormal|Dirichlet)\(", text, flags=re.MULTILINE
    )
    return {
        word: value[:, 0] if value.ndim == 2 else value[0]
        for word, value in zip(words, values.values(), strict=True)
    }


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_sums_of_the_marginalised_script_are_exact(network: Network) -> None:
    text = marginalised(network)
    model = executed(text)["model"]
    for seed in (1, 2):
        values = theta(network, seed)
        given = {model[word]: value for word, value in at(text, values).items()}
        expected = joint_of(network, values)
        scenario = model["scenario"].eval(given, mode=interpreted(), on_unused_input="ignore")
        np.testing.assert_allclose(scenario, expected / expected.sum(), rtol=1e-6)
        (potential,) = model.potentials
        assert float(
            potential.eval(given, mode=interpreted(), on_unused_input="ignore")
        ) == pytest.approx(np.log(expected.sum()), rel=1e-6)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_plain_script_has_the_same_joint(network: Network) -> None:
    """Over all states of its discrete variables, P(states, report | theta) adds up to the same."""
    text = plain(network)
    names = executed(text)
    model = names["model"]
    values = theta(network, 3)
    given = at(text, values)
    drawn = [v for v in model.free_RVs if v.name not in given]
    rvs = [model[name] for name in given]
    factors = model.logp(vars=[*drawn, *model.observed_RVs], sum=False, jacobian=False)
    chances = [variable.owner.op.dist_params(variable.owner)[0] for variable in drawn]
    sizes = [2 if chance.ndim == 0 else int(chance.type.shape[-1]) for chance in chances]
    logp = model.compile_fn(
        [sum(f.sum() for f in factors), *model.replace_rvs_by_values([model["scenario"]])],
        inputs=model.value_vars,
        point_fn=True,
        on_unused_input="ignore",
        mode=interpreted(),
    )
    point = {}
    for rv in rvs:
        value = model.rvs_to_values[rv]
        transform = model.rvs_to_transforms[rv]
        moved = transform.forward(np.asarray(given[rv.name]), *rv.owner.inputs)
        point[value.name] = np.asarray(moved.eval(mode=interpreted()))
    found = np.zeros(len(network.scenarios))
    for states in itertools.product(*map(range, sizes)):
        point |= {v.name: np.asarray(s) for v, s in zip(drawn, states, strict=True)}
        log_chance, scenario = logp(point)
        found[int(scenario)] += np.exp(log_chance)
    np.testing.assert_allclose(found, joint_of(network, values), rtol=1e-6)


def test_scripts_of_the_first_case_are_python_and_know_nothing_of_forecast(tmp_path: Path) -> None:
    network = build(load(without_statements(tmp_path)))
    assert not network.statements
    assert len(network.views[1].likelihoods) == 8
    for text in (plain(network), marginalised(network)):
        compile(text, "script", "exec")
        assert "forecast" not in text
        for name in network.parameters:
            assert name.split(".")[1].split(" ")[0] in text


def test_pyagrum_and_the_exact_network_agree_on_a_random_network() -> None:
    shape = networks.random_shape(14, 3)
    tables = networks.random_tables(shape, 3, 4)
    ours = ExactNetwork(networks.uncertain(shape)).outcomes(networks.values(shape, tables), 1)
    net, rows = agrum.bayes_net(shape), agrum.draws_first(tables)
    for draw in range(3):
        agrum.fill(net, rows, draw)
        fixed = networks.fixed(shape, {name: table[..., draw] for name, table in tables.items()})
        numbers = ExactNetwork(fixed).outcomes({}, 1).questions
        for name, expected in agrum.marginals(net, shape.observed).items():
            np.testing.assert_allclose(ours.questions[name][draw], expected, atol=1e-12)
            np.testing.assert_allclose(numbers[name][0], expected, atol=1e-12)


def test_random_networks_are_what_they_are_said_to_be() -> None:
    shape = networks.random_shape(60, 1)
    names = list(shape.parents)
    assert set(shape.sizes.values()) == {2, 3, 4}
    assert max(map(len, shape.parents.values())) <= 4
    for i, name in enumerate(names):
        assert set(shape.parents[name]) <= set(names[:i])
    assert shape.observed
    assert not {parent for own in shape.parents.values() for parent in own} & set(shape.observed)
    for table in networks.random_tables(shape, 2, 1).values():
        np.testing.assert_allclose(table.sum(axis=-2), 1)
    assert networks.random_shape(60, 1) == shape


def test_the_largest_clique_of_a_square_is_a_triangle() -> None:
    """Moralised, a - b, a - c, b - d, c - d has the edge b - c too: triangles of 2 x 3 x 4 and 3 x 4 x 2."""
    parents = {"a": (), "b": ("a",), "c": ("a",), "d": ("b", "c")}
    shape = networks.Shape(parents, {"a": 2, "b": 3, "c": 4, "d": 2}, {})
    assert shape.largest_clique == 24
    assert (shape.arcs, shape.rows) == (4, 1 + 2 + 2 + 12)
