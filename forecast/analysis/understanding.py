"""What was understood of a file: questions, judgements, sources, reports, statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from scipy.special import expit

from forecast.analysis.contract import (
    EvidenceRow,
    ParameterRow,
    QuestionRow,
    SignOff,
    SourceRow,
    StatementRow,
    Understood,
)
from forecast.model.circuit import parts_of
from forecast.model.formula import Formula, Value
from forecast.model.network import Network, Node, Parameter
from forecast.model.parameters import written
from forecast.spec import walk
from forecast.spec.accounts import used_claims
from forecast.spec.evidence import Evidence
from forecast.spec.load import ScenarioSpec
from forecast.spec.rules import window
from forecast.summary.provenance import components_of


def understood(
    spec: ScenarioSpec, network: Network, sign_off: tuple[SignOff, ...], draws: int
) -> Understood:
    """Return what a sound file says.

    Parameters
    ----------
    spec, network
        The file and what was built from it.
    sign_off, draws
        What follows from its numbers before any evidence, and from how many draws that was found.
    """
    file = spec.file
    return Understood(
        title=file.title,
        as_of=str(file.as_of) if file.as_of else None,
        horizon=str(file.horizon) if file.horizon else None,
        lexicon=spec.lexicon.name if file.lexicon else None,
        draws=draws,
        judgements=len(network.parameters),
        questions={
            name: _question(node, spec, network) for name, node in network.questions.items()
        },
        parameters={
            name: row
            for parameter in network.parameters.values()
            for name, row in _parameters(parameter)
        },
        sources=_sources(spec),
        evidence={
            item.id: _evidence(i, item, spec, network) for i, item in enumerate(file.evidence)
        },
        statements=tuple(_statements(spec, network)),
        scenarios={name: condition.text for name, condition in file.scenario_conditions().items()},
        variants=tuple(file.variants),
        sign_off=sign_off,
    )


def _question(node: Node, spec: ScenarioSpec, network: Network) -> QuestionRow:
    question = walk.all_questions(spec.file)[node.name]
    days = window(question, spec.file)
    found = dict.fromkeys(name for entry in node.cpd.entries for name in _named(entry))
    return QuestionRow(
        role=node.role,
        type=node.cells.kind,
        text=question.text,
        window=(str(days.first), str(days.last)) if spec.file.as_of else None,
        states=node.cells.states,
        parents=walk.parents(question),
        table=int(node.cpd.index.size),
        parameters=tuple(found),
    )


def _named(formula: Formula) -> Iterator[str]:
    """Yield the parameters of a formula."""
    if isinstance(formula, Value):
        yield formula.parameter
    for part in parts_of(formula):
        yield from _named(part)


def _parameters(parameter: Parameter) -> Iterator[tuple[str, ParameterRow]]:
    origin, parts = parameter.origin, components_of(parameter)
    names = [f"{parameter.path}.{state}" for state in parameter.components] or [parameter.path]
    for name, (distribution, mean, quantiles) in zip(names, parts, strict=True):
        yield (
            name,
            ParameterRow(
                origin.words,
                distribution,
                mean,
                quantiles,
                origin.who,
                str(origin.said),
                origin.place,
            ),
        )


def _sources(spec: ScenarioSpec) -> dict[str, SourceRow]:
    used = Counter(claim.partition(".")[0] for claim in used_claims(spec.file))
    unused = Counter(claim.partition(".")[0] for claim in spec.file.unused)
    rows = {}
    for alias, (priors, _, _) in spec.priors.items():
        source, claims = priors.source, len(priors.judgements)
        path = spec.file.use[alias]
        rows[alias] = SourceRow(
            source.who, str(source.said), path, claims, used[alias], unused[alias]
        )
    if spec.file.judgements:
        who, claims = spec.file.author or "own", len(spec.file.judgements)
        said, path = str(spec.file.day), spec.source.file
        rows["own"] = SourceRow(who, said, path, claims, used["own"], unused["own"])
    return rows


def _evidence(i: int, item: Evidence, spec: ScenarioSpec, network: Network) -> EvidenceRow:
    tells = {} if item.observed is None else {item.observed.text: "observed"}
    for field in ("odds", "likelihood"):
        for condition, strength in (getattr(item, field) or {}).items():
            path = ("evidence", i, field, condition.text)
            tells[condition.text] = written(strength, spec.source, path)
    return EvidenceRow(
        date=str(item.date),
        known=str(item.known_on),
        source=item.source,
        grade=item.grade,
        reliability=spec.file.policy.reliability(item.grade),
        group=item.group,
        tells=tells,
        counts=item.id in network.views[1].reports,
    )


def _statements(spec: ScenarioSpec, network: Network) -> Iterator[StatementRow]:
    for statement in network.statements:
        view = network.views[statement.target.view]
        yield StatementRow(
            id=statement.id,
            of=statement.of,
            says=statement.says,
            side=statement.side,
            who=statement.origin.who,
            stated=float(expit(statement.stated)),
            sd=statement.sd,
            knew=view.reports,
        )
