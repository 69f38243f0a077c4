"""The causal graph: what is in it, and that its picture can be read."""

from __future__ import annotations

import itertools
import random
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from test_cases import run

import forecast
from forecast.views.diagram import Box, Diagram, diagram, dot, mermaid
from forecast.views.drawing import svg, text_width, wrapped

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"

HOSTILE = "<script>alert('x')</script> & \"y\""
NAMES = [
    "귀환_이후_김정은_모스크바_방문_여부_확인",
    "визит_президента_в_Пхеньян",
    HOSTILE,
    "Donaudampfschifffahrtsgesellschaftskapitänsmütze",
    "a",
]


def of_case(name: str, *, probabilities: bool = False) -> Diagram:
    spec = forecast.load(ROOT / "scenarios" / f"{name}.yaml")
    network, _, summary = run(name)
    return diagram(spec, network, summary if probabilities else None)


def made(count: int, seed: int) -> Diagram:
    """A graph of many questions with names of all kinds."""
    dice = random.Random(seed)
    names = [
        *NAMES,
        *(
            f"{'_'.join(dice.choices(['grain', 'treaty', 'border', 'ceasefire'], k=dice.randrange(1, 6)))}_{i}"
            for i in range(count - len(NAMES))
        ),
    ]
    boxes = [
        Box(name, "latent" if i < 5 else dice.choice(["question", "derived"]), "binary", "What <b>is</b> asked & so", dice.randrange(3), dice.randrange(3), dice.choice(["", "50 → 53 %"]))
        for i, name in enumerate(names)
    ]  # fmt: skip
    arrows = [
        (names[j], names[i])
        for i in range(4, count)
        for j in dice.sample(range(max(0, i - 20), i), min(i, dice.choice([0, 1, 1, 2, 3])))
    ]
    return Diagram("A <title> & 제목", tuple(boxes), tuple(arrows))


def test_the_arrows_of_the_textbook() -> None:
    """Lauritzen and Spiegelhalter (1988), figure 1."""
    published = {
        ("asia", "tub"),
        ("smoke", "lung"),
        ("smoke", "bronc"),
        ("tub", "either"),
        ("lung", "either"),
        ("either", "xray"),
        ("either", "dysp"),
        ("bronc", "dysp"),
    }
    graph = of_case("chest_clinic")
    assert set(graph.arrows) == published
    assert len(graph.arrows) == len(published)
    assert {box.name for box in graph.boxes if box.role == "derived"} == {"either"}


def test_marks_count_what_the_file_says() -> None:
    graph = of_case("victory_day_2025")
    spec = forecast.load(ROOT / "scenarios" / "victory_day_2025.yaml")
    boxes = {box.name: box for box in graph.boxes}
    # Four reports bear on the preparation of a visit; everybody's word of 8 April on it is C6.
    assert (boxes["preparation"].reports, boxes["preparation"].statements) == (4, 1)
    assert boxes["preparation"].marks == "4 reports, 1 statement"
    assert boxes["ceasefire"].marks == ""
    said = [
        {*statement.of.names(), *(statement.given.names() if statement.given else ())}
        for statement in spec.file.statements
    ]
    for name, box in boxes.items():
        assert box.statements == sum(name in names for names in said), name


def test_probabilities_are_those_of_the_result() -> None:
    boxes = {box.name: box.chance for box in of_case("chest_clinic", probabilities=True).boxes}
    # Published: 1 %, 45 %, 43.6 %.
    assert (boxes["asia"], boxes["bronc"], boxes["dysp"]) == ("1 %", "45 %", "44 %")
    moved = {box.name: box.chance for box in of_case("victory_day_2025", probabilities=True).boxes}
    result = run("victory_day_2025")[2].questions["preparation"].states["yes"]
    assert (
        moved["preparation"]
        == f"{100 * result.stages.inputs:.0f} → {100 * result.probability:.0f} %"
    )
    assert "void" not in moved["visit_place"]


def test_mermaid() -> None:
    text = mermaid(of_case("chest_clinic"))
    assert text.startswith(
        '---\ntitle: "Chest clinic (Lauritzen and Spiegelhalter 1988)"\n---\nflowchart TD\n'
    )
    assert '  n0["asia"]:::question\n' in text
    assert text.count(" --> ") == 8
    hostile = mermaid(made(10, 1))
    assert "<script" not in hostile
    assert '"#60;script#62;alert' in hostile


def test_dot() -> None:
    text = dot(made(10, 1))
    assert text.count(" -> ") == len(made(10, 1).arrows)
    assert 'style="dashed,rounded"' in text
    assert "peripheries=2" in text
    assert r"alert('x')</script> & \"y\"" in text
    # Every quote inside a label is escaped: what is left pairs up.
    assert all(len(re.findall(r'(?<!\\)"', line)) % 2 == 0 for line in text.splitlines())


@pytest.mark.parametrize(("count", "seed"), [(5, 0), (23, 1), (60, 2), (60, 3)])
def test_nothing_overlaps_and_all_is_inside(count: int, seed: int) -> None:
    graph = made(count, seed)
    root = ElementTree.fromstring(svg(graph))
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    (inner,) = root.findall(f"{SVG}g")
    dx, dy = map(float, re.findall(r"-?[\d.]+", inner.attrib["transform"]))
    boxes = []
    for group in inner.findall(f"{SVG}g"):
        outline = group.find(f"{SVG}rect")
        assert outline is not None
        x, y, w, h = (float(outline.attrib[key]) for key in ("x", "y", "width", "height"))
        boxes.append((x, y, x + w, y + h))
        assert dx + x >= 0
        assert dy + y >= 0
        assert dx + x + w <= width
        assert dy + y + h <= height
        for text in group.findall(f"{SVG}text"):
            assert text.text is not None
            assert text_width(text.text, float(text.attrib["font-size"])) <= w
            assert y < float(text.attrib["y"]) < y + h
    assert len(boxes) == count
    for one, other in itertools.combinations(boxes, 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart
    # No arrow runs behind a box: the middle of no segment, nor its quarters, lies in one.
    for path in inner.findall(f"{SVG}path"):
        points = [
            tuple(map(float, pair))
            for pair in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path.attrib["d"])
        ]
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            for part in (0.1, 0.25, 0.5, 0.75, 0.9):
                x, y = x0 + part * (x1 - x0), y0 + part * (y1 - y0)
                assert not any(a + 2 < x < c - 2 and b + 2 < y < d - 2 for a, b, c, d in boxes)


def test_the_picture_is_told_in_words_and_markup_stays_text() -> None:
    graph = made(23, 1)
    text = svg(graph)
    root = ElementTree.fromstring(text)
    assert root.attrib["role"] == "img"
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert title.text == "A <title> & 제목: causal graph"
    assert description is not None
    assert description.text == graph.description
    assert f"{HOSTILE} (binary, latent)" in graph.description
    assert "<script" not in text
    assert {element.tag for element in root.iter()} == {
        f"{SVG}{tag}" for tag in ("svg", "title", "desc", "rect", "text", "g", "path", "polygon")
    }


def test_the_same_graph_gives_the_same_bytes() -> None:
    assert svg(made(60, 2)) == svg(made(60, 2))


@pytest.mark.parametrize("name", NAMES)
def test_wrapping(name: str) -> None:
    lines = wrapped(name.replace("_", " "), 150.0, 14.0)
    assert "".join("".join(lines).split()) == "".join(name.replace("_", " ").split())
    assert all(text_width(line, 14.0) <= 150 for line in lines)
