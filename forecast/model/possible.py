"""What is possible: the rows of a question cover all worlds, and each of them can be reached."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import numpy as np
from pydantic_core import PydanticCustomError

from forecast.errors import Fault, Path
from forecast.model.cells import VOID, Cells
from forecast.model.comparison import by_day
from forecast.model.day_by_day import MOST_WORLDS, comparison_faults
from forecast.model.grid import grid
from forecast.model.relation import feasible
from forecast.model.truth import Truth, first_match, nodes_of, parents_of, truth
from forecast.spec import walk
from forecast.spec.calendar import Span
from forecast.spec.context import Context
from forecast.spec.expression import Expression, quoted
from forecast.spec.magnitude import AmountCases, AmountTimes, RateCases, RateTimes
from forecast.spec.question import AnyQuestion, Cases, Odds, ShareCases, TimingCases
from forecast.spec.timing import window


def row_faults(context: Context, faulty: Collection[Path]) -> Iterator[Fault]:
    """Yield the rows that can never be reached and the worlds that no row covers.

    Parameters
    ----------
    context
        The scenario file and what it uses.
    faulty
        The entries (``("questions", "visit")``) that have faults already; they are left out, and
        so is whatever depends on them.
    """
    if ("horizon",) in faulty:
        return
    sections = ("questions", "latents")
    names = {path[1] for path in faulty if len(path) > 1 and path[0] in sections}
    questions = {name: q for name, q in context.questions.items() if name not in names}
    sound = {
        name: question
        for name, question in questions.items()
        if all(parent in questions for parent in walk.parents(question))
    }
    conditions = [
        placed.condition
        for name, question in sound.items()
        for placed in walk.in_question(question, ())
        if isinstance(placed, walk.PlacedCondition)
    ]
    windows = {name: window(question, context.file) for name, question in questions.items()}
    try:
        cells = grid(questions, windows, conditions)
    except PydanticCustomError:  # a day that is none, in a file with more faults than are told
        return
    for name, question in sound.items():
        section = "latents" if name in context.file.latents else "questions"
        here, parents = (section, name), parents_of(question, questions)
        if (table := walk.table_of(question)) is not None:
            # It has a row for each world of its parents, as many as the file has lines at most.
            more = tuple(name for name in parents if name not in table.parents)
            if more and _worlds((*more, *table.parents), cells) > MOST_WORLDS:
                yield _too_many(here, f"`{name}` depends on", more, cells, context)
            else:
                yield from _question_faults(question, here, cells, context)
            continue
        own = cells.get(by_day(name), cells[name])
        if _worlds(parents, cells) * len(own) > MOST_WORLDS:
            yield _too_many(here, f"`{name}` depends on", parents, cells, context)
        else:
            yield from _question_faults(question, here, cells, context)
        wide = walk.wide(question)
        for cause in wide.causes if wide is not None else ():
            if _worlds(nodes_of(cause), cells) > MOST_WORLDS:
                yield _too_many(here, "a cause speaks of", nodes_of(cause), cells, context)
    yield from comparison_faults(context, faulty, questions, windows)
    yield from _evidence_faults(cells, context)
    yield from _likelihood_faults(questions, windows, conditions, context)


def _evidence_faults(cells: Mapping[str, Cells], context: Context) -> Iterator[Fault]:
    """Yield the reports that speak of too many questions at once; groups speak together."""
    scopes: dict[object, dict[str, None]] = {}
    for i, item in enumerate(context.file.evidence):
        names = [
            name
            for placed in walk.in_evidence(item, ())
            if isinstance(placed, walk.PlacedCondition)
            for name in nodes_of(placed.condition)
            if name in cells
        ]
        scope = scopes.setdefault(item.group if item.group is not None else i, {})
        before = _worlds(tuple(scope), cells)
        scope.update(dict.fromkeys(names))
        if before <= MOST_WORLDS < _worlds(tuple(scope), cells):
            who = "this report speaks of" if item.group is None else "this group speaks of"
            yield _too_many(("evidence", i), who, tuple(scope), cells, context)


def _likelihood_faults(
    questions: Mapping[str, AnyQuestion],
    windows: Mapping[str, Span],
    conditions: Sequence[Expression],
    context: Context,
) -> Iterator[Fault]:
    """Yield the rows of likelihoods that can never be reached, and the worlds without a row."""
    told = {
        i: item.likelihood
        for i, item in enumerate(context.file.evidence)
        if item.likelihood is not None
        and all(name in questions for name in _names(walk.in_evidence(item, ())))
    }
    if not told:
        return
    placed = (p for i in told for p in walk.in_evidence(context.file.evidence[i], ()))
    own = [p.condition for p in placed if isinstance(p, walk.PlacedCondition)]
    cells = grid(questions, windows, [*conditions, *own])
    for i, rows in told.items():
        told_of = walk.in_evidence(context.file.evidence[i], ())
        parents = nodes_of(*(p.condition for p in told_of if isinstance(p, walk.PlacedCondition)))
        if _worlds(parents, cells) <= MOST_WORLDS:
            path = ("evidence", i, "likelihood")
            possible = feasible(parents, cells)
            yield from _row_faults(rows, path, parents, cells, possible, context)


def _names(placed: Iterable[walk.Placed]) -> tuple[str, ...]:
    """Return the questions that conditions mention, each once."""
    found = (
        name for p in placed if isinstance(p, walk.PlacedCondition) for name in p.condition.names()
    )
    return tuple(dict.fromkeys(found))


def _worlds(names: Sequence[str], cells: Mapping[str, Cells]) -> int:
    return math.prod(len(cells[name]) for name in names)


def _too_many(
    path: Path, who: str, names: Sequence[str], cells: Mapping[str, Cells], context: Context
) -> Fault:
    worlds = _worlds(names, cells)
    count = f"{worlds:,}" if worlds < 10**12 else "more than a million million"
    text = f"{who} {len(names)} questions, which have {count} combinations of states"
    fix = "name parts of the conditions as questions of their own (`means:`)"
    return context.fault(path, "too-many-worlds", text, fix, key=True)


def _question_faults(
    question: AnyQuestion, path: Path, cells: Mapping[str, Cells], context: Context
) -> Iterator[Fault]:
    parents = parents_of(question, context.questions)
    possible = feasible(parents, cells)
    if question.only_if is not None:
        possible &= truth(question.only_if, parents, cells)
        if not possible.any():
            text = f"`{question.only_if.text}` can never hold: the question is always void"
            yield context.fault((*path, "only_if"), "dead-row", text)
            return
    for field in ("prior", "occurs", "timing", "zero", "rate", "amount"):
        yield from _table_faults(
            getattr(question, field, None), (*path, field), parents, cells, possible, context
        )


def _table_faults(
    table: object,
    path: Path,
    parents: Sequence[str],
    cells: Mapping[str, Cells],
    possible: Truth,
    context: Context,
) -> Iterator[Fault]:
    if isinstance(table, Odds | RateTimes | AmountTimes):
        base = (*path, "base")
        if table.base is not None:
            yield from _table_faults(table.base, base, parents, cells, possible, context)
    if isinstance(table, Cases | ShareCases | TimingCases | RateCases | AmountCases):
        here = (*path, "cases")
        yield from _row_faults(table.cases, here, parents, cells, possible, context)


def _row_faults(
    rows: Mapping[Expression, object],
    path: Path,
    parents: Sequence[str],
    cells: Mapping[str, Cells],
    possible: Truth,
    context: Context,
) -> Iterator[Fault]:
    decided, dead = first_match(rows, parents, cells, possible)
    for i, (condition, inner) in enumerate(rows.items()):
        here = (*path, condition.text)
        if i in dead:
            text = (
                f"row {i + 1} can never be reached: {_why_dead(i, rows, parents, cells, possible)}"
            )
            yield context.fault(here, "dead-row", text, "take it out, or move it up", key=True)
        else:
            yield from _table_faults(inner, here, parents, cells, decided == i, context)
    if (decided == -1).any():
        world = _example(decided == -1, parents, cells)
        text = f"no row for `{world}`; add it or `otherwise:`"
        yield context.fault(path, "uncovered", text, key=True)


def _why_dead(
    i: int,
    rows: Mapping[Expression, object],
    parents: Sequence[str],
    cells: Mapping[str, Cells],
    possible: Truth,
) -> str:
    conditions = list(rows)
    anywhere = truth(conditions[i], parents, cells)
    if not anywhere.any():
        return f"`{conditions[i].text}` never holds"
    mine = anywhere & possible
    if not mine.any():
        return "it speaks of worlds in which the question is void, or that a row above has taken"
    for j in range(i):
        if not (mine & ~truth(conditions[j], parents, cells)).any():
            return f"row {j + 1} covers it"
    return "the rows above cover it"


def _example(worlds: Truth, parents: Sequence[str], cells: Mapping[str, Cells]) -> str:
    """Describe one uncovered world by as few questions as needed, in the words of conditions."""
    world = tuple(int(i) for i in np.argwhere(worlds)[0])
    kept = list(range(len(parents)))
    for axis in range(len(parents)):
        if bool(np.take(worlds, world[axis], axis=axis).all()):
            kept = [axis]
            break
    return " and ".join(_said(parents[axis], world[axis], cells[parents[axis]]) for axis in kept)


def _said(name: str, state: int, cells: Cells) -> str:
    bound, label, this = cells.bounds[state], cells.states[state], quoted(name)
    if bound is not None and cells.kind == "date":
        return f"{this} in {label if '..' in label else f'{label}..{label}'}"
    if bound is not None and cells.kind == "quantity":
        low, high = bound
        if math.isinf(low):
            return f"{this} < {high:.10g}"
        return f"{this} >= {low:.10g}" if math.isinf(high) else f"{this} in {low:.10g}..{high:.10g}"
    if bound is not None:
        low, high = bound
        return f"{this} >= {low:.0f}" if math.isinf(high) else f"{this} in {low:.0f}..{high:.0f}"
    if cells.kind == "date":
        return f"not {this}"
    if label != VOID:
        return f"{this} is {quoted(label)}"
    states = "|".join(quoted(other) for other in cells.states if other != VOID)
    is_number = cells.kind in ("count", "quantity")
    return f"not ({this} >= 0)" if is_number else f"not ({this} is {states})"
