"""What a file means must hang together: names, states, days, phrases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic_core import PydanticCustomError

from forecast.errors import Fault, Path, nearest
from forecast.spec import walk
from forecast.spec.amount import AmountLeaf, Stated
from forecast.spec.conditions import Complaint, condition_faults
from forecast.spec.context import Context
from forecast.spec.judgement import EventRate, Pool, ReadAs, StoredJudgement
from forecast.spec.lexicon import Lexicon, phrases_of
from forecast.spec.notation import Multiplier, Phrase, Point, Reference
from forecast.spec.problem import told
from forecast.spec.read import Source
from forecast.spec.spread import Pace
from forecast.spec.walk import PlacedCondition, PlacedJudgement

__all__ = ["Complaint", "Context", "check", "condition_faults"]


def check(context: Context) -> Iterator[Fault]:
    """Yield every fault of meaning that the names alone can show."""
    for placed in walk.in_file(context.file):
        if isinstance(placed, PlacedJudgement):
            yield from _judgement(placed, context)
        elif not placed.condition.is_otherwise:
            yield from _condition(placed, context)
    yield from _stored_faults(context.file.judgements, context.source, context.lexicon, context)
    for priors, source, lexicon in context.priors.values():
        yield from _stored_faults(priors.judgements, source, lexicon, context)


def _condition(placed: PlacedCondition, context: Context) -> Iterator[Fault]:
    for text, fix, code in condition_faults(placed.condition, placed.role, context):
        yield context.fault(placed.path, code, text, fix, key=placed.is_key)


def _stored_faults(
    stored: Mapping[str, StoredJudgement],
    source: Source,
    lexicon: Lexicon | None,
    context: Context,
) -> Iterator[Fault]:
    """Yield the faults of named judgements: phrases, references to references, useless widths."""
    for name, judgement in stored.items():
        path: Path = ("judgements", name)
        if isinstance(judgement.read_as, AmountLeaf) and judgement.read_as.worth is not None:
            text = "`worth` stands where an amount is used"
            fix = f"write amount: {{amount: own.{name}, worth: 8}} there"
            yield source.fault((*path, "read_as", "worth"), "value", text, fix, key=True)
        if walk.reference_of(judgement.read_as) is not None:
            text = "a stored judgement is a value, not a reference"
            yield source.fault((*path, "read_as"), "type", text)
        if isinstance(judgement.read_as, Pool) and source is not context.source:
            text = "a pool of several sources stands in the scenario file"
            yield source.fault((*path, "read_as"), "type", text, "move it to `judgements:` there")
        if judgement.widen != 1 and (what := _without_width(judgement.read_as)):
            yield source.fault((*path, "widen"), "value", f"`widen` does not apply to {what}")
        for text, fix, code in _phrase_faults(judgement.read_as, lexicon):
            yield source.fault((*path, "read_as"), code, text, fix)


def _without_width(judgement: object) -> str:
    """Say what a judgement is if it has no width that could be widened."""
    match judgement:
        case EventRate() | Pace():
            return "a rate"
        case AmountLeaf():
            return "an amount"
        case Pool():
            return "a pool: widen its members"
        case Point(low=None) | Multiplier(low=None):
            return "a fixed number"
        case _:
            return ""


def _phrase_faults(judgement: object, lexicon: Lexicon | None) -> Iterator[Complaint]:
    if not isinstance(judgement, Phrase) or lexicon is None:
        return
    meanings = []
    for phrase in phrases_of(judgement):
        try:
            meanings.append(lexicon.meaning(phrase))
        except PydanticCustomError as error:
            code, text, fix = told(error)
            yield text, fix, code
    if Point(0.0) in meanings and Point(1.0) in meanings:
        yield "a span from 0 to 100 % says nothing", "", "value"


_KIND_WORDS = {
    "chance": ("a chance", ""),
    "multiplier": ("an odds multiplier", " such as x2 (1.2..3.5)"),
    "rate": ("a rate", " such as {events: 9, in: 21 months}"),
    "amount": ("an amount", " such as 1200 (350..3500)"),
}
_AS_STATEMENT = (
    "write a multiplier of your own; how likely he holds it if the condition is so can be a row of "
    "`cases`, or a statement: `of:` the question, `given:` the condition"
)


def _judgement(placed: PlacedJudgement, context: Context) -> Iterator[Fault]:
    judgement, path = placed.judgement, placed.path
    while isinstance(judgement, ReadAs):
        if judgement.widen != 1 and (what := _without_width(judgement.read_as)):
            yield context.fault((*path, "widen"), "value", f"`widen` does not apply to {what}")
        judgement, path = judgement.read_as, (*path, "read_as")
    yield from _pool_faults(placed, context)
    if isinstance(judgement, Stated):
        judgement, path = judgement.amount, (*path, "amount")
    if not isinstance(judgement, Reference):
        for text, fix, code in _phrase_faults(judgement, context.lexicon):
            yield context.fault(path, code, text, fix)
    elif not context.is_lost(str(judgement)):
        for text, fix, code in _reference_faults(judgement, placed.wanted, context):
            yield context.fault(path, code, text, fix)


def _pool_faults(placed: PlacedJudgement, context: Context) -> Iterator[Fault]:
    """Yield where a pool cannot stand, and members that it cannot join."""
    found = walk.pool_of(placed.judgement, placed.path, context.file)
    if found is None:
        return
    pool, place = found
    if placed.path[0] == "statements" and pool.is_mixture:
        text = "a statement cannot be a linear pool: which of them is right, no single number says"
        fix = "write method: log_odds, or give each man his own statement"
        yield context.fault(placed.path, "type", text, fix)
    for i, member in enumerate(pool.pool if not pool.is_mixture else ()):
        if context.fixed(member) in (0.0, 1.0):
            text = f"what is certain outweighs all others in a pool by {pool.method}"
            yield context.fault((*place, "pool", i), "value", text, "write 98% (95..99.5)")


def _reference_faults(
    reference: Reference, wanted: walk.Wanted, context: Context
) -> Iterator[Complaint]:
    alias, name = reference.alias, reference.id
    if alias != "own" and alias not in context.priors:
        fix = nearest(alias, ("own", *context.priors)) or "add it under `use:`"
        yield f"`{alias}` is no source under `use:`", fix, "unknown-source"
        return
    stored = context.stored(alias)
    if name not in stored:
        where = "`judgements:`" if alias == "own" else context.file.use[alias]
        yield f"{where} has no judgement `{name}`", nearest(name, stored), "unknown-judgement"
        return
    kind = walk.kind_of_claim(stored[name].read_as)
    if kind != wanted:
        text = (
            f"`{reference}` is {_KIND_WORDS[kind][0]}; {''.join(_KIND_WORDS[wanted])} stands here"
        )
        yield text, _AS_STATEMENT if (kind, wanted) == ("chance", "multiplier") else "", "type"
