"""Conditions as truth tables over the cells of the questions that they mention."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from forecast.model.cells import Cells
from forecast.model.comparison import actors, by_day, relation
from forecast.model.relation import pair_holds
from forecast.spec import walk
from forecast.spec.expression import (
    And,
    AtLeast,
    Before,
    Earliest,
    Expression,
    Latest,
    Not,
    Or,
    Otherwise,
    Term,
    Within,
)
from forecast.spec.question import AnyQuestion

type Truth = NDArray[np.bool_]


def truth(condition: Expression, names: Sequence[str], cells: Mapping[str, Cells]) -> Truth:
    """Return where a condition holds.

    Parameters
    ----------
    condition
        The condition; all of its `nodes_of` must be among ``names`` (a date may stand there by the
        day instead).
    names
        The nodes that span the table, one axis each.
    cells
        Node -> its cells.

    Returns
    -------
    numpy.ndarray
        Booleans, shape ``tuple(len(cells[name]) for name in names)``.
    """
    shape = tuple(len(cells[name]) for name in names)

    def along(name: str, true: Truth) -> Truth:
        axis = names.index(name)
        return np.broadcast_to(
            true.reshape([-1 if i == axis else 1 for i in range(len(names))]), shape
        )

    def of(term: Term) -> Truth:
        match term:
            case Otherwise():
                return np.ones(shape, dtype=bool)
            case Not(inner):
                return ~of(inner)
            case And(terms):
                return np.asarray(np.logical_and.reduce([of(inner) for inner in terms]))
            case Or(terms):
                return np.asarray(np.logical_or.reduce([of(inner) for inner in terms]))
            case AtLeast(number, terms):
                return np.asarray(sum(of(inner).astype(int) for inner in terms) >= int(number))
            case Earliest() | Latest():
                raise TypeError(f"{term} is a date, not a condition")
            case Before() | Within():
                node = relation(term.name, term.other)
                return along(node, pair_holds(term, cells[node]))
            case _:
                node = term.name if term.name in names else by_day(term.name)
                return along(node, cells[node].holds(term))

    return of(condition.term)


def nodes_of(*conditions: Expression) -> tuple[str, ...]:
    """Return the nodes whose states decide conditions: questions, and relations of two dates."""
    found: dict[str, None] = {}
    for condition in conditions:
        for term in condition.terms():
            match term:
                case Before(name, other) | Within(name=name, other=other):
                    found[relation(name, other)] = None
                case Earliest(names) | Latest(names):
                    found.update(dict.fromkeys(names))
                case Not() | And() | Or() | AtLeast() | Otherwise():
                    continue
                case _:
                    found[term.name] = None
    return tuple(found)


def parents_of(question: AnyQuestion, questions: Mapping[str, AnyQuestion]) -> tuple[str, ...]:
    """Return the nodes that a question's table is laid out over.

    The questions that its conditions mention and the relations of dates that they compare; a date
    from whose day on its rate changes stands there by the day.
    """
    acting = actors(question, questions)
    return tuple(
        by_day(name) if name in acting else name
        for name in nodes_of(*walk.table_conditions(question))
    )


def first_match(
    rows: Iterable[Expression],
    names: Sequence[str],
    cells: Mapping[str, Cells],
    possible: Truth | None = None,
) -> tuple[NDArray[np.intp], tuple[int, ...]]:
    """Return which row decides each world, and which rows decide none.

    Parameters
    ----------
    rows
        Conditions in order; the first that holds wins.
    names, cells
        The questions that span the worlds, and their cells.
    possible
        The worlds that matter; all by default.

    Returns
    -------
    tuple
        Row numbers over the worlds (-1: no row holds; -2: the world does not matter), and the
        numbers of the rows that can never be reached.
    """
    shape = tuple(len(cells[name]) for name in names)
    left = np.ones(shape, dtype=bool) if possible is None else possible.copy()
    decided = np.where(left, -1, -2).astype(np.intp)
    dead = []
    for i, row in enumerate(rows):
        here = truth(row, names, cells) & left
        if not here.any():
            dead.append(i)
        decided[here] = i
        left &= ~here
    return decided, tuple(dead)
