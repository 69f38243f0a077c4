"""The shipped cases: two textbook files to the last digit, and the first case's promises."""

from __future__ import annotations

import datetime as dt
import itertools
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import forecast
from forecast.inference.exact import ExactNetwork
from forecast.model.network import Network
from forecast.posterior import Posterior
from forecast.spec.notation import Point
from forecast.spec.question import Binary, Date
from forecast.spec.walk import all_questions
from forecast.summary.contract import Summary

SCENARIOS = Path(__file__).parents[1] / "scenarios"


@cache
def run(
    name: str, given: str | tuple[str, ...] = (), on: str | None = None
) -> tuple[Network, Posterior, Summary]:
    spec = forecast.load(SCENARIOS / f"{name}.yaml")
    network = forecast.build(spec, given=given, as_of=on)
    posterior = forecast.infer(network)
    return network, posterior, forecast.summarise(spec, network, posterior)


# ------------------------------------------------------------------------- chest clinic

NAMES = ("asia", "smoke", "tub", "lung", "bronc", "either", "xray", "dysp")


def joint(
    asia: bool, smoke: bool, tub: bool, lung: bool, bronc: bool, xray: bool, dysp: bool
) -> Fraction:
    """The network of Lauritzen and Spiegelhalter (1988), table 1, in hundredths."""
    either = tub or lung

    def of(percent: int, holds: bool) -> Fraction:
        return Fraction(percent if holds else 100 - percent, 100)

    return (
        of(1, asia) * of(50, smoke) * of(5 if asia else 1, tub) * of(10 if smoke else 1, lung)
        * of(60 if smoke else 30, bronc) * of(98 if either else 5, xray)
        * of({(1, 1): 90, (1, 0): 70, (0, 1): 80, (0, 0): 10}[either, bronc], dysp)
    )  # fmt: skip


@cache
def enumerated(*known: tuple[str, bool]) -> dict[str, Fraction]:
    """P(each finding | what is known), and P(known), by adding up 128 worlds as fractions."""
    sums: dict[str, Fraction] = dict.fromkeys(NAMES, Fraction(0))
    total = Fraction(0)
    for world in itertools.product((True, False), repeat=7):
        asia, smoke, tub, lung, bronc, xray, dysp = world
        state = dict(
            zip(NAMES, (asia, smoke, tub, lung, bronc, tub or lung, xray, dysp), strict=True)
        )
        if any(state[name] != value for name, value in known):
            continue
        p = joint(*world)
        total += p
        for name in NAMES:
            sums[name] += p * state[name]
    return {**{name: value / total for name, value in sums.items()}, "evidence": total}


KNOWN: dict[str, tuple[tuple[str, bool], ...]] = {
    "": (),
    "dysp": (("dysp", True),),
    "asia and dysp": (("asia", True), ("dysp", True)),
    "asia and dysp and not smoke": (("asia", True), ("dysp", True), ("smoke", False)),
    "xray and not dysp": (("xray", True), ("dysp", False)),
}


@pytest.mark.parametrize("given", KNOWN)
def test_chest_clinic_equals_enumeration(given: str) -> None:
    _, posterior, summary = run("chest_clinic", given or ())
    expected = enumerated(*KNOWN[given])
    for name in NAMES:
        found = summary.questions[name].states["yes"].probability
        assert found == pytest.approx(float(expected[name]), abs=1e-12)
    assert np.exp(posterior.log_evidence) == pytest.approx(float(expected["evidence"]), rel=1e-12)
    tub = float(expected["tub"])
    assert summary.scenarios["tuberculosis"].probability == pytest.approx(tub, abs=1e-12)
    lung = float(expected["either"]) - tub
    assert summary.scenarios["cancer"].probability == pytest.approx(lung, abs=1e-12)


