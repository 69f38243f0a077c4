"""A text under the hands of the reader, and the places in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Mark(NamedTuple):
    """A place in a file; lines and columns count from one."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Text:
    """A text that may have been mended; its marks are those of the text as written.

    >>> text = Text("a:b c").mended(1, ": ")
    >>> text.now, text.mark(text.now.index("c"))
    ('a: b c', Mark(line=1, column=5))
    """

    now: str
    inserted: tuple[tuple[int, int, int], ...] = ()
    """Line and column, from zero, of each place, and how many characters it has gained."""

    def mended(self, at: int, instead: str) -> Text:
        """Put something in the place of one character."""
        gain = (*self._line_and_column(at), len(instead) - 1)
        return Text(self.now[:at] + instead + self.now[at + 1 :], (*self.inserted, gain))

    def mark(self, at: int) -> Mark:
        """Return the place of an index."""
        return self.written(*self._line_and_column(at))

    def written(self, line: int, column: int) -> Mark:
        """Return the place, as written, of a line and column that count from zero."""
        for place, start, more in reversed(self.inserted):
            if place == line and column > start:
                column = max(start, column - more)
        return Mark(line + 1, column + 1)

    def _line_and_column(self, at: int) -> tuple[int, int]:
        return self.now.count("\n", 0, at), at - self.now.rfind("\n", 0, at) - 1
