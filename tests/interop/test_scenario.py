"""A network in BIF as a scenario file, run and written as YAML."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import NIGHT_WATCH, marginals, net_of, spec_of, tables

import forecast
from forecast.errors import InvalidFile, UsageError
from forecast.interop.bayes_net import BayesNet, Variable
from forecast.interop.scenario import net_of as read_net
from forecast.interop.written import as_bif, as_yaml
from forecast.spec.expression import quoted
from forecast.spec.table import ConditionalTable, Rows


def test_marginals_by_hand() -> None:
    found = marginals(forecast.build(forecast.load(NIGHT_WATCH)))
    # P(fever) = .7 .05 + .2 .3 + .1 .8 = .175
    assert found["fever > 39"]["yes"] == pytest.approx(0.175, abs=1e-12)
    # P(long) = .175 (.9 .7 + .1 .3) + .825 (.9 .04 + .1 .02) = .1155 + .03135
    assert found["alarm"]["long"] == pytest.approx(0.14685, abs=1e-12)


def test_a_condition_with_backquoted_names() -> None:
    network = forecast.build(
        forecast.load(NIGHT_WATCH), given="`infection/type-2` is `<5`|`5-12.5`"
    )
    # P(fever | some germs) = (.2 .3 + .1 .8) / .3
    assert marginals(network)["fever > 39"]["yes"] == pytest.approx(0.14 / 0.3, abs=1e-12)


def test_a_file_without_dates_reports_none() -> None:
    spec = forecast.load(NIGHT_WATCH)
    network = forecast.build(spec)
    summary = forecast.summarise(spec, network, forecast.infer(network))
    assert (summary.title, summary.as_of, summary.lead, summary.scenarios) == (None, None, None, {})
    assert {question.window for question in summary.questions.values()} == {None}
    assert (summary.provenance.lexicon, summary.provenance.observed_through) == (None, None)
    with pytest.raises(UsageError, match="this file says nothing of days"):
        forecast.build(spec, as_of="2025-04-08")


def test_an_unknown_state_in_a_condition_names_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"no state `sillent`; did you mean `silent`"):
        forecast.build(forecast.load(NIGHT_WATCH), given="alarm is sillent")


def reloaded(net: BayesNet, folder: Path) -> dict[str, object]:
    path = folder / "x.yaml"
    path.write_text(as_yaml(net, "From a test"), "utf-8")
    file = forecast.load(path).file
    return {
        name: (
            question.prior.table.parents,  # type: ignore[union-attr]
            question.states,  # type: ignore[union-attr]
            question.prior.table.rows.read(len(question.states))[0].tolist(),  # type: ignore[union-attr]
        )
        for name, question in file.questions.items()
    }


def test_yaml_says_the_same(tmp_path: Path) -> None:
    net = read_net(NIGHT_WATCH)
    assert reloaded(net, tmp_path) == tables(net)
    given = "`fever > 39` is yes and alarm is not long"
    spec = forecast.load(tmp_path / "x.yaml")
    ours = marginals(forecast.build(spec, given=given))
    assert ours == marginals(forecast.build(forecast.load(NIGHT_WATCH), given=given))


NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters="`\0", exclude_categories=["Cs", "Cc"]),
    min_size=1,
    max_size=8,
).filter(lambda name: name.strip() == name and name != "void")


@st.composite
def nets(draw: st.DrawFn) -> BayesNet:
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    variables: dict[str, Variable] = {}
    for i, name in enumerate(names):
        parents = draw(st.lists(st.sampled_from(names[:i]), max_size=2, unique=True)) if i else []
        states = draw(st.lists(NAMES, min_size=2, max_size=3, unique=True))
        worlds = itertools.product(*(variables[parent].states for parent in parents))
        weights = [[draw(st.integers(1, 9)) for _ in states] for _ in worlds]
        texts = tuple(" ".join(repr(w / sum(row)) for w in row) for row in weights)
        table = ConditionalTable.model_construct(parents=tuple(parents), rows=Rows(texts))
        variables[name] = Variable(tuple(states), table)
    return BayesNet(draw(NAMES), variables)


@given(nets())
@settings(max_examples=60, deadline=None)
def test_any_names_survive_yaml(tmp_path_factory: pytest.TempPathFactory, net: BayesNet) -> None:
    assert reloaded(net, tmp_path_factory.mktemp("net")) == tables(net)


@given(nets())
@settings(max_examples=60, deadline=None)
def test_bif_written_is_bif_read_but_for_the_names(net: BayesNet) -> None:
    again = tables(net_of(as_bif(net, ["a", "comment\nof two lines"])))
    for ours, theirs in zip(tables(net).values(), again.values(), strict=True):
        assert len(ours[0]) == len(theirs[0])
        assert len(ours[1]) == len(theirs[1])
        assert ours[2] == theirs[2]


@given(nets())
@settings(max_examples=25, deadline=None)
def test_conditions_can_name_any_state(net: BayesNet) -> None:
    spec = spec_of(as_bif(net))
    for name, question in spec.file.questions.items():
        state = question.states[0]  # type: ignore[union-attr]
        network = forecast.build(spec, given=f"{quoted(name)} is {quoted(state)}")
        assert marginals(network)[name][state] == pytest.approx(1)


def test_impossible_evidence_is_refused() -> None:
    spec = spec_of("variable a { type discrete [ 2 ] { y, n }; } probability ( a ) { table 1, 0; }")
    with pytest.raises(InvalidFile, match="`a is n` cannot be so"):
        forecast.infer(forecast.build(spec, given="a is n"))
