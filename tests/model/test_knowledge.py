"""Who knew what, and when: silence, as-of dates, conditions taken as given."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from modelling import chance, network_of, outcomes, posterior_of, spec_of, states, summary_of

import forecast
from forecast.errors import InvalidFile, InvalidModel, UsageError
from forecast.inference.exact import ExactNetwork
from forecast.model.network import Network

DOO = """\
priors: 1
source: {who: Doo, said: SAID}
lexicon: icd203
judgements: {j: {read_as: 40%}}
"""


def question(rest: str = "", occurs: str = "40%", window: str = "2025-01-01..2025-12-31") -> str:
    where = f"window: {window}, " if window else ""
    return f"questions:\n  x: {{type: date, {where}occurs: {occurs}, timing: [evenly]{rest}}}\n"


def said_on(day: str) -> dict[str, str]:
    return {"doo.yaml": DOO.replace("SAID", day)}


# ------------------------------------------------------------------------- silence


@pytest.mark.parametrize(
    ("observed", "on", "observable", "days"),
    [
        (None, None, "at once", None),  # the window opens on the day after the as-of date
        ("2025-06-30", "2025-05-31", "at once", "2025-04-09..2025-05-31"),
        ("2025-06-30", "2025-06-30", "at once", "2025-04-09..2025-06-30"),
        (
            "2025-05-31",
            "2025-07-31",
            "at once",
            "2025-04-09..2025-05-31",
        ),  # nobody has looked since
        (None, "2025-07-31", "at once", None),
        ("2025-06-30", "2025-05-31", "45 days", "2025-04-09..2025-04-16"),
        ("2025-06-30", "2025-05-20", "45 days", None),
        ("2025-05-31", "2025-07-31", "30 days", "2025-04-09..2025-05-31"),  # min(1 July, 31 May)
        ("2026-06-30", "2026-06-30", "at once", "2025-04-09..2025-12-31"),  # not beyond the window
        ("2025-06-30", "2025-05-31", "never", None),
    ],
)
def test_silence_ends(
    observed: str | None, on: str | None, observable: str, days: str | None
) -> None:
    """At min(as-of - delay, observed_through), and with the window."""
    frame = {"observed_through": observed} if observed else {}
    network = network_of(question(f", observable: {observable}", window=""), on=on, **frame)
    assert dict(network.views[1].silent) == ({"x": days} if days else {})


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("2025-03-01", "2025-03-01..2025-04-08"),
        ("2024-12-01", "2025-01-01..2025-04-08"),  # not before the window
        ("2025-04-08", "2025-04-08"),
        ("2025-04-09", None),
    ],
)
def test_silence_begins_when_the_judgement_was_made(said: str, days: str | None) -> None:
    body = "use: {doo: doo.yaml}\n" + question(occurs="doo.j")
    network = network_of(body, files=said_on(said))
    assert dict(network.views[1].silent) == ({"x": days} if days else {})


@pytest.mark.parametrize(
    ("grade", "never"),
    [("", 0.0), ("grade: B2, ", 0.6 * 0.19 * 60 / 365 / (0.81 * 0.4 * 60 / 365 + 0.19 * 60 / 365))],
)
def test_a_report_of_days_before_the_chances_were_said_is_refused(grade: str, never: float) -> None:
    """Who said the chances on 8 April knew that it had not happened: no chance is left to March."""
    body = question() + (
        f"evidence: [{{id: z, date: 2025-03-01, text: t, source: s, {grade}observed: x by DAY}}]"
    )
    with pytest.raises(InvalidModel) as caught:
        network_of(body.replace("DAY", "2025-03-01"))
    (fault,) = caught.value.faults
    assert fault.code == "too-early"
    assert "the chances of `x` were said on 2025-04-08" in fault.text
    # Said before, they leave it a chance, 40 % spread over the year. B2 is r = .9 x .9, the noise is
    # the share of the days: .81 [by 1 March] + .19 x 60/365.
    early = body.replace("40%", "doo.j").replace("DAY", "2025-03-01")
    network = network_of("use: {doo: doo.yaml}\n" + early, files=said_on("2025-01-01"))
    assert states(network, "x")["never"] == pytest.approx(never, abs=1e-12)
    network_of(body.replace("DAY", "2025-04-30"))  # may have happened since


def test_of_several_judgements_the_latest_counts() -> None:
    """The share of the timing is the analyst's own, hence of the as-of date."""
    body = "use: {doo: doo.yaml}\n" + question(occurs="doo.j").replace(
        "[evenly]", "[{between: 2025-05-01..2025-05-31, share: 20%}, evenly]"
    )
    assert dict(network_of(body, files=said_on("2025-03-01")).views[1].silent) == {
        "x": "2025-04-08"
    }


