"""Conditions that foretell: their question may be settled after the one that it moves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from forecast.errors import Path
from forecast.spec import walk
from forecast.spec.calendar import read_day
from forecast.spec.expression import Atom, BeforeDay, By, Expression, In
from forecast.spec.question import Date
from forecast.spec.scenario import ScenarioFile
from forecast.spec.timing import window


def predictive_conditions(
    file: ScenarioFile, parent: str
) -> Iterator[tuple[str, Path, Expression]]:
    """Yield the rows of ``occurs:`` that look ahead of the day on which their question happens.

    A chance of happening within a window, by whether something else happens, tells how often the
    two go together. Where the other may come later, it can be no cause. A latent has no day.

    Parameters
    ----------
    file
        The scenario file.
    parent
        The question that the rows speak of.

    Yields
    ------
    tuple
        The dated question, the place of the row, and its condition.
    """
    if parent in file.latents or parent not in file.questions:
        return
    for name, question in walk.all_questions(file).items():
        if not isinstance(question, Date) or question.occurs is None:
            continue
        path: Path = ("latents" if name in file.latents else "questions", name, "occurs")
        opens = window(question, file).first
        for placed in walk.in_chance(question.occurs, path):
            if not isinstance(placed, walk.PlacedCondition):
                continue
            atoms = (
                atom
                for atom in placed.condition.atoms()
                if parent in (atom.name, getattr(atom, "other", None))
            )
            if any(atom.name in file.questions and settled(atom, file) >= opens for atom in atoms):
                yield name, placed.path, placed.condition


def settled(atom: Atom, file: ScenarioFile) -> dt.date:
    """Return the last day on which it may turn out whether an atom holds.

    Parameters
    ----------
    atom
        An atom of a question that is no latent: a latent has no day.
    file
        The scenario file.
    """
    question = file.questions[atom.name]
    last = window(question, file).last
    match atom, question:
        case By(day=day) | In(high=day), Date():
            return min(read_day(day), last)
        case BeforeDay(day=day), _:
            return min(read_day(day) - dt.timedelta(days=1), last)
        case _:
            return last
