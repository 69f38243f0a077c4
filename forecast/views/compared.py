"""Forecasts side by side: on a terminal, in Markdown, as one long table."""

from __future__ import annotations

import string
from collections.abc import Iterator

from forecast.analysis.compare_contract import (
    Carrier,
    Cell,
    Change,
    ColumnResult,
    Comparison,
    Difference,
    RowResult,
)
from forecast.summary.contract import Levels, significant
from forecast.views.long_table import LEVELS, Row, delimited
from forecast.views.section import Section
from forecast.views.tables import Line, in_markdown, on_terminal
from forecast.views.words import clean, condition, humanised, percent

MOST_ANSWERS = 6
MOST_CHANGES = 12

NO_CHANGE = "none"
KEY = (
    "difference: in points; 80 %: where it would lie if judgements were pinned down; "
    f'"{NO_CHANGE}": no detectable change, within two Monte Carlo errors'
)

COLUMNS = (
    *("column", "run", "as_of", "engine", "certificate", "pairing", "kind", "name", "probability"),
    "mcse",
    *(f"{end}_{level}" for level in LEVELS for end in ("low", "high")),
    *("difference", "difference_mcse", "detectable"),
    *(f"difference_{end}_{level}" for level in LEVELS for end in ("low", "high")),
    *("likelier_in", "same_in"),
)
"""The columns of the long table, explained in docs/compare.md; only ever added to, at the end."""


def render(found: Comparison, *, width: int, colour: bool) -> str:
    """Return a comparison as text.

    Parameters
    ----------
    found
        From `forecast.analysis.compare.compare`.
    width, colour
        Cells of the terminal, and whether to write ANSI codes.
    """
    return on_terminal(_blocks(found), width, colour)


def render_markdown(found: Comparison) -> str:
    """Return a comparison in Markdown."""
    return in_markdown(_blocks(found))


def render_csv(found: Comparison) -> str:
    """Return every number of a comparison, one cell a row."""
    return delimited(COLUMNS, _rows(found))


def _blocks(found: Comparison) -> Iterator[list[Section | Line]]:
    yield list(_heads(found))
    scenarios = [row for row in found.rows if row.kind == "scenario"]
    ranked = sorted(scenarios, key=lambda row: -_first(row))
    if ranked:
        yield [_probabilities("Scenario", found, ranked), *_notes(ranked)]
    for i, column in enumerate(found.columns[1:], start=1):
        block: list[Section | Line] = []
        told = [row for row in ranked if row.cells[i] is not None and _difference(row, i)]
        if told:
            block.append(_differences(f"{_letter(i)} against A", found, told, i))
        block += _moved(found, i, exclude=bool(told))
        block += map(Line, _carried(found, column))
        if block:
            yield block
    last: list[Section | Line] = [Line(f"{text}.") for text in found.alone]
    if len(found.columns) > 1:
        last.append(Line(KEY, "dim"))
    if any(column.pairing == "none" for column in found.columns[1:]):
        names = [_letter(i) for i, c in enumerate(found.columns) if i and c.pairing == "none"]
        text = f"{', '.join(names)}: not paired with A, so there is no range of the difference."
        last.append(Line(text, "dim"))
    if last:
        yield last


def _heads(found: Comparison) -> Iterator[Line]:
    yield Line(clean(found.columns[0].title or "Forecasts side by side"), "bold", deep=False)
    for i, column in enumerate(found.columns):
        run = f"run {column.digest[:12]}" if column.digest else ""
        facts = [f"as of {column.as_of}" if column.as_of else "", column.engine, run]
        text = f": {column.text}" if column.text else ""
        named = f"{_letter(i)}  {column.label}{text} ({', '.join(filter(None, facts))})"
        yield Line(named, "bold" if i == 0 else "", deep=False)
        for change in column.changes[:MOST_CHANGES]:
            yield Line(changed(change), "", deep=True)
        if len(column.changes) > MOST_CHANGES:
            yield Line(f"and {len(column.changes) - MOST_CHANGES} more changes", "dim", deep=True)
        for text in column.effects:
            yield Line(clean(text), "dim", deep=True)
        if i > 0 and not column.changes:
            yield Line("the same inputs", "dim", deep=True)


def changed(change: Change) -> str:
    """Return a change in words.

    >>> changed(Change("latents.compensation.prior", "likely", "unlikely"))
    'latents.compensation.prior: likely -> unlikely'
    >>> changed(Change("given", None, "not ceasefire")), changed(Change("do", "pledge = no", None))
    ('given not ceasefire', 'no longer do pledge = no')
    """
    if change.before is None:
        space = " " if change.where in ("given", "do", "without") else ": new: "
        return f"{change.where}{space}{clean(change.after or '')}"
    if change.after is None:
        if change.where in ("given", "do", "without"):
            return f"no longer {change.where} {clean(change.before)}"
        return f"{change.where}: gone: {clean(change.before)}"
    return f"{change.where}: {clean(change.before)} -> {clean(change.after)}"


def _probabilities(title: str, found: Comparison, rows: list[RowResult]) -> Section:
    heads = tuple(_letter(i) for i in range(len(found.columns)))
    return Section(
        title,
        title.lower(),
        heads,
        tuple((_name(row), *(_percent(cell) for cell in row.cells)) for row in rows),
        tuple(clean(row.text) for row in rows),
    )


