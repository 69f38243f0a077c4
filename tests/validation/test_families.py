"""The generated models are what their families say."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import logit

from forecast.model.network import Network
from validation.draft import Said, stated
from validation.families import FAMILIES


def network(family: str, number: int = 0) -> Network:
    return FAMILIES[family].model(number).network()


def test_a_number_gives_the_same_model() -> None:
    family = FAMILIES["counted"]
    assert family.model(3) == family.model(3)
    assert family.model(3).files != family.model(4).files


def test_tight_statements_are_tight() -> None:
    statements = [s for i in range(2) for s in network("tight", i).statements]
    assert all(0.02 <= s.sd <= 0.05 for s in statements)


def test_reports_grow_to_a_hundred_and_fifty() -> None:
    for number in (0, 9):
        draft = FAMILIES["reports"].write(np.random.default_rng(1), number)
        assert len(draft.lines["evidence"]) == 15 * (number + 1)
    assert len(network("reports", 0).reports) == 15


def test_experts_lean_in_what_they_give_and_in_what_they_state() -> None:
    found = network("leaning")
    assert found.experts == ("ana", "doo")
    assert any(p.lean for p in found.parameters.values())
    assert {s.expert for s in found.statements} == {"ana", "doo"}


def test_counts_were_counted_and_dates_were_silent() -> None:
    assert network("counted").views[1].seen
    assert {name for name, _ in network("dated").views[1].silent} == {"d0", "d1", "d2"}


def test_what_is_stated_is_so_far_off() -> None:
    """Beta(2, 2) has logit mean 0 and variance 2 psi1(2) = 2 (pi^2 / 6 - 1); sd of 0.5 is added."""
    from modelling import network_of

    found = network_of(
        """
experts: {own: {shift: 0, scatter: 0.5}}
questions: {a: {type: binary, prior: {beta: [2, 2]}}}
statements: [{of: a, says: 50%}]
"""
    )
    says = logit(float(stated(found, [Said("a", 3.0)])[0]))
    spread = np.sqrt(2 * (np.pi**2 / 6 - 1) + 0.25)
    # 400 draws: the mean is known to spread / 20, the sd to spread / 28, which counts threefold.
    assert says == pytest.approx(3 * spread, abs=4 * spread * np.hypot(1 / 20, 3 / 28))


@pytest.mark.slow
@pytest.mark.parametrize("name", FAMILIES)
def test_models_of_every_family_can_be_built(name: str) -> None:
    for number in range(min(3, FAMILIES[name].models)):
        assert network(name, number).scenarios[-1] == "rest"
