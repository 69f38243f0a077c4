"""From a `ScenarioSpec` to a `Network`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from forecast.errors import InvalidModel
from forecast.model.cells import Cells
from forecast.model.done import day_of, done
from forecast.model.evidence import EvidenceTables
from forecast.model.formula import ONE, ZERO, Const
from forecast.model.gates import Gates
from forecast.model.grid import grid
from forecast.model.joint import joint_gate
from forecast.model.layout import Layout
from forecast.model.network import SCENARIO, Network, Node, Report, Table
from forecast.model.parameters import Judgements
from forecast.model.pooled import selectors
from forecast.model.silence import silences, too_early
from forecast.model.stated import stated
from forecast.spec import walk
from forecast.spec.calendar import Span
from forecast.spec.evidence import Evidence
from forecast.spec.evidence import Statement as StatementSpec
from forecast.spec.expression import Expression, Otherwise
from forecast.spec.finding import Finding, SoftFinding
from forecast.spec.load import ScenarioSpec
from forecast.spec.policy import Policy
from forecast.spec.timing import ALWAYS, window

UNDIVIDED = {"any": Expression("otherwise", Otherwise())}
"""The one scenario of a file that names none; it is reported nowhere."""


@dataclass(frozen=True)
class Knowledge:
    """The reports that somebody knew, until when he had seen nothing more happen, and what else."""

    reports: tuple[str, ...]
    until: dt.date | None
    given: tuple[Finding, ...] = ()


def build(
    spec: ScenarioSpec,
    *,
    given: Sequence[Finding] = (),
    as_of: dt.date | None = None,
    do: Mapping[str, str] | None = None,
) -> Network:
    """Build the network of a scenario.

    Parameters
    ----------
    spec
        The scenario.
    given
        What is taken as known; the experts did not know it.
    as_of
        The day whose knowledge counts; the file's own by default. Windows do not move.
    do
        Question -> the value that it is set to from that day on, beside those of the variant.

    Returns
    -------
    Network
        Questions, parameters, evidence and statements, ready for either engine.

    Raises
    ------
    InvalidModel
        Where a judgement fits no distribution, reports of one group contradict each other, or what
        is done cannot be told from what is known.
    """
    day = as_of or spec.file.as_of
    until = day or ALWAYS.last
    judgements = Judgements(spec)
    if spec.variation is not None:
        given = (*spec.variation.supposed, *given)
        do = {**spec.variation.do, **(do or {})}
    items = tuple(
        item
        for item in spec.file.evidence
        if item.known_on <= until and item.id not in spec.dropped
    )
    statements = [
        (i, statement)
        for i, statement in enumerate(spec.file.statements)
        if judgements.said(statement.says) <= until and not judgements.is_dropped(statement.says)
    ]
    known = [Knowledge((), None), Knowledge(tuple(item.id for item in items), day, tuple(given))]
    for _, statement in statements:
        informed = _informed(statement, judgements, items, until)
        if informed not in known:
            known.append(informed)

    questions = walk.all_questions(spec.file)
    windows = {name: window(question, spec.file) for name, question in questions.items()}
    days = [(name, day_of(value)) for name, value in (do or {}).items()]
    cells = _cells(
        spec, given, known, windows, judgements, [(n, Span(d, d)) for n, d in days if d is not None]
    )
    chosen = selectors(judgements)
    cells |= {name: node.cells for name, node in chosen.items()}
    nodes = Layout(spec, cells, windows, judgements, chosen).nodes()
    evidence = EvidenceTables(spec.file, cells, windows, judgements, nodes)
    for item, name, said in too_early(spec.file, windows, items, judgements, cells):
        judgements.refuse(
            ("evidence", spec.file.evidence.index(item), "observed"),
            "too-early",
            f"the chances of `{name}` were said on {said}: they leave no chance to days before",
            "use chances that were said before it happened (a priors file has the day as `said`), "
            "or drop the question: it is answered",
        )
    views = [evidence.view(_named(items, k.reports), k.until) for k in known]

    gates = Gates(cells)
    gates.selector(SCENARIO, spec.file.scenario_conditions() or UNDIVIDED)
    if given:  # the statements' views are others: their speakers did not suppose it
        views[1] = replace(
            views[1],
            likelihoods=(*views[1].likelihoods, *(_supposed(f, gates) for f in given)),
            labels=(*views[1].labels, *(f"the condition `{f.text}`" for f in given)),
        )
    placed = tuple(
        stated(i, s, known.index(_informed(s, judgements, items, until)), gates, judgements)
        for i, s in statements
    )
    if judgements.faults:
        raise InvalidModel(judgements.faults)
    network = Network(
        title=spec.file.title,
        as_of=day,
        nodes={**nodes, **gates.nodes, **_joints(nodes)},
        parameters=judgements.parameters,
        scenarios=tuple(spec.file.scenarios),
        views=tuple(views),
        statements=placed,
        reports={item.id: _report(item, judgements.policy) for item in spec.file.evidence},
        given=tuple(finding.text for finding in given),
        file=spec.source.file,
    )
    return network if not do else done(spec, network, do)


def _joints(nodes: Mapping[str, Node]) -> dict[str, Node]:
    gates = [gate for node in nodes.values() if (gate := joint_gate(node)) is not None]
    return {gate.name: gate for gate in gates}


def _supposed(finding: Finding, gates: Gates) -> Table:
    """Return the likelihood of what is taken as known."""
    if isinstance(finding, SoftFinding):
        weights = tuple(Const(weight) for weight in finding.weights)
        return Table((finding.name,), np.arange(len(weights)), weights)
    return Table((gates.condition(finding),), np.array([0, 1]), (ONE, ZERO))


def _informed(
    statement: StatementSpec,
    judgements: Judgements,
    items: Sequence[Evidence],
    until: dt.date,
) -> Knowledge:
    """Return what the speaker knew when he spoke; what is taken as given he did not know."""
    informed = statement.informed_by
    if informed == "none":
        return Knowledge((), None)
    if isinstance(informed, tuple):
        return Knowledge(tuple(item.id for item in items if item.id in informed), None)
    day = judgements.said(statement.says) if isinstance(informed, str) else informed
    return Knowledge(tuple(i.id for i in items if i.known_on <= day), min(day, until))


def _named(items: Sequence[Evidence], ids: Sequence[str]) -> list[Evidence]:
    return [item for item in items if item.id in ids]


def _cells(
    spec: ScenarioSpec,
    given: Sequence[Finding],
    known: Sequence[Knowledge],
    windows: Mapping[str, Span],
    judgements: Judgements,
    whole: Sequence[tuple[str, Span]],
) -> dict[str, Cells]:
    """Cut all questions; silence cuts too, and which days are silent depends on the reports."""
    conditions = [
        placed.condition
        for placed in walk.in_file(spec.file)
        if isinstance(placed, walk.PlacedCondition)
    ]
    conditions += [finding for finding in given if isinstance(finding, Expression)]
    questions = walk.all_questions(spec.file)
    coarse = grid(questions, windows, conditions)
    spans = [
        silence
        for k in known
        for silence in silences(
            spec.file, windows, _named(spec.file.evidence, k.reports), k.until, judgements, coarse
        )
    ]
    return grid(questions, windows, conditions, [*spans, *whole])


def _report(item: Evidence, policy: Policy) -> Report:
    r = policy.reliability(item.grade)
    return Report(item.id, item.text, item.source, item.grade, r, item.known_on)
