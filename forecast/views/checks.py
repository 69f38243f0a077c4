"""Whether the numbers can be trusted, what went into them, and what to do next."""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from forecast.spec.expression import quoted
from forecast.summary.contract import ParameterResult, Summary
from forecast.views.page import GAP, grid, heading, prose
from forecast.views.policy import policy_notes
from forecast.views.words import clean, counted

MOST_IGNORED = 3

LABEL = len("Saved to")
STATUS = {"pass": "passed", "warn": "usable with a warning", "fail": "failed"}


def checks(
    summary: Summary, file: str, saved_to: str | None, width: int
) -> Iterator[RenderableType]:
    """Yield the certificate, what the numbers rest on, and what to do next."""
    room = width - LABEL - GAP
    table = grid(LABEL, [], [room])
    for i, (text, style) in enumerate(checked(summary)):
        table.add_row(heading("" if i else "Checks"), prose(text, style))
    table.add_row(heading("Run"), prose(rests_on(summary)))
    if saved_to is not None:
        table.add_row(heading("Saved to"), prose(saved_to))
    for i, step in enumerate(_next_steps(summary, file, room)):
        table.add_row(heading("" if i else "Next"), step)
    yield table


def checked(summary: Summary) -> Iterator[tuple[str, str]]:
    """Yield what the certificate says and what to beware of, each text with its style."""
    status = summary.diagnostics.status
    if status == "pass":
        yield f"{STATUS[status]}: {exactness(summary)}", ""
    else:
        yield f"{STATUS[status]} ({'; '.join(summary.diagnostics.reasons)})", "yellow"
        yield exactness(summary), ""
    for note in _notes(summary):
        yield note, "yellow"
    if policy := "; ".join(policy_notes(summary)):
        yield f"policy: {policy}", "dim"


def rests_on(summary: Summary) -> str:
    """Return the run, and the evidence that its numbers rest on."""
    return "; ".join([run_line(summary), *_evidence(summary)])


def exactness(summary: Summary) -> str:
    """Return how exact the sums are, which says nothing of how right the judgements are."""
    diagnostics = summary.diagnostics
    if diagnostics.ess is None:
        return "nothing is uncertain, so the sums are exact, without Monte Carlo error"
    parts = [f"{counted(summary.draws, 'draw')} (ESS {diagnostics.ess:,.0f})"]
    if diagnostics.khat is not None:
        parts.append(f"k-hat {diagnostics.khat:.2f}")
    if "rhat" in diagnostics.detail:
        parts.append(f"R-hat {diagnostics.detail['rhat']:.3f}")
    if "largest_error" in diagnostics.detail:
        text = f"Monte Carlo error up to {_upwards(diagnostics.detail['largest_error'])} points"
        if "largest_end_error" in diagnostics.detail:
            text += f" (range ends {_upwards(diagnostics.detail['largest_end_error'])})"
        parts.append(text)
    return ", ".join(parts)


def _upwards(error: float) -> str:
    """Write an error in points; rounded up, for an error is never called smaller than it is."""
    return f"{math.ceil(1000 * error) / 10:.1f}"


def run_line(summary: Summary) -> str:
    """Return what made the numbers, and the name of the run."""
    name = [summary.run] if summary.run else []
    return ", ".join([*name, f"{clean(summary.engine)} engine", f"seed {summary.seed}"])


def _next_steps(summary: Summary, file: str, room: int) -> Iterator[Text]:
    """Yield commands that exist."""
    run = f"forecast run {shlex.quote(clean(file))}"
    steps = [(f"{run} --json", "every number")]
    if not summary.provenance.given and (event := _open_event(summary)):
        steps.insert(0, (f"{run} --given {shlex.quote(event)}", "what if"))
    longest = max(cell_len(step) for step, _ in steps)
    for step, why in steps:
        line = f"{step}{' ' * (longest - cell_len(step))}   # {why}"
        yield Text(line if cell_len(line) <= room else step, overflow="fold")


def _evidence(summary: Summary) -> Iterator[str]:
    evidence = summary.evidence
    if evidence.used:
        yield f"{counted(len(evidence.used), 'report')} used"
    if evidence.silent:
        yield f"silence counted on {counted(len(evidence.silent), 'question')}"
    for kind in ("report", "statement"):
        ignored = [item for item in evidence.ignored if item.kind == kind]
        if not ignored:
            continue
        reasons = {clean(item.why) for item in ignored}
        if len(ignored) > MOST_IGNORED and len(reasons) == 1:
            yield f"{counted(len(ignored), kind)} not counted ({reasons.pop()})"
            continue
        named = [f"{clean(item.id)} ({clean(item.why)})" for item in ignored[:MOST_IGNORED]]
        more = len(ignored) - len(named)
        named += [f"and {more} more"] if more else []
        yield f"{counted(len(ignored), kind)} not counted: {', '.join(named)}"


def _notes(summary: Summary) -> Iterator[str]:
    origin = summary.provenance
    if summary.as_of and origin.observed_through and origin.observed_through < summary.as_of:
        yield (
            f"nothing after {origin.observed_through} was looked at: add what was seen since, and "
            f"write `observed_through: {summary.as_of}` in the file"
        )
    if late := len({_judgement(p) for p in origin.parameters if p.hindsight}):
        yield f"hindsight: {counted(late, 'judgement')} made after {summary.as_of} still in use"
    if origin.warnings:
        yield f"{counted(len(origin.warnings), 'warning')} about the file"


def _judgement(parameter: ParameterResult) -> str:
    """Return the name of the judgement; shares are one judgement, with a result for each state."""
    shares = parameter.distribution.startswith("Dirichlet")
    return parameter.name.rpartition(".")[0] if shares else parameter.name


def _open_event(summary: Summary) -> str | None:
    """Return a condition on an open question.

    A watched one goes first, then one that can be supposed as it stands.
    """
    fit = [
        name
        for name, question in summary.questions.items()
        if question.role == "question"
        and question.status == "open"
        and question.type in ("binary", "date")
    ]
    watched = [name for name in summary.watch if name in fit]
    if name := next(iter(watched or fit), None):
        return quoted(name)
    for name, question in summary.questions.items():
        if question.type == "categorical" and question.status == "open":
            return f"{quoted(name)} is {quoted(next(iter(question.states)))}"
    return None
