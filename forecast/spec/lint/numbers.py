"""Numbers: which of them leave no room for doubt."""

from __future__ import annotations

from collections.abc import Iterator

from forecast.errors import Fault, Path
from forecast.spec import walk
from forecast.spec.chance import ShareTable
from forecast.spec.context import Context
from forecast.spec.judgement import ReadAs
from forecast.spec.notation import Multiplier
from forecast.spec.question import Categorical
from forecast.spec.walk import PlacedJudgement


def number_lint(context: Context) -> Iterator[Fault]:
    """Yield numbers without a range: in rows, in odds, in shares without ``worth``.

    Statements are left out, for the expert's scatter widens them; and so is timing, where all
    shares but one have to be fixed.
    """
    for placed in walk.in_file(context.file):
        if isinstance(placed, PlacedJudgement) and placed.path[0] != "statements":
            yield from _fixed(placed, context)
    for name, question in context.questions.items():
        section = "latents" if name in context.file.latents else "questions"
        if isinstance(question, Categorical):
            yield from _shares(question, (section, name, "prior"), context)


def _fixed(placed: PlacedJudgement, context: Context) -> Iterator[Fault]:
    if "timing" in placed.path:
        return
    number = context.fixed(placed.judgement)
    if number is not None and number not in (0.0, 1.0):
        written = f"{100 * number:g}%"
        fix = "write it as in 70% (55..85), or put `numbers: exact` at the top of a textbook case"
    elif (multiplier := _multiplier(placed.judgement)) is not None and multiplier.low is None:
        written = f"x{multiplier.median:g}"
        fix = "write it as in x2 (1.2..3.5)"
    else:
        return
    text = f"`{written}` has no range: it counts as known exactly, and no evidence can move it"
    yield context.fault(placed.path, "fixed-number", text, fix, severity="warning")


def _multiplier(judgement: object) -> Multiplier | None:
    while isinstance(judgement, ReadAs):
        judgement = judgement.read_as
    return judgement if isinstance(judgement, Multiplier) else None


def _shares(question: Categorical, path: Path, context: Context) -> Iterator[Fault]:
    for here, table in walk.share_tables(question.prior, path):
        if not isinstance(table, ShareTable) or table.worth is not None:
            continue
        if sum(share > 0 for share in table.shares.values()) > 1:
            text = "the shares have no `worth`: they count as known exactly"
            fix = "add `worth: 8`, the number of cases that they are worth"
            yield context.fault(
                (*here, "shares"), "fixed-number", text, fix, key=True, severity="warning"
            )