def test_chest_clinic_as_published() -> None:
    """The marginals before anything is known; as comments in the file, too."""
    published = {
        "tub": "0.0104", "lung": "0.055", "bronc": "0.45", "either": "0.064828",
        "xray": "0.11029004", "dysp": "0.4359706",
    }  # fmt: skip
    assert {name: enumerated()[name] for name in published} == {
        k: Fraction(v) for k, v in published.items()
    }
    found = run("chest_clinic")[2]
    for name, value in published.items():
        assert found.questions[name].states["yes"].probability == pytest.approx(
            float(value), abs=1e-12
        )


def test_explaining_away() -> None:
    """A visit to Asia makes tuberculosis likelier and, given dyspnoea, bronchitis less likely."""
    before, after = enumerated(("dysp", True)), enumerated(("asia", True), ("dysp", True))
    assert after["tub"] > before["tub"]
    assert after["bronc"] < before["bronc"]


# ------------------------------------------------------------------------- Korea


def test_korea_1950() -> None:
    """Odds 1 : 9 times 27 are 3 : 1; the rest keeps its proportion 30 : 60: 3/4, 1/12, 1/6."""
    _, posterior, summary = run("korea_1950")
    found = [s.probability for s in summary.scenarios.values()]
    assert found == pytest.approx([3 / 4, 1 / 12, 1 / 6], abs=1e-15)
    assert [s.stages.inputs for s in summary.scenarios.values()] == pytest.approx(
        [0.1, 0.3, 0.6], abs=1e-15
    )
    assert summary.diagnostics.status == "pass"
    # P(reports) = .1 * 27 / 28 + .9 / 28
    assert np.exp(posterior.log_evidence) == pytest.approx(3.6 / 28, rel=1e-12)


# ------------------------------------------------------------------------- the first case


@pytest.mark.parametrize(
    ("result", "chances"),
    [
        # P(oil, result) in hundredths: dry 30, 15, 5; wet 9, 12, 9; soaking 2, 8, 10.
        ("diffuse", (2 / 41, 9 / 41, 30 / 41)),
        ("open", (8 / 35, 12 / 35, 15 / 35)),
        ("closed", (10 / 24, 9 / 24, 5 / 24)),
    ],
)
def test_oil_wildcatter(result: str, chances: tuple[float, float, float]) -> None:
    """Raiffa (1968): what each seismic result tells of the oil; results at .41, .35, .24."""
    _, posterior, summary = run("oil_wildcatter", f"seismic is {result}")
    found = [summary.scenarios[name].probability for name in ("gusher", "pays", "dry_hole")]
    assert found == pytest.approx(chances, rel=1e-12)
    total = {"diffuse": 0.41, "open": 0.35, "closed": 0.24}[result]
    assert np.exp(posterior.log_evidence) == pytest.approx(total, rel=1e-12)


def test_a_coalition_needs_a_government_and_void_fills_the_rest() -> None:
    """P(a coalition is in some state) = P(a government by the end of the year), draw by draw."""
    _, posterior, _ = run("coalition_2031")
    of = posterior.final.questions
    np.testing.assert_allclose(of["coalition"][:, -1], of["government"][:, -1], atol=1e-12)
    left = posterior.final.scenarios[:, 0] + posterior.final.scenarios[:, 1]
    np.testing.assert_allclose(left, of["coalition"][:, 0], atol=1e-12)


def test_the_full_case_asks_the_shared_questions_as_the_first_case_does() -> None:
    shared = ("latents.compensation.prior", "questions.ceasefire.occurs")
    first, full = run("victory_day_2025")[0], run("victory_day_2025_full")[0]
    for name in shared:
        assert first.parameters[name].distribution == full.parameters[name].distribution
    assert full.nodes["killed"].cells.kind == "quantity"


def test_victory_day_runs() -> None:
    _, posterior, summary = run("victory_day_2025")
    assert summary.diagnostics.status == "pass"
    assert sum(s.probability for s in summary.scenarios.values()) == pytest.approx(1, abs=1e-12)
    np.testing.assert_allclose(posterior.final.scenarios.sum(axis=1), 1, rtol=0, atol=1e-12)
    assert all(s.mcse < 0.005 for s in summary.scenarios.values())


