"""Variants carried out: other values at their own places, voices dropped, no account owed."""

from __future__ import annotations

import pytest
from writing import BASE, Project

import forecast
from forecast.errors import InvalidFile, UsageError
from forecast.spec.load import ScenarioSpec
from forecast.spec.variation import part_of


@pytest.fixture
def project(tmp_path: pytest.TempPathFactory) -> Project:
    return Project(tmp_path)  # type: ignore[arg-type]


def varied(project: Project, body: str, name: str = "q") -> ScenarioSpec:
    project.load(BASE.replace("watch:", f"  q: {body}\nwatch:"))
    return forecast.load(project.root / "scenarios/s.yaml", name)


DATA = {"questions": {"a.b": {"c": "1"}, "a": {"b": "2"}}, "evidence": [{"id": "e"}, {"x": "y"}]}


@pytest.mark.parametrize(
    ("place", "path", "rest"),
    [
        ("questions.a.b", ("questions", "a.b"), ""),  # the longest name wins
        ("questions.a.b.c", ("questions", "a.b", "c"), ""),
        ("questions.a.c", ("questions", "a"), "c"),
        ("evidence.e", ("evidence", 0), ""),
        ("evidence.1.x", ("evidence", 1, "x"), ""),
        ("evidence.0", ("evidence",), "0"),
        ("nothing.here", (), "nothing.here"),
    ],
)
def test_parts_are_named_by_keys_and_ids(
    place: str, path: tuple[str | int, ...], rest: str
) -> None:
    assert part_of(DATA, place) == (path, rest)


def test_a_value_is_set(project: Project) -> None:
    spec = varied(project, "{set: {questions.meeting.prior: 40% (20..60)}}")
    parameter = forecast.build(spec).parameters["questions.meeting.prior"]
    assert parameter.distribution.mean == pytest.approx(0.4)  # type: ignore[union-attr]
    assert parameter.origin.words == "40% (20..60)"
    assert parameter.origin.place == "s.yaml:25"  # where it stands: under the variant
    assert spec.variation is not None
    assert spec.variation.changes == ("questions.meeting.prior: 40% (20..60), not own.mine",)


def test_no_account_is_owed_for_what_a_variant_leaves_out(project: Project) -> None:
    """own.mine and doo.visits are used no more; the file itself has accounted for them."""
    body = "{set: {questions.meeting.prior: 40%, questions.visits.rate: {events: 3, in: 9 months}}}"
    assert "own.mine" not in forecast.build(varied(project, body)).parameters


def test_a_fault_elsewhere_names_the_variant(project: Project) -> None:
    with pytest.raises(InvalidFile) as refusal:
        varied(project, "{set: {scenarios.b: place is moscow}}")
    (fault,) = refusal.value.faults
    assert fault.text == "with the variant `q`: the scenarios do not cover every future"
    assert fault.line == 20


def test_every_variant_is_checked_whichever_is_asked_for(project: Project) -> None:
    with pytest.raises(InvalidFile, match="did you mean `likely`"):
        varied(project, "{set: {questions.meeting.prior: likly}}", "v")


def test_a_variant_must_exist(project: Project) -> None:
    with pytest.raises(UsageError, match="has no variant `w`: it has v, q"):
        varied(project, "{drop: [report]}", "w")
    with pytest.raises(UsageError, match="did you mean `v`"):
        varied(project, "{drop: [report]}", "vv")


# ------------------------------------------------------------------------- drop


def test_a_source_is_dropped(project: Project) -> None:
    """His statement goes, his multiplier is x1, his rate is replaced."""
    spec = varied(project, "{drop: [doo], set: {questions.visits.rate: {events: 3, in: 9 months}}}")
    network = forecast.build(spec)
    assert network.statements == ()
    assert not [name for name in network.parameters if name.startswith("doo.")]
    assert network.views[1].reports == ("report",)
    stages = forecast.infer(network).stages
    found = [stages[s].weights @ stages[s].questions["meeting"] for s in ("inputs", "evidence")]
    # x1 tells nothing, and both estimate one mean: 4.5 standard errors, sd of the prior 0.08.
    assert found[0] == pytest.approx(found[1], abs=4.5 * 0.08 / 4096**0.5)
    assert spec.variation is not None
    assert spec.variation.changes[-1] == "without doo: 1 statement, 1 multiplier at x1"


