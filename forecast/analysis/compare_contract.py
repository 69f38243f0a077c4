"""Forecasts side by side, as they are published; ``output_version`` 1 is only ever extended."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from forecast.summary.contract import Levels, plain


@dataclass(frozen=True)
class Change:
    """One input in which a column differs from the first.

    Attributes
    ----------
    where
        The place in the file (``latents.compensation.prior``), or what is asked of it (``given``,
        ``do``, ``without``, ``as of``, ``engine``).
    before, after
        What stands there in the first column and in this one; null where nothing does.
    """

    where: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class ColumnResult:
    """One of the forecasts that stand side by side.

    Attributes
    ----------
    label
        What it is called: short, and different from all others.
    title, as_of, engine, digest
        As in the result of `forecast run`.
    text
        What a variant is for, in the words of the file.
    changes
        How it differs from the first.
    status, reasons
        The certificate.
    pairing
        How its readings of the judgements go with those of the first: ``same`` (the same points of
        the same judgements), ``carried`` (points moved as little as the two posteriors allow), or
        ``none``, and then no interval is given.
    effects
        What an intervention cuts, and what a condition teaches about causes, in words.
    """

    label: str
    title: str | None
    as_of: str | None
    engine: str
    digest: str
    text: str
    changes: tuple[Change, ...]
    status: Literal["pass", "warn", "fail"]
    reasons: tuple[str, ...]
    pairing: Literal["same", "carried", "none"]
    effects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Difference:
    """How far one column lies from the first.

    Attributes
    ----------
    points
        Its probability less that of the first.
    mcse
        Monte Carlo standard error of ``points``; of paired draws where ``pairing`` is ``same``.
    detectable
        Whether ``points`` exceeds two of its errors.
    intervals
        Where the difference would lie if the judgements were pinned down, from paired readings;
        null where there are none.
    likelier_in, same_in
        The share of readings of the judgements in which it is the likelier here, and in which it is
        equally likely; null as above.
    """

    points: float
    mcse: float
    detectable: bool
    intervals: Levels | None
    likelier_in: float | None
    same_in: float | None


@dataclass(frozen=True)
class Cell:
    """A probability in one column.

    Attributes
    ----------
    probability, mcse, intervals
        As in the result of `forecast run`.
    difference
        From the first column; null in the first, and where the first has no such row.
    """

    probability: float
    mcse: float
    intervals: Levels | None
    difference: Difference | None


@dataclass(frozen=True)
class RowResult:
    """A scenario, or what may be answered of a question, in every column that has it.

    Attributes
    ----------
    kind, name
        What it is; an answer is a condition in the language of the file.
    text
        What the scenario or the question means.
    note
        Where the columns mean different things by it: how.
    cells
        One for each column; null where a column has no such scenario or question.
    """

    kind: Literal["scenario", "answer"]
    name: str
    text: str
    note: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Carrier:
    """What one of several changes carries of the difference of a column.

    Attributes
    ----------
    column
        The column.
    change
        The change.
    scenario
        The scenario that moves most between the two columns.
    alone
        What it moves when it alone is made, in probability.
    last
        What it moves when it is made after all others.
    share
        The mean of both.
    mcse
        Monte Carlo standard error of ``share``, or more.
    """

    column: str
    change: str
    scenario: str
    alone: float
    last: float
    share: float
    mcse: float


@dataclass(frozen=True)
class Comparison:
    """Forecasts side by side.

    Attributes
    ----------
    columns
        The first is the one that all others are compared with.
    rows
        Scenarios in the order of the first, then answers.
    alone
        Questions and scenarios that only some columns have, in words.
    carriers
        Which change carries how much, for columns with several.
    refused
        Columns whose certificate failed, with the reasons; no number of theirs is shown.
    """

    output_version: int
    columns: tuple[ColumnResult, ...]
    rows: tuple[RowResult, ...]
    alone: tuple[str, ...]
    carriers: tuple[Carrier, ...]
    refused: tuple[ColumnResult, ...]

    def to_json(self) -> str:
        """Return it as JSON, numbers to 10 significant digits."""
        return json.dumps(plain(self), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
