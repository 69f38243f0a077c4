"""Counts and quantities: do their parts fit each other and their bounds."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

from forecast.errors import Fault, Path
from forecast.spec import walk
from forecast.spec.amount import AmountLeaf, Family, Quantiles, Roulette, Stated
from forecast.spec.context import Context
from forecast.spec.expression import Holds, quoted
from forecast.spec.magnitude import AmountCases, AmountTimes, RateCases, RateTimes
from forecast.spec.notation import Multiplier, Reference
from forecast.spec.question import CountQuestion, Date, Quantity
from forecast.spec.spread import Spread
from forecast.spec.timing import window

type Number = CountQuestion | Quantity


def ends(question: Number) -> tuple[float, float]:
    """Return the least and the largest value that a number may have.

    Those of ``bounds``; else a count is 0 or more, as is what may be nothing at all (``zero``).
    """
    if question.bounds is not None:
        return question.bounds
    at_least_zero = isinstance(question, CountQuestion) or question.zero is not None
    return (0.0 if at_least_zero else -math.inf), math.inf


def values_of(leaf: object) -> tuple[float, ...]:
    """Return the numbers that an amount is made of, from the lowest."""
    match leaf:
        case Stated(amount=amount):
            return values_of(amount)
        case Spread(median, low, high):
            return low, median, high
        case Quantiles(quantiles=quantiles):
            return tuple(value for _, value in sorted(quantiles.items()))
        case Roulette(roulette=bins):
            return tuple(end for pair in sorted(bins) for end in pair)
        case _:
            return ()


def family_of(leaf: object, question: Number) -> Family | None:
    """Return the family of an amount's curve; None for chips that no family is fitted to.

    Where none is named: lognormal if the number is never negative and has no upper end; else
    Normal, cut to the bounds.
    """
    named: Family | None = getattr(leaf, "family", None)
    if named is not None or isinstance(leaf, Roulette):
        return named
    low, high = ends(question)
    positive = low >= 0 if math.isfinite(low) else min(values_of(leaf), default=0.0) > 0
    return "lognormal" if positive and math.isinf(high) else "normal"


def number_faults(question: Number, path: Path, context: Context) -> Iterator[Fault]:
    """Yield what is wrong with the parts of a count or quantity, held against each other."""
    low, high = ends(question)
    if isinstance(question, CountQuestion):
        yield from _count(question, path, context)
    if question.zero is not None and low != 0:
        text = f"`zero` is the chance of 0, and the bounds begin at {low:g}"
        yield context.fault((*path, "zero"), "value", text, key=True)
    for i, cut in enumerate(question.cuts):
        if isinstance(question, CountQuestion) and cut != int(cut):
            yield context.fault((*path, "cuts", i), "value", f"`{cut:g}` is no count")
        elif not low <= cut <= high:
            text = f"`{cut:g}` lies outside the bounds {low:g}..{high:g}"
            yield context.fault((*path, "cuts", i), "value", text)
    for here, leaf in leaves(question.amount, (*path, "amount")):
        yield from _leaf(leaf, question, here, context)
    yield from _worth(question.amount, (*path, "amount"), context)


def rate_of_date_faults(question: Date, path: Path, context: Context) -> Iterator[Fault]:
    """Yield what the rate of a first event cannot hold: what multiplies it has a day."""
    if _has_times(question.rate):
        text = "`times` of a first event stand beside `rate`: they act from a day on"
        yield context.fault((*path, "rate"), "value", text, "write times: below rate:", key=True)


def _has_times(rate: object) -> bool:
    if isinstance(rate, RateCases):
        return any(_has_times(inner) for inner in rate.cases.values())
    return isinstance(rate, RateTimes)


def _dated_times(question: CountQuestion, path: Path, context: Context) -> Iterator[Fault]:
    """Yield what would multiply the rate of a count from a day of the window on."""
    for placed in walk.in_question(question, path):
        if not isinstance(placed, walk.PlacedCondition) or placed.path[-2] != "times":
            continue
        for atom in placed.condition.atoms():
            name = getattr(atom, "name", "")
            if isinstance(atom, Holds) and isinstance(context.questions.get(name), Date):
                text = f"`{name}` is a date: a multiplier from its day on is not yet supported here"
                day = window(question, context.file).first
                fix = f"say by when, as in `{quoted(name)} by {day}`"
                yield context.fault(placed.path, "not-yet-supported", text, fix, key=True)


def _count(question: CountQuestion, path: Path, context: Context) -> Iterator[Fault]:
    if question.rate is None and question.amount is None:
        text = "one of `rate`, `amount` is missing"
        yield context.fault(path, "missing", text, key=True)
    if question.rate is not None and question.amount is not None:
        text = "`rate` and `amount` both say how many: keep one"
        yield context.fault((*path, "amount"), "value", text, key=True)
    elif question.amount is not None:
        for field in ("times", "clumped", "report_by"):
            if getattr(question, field):
                fix = "write amount: {base: ..., times: ...}" if field == "times" else ""
                text = f"`{field}` belongs to `rate`"
                yield context.fault((*path, field), "value", text, fix, key=True)
    elif question.bounds is not None:
        text = "`bounds` belong to `amount`: what happens at a rate has no upper end"
        yield context.fault((*path, "bounds"), "value", text, key=True)
    yield from _dated_times(question, path, context)
    for end in question.bounds or ():
        if math.isfinite(end) and (end != int(end) or end < 0):
            yield context.fault((*path, "bounds"), "value", f"`{end:g}` is no count")
    days = window(question, context.file)
    for i, day in enumerate(question.report_by):
        if not days.first <= day <= days.last:
            text = f"{day} lies outside the window, {days}"
            yield context.fault((*path, "report_by", i), "date", text)


def leaves(amount: object, path: Path) -> Iterator[tuple[Path, object]]:
    """Yield the curves of an amount with their places."""
    for placed in walk.in_magnitude(amount, path, "amount"):
        if isinstance(placed, walk.PlacedJudgement) and placed.wanted == "amount":
            yield placed.path, placed.judgement


def _leaf(leaf: object, question: Number, path: Path, context: Context) -> Iterator[Fault]:
    """Yield what is wrong with one curve: its numbers, its family, its bounds."""
    if (reference := walk.reference_of(leaf)) is not None:
        known = reference.alias == "own" or reference.alias in context.priors
        stored = context.stored(reference.alias).get(reference.id) if known else None
        if stored is None or walk.kind_of_claim(stored.read_as) != "amount":
            return  # told where references are checked
        leaf = stored.read_as
    low, high = ends(question)
    whole = isinstance(question, CountQuestion)
    values = values_of(leaf)
    if whole and isinstance(leaf, Roulette):
        yield from _whole_bins(leaf, path, context)
    if outside := [value for value in values if not low <= value <= high]:
        text = f"`{outside[0]:g}` lies outside the bounds {_between(low, high)}"
        yield context.fault(path, "value", text)
    elif any(value in (low, high) for value in values[1:-1]):
        yield context.fault(path, "value", "a quantile lies on a bound: nothing is beyond it")
    family = family_of(leaf, question)
    if family in ("lognormal", "logstudent", "gamma"):
        if values and values[0] + 0.5 * whole <= 0 and not isinstance(leaf, Roulette):
            text = f"a {family} is above zero, `{values[0]:g}` is not"
            fix = "name a family such as normal, or give the chance of none: `zero: 30%`"
            yield context.fault(path, "value", text, fix)
        elif low < 0 and math.isfinite(low):
            text = f"a {family} is above zero, and the bounds begin at {low:g}"
            yield context.fault(path, "value", text, "family: normal")
    if family == "beta" and not (math.isfinite(low) and math.isfinite(high)):
        text = "a beta needs bounds on both sides"
        yield context.fault(path, "value", text, "write bounds: a..b")


def _whole_bins(leaf: Roulette, path: Path, context: Context) -> Iterator[Fault]:
    for (a, b), (c, d) in itertools.pairwise(sorted(leaf.roulette)):
        if c <= b:
            text = f"the bins {a:g}..{b:g} and {c:g}..{d:g} overlap"
            fix = "a bin of counts holds both ends: 0..4, 5..9"
            yield context.fault((*path, "roulette"), "value", text, fix)
    if odd := [end for end in values_of(leaf) if end != int(end)]:
        yield context.fault((*path, "roulette"), "value", f"`{odd[0]:g}` is no count")


def _worth(amount: object, path: Path, context: Context) -> Iterator[Fault]:
    """Yield each `worth` below `times`: what it is worth would depend on a random multiplier."""
    match amount:
        case AmountCases(cases=rows):
            for condition, inner in rows.items():
                yield from _worth(inner, (*path, "cases", condition.text), context)
        case AmountTimes(base=base, times=times):
            for here, leaf in leaves(base, (*path, "base")):
                if isinstance(leaf, AmountLeaf) and leaf.worth is not None:
                    text = (
                        "`worth` has no meaning below `times`: it gives the cells chances of their "
                        "own, and what multiplies the amount moves it across these cells"
                    )
                    fix = "give each case a row of its own (`cases`), with its own `worth`"
                    yield context.fault((*here, "worth"), "value", text, fix, key=True)
                if not _scales(leaf, context) and any(map(_is_uncertain, times.values())):
                    text = "an uncertain multiplier of this family is not yet supported"
                    fix = (
                        "family: normal, lognormal, student or logstudent, chips without a family, "
                        "or a fixed multiplier such as x1.3"
                    )
                    yield context.fault(here, "not-yet-supported", text, fix)


def _is_uncertain(multiplier: object) -> bool:
    return not (isinstance(multiplier, Multiplier) and multiplier.low is None)


def _scales(leaf: object, context: Context) -> bool:
    """Whether a curve can be multiplied by a random number in closed form."""
    reference = leaf if isinstance(leaf, Reference) else walk.reference_of(leaf)
    if reference is not None:
        known = reference.alias == "own" or reference.alias in context.priors
        stored = context.stored(reference.alias).get(reference.id) if known else None
        leaf = None if stored is None else stored.read_as
    return getattr(leaf, "family", None) not in ("gamma", "beta")


def _between(low: float, high: float) -> str:
    return f"{low:g}..{'' if math.isinf(high) else f'{high:g}'}"
