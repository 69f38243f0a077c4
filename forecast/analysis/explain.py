"""One question explained: its table in words, from the very formulas that are solved."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from forecast.analysis.equations import Namer, in_words
from forecast.analysis.worlds import described
from forecast.inference.operations import NumpyOperations
from forecast.model.cells import NEVER, VOID
from forecast.model.circuit import Circuit, parts_of
from forecast.model.formula import ZERO, Complement, Formula, Value, complement
from forecast.model.network import Network, Node
from forecast.model.past import still
from forecast.posterior import Posterior
from forecast.spec import walk
from forecast.spec.evidence import Evidence
from forecast.spec.load import ScenarioSpec
from forecast.spec.question import AnyQuestion, Around, Date
from forecast.summary.contract import (
    OUTPUT_VERSION,
    ParameterResult,
    QuestionResult,
    StatementResult,
    Summary,
    plain,
)


@dataclass(frozen=True)
class Row:
    """A row of the table: where it holds, what happens there, by which formula.

    ``before`` and ``after``: E[chance] over the parameters as put in, and with all that is known.
    """

    worlds: tuple[str, ...]
    outcome: str
    formula: str
    before: float
    after: float


@dataclass(frozen=True)
class Explanation:
    """Everything about one question.

    Attributes
    ----------
    name, question
        The question, and what the result says of it.
    summary
        The result that it is a part of.
    place
        ``file:line`` of the question.
    parents
        Question -> its type.
    rows
        The table; empty for a question that is defined by ``means``.
    means
        The condition or date that it stands for; empty for all others.
    only_if
        Where this fails the question is void; empty if it never is.
    timing
        When it happens, if it does, in words; only of dates.
    numbers
        The parameters of the table.
    reports, silent, statements
        What bears on it.
    """

    name: str
    question: QuestionResult
    summary: Summary
    place: str
    parents: Mapping[str, str]
    rows: tuple[Row, ...]
    means: str
    only_if: str
    timing: tuple[str, ...]
    numbers: tuple[ParameterResult, ...]
    reports: tuple[Evidence, ...]
    silent: str
    statements: tuple[StatementResult, ...]

    def to_json(self) -> str:
        """Return the explanation as JSON; reports as a result lists them, each with its id."""
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        origin = parts.pop("summary").provenance
        parts["supposed"] = {
            "as_of": self.summary.as_of,
            "given": origin.given,
            "done": origin.done,
            "variant": origin.variant.name if origin.variant else None,
        }
        parts["reports"] = [
            {
                "id": item.id,
                "date": str(item.date),
                "known": str(item.known_on),
                "text": item.text,
                "source": item.source,
                "grade": item.grade,
                "group": item.group,
            }
            for item in self.reports
        ]
        whole = {"output_version": OUTPUT_VERSION, **plain(parts)}
        return json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def explain(
    spec: ScenarioSpec, network: Network, posterior: Posterior, summary: Summary, name: str
) -> Explanation:
    """Explain a question.

    Parameters
    ----------
    spec, network, posterior, summary
        The steps of the pipeline, each from the one before.
    name
        A question or latent of the file.
    """
    node, question = network.nodes[name], walk.all_questions(spec.file)[name]
    section = "latents" if name in spec.file.latents else "questions"
    laid_out = next((gate for gate in network.nodes.values() if gate.tells == name), node)
    used = _parameters(laid_out, network)
    means = getattr(question, "means", None)
    return Explanation(
        name=name,
        question=summary.questions[name],
        summary=summary,
        place=f"{network.file}:{spec.source.mark((section, name), key=True).line}",
        parents={
            network.nodes[parent].tells or parent: network.nodes[parent].cells.kind
            for parent in laid_out.cpd.scope[:-1]
        },
        rows=() if means is not None else tuple(_rows(laid_out, network, posterior, section)),
        means="" if means is None else means.text,
        only_if="" if question.only_if is None else question.only_if.text,
        timing=tuple(_timing(question, spec, section, name)),
        numbers=tuple(
            number
            for number in summary.provenance.parameters
            if number.name in used or number.name.rpartition(".")[0] in used
        ),
        reports=tuple(
            item
            for i, item in enumerate(spec.file.evidence)
            if item.id in summary.evidence.used and name in _names(walk.in_evidence(item, (i,)))
        ),
        silent=summary.evidence.silent.get(name, ""),
        statements=tuple(
            result
            for said, result in zip(network.statements, summary.statements, strict=True)
            if name in _behind(said.target.gate, network)
        ),
    )


def _names(placed: Iterator[walk.Placed]) -> set[str]:
    conditions = (each.condition for each in placed if isinstance(each, walk.PlacedCondition))
    return {name for condition in conditions for name in condition.names()}


def _behind(gate: str, network: Network) -> set[str]:
    """Return the questions that a gate looks at, through other gates."""
    node = network.nodes[gate]
    if (question := still(gate)) in network.questions:
        return {question}
    if node.role != "gate" or node.tells is not None:
        return {node.tells or gate}
    return {name for part in node.cpd.scope[:-1] for name in _behind(part, network)}


def _parameters(node: Node, network: Network) -> set[str]:
    """Return the parameters of a table, and of the tables of gates that it is a chain of."""
    found: set[str] = set()
    stack: list[Formula] = list(node.cpd.entries)
    while stack:
        formula = stack.pop()
        if isinstance(formula, Value):
            found.add(formula.parameter)
        stack += parts_of(formula)
    for parent in node.cpd.scope[:-1]:
        if network.nodes[parent].role == "gate":
            found |= _parameters(network.nodes[parent], network)
    return found


def _outcomes(node: Node, entries: Sequence[Formula]) -> Iterator[tuple[str, Formula]]:
    """Yield what can come of a row, and its formula: one line for yes/no, one for each state."""
    states = node.cells.states
    if VOID in states and entries[states.index(VOID)] != ZERO:
        return
    match node.cells.kind:
        case "binary":
            yield "yes", entries[0]
        case "date":
            never = entries[states.index(NEVER)]
            yield "happens", never.of if isinstance(never, Complement) else complement(never)
        case _:
            pairs = zip(states, entries, strict=True)
            yield from ((state, entry) for state, entry in pairs if state != VOID)


def _rows(node: Node, network: Network, posterior: Posterior, section: str) -> Iterator[Row]:
    """Yield a row for each distinct line of the table."""
    table = node.cpd
    lines = table.index.reshape(-1, table.index.shape[-1])
    distinct, which = np.unique(lines, axis=0, return_inverse=True)
    # In the order in which they come up in the table, not in that of the numbers of entries.
    order = sorted(range(len(distinct)), key=lambda i: int(np.argmax(which.ravel() == i)))
    cells = [network.nodes[parent].cells for parent in table.scope[:-1]]
    namer = Namer(network, f"{section}.{node.tells or node.name}.")
    for i in order:
        holds = (which.ravel() == i).reshape(table.index.shape[:-1])
        worlds = described(holds, table.scope[:-1], cells)
        entries = [table.entries[j] for j in distinct[i]]
        for outcome, formula in _outcomes(node, entries):
            before, after = _means(formula, posterior)
            yield Row(worlds, outcome, in_words(formula, namer), before, after)


def _means(formula: Formula, posterior: Posterior) -> tuple[float, float]:
    """Return E[formula] over the prior and over the posterior of its parameters."""
    circuit, final = Circuit([formula]), posterior.final
    (prior,) = circuit.run(posterior.prior, NumpyOperations())
    (now,) = circuit.run(posterior.parameters, NumpyOperations())
    size = len(final.weights)
    return float(np.mean(prior)), float(final.weights @ np.broadcast_to(now, (size,)))


def _timing(question: AnyQuestion, spec: ScenarioSpec, section: str, name: str) -> Iterator[str]:
    timing = question.timing if isinstance(question, Date) else None
    for path, items in walk.timing_lists(timing, (section, name, "timing")):
        conditions = [str(path[i + 1]) for i, part in enumerate(path[:-1]) if part == "cases"]
        where = f"{' and '.join(conditions)}: " if conditions else ""
        for i, item in enumerate(items):
            if isinstance(item, Around):
                written = _written(spec.source.data, (*path, i, "share")) if item.share else ""
                share = f"{written} of the cases" if item.share else "the rest"
                yield f"{where}{share}: Normal, nine in ten within {item.between}"
            else:
                rest = "all" if i == 0 else "the rest"
                shape = {"evenly": "every day alike", "constant": "the same hazard on every day"}
                yield f"{where}{rest}: {shape.get(str(item), str(item))}"


def _written(data: Any, path: Sequence[str | int]) -> str:
    for part in path:
        data = data[part]
    return str(data.get("read_as", data) if isinstance(data, dict) else data)
