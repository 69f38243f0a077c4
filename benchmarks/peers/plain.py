"""Every question as a random variable of PyMC, every report as an observed one.

Two states make a `pm.Bernoulli` (1: the first state, such as yes), more a `pm.Categorical`. What is
impossible or certain is not drawn: `podium` is whether he would mount it, if he were in Moscow.
Else single draws could not leave such states, and the sampler would be stuck.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from benchmarks.peers.writing import Numbers, Words, judgements, literal, script, table
from forecast.model.formula import ONE, ZERO
from forecast.model.network import SCENARIO, Network, Node, Table

ABOUT = "Every question is a random variable, every report an observed one."


def plain(network: Network) -> str:
    """Return the script; statements are left out."""
    words = Words()
    lines = ["# What was judged", *judgements(network, words), "", "# What may happen"]
    for node in network.nodes.values():
        lines += _question(node, network, words)
    lines += [f'pm.Deterministic("scenario", {words(SCENARIO)})', "", "# What was reported"]
    for i, report in enumerate(network.views[1].likelihoods):
        index = _first_last(report, network)
        chance = _looked_up(table(report, index, words), report.scope, words)
        lines.append(f'pm.Bernoulli("report_{i + 1}", {chance}, observed=1)')
    numbers = f"np.arange({len(network.scenarios)})"
    chances = f'(trace.posterior["scenario"].values[..., None] == {numbers}).astype(float)'
    return script("plain", ABOUT, lines, chances)


def _first_last(of: Table, network: Network) -> Numbers:
    """Return the index of a table with the first of two states last, at 1."""
    two = [i for i, name in enumerate(of.scope) if len(network.nodes[name].cells) == 2]
    return np.flip(of.index, tuple(two))


def _question(node: Node, network: Network, words: Words) -> Iterator[str]:
    index, parents, word = _first_last(node.cpd, network), node.cpd.scope[:-1], words(node.name)
    rows = index.reshape(-1, index.shape[-1])
    kinds = np.array([entry in (ZERO, ONE) for entry in node.cpd.entries])
    one = np.array([entry == ONE for entry in node.cpd.entries])
    settled = kinds[rows].all(axis=1)
    states = one[rows].argmax(axis=1)
    if settled.all():
        known = literal(states.reshape(index.shape[:-1]))
        yield f"{word} = {_looked_up(f'pt.as_tensor({known})', parents, words)}"
        return
    if not settled.any():
        yield f"{word} = {_variable(word, index, parents, node.cpd, words)}"
        return
    open_rows = np.where(settled[:, None], rows[~settled][0], rows)
    possible = ~(kinds & ~one)[open_rows].all(axis=0)
    free = words(f"{node.name} if open")
    drawn = open_rows[:, possible].reshape(*index.shape[:-1], -1)
    yield f"{free} = {_variable(free, drawn, parents, node.cpd, words)}"
    outcome = np.where(settled[:, None], states[:, None], np.flatnonzero(possible))
    known = literal(outcome.reshape(drawn.shape))
    at = ", ".join(words(name) for name in parents)
    yield f"{word} = pt.as_tensor({known})[{at}, {free}]"


def _variable(word: str, index: Numbers, parents: Sequence[str], of: Table, words: Words) -> str:
    # Where all rows are alike the parents do not matter.
    flat = index.reshape(-1, index.shape[-1])
    if (flat == flat[0]).all():
        index, parents = flat[0], ()
    if index.shape[-1] == 2:
        chance = table(of, index[..., 1], words)
        return f'pm.Bernoulli("{word}", {_looked_up(chance, parents, words)})'
    chances = _looked_up(table(of, index, words), parents, words)
    return f'pm.Categorical("{word}", p={chances})'


def _looked_up(array: str, parents: Sequence[str], words: Words) -> str:
    """Return an entry of an array at the states of the parents."""
    at = ", ".join(words(name) for name in parents)
    return f"{array}[{at}]" if at else array
