"""A noisy-or with many causes as a chain of small tables: parents divorced one by one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

import numpy as np

from forecast.errors import Path
from forecast.model.cells import Cells
from forecast.model.cpd import tabulated
from forecast.model.formula import ONE, ZERO, Formula, complement, noisy_or
from forecast.model.network import Node
from forecast.model.rows import Rows
from forecast.model.truth import nodes_of, truth
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
    leak, causes = rows.causes(chance, path)
    numbers = accumulate([1] * len(causes))
    before: str | None = None
    for number, (cause, p) in zip(numbers, causes.items(), strict=True):
        names = nodes_of(cause)
        holds = truth(cause, names, rows.cells)
        link = f"`{name}: {number} of {len(causes)} causes`"
        scope = (*names, link) if before is None else (before, *names, link)
        shape = (*(() if before is None else (2,)), *holds.shape, 2)
        acts = [noisy_or([leak, p]) if number == 1 else p, leak if number == 1 else ZERO]
        out: list[tuple[Formula, ...]] = []
        for world in np.ndindex(shape[:-1]):
            decided = before is not None and world[0] == 0
            cause_holds = bool(holds[world if before is None else world[1:]])
            yes: Formula = ONE if decided else acts[0] if cause_holds else acts[1]
            out.append((yes, complement(yes)))
        yield Node(link, "gate", YES_NO, tabulated(scope, shape, iter(out)))
        before = link
