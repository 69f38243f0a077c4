"""A `Summary` in Markdown, to be pasted into a report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from forecast.summary.contract import Summary
from forecast.views.amounts import numbers
from forecast.views.checks import checked, rests_on
from forecast.views.conflicts import in_conflict
from forecast.views.headline import circumstances, in_words, verdicts
from forecast.views.marginals import marginals
from forecast.views.movers import legend, moving, stated, telling
from forecast.views.pools import favoured
from forecast.views.questions import answers, dated, which
from forecast.views.scenario_table import columns, key, likeliest_first
from forecast.views.section import Section
from forecast.views.words import clean, humanised

LEVELS = ("0.5", "0.8")
"""The ranges of plausible probabilities that a report shows."""

# What begins emphasis, code, a link, HTML, a cell, a formula, an entity or a citation in one of the
# dialects in use, or ends a heading. No text of a user begins a line, where other characters count.
_SYNTAX = re.compile(r"[\\`*_\[<{#|~^$@]|&(?=[#\w])")


def render_markdown(summary: Summary) -> str:
    """Return a forecast in Markdown with tables as GitHub, Pandoc and most editors read them.

    Names and texts come out as they are written, whatever characters they hold.

    Parameters
    ----------
    summary
        What to show. One whose certificate failed is refused: it holds no probability then.

    Returns
    -------
    str
        Blocks with an empty line between them.
    """
    return "\n\n".join(_blocks(summary)) + "\n"


def escaped(text: str) -> str:
    r"""Return a text that Markdown shows as it stands, within a line.

    >>> print(escaped("a|b <i> *c* `d` [e](f) &lt; R & D"))
    a\|b \<i> \*c\* \`d\` \[e](f) \&lt; R & D
    """
    return _SYNTAX.sub(r"\\\g<0>", clean(text))


def _blocks(summary: Summary) -> Iterator[str]:
    marking = summary.provenance.marking
    if marking:
        yield strong(marking)
    yield f"## {escaped(summary.title or 'Forecast')}"
    if summary.as_of:
        yield f"As of {escaped(summary.as_of)}."
    yield from (escaped(text) for text, _ in circumstances(summary))
    if summary.diagnostics.status == "fail":
        yield strong("No result: the numbers could not be certified, so none is shown.")
    else:
        yield from _result(summary)
    yield escaped(f"Checks: {'; '.join(text for text, _ in checked(summary))}.")
    lexicon = summary.provenance.lexicon
    words = f" Words as in {lexicon}." if lexicon else ""
    yield escaped(f"Run {rests_on(summary)}.{words}")
    if marking:
        yield strong(marking)


def _result(summary: Summary) -> Iterator[str]:
    if summary.lead is None:
        listed, left_out = marginals(summary)
        yield from section_blocks(listed)
        yield from map(escaped, filter(None, [left_out]))
        return
    if summary.scenarios:
        verdict, *further = verdicts(summary, summary.lead)
        yield strong(verdict)
        yield from map(escaped, further)
        yield from _scenarios(summary)
    told = answers(summary)
    for section in (told,) if told else (dated(summary), which(summary), numbers(summary)):
        if section:
            yield from section_blocks(section)
    if summary.scenarios and (drivers := moving(summary)):
        yield from section_blocks(drivers)
    if summary.statements:
        first = telling(summary.statements)
        rest = [s for s in summary.statements if s not in first]
        yield from section_blocks(stated(summary, [*first, *rest]))
        yield escaped(legend(summary.statements))
    if summary.conflicts:
        yield from section_blocks(in_conflict(summary))
    if people := favoured(summary):
        yield from section_blocks(people)


def _scenarios(summary: Summary) -> Iterator[str]:
    ranked = likeliest_first(summary)
    results = list(ranked.values())
    numbers = columns(results, LEVELS)
    heads = [head for head, _ in numbers]
    rows = [
        (humanised(name), in_words(result), *(column[i] for _, column in numbers), result.text)
        for i, (name, result) in enumerate(ranked.items())
    ]
    yield "### Scenarios"
    sides = ["left", "left", *["right"] * len(heads), "left"]
    yield table(["scenario", "in words", *heads, "meaning"], rows, sides)
    yield from map(escaped, key(summary, heads))


def section_blocks(section: Section) -> Iterator[str]:
    """Yield a section as a heading and a table."""
    yield f"### {escaped(section.title)}"
    about = section.about if any(section.about) else ()
    rows = [(*row, *([about[i]] if about else [])) for i, row in enumerate(section.rows)]
    heads = [section.names, *section.heads, *(["meaning"] if about else [])]
    sides = ["left", *[section.side] * len(section.heads), *(["left"] if about else [])]
    yield table(heads, rows, sides)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], sides: Sequence[str]) -> str:
    """Return a table; each side is ``left`` or ``right``."""
    rule = [":---" if side == "left" else "---:" for side in sides]
    lines = [map(escaped, heads), rule, *(map(escaped, row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def strong(text: str) -> str:
    """Return a text in bold."""
    return f"**{escaped(text)}**"
