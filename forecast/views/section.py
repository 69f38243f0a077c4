"""A table in words: what is said, before a view lays it out in its own way."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import JustifyMethod
from rich.table import Table

from forecast.views.page import listing


@dataclass(frozen=True)
class Section:
    """A title and rows under it.

    Attributes
    ----------
    title
        What it tells.
    names
        What the first column names.
    heads
        What stands above the further columns.
    rows
        A name, and one text for each head.
    about
        What each row means; empty where nothing more is to be said.
    side
        How the further columns are aligned.
    """

    title: str
    names: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    about: tuple[str, ...] = ()
    side: JustifyMethod = "right"

    def listed(self, width: int, *, longest: int | None = None) -> Table:
        """Return it laid out for a terminal of so many cells."""
        return listing(
            self.title,
            self.heads,
            self.rows,
            width,
            longest=longest,
            side=self.side,
            about=self.about,
        )
