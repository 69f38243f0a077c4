"""A probability and its ranges on a line of text, on a fixed axis from 0 to 100 %.

Only ASCII: a thick line or a filled dot takes two cells in a Korean or Japanese terminal, and every
bar after it would be wrong.
"""

from __future__ import annotations

from rich.text import Text

from forecast.summary.contract import Levels

FRAME = 2
"""Cells of the two ends of the axis."""


def axis(cells: int) -> str:
    """Return the labels above bars of so many cells, frame included.

    >>> axis(23)
    ' 0         50     100 %'
    >>> axis(23).index("50"), bar(0.5, None, 23).plain.index("o")
    (11, 11)
    """
    inner = cells - FRAME
    middle = 1 + _place(0.5, inner)
    labels = f" 0{'50':>{middle}}"
    return labels + "100 %".rjust(cells - len(labels))


def bar(probability: float, levels: Levels | None, cells: int) -> Text:
    """Return one bar: ``-`` for the 80 % range, ``=`` for the 50 % range, ``o`` for the number.

    >>> bar(0.4, {"0.5": (0.3, 0.5), "0.8": (0.2, 0.65)}, 23).plain
    '|    --==o==---       |'
    """
    inner = cells - FRAME
    marks, styles = [" "] * inner, [""] * inner
    middle = _place(0.5, inner)
    marks[middle], styles[middle] = ":", "dim"
    for level, mark, style in (("0.8", "-", "dim"), ("0.5", "=", "")):
        if levels and level in levels:
            low, high = (_place(end, inner) for end in levels[level])
            for i in range(low, high + 1):
                marks[i], styles[i] = mark, style
    here = _place(probability, inner)
    marks[here], styles[here] = "o", "bold"
    line = Text("|", "dim")
    for mark, style in zip(marks, styles, strict=True):
        line.append(mark, style or "not dim")
    return line.append("|")


def _place(probability: float, inner: int) -> int:
    return round(min(max(probability, 0.0), 1.0) * (inner - 1))
