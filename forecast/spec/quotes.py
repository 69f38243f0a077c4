"""Which texts need quotes, and which quotes."""

from __future__ import annotations

import re

from forecast.spec.spans import tree

_INDICATORS = tuple("-?:,[]{}#&*!|>'\"%@`~=<")
_NOT_A_TEXT = re.compile(
    r"(true|false|yes|no|on|off|null|y|n|[-+.]?[0-9][0-9_,.eExob:+-]*|[-+]?\.(inf|nan))",
    re.IGNORECASE,
)
"""What other readers of YAML take for something else than a text."""


def requoted(text: str) -> str:
    """Take off quotes that are not needed, and write those that are as double quotes."""
    root = tree(text)
    for node, in_flow in reversed(list(root.walk() if root else ())):
        if node.style not in ("'", '"') or "\n" in text[node.start : node.end]:
            continue
        assert node.value is not None
        if not node.value.isprintable():
            continue  # its escapes are the author's
        text = text[: node.start] + _written(node.value, in_flow) + text[node.end :]
    return text


def as_scalar(text: str) -> str:
    """Write a text as a scalar of a block: in one line, with quotes where it needs them.

    >>> as_scalar("a: b"), as_scalar("a b")
    ('"a: b"', 'a b')
    """
    return _written("".join(c for c in " ".join(text.split()) if c.isprintable()), in_flow=False)


def _written(value: str, in_flow: bool) -> str:
    if _is_plain(value, in_flow):
        return value
    if '"' in value or "\\" in value:
        return "'" + value.replace("'", "''") + "'"
    return f'"{value}"'


def _is_plain(value: str, in_flow: bool) -> bool:
    """Whether a text means itself without quotes, to this reader and to others."""
    return (
        value == value.strip()
        and bool(value)
        and not value.startswith(_INDICATORS)
        and not value.endswith(":")
        and ": " not in value
        and " #" not in value
        and not (in_flow and re.search(r"[,\[\]{}]|:\S", value))
        and not _NOT_A_TEXT.fullmatch(value)
        and not value.startswith("...")
    )
