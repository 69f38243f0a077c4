"""A `Summary` as one long table, in CSV: a row for each chance, for spreadsheets and pandas."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO

from forecast.summary.contract import Chance, Summary, significant
from forecast.views.words import clean

LEVELS = {"50": "0.5", "80": "0.8", "90": "0.9"}

COLUMNS = (
    *("run", "as_of", "given", "certificate", "kind", "name", "state", "date", "at_least"),
    *("probability", "inputs", "evidence", "statements", "mcse"),
    *(f"{end}_{level}" for level in LEVELS for end in ("low", "high")),
    *("phrase", "of", "stated"),
    *("level", "value", "unit"),
)
"""The columns, explained in docs/formats.md; only ever added to, at the end."""

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What makes a spreadsheet compute a cell; some do so for the wide characters too."""

type Row = Mapping[str, str | float | None]
"""Column -> what stands there."""


def render_csv(summary: Summary) -> str:
    """Return every chance of a forecast, one a row, under a line with the names of the columns.

    Numbers have 10 significant digits, as in the JSON; what does not apply is empty.

    Parameters
    ----------
    summary
        What to show. One whose certificate failed has no rows.
    """
    if summary.diagnostics.status == "fail":
        return delimited(COLUMNS, ())
    run: Row = {
        "run": summary.run,
        "as_of": summary.as_of,
        "given": "; ".join(summary.provenance.given),
        "certificate": summary.diagnostics.status,
    }
    return delimited(COLUMNS, ({**run, **row} for row in _rows(summary)))


def delimited(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """Return rows as CSV under a line with the names of the columns; what is absent is empty."""
    out = StringIO()
    table = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    table.writeheader()
    for row in rows:
        table.writerow({name: _cell(value) for name, value in row.items()})
    return out.getvalue()


def inert(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: with an apostrophe before it.

    A text that begins with an apostrophe gets another, so that one is always to be taken away.

    >>> inert("=1+1"), inert("'tis"), inert("Kim-Putin")
    ("'=1+1", "''tis", 'Kim-Putin')
    """
    return f"'{text}" if text.startswith(("'", *FORMULA)) else text


def _cell(value: str | float | None) -> str | float | None:
    return inert(clean(value)) if isinstance(value, str) else value


def _rows(summary: Summary) -> Iterator[Row]:
    for name, result in summary.scenarios.items():
        yield {"kind": "scenario", "name": name, "phrase": result.phrase, **_numbers(result)}
    for name, question in summary.questions.items():
        for state, chance in question.states.items():
            yield {"kind": "state", "name": name, "state": state, **_numbers(chance)}
        for date, chance in (question.by or {}).items():
            yield {"kind": "by", "name": name, "date": date, **_numbers(chance)}
        for date, cuts in (question.at_least or {}).items():
            for cut, chance in cuts.items():
                place: Row = {"name": name, "date": date, "at_least": cut}
                yield {"kind": "at_least", **place, **_numbers(chance)}
        for level, value in (question.quantiles or {}).items():
            yield {
                "kind": "quantile",
                "name": name,
                "date": question.window[1] if question.window else None,
                "level": level,
                "value": significant(value),
                "unit": question.unit,
            }
    for statement in summary.statements:
        yield {
            "kind": "statement",
            "name": statement.id,
            "of": statement.of,
            "stated": significant(statement.stated),
            "probability": significant(statement.implied_after),
            "evidence": significant(statement.implied_before),
            "statements": significant(statement.implied_after),
        }


def _numbers(chance: Chance) -> Row:
    numbers: dict[str, str | float | None] = {
        "probability": significant(chance.probability),
        "inputs": significant(chance.stages.inputs),
        "evidence": significant(chance.stages.evidence),
        "statements": significant(chance.stages.statements),
        "mcse": significant(chance.mcse),
    }
    for level, key in LEVELS.items():
        if chance.intervals and key in chance.intervals:
            low, high = chance.intervals[key]
            numbers[f"low_{level}"] = significant(low)
            numbers[f"high_{level}"] = significant(high)
    return numbers
