"""Exact inference on random networks, against enumeration and pyAgrum."""

from __future__ import annotations

import itertools
import re
import time
import warnings
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from modelling import Array, bare_network, table

from forecast.inference.elimination import elimination
from forecast.inference.exact import ExactNetwork
from forecast.inference.memory import MOST_DRAWS, TooLarge, draws_at_a_time
from forecast.model.distributions import Beta
from forecast.model.formula import Value, complement
from forecast.model.network import Network, Table
from forecast.spec.expression import parse

with (
    warnings.catch_warnings()
):  # its SWIG classes warn when they are made, and crash if that raises
    warnings.simplefilter("ignore")
    import pyagrum as gum


@dataclass(frozen=True)
class Case:
    """A random network as plain arrays: axes are the parents, then the node itself."""

    parents: dict[str, tuple[str, ...]]
    cpds: dict[str, Array]
    likelihoods: list[tuple[tuple[str, ...], Array]]

    @property
    def sizes(self) -> dict[str, int]:
        return {name: cpd.shape[-1] for name, cpd in self.cpds.items()}

    def network(self, scenarios: dict[str, str] | None = None) -> Network:
        cpds = {name: table((*self.parents[name], name), cpd) for name, cpd in self.cpds.items()}
        return bare_network(cpds, [table(*pair) for pair in self.likelihoods], scenarios)

    def joint(self) -> Array:
        """P(world, evidence) for every world, by multiplying it all out; axes in order of nodes."""
        names = list(self.cpds)
        out = np.ones([self.sizes[name] for name in names])
        parts = [((*self.parents[n], n), cpd) for n, cpd in self.cpds.items()] + self.likelihoods
        for world in itertools.product(*(range(self.sizes[name]) for name in names)):
            state = dict(zip(names, world, strict=True))
            for scope, values in parts:
                out[world] *= values[tuple(state[name] for name in scope)]
        return out


@st.composite
def cases(draw: st.DrawFn, *, pairs: bool = True) -> Case:
    """3 to 8 nodes of 2 to 4 states, up to 3 parents each, up to 4 reports on one or two nodes."""
    sizes = draw(st.lists(st.integers(2, 4), min_size=3, max_size=8))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    names = [f"n{i}" for i in range(len(sizes))]
    size = dict(zip(names, sizes, strict=True))
    parents, cpds = {}, {}
    for i, name in enumerate(names):
        chosen = draw(st.lists(st.sampled_from(names[:i]), max_size=3, unique=True)) if i else []
        parents[name] = tuple(chosen)
        cpds[name] = rng.dirichlet(np.full(size[name], 0.5), [size[p] for p in chosen])
    scopes = draw(
        st.lists(
            st.lists(st.sampled_from(names), min_size=1, max_size=2 if pairs else 1, unique=True),
            max_size=4,
            unique_by=lambda scope: scope[0],
        )
    )
    likelihoods = [
        (tuple(scope), rng.uniform(0.01, 1, [size[name] for name in scope])) for scope in scopes
    ]
    return Case(parents, cpds, likelihoods)


def marginal(joint: Array, axis: int) -> Array:
    summed = joint.sum(axis=tuple(i for i in range(joint.ndim) if i != axis))
    return np.asarray(summed / summed.sum())


@given(cases())
@settings(max_examples=60, deadline=None)
def test_evidence_and_all_marginals_equal_enumeration(case: Case) -> None:
    exact = ExactNetwork(case.network())
    joint = case.joint()
    solved = exact.solution({}, (0, 1))
    assert np.exp(solved.log_evidence[0]) == pytest.approx(joint.sum(), rel=1e-12)
    for axis, name in enumerate(case.cpds):
        found = solved.outcomes[1].questions[name][0]
        np.testing.assert_allclose(found, marginal(joint, axis), rtol=1e-12, atol=1e-15)
    before = Case(case.parents, case.cpds, []).joint()
    for axis, name in enumerate(case.cpds):
        found = solved.outcomes[0].questions[name][0]
        np.testing.assert_allclose(found, marginal(before, axis), rtol=1e-12, atol=1e-15)


