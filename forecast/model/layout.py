"""The nodes of a network: a table for every question, and for every relation of two dates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import numpy as np

from forecast.model import noisy_or
from forecast.model.cells import Cells, cut_cells
from forecast.model.comparison import Key, by_day, order_of, parts_of, relation
from forecast.model.cpd import Tabulation, support
from forecast.model.dated import DateTabulation
from forecast.model.fixed import fixed_table
from forecast.model.formula import ONE, ZERO
from forecast.model.granularity import above, components
from forecast.model.network import Node, Table
from forecast.model.ordering import order_table, relation_in_order
from forecast.model.parameters import Judgements
from forecast.model.pooled import selectors_in
from forecast.model.relating import relation_of_parts, relation_table
from forecast.model.rows import Rows
from forecast.model.truth import parents_of
from forecast.spec import walk
from forecast.spec.calendar import Span
from forecast.spec.load import ScenarioSpec
from forecast.spec.question import Binary, Date


class Layout:
    """The nodes of a scenario, laid out parents first.

    Parameters
    ----------
    spec
        The scenario.
    cells, windows
        Node -> its cells, and question -> its days.
    judgements
        Where parameters are gathered.
    chosen
        The selectors of pools; they stand above all else.
    """

    def __init__(
        self,
        spec: ScenarioSpec,
        cells: Mapping[str, Cells],
        windows: Mapping[str, Span],
        judgements: Judgements,
        chosen: Mapping[str, Node],
    ) -> None:
        self._spec = spec
        self._cells = cells
        self._windows = windows
        self._judgements = judgements
        self._questions = walk.all_questions(spec.file)
        self._keys = {
            relation(one, other): (one, other)
            for one in self._questions
            for other in self._questions
            if one < other and relation(one, other) in cells
        }
        bare = [key for key in self._keys.values() if not any(map(self._parts, key))]
        self._orders = tuple(names for names in components(bare) if order_of(names) in cells)
        self._nodes: dict[str, Node] = dict(chosen)
        self._acted: dict[str, str] = {}

    def nodes(self) -> dict[str, Node]:
        """Return name -> node, parents first."""
        questions = self._questions
        for name in _parents_first(questions, lambda q: above(q, self._orders, questions)):
            for parent in parents_of(questions[name], questions):
                self._relate(parent)
            self._question(name)
        for name in self._keys:
            self._relate(name)
        return self._nodes

    def _question(self, name: str) -> None:
        """Add a question; one that is told apart by the day after the node that does so."""
        question = self._questions[name]
        latent = name in self._spec.file.latents
        role: Literal["question", "latent", "derived"] = "latent" if latent else "question"
        if isinstance(question, Binary | Date) and question.means is not None and not latent:
            role = "derived"
        path = ("latents" if latent else "questions", name)
        if (wide := walk.wide(question)) is not None:
            field = "prior" if isinstance(question, Binary) else "occurs"
            rows = Rows((), self._cells, self._judgements)
            for link in noisy_or.chain(name, wide, (*path, field), rows):
                self._nodes[link.name] = link
                self._acted[name] = link.name
        fine, number = by_day(name), None
        if (fixed := walk.table_of(question)) is not None:
            parents = {parent: self._questions[parent] for parent in fixed.parents}
            told = cut_cells(parents, self._windows, ())
            table = fixed_table(name, fixed, self._cells, told, question.only_if)
        elif fine in self._cells:
            cells = self._cells[fine]
            self._nodes[fine] = Node(
                fine, "gate", cells, self._tabulation(name, fine).table(), tells=name
            )
            table = _gathered(fine, cells, name, self._cells[name])
        else:
            tabulation = self._tabulation(name, name)
            table, number = tabulation.table(), tabulation.number()
        self._nodes[name] = Node(name, role, self._cells[name], table, number=number)

    def _tabulation(self, name: str, node: str) -> Tabulation:
        question = self._questions[name]
        latent = name in self._spec.file.latents
        kind = DateTabulation if isinstance(question, Date) else Tabulation
        seen = not latent and question.observable is not None
        path = ("latents" if latent else "questions", name)
        pools = selectors_in(walk.in_table(question, path), self._spec)
        parents = (*parents_of(question, self._questions), *pools)
        acted = self._acted.get(name)
        chained = {name: node.cells for name, node in self._nodes.items() if name == acted}
        return kind(
            node,
            question,
            path,
            parents if acted is None else (*parents, acted),
            {**self._cells, **chained},
            support(question, self._windows[name], self._judgements, seen=seen),
            self._judgements,
            acted,
            dict(self._nodes),
        )

    def _dates(self, name: str) -> DateTabulation:
        found = self._tabulation(name, name)
        assert isinstance(found, DateTabulation)
        return found

    def _relate(self, node: str) -> None:
        """Add the relation of two dates, after those of the parts of either."""
        if node not in self._keys or node in self._nodes:
            return
        key: Key = self._keys[node]
        whole = next((name for name in key if self._parts(name)), None)
        names = next((names for names in self._orders if set(key) <= set(names)), None)
        if names is not None:
            table = relation_in_order(key, names, self._cells)
            self._order(names)
        elif whole is None:
            table = relation_table(key, self._cells, self._dates)
        else:
            rest = key[0] if whole == key[1] else key[1]
            for part in self._parts(whole):
                if part != rest:
                    self._relate(relation(part, rest))
            table = relation_of_parts(key, self._cells, self._questions, self._windows)
        self._nodes[node] = Node(node, "gate", self._cells[node], table)

    def _order(self, names: tuple[str, ...]) -> None:
        """Add the node that tells in which order some dates come; all of them stand already."""
        node = order_of(names)
        if node not in self._nodes:
            table = order_table(names, self._cells, self._dates)
            self._nodes[node] = Node(node, "gate", self._cells[node], table)

    def _parts(self, name: str) -> tuple[str, ...]:
        return parts_of(self._questions[name])


def _gathered(fine: str, days: Cells, name: str, cells: Cells) -> Table:
    """Return the table of a date given its day: in which cell the day lies."""
    index = np.zeros((len(days), len(cells)), dtype=np.intp)
    for i, day in enumerate(days.bounds):
        for j, bound in enumerate(cells.bounds):
            if day is None or bound is None:
                index[i, j] = days.states[i] == cells.states[j]
            else:
                index[i, j] = bound[0] <= day[0] and day[1] <= bound[1]
    return Table((fine, name), index, (ZERO, ONE))


def _parents_first(
    names: Mapping[str, object], parents: Callable[[str], Sequence[str]]
) -> list[str]:
    order: dict[str, None] = {}
    stack: list[str] = list(reversed(list(names)))
    while stack:
        name = stack[-1]
        missing = [p for p in parents(name) if p not in order]
        if name in order or not missing:
            order[stack.pop()] = None
        else:
            stack.extend(missing)
    return list(order)