def test_silence_is_the_chance_that_nothing_happened() -> None:
    """Said on 1 March of 306 days; silent on the first 39: p (1 - f) / (1 - p f), f = 39 / 306."""
    body = "use: {doo: doo.yaml}\n" + question(occurs="doo.j")
    network = network_of(body + "scenarios: {s: x, rest: otherwise}", files=said_on("2025-03-01"))
    f = 39 / 306
    assert chance(network, view=0) == pytest.approx(0.4, rel=1e-12)
    assert chance(network) == pytest.approx(0.4 * (1 - f) / (1 - 0.4 * f), rel=1e-12)
    total = ExactNetwork(network).solution({}).log_evidence[0]
    assert np.exp(total) == pytest.approx(1 - 0.4 * f, rel=1e-12)


def test_under_a_constant_hazard_silence_teaches_about_the_rate_and_not_about_tomorrow() -> None:
    """At a fixed chance P(next 30 days) is after 60 silent days what it was on the first: no memory."""
    found = []
    for on, days in (
        ("2025-04-08", "2025-04-09..2025-05-08"),
        ("2025-06-07", "2025-06-08..2025-07-07"),
    ):
        body = question(window="").replace("evenly", "constant")
        network = network_of(
            body + f"scenarios: {{s: x in {days}, rest: otherwise}}",
            on=on,
            observed_through="2025-12-31",
        )
        found.append(chance(network))
    assert found[0] == pytest.approx(found[1], rel=1e-12)


@pytest.mark.parametrize(
    ("observed", "silent"),
    [
        ("x in 2025-04-20..2025-04-30", False),
        ("x by 2025-05-31", False),
        ("x", False),
        ("not x", True),
        ("x or y", True),  # that need not be x
        ("x and y", False),
    ],
)
def test_an_observed_event_ends_silence(observed: str, silent: bool) -> None:
    body = (
        question(window="") + "  y: {type: binary, prior: 50%}\nevidence:\n"
        f"- {{id: e, date: 2025-05-01, text: t, source: s, observed: {observed}}}\n"
    )
    late = network_of(body, on="2025-05-31", observed_through="2025-05-31")
    assert bool(late.views[1].silent) == silent
    early = network_of(body, on="2025-04-30", observed_through="2025-05-31")
    assert dict(early.views[1].silent) == {"x": "2025-04-09..2025-04-30"}


def test_who_is_never_silent() -> None:
    """Latents, derived questions, counts, and binaries without timing."""
    days = "window: 2025-01-01..2025-12-31"
    network = network_of(
        f"latents: {{h: {{type: date, {days}, occurs: 40%, timing: [evenly]}}}}\n"
        f"questions:\n  b: {{type: binary, {days}, prior: 50%}}\n"
        f"  n: {{type: count, {days}, rate: {{events: 1, in: 1 year}}}}\n"
        f'  m: {{type: date, {days}, means: "earliest(h, k)"}}\n'
        f"  k: {{type: date, {days}, rate: {{events: 1, in: 1 year}}}}"
    )
    assert dict(network.views[1].silent) == {"k": "2025-04-08"}


