"""Accounts: every judgement of a source is used, or listed with the reason why not."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from forecast.errors import Fault, Path, nearest
from forecast.spec import walk
from forecast.spec.context import Context
from forecast.spec.scenario import ScenarioFile


def account_faults(context: Context) -> Iterator[Fault]:
    """Yield the judgements that are named but do not exist, and those that nobody accounts for."""
    if context.varied:
        return
    for name, question in context.questions.items():
        section = "latents" if name in context.file.latents else "questions"
        for i, claim in enumerate(question.claims):
            yield from _unknown(claim, (section, name, "claims", i), context)
    used = used_claims(context.file)
    for claim in context.file.unused:
        place: Path = ("unused", claim)
        yield from _unknown(claim, place, context, key=True)
        if claim in used:
            text, fix = f"`{claim}` is used by the model", "take it out of `unused:`"
            yield context.fault(place, "value", text, fix, key=True)
    yield from _unaccounted(used, context)


def used_claims(file: ScenarioFile) -> Collection[str]:
    """Return the references that the model uses."""
    return {
        str(reference)
        for placed in walk.in_file(file)
        if isinstance(placed, walk.PlacedJudgement)
        and (reference := walk.reference_of(placed.judgement)) is not None
    }


def _unknown(claim: str, place: Path, context: Context, *, key: bool = False) -> Iterator[Fault]:
    claims = _claims(context)
    if claim not in claims and not context.is_lost(claim):
        text = f"there is no judgement `{claim}`"
        fix = nearest(claim, claims)
        yield context.fault(place, "unknown-judgement", text, fix, key=key)


def _unaccounted(used: Collection[str], context: Context) -> Iterator[Fault]:
    """Yield what is neither used nor listed, unless a broken entry might use it."""
    parts = ("questions", "latents", "statements", "evidence", "unused")
    if any(path[0] in parts for path in context.broken):
        return
    for claim in _claims(context):
        if claim not in used and claim not in context.file.unused:
            alias, _, name = claim.partition(".")
            place: Path = ("judgements", name) if alias == "own" else ("use", alias)
            text = f"`{claim}` is neither used nor listed"
            fix = f"use it, or write under `unused:` why not: `{claim}: reason`"
            yield context.fault(place, "unaccounted", text, fix, key=True)


def _claims(context: Context) -> list[str]:
    aliases = ("own", *context.priors)
    return [f"{alias}.{name}" for alias in aliases for name in context.stored(alias)]
