"""Every condition and every judgement of a scenario file, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from forecast.errors import Path
from forecast.spec.amount import AmountLeaf, Stated
from forecast.spec.chance import WIDE
from forecast.spec.evidence import Evidence
from forecast.spec.expression import Expression
from forecast.spec.judgement import EventRate, Pool, ReadAs
from forecast.spec.magnitude import AmountCases, AmountTimes, RateCases, RateTimes
from forecast.spec.notation import Multiplier, Reference
from forecast.spec.question import (
    AnyOf,
    AnyQuestion,
    Around,
    Binary,
    Cases,
    Categorical,
    CountQuestion,
    Date,
    Odds,
    Quantity,
    ShareCases,
    ShareCounts,
    ShareTable,
    TimingCases,
)
from forecast.spec.scenario import NamedScenario, ScenarioFile
from forecast.spec.spread import Pace
from forecast.spec.table import ConditionalTable, TabledShares

type Role = Literal["row", "means", "only_if", "of", "given", "evidence", "scenario"]
type Wanted = Literal["chance", "multiplier", "rate", "amount", "dispersion"]


@dataclass(frozen=True, slots=True)
class PlacedCondition:
    """A condition and where it stands; ``is_key`` where it is the key of a mapping."""

    path: Path
    condition: Expression
    role: Role
    is_key: bool


@dataclass(frozen=True, slots=True)
class PlacedJudgement:
    """A judgement, where it stands, and what is wanted there."""

    path: Path
    judgement: object
    wanted: Wanted


type Placed = PlacedCondition | PlacedJudgement


def in_question(question: AnyQuestion, path: Path) -> Iterator[Placed]:
    """Yield what a question is made of, top to bottom."""
    if question.only_if is not None:
        yield PlacedCondition((*path, "only_if"), question.only_if, "only_if", is_key=False)
    match question:
        case Binary(prior=prior, means=means):
            if prior is not None and not isinstance(prior, TabledShares):
                yield from in_chance(prior, (*path, "prior"))
            if means is not None:
                yield PlacedCondition((*path, "means"), means, "means", is_key=False)
        case Categorical(prior=prior):
            yield from in_shares(prior, (*path, "prior"))
        case Date():
            yield from _in_date(question, path)
        case CountQuestion() | Quantity():
            yield from _in_number(question, path)


def _in_date(question: Date, path: Path) -> Iterator[Placed]:
    if question.means is not None:
        yield PlacedCondition((*path, "means"), question.means, "means", is_key=False)
    if question.occurs is not None:
        yield from in_chance(question.occurs, (*path, "occurs"))
    if question.timing is not None:
        yield from in_timing(question.timing, (*path, "timing"))
    if question.rate is not None:
        yield from in_magnitude(question.rate, (*path, "rate"), "rate")
    yield from _in_multipliers(question.times or {}, (*path, "times"))


def _in_multipliers(rows: Mapping[Expression, object], path: Path) -> Iterator[Placed]:
    for condition, multiplier in rows.items():
        here = (*path, condition.text)
        yield PlacedCondition(here, condition, "row", is_key=True)
        yield PlacedJudgement(here, multiplier, "multiplier")


def in_timing(timing: object, path: Path) -> Iterator[Placed]:
    """Yield the conditions and judgements of when something happens."""
    if isinstance(timing, TimingCases):
        for condition, inner in timing.cases.items():
            here = (*path, "cases", condition.text)
            yield PlacedCondition(here, condition, "row", is_key=True)
            yield from in_timing(inner, here)
    elif isinstance(timing, tuple):
        for i, item in enumerate(timing):
            if isinstance(item, Around) and item.share is not None:
                yield from in_judgement(item.share, (*path, i, "share"))


def timing_lists(timing: object, path: Path) -> Iterator[tuple[Path, tuple[object, ...]]]:
    """Yield the leaves of a table of timing: lists of shapes."""
    if isinstance(timing, TimingCases):
        for condition, inner in timing.cases.items():
            yield from timing_lists(inner, (*path, "cases", condition.text))
    elif isinstance(timing, tuple):
        yield path, timing


def _in_number(question: CountQuestion | Quantity, path: Path) -> Iterator[Placed]:
    if question.zero is not None:
        yield from in_chance(question.zero, (*path, "zero"))
    if isinstance(question, CountQuestion):
        if question.rate is not None:
            yield from in_magnitude(question.rate, (*path, "rate"), "rate")
        yield from _in_multipliers(question.times or {}, (*path, "times"))
        if question.clumped is not None:
            yield PlacedJudgement((*path, "clumped"), question.clumped, "dispersion")
    if question.amount is not None:
        yield from in_magnitude(question.amount, (*path, "amount"), "amount")


def in_magnitude(value: object, path: Path, wanted: Wanted) -> Iterator[Placed]:
    """Yield the conditions and judgements of a rate or an amount."""
    match value:
        case RateCases(cases=rows) | AmountCases(cases=rows):
            for condition, inner in rows.items():
                here = (*path, "cases", condition.text)
                yield PlacedCondition(here, condition, "row", is_key=True)
                yield from in_magnitude(inner, here, wanted)
        case RateTimes(base=base, times=times) | AmountTimes(base=base, times=times):
            yield from in_magnitude(base, (*path, "base"), wanted)
            yield from _in_multipliers(times, (*path, "times"))
        case _:
            yield PlacedJudgement(path, value, wanted)


def in_chance(chance: object, path: Path) -> Iterator[Placed]:
    """Yield the conditions and judgements of a chance."""
    match chance:
        case Cases(cases=rows):
            for condition, inner in rows.items():
                here = (*path, "cases", condition.text)
                yield PlacedCondition(here, condition, "row", is_key=True)
                yield from in_chance(inner, here)
        case Odds(base=base, average=average, odds=odds):
            if base is not None:
                yield from in_chance(base, (*path, "base"))
            if average is not None:
                yield from in_judgement(average, (*path, "average"))
            yield from _in_multipliers(odds, (*path, "odds"))
        case AnyOf(any_of=causes):
            named = chance.causes
            for condition, judgement in causes.items():
                here = (*path, "any_of", condition.text)
                if condition in named:
                    yield PlacedCondition(here, condition, "row", is_key=True)
                yield from in_judgement(judgement, here)
        case _:
            yield from in_judgement(chance, path)


def in_judgement(judgement: object, path: Path) -> Iterator[PlacedJudgement]:
    """Yield a judged chance, and the judgements that it pools."""
    yield PlacedJudgement(path, judgement, "chance")
    while isinstance(judgement, ReadAs):
        judgement, path = judgement.read_as, (*path, "read_as")
    if isinstance(judgement, Pool):
        for i, member in enumerate(judgement.pool):
            yield PlacedJudgement((*path, "pool", i), member, "chance")


def pool_of(judgement: object, path: Path, file: ScenarioFile) -> tuple[Pool, Path] | None:
    """Return the pool that a judgement is, wraps or names (``own.id``), and where it stands."""
    while isinstance(judgement, ReadAs):
        judgement, path = judgement.read_as, (*path, "read_as")
    if isinstance(judgement, Reference) and judgement.alias == "own":
        path = ("judgements", judgement.id, "read_as")
        judgement = getattr(file.judgements.get(judgement.id), "read_as", None)
    return (judgement, path) if isinstance(judgement, Pool) else None


def in_shares(shares: object, path: Path) -> Iterator[Placed]:
    """Yield the conditions of a table of shares."""
    if isinstance(shares, ShareCases):
        for condition, inner in shares.cases.items():
            here = (*path, "cases", condition.text)
            yield PlacedCondition(here, condition, "row", is_key=True)
            yield from in_shares(inner, here)


type ShareLeaf = ShareTable | ShareCounts | str
"""The end of a table of shares: shares, counted cases, or the one state that is certain."""


def share_tables(shares: object, path: Path) -> Iterator[tuple[Path, ShareLeaf]]:
    """Yield the leaves of a table of shares."""
    if isinstance(shares, ShareCases):
        for condition, inner in shares.cases.items():
            yield from share_tables(inner, (*path, "cases", condition.text))
    elif isinstance(shares, ShareTable | ShareCounts | str):
        yield path, shares


def in_evidence(item: Evidence, path: Path) -> Iterator[Placed]:
    """Yield what a report says."""
    if item.observed is not None:
        yield PlacedCondition((*path, "observed"), item.observed, "evidence", is_key=False)
    for condition, multiplier in (item.odds or {}).items():
        here = (*path, "odds", condition.text)
        yield PlacedCondition(here, condition, "evidence", is_key=True)
        yield PlacedJudgement(here, multiplier, "multiplier")
    for condition, chance in (item.likelihood or {}).items():
        here = (*path, "likelihood", condition.text)
        yield PlacedCondition(here, condition, "evidence", is_key=True)
        yield from in_chance(chance, here)


def in_file(file: ScenarioFile) -> Iterator[Placed]:
    """Yield every condition and judgement of a scenario file, in the order of the file."""
    for name, stored in file.judgements.items():
        if isinstance(stored.read_as, Pool):
            pooled = in_judgement(stored.read_as, ("judgements", name, "read_as"))
            yield from list(pooled)[1:]
    for name, question in file.latents.items():
        yield from in_question(question, ("latents", name))
    for name, question in file.questions.items():
        yield from in_question(question, ("questions", name))
    for i, statement in enumerate(file.statements):
        path: Path = ("statements", i)
        yield PlacedCondition((*path, "of"), statement.of, "of", is_key=False)
        if statement.given is not None:
            yield PlacedCondition((*path, "given"), statement.given, "given", is_key=False)
        yield from in_judgement(statement.says, (*path, "says"))
    for i, item in enumerate(file.evidence):
        yield from in_evidence(item, ("evidence", i))
    for name, entry in file.scenarios.items():
        path = ("scenarios", name)
        if isinstance(entry, NamedScenario):
            yield PlacedCondition((*path, "when"), entry.when, "scenario", is_key=False)
        else:
            yield PlacedCondition(path, entry, "scenario", is_key=False)
    for name, variant in file.variants.items():
        if variant.given is not None:
            yield PlacedCondition(("variants", name, "given"), variant.given, "given", is_key=False)


def parents(question: AnyQuestion) -> tuple[str, ...]:
    """Return the questions that this one depends on, in order of appearance."""
    table = table_of(question)
    names = [] if table is None else list(table.parents)
    names += [
        name
        for placed in in_question(question, ())
        if isinstance(placed, PlacedCondition)
        for name in placed.condition.names()
    ]
    return tuple(dict.fromkeys(names))


def table_of(question: AnyQuestion) -> ConditionalTable | None:
    """Return the table of fixed numbers of a question, if it has one."""
    prior = getattr(question, "prior", None)
    return prior.table if isinstance(prior, TabledShares) else None


def wide(question: AnyQuestion) -> AnyOf | None:
    """Return the noisy-or of a question that has too many causes for one table.

    It can be taken apart where the chance enters each cell of the question as a factor; under a
    constant hazard the days depend on the chance itself.
    """
    match question:
        case Binary(prior=AnyOf() as chance):
            found = chance
        case Date(occurs=AnyOf() as chance, timing=timing) if not any(
            "constant" in items for _, items in timing_lists(timing, ())
        ):
            found = chance
        case _:
            return None
    return found if len(found.causes) > WIDE else None


def table_parents(question: AnyQuestion) -> tuple[str, ...]:
    """Return the questions that span a question's own table: a wide noisy-or brings none."""
    names = [name for condition in table_conditions(question) for name in condition.names()]
    return tuple(dict.fromkeys(names))


