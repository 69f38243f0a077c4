"""Judgements: which pile up at the ends, which claim to know more than anybody, which mislead."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.special import betaincinv

from forecast.analysis.lint.subject import Subject
from forecast.errors import Fault, Path
from forecast.model.cells import NEVER, VOID
from forecast.model.distributions import Beta, Distribution, LogNormal
from forecast.spec import walk
from forecast.spec.chance import Cases, Odds, ShareTable
from forecast.spec.judgement import Frequency, ReadAs
from forecast.spec.notation import Phrase, Reference
from forecast.spec.question import Categorical
from forecast.spec.walk import PlacedJudgement

MOST_CASES = 50
"""Cases on the rarer side that a judgement may be worth before it is asked about. The narrowest
phrase of ICD 203 away from one half, `likely`, is worth twelve."""

LEAST_SPREAD = 0.1
"""Spread of a log multiplier below which it is asked about: x2 (1.7..2.4)."""


def judgement_lint(subject: Subject) -> Iterator[Fault]:
    """Yield judgements whose shape or width says something that nobody would say."""
    seen: set[str] = set()
    for placed in walk.in_file(subject.spec.file):
        if not isinstance(placed, PlacedJudgement) or placed.path[0] == "statements":
            continue
        if placed.wanted == "amount":  # a curve, not a parameter
            continue
        if walk.pool_of(placed.judgement, placed.path, subject.spec.file):  # its members follow
            continue
        name, distribution, origin = subject.judgements.elicited(placed.judgement, placed.path)
        if name in seen or isinstance(distribution, float):
            continue
        seen.add(name)
        yield from _shape(placed, origin.words, distribution, subject)
    yield from _shares(subject)
    yield from _bases(subject)


def _shape(
    placed: PlacedJudgement, words: str, distribution: Distribution, subject: Subject
) -> Iterator[Fault]:
    form = _form(placed.judgement, subject)
    path = placed.path
    match distribution:
        case Beta(a, b) if min(a, b) < 1 and _is_chosen(form, a, b):
            half = float(betaincinv(a, b, 0.5))
            end = "0 and 100 %" if max(a, b) < 1 else "0" if a < b else "100 %"
            text = f"`{words}` piles up at {end}: half of it lies {_half(half, a < b)}"
            fix = "narrow the range, or move the number to where you would bet even money"
            yield _warning(subject, path, "j-shaped", text, fix)
        case Beta(a, b) if min(a, b) > MOST_CASES and not isinstance(form, Frequency):
            text = f"`{words}` is as sure as somebody who has counted {a + b:,.0f} like cases"
            fix = "widen the range to what you would be surprised to see left"
            yield _warning(subject, path, "overconfident", text, fix)
        case LogNormal(_, sd) if sd < LEAST_SPREAD:
            text = f"`{words}` claims to know a multiplier to {100 * 1.645 * sd:.0f} %"
            fix = "widen the range to what you would be surprised to see left"
            yield _warning(subject, path, "overconfident", text, fix)


def _half(median: float, low: bool) -> str:
    if low:
        return f"below {100 * median:.2g} %"
    return f"above {100 * median:.4g} %"


def _is_chosen(form: object, a: float, b: float) -> bool:
    """Whether the shape is the writer's: a phrase's is its lexicon's, a count's its cases'.

    Without successes, or without failures, a count piles up at its end by right.
    """
    if isinstance(form, Phrase):
        return False
    return not isinstance(form, Frequency) or max(a, b) < 1


def _form(judgement: object, subject: Subject) -> object:
    """Return what a judgement is in the file where it stands."""
    while isinstance(judgement, ReadAs | Reference):
        if isinstance(judgement, ReadAs):
            judgement = judgement.read_as
        else:
            judgement = subject.spec.context.stored(judgement.alias)[judgement.id].read_as
    return judgement


def _shares(subject: Subject) -> Iterator[Fault]:
    file = subject.spec.file
    for name, question in walk.all_questions(file).items():
        if not isinstance(question, Categorical):
            continue
        section = "latents" if name in file.latents else "questions"
        for path, table in walk.share_tables(question.prior, (section, name, "prior")):
            if not isinstance(table, ShareTable) or table.worth is None:
                continue
            if 0 < table.worth * max(table.shares.values()) < 1:
                states = sum(share > 0 for share in table.shares.values())
                text = (
                    f"worth {table.worth:g} cases, {states} shares pile up at the ends: one state "
                    "is all but certain, and nobody knows which"
                )
                fix = f"write `worth: {2 * states}` or more"
                yield _warning(subject, (*path, "worth"), "j-shaped", text, fix)


def _bases(subject: Subject) -> Iterator[Fault]:
    """Yield base rates that stand as the `base` of odds, with the average that they imply."""
    file = subject.spec.file
    for name, question in walk.all_questions(file).items():
        section = "latents" if name in file.latents else "questions"
        for field in ("prior", "occurs"):
            for path, odds in _odds(getattr(question, field, None), (section, name, field)):
                if odds.base is not None and isinstance(_form(odds.base, subject), Frequency):
                    yield _base(name, path, odds, subject)


def _base(name: str, path: Path, odds: Odds, subject: Subject) -> Fault:
    node = subject.network.nodes[name]
    happens = np.array([state not in ("no", NEVER, VOID) for state in node.cells.states])
    implied = float((happens @ subject.before.questions[name]).mean())
    _, distribution, _ = subject.judgements.elicited(odds.base, (*path, "base"))
    counted = distribution.mean if isinstance(distribution, Beta) else 0.0
    text = (
        f"`base` is the chance when no condition holds, but this counts all cases: the base rate "
        f"is {100 * counted:.0f} %, the average over all conditions comes out at "
        f"{100 * implied:.0f} %"
    )
    fix = "write it as `average:`, and the base is solved for"
    return _warning(subject, (*path, "base"), "base-rate-as-base", text, fix)


def _odds(chance: object, path: Path) -> Iterator[tuple[Path, Odds]]:
    match chance:
        case Odds(base=base):
            yield path, chance
            yield from _odds(base, (*path, "base"))
        case Cases(cases=rows):
            for condition, inner in rows.items():
                yield from _odds(inner, (*path, "cases", condition.text))


def _warning(subject: Subject, path: Path, code: str, text: str, fix: str) -> Fault:
    return subject.spec.context.fault(path, code, text, fix, severity="warning")
