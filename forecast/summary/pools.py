"""Linear pools: whom of several people the evidence favours."""

from __future__ import annotations

import numpy as np

from forecast.model.network import Network, Node
from forecast.model.parameters import written
from forecast.model.pooled import Joined, mixtures, selector
from forecast.posterior import Posterior
from forecast.spec.load import ScenarioSpec
from forecast.spec.walk import in_file
from forecast.summary.chances import Reporter
from forecast.summary.contract import PoolResult


def pool_results(
    spec: ScenarioSpec, network: Network, posterior: Posterior, reporter: Reporter
) -> dict[str, PoolResult]:
    """Return, for each set of people, the chance that each of them is the one who is right.

    Parameters
    ----------
    spec, network, posterior
        The scenario, what was built from it, what was inferred.
    reporter
        Of the same posterior.
    """
    first: dict[str, Joined] = {}
    for joined in mixtures(in_file(spec.file), spec):
        first.setdefault(selector(joined).name, joined)
    return {
        _key(name): _result(node, first[name], spec, network, posterior, reporter)
        for name, node in network.pools.items()
    }


def _key(name: str) -> str:
    """Return what a pool is called: its people, or its place in the file.

    >>> _key("`pool of ann, bob`"), _key("`pool at questions.x.prior`")
    ('ann, bob', 'questions.x.prior')
    """
    return name.strip("`").removeprefix("pool of ").removeprefix("pool at ")


def _result(
    node: Node,
    joined: Joined,
    spec: ScenarioSpec,
    network: Network,
    posterior: Posterior,
    reporter: Reporter,
) -> PoolResult:
    name, which = node.name, selector(joined)
    inflation = posterior.final.inflation.get(name)
    factor = 1.0 if inflation is None else float(np.max(inflation))
    members, names = {}, {}
    for i, person in enumerate(node.cells.states):
        members[person] = reporter.chance(
            lambda stage, i=i: stage.questions[name][:, i],  # type: ignore[misc]
            factor,
        )
        if person in spec.priors:
            names[person] = spec.priors[person][0].source.who
        else:
            member, place = joined.members[which.order[i]]
            names[person] = written(member, spec.source, place)
    questions = (
        question for question, own in network.questions.items() if _hangs_on(own, name, network)
    )
    return PoolResult(members, names, tuple(questions))


def _hangs_on(node: Node, pool: str, network: Network) -> bool:
    """Whether the table of a question rests on a pool, itself or through its gates."""
    parents = node.cpd.scope[:-1]
    if pool in parents:
        return True
    gates = (network.nodes[parent] for parent in parents)
    return any(gate.role == "gate" and _hangs_on(gate, pool, network) for gate in gates)