@given(cases(pairs=False))
@settings(max_examples=25, deadline=None)
def test_evidence_and_all_marginals_equal_those_of_pyagrum(case: Case) -> None:
    solved = ExactNetwork(case.network()).solution({}, (1,))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        net = gum.BayesNet()
        for name, size in case.sizes.items():
            net.add(gum.LabelizedVariable(name, name, size))
        for name, parents in case.parents.items():
            for parent in parents:
                net.addArc(parent, name)
        for name, cpd in case.cpds.items():
            scope = (*case.parents[name], name)
            for world in itertools.product(*(range(case.sizes[n]) for n in scope)):
                net.cpt(name)[dict(zip(scope, world, strict=True))] = cpd[world]
        engine = gum.LazyPropagation(net)
        engine.setEvidence({scope[0]: values.tolist() for scope, values in case.likelihoods})
        engine.makeInference()
        total = engine.evidenceProbability()
        theirs = {name: engine.posterior(name).tolist() for name in case.cpds}
    assert np.exp(solved.log_evidence[0]) == pytest.approx(total, rel=1e-9)
    for name, expected in theirs.items():
        np.testing.assert_allclose(solved.outcomes[1].questions[name][0], expected, atol=1e-9)


def wide_case(seed: int) -> Case:
    """60 questions of 2 to 4 states, each with up to 3 parents among the 8 before it."""
    rng = np.random.default_rng(seed)
    names = [f"n{i}" for i in range(60)]
    size = {name: int(rng.integers(2, 5)) for name in names}
    parents, cpds = {}, {}
    for i, name in enumerate(names):
        near = names[max(0, i - 8) : i]
        chosen = rng.choice(near, min(len(near), int(rng.integers(0, 4))), replace=False)
        parents[name] = tuple(str(p) for p in chosen)
        cpds[name] = rng.dirichlet(np.full(size[name], 0.5), [size[p] for p in parents[name]])
    known = rng.choice(names, 12, replace=False)
    likelihoods = [((str(q),), np.eye(size[q])[int(rng.integers(size[q]))]) for q in known[:6]]
    likelihoods += [((str(q),), rng.uniform(0.01, 1, size[q])) for q in known[6:]]
    return Case(parents, cpds, likelihoods)


@pytest.mark.parametrize("seed", range(6))
def test_sixty_questions_with_hard_and_soft_evidence_equal_those_of_pyagrum(seed: int) -> None:
    test_evidence_and_all_marginals_equal_those_of_pyagrum.hypothesis.inner_test(wide_case(seed))


# ------------------------------------------------------------------------- conditions as gates


@st.composite
def conditions(draw: st.DrawFn, sizes: dict[str, int], depth: int = 3) -> str:
    if depth == 0 or draw(st.booleans()):
        name = draw(st.sampled_from(sorted(sizes)))
        states = draw(st.lists(st.integers(0, sizes[name] - 1), min_size=1, unique=True))
        return f"{name} is {draw(st.sampled_from(['', 'not ']))}{'|'.join(f's{i}' for i in states)}"
    parts = [draw(conditions(sizes, depth - 1)) for _ in range(draw(st.integers(1, 3)))]
    joined = f" {draw(st.sampled_from(['and', 'or']))} ".join(f"({part})" for part in parts)
    return f"not ({joined})" if draw(st.booleans()) else joined


def holds(text: str, world: dict[str, int]) -> bool:
    """Evaluate a condition with Python's own `and`, `or` and `not`: an independent reading."""
    words = text.replace("(", " ( ").replace(")", " ) ").split()
    out, i = [], 0
    while i < len(words):
        if i + 1 < len(words) and words[i + 1] == "is":
            negated = words[i + 2] == "not"
            named = words[i + 2 + negated].split("|")
            out.append(str((f"s{world[words[i]]}" in named) != negated))
            i += 3 + negated
        else:
            out.append(words[i])
            i += 1
    return bool(eval(" ".join(out)))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_scenarios_are_the_first_condition_that_holds(data: st.DataObject) -> None:
    case = data.draw(cases())
    texts = {
        f"c{i}": data.draw(conditions(case.sizes)) for i in range(data.draw(st.integers(1, 3)))
    }
    joint = case.joint()
    expected = dict.fromkeys([*texts, "rest"], 0.0)
    for world in np.ndindex(joint.shape):
        state = dict(zip(case.cpds, world, strict=True))
        first = next((name for name, text in texts.items() if holds(text, state)), "rest")
        expected[first] += joint[world] / joint.sum()
    found = ExactNetwork(case.network(texts)).outcomes({}, 1).scenarios[0]
    np.testing.assert_allclose(found, list(expected.values()), rtol=1e-12, atol=1e-15)
    assert found.sum() == pytest.approx(1, abs=1e-12)


