"""A noisy-or with many causes as a chain of small tables: parents divorced one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from forecast.errors import Path
from forecast.model.cells import Cells
from forecast.model.cpd import tabulated
from forecast.model.formula import ONE, ZERO, complement, noisy_or
from forecast.model.network import Node, Table
from forecast.model.pooled import selectors_in
from forecast.model.rows import Rows, Worlds
from forecast.model.truth import Truth, nodes_of
from forecast.spec import walk
from forecast.spec.question import AnyOf

YES_NO = Cells("binary", ("yes", "no"), (None, None))


def chain(name: str, chance: AnyOf, path: Path, rows: Rows) -> Iterator[Node]:
    """Yield nodes, each of which says whether the leak or one of the causes so far has acted.

    P(link_i = yes | link_{i-1}, cause_i) is 1 if link_{i-1} is yes, else p_i if cause i holds, else
    0; the last link is the noisy-or. A table of n causes at once would have 2^n rows.

    Parameters
    ----------
    name, path
        The question, and where its chance stands.
    chance
        The noisy-or.
    rows
        The cells of all questions, and where parameters are gathered.

    References
    ----------
    Olesen et al. (1989), 10.1080/08839518908949924 (divorcing parents); Pearl (1988),
    Probabilistic reasoning in intelligent systems, section 4.3.2.
    """
    causes = chance.causes
    before: str | None = None
    for number, (cause, judgement) in enumerate(causes.items(), start=1):
        here = (*path, "any_of", cause.text)
        judged = list(walk.in_judgement(judgement, here))
        if number == 1 and chance.leak is not None:
            judged += walk.in_judgement(chance.leak, (*path, "any_of", "leak"))
        names = (*nodes_of(cause), *selectors_in(judged, rows.judgements.spec))
        own = replace(rows, parents=names)
        acts = own.chances(judgement, here, own.everywhere)
        leak = own.leak(chance, path, own.everywhere) if number == 1 else None
        table = _link(own.holds(cause), acts, leak)
        link = f"`{name}: {number} of {len(causes)} causes`"
        if before is None:
            yield Node(link, "gate", YES_NO, _laid_out((*names, link), table))
        else:  # where one has acted before, the cause makes no difference
            decided = np.empty((2, *table.shape), dtype=object)
            decided[0], decided[1] = ONE, table
            yield Node(link, "gate", YES_NO, _laid_out((before, *names, link), decided))
        before = link


def _link(holds: Truth, acts: Worlds, leak: Worlds | None) -> Worlds:
    """Return the chance that a cause, or the leak beside the first of them, acts in each world."""
    out = np.empty(holds.shape, dtype=object)
    for world in np.ndindex(holds.shape):
        here: list[Any] = [] if leak is None else [leak[world]]
        if holds[world]:
            here.append(acts[world])
        out[world] = noisy_or(here) if here else ZERO
    return out


def _laid_out(scope: tuple[str, ...], yes: Worlds) -> Table:
    rows = ((p, complement(p)) for p in yes.ravel())
    return tabulated(scope, (*yes.shape, 2), rows)
