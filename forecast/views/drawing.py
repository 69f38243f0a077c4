"""A causal graph as SVG: layered from causes down to effects, and readable without colour."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from forecast.views.diagram import ROLES, Box, Diagram

WIDEST = 150.0
"""Pixels of text at which a name wraps."""

SIZE, SMALL = 14.0, 11.5
LINE, SMALL_LINE = 18.0, 15.0
PAD = 10.0
MARGIN = 24.0
FONT = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', 'Noto Sans', sans-serif"

INK, QUIET, BLUE, ORANGE = "#1a1a1a", "#595959", "#0072B2", "#B34700"
"""At least 4.5:1 on white, and apart from each other for colour-blind eyes."""

_SPACING = {"layer_gap": 46.0, "node_gap": 26.0, "dummy_gap": 18.0}


@dataclass(frozen=True)
class _Label:
    """The lines of a box: the name, and what is said below it."""

    box: Box
    name: tuple[str, ...]
    below: tuple[str, ...]

    @property
    def width(self) -> float:
        names = (text_width(line, SIZE) for line in self.name)
        rest = (text_width(line, SMALL) for line in self.below)
        return max([60.0, *names, *rest]) + 2 * PAD

    @property
    def height(self) -> float:
        return LINE * len(self.name) + SMALL_LINE * len(self.below) + 1.5 * PAD


def svg(graph: Diagram) -> str:
    """Draw a causal graph.

    Parameters
    ----------
    graph
        From `forecast.views.diagram.diagram`.

    Returns
    -------
    str
        A self-contained SVG with ``title`` and ``desc``; each box has its question as a tooltip.
    """
    labels = [_label(box) for box in graph.boxes]
    layout = _laid_out(graph, labels)
    low, high = layout.bounds["min"], layout.bounds["max"]
    key = list(_key(graph))
    title = wrapped(graph.title, max(high["x"] - low["x"], 420.0), 17.0)
    key_width = max(text_width(text, SMALL) for _, text in key) + 50
    width = max(high["x"] - low["x"], key_width, *(text_width(line, 17.0) for line in title))
    width += 2 * MARGIN
    top = MARGIN + 24.0 * len(title) + 8
    height = top + (high["y"] - low["y"]) + 24 + 20.0 * len(key) + MARGIN
    left = (width - (high["x"] - low["x"])) / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-labelledby="title desc" '
        f'font-family="{FONT}">',
        f'<title id="title">{escape(graph.title)}: causal graph</title>',
        f'<desc id="desc">{escape(graph.description)}</desc>',
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>',
    ]
    for i, line in enumerate(title):
        parts.append(
            _text(line, MARGIN, MARGIN + 16 + 24.0 * i, 17.0, INK, weight="bold", anchor="start")
        )
    parts.append(f'<g transform="translate({left - low["x"]:.1f} {top - low["y"]:.1f})">')
    parts += [_arrow(edge["points"]) for edge in layout.edges]
    parts += [
        line
        for label, node in zip(labels, layout.nodes, strict=True)
        for line in _box(label, node["center"]["x"], node["center"]["y"])
    ]
    parts.append("</g>")
    y = top + (high["y"] - low["y"]) + 24
    for i, (role, text) in enumerate(key):
        parts += _key_line(role, text, y + 20.0 * i)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _label(box: Box) -> _Label:
    below = [
        line for part in (box.chance, box.marks) if part for line in wrapped(part, WIDEST, SMALL)
    ]
    return _Label(box, tuple(wrapped(box.label, WIDEST, SIZE)), tuple(below))


def _laid_out(graph: Diagram, labels: Sequence[_Label]) -> Any:
    import graphlay

    plan = graphlay.Graph()
    for label in labels:
        plan.node(label.box.name, width=label.width, height=label.height)
    for parent, child in graph.arrows:
        plan.edge(parent, child)
    # Straight lines read best; where one would run behind a box, all turn square around them.
    for style in ("diagonal", "orthogonal"):
        options = {"direction": "topbottom", "routing": {"style": style}, "spacing": _SPACING}
        layout = graphlay.layout(plan, options=options)
        if not layout.metrics()["node_edge_hits"]:
            break
    return layout


def _box(label: _Label, x: float, y: float) -> Iterator[str]:
    box, width, height = label.box, label.width, label.height
    about = f"{box.name} ({box.kind}, {ROLES[box.role]}). {box.text}".strip()
    yield f"<g><title>{escape(about)}</title>"
    yield from _outline(box.role, x - width / 2, y - height / 2, width, height)
    line = y - height / 2 + 0.75 * PAD - 4
    for part in label.name:
        line += LINE
        yield _text(part, x, line, SIZE, INK)
    for part in label.below:
        line += SMALL_LINE
        yield _text(
            part, x, line, SMALL, BLUE if part in wrapped(box.chance, WIDEST, SMALL) else QUIET
        )
    yield "</g>"


def _outline(role: str, x: float, y: float, width: float, height: float) -> Iterator[str]:
    place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    match role:
        case "latent":
            dashes = f'stroke="{ORANGE}" stroke-width="1.6" stroke-dasharray="6 4"'
            yield f'<rect {place} rx="{min(height / 2, 18):.1f}" fill="#ffffff" {dashes}/>'
        case "derived":
            yield f'<rect {place} fill="#f2f2f2" stroke="{QUIET}" stroke-width="1.2"/>'
            inner = f'x="{x + 3:.1f}" y="{y + 3:.1f}"'
            size = f'width="{width - 6:.1f}" height="{height - 6:.1f}"'
            yield f'<rect {inner} {size} fill="none" stroke="{QUIET}" stroke-width="0.8"/>'
        case _:
            yield f'<rect {place} rx="2" fill="#eef5fa" stroke="{BLUE}" stroke-width="1.6"/>'


def _arrow(points: Sequence[dict[str, float]]) -> str:
    """Draw a line through points, with a head at its end."""
    pairs = [(point["x"], point["y"]) for point in points]
    (x0, y0), (x1, y1) = pairs[-2], pairs[-1]
    length = max(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5, 1e-9)
    dx, dy = (x1 - x0) / length, (y1 - y0) / length
    neck = (x1 - 8 * dx, y1 - 8 * dy)
    path = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in [*pairs[:-1], neck])
    head = " ".join(
        f"{x:.1f},{y:.1f}"
        for x, y in (
            (x1, y1),
            (neck[0] - 4 * dy, neck[1] + 4 * dx),
            (neck[0] + 4 * dy, neck[1] - 4 * dx),
        )
    )
    return (
        f'<path d="{path}" fill="none" stroke="{QUIET}" stroke-width="1.2"/>'
        f'<polygon points="{head}" fill="{QUIET}"/>'
    )


def _key(graph: Diagram) -> Iterator[tuple[str, str]]:
    """Yield what needs to be told to read this graph."""
    roles = {box.role for box in graph.boxes}
    yield from ((role, text) for role, text in ROLES.items() if role in roles)
    if any(box.marks for box in graph.boxes):
        yield "", "reports, statements: evidence and experts' words that bear on it directly"
    if moved := next((box.chance for box in graph.boxes if "→" in box.chance), ""):
        yield "", f"{moved}: how likely it is from the inputs alone → with all that is known"


def _key_line(role: str, text: str, y: float) -> Iterator[str]:
    if role:
        yield from _outline(role, MARGIN, y, 28, 13)
    yield _text(text, MARGIN + (38 if role else 0), y + 11, SMALL, QUIET, anchor="start")


def _text(
    text: str,
    x: float,
    y: float,
    size: float,
    fill: str,
    *,
    weight: str = "normal",
    anchor: str = "middle",
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{fill}" '
        f'font-weight="{weight}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def text_width(text: str, size: float) -> float:
    """Return about how many pixels a text takes in a common sans-serif, rather too many.

    >>> text_width("귀환", 10.0)
    20.0
    """
    return size * sum(_advance(character) for character in text)


def _advance(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character in "ijlI.,:;'|!()[]ft -":
        return 0.36
    if character in "mwMW@%&":
        return 0.92
    return 0.72 if character.isupper() or ord(character) > 0x24F else 0.6


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Break a text into lines of at most a width, within words only where one is too long.

    >>> wrapped("day of the first visit", 60.0, 10.0)
    ['day of the', 'first visit']
    """
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if text_width(joined, size) <= width:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        for character in word:
            if lines[-1] and text_width(lines[-1] + character, size) > width:
                lines.append("")
            lines[-1] += character
    return lines