def test_the_reading_of_conditions_above_agrees_with_the_parser() -> None:
    assert holds("not (a is s0 or b is not s1|s2) and c is s0", {"a": 1, "b": 2, "c": 0})
    assert parse("not (a is s0 or b is not s1|s2) and c is s0").names() == ("a", "b", "c")


# ------------------------------------------------------------------------- the order of sums


@given(cases())
@settings(max_examples=60, deadline=None)
def test_work_and_largest_clique_are_those_of_the_order(case: Case) -> None:
    """Summing out by hand: each question's clique is all that shares a scope with it then."""
    scopes = [{*parents, name} for name, parents in case.parents.items()]
    found = elimination(scopes, case.sizes)
    assert sorted(found.order) == sorted(case.sizes)
    worlds = []
    for name in found.order:
        clique = set().union(*(scope for scope in scopes if name in scope))
        scopes = [scope for scope in scopes if name not in scope] + [clique - {name}]
        worlds.append(np.prod([case.sizes[q] for q in clique]))
    assert found.work == pytest.approx(sum(worlds), rel=1e-9)
    assert found.largest == pytest.approx(max(worlds), rel=1e-9)
    assert np.prod([case.sizes[q] for q in found.clique]) == pytest.approx(max(worlds))


def test_each_rule_finds_the_width_of_a_ladder() -> None:
    """A ladder of two rails and rungs has treewidth 2: no clique of more than three questions."""
    scopes = [(f"{rail}{i}", f"{rail}{i + 1}") for rail in "ab" for i in range(30)]
    scopes += [(f"a{i}", f"b{i}") for i in range(31)]
    found = elimination(scopes, {f"{rail}{i}": 2 for rail in "ab" for i in range(31)})
    assert found.largest == pytest.approx(8)


def test_networks_that_hang_together_nowhere() -> None:
    """P(e) of independent parts is a product: 0.3 * 0.2 + 0.7 * 0.9 = 0.69 times 0.5."""
    network = bare_network(
        {"a": table("a", [0.3, 0.7]), "b": table("b", [0.4, 0.6]), "c": table("c", [1.0, 0.0])},
        [table("a", [0.2, 0.9]), table("b", [0.5, 0.5])],
    )
    solved = ExactNetwork(network).solution({}, (1,))
    assert np.exp(solved.log_evidence[0]) == pytest.approx(0.345, rel=1e-14)
    np.testing.assert_allclose(solved.outcomes[1].questions["a"][0], [0.06 / 0.69, 0.63 / 0.69])
    np.testing.assert_allclose(solved.outcomes[1].questions["b"][0], [0.4, 0.6])


def chain(length: int) -> dict[str, Table]:
    """A symmetric chain that keeps its state with 0.9: P(n_k = s0) = 1/2 + (p_0 - 1/2) 0.8^k."""
    step = [[0.9, 0.1], [0.1, 0.9]]
    links = {f"n{i}": table((f"n{i - 1}", f"n{i}"), step) for i in range(1, length)}
    return {"n0": table(("n0",), [1.0, 0.0]), **links}


def test_a_chain_of_a_thousand_questions() -> None:
    started = time.perf_counter()
    network = bare_network(chain(1000), [table(("n999",), [0.25, 0.75])], {"near": "n10 is s0"})
    solved = ExactNetwork(network).solution({}, (0, 1))
    assert solved.outcomes[0].scenarios[0, 0] == pytest.approx(0.5 + 0.5 * 0.8**10, rel=1e-12)
    # Seen from n10 the far end is a fair coin, so the report has probability 1/2 and tells nothing.
    assert np.exp(solved.log_evidence[0]) == pytest.approx(0.5, rel=1e-12)
    assert solved.outcomes[1].scenarios[0, 0] == pytest.approx(0.5 + 0.5 * 0.8**10, rel=1e-12)
    assert time.perf_counter() - started < 30