def test_void_questions_are_silent_too() -> None:
    """Silence has probability 1 where x is void: P(c | silence) = .5 (1 - .4) / (.5 (1 - .4) + .5)."""
    body = question(", only_if: c", window="") + "  c: {type: binary, prior: 50%}\n"
    network = network_of(body, on="2025-12-31", observed_through="2025-12-31")
    assert states(network, "c")["yes"] == pytest.approx(0.3 / 0.8, rel=1e-12)


# ------------------------------------------------------------------------- as-of

DATED = """\
use: {doo: doo.yaml}
questions:
  x: {type: binary, prior: 30%}
  d: {type: date, occurs: 40% (20..60), timing: [evenly]}
statements:
- {of: x, says: doo.j}
- {of: x, says: likely}
evidence:
- {id: first, date: 2025-02, text: t, source: s, odds: {x: x2}}
- {id: second, date: 2025-03-01, known: 2025-03-20, text: t, source: s, odds: {x: x3}}
- {id: third, date: 2025-04-08, text: t, source: s, odds: {x: x5}}
scenarios: {s: x, rest: otherwise}
"""


@pytest.mark.parametrize(
    ("on", "reports", "statements"),
    [
        ("2025-04-08", ["first", "second", "third"], ["doo.j", "own statement 2"]),
        ("2025-04-07", ["first", "second"], ["doo.j"]),
        ("2025-03-19", ["first"], ["doo.j"]),
        ("2025-02-28", ["first"], []),  # a month counts from its last day
        ("2025-02-27", [], []),
    ],
)
def test_an_earlier_as_of_knows_less(on: str, reports: list[str], statements: list[str]) -> None:
    network = network_of(DATED, files=said_on("2025-03-10"), on=on)
    assert list(network.views[1].reports) == reports
    assert [s.id for s in network.statements] == statements
    assert network.as_of == dt.date.fromisoformat(on)
    factor = {"first": 2, "second": 3, "third": 5}
    odds = 3 / 7 * np.prod([factor[name] for name in reports])
    values = dict.fromkeys(network.parameters, 0.4)
    assert chance(network, **values) == pytest.approx(odds / (1 + odds), rel=1e-12)


def test_windows_and_inputs_stay_when_the_as_of_moves() -> None:
    spec = spec_of(DATED, files=said_on("2025-03-10"))
    early, late = (forecast.build(spec, as_of=day) for day in ("2025-02-01", "2025-04-08"))
    assert early.nodes["d"].cells == late.nodes["d"].cells
    assert early.parameters == late.parameters
    found = [
        outcomes(net, 0, **dict.fromkeys(net.parameters, 0.4)).questions["d"]
        for net in (early, late)
    ]
    np.testing.assert_array_equal(*found)


def test_what_was_left_out_is_named() -> None:
    spec = spec_of(DATED, files=said_on("2025-03-10"))
    network = forecast.build(spec, as_of="2025-03-10")
    summary = forecast.summarise(spec, network, posterior_of(network))
    assert {item.id: item.why for item in summary.evidence.ignored} == {
        "second": "known on 2025-03-20, after 2025-03-10",
        "third": "known on 2025-04-08, after 2025-03-10",
        "own statement 2": "said after 2025-03-10",
    }
    hindsight = {p.name: p.hindsight for p in summary.provenance.parameters}
    assert hindsight == {"questions.d.occurs": True}  # typed in April: it stays, and is flagged


def test_later_than_the_file() -> None:
    """Evidence up to observed_through counts from the day on which it was known."""
    body = DATED + "- {id: late, date: 2025-05-01, text: t, source: s, odds: {x: x7}}\n"
    body = (
        body.replace("scenarios: {s: x, rest: otherwise}\n", "")
        + "scenarios: {s: x, rest: otherwise}\n"
    )
    spec = spec_of(body, files=said_on("2025-03-10"), observed_through="2025-06-30")
    assert forecast.build(spec).views[1].reports == ("first", "second", "third")
    assert forecast.build(spec, as_of="2025-04-30").views[1].reports == ("first", "second", "third")
    assert forecast.build(spec, as_of="2025-05-01").views[1].reports[-1] == "late"
    with pytest.raises(InvalidFile, match="dated after as_of"):
        spec_of(body, files=said_on("2025-03-10"))


