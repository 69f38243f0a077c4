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
    settled = window(file.questions[parent], file).last
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
            if any(min(_last_day(atom, settled), settled) >= opens for atom in atoms):
                yield name, placed.path, placed.condition


def _last_day(atom: Atom, settled: dt.date) -> dt.date:
    """Return the day on which an atom is known to hold or not."""
    match atom:
        case By(day=day) | BeforeDay(day=day):
            return read_day(day)
        case In(high=high) if ".." not in high and "-" in high:
            return read_day(high)
        case _:
            return settled