def test_roots_report_what_was_typed() -> None:
    """At the first stage, within 4 Monte Carlo errors: inputs are means over draws of the prior."""
    _, posterior, summary = run("victory_day_2025")
    stage = posterior.stages["inputs"]
    typed: dict[tuple[str, str], float] = {}
    for name, question in all_questions(
        forecast.load(SCENARIOS / "victory_day_2025.yaml").file
    ).items():
        if isinstance(question, Binary) and isinstance(question.prior, Point):
            typed[name, "yes"] = question.prior.mean
        if isinstance(question, Date) and isinstance(question.occurs, Point):
            typed[name, "never"] = 1 - question.occurs.mean
    assert {"compensation", "ceasefire", "troops_march"} <= {name for name, _ in typed}
    for (name, state), chance in typed.items():
        found = summary.questions[name].states[state]
        values = stage.questions[name][:, list(summary.questions[name].states).index(state)]
        error = values.std() * np.sqrt((stage.weights**2).sum())
        assert found.stages.inputs == pytest.approx(chance, abs=4 * error)


def test_every_prior_is_drawn_as_it_was_typed() -> None:
    """The prior draws of every parameter have its prior's mean: 44 parameters, 4.5 errors each."""
    network, posterior, summary = run("victory_day_2025")
    means = {p.name: p.mean for p in summary.provenance.parameters}
    for name, parameter in network.parameters.items():
        draws = np.atleast_2d(posterior.prior[name])
        parts = [f"{name}.{state}" for state in parameter.components] or [name]
        for part, values in zip(parts, draws, strict=True):
            error = values.std() / np.sqrt(len(values))
            assert values.mean() == pytest.approx(means[part], abs=4.5 * error)


@pytest.mark.parametrize("on", [None, "2025-03-25", "2024-12-01"])
def test_nothing_later_than_the_as_of_date_is_known(on: str | None) -> None:
    network, _, summary = run("victory_day_2025", (), on)
    day = dt.date.fromisoformat(on or "2025-04-08")
    used = network.views[1].reports
    assert all(network.reports[name].known <= day for name in used)
    assert set(used) == {name for name, report in network.reports.items() if report.known <= day}
    assert all(statement.origin.said <= day for statement in network.statements)
    ignored = {item.id for item in summary.evidence.ignored}
    assert set(network.reports) == {*used, *(ignored & set(network.reports))}
    assert len(network.statements) + len(ignored - set(network.reports)) == 12


def test_the_experts_knew_what_was_known_when_they_spoke() -> None:
    """Doo spoke on 8 April, NK News on 1 April: none of the evidence is later, so both knew it all."""
    network = run("victory_day_2025")[0]
    for statement in network.statements:
        known = network.views[statement.target.view]
        assert set(known.reports) == {
            name
            for name, report in network.reports.items()
            if report.known <= statement.origin.said
        }


def test_what_is_given_holds() -> None:
    network, posterior, summary = run("victory_day_2025", "ceasefire by 2025-06-30")
    by = summary.questions["ceasefire"].by
    assert by is not None
    assert summary.questions["ceasefire"].states["never"].probability == pytest.approx(0, abs=1e-12)
    plain = ExactNetwork(run("victory_day_2025")[0])
    values = {name: draws[..., :50] for name, draws in posterior.parameters.items()}
    # The experts did not know it: their implied chances are those of the plain network.
    np.testing.assert_allclose(
        ExactNetwork(network).solution(values).implied, plain.solution(values).implied, rtol=1e-9
    )


def test_a_derived_meeting_is_the_earlier_of_its_parts() -> None:
    """For each draw P(no meeting) = P(no visit) P(no meeting elsewhere): they share no cause."""
    _, posterior, summary = run("victory_day_2025")
    stage = posterior.stages["inputs"]
    never = {
        name: stage.questions[name][:, list(summary.questions[name].states).index("never")]
        for name in ("meeting", "visit_russia", "meeting_elsewhere")
    }
    np.testing.assert_allclose(
        never["meeting"], never["visit_russia"] * never["meeting_elsewhere"], rtol=1e-9
    )
