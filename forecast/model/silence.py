"""Silence: a dated question that was not seen to happen; and reports of days that it rules out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from forecast.model.cells import NEVER, Cells
from forecast.model.cpd import latest_said
from forecast.model.parameters import Judgements
from forecast.model.relation import feasible
from forecast.model.truth import nodes_of, truth
from forecast.spec.calendar import Span
from forecast.spec.evidence import Evidence
from forecast.spec.question import Date
from forecast.spec.scenario import ScenarioFile


def silences(
    file: ScenarioFile,
    windows: Mapping[str, Span],
    items: Sequence[Evidence],
    until: dt.date | None,
    judgements: Judgements,
    cells: Mapping[str, Cells],
) -> Iterator[tuple[str, Span]]:
    """Yield the dated questions that were not seen to happen, and on which days.

    From the later of the window's start and the latest day on which a judgement in its cpd was
    said, to ``until`` less the delay of reporting, but no further than the author has looked. A
    question that a report says happened, a derived question, a latent and whatever is never
    observed have no silence.
    """
    if until is None:
        return
    for name, question in file.questions.items():
        if not isinstance(question, Date) or question.means or question.observable is None:
            continue
        if any(_says_it_happened(item, name, cells) for item in items):
            continue
        said = latest_said(question, judgements)
        first = windows[name].first if said is None else max(windows[name].first, said)
        seen = until - dt.timedelta(days=question.observable)
        last = min(seen, file.looked_through, windows[name].last)
        if first <= last:
            yield name, Span(first, last)


def too_early(
    file: ScenarioFile,
    windows: Mapping[str, Span],
    items: Sequence[Evidence],
    judgements: Judgements,
    cells: Mapping[str, Cells],
) -> Iterator[tuple[Evidence, str, dt.date]]:
    """Yield reports of what happened before its chances were said, with the question and that day.

    Whoever said the chances then knew that it had not happened: they leave earlier days no chance.
    """
    for item in items:
        names = item.observed.names() if item.observed is not None else ()
        for axis, name in enumerate(names):
            question = file.questions.get(name)
            if not isinstance(question, Date) or question.means or question.observable is None:
                continue
            said = latest_said(question, judgements)
            if item.observed is None or said is None or said <= windows[name].first:
                continue
            left = [bound is None or bound[1] >= said.toordinal() for bound in cells[name].bounds]
            scope = tuple(dict.fromkeys((*names, *nodes_of(item.observed))))
            holds = truth(item.observed, scope, cells) & feasible(scope, cells)
            if holds.any() and not np.compress(left, holds, axis=axis).any():
                yield item, name, said


def _says_it_happened(item: Evidence, name: str, cells: Mapping[str, Cells]) -> bool:
    if item.observed is None or name not in item.observed.names():
        return False
    scope = tuple(dict.fromkeys((*item.observed.names(), *nodes_of(item.observed))))
    holds = truth(item.observed, scope, cells) & feasible(scope, cells)
    never = cells[name].states.index(NEVER)
    return not np.take(holds, never, axis=scope.index(name)).any()
