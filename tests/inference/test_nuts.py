"""The two engines agree: the backbone of the suite."""

from __future__ import annotations

import dataclasses
import logging
import warnings
from pathlib import Path

import numpy as np
import pytest
from modelling import Array, network_of
from solving import LIMIT, distance, reported

import forecast
from forecast.errors import InvalidModel
from forecast.inference import importance
from forecast.inference.certificate import mean_and_error
from forecast.inference.settings import Settings
from forecast.model.network import Network
from forecast.posterior import SCENARIOS, Posterior

with warnings.catch_warnings():  # what a library does while it is imported is not for us to mend
    warnings.simplefilter("ignore")
    import arviz as az

    from forecast.inference import chains as sampled
    from forecast.inference import nuts

SCENARIO = Path(__file__).parents[2] / "scenarios" / "victory_day_2025.yaml"


@pytest.fixture(scope="session")
def network() -> Network:
    return forecast.build(forecast.load(SCENARIO))


@pytest.fixture(scope="session")
def chains(network: Network) -> Posterior:
    """The one model that a session compiles."""
    return nuts.infer(network, Settings())


@pytest.mark.slow
def test_both_engines_agree_on_every_scenario_and_state(
    network: Network, chains: Posterior
) -> None:
    largest, count = distance(chains, importance.infer(network, Settings()))
    states = sum(len(node.cells) for node in network.questions.values())
    assert count == len(network.scenarios) + states == 67
    assert largest <= LIMIT


@pytest.mark.slow
def test_they_would_not_agree_if_one_statement_said_something_else(
    network: Network, chains: Posterior
) -> None:
    """The negative control: one stated value of twelve moved by one logit."""
    first, *rest = network.statements
    moved = dataclasses.replace(first, stated=first.stated + 1.0)
    other = dataclasses.replace(network, statements=(moved, *rest))
    assert distance(chains, importance.infer(other, Settings()))[0] > 2 * LIMIT


@pytest.mark.slow
def test_the_chains_are_certified(chains: Posterior, network: Network) -> None:
    assert chains.engine == "nuts"
    assert chains.diagnostics.status == "warn"
    assert chains.diagnostics.khat is None
    assert chains.diagnostics.ess is not None
    assert chains.diagnostics.ess > 1000
    assert chains.diagnostics.detail["rhat"] < 1.01
    assert chains.diagnostics.detail["divergences"] == 0
    assert set(chains.final.inflation) == {SCENARIOS, *network.questions}
    assert chains.final.weights.sum() == pytest.approx(1)
    for values in chains.final.questions.values():
        np.testing.assert_allclose(values.sum(axis=1), 1, rtol=1e-9)


@pytest.mark.slow
def test_it_has_the_same_prior_draws_and_shapes_as_the_exact_engine(
    network: Network, chains: Posterior
) -> None:
    exact = importance.infer(network, Settings())
    assert list(chains.parameters) == list(exact.parameters)
    for name, draws in chains.parameters.items():
        assert draws.shape == (*exact.parameters[name].shape[:-1], chains.draws)
        np.testing.assert_array_equal(chains.prior[name], exact.prior[name])
    assert set(chains.leans) == set(exact.leans) == {"doo", "nkn"}
    assert chains.statement_log_likelihood.shape == (chains.draws, len(network.statements))
    assert chains.final.targets.shape == (chains.draws, len(network.statements))
    for stage in ("inputs", "evidence"):
        np.testing.assert_array_equal(chains.stages[stage].scenarios, exact.stages[stage].scenarios)
    assert chains.log_evidence == pytest.approx(exact.log_evidence, rel=1e-12)


@pytest.mark.slow
def test_parameters_agree_too(network: Network, chains: Posterior) -> None:
    """Means and variances of all parameters; the error of the chains' from their effective draws."""
    exact = importance.infer(network, Settings())
    weights = np.exp(exact.log_weights)
    for name, draws in chains.parameters.items():
        columns, others = (
            np.atleast_2d(np.log(draws)),
            np.atleast_2d(np.log(exact.parameters[name])),
        )
        for own, other in zip(columns, others, strict=True):
            mean, _ = mean_and_error(weights, other[:, None])
            for power in (1, 2):
                a, b = (own - mean) ** power, (other - mean) ** power
                target, its = mean_and_error(weights, b[:, None])
                spread = a.std() / np.sqrt(
                    float(az.ess(a.reshape(sampled.CHAINS, -1), method="mean"))
                )
                assert abs(a.mean() - target[0]) <= LIMIT * np.hypot(spread, its[0])


# ------------------------------------------------------------------------- without sampling


def test_nothing_uncertain_is_summed_and_not_sampled() -> None:
    network = network_of(
        "questions: {x: {type: binary, prior: 30%}}\nscenarios: {s: x, rest: otherwise}"
    )
    found = nuts.infer(network, Settings())
    assert (found.engine, found.draws, found.diagnostics.status) == ("nuts", 1, "pass")
    assert found.final.scenarios[0, 0] == pytest.approx(0.3)


def test_impossible_evidence_is_refused_before_sampling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nuts, "sample", lambda *_: pytest.fail("sampled"))
    network = network_of(
        "numbers: exact\nquestions:\n"
        "  y: {type: binary, prior: 40% (20..65)}\n"
        "  x: {type: binary, prior: {cases: {y: 50%, otherwise: impossible}}}\n"
        "evidence:\n"
        "- {id: a, date: 2025-04-01, text: t, source: s, observed: x}\n"
        "- {id: b, date: 2025-04-01, text: t, source: s, observed: not y}\n"
    )
    with pytest.raises(InvalidModel, match="impossible"):
        nuts.infer(network, Settings())