@pytest.mark.parametrize("name", ["report", "g"])
def test_reports_are_dropped_by_id_and_by_group(project: Project, name: str) -> None:
    grouped = BASE.replace("grade: B2,", "grade: B2, group: g,")
    project.load(grouped.replace("watch:", f"  q: {{drop: [{name}]}}\nwatch:"))
    spec = forecast.load(project.root / "scenarios/s.yaml", "q")
    network = forecast.build(spec)
    assert network.views[1].reports == ()
    assert "doo.chip" not in network.parameters
    summary = forecast.summarise(spec, network, forecast.infer(network))
    (left,) = summary.evidence.ignored
    assert (left.id, left.why) == ("report", "dropped by the variant `q`")


@pytest.mark.parametrize("name", ["mine", "own.mine"])
def test_own_judgements_are_dropped(project: Project, name: str) -> None:
    text = (
        BASE.replace("says: doo.trip", "says: own.said")
        .replace("  mine:", "  said: {read_as: even}\n  mine:")
        .replace("doo.sure: not in doubt", "doo.sure: n, doo.trip: n")
    )
    dropped = name.replace("mine", "said")
    project.load(text.replace("watch:", f"  q: {{drop: [{dropped}]}}\nwatch:"))
    assert forecast.build(forecast.load(project.root / "scenarios/s.yaml", "q")).statements == ()


# ------------------------------------------------------------------------- random streams


def test_variants_compare_draw_by_draw(project: Project) -> None:
    """What a variant leaves alone has the same draws: streams are keyed by path."""
    spec = project.load(BASE)
    as_it_is = forecast.infer(forecast.build(spec)).prior
    other = varied(project, "{drop: [doo.trip], set: {questions.meeting.prior: 40% (20..60)}}")
    varied_prior = forecast.infer(forecast.build(other)).prior
    shared = set(as_it_is) & set(varied_prior)
    assert {"questions.troops.occurs", "questions.place.prior", "doo.visits", "doo.chip"} <= shared
    for name in shared:
        assert (as_it_is[name][..., :2000] == varied_prior[name][..., :2000]).all()


# ------------------------------------------------------------------------- the same by every way


def test_options_and_variants_give_the_same_numbers(project: Project) -> None:
    text = BASE.replace("watch:", "  q: {given: place is east, do: {troops: 2025-06-15}}\nwatch:")
    spec = project.load(text)
    by_name = forecast.build(forecast.load(project.root / "scenarios/s.yaml", "q"))
    by_option = forecast.build(spec, given="place is east", do={"troops": "2025-06-15"})
    assert by_name.given == by_option.given == ("place is east",)
    assert by_name.done == by_option.done == {"troops": "2025-06-15"}
    one, two = forecast.infer(by_name), forecast.infer(by_option)
    assert (one.final.scenarios == two.final.scenarios).all()
    assert (one.final.questions["troops"] == two.final.questions["troops"]).all()
    assert (one.log_weights == two.log_weights).all()


def test_options_add_to_the_variant(project: Project) -> None:
    spec = varied(project, "{given: place is east, do: {meeting: yes}}")
    network = forecast.build(spec, given="visits >= 2", do={"troops": "never"})
    assert network.done == {"meeting": "yes", "troops": "never"}
    final = forecast.infer(network).final
    states = network.nodes["place"].cells.states
    assert final.weights @ final.questions["place"][:, states.index("east")] == pytest.approx(1)
    assert final.weights @ final.scenarios[:, 0] == pytest.approx(1)


@pytest.mark.parametrize(
    ("do", "said"),
    [
        ({"metting": "yes"}, "--do: there is no question `metting`"),
        ({"meeting": "maybe"}, "--do: `meeting` cannot be set to `maybe` \\(write yes or no\\)"),
        ({"troops": "2027-01-01"}, "--do: 2027-01-01 lies outside the window"),
    ],
)
def test_what_cannot_be_set_is_wrong_usage(project: Project, do: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        forecast.build(project.load(BASE), do=do)
