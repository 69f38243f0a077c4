"""Markdown: paragraphs, rates, tables."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

WIDTH = 115


def text(words: str) -> str:
    """Return a paragraph, or an item of a list, in lines of equal length."""
    indent = "  " if words.startswith("- ") else ""
    one_line = " ".join(words.split())
    return textwrap.fill(
        one_line,
        WIDTH,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    ) + ("\n" if not indent else "")


def per_cent(rate: float) -> str:
    """Write a rate.

    >>> per_cent(0.0027), per_cent(0.25)
    ('0.27 %', '25 %')
    """
    return f"{100 * rate:.2g} %"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; all columns but the first are numbers."""
    rule = ["---", *["---:"] * (len(heads) - 1)]
    return "".join(f"| {' | '.join(line)} |\n" for line in (heads, rule, *rows))