def test_evidence_of_probability_1e_minus_200() -> None:
    faint = [table((f"n{i}",), [0.01, 0.01]) for i in range(100)]
    network = bare_network(chain(101), [*faint, table(("n1",), [1.0, 0.5])])
    solved = ExactNetwork(network).solution({}, (1,))
    assert solved.log_evidence[0] == pytest.approx(np.log(0.95) - 200 * np.log(10), rel=1e-12)
    assert solved.outcomes[1].questions["n1"][0, 0] == pytest.approx(0.9 / 0.95, rel=1e-12)


def test_evidence_that_no_number_can_hold_still_tells() -> None:
    """60 reports of 1e-20 and 2e-20 on one coin: P(e) = (1 + 2^60) 1e-1200 / 2, far below 1e-308."""
    faint = [table(("n0",), [1e-20, 2e-20]) for _ in range(60)]
    coin = {"n0": table(("n0",), [0.5, 0.5]), "n1": table(("n0", "n1"), [[0.9, 0.1], [0.1, 0.9]])}
    solved = ExactNetwork(bare_network(coin, faint)).solution({}, (1,))
    expected = np.log1p(2.0**60) - np.log(2) - 1200 * np.log(10)
    assert solved.log_evidence[0] == pytest.approx(expected, rel=1e-12)
    heads = 1 / (1 + 2.0**60)
    np.testing.assert_allclose(solved.outcomes[1].questions["n0"][0], [heads, 1 - heads])
    np.testing.assert_allclose(solved.outcomes[1].questions["n1"][0], [0.1, 0.9], rtol=1e-12)


def clique(roots: int) -> Network:
    """A report on each pair of many coins: nothing can be summed out before all are in view."""
    names = [f"n{i}" for i in range(roots)]
    pairs = [table(pair, [[0.2, 0.9], [0.9, 0.2]]) for pair in itertools.combinations(names, 2)]
    return bare_network({name: table((name,), [0.5, 0.5]) for name in names}, pairs)


def test_what_does_not_fit_into_the_memory_is_refused_beforehand() -> None:
    """2^40 numbers of 8 bytes are 8.8 TB, and twice as much at a time."""
    with pytest.raises(TooLarge) as caught:
        ExactNetwork(clique(40)).solution({}, (1,))
    (fault,) = caught.value.faults
    assert fault.code == "too-large"
    assert re.search(r"need [\d,.]+ TB of memory, and [\d.]+ GB can be used", fault.text)
    assert "40 questions in view at once (`n0`, `n1`, `n2`, `n3`, `n4` and 35 more)" in fault.text


@pytest.mark.parametrize(
    ("largest", "kept", "free", "draws"),
    [
        (1, 1, 1e9, MOST_DRAWS),
        (1e4, 1, 1e9, 200),  # 2e6 entries in the cache
        (1e9, 1, 1e12, 1),  # one draw always goes, however slow
        (1, 1e6, 8e8, 70),  # 70 % of 1e8 numbers
    ],
)
def test_draws_at_a_time_fit_cache_and_memory(
    largest: float, kept: float, free: float, draws: int
) -> None:
    network = clique(3)
    found = draws_at_a_time(largest, kept, ExactNetwork(network).elimination, network, free)
    assert found == draws


def test_draws_are_solved_in_chunks_as_if_alone() -> None:
    """P(b | report) for one link with chance p, report 3 : 1 for b: 3p / (3p + 1 - p)."""
    p = Value("p")
    a = Table(("a",), np.array([0, 1]), (p, complement(p)))
    same = table(("a", "b"), [[1.0, 0.0], [0.0, 1.0]])
    network = bare_network(
        {"a": a, "b": same}, [table(("b",), [0.75, 0.25])], {"b": "b is s0"}, {"p": Beta(2, 3)}
    )
    draws = np.linspace(0.001, 0.999, 2 * MOST_DRAWS + 7)
    found = ExactNetwork(network).solution({"p": draws}, (1,))
    np.testing.assert_allclose(
        found.outcomes[1].scenarios[:, 0], 3 * draws / (1 + 2 * draws), rtol=1e-14
    )
    np.testing.assert_allclose(np.exp(found.log_evidence), (1 + 2 * draws) / 4, rtol=1e-14)
