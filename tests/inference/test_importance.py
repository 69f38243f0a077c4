"""The exact engine: paths that must agree, and changes that must change nothing."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest
from modelling import errors, means, network_of, posterior_of, spec_of, summary_of

import forecast
from forecast.inference import half
from forecast.inference.coordinates import Coordinates
from forecast.inference.exact import ExactNetwork
from forecast.inference.half import Half
from forecast.inference.responses import Responses
from forecast.model.network import Network
from forecast.posterior import Posterior

PRIORS = """\
priors: 1
source: {who: Doo, said: 2025-04-08}
lexicon: icd203
judgements:
  c1: {read_as: likely}
  c2: {read_as: unlikely}
  m: {read_as: x2.5 (1.2..5)}
"""
FRAME = "use: {doo: doo.yaml}\nexperts: {doo: {shift: 0.6, scatter: 0.9}}\n"
QUESTIONS = [
    "  y: {type: binary, prior: 40% (20..65)}\n",
    "  x: {type: binary, prior: {base: 15% (5..30), odds: {y: doo.m}}}\n",
    "  c: {type: categorical, states: [sun, tea, urn], prior: {cases: {y: {shares: {sun: 60%, tea: 30%, urn: 10%}, worth: 6},"
    " otherwise: {shares: {sun: 20%, tea: 30%, urn: 50%}, worth: 9}}}}\n",
    "  d: {type: date, occurs: {cases: {x: 60% (35..85), otherwise: 20% (5..40)}}, timing: [constant]}\n",
]
EVIDENCE = [
    "- {id: e1, date: 2025-04-01, text: t, source: s, grade: B2, odds: {y: x3 (1.5..6)}}\n",
    "- {id: e2, date: 2025-04-02, text: t, source: s, grade: C3, observed: c is sun|tea}\n",
    "- {id: e3, date: 2025-04-03, text: t, source: s, grade: A2, group: g, odds: {x: x0.5 (0.2..0.9)}}\n",
    "- {id: e4, date: 2025-04-03, text: t, source: s, grade: B2, group: g, odds: {x: x0.6 (0.4..0.9)}}\n",
]
STATEMENTS = [
    "- {of: x, says: doo.c1}\n",
    "- {of: d by 2025-06-30, given: x, says: doo.c2}\n",
    "- {of: c is sun, says: 30% (15..50), side: at most}\n",
]
SCENARIOS = "scenarios:\n  a: x and d by 2025-06-30\n  b: c is sun or d\n  rest: otherwise\n"


def body(
    questions: list[str] = QUESTIONS,
    evidence: list[str] = EVIDENCE,
    statements: list[str] = STATEMENTS,
    scenarios: str = SCENARIOS,
) -> str:
    parts = [("questions", questions), ("evidence", evidence), ("statements", statements)]
    return FRAME + "".join(f"{k}:\n{''.join(v)}" for k, v in parts if v) + scenarios


def model(text: str) -> Network:
    return network_of(text, files={"doo.yaml": PRIORS})


def same(a: Posterior, b: Posterior, order: slice | list[int] = slice(None)) -> None:
    """Two independent runs agree: 4.5 errors of the difference at every stage."""
    for stage in ("inputs", "evidence", "statements"):
        difference = np.abs(means(a, stage) - means(b, stage)[order])
        spread = np.hypot(errors(a, stage), errors(b, stage)[order])
        assert (difference <= 4.5 * spread + 1e-12).all()


def proposals(network: Network, seed: int = 42) -> list[bool]:
    responses = Responses(network, ExactNetwork(network), Coordinates(network))
    return [Half(responses, seed, which).proposal.is_prior for which in (0, 1)]


# ------------------------------------------------------------------------- paths


@pytest.mark.parametrize("seed", range(3))
def test_the_fitted_proposal_gives_what_the_prior_gives(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = model(body())
    monkeypatch.setattr(half, "GOOD_PRIOR", 0.0)
    assert proposals(network, seed) == [True, True]
    plain = posterior_of(network, seed, draws=40_000)
    monkeypatch.setattr(half, "GOOD_PRIOR", 2.0)
    assert proposals(network, seed) == [False, False]
    fitted = posterior_of(network, seed)
    same(plain, fitted)
    assert fitted.diagnostics.ess / fitted.draws > 3 * plain.diagnostics.ess / plain.draws


def test_many_parameters_have_a_fitted_proposal_too() -> None:
    """150 of them: more than half as many as the draws of a step of the linearisation."""
    roots = "".join(f"  q{i}: {{type: binary, prior: 50% (10..90)}}\n" for i in range(150))
    claims = "".join(f"- {{of: q{i}, says: very likely}}\n" for i in range(0, 30, 3))
    network = network_of(f"questions:\n{roots}statements:\n{claims}")
    assert proposals(network) == [False, False]
    assert posterior_of(network, draws=2000).diagnostics.ess > 500


def test_weights_under_the_proposal_average_to_one() -> None:
    """E_q[prior / proposal] = 1; and no ratio exceeds 1 / DEFENSIVE = 10."""
    network = model(body())
    responses = Responses(network, ExactNetwork(network), Coordinates(network))
    for which in (0, 1):
        made = Half(responses, 1, which)
        assert not made.proposal.is_prior
        made.grow(40_000)
        ratio = np.exp(made.sample.log_ratio)
        assert ratio.mean() == pytest.approx(1, abs=4.5 * ratio.std() / np.sqrt(len(ratio)))
        assert ratio.max() < 10
        # Under these weights every coordinate is a standard Normal again.
        mean = (made.sample.z * ratio).mean(axis=1)
        square = (made.sample.z**2 * ratio).mean(axis=1)
        assert (np.abs(mean) < 4.5 * (made.sample.z * ratio).std(axis=1) / 200).all()
        assert (np.abs(square - 1) < 4.5 * (made.sample.z**2 * ratio).std(axis=1) / 200).all()


def test_evidence_alone_is_weighted_by_its_probability() -> None:
    """Beta(a, b) and a fixed likelihood ratio 4 : 1; the posterior mean is a ratio of two moments.

    E[p (.8)] / E[.8 p + .2 (1 - p)] = .8 m / (.2 + .6 m), m = .4.
    """
    found = posterior_of(
        network_of(
            "questions: {x: {type: binary, prior: 40% (20..65)}}\n"
            "evidence: [{id: e, date: 2025-04-01, text: t, source: s, odds: {x: x4}}]\n"
            "scenarios: {s: x, rest: otherwise}"
        )
    )
    assert means(found)[0] == pytest.approx(0.32 / 0.44, abs=4.5 * errors(found)[0])
    assert np.exp(found.log_evidence) == pytest.approx(0.44, abs=0.003)
    np.testing.assert_array_equal(means(found), means(found, "evidence"))


def test_without_evidence_roots_report_what_was_typed() -> None:
    found = posterior_of(
        model(body(evidence=[], statements=[]).replace("doo.m", "x2.5 (1.2..5)").replace(FRAME, ""))
    )
    y = found.final.questions["y"][:, 0]
    assert found.final.weights @ y == pytest.approx(0.4, abs=4 * y.std() / np.sqrt(len(y)))


def test_only_leans_are_uncertain() -> None:
    """Fixed numbers and a statement: nothing that a statement could move."""
    summary = summary_of(
        "questions: {x: {type: binary, prior: 30%}}\nstatements: [{of: x, says: likely}]\n"
        "scenarios: {s: x, rest: otherwise}"
    )
    assert summary.scenarios["s"].probability == pytest.approx(0.3, rel=1e-12)
    assert summary.scenarios["s"].intervals is None
    assert summary.diagnostics.status == "pass"


def test_chosen_draws_are_kept_to() -> None:
    assert posterior_of(model(body()), draws=3000).draws == 3000


# ------------------------------------------------------------------------- changes that change nothing


def shuffled(items: list[str], seed: int = 3) -> list[str]:
    out = list(items)
    random.Random(seed).shuffle(out)
    assert out != items
    return out


REORDERED = {
    "questions": body(questions=shuffled(QUESTIONS)),
    "evidence": body(evidence=shuffled(EVIDENCE)),
    "statements": body(statements=shuffled(STATEMENTS)),
}


@pytest.mark.parametrize("what", REORDERED)
def test_order_does_not_matter(what: str) -> None:
    same(posterior_of(model(body())), posterior_of(model(REORDERED[what])))


@pytest.mark.parametrize("what", REORDERED)
def test_order_does_not_matter_draw_by_draw(what: str) -> None:
    """Streams are keyed by name: the same draws of the prior give the same chances."""
    found = []
    for text in (body(), REORDERED[what]):
        network = model(text)
        coordinates = Coordinates(network)
        drawn = Half(Responses(network, ExactNetwork(network), coordinates), 5, 0)
        by_name = dict(zip(coordinates.names, drawn.pilot.z, strict=True))
        assert set(by_name) == set(Coordinates(model(body())).names)
        found.append((by_name, drawn.pilot.solution.outcomes[1].scenarios, drawn.pilot.log_weights))
    for name, draws in found[0][0].items():
        np.testing.assert_array_equal(draws, found[1][0][name])
    np.testing.assert_allclose(found[0][1], found[1][1], rtol=1e-9)
    np.testing.assert_allclose(found[0][2], found[1][2], rtol=1e-9, atol=1e-9)


def test_names_of_states_do_not_matter() -> None:
    renamed = body()
    for old, new in (("sun", "zeta"), ("tea", "alpha"), ("urn", "mid")):
        renamed = renamed.replace(old, new)
    a, b = posterior_of(model(body())), posterior_of(model(renamed))
    np.testing.assert_allclose(means(a), means(b), rtol=0, atol=1e-9)


def complementary(text: str) -> str:
    """Say of each claim its opposite, in mirrored words."""
    for old, new in (
        ("of: x, says: doo.c1", "of: not x, says: doo.c1"),
        ("of: d by 2025-06-30, given", "of: not (d by 2025-06-30), given"),
        (
            "of: c is sun, says: 30% (15..50), side: at most",
            "of: not (c is sun), says: 70% (50..85), side: at least",
        ),
    ):
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize("seed", range(2))
def test_a_claim_and_its_complement_say_the_same(seed: int) -> None:
    """Beta(a, b) mirrored is Beta(b, a): stated, logit m, and the direction of the lean change sign.

    So u changes sign, its likelihood not, and the same draws have the same weights.
    """
    mirrored = PRIORS.replace("c1: {read_as: likely}", "c1: {read_as: unlikely}").replace(
        "c2: {read_as: unlikely}", "c2: {read_as: likely}"
    )
    a = posterior_of(model(body()), seed)
    b = posterior_of(network_of(complementary(body()), files={"doo.yaml": mirrored}), seed)
    for stage in ("inputs", "evidence", "statements"):
        np.testing.assert_allclose(means(a, stage), means(b, stage), rtol=0, atol=1e-9)
    np.testing.assert_allclose(a.log_weights, b.log_weights, rtol=0, atol=1e-7)


@pytest.mark.parametrize(
    "cut",
    [
        lambda text: text.replace(
            "timing: [constant]", "timing: [constant], report_by: [2025-05-01, 2025-09-01]"
        ),
        lambda text: text + "variants: {v: {given: d by 2025-07-07}}\n",
    ],
)
def test_cuts_that_nothing_uses_change_nothing(cut: Callable[[str], str]) -> None:
    a, b = posterior_of(model(body())), posterior_of(model(cut(body())))
    np.testing.assert_allclose(means(a), means(b), rtol=0, atol=1e-9)
    np.testing.assert_allclose(a.log_weights, b.log_weights, rtol=0, atol=1e-7)


def test_what_is_known_later_never_leaks() -> None:
    """A later report and a later silence change nothing of a run as of an earlier day."""
    later = (
        "- {id: z, date: 2025-06-15, text: t, source: s, observed: d in 2025-06-01..2025-06-15}\n"
    )
    plain, more = (
        posterior_of(
            network_of(
                text, files={"doo.yaml": PRIORS}, on="2025-05-20", observed_through="2025-06-30"
            )
        )
        for text in (body(), body(evidence=[*EVIDENCE, later]))
    )
    np.testing.assert_allclose(means(plain), means(more), rtol=0, atol=1e-9)
    np.testing.assert_allclose(plain.log_weights, more.log_weights, rtol=0, atol=1e-7)


def test_a_question_that_nothing_asks_about_changes_little() -> None:
    more = [*QUESTIONS, "  lonely: {type: binary, prior: likely}\n"]
    same(posterior_of(model(body())), posterior_of(model(body(questions=more))))


# ------------------------------------------------------------------------- reproducible


def test_the_same_seed_gives_the_same_bytes() -> None:
    spec = spec_of(body(), files={"doo.yaml": PRIORS})
    first, again, other = (
        forecast.summarise(spec, network, posterior_of(network, seed)).to_json().encode()
        for network, seed in ((forecast.build(spec), seed) for seed in (42, 42, 43))
    )
    assert first == again
    assert first != other


def test_one_spec_builds_the_same_network_twice() -> None:
    spec = spec_of(body(), files={"doo.yaml": PRIORS})
    first, second = forecast.build(spec), forecast.build(spec)
    assert list(first.parameters.items()) == list(second.parameters.items())
    assert first.statements == second.statements
