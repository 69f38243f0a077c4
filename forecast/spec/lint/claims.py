"""Claims: whether anything that was said or seen enters the model twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from forecast.errors import Fault, Path
from forecast.spec import walk
from forecast.spec.context import Context
from forecast.spec.judgement import EventRate, Frequency
from forecast.spec.notation import Reference
from forecast.spec.question import AnyQuestion
from forecast.spec.walk import PlacedCondition, PlacedJudgement

MOST_NAMED = 3


def claim_lint(context: Context) -> Iterator[Fault]:
    """Yield claims that stand both in a row and in a statement, in two statements, or late."""
    yield from _used_twice(context)
    yield from _said_late(context)


def _used_twice(context: Context) -> Iterator[Fault]:
    stated: dict[str, list[int]] = defaultdict(list)
    rows: dict[str, Path] = {}
    for placed in walk.in_file(context.file):
        reference = (
            walk.reference_of(placed.judgement) if isinstance(placed, PlacedJudgement) else None
        )
        if reference is None:
            continue
        if placed.path[0] == "statements" and isinstance(placed.path[1], int):
            stated[str(reference)].append(placed.path[1])
        else:
            rows.setdefault(str(reference), placed.path)
    for claim, numbers in stated.items():
        first: Path = ("statements", numbers[0], "says")
        if claim in rows:
            line = context.source.mark(context.place(rows[claim]), key=True).line
            text = f"`{claim}` is a row of the model on line {line} and a statement: counted twice"
            fix = "keep the statement, and give the row a number of your own"
            yield context.fault(first, "counted-twice", text, fix, severity="warning")
        for number in numbers[1:]:
            line = context.source.mark(context.place(first)).line
            text = f"`{claim}` is already stated on line {line}: one claim, counted twice"
            place: Path = ("statements", number, "says")
            fix = "keep the statement whose question the claim is about"
            yield context.fault(place, "counted-twice", text, fix, severity="warning")


def _said_late(context: Context) -> Iterator[Fault]:
    """Yield priors of causes that were said when reports that bear on them were known already."""
    children = _children(context.questions)
    told = _reports(context)
    for name, question in context.questions.items():
        if walk.parents(question):
            continue
        section = "latents" if name in context.file.latents else "questions"
        reports = sorted({item for below in _below(name, children) for item in told[below]})
        for placed in walk.in_question(question, (section, name)):
            if isinstance(placed, PlacedJudgement):
                yield from _late(placed, name, reports, context)


def _late(
    placed: PlacedJudgement, name: str, reports: list[int], context: Context
) -> Iterator[Fault]:
    reference = walk.reference_of(placed.judgement)
    if reference is None or reference.alias not in context.priors or _counted(reference, context):
        return
    said = context.said_on(placed.judgement)
    items = context.file.evidence
    known = [items[i].id for i in reports if items[i].known_on <= said]
    if not known:
        return
    named = ", ".join(f"`{item}`" for item in known[:MOST_NAMED])
    named += f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
    text = f"`{reference}` was said on {said}, when {named} was known: counted twice?"
    text = text.replace("was known", "were known") if len(known) > 1 else text
    fix = f"write it as a statement, and give `{name}` the chance from before the reports"
    yield context.fault(placed.path, "counted-twice", text, fix, severity="warning")


def _counted(reference: Reference, context: Context) -> bool:
    """Whether a claim is a count of past cases, which today's reports are no part of."""
    stored = context.stored(reference.alias).get(reference.id)
    return stored is not None and isinstance(stored.read_as, Frequency | EventRate)


def _children(questions: Mapping[str, AnyQuestion]) -> Mapping[str, list[str]]:
    children: dict[str, list[str]] = defaultdict(list)
    for name, question in questions.items():
        for parent in walk.parents(question):
            children[parent].append(name)
    return children


def _below(name: str, children: Mapping[str, list[str]]) -> set[str]:
    found, stack = {name}, [name]
    while stack:
        for child in children.get(stack.pop(), ()):
            if child not in found:
                found.add(child)
                stack.append(child)
    return found


def _reports(context: Context) -> Mapping[str, list[int]]:
    """Return for each question the reports that speak of it."""
    told: dict[str, list[int]] = defaultdict(list)
    for i, item in enumerate(context.file.evidence):
        for placed in walk.in_evidence(item, ()):
            if isinstance(placed, PlacedCondition):
                for name in placed.condition.names():
                    told[name].append(i)
    return told
