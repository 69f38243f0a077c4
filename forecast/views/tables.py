"""Blocks of sections and lines, laid out for a terminal or in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.console import RenderableType
from rich.text import Text

from forecast.views.markdown import escaped, section_blocks, strong
from forecast.views.page import indented, printed, prose
from forecast.views.section import Section

NARROWEST = 60


@dataclass(frozen=True)
class Line:
    """A line of text: its style, and whether it is set in under the one before."""

    text: str
    style: str = ""
    deep: bool = False


type Block = Sequence[Section | Line]


def on_terminal(blocks: Iterable[Block], width: int, colour: bool) -> str:
    """Return blocks as text, with an empty line between them and before further sections."""
    width = max(width, NARROWEST)
    pieces: list[RenderableType] = []
    for block in blocks:
        for i, part in enumerate(block):
            if pieces and (i == 0 or isinstance(part, Section)):
                pieces.append(Text())
            if isinstance(part, Section):
                pieces.append(part.listed(width))
            else:
                told = prose(part.text, part.style)
                pieces.append(indented(told) if part.deep else told)
    return printed(pieces, width, colour)


def in_markdown(blocks: Iterable[Block]) -> str:
    """Return blocks in Markdown."""
    return "\n\n".join(_markdown(blocks)) + "\n"


def _markdown(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        for part in block:
            if isinstance(part, Section):
                yield from section_blocks(part)
            else:
                told = strong(part.text) if part.style == "bold" else escaped(part.text)
                yield f"- {told}" if part.deep else told
