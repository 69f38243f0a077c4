"""One plan of pairwise products and sums answers all that is asked of a network.

Summing the questions out one after another, from the tables to a single number, is a tree of
contractions ``out = sum over some questions of left * right``. Its root is P(evidence). Swept
backwards, from the root to the tables, the same tree gives the slope of P(evidence) in every
table, and with it all marginals (Darwiche 2003): no clique is ever multiplied out twice.

Trees of different sets of evidence share every contraction that the difference does not reach, and
what sums to one whatever the parameters is known beforehand and left out.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

type Scope = tuple[str, ...]

NONE = -1
"""In place of a right operand: the left one is only summed."""

LOAD = 4
"""Tables that may stand in a product unscaled. Two such products may meet before the next scaling,
so that entries of 1e-38 are safe."""


@dataclass(frozen=True, slots=True)
class Factor:
    """A table, or a contraction of two factors.

    Attributes
    ----------
    left, right
        The operands; `NONE` twice for a table.
    scope
        The questions that it is about.
    varies
        Those of them along which its values differ: the axes of its array.
    children
        The questions of which it is a conditional distribution given the rest of its scope; None
        where it is none. With no children left it is one.
    scaled
        Whether it is divided by its largest entry, lest a long product vanish.
    load
        The number of tables behind it since the last scaling; zero where it is a distribution.
    """

    left: int
    right: int
    scope: Scope
    varies: Scope
    children: frozenset[str] | None
    scaled: bool
    load: int

    @property
    def is_one(self) -> bool:
        """Whether it is one whatever the parameters."""
        return self.children is not None and not self.children


@dataclass(frozen=True)
class Tree:
    """The contractions for one set of evidence.

    Attributes
    ----------
    roots
        One number for each part of the network that hangs together; P(evidence) is their product.
    used_in
        Factor -> the contraction that uses it.
    """

    roots: tuple[int, ...]
    used_in: Mapping[int, int]


class Plan:
    """A growing plan over the tables of a network.

    Parameters
    ----------
    order
        The order in which questions are summed out.
    sizes
        Question -> its number of states; its order is the order of all axes.
    scopes
        The questions of each table, in the order of ``sizes``.
    children
        For each table the question whose cpd it is, or None where it is a likelihood; cpds always
        count, likelihoods only where a set of evidence names them.
    """

    def __init__(
        self,
        order: Sequence[str],
        sizes: Mapping[str, int],
        scopes: Sequence[Scope],
        children: Sequence[str | None],
    ) -> None:
        self._order, self._sizes = order, sizes
        self._axis = {name: i for i, name in enumerate(sizes)}
        self._logs = {name: math.log(size) for name, size in sizes.items()}
        self._cpds = [i for i, child in enumerate(children) if child is not None]
        self.tables = len(scopes)
        self.factors: list[Factor] = [
            Factor(
                NONE,
                NONE,
                scope,
                scope,
                None if child is None else frozenset({child}),
                scaled=False,
                load=int(child is None),
            )
            for scope, child in zip(scopes, children, strict=True)
        ]
        self._known: dict[tuple[int, int, frozenset[str]], int] = {}

    def tree(self, evidence: Collection[int]) -> Tree:
        """Return the contractions from the cpds and some likelihoods down to P(evidence)."""
        holders: dict[str, set[int]] = {name: set() for name in self._sizes}
        roots: list[int] = []
        used_in: dict[int, int] = {}

        def enter(factor: int) -> None:
            scope = self.factors[factor].scope
            for name in scope:
                holders[name].add(factor)
            if not scope:
                roots.append(factor)

        def leave(factor: int) -> None:
            for name in self.factors[factor].scope:
                holders[name].discard(factor)

        for factor in (*self._cpds, *sorted(evidence)):
            enter(factor)
        for name in self._order:
            while holders[name]:
                left, right = self._pair(holders[name])
                for operand in {left, right} - {NONE}:
                    leave(operand)
                gone = frozenset(q for q in self._joint_scope(left, right) if not holders[q])
                out = self._contract(left, right, gone)
                for operand in {left, right} - {NONE}:
                    used_in[operand] = out
                enter(out)
        return Tree(tuple(roots), used_in)

    def worlds(self, names: Iterable[str]) -> float:
        """Return the number of worlds over some questions."""
        return math.exp(min(self._weight(names), 700.0))

    def behind(self, wanted: Iterable[int]) -> list[int]:
        """Return the contractions that must be carried out for some factors, in order."""
        needed, stack = set[int](), list(wanted)
        while stack:
            i = stack.pop()
            factor = self.factors[i]
            if i in needed or factor.left == NONE or factor.is_one:
                continue
            needed.add(i)
            stack += [factor.left] if factor.right == NONE else [factor.left, factor.right]
        return sorted(needed)

    def _pair(self, holders: Collection[int]) -> tuple[int, int]:
        """Return the two factors to contract next: a small one, and what grows least by it."""
        if len(holders) == 1:
            (only,) = holders
            return only, NONE
        left = min(holders, key=lambda i: (self._weight(self.factors[i].scope), i))
        rest = (i for i in holders if i != left)
        right = min(rest, key=lambda i: (self._weight(self._joint_scope(left, i)), i))
        return min(left, right), max(left, right)

    def _weight(self, names: Iterable[str]) -> float:
        return sum(self._logs[name] for name in names)

    def _joint_scope(self, left: int, right: int) -> frozenset[str]:
        scope = frozenset(self.factors[left].scope)
        return scope if right == NONE else scope.union(self.factors[right].scope)

    def _contract(self, left: int, right: int, gone: frozenset[str]) -> int:
        key = (left, right, gone)
        if key in self._known:
            return self._known[key]
        parts = [self.factors[i] for i in (left, right) if i != NONE]
        children = _children(parts)
        if children is not None:
            lost = frozenset().union(*(part.scope for part in parts)) - children
            children = None if gone & lost else children - gone
        load = (
            sum(max(1, part.load) for part in parts if not part.is_one) if children is None else 0
        )
        scaled = load > LOAD
        varies = frozenset().union(*(part.varies for part in parts if not part.is_one)) - gone
        self.factors.append(
            Factor(
                left,
                right,
                self._sorted(self._joint_scope(left, right) - gone),
                self._sorted(varies),
                children,
                scaled,
                1 if scaled else load,
            )
        )
        place = self._known[key] = len(self.factors) - 1
        return place

    def _sorted(self, names: Iterable[str]) -> Scope:
        return tuple(sorted(names, key=self._axis.__getitem__))


def _children(parts: Sequence[Factor]) -> frozenset[str] | None:
    """Return the children of a product of distributions; None where it is no distribution.

    P(A | S) P(B | T) is P(A, B | rest) unless each is about the other's children.
    """
    if any(part.children is None for part in parts):
        return None
    whole = frozenset[str]()
    for part in parts:
        assert part.children is not None
        whole |= part.children
    if len(parts) == 2:
        first, second = parts
        assert first.children is not None
        assert second.children is not None
        if first.children & set(second.scope) and second.children & set(first.scope):
            return None
    return whole
