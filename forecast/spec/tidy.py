"""Tidying a file: order, indentation and quotes, and never a value or a comment.

Three passes, each from text to text, each reading the text anew. What they do not touch stays as it
is, to the character: comments, blank lines, line breaks inside texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from forecast.errors import ForecastError, InvalidSpecification
from forecast.spec.order import NAMED, VERBATIM, fields_in_order
from forecast.spec.quotes import requoted
from forecast.spec.read import read_text
from forecast.spec.spans import Node, tree

STEP = 2
"""Spaces by which the inside of a mapping is set in; the dashes of a list stand below its key."""


def tidied(text: str, file: str) -> str:
    r"""Return a file with its fields in order, even indentation, and no needless quotes.

    Parameters
    ----------
    text, file
        The text of a scenario, priors or lexicon file, and what faults call it.

    Raises
    ------
    InvalidSpecification
        Where the text is no sound YAML.
    ForecastError
        Where the result would not say the same: a bug, and nothing is to be written.

    Examples
    --------
    >>> print(tidied("title: 'T'\nforecast: 1   # the language\n", "x.yaml"), end="")
    forecast: 1   # the language
    title: T
    """
    before = read_text(text, file)
    errors = [fault for fault in before.faults if fault.severity == "error"]
    if errors:
        raise InvalidSpecification(errors)
    out = _spaced(_indented(_ordered(requoted(_with_plain_ends(text)))))
    after = read_text(out, file)
    if _as_compared(after.data) != _as_compared(before.data) or _comments(out) != _comments(
        _with_plain_ends(text)
    ):
        raise ForecastError(
            f"{file}: tidying would change what this file says; it is left alone. "
            "Please report this file as a fault of `forecast fmt`"
        )
    return out


# ----------------------------------------------------------------------------------- order


def _ordered(text: str) -> str:
    """Put the fields of every mapping that has any into their order, innermost first.

    A swap changes neither the length of a flow nor the number of lines of a block, so that the
    places of all that lies around it, or elsewhere, stay right.
    """
    swaps = list(_swaps(tree(text)))
    ends = {
        id(node): [_last_line(text, value) + 1 for _, value in node.entries] for node, _ in swaps
    }
    for node, wanted in swaps:
        if not node.is_block:
            text = _flow_swapped(text, node, wanted)
    lines = text.split("\n")
    for node, wanted in swaps:
        if node.is_block:
            _swap(lines, node, wanted, ends[id(node)])
    return "\n".join(lines)


type Swap = tuple[Node, list[int]]


def _swaps(node: Node | None, section: str = "", named: bool = False) -> Iterator[Swap]:
    """Yield the mappings whose fields are out of order, from the inside out, with their order."""
    if node is None or node.value is not None:
        return
    for key, value in node.entries:
        name = key.value if key is not None and key.value is not None else ""
        if key is None or named:
            yield from _swaps(value, section)
        elif name not in VERBATIM:
            yield from _swaps(value, name, name in NAMED)
    if node.is_mapping and not named:
        keys = [key.value or "" for key, _ in node.entries if key is not None]
        order = fields_in_order(section, keys)
        ranks = [order.index(key) if key in order else len(order) for key in keys]
        wanted = sorted(range(len(keys)), key=lambda i: ranks[i])
        if wanted != list(range(len(keys))):
            yield node, wanted


def _flow_swapped(text: str, node: Node, wanted: Sequence[int]) -> str:
    spans = [(key.start, value.end) for key, value in node.entries if key is not None]
    if "#" in text[node.start : node.end] and "\n" in text[node.start : node.end]:
        return text
    out, at = "", node.start
    for slot, i in zip(spans, wanted, strict=True):
        out += text[at : slot[0]] + text[slice(*spans[i])]
        at = slot[1]
    return text[: node.start] + out + text[at:]


def _swap(lines: list[str], node: Node, wanted: Sequence[int], ends: list[int]) -> None:
    """Move the entries of a block mapping, each with the comments above it."""
    keys = [key.line for key, _ in node.entries if key is not None]
    ends = [_with_deeper_comments(lines, end, node.column) for end in ends]
    prefix = lines[node.line][: node.column]
    in_list = bool(prefix.strip())
    tops = [keys[0], *ends[:-1]]
    if node.column and not in_list:  # what stands above the first key of a file is about the file
        tops[0] = _first_comment(lines, keys[0])
    out: list[str] = []
    for slot, i in enumerate(wanted):
        above, first, rest = lines[tops[i] : keys[i]], lines[keys[i]], lines[keys[i] + 1 : ends[i]]
        if slot == 0 and in_list:
            above = [prefix.split("-")[0] + line.strip() for line in above]
        out += [*above, (prefix if slot == 0 else " " * node.column) + first[node.column :], *rest]
    lines[tops[0] : ends[-1]] = out


def _last_line(text: str, node: Node) -> int:
    last = text[: node.last_index()].rstrip()
    return last.count("\n") if node.last_index() > node.start else node.line


def _is_remark(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _with_deeper_comments(lines: Sequence[str], end: int, column: int) -> int:
    """Return the end of an entry with the comments below it that are set in deeper."""
    at = end
    while at < len(lines) and _is_remark(lines[at]):
        at += 1
        if lines[at - 1].strip():
            if len(lines[at - 1]) - len(lines[at - 1].lstrip()) <= column:
                break
            end = at
    return end


def _first_comment(lines: Sequence[str], line: int) -> int:
    while line > 0 and lines[line - 1].lstrip().startswith("#"):
        line -= 1
    return line


# ----------------------------------------------------------------------------- indentation


@dataclass
class _Margins:
    """For each line, from which column to which its beginning moves; None where it stays."""

    text: str
    lines: list[str]
    moves: list[tuple[int, int] | None]

    def set_in(self, node: Node, column: int) -> None:
        """Lay out a block collection at a column, its inside with it."""
        if not node.is_block or not node.entries:
            return
        last = _with_deeper_comments(self.lines, _last_line(self.text, node) + 1, node.column - 1)
        first = _first_comment(self.lines, node.line)
        if self.lines[node.line][: node.column].strip():
            first = node.line + 1  # the line begins with the dash of a list around it
        for line in range(first, last):
            self.moves[line] = (node.column, column)
        for key, value in node.entries:
            if key is None:
                self.set_in(value, column + STEP)
            elif value.is_block:
                self.set_in(value, column + (STEP if value.is_mapping else 0))

    def moved(self, line: int) -> str:
        """Return a line as it is to be."""
        written, move = self.lines[line], self.moves[line]
        if move is None or not written.strip():
            return written
        body = written.lstrip()
        indent = len(written) - len(body) + move[1] - move[0]
        return " " * max(indent, 0) + body


def _indented(text: str) -> str:
    root = tree(text)
    if root is None or not root.is_block:
        return text
    lines = text.split("\n")
    margins = _Margins(text, lines, [None] * len(lines))
    margins.set_in(root, 0)
    moved = [margins.moved(line) for line in range(len(lines))]
    for node, _ in root.walk():
        if node.is_block and not node.is_mapping:
            for _, value in node.entries:
                # A dash is followed by one space.
                before = lines[value.line][: value.column]
                if re.fullmatch(r"\s*(- +)+", before) and value.is_block:
                    moved[value.line] = re.sub(
                        r"-  +", "- ", moved[value.line], count=before.count("-")
                    )
    return "\n".join(moved)


def _spaced(text: str) -> str:
    """End the text with one line end, and no line that is not in a text with spaces."""
    inside: set[int] = set()
    root = tree(text)
    for node, _ in root.walk() if root else ():
        if node.value is not None and "\n" in text[node.start : node.end].rstrip():
            first = text[: node.start].count("\n")
            inside |= set(range(first, first + text[node.start : node.end].count("\n") + 1))
    lines = text.split("\n")
    return (
        "\n".join(x if i in inside else x.rstrip() for i, x in enumerate(lines)).rstrip("\n") + "\n"
    )


def _with_plain_ends(text: str) -> str:
    r"""Return a text whose lines end in ``\n``: to YAML a ``\r`` ends a line as well."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


# ------------------------------------------------------------------------------ comparison


def _as_compared(data: Any, named: bool = False) -> Any:
    """Return data in which the order of fields is nothing, and the order of names something."""
    if isinstance(data, list):
        return [_as_compared(value) for value in data]
    if not isinstance(data, dict):
        return data
    if named:
        return [(key, _as_compared(value)) for key, value in data.items()]
    return {key: _as_compared(value, key in NAMED) for key, value in data.items()}


def _comments(text: str) -> list[str]:
    return sorted(line.strip() for line in text.split("\n") if line.lstrip().startswith("#"))
