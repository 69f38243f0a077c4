"""Why there is no result, and what to do: not one probability of a scenario."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from rich.console import RenderableType

from forecast.summary.contract import Summary
from forecast.views.checks import exactness, run_line
from forecast.views.conflicts import against, agreeing, source
from forecast.views.judgements import speaker
from forecast.views.movers import STRAINED, strain
from forecast.views.page import heading, indented, prose
from forecast.views.words import clean, condition

MORE_DRAWS = 4
WORST = 3


def refusal(summary: Summary, file: str, width: int) -> Iterator[RenderableType]:
    """Yield why the certificate failed and what may help."""
    yield prose("No result: the numbers could not be certified, so none is shown.", "bold red")
    yield prose("")
    yield heading("Why")
    for reason in summary.diagnostics.reasons:
        yield indented(prose(f"- {reason}"))
    yield prose("")
    yield heading("What may help")
    yield from _remedies(summary, file, width)
    yield prose("")
    yield prose(f"Run {run_line(summary)}; {exactness(summary)}", "dim")


def _remedies(summary: Summary, file: str, width: int) -> Iterator[RenderableType]:
    run = f"forecast run {shlex.quote(clean(file))}"
    if summary.provenance.variant:
        run += f" --variant {shlex.quote(clean(summary.provenance.variant.name))}"
    for name, value in summary.provenance.done.items():
        run += f" --do {shlex.quote(clean(f'{name} = {value}'))}"
    for supposed in summary.provenance.given:
        run += f" --given {shlex.quote(clean(supposed))}"
    yield indented(prose(f"- {MORE_DRAWS} times the draws, which halve the Monte Carlo error:"))
    yield indented(indented(prose(f"{run} --draws {MORE_DRAWS * summary.draws}")))
    if summary.engine != "nuts":
        yield indented(prose("- the other engine, which copes with judgements in sharp conflict:"))
        yield indented(indented(prose(f"{run} --engine nuts")))
    if summary.conflicts:
        yield from _conflicts(summary)
        return
    worst = sorted(summary.statements, key=strain, reverse=True)[:WORST]
    worst = [s for s in worst if strain(s) > STRAINED] or [s for s in worst[:1] if strain(s) > 0]
    if not worst:
        return
    yield indented(prose("- a second look at what the rest of the model contradicts most:"))
    year = (summary.as_of or "")[:4]
    for statement in worst:
        who, of = speaker(summary, statement.expert), condition(statement.of, year)
        line = f'{clean(statement.id)}: {who}, "{clean(statement.says)}" of {of}'
        yield indented(indented(prose(line)))


def _conflicts(summary: Summary) -> Iterator[RenderableType]:
    """Yield the judgements and the evidence that are in conflict: one of each is misread."""
    yield indented(prose("- a second look at what is in conflict; one side of each is misread:"))
    for conflict in summary.conflicts[:WORST]:
        rough = "some " if conflict.by_moments else ""
        apart = f"{rough}{abs(conflict.apart):.1f} standard deviations from all the rest"
        line = f"{source(conflict, summary)}: {apart}; they agree if {agreeing(conflict)}"
        yield indented(indented(prose(line)))
        if opponents := against(conflict, summary):
            yield indented(indented(indented(prose(f"against {opponents}"))))