# ------------------------------------------------------------------------- given

GIVEN = """\
questions:
  y: {type: binary, prior: 50% (20..80)}
  x: {type: binary, prior: {cases: {y: 80%, otherwise: 20%}}}
  d: {type: date, only_if: y, occurs: 40%, timing: [evenly]}
statements:
- {of: x, says: likely}
- {of: x, says: unlikely, informed_by: none}
scenarios: {s: x, rest: otherwise}
"""


def test_a_condition_is_hard_evidence() -> None:
    network = network_of(GIVEN, given="d by 2025-06-30 or not y")
    by_june = 0.4 * 83 / 267
    joint = {"yes": 0.3 * by_june, "no": 0.7}
    found = states(network, "y", **{"questions.y.prior": 0.3})
    assert found == pytest.approx({k: v / sum(joint.values()) for k, v in joint.items()}, rel=1e-12)
    assert network.given == ("d by 2025-06-30 or not y",)


def test_the_experts_did_not_know_it() -> None:
    """m = P(x | what they knew) at p = .3 is .3 * .8 + .7 * .2, with the condition or without."""
    for given in ("y", ()):
        network = network_of(GIVEN, given=given)
        implied = ExactNetwork(network).solution({"questions.y.prior": np.array([0.3])}).implied
        np.testing.assert_allclose(implied, [[0.38, 0.38]], rtol=1e-12)


def test_a_condition_updates_the_parameters() -> None:
    """y given: the Beta of P(y) gains a success; its mean is (a + 1) / (a + b + 1)."""
    body = GIVEN.split("statements")[0] + "scenarios: {s: x, rest: otherwise}"
    network = network_of(body, given="y")
    beta = network.parameters["questions.y.prior"].distribution
    posterior = posterior_of(network)
    p = posterior.parameters["questions.y.prior"]
    expected = (beta.a + 1) / (beta.a + beta.b + 1)
    error = np.sqrt(posterior.final.weights**2 @ (p - expected) ** 2)
    assert posterior.final.weights @ p == pytest.approx(expected, abs=4 * error)


def test_conditions_given_one_by_one_are_given_together() -> None:
    apart = network_of(GIVEN, given=["y", "d by 2025-06-30"])
    joined = network_of(GIVEN, given="y and d by 2025-06-30")
    values = {"questions.y.prior": 0.3}
    assert states(apart, "x", **values) == pytest.approx(states(joined, "x", **values), rel=1e-12)
    assert apart.given == ("y", "d by 2025-06-30")


SOFT = """
questions:
  `kind`: {type: categorical, states: [a, b, c], prior: {shares: {a: 50%, b: 30%, c: 20%}}}
  x: {type: binary, prior: {cases: {"`kind` is a": 10%, otherwise: 40%}}}
  d: {type: date, occurs: 40%, timing: [evenly]}
  v: {type: binary, only_if: x, prior: 50%}
numbers: exact
""".replace("`kind`:", "kind:")


@pytest.mark.parametrize("scale", [1.0, 1e-250])
def test_soft_evidence_weighs_states(scale: float) -> None:
    """Weights 1 : 5 : 9 on (.5, .3, .2): (.5, 1.5, 1.8) / 3.8; only their ratios count."""
    weights = ", ".join(f"{scale * w:g}" for w in (0.1, 0.5, 0.9))
    network = network_of(SOFT, given=f"kind ~ {weights}")
    found = states(network, "kind")
    assert found == pytest.approx({"a": 0.5 / 3.8, "b": 1.5 / 3.8, "c": 1.8 / 3.8}, rel=1e-12)
    expected = (0.5 * 0.1 + 3.3 * 0.4) / 3.8
    assert states(network, "x")["yes"] == pytest.approx(expected, rel=1e-12)


