"""What a file means must hang together: names, states, days, phrases, accounted claims."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from pydantic_core import PydanticCustomError

from forecast.errors import Fault, Path, nearest
from forecast.spec import walk
from forecast.spec.calendar import read_day
from forecast.spec.expression import Atom, By, Compare, Earliest, Expression, Holds, In, Is
from forecast.spec.judgement import Phrase, ReadAs, Reference, StoredJudgement, number
from forecast.spec.lexicon import Lexicon, phrases_of
from forecast.spec.question import AnyQuestion, Binary, Categorical, CountQuestion, Date
from forecast.spec.read import Source
from forecast.spec.scenario import PriorsFile, ScenarioFile
from forecast.spec.walk import PlacedCondition, PlacedJudgement


@dataclass(frozen=True)
class Context:
    """A scenario file with all that its names may refer to.

    ``broken`` holds the entries whose shape is wrong: they exist, so naming them is no fault.
    """

    file: ScenarioFile
    source: Source
    lexicon: Lexicon | None
    priors: Mapping[str, tuple[PriorsFile, Source, Lexicon | None]]
    broken: frozenset[Path] = frozenset()
    lost: Collection[str] = field(default=())

    @property
    def questions(self) -> Mapping[str, AnyQuestion]:
        """Latents and questions whose shape is sound."""
        return walk.all_questions(self.file)

    def is_broken(self, section: str, name: str) -> bool:
        """Whether an entry exists but could not be read."""
        return (section, name) in self.broken or (section,) in self.broken

    def stored(self, alias: str) -> Mapping[str, StoredJudgement]:
        """Return the judgements behind an alias."""
        return self.file.judgements if alias == "own" else self.priors[alias][0].judgements


def check(context: Context) -> Iterator[Fault]:
    """Yield every fault of meaning that the names alone can show."""
    yield from _conditions(context)
    yield from _judgements(context)


def _conditions(context: Context) -> Iterator[Fault]:
    for placed in walk.in_file(context.file):
        if not isinstance(placed, PlacedCondition) or placed.condition.is_otherwise:
            continue
        for text, fix, code in condition_faults(placed.condition, placed.role, context):
            yield context.source.fault(placed.path, code, text, fix, key=placed.is_key)


type Complaint = tuple[str, str, str]


def condition_faults(
    condition: Expression, role: walk.Role, context: Context
) -> Iterator[Complaint]:
    """Yield what is wrong with a condition: text, way to mend it, code."""
    if isinstance(condition.term, Earliest) and role != "means":
        yield (
            "`earliest(...)` names a date: it stands under `means:` of a date question",
            "",
            "type",
        )
        return
    for atom in condition.atoms():
        question = context.questions.get(atom.name)
        if question is not None:
            yield from _atom_faults(atom, question)
        elif not (
            context.is_broken("questions", atom.name) or context.is_broken("latents", atom.name)
        ):
            known = (*context.questions, *(str(p[1]) for p in context.broken if len(p) > 1))
            yield (
                f"there is no question `{atom.name}`",
                nearest(atom.name, known),
                "unknown-question",
            )


def _atom_faults(atom: Atom, question: AnyQuestion) -> Iterator[Complaint]:
    name = atom.name
    match question, atom:
        case (Binary() | Date(), Holds()):
            return
        case Categorical(states=states), Holds():
            yield (
                f"`{name}` is not yes/no: say which state, `{name} is {states[0]}`",
                f"one of {', '.join(states)}",
                "type",
            )
        case CountQuestion(), Holds() | Is():
            yield f"`{name}` is a number: compare it, as in `{name} >= 1`", "", "type"
        case Binary(), Is(states=named):
            yield from _unknown_states(name, named, ("yes", "no"))
        case Categorical(states=states), Is(states=named):
            yield from _unknown_states(name, named, states)
        case Date(), Is():
            yield (
                f"`{name}` is a date: write `{name}`, `not {name}` or `{name} by 2025-06-30`",
                "",
                "type",
            )
        case Date(), By(day=day):
            yield from _day_faults(day)
        case Date(), In(low=low, high=high):
            faults = [*_day_faults(low), *_day_faults(high)]
            yield from faults
            if not faults and read_day(high) < read_day(low):
                yield f"`{low}..{high}` runs backwards", f"write {high}..{low}", "date"
        case Date(), Compare():
            yield (
                f"`{name}` is a date: write `{name} by 2025-06-30` or `{name} in A..B`",
                "",
                "type",
            )
        case CountQuestion(), In(low=low, high=high):
            if "-" in low[1:] or "-" in high[1:]:
                yield f"`{name}` is a number: its ranges run from number to number", "", "type"
            elif number(low) > number(high):
                yield f"`{low}..{high}` runs backwards", f"write {high}..{low}", "range-order"
        case CountQuestion(), Compare(value=value):
            if value.endswith("%"):
                yield f"`{name}` is a count: `{value}` is no count", "", "type"
        case (Binary() | Categorical() | CountQuestion(), _):
            kind = getattr(question, "type", "binary")
            yield f"`{name}` is {kind}: dates and comparisons do not apply to it", "", "type"


def _unknown_states(
    name: str, named: tuple[str, ...], states: tuple[str, ...]
) -> Iterator[Complaint]:
    for state in named:
        if state not in states:
            hint = nearest(state, states)
            yield (
                f"`{name}` has no state `{state}`" + (f"; {hint}" if hint else ""),
                f"one of {', '.join(states)}",
                "unknown-state",
            )


def _day_faults(day: str) -> Iterator[Complaint]:
    try:
        read_day(day)
    except PydanticCustomError as error:
        context = error.context or {}
        yield str(context["text"]), str(context["fix"]), "date"


def _judgements(context: Context) -> Iterator[Fault]:
    for placed in walk.in_file(context.file):
        if isinstance(placed, PlacedJudgement):
            yield from _judgement(placed, context)
    yield from stored_faults(
        context.file.judgements, context.source, context.lexicon, ("judgements",)
    )
    for priors, source, lexicon in context.priors.values():
        yield from stored_faults(priors.judgements, source, lexicon, ("judgements",))


def stored_faults(
    stored: Mapping[str, StoredJudgement], source: Source, lexicon: Lexicon | None, path: Path
) -> Iterator[Fault]:
    """Yield the faults of named judgements: phrases, references to references, useless widths."""
    for name, judgement in stored.items():
        here = (*path, name, "read_as")
        if isinstance(judgement.read_as, Reference):
            yield source.fault(here, "type", "a stored judgement is a value, not a reference")
        if judgement.widen != 1 and walk.kind_of_claim(judgement.read_as) == "rate":
            yield source.fault((*path, name, "widen"), "value", "`widen` does not apply to a rate")
        yield from _phrase_faults(judgement.read_as, here, source, lexicon)


def _phrase_faults(
    judgement: object, path: Path, source: Source, lexicon: Lexicon | None
) -> Iterator[Fault]:
    while isinstance(judgement, ReadAs):
        judgement, path = judgement.read_as, (*path, "read_as")
    if not isinstance(judgement, Phrase) or lexicon is None:
        return
    for phrase in phrases_of(judgement):
        try:
            lexicon.meaning(phrase)
        except PydanticCustomError as error:
            told = error.context or {}
            yield source.fault(path, str(told["code"]), str(told["text"]), str(told["fix"]))


_KIND_WORDS = {
    "chance": "a chance",
    "multiplier": "an odds multiplier such as x2 (1.2..3.5)",
    "rate": "a rate such as {events: 9, in: 21 months}",
}


def _judgement(placed: PlacedJudgement, context: Context) -> Iterator[Fault]:
    source = context.source
    reference = walk.reference_of(placed.judgement)
    if reference is None:
        yield from _phrase_faults(placed.judgement, placed.path, source, context.lexicon)
        return
    alias, name = reference.alias, reference.id
    if alias in context.lost:
        return
    if alias != "own" and alias not in context.priors:
        fix = nearest(alias, ("own", *context.priors)) or "add it under `use:`"
        yield source.fault(
            placed.path, "unknown-source", f"`{alias}` is no source under `use:`", fix
        )
        return
    stored = context.stored(alias)
    broken = alias == "own" and context.is_broken("judgements", name)
    if name not in stored:
        if not broken:
            where = "`judgements:`" if alias == "own" else context.file.use[alias]
            text = f"{where} has no judgement `{name}`"
            yield source.fault(placed.path, "unknown-judgement", text, nearest(name, stored))
        return
    kind = walk.kind_of_claim(stored[name].read_as)
    if kind != placed.wanted:
        text = f"`{reference}` is {_KIND_WORDS[kind].split(' such')[0]}; {_KIND_WORDS[placed.wanted]} stands here"
        yield source.fault(placed.path, "type", text)


def said_on(reference: Reference | None, context: Context) -> dt.date:
    """Return the day on which a judgement was made: its source's, or the file's own as-of."""
    if reference is None or reference.alias == "own":
        return context.file.as_of
    return context.priors[reference.alias][0].source.said
