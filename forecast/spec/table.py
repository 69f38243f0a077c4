"""Conditional tables of fixed numbers: what published networks are made of.

    prior:
      table:
        parents: [smoke, asia]          # the last one changes fastest
        rows:
        - 0.9 0.1                       # smoke is yes, asia is yes
        - 0.8 0.2                       # smoke is yes, asia is no
        - 0.7 0.3
        - 0.5 0.5

A row holds one number for each state of the question, in their order. Rows are numbers and never
conditions, so questions and states may be called what they like. A table has no spread: what an
expert judges belongs into `shares` and `cases`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, PlainValidator, WithJsonSchema

from forecast.spec.problem import as_text, kind_of, problem
from forecast.spec.strict import Strict
from forecast.spec.traps import short

WITHIN = 1e-6
"""How far from one the numbers of a row may sum, however many digits they have."""

MOST_ROUNDING = 1e-3
"""How far rounding to the printed digits may excuse it: 0.333 0.333 0.333, but not 0.3 0.3 0.3."""

_NUMBER = re.compile(r"[-+]?([0-9]+\.?([0-9]*)|\.([0-9]+))([eE]([-+]?[0-9]{1,3}))?")

type Trouble = tuple[int, str, str, str]
"""A row, and what is wrong with it: code, text, way to mend it."""


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a table.

    Attributes
    ----------
    texts
        Each row as it is written.
    """

    texts: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.texts)

    def read(self, states: int) -> tuple[NDArray[np.float64], tuple[Trouble, ...]]:
        """Read the numbers of a table.

        Parameters
        ----------
        states
            How many numbers a row must have.

        Returns
        -------
        tuple
            The chances, shape ``(rows, states)``, each row scaled to sum to one (published tables
            are rounded), and what is wrong with single rows, in order; where there is anything, the
            numbers mean nothing.

        Examples
        --------
        >>> Rows(("0.3333 0.3333 0.3333", ".5 .5 0")).read(3)[0][0].round(6).tolist()
        [0.333333, 0.333333, 0.333333]
        >>> Rows(("0.9 0.2",)).read(2)[1]
        ((0, 'shares-sum', 'this row sums to 1.1', 'rescale it to 0.818182 0.181818'),)
        """
        values = _numbers(self.texts, states)
        if values is None:
            return np.empty((0, states)), tuple(_troubles(self.texts, states))
        sums = values.sum(axis=1)
        gross = np.flatnonzero(np.abs(sums - 1) > WITHIN)
        troubles = tuple(
            _sum_trouble(int(i), values[i])
            for i in gross
            if abs(sums[i] - 1) > min(MOST_ROUNDING, _rounding(self.texts[i])) * (1 + 1e-9)
        )
        return (values if troubles else values / sums[:, None]), troubles


def _numbers(texts: Sequence[str], states: int) -> NDArray[np.float64] | None:
    """Return the numbers of all rows, or None where a row has trouble other than its sum."""
    split = [text.replace(",", " ").split() for text in texts]
    if any(len(row) != states for row in split) or any("_" in text for text in texts):
        return None
    try:
        flat = np.fromiter((float(n) for row in split for n in row), float)
    except ValueError:
        return None
    sound = np.isfinite(flat).all() and (flat >= 0).all() and (flat <= 1 + MOST_ROUNDING).all()
    return flat.reshape(len(texts), states) if sound else None


def _troubles(texts: Sequence[str], states: int) -> Iterator[Trouble]:
    for i, text in enumerate(texts):
        row = text.replace(",", " ").split()
        wrong = next((n for n in row if not _NUMBER.fullmatch(n)), None)
        if wrong is not None:
            yield i, "value", f"`{short(wrong)}` is no number", "write each as in 0.25"
        elif len(row) != states:
            given = f"{len(row)} number{'' if len(row) == 1 else 's'}"
            text = f"this row has {given} for {states} states"
            yield i, "table-shape", text, "write one for each state"
        elif outside := next((n for n in row if not 0 <= float(n) <= 1), None):
            yield (
                i,
                "value",
                f"`{short(outside)}` is no chance",
                "chances lie between 0 and 1: 0.25 for 25 %",
            )
        else:
            values = np.array([float(n) for n in row])
            allowed = max(WITHIN, min(MOST_ROUNDING, _rounding(text)))
            if abs(values.sum() - 1) > allowed * (1 + 1e-9):
                yield _sum_trouble(i, values)


def _sum_trouble(i: int, values: NDArray[np.float64]) -> Trouble:
    total = float(values.sum())
    text, fix = f"this row sums to {total:.7g}", ""
    if total > 0 and len(values) <= 12:
        fix = f"rescale it to {' '.join(f'{value / total:.6g}' for value in values)}"
    return i, "shares-sum", text, fix


def _rounding(text: str) -> float:
    """Return how far from one a row may sum because its numbers are rounded as they are printed.

    >>> _rounding("0.33 0.33 0.33"), _rounding("5e-3, 1")
    (0.015, 0.5005)
    """
    total = 0.0
    for match in _NUMBER.finditer(text):
        decimals = len(match[2] or match[3] or "") - int(match[5] or 0)
        total += 0.5 * math.pow(10.0, -decimals)
    return total


def _row_texts(value: Any) -> Rows:
    if not isinstance(value, list):
        fix = "write one row below the other, each after `- `"
        raise problem(f"a list of rows stands here, not {kind_of(value)}", fix, "type")
    if not value:
        raise problem("at least one row is needed here")
    return Rows(tuple(as_text(row) for row in value))


def _names(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


_ROWS = WithJsonSchema(
    {
        "type": "array",
        "minItems": 1,
        "items": {"type": ["string", "number"], "examples": ["0.9 0.1"]},
    }
)


class ConditionalTable(Strict):
    """The numbers of a question for each combination of its parents' states."""

    parents: Annotated[tuple[str, ...], BeforeValidator(_names)] = ()
    """The questions that it depends on; the last one changes fastest from row to row."""
    rows: Annotated[Rows, PlainValidator(_row_texts), _ROWS]
    """A row for each combination of the parents' states: a number for each state."""


class TabledShares(Strict):
    """``{table: {parents: [a, b], rows: [...]}}``: fixed chances, the last parent fastest."""

    table: ConditionalTable
    """Numbers that are fixed and never read as conditions."""
