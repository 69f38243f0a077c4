"""What to compute, in which order, and what may be forgotten on the way.

A schedule answers a set of wishes on a plan: P(evidence) of some trees, and marginals of questions.
Its steps are all of one form, a contraction of two arrays, so that any array library can run it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from forecast.inference.contraction import LOAD, NONE, Plan, Scope, Tree

type Axes = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """``out = sum over all axes that ``kept`` does not name of left * right``.

    Attributes
    ----------
    out, left, right
        Places of arrays; ``right`` is `NONE` for a mere sum.
    left_axes, right_axes, kept
        The axes of the operands and of the result, numbered; the draws come last, in each.
    scaled
        Whether the result is divided by its largest entry.
    work
        The number of products, for one draw.
    forget
        The places that no later step needs.
    """

    out: int
    left: int
    right: int
    left_axes: Axes
    right_axes: Axes
    kept: Axes
    scaled: bool
    work: float
    forget: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """P(evidence): the product of some arrays, and of the scales taken out on the way."""

    factors: tuple[int, ...]
    scales: tuple[int, ...]


@dataclass(frozen=True)
class Schedule:
    """Steps in order, and where the answers stand afterwards.

    Attributes
    ----------
    steps
        The steps.
    totals
        For each tree that was asked for.
    marginals
        For each tree: question -> the place of P(question, evidence), up to a factor that is the
        same for all its states.
    peak
        The most entries, for one draw, that are kept at a time.
    largest
        The entries, for one draw, of the largest array.
    slopes
        For tables that P(evidence) of the one tree depends on: the place of its slope in them, up
        to a factor that is the same for all entries, and the axes of the table that it has.
    """

    steps: tuple[Step, ...]
    totals: Mapping[int, Total]
    marginals: Mapping[int, Mapping[str, int]]
    peak: float
    largest: float
    slopes: Mapping[int, tuple[int, Scope]] = field(default_factory=dict)


class Contraction(Protocol):
    """How an array library carries out a step."""

    def __call__(self, left: Any, right: Any, step: Step) -> Any:
        """Return the result; ``right`` is None for a mere sum."""


def run(
    schedule: Schedule, tables: Sequence[Any], contract: Contraction, scale: Any = None
) -> tuple[dict[int, Any], dict[int, Any]]:
    """Carry a schedule out.

    Parameters
    ----------
    schedule
        The schedule.
    tables
        One array for each table, its axes in the order of its scope, the draws last.
    contract
        Carries out a step.
    scale
        Divides an array by its largest entry, and returns it with the logarithm of that; left out
        by default.

    Returns
    -------
    tuple
        Place -> array, for all answers; place -> logarithm of the scale that was taken out.
    """
    arrays: dict[int, Any] = dict(enumerate(tables))
    scales: dict[int, Any] = {}
    for step in schedule.steps:
        right = None if step.right == NONE else arrays[step.right]
        out = contract(arrays[step.left], right, step)
        if step.scaled and scale is not None:
            out, scales[step.out] = scale(out)
        arrays[step.out] = out
        for place in step.forget:
            del arrays[place]
    return arrays, scales


class Scheduler:
    """Lays out the steps that answer a set of wishes.

    Parameters
    ----------
    plan
        The plan.
    homes
        Question -> the table that is its cpd.
    """

    def __init__(self, plan: Plan, homes: Mapping[str, int]) -> None:
        self._plan, self._homes = plan, homes

    def schedule(
        self, totals: Mapping[int, Tree], marginals: Mapping[int, tuple[Tree, Collection[str]]]
    ) -> Schedule:
        """Return the steps for P(evidence) of some trees and for marginals of some questions.

        Parameters
        ----------
        totals
            Key -> the tree whose P(evidence) is wanted.
        marginals
            Key -> a tree, and the questions whose marginals given its evidence are wanted.
        """
        layout = _Layout(self._plan)
        sums = {key: layout.total(tree) for key, tree in totals.items()}
        found = {
            key: _Sweep(layout, tree).marginals({name: self._homes[name] for name in names})
            for key, (tree, names) in marginals.items()
        }
        answers = {place for total in sums.values() for place in total.factors}
        answers |= {place for named in found.values() for place in named.values()}
        return layout.finished(sums, found, answers)

    def slopes(self, tree: Tree, tables: Collection[int]) -> Schedule:
        """Return the steps for P(evidence) of a tree, and for its slopes in some of its tables.

        Tables on which P(evidence) does not depend are left out.
        """
        layout = _Layout(self._plan)
        total = layout.total(tree)
        sweep = _Sweep(layout, tree)
        places = {table: sweep.slope(table) for table in tables if sweep.matters(table)}
        found = {
            table: (place, layout.varies(place))
            for table, place in places.items()
            if place is not None
        }
        answers = {*total.factors, *(place for place, _ in found.values())}
        return replace(layout.finished({1: total}, {}, answers), slopes=found)


class _Layout:
    """Steps as they are laid out; a factor is computed once, whoever wants it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._steps: list[Step] = []
        self._varies: dict[int, Scope] = {i: plan.factors[i].varies for i in range(plan.tables)}
        self._places: dict[int, int] = {i: i for i in range(plan.tables)}
        self._next = plan.tables
        self._scaled: dict[int, int] = {}

    def value(self, factor: int) -> int:
        """Return the place of a factor's array; lay out what it needs."""
        for i in self.plan.behind([factor]):
            if i not in self._places:
                part = self.plan.factors[i]
                operands = [
                    self._places[j]
                    for j in (part.left, part.right)
                    if j != NONE and not self.plan.factors[j].is_one
                ]
                place = self.step(operands, part.varies, scaled=part.scaled)
                self._places[i] = place
                if part.scaled:
                    self._scaled[i] = place
        return self._places[factor]

    def total(self, tree: Tree) -> Total:
        """Lay P(evidence) of a tree out."""
        open_roots = [root for root in tree.roots if not self.plan.factors[root].is_one]
        factors = tuple(self.value(root) for root in open_roots)
        behind = self.plan.behind(open_roots)
        return Total(factors, tuple(self._scaled[i] for i in behind if i in self._scaled))

    def varies(self, place: int) -> Scope:
        """Return the questions along the axes of an array."""
        return self._varies[place]

    def step(self, operands: Sequence[int], kept: Scope, *, scaled: bool = False) -> int:
        """Lay a contraction out; return its place, or that of an operand that is its result."""
        left, right = operands[0], operands[1] if len(operands) > 1 else NONE
        if right == NONE and self._varies[left] == kept:
            return left
        names = list(self._varies[left])
        if right != NONE:
            names += [q for q in self._varies[right] if q not in names]
        numbers = {name: i for i, name in enumerate(names)}
        draws = len(names)

        def axes(scope: Scope) -> Axes:
            return (*(numbers[name] for name in scope), draws)

        place, self._next = self._next, self._next + 1
        self._varies[place] = kept
        self._steps.append(
            Step(
                place,
                left,
                right,
                axes(self._varies[left]),
                () if right == NONE else axes(self._varies[right]),
                axes(kept),
                scaled,
                self.plan.worlds(names),
                (),
            )
        )
        return place

    def finished(
        self,
        totals: Mapping[int, Total],
        marginals: Mapping[int, Mapping[str, int]],
        answers: Collection[int],
    ) -> Schedule:
        """Return the schedule, each array forgotten after its last use."""
        last: dict[int, int] = {}
        for i, step in enumerate(self._steps):
            for place in (step.left, step.right):
                if place >= self.plan.tables and place not in answers:
                    last[place] = i
        forget: list[list[int]] = [[] for _ in self._steps]
        for place, i in last.items():
            forget[i].append(place)
        steps, now, peak, largest = [], 0.0, 0.0, 1.0
        for step, gone in zip(self._steps, forget, strict=True):
            size = self.plan.worlds(self._varies[step.out])
            now += size
            peak, largest = max(peak, now), max(largest, size)
            now -= sum(self.plan.worlds(self._varies[place]) for place in gone)
            steps.append(
                Step(
                    step.out,
                    step.left,
                    step.right,
                    step.left_axes,
                    step.right_axes,
                    step.kept,
                    step.scaled,
                    step.work,
                    tuple(gone),
                )
            )
        return Schedule(tuple(steps), totals, marginals, peak, largest)


