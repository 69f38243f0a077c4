"""Forecasts side by side: scenarios by columns, with differences from paired readings.

The first column is what all others are compared with. What a pair is: `forecast.analysis.pairing`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from forecast.analysis.answers import answers
from forecast.analysis.carriers import carriers
from forecast.analysis.changes import changes
from forecast.analysis.column import Column, Solved
from forecast.analysis.compare_contract import (
    Cell,
    Change,
    ColumnResult,
    Comparison,
    Difference,
    RowResult,
)
from forecast.analysis.pairing import Pairing, Pairs
from forecast.analysis.readings import Reader
from forecast.analysis.rows import Key, Row, rows_of
from forecast.analysis.what_if import cut, learned
from forecast.inference.certificate import mean_and_error
from forecast.inference.quantiles import ENDS, WeightedDraws
from forecast.inference.solution import Outcomes
from forecast.summary.chances import levels
from forecast.summary.contract import OUTPUT_VERSION, Chance

type Array = NDArray[np.float64]

CLEAR = 2.0
"""Monte Carlo errors that a difference must exceed to be called one."""

SAME = 1e-9
"""Probabilities that differ by less are the same."""

AGREE = 4.0
"""Errors by which two estimates of one column may differ before its pairs are given up."""


def compare(columns: Sequence[Column]) -> Comparison:
    """Set forecasts side by side.

    Parameters
    ----------
    columns
        The first one's certificate has held; of the others those whose certificate failed are
        refused, and the rest is compared.
    """
    sound = [column for column in columns if column.summary.diagnostics.status != "fail"]
    first = sound[0]
    changed = {column.label: _changes(first, column) for column in columns}
    pairing = None
    if first.solved is not None and _readable(first.solved):
        pairing = Pairing(Reader(first.solved.network), first.solved.posterior)
    pairs = [None, *(_paired(pairing, column) for column in sound[1:])]
    rows = [rows_of(column.summary) for column in sound]
    table = tuple(_table(sound, rows, pairs))
    return Comparison(
        output_version=OUTPUT_VERSION,
        columns=tuple(
            replace(
                _column(column, changed[column.label], pairs[i]),
                effects=tuple(_effects(first, column, rows[0], table, i)),
            )
            for i, column in enumerate(sound)
        ),
        rows=table,
        alone=tuple(_alone(sound, rows)),
        carriers=tuple(carrier for column in sound[1:] for carrier in carriers(first, column)),
        refused=tuple(
            _column(column, changed[column.label], None)
            for column in columns
            if column.summary.diagnostics.status == "fail"
        ),
    )


def _changes(first: Column, column: Column) -> tuple[Change, ...]:
    if first is column:
        return ()
    found: tuple[Change, ...] = ()
    one, other = first.solved, column.solved
    if one is not None and other is not None:
        found = changes(one.spec, one.network, other.spec, other.network)
    elif first.summary.as_of != column.summary.as_of:
        found = (Change("as of", first.summary.as_of, column.summary.as_of),)
    if first.summary.engine != column.summary.engine:
        found += (Change("engine", first.summary.engine, column.summary.engine),)
    return found


def _effects(
    first: Column, column: Column, rows: Mapping[Key, Row], table: Sequence[RowResult], place: int
) -> Iterator[str]:
    if place == 0 or first.solved is None or column.solved is None:
        return
    here, there = first.solved.network, column.solved.network
    yield from cut(here, there)
    yield from learned(here, there, rows, table, place)


def _column(column: Column, changed: tuple[Change, ...], pairs: Pairs | None) -> ColumnResult:
    summary, variant = column.summary, column.summary.provenance.variant
    return ColumnResult(
        label=column.label,
        title=summary.title,
        as_of=summary.as_of,
        engine=summary.engine,
        digest=summary.digest,
        text="" if variant is None else variant.text,
        changes=changed,
        status=summary.diagnostics.status,
        reasons=summary.diagnostics.reasons,
        pairing="none" if pairs is None else "carried" if pairs.moved else "same",
    )


def _paired(pairing: Pairing | None, column: Column) -> Pairs | None:
    """Return the readings of a column in pairs with the first's; None where they do not hold."""
    other = column.solved
    if pairing is None or other is None or not _readable(other):
        return None
    pairs = pairing.with_other(Reader(other.network), other.posterior)
    if not pairs.is_sound:
        return None
    # The column's own draws tell its chances too: both must agree, or the pairs are no picture.
    final = other.posterior.final
    own, error = mean_and_error(final.weights, final.scenarios)
    told, more = mean_and_error(pairs.second, pairs.of_second.outcomes.scenarios)
    apart = np.abs(own - told) > AGREE * np.hypot(error, more) + SAME
    return None if apart.any() else pairs