def _differences(title: str, found: Comparison, rows: list[RowResult], i: int) -> Section:
    letter = _letter(i)
    paired = any((d := _difference(row, i)) and d.intervals for row in rows)
    heads = ("A", letter, "difference", *(("80 %", f"{letter} likelier in") if paired else ()))
    told = []
    for row in rows:
        difference = _difference(row, i)
        assert difference is not None
        numbers = [_percent(row.cells[0]), _percent(row.cells[i]), signed(difference)]
        if paired:
            numbers += [_range(difference), _likelier(difference)]
        told.append((_name(row), *numbers))
    return Section(title, "scenario", heads, tuple(told))


def _moved(found: Comparison, i: int, *, exclude: bool) -> Iterator[Section]:
    """Yield the answers to questions that moved most."""
    rows = [row for row in found.rows if row.kind == "answer"]
    clear = [row for row in rows if (d := _difference(row, i)) and d.detectable]
    clear = [row for row in clear if abs(_points(row, i)) >= 0.005]
    ranked = sorted(clear, key=lambda row: -abs(_points(row, i)))[:MOST_ANSWERS]
    if ranked:
        title = "What moved besides" if exclude else f"What moved: {_letter(i)} against A"
        yield _differences(title, found, ranked, i)


def _carried(found: Comparison, column: ColumnResult) -> Iterator[str]:
    own = [carrier for carrier in found.carriers if carrier.column == column.label]
    if not own:
        return
    parts = [f"{_carrier(carrier)} {100 * carrier.share:+.0f}" for carrier in own]
    yield (
        f'Of the change in "{humanised(own[0].scenario)}", each alone and last, on average in '
        f"points: {'; '.join(parts)}."
    )


def _carrier(carrier: Carrier) -> str:
    return clean(carrier.change)


def _notes(rows: list[RowResult]) -> list[Line]:
    return [
        Line(f'"{humanised(row.name)}" means different things: {row.note}.')
        for row in rows
        if row.note
    ]


def signed(difference: Difference) -> str:
    """Return a difference in points, or that there is none that can be told.

    >>> signed(Difference(-0.117, 0.001, True, None, None, None))
    '-12'
    >>> signed(Difference(0.0043, 0.001, True, None, None, None))
    '+0.4'
    >>> signed(Difference(0.001, 0.001, False, None, None, None))
    'none'
    """
    if not difference.detectable:
        return NO_CHANGE
    points = 100 * difference.points
    return f"{points:+.0f}" if abs(points) >= 0.95 else f"{points:+.1g}"


def _likelier(difference: Difference) -> str:
    if difference.likelier_in is None or not difference.detectable:
        return ""
    return percent(difference.likelier_in, mcse=1.0)


def _range(difference: Difference) -> str:
    levels = difference.intervals
    if not levels or not difference.detectable:
        return ""
    low, high = (f"{100 * end:+.0f}".replace("-0", "0").replace("+0", "0") for end in levels["0.8"])
    return low if low == high else f"{low} to {high}"


def _name(row: RowResult) -> str:
    return humanised(row.name) if row.kind == "scenario" else condition(row.name)


def _percent(cell: Cell | None) -> str:
    return "" if cell is None else percent(cell.probability, cell.mcse)


def _difference(row: RowResult, i: int) -> Difference | None:
    cell = row.cells[i]
    return None if cell is None else cell.difference


def _points(row: RowResult, i: int) -> float:
    difference = _difference(row, i)
    return 0.0 if difference is None else difference.points


def _first(row: RowResult) -> float:
    return next(cell.probability for cell in row.cells if cell is not None)


def _letter(i: int) -> str:
    """Name a column: A to Z, then A1.

    >>> _letter(0), _letter(27)
    ('A', 'B1')
    """
    round_, place = divmod(i, 26)
    return string.ascii_uppercase[place] + (str(round_) if round_ else "")


def _rows(found: Comparison) -> Iterator[Row]:
    for row in found.rows:
        for column, cell in zip(found.columns, row.cells, strict=True):
            if cell is None:
                continue
            told: dict[str, str | float | None] = {
                "column": column.label,
                "run": column.digest[:12],
                "as_of": column.as_of,
                "engine": column.engine,
                "certificate": column.status,
                "pairing": column.pairing,
                "kind": row.kind,
                "name": row.name,
                "probability": significant(cell.probability),
                "mcse": significant(cell.mcse),
                **_ends("", cell.intervals),
            }
            if cell.difference is not None:
                told |= _told(cell.difference)
            yield told


def _told(difference: Difference) -> dict[str, str | float | None]:
    likelier, same = difference.likelier_in, difference.same_in
    return {
        "difference": significant(difference.points),
        "difference_mcse": significant(difference.mcse),
        "detectable": "yes" if difference.detectable else "no",
        **_ends("difference_", difference.intervals),
        "likelier_in": None if likelier is None else significant(likelier),
        "same_in": None if same is None else significant(same),
    }


def _ends(prefix: str, levels: Levels | None) -> dict[str, str | float | None]:
    return {
        f"{prefix}{end}_{level}": significant(value)
        for level, key in LEVELS.items()
        for end, value in zip(("low", "high"), (levels or {}).get(key, ()), strict=False)
    }
