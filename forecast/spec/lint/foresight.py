"""Conditions that foretell: what they speak of may be settled after the question that they move."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from forecast.errors import Fault
from forecast.spec import walk
from forecast.spec.context import Context
from forecast.spec.predictive import settled
from forecast.spec.question import Date
from forecast.spec.timing import window

FORETELLING = ("prior", "occurs", "timing")


def foresight_lint(context: Context) -> Iterator[Fault]:
    """Yield a warning for each question whose chance looks ahead of it.

    A date may happen on the first day of its window, any other question is settled by the last. A
    condition that may be settled later tells how often the two go together; it is no cause, and
    an intervention on it would say nothing. A latent has no day, and a rate under ``times:`` only
    follows what has happened.
    """
    for name, question in context.file.questions.items():
        days = window(question, context.file)
        first = days.first if isinstance(question, Date) else days.last + dt.timedelta(days=1)
        later: dict[str, None] = {}
        for placed in walk.in_question(question, ("questions", name)):
            if isinstance(placed, walk.PlacedCondition) and placed.path[2] in FORETELLING:
                for atom in placed.condition.atoms():
                    known = atom.name in context.file.questions
                    if known and settled(atom, context.file) >= first:
                        later[f"`{atom.name}`"] = None
        if later:
            named = " and ".join((", ".join(list(later)[:-1]), list(later)[-1])).removeprefix(
                " and "
            )
            verb = "may be settled" if len(later) == 1 else "may each be settled"
            text = f"{named} {verb} after `{name}`: these rows foretell it, they do not cause it"
            fix = "no fault if that is meant" + (
                "; for a cause that acts from its day on write `rate` with `times`"
                if isinstance(question, Date)
                else "; else give it an earlier `by:`"
            )
            path = ("questions", name)
            yield context.fault(path, "foretelling", text, fix, key=True, severity="warning")