def _readable(solved: Solved) -> bool:
    """Whether draws can be taken elsewhere: the exact engine keeps their places."""
    posterior = solved.posterior
    return posterior.engine == "exact" and bool(posterior.normals or not posterior.parameters)


def _table(
    columns: Sequence[Column], rows: Sequence[Mapping[Key, Row]], pairs: Sequence[Pairs | None]
) -> Iterator[RowResult]:
    masks = [_masks(column.solved) for column in columns]
    for key in {key: None for own in rows for key in own}:
        having = [i for i, own in enumerate(rows) if key in own]
        if len(having) < 2 and len(columns) > 1:
            continue
        first = rows[having[0]][key]
        cells: list[Cell | None] = []
        for i, own in enumerate(rows):
            if key not in own:
                cells.append(None)
                continue
            chance, difference = own[key].chance, None
            if i > 0 and key in rows[0]:
                masked = masks[0].get(key), masks[i].get(key)
                difference = _difference(rows[0][key].chance, chance, masked, pairs[i])
            cells.append(Cell(chance.probability, chance.mcse, chance.intervals, difference))
        other = [
            f"in {columns[i].label} `{rows[i][key].meaning}`"
            for i in having
            if rows[i][key].meaning != first.meaning
        ]
        note = f"`{first.meaning}`; {'; '.join(other)}" if other else ""
        kind, name = key
        yield RowResult(kind, name, first.text, note, tuple(cells))


type Mask = tuple[str | None, Array]
"""A question, None for the scenarios, and the states whose chances are summed."""


def _masks(solved: Solved | None) -> dict[Key, Mask]:
    """Return how the chance of each row is had from what is solved."""
    if solved is None:
        return {}
    names = solved.network.scenarios
    found: dict[Key, Mask] = {
        ("scenario", name): (None, row) for name, row in zip(names, np.eye(len(names)), strict=True)
    }
    for answer in answers(solved.spec, solved.network):
        found["answer", answer.says] = (answer.question, answer.holds.astype(float))
    return found


def _draws(mask: Mask, outcomes: Outcomes) -> Array:
    question, states = mask
    whole = outcomes.scenarios if question is None else outcomes.questions[question]
    return np.asarray(whole @ states)


def _difference(
    first: Chance, chance: Chance, masks: tuple[Mask | None, Mask | None], pairs: Pairs | None
) -> Difference:
    """Return how far a chance lies from the first column's.

    Where the points stay, the difference and its error are of paired draws; where they had to move,
    the weights of the second are less certain, and it is that of the two results.
    """
    points = chance.probability - first.probability
    mcse = float(np.hypot(chance.mcse, first.mcse))
    if pairs is None or masks[0] is None or masks[1] is None:
        return Difference(points, mcse, abs(points) > CLEAR * mcse + SAME, None, None, None)
    x = _draws(masks[0], pairs.of_first.outcomes)
    y = _draws(masks[1], pairs.of_second.outcomes)
    if not pairs.moved:
        means = float(pairs.first @ x), float(pairs.second @ y)
        points = means[1] - means[0]
        off = pairs.second * (y - means[1]) - pairs.first * (x - means[0])
        mcse = float(np.sqrt(off @ off))
    detectable = abs(points) > CLEAR * mcse + SAME
    if np.ptp(x) < SAME and np.ptp(y) < SAME:
        return Difference(points, mcse, detectable, None, None, None)
    apart = y[pairs.columns] - x[pairs.rows]
    ends = WeightedDraws(apart, pairs.masses).quantiles(ENDS)
    more = float(np.clip(pairs.masses @ (apart > SAME), 0.0, 1.0))
    same = float(np.clip(pairs.masses @ (np.abs(apart) <= SAME), 0.0, 1.0))
    return Difference(points, mcse, detectable, levels(ends), more, same)


def _alone(columns: Sequence[Column], rows: Sequence[Mapping[Key, Row]]) -> Iterator[str]:
    """Yield what only one column has: it cannot be compared."""
    if len(columns) < 2:
        return
    for kind in ("scenario", "question"):
        for column, own in zip(columns, rows, strict=True):
            others = set[str]().union(*(_names(kind, r) for r in rows if r is not own))
            lonely = [name for name in _names(kind, own) if name not in others]
            if lonely:
                yield f"only in {column.label}: {kind} {', '.join(lonely)}"


def _names(kind: str, rows: Mapping[Key, Row]) -> dict[str, None]:
    return dict.fromkeys(
        name if row.question is None else row.question
        for (_, name), row in rows.items()
        if (row.question is None) == (kind == "scenario")
    )