def in_table(question: AnyQuestion, path: Path) -> Iterator[Placed]:
    """Yield what a question's own table is made of: a wide noisy-or is a chain before it."""
    taken_apart = ("prior", "occurs") if wide(question) is not None else ()
    for placed in in_question(question, path):
        if placed.path[len(path)] not in taken_apart:
            yield placed


def table_conditions(question: AnyQuestion) -> Iterator[Expression]:
    """Yield the conditions of a question's own table, in order of appearance."""
    for placed in in_table(question, ()):
        if isinstance(placed, PlacedCondition):
            yield placed.condition


def reference_of(judgement: object) -> Reference | None:
    """Return the reference that a judgement is, or wraps (``{read_as: doo.trip}``)."""
    while isinstance(judgement, ReadAs | Stated):
        judgement = judgement.read_as if isinstance(judgement, ReadAs) else judgement.amount
    return judgement if isinstance(judgement, Reference) else None


def kind_of_claim(claim: object) -> Wanted:
    """Say what a stored judgement is: a chance, an odds multiplier, a rate or an amount."""
    match claim:
        case Multiplier():
            return "multiplier"
        case EventRate() | Pace():
            return "rate"
        case AmountLeaf():
            return "amount"
        case _:
            return "chance"


def all_questions(file: ScenarioFile) -> Mapping[str, AnyQuestion]:
    """Return latents and questions under one roof."""
    return {**file.latents, **file.questions}
