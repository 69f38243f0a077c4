"""Misfits: what was said of an amount, where no curve of its family says the same."""

from __future__ import annotations

from collections.abc import Iterator

from forecast.errors import Fault
from forecast.model.curves import curve_of, targets
from forecast.model.formula import ONE, Const
from forecast.model.laws import Amount
from forecast.spec import walk
from forecast.spec.amount import Family, Stated
from forecast.spec.load import ScenarioSpec
from forecast.spec.number import Number, ends, family_of, leaves
from forecast.spec.question import CountQuestion, Quantity

TOLERANCE = 0.02
"""A chance that is missed by more is warned about."""

FAMILIES: tuple[Family, ...] = ("lognormal", "normal", "gamma", "beta", "student", "logstudent")


def misfits(spec: ScenarioSpec) -> Iterator[Fault]:
    """Yield a warning for each amount whose numbers its curve misses by more than two points.

    The curve is the one that is used, cut to its bounds.
    """
    for name, question in walk.all_questions(spec.file).items():
        if not isinstance(question, CountQuestion | Quantity) or question.amount is None:
            continue
        section = "latents" if name in spec.file.latents else "questions"
        for path, leaf in leaves(question.amount, (section, name, "amount")):
            said = _resolved(leaf, spec)
            family = family_of(said, question)
            if family is None:
                continue
            x, p, reached = worst(said, question, family)
            if abs(reached - p) > TOLERANCE:
                text = (
                    f"no {family} curve has these quantiles: the nearest has {_percent(reached)} "
                    f"up to {x:g}, not {_percent(p)}"
                )
                yield spec.context.fault(
                    path, "misfit", text, _better(said, question, family), severity="warning"
                )


def worst(leaf: object, question: Number, family: Family) -> tuple[float, float, float]:
    """Return where a family's curve misses most: the value, what was said, what it has there."""
    whole = isinstance(question, CountQuestion)
    low, high = ends(question)
    curve = curve_of(leaf, family, low, high, 0.5 * whole)
    least = float(whole) if question.zero is not None else low
    law = Amount(curve, ONE, least, high + whole, whole=False)
    shift = 0.5 * whole

    def reached(x: float) -> float:
        found = law.up_to(x + shift)
        assert isinstance(found, Const)
        return found.value

    told = zip(*targets(leaf.amount if isinstance(leaf, Stated) else leaf), strict=True)
    return max(((x, p, reached(x)) for x, p in told), key=lambda t: abs(t[2] - t[1]))


def _better(leaf: object, question: Number, family: Family) -> str:
    """Name the family that misses least, if one does better."""
    low, high = ends(question)
    values, _ = targets(leaf.amount if isinstance(leaf, Stated) else leaf)
    positive = low >= 0 or values[0] > 0
    bounded = high < float("inf") and low > -float("inf")
    misses = {}
    for other in FAMILIES:
        fits = bounded if other == "beta" else positive or other in ("normal", "student")
        if fits and (isinstance(question, CountQuestion) or values[0] > 0 or other != "lognormal"):
            _, p, reached = worst(leaf, question, other)
            misses[other] = abs(reached - p)
    best = min(misses, key=lambda other: misses[other])
    if misses[best] < misses.get(family, 1.0) - 0.005:
        missed = f"{100 * misses[best]:.1g} points"
        return f"family: {best}, as in {{amount: ..., family: {best}}}, is off by {missed} at most"
    return "say fewer quantiles, or lay chips (`roulette`)"


def _resolved(leaf: object, spec: ScenarioSpec) -> object:
    reference = walk.reference_of(leaf)
    return leaf if reference is None else spec.context.stored(reference.alias)[reference.id].read_as


def _percent(chance: float) -> str:
    return f"{100 * chance:.3g} %"
