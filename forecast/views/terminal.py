"""A `Summary` on a terminal: the answer first, then why, then whether to trust it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from rich.console import RenderableType
from rich.text import Text

from forecast.summary.contract import Summary
from forecast.views.amounts import how_many
from forecast.views.checks import checks
from forecast.views.conflicts import conflicts
from forecast.views.headline import bottom_line, frame, marking
from forecast.views.marginals import every_question
from forecast.views.movers import drivers, statements
from forecast.views.page import printed
from forecast.views.pools import pools
from forecast.views.questions import by_when, outcomes
from forecast.views.refusal import refusal
from forecast.views.scenario_table import scenario_table

NARROWEST = 60
"""Cells below which nothing is laid out; a narrower terminal wraps the lines itself."""


def render_summary(
    summary: Summary, *, width: int, colour: bool, saved_to: str | None, file: str = "FILE"
) -> str:
    """Return a forecast as text.

    Parameters
    ----------
    summary
        What to show. One whose certificate failed is refused: see `render_refusal`.
    width
        Cells of the terminal.
    colour
        Whether to write ANSI codes. Nothing is told by colour alone.
    saved_to
        Where the run was saved, if it was.
    file
        The scenario file, for the commands that come next.

    Returns
    -------
    str
        Lines that end in a newline.
    """
    if summary.diagnostics.status == "fail":
        return render_refusal(summary, width=width, colour=colour, file=file)
    width = max(width, NARROWEST)
    answer = (
        bottom_line(summary),
        scenario_table(summary, width),
        outcomes(summary, width),
        by_when(summary, width),
        how_many(summary, width),
        drivers(summary, width),
        chain(statements(summary, width), conflicts(summary, width)),
        pools(summary, width),
    )
    sections = (
        frame(summary, width),
        *(answer if summary.scenarios else (every_question(summary, width),)),
        checks(summary, file, saved_to, width),
        _foot(summary, width),
    )
    return printed(_apart(sections), width, colour)


def render_refusal(
    summary: Summary, *, width: int = 80, colour: bool = False, file: str = "FILE"
) -> str:
    """Return, as text, why there is no result and what to do; it holds no scenario's probability.

    Parameters
    ----------
    summary
        One whose certificate failed.
    width, colour, file
        As for `render_summary`.
    """
    width = max(width, NARROWEST)
    sections = (frame(summary, width), refusal(summary, file, width), _foot(summary, width))
    return printed(_apart(sections), width, colour)


def _foot(summary: Summary, width: int) -> Iterator[RenderableType]:
    """Repeat the marking, for the top of a long page scrolls away."""
    if summary.provenance.marking:
        yield marking(summary, width)


def _apart(sections: Iterable[Iterator[RenderableType]]) -> Iterator[RenderableType]:
    """Put an empty line between sections that have something to say."""
    first = True
    for section in sections:
        pieces = list(section)
        if pieces and not first:
            yield Text()
        first = first and not pieces
        yield from pieces