def test_soft_evidence_of_one_state_is_hard_evidence() -> None:
    soft = network_of(SOFT, given=["kind ~ 0, 1, 0", "`x` ~ 0, 3"])
    hard = network_of(SOFT, given="kind is b and not x")
    assert states(soft, "kind") == states(hard, "kind") == {"a": 0.0, "b": 1.0, "c": 0.0}
    assert states(soft, "x") == states(hard, "x")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            "kind ~ 0.1, 0.9",
            "`kind` has 3 states and 2 weights stand here (one for each of a, b, c",
        ),
        ("x ~ 1", "`x` has 2 states and 1 weight stand here (one for each of yes, no"),
        ("kindd ~ 1, 2, 3", "there is no question `kindd` (did you mean `kind`?"),
        ("kind ~ 1, 2, -3", "`-3` is no weight"),
        ("kind ~ 1, 2, nan", "`nan` is no weight"),
        ("kind ~ 1, 2,", "`` is no weight"),
        ("kind ~ 0, 0, 0", "all weights are zero"),
        ("d ~ 1, 2", "`d` is a date (ask it of a binary or categorical"),
        ("v ~ 1, 2", "`v` may be void"),
        ("otherwise", "`otherwise` has no meaning here"),
    ],
)
def test_soft_evidence_that_cannot_be_read(given: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        network_of(SOFT, given=given)
    assert message in str(caught.value)


def test_a_condition_may_join_many_questions() -> None:
    """At least one of 40 dates of 20 % each by the middle of the window: no table spans them all."""
    body = "questions:\n" + "".join(
        f"  q{i}: {{type: date, occurs: 20%, timing: [evenly], report_by: [2025-05-31]}}\n"
        for i in range(40)
    )
    given = " or ".join(f"q{i} by 2025-05-31" for i in range(40))
    network = network_of(body + "scenarios: {s: q0 by 2025-05-31, rest: otherwise}", given=given)
    p = 0.2 * 53 / 267
    assert chance(network) == pytest.approx(p / (1 - (1 - p) ** 40), rel=1e-12)


def clash(body: str, given: str) -> str:
    with pytest.raises(InvalidModel) as caught:
        posterior_of(network_of(body, given=given))
    (fault,) = caught.value.faults
    assert fault.code == "impossible-evidence"
    return fault.text


def test_impossible_evidence_names_the_least_that_clashes() -> None:
    """d is void unless y; the report says not y; another report is innocent."""
    body = GIVEN.split("scenarios")[0] + (
        "evidence:\n- {id: innocent, date: 2025-04-01, text: t, source: s, odds: {x: x3}}\n"
        "- {id: denial, date: 2025-04-01, text: t, source: s, observed: not y}\n"
    )
    text = clash(body, "d")
    assert text == (
        "the evidence is impossible: evidence `denial` and the condition `d` cannot both be so"
    )


@pytest.mark.parametrize("given", ["d and not y", "d by 2025-04-08", "y and not y"])
def test_a_condition_that_can_never_be(given: str) -> None:
    assert (
        clash(GIVEN, given) == f"the evidence is impossible: the condition `{given}` cannot be so"
    )


def test_a_condition_may_contradict_silence() -> None:
    body = question() + "scenarios: {s: x, rest: otherwise}"
    text = clash(body, "x by 2025-04-08")
    assert "`x` not seen to happen in 2025-04-08" in text
    assert "the condition `x by 2025-04-08`" in text


@pytest.mark.parametrize("given", ["z", "y is maybe", "y by 2025-05-01", "y and", "otherwise", ""])
def test_a_condition_that_cannot_be_read_is_wrong_usage(given: str) -> None:
    with pytest.raises(UsageError, match="--given"):
        network_of(GIVEN, given=given)


def test_a_condition_on_the_future_is_no_matter_of_dates() -> None:
    summary = summary_of(GIVEN, given="d in 2025-12-01..2025-12-31")
    assert summary.scenarios["s"].probability > 0.7
    assert summary.provenance.given == ("d in 2025-12-01..2025-12-31",)


def silent_days(network: Network) -> dict[str, str]:
    return dict(network.views[1].silent)