class _Sweep:
    """The backward sweep over one tree: the slope of P(evidence) in each factor.

    ``slope of left = sum of (slope of out) * right``, from the roots, whose slope is one.
    """

    def __init__(self, layout: _Layout, tree: Tree) -> None:
        self._layout, self._tree, self._plan = layout, tree, layout.plan
        # Factor -> the place of its slope, or None where it is one; and the tables behind it.
        self._slopes: dict[int, tuple[int | None, int]] = dict.fromkeys(tree.roots, (None, 0))

    def marginals(self, wanted: Mapping[str, int]) -> dict[str, int]:
        """Lay P(question, evidence) out, for questions and their cpds."""
        found = {}
        for name, table in wanted.items():
            slope = self.slope(table)
            found[name] = self._layout.step([table] if slope is None else [table, slope], (name,))
        return found

    def matters(self, table: int) -> bool:
        """Whether P(evidence) depends on a cpd: it is not summed out before any evidence."""
        factor: int | None = table
        while factor is not None:
            if self._plan.factors[factor].is_one:
                return False
            factor = self._tree.used_in.get(factor)
        return True

    def slope(self, factor: int) -> int | None:
        """Lay the slope of P(evidence) in a factor out; None where it is one."""
        path = [factor]
        while path[-1] not in self._slopes:
            path.append(self._tree.used_in[path[-1]])
        for below, above in zip(path[-2::-1], path[:0:-1], strict=True):
            self._slopes[below] = self._pulled(below, above)
        return self._slopes[factor][0]

    def _pulled(self, below: int, above: int) -> tuple[int | None, int]:
        """Return the slope of an operand of a contraction whose own slope is known."""
        layout, step = self._layout, self._plan.factors[above]
        slope, load = self._slopes[above]
        operands = [] if slope is None else [slope]
        other = step.right if below == step.left else step.left
        if other != NONE and not self._plan.factors[other].is_one:
            operands.append(layout.value(other))
            load += max(1, self._plan.factors[other].load)
        if not operands:
            return None, load
        there = {name for place in operands for name in layout.varies(place)}
        kept = tuple(name for name in self._plan.factors[below].scope if name in there)
        scaled = load > LOAD
        return layout.step(operands, kept, scaled=scaled), 1 if scaled else load
