"""What-if in words: what an intervention cuts, and what a condition teaches about its causes.

The two differ there and nowhere else: what is given is news, and so tells of what led to it; what
is done is not, and only what follows from it moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from forecast.analysis.compare_contract import RowResult
from forecast.analysis.rows import Key, Row
from forecast.model.network import Network
from forecast.spec.expression import ExpressionError, parse

MOST_LEARNED = 4
NOTED = 0.005
"""Half a point: what is learned of a cause by less is left out."""


def cut(first: Network, other: Network) -> Iterator[str]:
    """Yield, for each question that only the other sets, the causes that it no longer hangs on."""
    for name, value in other.done.items():
        if first.done.get(name) == value:
            continue
        causes = first.parents(name)
        if causes:
            yield f"cut: {name} no longer hangs on {', '.join(causes)}, and tells nothing of them"
        else:
            yield f"nothing is cut: {name} has no causes; but its being so is no news either"


def learned(
    first: Network, other: Network, rows: Mapping[Key, Row], table: Sequence[RowResult], place: int
) -> Iterator[str]:
    """Yield what a condition teaches of the causes of what it speaks of, the largest change first.

    Parameters
    ----------
    first, other
        The networks of the first column and of this one.
    rows
        The rows of the first column.
    table, place
        All rows, and the place of this column in them.
    """
    new = [text for text in other.given if text not in first.given]
    named = [name for text in new for name in _names(text) if name in first.questions]
    causes = {cause for name in named for cause in _above(first, name)} - set(named)
    found = []
    for row in table:
        cell, source = row.cells[place], rows.get((row.kind, row.name))
        if row.kind != "answer" or cell is None or source is None or cell.difference is None:
            continue
        moved = cell.difference
        if source.question in causes and moved.detectable and abs(moved.points) >= NOTED:
            before, after = 100 * (cell.probability - moved.points), 100 * cell.probability
            found.append((abs(moved.points), f"{row.name} {before:.0f} -> {after:.0f} %"))
    if named and not causes:
        yield "nothing is learned of causes: what is given has none"
    elif found:
        ranked = sorted(found, key=lambda entry: (-entry[0], entry[1]))[:MOST_LEARNED]
        yield f"learned of its causes: {', '.join(text for _, text in ranked)}"


def _names(text: str) -> tuple[str, ...]:
    """Return the questions that a condition, or soft evidence such as ``a ~ 0.1, 0.9``, names."""
    if "~" in text:
        return (text.partition("~")[0].strip().strip("`"),)
    try:
        return parse(text).names()
    except ExpressionError:
        return ()


def _above(network: Network, name: str) -> set[str]:
    found: set[str] = set()
    stack = list(network.parents(name))
    while stack:
        cause = stack.pop()
        if cause not in found:
            found.add(cause)
            stack += network.parents(cause)
    return found
