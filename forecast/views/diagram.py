"""The causal graph of a network: what depends on what, and what reports and experts bear on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from forecast.model.network import Network
from forecast.spec import walk
from forecast.spec.load import ScenarioSpec
from forecast.summary.contract import QuestionResult, Summary
from forecast.views.words import clean, counted, humanised, percent

type Role = Literal["question", "latent", "derived"]

ROLES: dict[Role, str] = {
    "question": "question: will resolve",
    "latent": "cause that nobody observes",
    "derived": "defined by others",
}


@dataclass(frozen=True)
class Box:
    """A question of the graph.

    Attributes
    ----------
    name, role, kind
        The question, what it is to the model, and its type.
    text
        What is asked.
    reports, statements
        How many reports and how many statements of experts bear on it directly.
    chance
        How likely it is, in words; empty where that was not asked for.
    """

    name: str
    role: Role
    kind: str
    text: str
    reports: int
    statements: int
    chance: str = ""

    @property
    def label(self) -> str:
        """The name in words."""
        return humanised(self.name)

    @property
    def marks(self) -> str:
        """What bears on it: ``2 reports, 1 statement``; empty where nothing does."""
        known = ((self.reports, "report"), (self.statements, "statement"))
        return ", ".join(counted(number, noun) for number, noun in known if number)


@dataclass(frozen=True)
class Diagram:
    """A causal graph: boxes, parents before children, and pairs (parent, child)."""

    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[tuple[str, str], ...]

    @property
    def description(self) -> str:
        """The graph in words, for those who cannot see it."""
        parents: dict[str, list[str]] = {}
        for parent, child in self.arrows:
            parents.setdefault(child, []).append(humanised(parent))
        boxes = []
        for box in self.boxes:
            of = f" depends on {', '.join(parents[box.name])}" if box.name in parents else ""
            rest = "; ".join(filter(None, (box.chance, box.marks)))
            boxes.append(
                f"{box.label} ({box.kind}, {box.role}){of}" + (f" [{rest}]" if rest else "")
            )
        head = f"{counted(len(self.boxes), 'question')}, {counted(len(self.arrows), 'arrow')}"
        return f"Causal graph: {head}. {'. '.join(boxes)}."


def diagram(spec: ScenarioSpec, network: Network, summary: Summary | None = None) -> Diagram:
    """Return the causal graph of a network.

    Parameters
    ----------
    spec, network
        The scenario and what was built from it; arrows follow the tables that are solved.
    summary
        Where the boxes are to say how likely each question is.
    """
    behind = _Behind(network)
    used = network.views[1].reports
    reports = Counter(
        name
        for i, item in enumerate(spec.file.evidence)
        if item.id in used
        for name in _mentioned(walk.in_evidence(item, ("evidence", i)))
    )
    statements = Counter(
        name for said in network.statements for name in behind.questions([said.target.gate])
    )
    questions = walk.all_questions(spec.file)
    boxes = []
    for name, node in network.questions.items():
        assert node.role != "gate"
        chance = _chance(summary.questions[name]) if summary is not None else ""
        about = clean(questions[name].text)
        boxes.append(
            Box(name, node.role, node.cells.kind, about, reports[name], statements[name], chance)
        )
    arrows = [(parent, name) for name in network.questions for parent in network.parents(name)]
    return Diagram(clean(network.title or "Network"), tuple(boxes), tuple(arrows))


def _mentioned(placed: Iterable[walk.Placed]) -> set[str]:
    conditions = (each.condition for each in placed if isinstance(each, walk.PlacedCondition))
    return {name for condition in conditions for name in condition.names()}


class _Behind:
    """The questions behind nodes, some of which may be gates."""

    def __init__(self, network: Network) -> None:
        self._nodes = network.nodes

    def questions(self, names: Iterable[str]) -> list[str]:
        """Return the questions among some nodes and, for gates, those that they look at."""
        return list(dict.fromkeys(self._followed(names)))

    def _followed(self, names: Iterable[str]) -> Iterator[str]:
        for name in names:
            node = self._nodes[name]
            if node.tells is not None:
                yield node.tells
            elif node.role == "gate":
                yield from self._followed(node.cpd.scope[:-1])
            else:
                yield name


def _chance(question: QuestionResult) -> str:
    """Say how likely a question is, before and after all that is known."""
    states = question.states
    happens = [chance for state, chance in states.items() if state not in ("no", "never", "void")]
    if question.type in ("binary", "date"):
        before = sum(chance.stages.inputs for chance in happens)
        now, said = sum(chance.probability for chance in happens), ""
    else:
        known = {state: chance for state, chance in states.items() if state != "void"}
        state, chance = max(known.items(), key=lambda item: item[1].probability)
        before, now, said = chance.stages.inputs, chance.probability, f"{humanised(state)} "
    first, last = percent(before, mcse=1.0), percent(now, mcse=1.0)
    return f"{said}{last}" if first == last else f"{said}{first.removesuffix(' %')} → {last}"


def mermaid(graph: Diagram) -> str:
    """Write a graph as Mermaid, which GitHub and many editors draw."""
    number = {box.name: f"n{i}" for i, box in enumerate(graph.boxes)}
    lines = ["---", f"title: {_json(graph.title)}", "---", "flowchart TD"]
    lines += [
        "  classDef latent stroke-dasharray:5 4,fill:#fff",
        "  classDef derived fill:#f2f2f2",
        "  classDef question fill:#eaf3fa",
    ]
    shapes = {"question": ("[", "]"), "latent": ("([", "])"), "derived": ("[[", "]]")}
    for box in graph.boxes:
        left, right = shapes[box.role]
        label = "<br/>".join(_entities(part) for part in _parts(box))
        lines.append(f'  {number[box.name]}{left}"{label}"{right}:::{box.role}')
    lines += [f"  {number[parent]} --> {number[child]}" for parent, child in graph.arrows]
    return "\n".join(lines) + "\n"


def dot(graph: Diagram) -> str:
    """Write a graph as DOT, for Graphviz."""
    number = {box.name: f"n{i}" for i, box in enumerate(graph.boxes)}
    styles = {"question": "solid", "latent": "dashed,rounded", "derived": "solid"}
    lines = [
        "digraph {",
        f"  label={_json(graph.title)}; labelloc=t; rankdir=TB;",
        '  node [shape=box, fontname="sans-serif"];',
    ]
    for box in graph.boxes:
        label = _json("\n".join(_parts(box)))
        twice = ", peripheries=2" if box.role == "derived" else ""
        tip = _json(box.text)
        lines.append(
            f"  {number[box.name]} [label={label}, tooltip={tip}, "
            f'style="{styles[box.role]}"{twice}];'
        )
    lines += [f"  {number[parent]} -> {number[child]};" for parent, child in graph.arrows]
    return "\n".join([*lines, "}"]) + "\n"


def _parts(box: Box) -> list[str]:
    return [part for part in (box.label, box.chance, box.marks) if part]


def _entities(text: str) -> str:
    """Write a text so that Mermaid shows every character as it is."""
    return "".join(c if c.isalnum() or c in " -.,%→" else f"#{ord(c)};" for c in text)


def _json(text: str) -> str:
    r"""Write a text between double quotes; DOT and YAML read ``\"``, ``\\`` and ``\n`` alike."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
