"""What is held to be true: where two methods agree."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from validation.cache import cached
from validation.model import Model
from validation.truth.annealed import annealed
from validation.truth.estimate import Estimate
from validation.truth.plain import plain
from validation.truth.quadrature import POINTS, quadrature
from validation.truth.slices import sliced
from validation.truth.target import Target

APART = 4.0
"""Standard errors by which two methods may differ; over some 300 scenarios one in 50 studies would
see a larger difference by chance."""

METHODS = 5
"""Version of the methods; another one lets nothing in the cache count."""


@dataclass(frozen=True)
class Truth:
    """The chances of all scenarios of a model.

    Attributes
    ----------
    means, errors
        With their standard errors, in the order of the file.
    apart
        The largest difference of the two methods, in standard errors.
    methods
        What the two are called.
    why_not
        Why it is not to be trusted; empty where it is.
    solved
        How many draws were solved for it.
    """

    means: tuple[float, ...]
    errors: tuple[float, ...]
    apart: float
    methods: tuple[str, str]
    why_not: str
    solved: int

    @property
    def trusted(self) -> bool:
        """Whether both methods are sound and agree."""
        return not self.why_not


def agreed(first: Estimate, second: Estimate, methods: tuple[str, str], solved: int) -> Truth:
    """Join two estimates: means weighted by the inverse of their squared errors."""
    apart = first.distance(second)
    why = ""
    for name, one in zip(methods, (first, second), strict=True):
        if not one.sound:
            why = why or f"{name} is not sound"
    if not why and not apart <= APART:
        why = "the methods disagree"
    w1, w2 = (1 / np.maximum(one.errors, 1e-9) ** 2 for one in (first, second))
    means = (w1 * first.means + w2 * second.means) / (w1 + w2)
    errors = 1 / np.sqrt(w1 + w2)
    return Truth(tuple(means.tolist()), tuple(errors.tolist()), apart, methods, why, solved)


def truth(model: Model) -> Truth:
    """Return what is true of a model; from the cache where it was found before."""
    made_from = [METHODS, dict(model.files)]
    kept = cached(model.name, made_from, lambda: asdict(_found(model)))
    kept |= {key: tuple(kept[key]) for key in ("means", "errors", "methods")}
    return Truth(**kept)


def _found(model: Model) -> Truth:
    target = Target(model.network())
    first = annealed(target, model.number)
    if len(target) in POINTS:
        second, name = quadrature(target), "quadrature"
    else:
        second, name = sliced(target, model.number), "slices"
        if not second.sound:  # chains that stay in one of several modes
            second, name = plain(target, model.number), "prior"
    return agreed(first, second, ("annealing", name), target.solved)
