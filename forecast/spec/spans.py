"""The tree of a YAML text with the exact place of every part, for programs that edit the text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml


@dataclass(frozen=True)
class Node:
    """A scalar, a mapping or a list, and where it stands.

    Attributes
    ----------
    start, end
        Indices into the text; of a block collection ``end`` lies somewhere behind its last value.
    line, column
        Where it begins, from zero.
    style
        How a scalar is written: ``""`` plain, a quote, ``|`` or ``>``; of a collection ``"flow"``
        or ``"block"``.
    value
        The text of a scalar; None for a collection.
    entries
        Key (None in a list) and value of each entry.
    is_mapping
        Whether a collection is a mapping.
    """

    start: int
    end: int
    line: int
    column: int
    style: str
    value: str | None = None
    entries: tuple[tuple[Node | None, Node], ...] = ()
    is_mapping: bool = False

    @property
    def is_block(self) -> bool:
        """Whether this is a collection whose shape is told by indentation."""
        return self.style == "block"

    def last_index(self) -> int:
        """Return the index behind the last character that belongs to a scalar or a flow."""
        if not self.is_block or not self.entries:
            return self.end
        return self.entries[-1][1].last_index()

    def walk(self, in_flow: bool = False) -> Iterator[tuple[Node, bool]]:
        """Yield every node, outermost first, and whether it stands inside a flow collection."""
        yield self, in_flow
        inside = in_flow or self.style == "flow"
        for key, value in self.entries:
            if key is not None:
                yield from key.walk(inside)
            yield from value.walk(inside)


def tree(text: str) -> Node | None:
    """Return the tree of a text that the reader has found to be sound; None where it is empty."""
    events: Iterator[Any] = yaml.parse(text, Loader=yaml.CSafeLoader)
    # YAML knows more line breaks than "\n", and counts them; an editor of lines does not.
    starts = [0, *(i + 1 for i, character in enumerate(text) if character == "\n")]
    for event in events:
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            return _node(event, events, starts)
    return None


def _node(event: Any, events: Iterator[Any], starts: Sequence[int]) -> Node:
    start, end = event.start_mark.index, event.end_mark.index
    line = bisect_right(starts, start) - 1
    column = start - starts[line]
    if isinstance(event, yaml.ScalarEvent):
        return Node(start, end, line, column, event.style or "", event.value)
    entries: list[tuple[Node | None, Node]] = []
    is_mapping = isinstance(event, yaml.MappingStartEvent)
    while not isinstance(inner := next(events), yaml.CollectionEndEvent):
        key = _node(inner, events, starts) if is_mapping else None
        entries.append((key, _node(next(events) if is_mapping else inner, events, starts)))
    style = "flow" if event.flow_style else "block"
    return Node(
        start,
        _end_of(inner),
        line,
        column,
        style,
        entries=tuple(entries),
        is_mapping=is_mapping,
    )


def _end_of(event: Any) -> int:
    return int(event.end_mark.index)
