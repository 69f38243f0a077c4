"""The questions summed out by hand, one after the other, and NUTS for the judgements alone.

The reports are summed over what bears on them and no more, since NUTS takes that sum's gradient at
each step; the scenarios are computed once for each draw.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from string import ascii_letters

from benchmarks.peers.writing import Words, judgements, script, table
from forecast.model.network import SCENARIO, Network, Table

ABOUT = "The questions are summed out by hand, the judgements are sampled."


@dataclass(frozen=True)
class Factor:
    """An array of chances with an axis for each question of its scope."""

    word: str
    scope: tuple[str, ...]


def marginalised(network: Network) -> str:
    """Return the script, without statements and without what no scenario or report needs."""
    words = Words()
    reports = {f"report {i + 1}": t for i, t in enumerate(network.views[1].likelihoods)}
    reported = _ancestors(network, [name for report in reports.values() for name in report.scope])
    needed = _ancestors(network, [SCENARIO, *reported])
    tables: dict[str, Table] = {name: network.nodes[name].cpd for name in needed} | reports
    factors = {name: Factor(words(f"p {name}"), of.scope) for name, of in tables.items()}
    sizes = {name: len(network.nodes[name].cells) for name in needed}
    lines = ["# What was judged", *judgements(network, words), "", "# Chances, an axis a question"]
    lines += [f"{factors[n].word} = {table(of, of.index, words)}" for n, of in tables.items()]
    lines += ["", "# P(reports): the questions summed out, one after the other"]
    bearing = [factors[name] for name in (*reported, *reports)]
    lines += _eliminated("evidence", bearing, (), sizes, words)
    lines += ['pm.Potential("reports", pt.log(evidence))', "", "# P(scenario, reports)"]
    lines += _eliminated("joint", factors.values(), (SCENARIO,), sizes, words)
    lines += ['pm.Deterministic("scenario", joint / joint.sum())']
    return script("marginalised", ABOUT, lines, 'trace.posterior["scenario"].values')


def _ancestors(network: Network, names: Iterable[str]) -> list[str]:
    """Return questions and all that bears on them, parents first."""
    stack, found = list(names), set()
    while stack:
        if (name := stack.pop()) not in found:
            found.add(name)
            stack += network.nodes[name].cpd.scope
    return [name for name in network.nodes if name in found]


def _eliminated(
    result: str,
    factors: Iterable[Factor],
    kept: tuple[str, ...],
    sizes: Mapping[str, int],
    words: Words,
) -> Iterator[str]:
    """Yield the steps that sum out all but the questions kept: the cheapest first."""
    left = list(factors)
    todo = {question for factor in left for question in factor.scope} - set(kept)
    while todo:
        around = {
            name: dict.fromkeys(q for f in left if name in f.scope for q in f.scope)
            for name in todo
        }
        name = min(sorted(todo), key=lambda n: prod(sizes[q] for q in around[n]))
        used = [factor for factor in left if name in factor.scope]
        scope = tuple(question for question in around[name] if question != name)
        summed = Factor(words(f"{result} without {name}"), scope)
        yield f"{summed.word} = {_einsum(used, scope)}"
        left = [factor for factor in left if factor not in used] + [summed]
        todo.remove(name)
    yield f"{result} = {_einsum(left, kept)}"


def _einsum(factors: Sequence[Factor], scope: Sequence[str]) -> str:
    questions = dict.fromkeys(q for factor in factors for q in factor.scope)
    letter = dict(zip(questions, ascii_letters, strict=False))
    inputs = ",".join("".join(letter[q] for q in factor.scope) for factor in factors)
    output = "".join(letter[q] for q in scope)
    return f'pt.einsum("{inputs}->{output}", {", ".join(factor.word for factor in factors)})'
