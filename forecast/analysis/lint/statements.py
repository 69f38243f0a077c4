"""Statements: whether an expert contradicts the rest of the file, or himself."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, permutations

import numpy as np

from forecast.analysis.lint.subject import Subject, both, either, without
from forecast.errors import Fault, Path
from forecast.model.distributions import Beta
from forecast.model.elicitation import logit_mean, logit_sd
from forecast.model.parameters import Judgements
from forecast.spec import walk
from forecast.spec.evidence import Statement
from forecast.spec.expression import Expression, Not, Term
from forecast.spec.load import ScenarioSpec

MOST_SDS = 2.0
"""How far, in standard deviations, a statement may lie from what the rest of the file implies."""

MOST_STATEMENTS = 40
"""Statements of one speaker that are held against each other."""

LEVEL = 1.6448536269514722
"""Half the width of the central 90 % of a standard Normal."""


def statement_conditions(spec: ScenarioSpec) -> dict[str, Expression]:
    """Return the conditions of statements, and how those of one speaker lie to each other."""
    out: dict[str, Expression] = {}
    for i, statement in enumerate(spec.file.statements):
        if statement.given is not None:
            out[f"given {i}"] = statement.given
    for i, j in _pairs(spec):
        one, two = (spec.file.statements[k].of.term for k in (i, j))
        out[f"statement {i} without {j}"] = without(one, two)
        out[f"statement {j} without {i}"] = without(two, one)
        out[f"statements {i} and {j}"] = both(one, two)
        out[f"neither statement {i} nor {j}"] = Expression("", Not(either((one, two)).term))
    return out


def statement_lint(subject: Subject) -> Iterator[Fault]:
    """Yield statements that cannot be meant, contradict the file, or each other."""
    yield from _impossible_conditions(subject)
    yield from _against_the_file(subject)
    ranges = _ranges(subject.spec, subject.judgements)
    yield from _against_each_other(ranges, subject)
    yield from _against_the_total(ranges, subject)


def _impossible_conditions(subject: Subject) -> Iterator[Fault]:
    for i, statement in enumerate(subject.spec.file.statements):
        if statement.given is not None and not subject.before.possible[f"given {i}"]:
            text = f"`{statement.given.text}` can never hold: what he says of it means nothing"
            yield _warning(subject, i, "given", "impossible-condition", text, "mend the condition")


def _against_the_file(subject: Subject) -> Iterator[Fault]:
    """Yield statements far from what the rest implies, before any of it has been weighed.

    z = E[u] / sqrt(var u + sd^2) over the prior, with u = stated + lean - logit implied.
    """
    places = _places(subject)
    u = subject.before.discrepancies
    implied = subject.before.implied
    for j, statement in enumerate(subject.network.statements):
        sound = np.broadcast_to(np.isfinite(implied[:, j]), u[j].shape)
        if not sound.any():
            continue
        z = u[j, sound].mean() / math.sqrt(u[j, sound].var() + statement.sd**2)
        agrees = (statement.side == "at most" and z > 0) or (statement.side == "at least" and z < 0)
        if abs(z) > MOST_SDS and not agrees:
            model = float(np.nanmean(implied[:, j]))
            stated = 1 / (1 + math.exp(-statement.stated))
            side = f" ({statement.side})" if statement.side else ""
            text = (
                f"{statement.origin.who} says {_percent(stated)}{side} of `{statement.of}`; the "
                f"rest of the file implies {_percent(model)}, {abs(z):.1f} sd away"
            )
            fix = (
                "one of the two is misread: look at the claim, at the rows behind "
                "the question, and at what he knew; if both stand, say so in a note"
            )
            yield _warning(subject, places[j], "says", "contradiction", text, fix)


@dataclass(frozen=True)
class _Range:
    """What a statement leaves open: the central 90 % of its words."""

    statement: Statement
    low: float
    high: float

    @property
    def words(self) -> str:
        given = self.statement.given
        return f"`{self.statement.of.text}`" + (f" given `{given.text}`" if given else "")


def _ranges(spec: ScenarioSpec, judgements: Judgements) -> Mapping[int, _Range]:
    out = {}
    for i, statement in enumerate(spec.file.statements):
        path: Path = ("statements", i, "says")
        if walk.pool_of(statement.says, path, spec.file):  # of several people: no word of one
            continue
        _, read, _ = judgements.elicited(statement.says, path)
        low = high = float("nan")
        if isinstance(read, Beta):
            centre, half = logit_mean(read), LEVEL * logit_sd(read) * statement.widen
            low, high = (1 / (1 + math.exp(-end)) for end in (centre - half, centre + half))
        elif isinstance(read, float):
            low = high = read
        low = 0.0 if statement.side == "at most" else low
        high = 1.0 if statement.side == "at least" else high
        if not math.isnan(low):
            out[i] = _Range(statement, low, high)
    return out


def _against_each_other(ranges: Mapping[int, _Range], subject: Subject) -> Iterator[Fault]:
    """Yield pairs that no distribution satisfies: nested, exclusive or exhaustive events."""
    possible = subject.before.possible
    for i, j in _pairs(subject.spec):
        one, two = ranges[i], ranges[j]
        text = ""
        for inner, outer, a, b in ((one, two, i, j), (two, one, j, i)):
            if not possible[f"statement {a} without {b}"] and inner.low > outer.high:
                text = (
                    f"{inner.words} cannot be without {outer.words}, yet is said to be likelier: "
                    f"at least {_percent(inner.low)} against at most {_percent(outer.high)}"
                )
        if not possible[f"statements {i} and {j}"] and one.low + two.low > 1:
            text = (
                f"{one.words} and {two.words} exclude each other, yet are given at least "
                f"{_percent(one.low)} and {_percent(two.low)}"
            )
        if not possible[f"neither statement {i} nor {j}"] and one.high + two.high < 1:
            text = (
                f"one of {one.words} and {two.words} must be, yet they are given at most "
                f"{_percent(one.high)} and {_percent(two.high)}"
            )
        if text:
            yield _incoherent(subject, i, j, text)


def _against_the_total(ranges: Mapping[int, _Range], subject: Subject) -> Iterator[Fault]:
    """Yield P(A | B), P(B) and P(A) of one speaker that the law of total probability forbids.

    P(A | B) P(B) <= P(A) <= P(A | B) P(B) + 1 - P(B), at the ends most favourable to him.
    """
    statements = subject.spec.file.statements
    for i, conditional in ranges.items():
        given = statements[i].given
        if given is None:
            continue
        mine = [k for k in ranges if k != i and _speaker(statements[k]) == _speaker(statements[i])]
        for j, k in permutations((k for k in mine if statements[k].given is None), 2):
            condition, whole = (
                _as_of(ranges[j], given.term),
                _as_of(ranges[k], statements[i].of.term),
            )
            if condition is None or whole is None:
                continue
            least = conditional.low * condition[0]
            most = conditional.high * condition[0] + 1 - condition[0]
            most = max(most, conditional.high * condition[1] + 1 - condition[1])
            if whole[1] < least or whole[0] > most:
                bound = (
                    f"at least {_percent(least)}"
                    if whole[1] < least
                    else f"at most {_percent(most)}"
                )
                text = (
                    f"{conditional.words} and {ranges[j].words} make {ranges[k].words} {bound}, "
                    f"but it is given {_percent(whole[0])} to {_percent(whole[1])}"
                )
                yield _incoherent(subject, i, k, text)


def _as_of(found: _Range, term: Term) -> tuple[float, float] | None:
    """Return the range of a term, if the statement is about it or its denial."""
    said = found.statement.of.term
    if said == term:
        return found.low, found.high
    if said == Not(term) or Not(said) == term:
        return 1 - found.high, 1 - found.low
    return None


def _incoherent(subject: Subject, i: int, j: int, text: str) -> Fault:
    first, last = min(i, j), max(i, j)
    source = subject.spec.source
    line = source.mark(("statements", first, "says")).line
    fix = f"no model can follow both this and line {line}: look at the windows and the words"
    return _warning(subject, last, "says", "incoherent-statements", text, fix)


def _pairs(spec: ScenarioSpec) -> Iterator[tuple[int, int]]:
    """Yield pairs of unconditional statements of one speaker that hang on common questions."""
    roots = {
        i: _roots(statement, spec)
        for i, statement in enumerate(spec.file.statements[:MOST_STATEMENTS])
        if statement.given is None
    }
    statements = spec.file.statements
    for i, j in combinations(roots, 2):
        if roots[i] & roots[j] and _speaker(statements[i]) == _speaker(statements[j]):
            yield i, j


def _roots(statement: Statement, spec: ScenarioSpec) -> set[str]:
    """Return the questions that a condition speaks of, derived ones as what they are made of."""
    questions = walk.all_questions(spec.file)
    found, stack = set[str](), list(statement.of.names())
    while stack:
        name = stack.pop()
        means = getattr(questions[name], "means", None)
        if means is None:
            found.add(name)
        else:
            stack.extend(means.names())
    return found


def _speaker(statement: Statement) -> str:
    reference = walk.reference_of(statement.says)
    return reference.alias if reference else "own"


def _places(subject: Subject) -> list[int]:
    """Return for each statement of the network its number in the file."""
    judgements = subject.judgements
    day = subject.network.as_of
    return [
        i
        for i, statement in enumerate(subject.spec.file.statements)
        if day is not None and judgements.said(statement.says) <= day
    ]


def _percent(chance: float) -> str:
    points = 100 * chance
    return "< 1 %" if points < 1 else "> 99 %" if points > 99 else f"{points:.0f} %"


def _warning(subject: Subject, i: int, field: str, code: str, text: str, fix: str) -> Fault:
    path = ("statements", i, field)
    return subject.spec.context.fault(path, code, text, fix, severity="warning")
