"""Dependence: which question hangs on which, and that none hangs on itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from forecast.errors import Fault
from forecast.spec import walk
from forecast.spec.context import Context


def cycle_faults(context: Context) -> Iterator[Fault]:
    """Yield the first circle of questions that depend on each other."""
    questions = context.questions
    graph = {name: [p for p in walk.parents(q) if p in questions] for name, q in questions.items()}
    done: set[str] = set()
    for start in graph:
        cycle = _cycle_from(start, graph, done)
        if cycle:
            section = "latents" if cycle[0] in context.file.latents else "questions"
            text = f"{cycle[0]} depends on itself"
            if len(cycle) > 1:
                named = f"{', '.join(cycle[:-1])} and {cycle[-1]}"
                text = f"{named} depend on each other: {' -> '.join([*cycle, cycle[0]])}"
            fix = "break the circle: which of them comes first?"
            yield context.fault((section, cycle[0]), "cycle", text, fix, key=True)
            return


def _cycle_from(start: str, graph: Mapping[str, list[str]], done: set[str]) -> list[str]:
    trail: list[str] = []
    stack: list[tuple[str, Iterator[str]]] = []

    def enter(name: str) -> None:
        trail.append(name)
        stack.append((name, iter(graph[name])))

    if start not in done:
        enter(start)
    while stack:
        name, parents = stack[-1]
        parent = next((p for p in parents if p not in done), None)
        if parent is None:
            done.add(name)
            stack.pop()
            trail.pop()
        elif parent in trail:
            return trail[trail.index(parent) :]
        else:
            enter(parent)
    return []
