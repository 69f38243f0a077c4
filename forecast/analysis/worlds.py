"""Sets of worlds in words: ``preparation; visit_russia in 2025-04-28..2025-05-09``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np

from forecast.model.cells import NEVER, VOID, Cells
from forecast.model.truth import Truth
from forecast.spec.expression import quoted

MOST_BOXES = 6
"""Descriptions of one set; what they leave out is counted."""


def described(holds: Truth, names: Sequence[str], cells: Sequence[Cells]) -> tuple[str, ...]:
    """Say for which combinations of states something holds.

    The set is covered by boxes, each a set of states for each question; the union of the texts is
    the set.

    Parameters
    ----------
    holds
        Where it holds, one axis for each question.
    names, cells
        The questions and their states.

    Examples
    --------
    >>> yes_no = Cells("binary", ("yes", "no"), (None, None))
    >>> described(np.array([[True, True], [True, False]]), ["a", "b"], [yes_no, yes_no])
    ('a', 'not a and b')
    """
    if holds.all():
        return ("always",)
    left = holds.copy()
    out: list[str] = []
    while left.any() and len(out) < MOST_BOXES:
        box = _box(left)
        out.append(" and ".join(_axes(box, names, cells)))
        left[np.ix_(*box)] = False
    rest = int(left.sum())
    return (*out, *([f"and {rest} more combinations"] if rest else []))


def _box(left: Truth) -> list[np.ndarray]:
    """Return the states of each axis of a box around the first world, grown axis by axis."""
    start = [int(i) for i in np.argwhere(left)[0]]
    box = [np.array([i]) for i in start]
    for axis in reversed(range(left.ndim)):
        others = list(box)
        others[axis] = np.arange(left.shape[axis])
        inside = left[np.ix_(*others)]
        whole = inside.all(axis=tuple(i for i in range(left.ndim) if i != axis))
        box[axis] = np.flatnonzero(whole)
    return box


def _axes(box: Sequence[np.ndarray], names: Sequence[str], cells: Sequence[Cells]) -> Iterator[str]:
    for states, name, own in zip(box, names, cells, strict=True):
        if len(states) < len(own):
            yield _states(quoted(name), [int(i) for i in states], own)


def _states(name: str, chosen: Sequence[int], own: Cells) -> str:
    states = [own.states[i] for i in chosen]
    if own.kind == "binary":
        says = {"yes": name, "no": f"not {name}", VOID: f"{name} void"}
        return " or ".join(says[state] for state in states)
    if own.kind == "categorical":
        return f"{name} is {'|'.join(states)}"
    parts = list(_ranges(chosen, own))
    open_states = {state for state in own.states if state not in (NEVER, VOID)}
    if own.kind == "date" and set(states) == open_states:
        return name
    if own.kind == "date" and states == [NEVER]:
        return f"{name} never"
    return f"{name} {'in ' if parts[0][0].isdigit() else ''}{' or '.join(parts)}"


def _ranges(chosen: Sequence[int], own: Cells) -> Iterator[str]:
    """Join neighbouring cells of days or numbers."""
    for _, run in groupby(enumerate(chosen), key=lambda pair: pair[1] - pair[0]):
        cells = [i for _, i in run]
        ranged = [own.states[i] for i in cells if own.bounds[i] is not None]
        if len(ranged) > 1:
            first, last = ranged[0].split("..")[0], ranged[-1]
            yield (
                f"{first}..{last.split('..')[-1]}" if "or more" not in last else f"{first} or more"
            )
        elif ranged:
            yield ranged[0]
        yield from (own.states[i] for i in cells if own.bounds[i] is None)
