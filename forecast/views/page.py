"""From pieces to lines: tables without rules, wrapping by cells, colour only where asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import StringIO

from rich.cells import cell_len, chop_cells
from rich.console import Console, JustifyMethod, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from forecast.views.words import clean

GAP = 2
"""Cells between columns."""

INDENT = 2

LEAST_NAME = 12
LEAST_ABOUT = 24
"""Cells below which a column is not worth its room."""

# Stands for a space at which no line may end, since wrapping knows none; `clean` lets none in.
_KEPT = "\ue000"


def printed(pieces: Iterable[RenderableType], width: int, colour: bool) -> str:
    """Return pieces as text: plain lines without trailing spaces, or with ANSI codes.

    The environment has no say: whether there is colour is the caller's business.
    """
    console, out = _console(width, colour)
    for piece in pieces:
        console.print(piece)
    lines = out.getvalue().replace(_KEPT, " ").split("\n")
    return "\n".join(line.rstrip() for line in lines)


def unwrapped(text: Text, colour: bool) -> str:
    """Return a text with its own line ends and no others."""
    console, out = _console(80, colour)
    console.print(text, soft_wrap=True, end="")
    return out.getvalue()


def prose(text: str, style: str = "") -> Text:
    r"""Return a text that wraps, with each number kept beside its per cent sign.

    >>> prose("unlikely (20-45 %)").plain.split(" ")
    ['unlikely', '(20-45\ue000%)']
    """
    kept = re.sub(
        r"(?<=\d) (?=%|points?\b)|(?<= [<>=-]) (?=\d)|(?<=^[<>]) (?=\d)", _KEPT, clean(text)
    )
    return Text(kept, style, overflow="fold")


def heading(text: str) -> Text:
    """Return the line above a section."""
    return prose(text, "bold")


def hanging(text: str, cells: int, style: str = "") -> Text:
    """Return a name that wraps within its column, set in from its second line on.

    >>> print(hanging("payback without summit", 15).plain)
    payback without
      summit
    """
    lines = [""]
    for word in prose(text).plain.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1].strip() else lines[-1] + word
        if cell_len(joined) <= cells:
            lines[-1] = joined
            continue
        pieces = [word] if cell_len(word) <= cells else chop_cells(word, cells - INDENT)
        if lines == [""]:
            lines = [pieces.pop(0)]
        # A word that only just fits is set out rather than broken.
        lines += [" " * min(INDENT, cells - cell_len(piece)) + piece for piece in pieces]
    return Text("\n".join(lines), style)


def grid(
    first: int, numbers: Sequence[int], tail: Sequence[int] = (), side: JustifyMethod = "right"
) -> Table:
    """Return an empty table without rules: a column of names, of numbers, and of what follows."""
    table = Table.grid(padding=(0, GAP, 0, 0))
    table.add_column(width=first, overflow="fold")
    for width in numbers:
        table.add_column(width=width, justify=side, overflow="fold")
    for width in tail:
        table.add_column(width=width, overflow="fold")
    return table


def listing(
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    width: int,
    *,
    longest: int | None = None,
    side: JustifyMethod = "right",
    about: Sequence[str] = (),
) -> Table:
    """Return a section: a line for each row, under a line with its title and the columns' heads.

    Parameters
    ----------
    title, heads
        What stands above the first and the further columns.
    rows
        A name and what is said of it, one text for each head.
    width
        Cells that may be used.
    longest
        Cells of the widest name that is not wrapped, if not all that is left.
    side
        How the further columns are aligned.
    about
        What each row means, for the room that is left at its end, if that is enough.
    """
    columns = list(zip(heads, *(row[1:] for row in rows), strict=True))
    room = width - LEAST_NAME - GAP * len(columns)
    widths = [widest(column, room) for column in columns]
    left = max(LEAST_NAME, width - sum(widths) - GAP * len(widths))
    names = [row[0] for row in rows]
    first = min(left, max(cell_len(title), widest(names, longest or left)))
    text = left - first - GAP if about else 0
    tail = [text] if text >= LEAST_ABOUT else []
    table = grid(first, widths, tail, side)
    table.add_row(hanging(title, first, "bold"), *(prose(head, "dim") for head in heads))
    for i, row in enumerate(rows):
        end = [prose(cropped(clean(about[i]), text), "dim")] if tail else []
        table.add_row(hanging(row[0], first), *map(prose, row[1:]), *end)
    return table


def indented(piece: RenderableType) -> Padding:
    """Return a piece set in under its heading."""
    return Padding(piece, (0, 0, 0, INDENT))


def widest(texts: Iterable[str], at_most: int) -> int:
    """Return the cells that the widest text takes, up to a limit.

    >>> widest(["귀환", "abc"], 10)
    4
    """
    return min(at_most, max((cell_len(text) for text in texts), default=0))


def cropped(text: str, cells: int) -> str:
    """Return a text cut to so many cells.

    >>> cropped("Day by which troops have arrived", 16), cropped("귀환 이후", 6)
    ('Day by which...', '귀...')
    """
    if cell_len(text) <= cells:
        return text
    if cells < 6:
        return chop_cells(text, cells)[0] if cells > 1 else ""
    return chop_cells(text, cells - 3)[0].rstrip(" ,;:") + "..."


def _console(width: int, colour: bool) -> tuple[Console, StringIO]:
    out = StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        force_jupyter=False,
    )
    return console, out