def fake_chains(network: Network, _seed: int, draws: int, _starts: object = ()) -> sampled.Chains:
    """Return independent draws of the prior, as chains."""
    coordinates = importance.Coordinates(network)
    z = nuts._prior_draws(coordinates, 7, sampled.CHAINS * draws // 2)
    values = coordinates.parameters(z)
    parts = {n: v.reshape(*v.shape[:-1], sampled.CHAINS, draws) for n, v in values.items()}
    return sampled.Chains(parts, {}, 3)


CERTAIN = """
questions:
  x: {type: binary, prior: 40% (20..65)}
  y: {type: binary, prior: 30%}
scenarios: {s: y, rest: otherwise}
"""


def test_chances_that_never_move_have_an_error_of_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nuts, "sample", fake_chains)
    found = nuts.infer(network_of(CERTAIN), Settings())
    mean, error = reported(found, SCENARIOS)
    np.testing.assert_allclose(mean, [0.3, 0.7])
    np.testing.assert_allclose(error, 0, atol=1e-12)
    assert found.final.inflation[SCENARIOS].tolist() == [1, 1]
    assert found.diagnostics.ess == found.draws == nuts.LEAST_DRAWS
    assert found.diagnostics.detail["rhat"] < 1.01
    assert found.stages["evidence"] is found.final


def test_divergences_fail_the_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nuts, "sample", fake_chains)
    found = nuts.infer(network_of(CERTAIN), Settings(draws=800))
    assert found.draws == 800
    assert found.diagnostics.status == "fail"
    assert "3 divergent transitions" in found.diagnostics.reasons


def test_chains_that_stay_apart_fail_the_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where a chain never moves at all, for which R-hat is not a number."""

    def stuck(network: Network, seed: int, draws: int, _starts: object = ()) -> sampled.Chains:
        chains = fake_chains(network, seed, draws)
        for array in chains.parameters.values():
            array[0] = 0.9
        return chains

    monkeypatch.setattr(nuts, "sample", stuck)
    found = nuts.infer(network_of(CERTAIN), Settings())
    assert found.diagnostics.status == "fail"
    assert found.diagnostics.detail["rhat"] > 1.1


def test_effective_draws_of_a_chain_with_memory() -> None:
    """AR(1) with r = 0.8: n (1 - r) / (1 + r) = n / 9, for the mean, within a fifth."""
    rng = np.random.default_rng(5)
    x = np.zeros((4, 5000, 2))
    for t in range(1, 5000):
        x[:, t, 0] = 0.8 * x[:, t - 1, 0] + rng.standard_normal(4)
    ess = sampled.effective_draws(x, "mean")
    assert ess[0] == pytest.approx(20_000 / 9, rel=0.2)
    assert ess[1] == 20_000
    assert sampled.rhat(x)[1] == 1


def test_draws_follow_the_error_target() -> None:
    assert nuts._draws(Settings()) == 4000
    assert nuts._draws(Settings(error_target=0.0025)) == 16_000
    assert nuts._draws(Settings(error_target=1e-5)) == nuts.MOST_DRAWS
    assert nuts._draws(Settings(draws=100)) == 100


def test_messages_stay_with_pymc(capfd: pytest.CaptureFixture[str]) -> None:
    logger = logging.getLogger("pymc")
    level = logger.level
    with sampled._quiet():
        logger.warning("spilt")
        print("for whoever watches")
    assert logger.level == level
    assert capfd.readouterr() == ("", "for whoever watches\n")


def test_an_interrupted_chain_is_not_a_result() -> None:
    with pytest.raises(KeyboardInterrupt), sampled._interruptible():
        raise ValueError("Not enough samples to build a trace.")
    with pytest.raises(ValueError, match="another"), sampled._interruptible():
        raise ValueError("another")


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampled, "TUNE", 50)
    a, b, c = (sampled.sample(network, seed, 20) for seed in (5, 5, 6))
    for name in network.parameters:
        assert a.parameters[name].tobytes() == b.parameters[name].tobytes()
        assert a.parameters[name].tobytes() != c.parameters[name].tobytes()


def test_energy_that_hardly_moves_fails_the_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    """AR(1) with r: E-BFMI = E (E_n - E_{n-1})^2 / var = 2 (1 - r): 0.6 for r = .7, 0.1 for .95."""
    for r, status in ((0.7, 0.6), (0.95, 0.1)):
        rng = np.random.default_rng(3)
        energy = np.zeros((4, 20_000))
        for t in range(1, energy.shape[1]):
            energy[:, t] = r * energy[:, t - 1] + rng.standard_normal(4)
        assert sampled.energy_fraction(energy) == pytest.approx(status, rel=0.1)

        def still(
            network: Network,
            seed: int,
            draws: int,
            _starts: object = (),
            energy: Array = energy,
        ) -> sampled.Chains:
            found = fake_chains(network, seed, draws)
            return dataclasses.replace(found, divergences=0, energy=energy)

        monkeypatch.setattr(nuts, "sample", still)
        found = nuts.infer(network_of(CERTAIN), Settings()).diagnostics
        assert found.detail["ebfmi"] == sampled.energy_fraction(energy)
        assert any("E-BFMI" in reason for reason in found.reasons) == (r > 0.9)
        assert (found.status == "fail") == (r > 0.9)
