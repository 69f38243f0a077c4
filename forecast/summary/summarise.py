"""From a posterior to a `Summary`."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np

from forecast.inference.conflict import Conflicts
from forecast.inference.numbers import dates_and_cuts
from forecast.model.cells import VOID, Cells
from forecast.model.network import Network, Node
from forecast.posterior import SCENARIOS, Posterior
from forecast.spec import walk
from forecast.spec.calendar import Span
from forecast.spec.load import ScenarioSpec
from forecast.spec.question import AnyQuestion, Date
from forecast.spec.rules import window
from forecast.spec.scenario import NamedScenario
from forecast.summary.chances import Reporter
from forecast.summary.conflicts import conflict_results
from forecast.summary.contract import (
    OUTPUT_VERSION,
    Chance,
    DiagnosticsResult,
    EvidenceResult,
    Lead,
    QuestionResult,
    ScenarioResult,
    Summary,
)
from forecast.summary.drivers import drivers
from forecast.summary.pools import pool_results
from forecast.summary.predictive import quantiles
from forecast.summary.provenance import expert_results, ignored, provenance
from forecast.summary.statements import statement_results


def summarise(
    spec: ScenarioSpec, network: Network, posterior: Posterior, digest: str = ""
) -> Summary:
    """Report a posterior.

    Parameters
    ----------
    spec, network, posterior
        The scenario, what was built from it, what was inferred.
    digest
        The digest of inputs and settings that names the run.

    Returns
    -------
    Summary
        Frozen; whether it may be shown as a result is in ``diagnostics.status``.
    """
    reporter = Reporter(posterior)
    certificate = posterior.diagnostics
    view = network.views[1]
    probability = math.exp(posterior.log_evidence)
    levels = quantiles(network, posterior)
    found = Conflicts(network, posterior)
    statements = statement_results(network, posterior, found)
    return Summary(
        output_version=OUTPUT_VERSION,
        title=network.title,
        as_of=str(network.as_of) if network.as_of else None,
        digest=digest,
        seed=posterior.seed,
        draws=posterior.draws,
        engine=posterior.engine,
        scenarios=_scenarios(spec, network, posterior, reporter),
        lead=_lead(network, posterior) if network.scenarios else None,
        questions={
            name: _question(node, spec, network, posterior, reporter, levels.get(name))
            for name, node in network.questions.items()
        },
        statements=statements,
        evidence=EvidenceResult(
            probability=probability or None,
            log_probability=posterior.log_evidence,
            used=view.reports,
            ignored=ignored(spec, network),
            silent=dict(view.silent),
        ),
        drivers=drivers(network, posterior),
        experts=expert_results(spec, network, posterior),
        watch=spec.file.watch,
        diagnostics=DiagnosticsResult(
            certificate.status,
            certificate.khat,
            certificate.ess,
            certificate.reasons,
            certificate.detail,
        ),
        provenance=provenance(spec, network, posterior),
        conflicts=conflict_results(network, posterior, found, statements),
        pools=pool_results(spec, network, posterior, reporter),
    )


def _scenarios(
    spec: ScenarioSpec, network: Network, posterior: Posterior, reporter: Reporter
) -> dict[str, ScenarioResult]:
    inflation = posterior.final.inflation.get(SCENARIOS)
    out = {}
    for i, name in enumerate(network.scenarios):
        factor = 1.0 if inflation is None else float(inflation[i])
        chance = reporter.chance(lambda stage, i=i: stage.scenarios[:, i], factor)  # type: ignore[misc]
        phrase, low, high = spec.lexicon.word(chance.probability)
        entry = spec.file.scenarios[name]
        when, text = (entry.when, entry.text) if isinstance(entry, NamedScenario) else (entry, "")
        out[name] = ScenarioResult(
            **vars(chance),
            phrase=phrase,
            phrase_range=(low, high),
            text=text,
            when=when.text,
        )
    return out


def _lead(network: Network, posterior: Posterior) -> Lead:
    final = posterior.final
    means = final.weights @ final.scenarios
    order = np.argsort(-means, kind="stable")
    first = int(order[0])
    if len(order) < 2:
        return Lead(network.scenarios[first], None, None)
    second = int(order[1])
    ahead = final.weights @ (final.scenarios[:, first] > final.scenarios[:, second])
    certain = not posterior.parameters and not posterior.leans
    return Lead(
        network.scenarios[first],
        network.scenarios[second],
        None if certain else float(np.clip(ahead, 0.0, 1.0)),
    )


def _question(
    node: Node,
    spec: ScenarioSpec,
    network: Network,
    posterior: Posterior,
    reporter: Reporter,
    levels: Mapping[str, float] | None,
) -> QuestionResult:
    name, cells = node.name, node.cells
    question = walk.all_questions(spec.file)[name]
    days = window(question, spec.file)
    inflation = posterior.final.inflation.get(name)
    factor = 1.0 if inflation is None else float(np.max(inflation))

    def chance(states: np.ndarray) -> Chance:
        return reporter.chance(lambda stage: stage.questions[name] @ states, factor)

    each = np.eye(len(cells))
    states = {state: chance(each[i]) for i, state in enumerate(cells.states)}
    by = at_least = None
    if isinstance(question, Date):
        dates = question.report_by or (days.last,)
        by = {str(day): chance(_until(cells, day)) for day in dates}
    if node.number is not None:
        at_least = _at_least(node, days, chance, reporter, factor)
    assert node.role != "gate"
    return QuestionResult(
        type=cells.kind,
        role=node.role,
        status=_status(question, states, days, cells, network, node.role),
        text=question.text,
        window=(str(days.first), str(days.last)) if network.as_of else None,
        states=states,
        by=by,
        at_least=at_least,
        quantiles=levels,
        unit=getattr(question, "unit", ""),
    )


def _at_least(
    node: Node,
    days: Span,
    chance: Callable[[np.ndarray], Chance],
    reporter: Reporter,
    factor: float,
) -> dict[str, dict[str, Chance]]:
    """Report the chances of reaching each cut: by each date that is reported, else in the end."""
    out: dict[str, dict[str, Chance]] = {}
    for i, (day, cut) in enumerate(dates_and_cuts(node)):
        if day < days.last:
            reached = reporter.chance(lambda stage, i=i: stage.events[node.name][:, i], factor)  # type: ignore[misc]
            out.setdefault(str(day), {})[f"{cut:.10g}"] = reached
    if node.number is not None and (days.last in node.number.events or not out):
        ranges = [bound for bound in node.cells.bounds if bound is not None]
        lows = [low for low, high in ranges[1:] if low != high or low > 0]
        out[str(days.last)] = {f"{low:.10g}": chance(_from(node.cells, low)) for low in lows}
    return out


def _until(cells: Cells, day: dt.date) -> np.ndarray:
    end = day.toordinal()
    return np.array([float(bound is not None and bound[1] <= end) for bound in cells.bounds])


def _from(cells: Cells, low: float) -> np.ndarray:
    return np.array([float(bound is not None and bound[0] >= low) for bound in cells.bounds])


def _status(
    question: AnyQuestion,
    states: dict[str, Chance],
    days: Span,
    cells: Cells,
    network: Network,
    role: str,
) -> Literal["open", "resolved", "unresolved", "void-able"]:
    settled = any(
        chance.stages.evidence >= 1 - 1e-12 and chance.stages.inputs < 1 - 1e-12
        for chance in states.values()
    )
    if settled:
        return "resolved"
    seen = role != "latent" and question.observable is not None
    if network.as_of and days.last <= network.as_of and seen:
        return "unresolved"
    return "void-able" if VOID in cells.states else "open"
