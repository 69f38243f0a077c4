"""Evidence and silence as likelihood tables over the cells of questions."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from forecast.errors import Path
from forecast.model.cells import Cells
from forecast.model.cpd import tabulated
from forecast.model.formula import (
    ONE,
    ZERO,
    Complement,
    Const,
    Formula,
    OddsShare,
    complement,
    product,
    weighted_sum,
)
from forecast.model.network import Table, View
from forecast.model.parameters import Judgements
from forecast.model.rows import Rows, Worlds, each
from forecast.model.silence import silences
from forecast.model.truth import Truth, truth
from forecast.spec import walk
from forecast.spec.calendar import Span, read_day
from forecast.spec.evidence import Evidence, reliability
from forecast.spec.expression import By, Expression, In, Is
from forecast.spec.notation import Multiplier
from forecast.spec.question import Categorical, Date
from forecast.spec.scenario import ScenarioFile

TINY = 1e-12
"""A likelihood below this counts as this when strengths are compared; it is still what it is."""


@dataclass(frozen=True)
class Telling:
    """One thing that a report tells: how likely it is to be said, row by row.

    Attributes
    ----------
    what
        What it is about; reports of one origin that tell the same are one telling.
    text
        The same, in words.
    scope
        The questions that it is about.
    chances
        The chance that a report that carries information would say so, in each world.
    noise
        q: how often a report that carries none would say so.
    logs
        The logarithm of the chance in each row, up to a constant: how strongly it tells.
    path
        Where it stands.
    """

    what: object
    text: str
    scope: tuple[str, ...]
    chances: Worlds
    noise: float
    logs: tuple[float, ...]
    path: Path

    @property
    def strength(self) -> float:
        """The log likelihood ratio of the rows that are furthest apart."""
        return max(self.logs) - min(self.logs)

    def contradicts(self, other: Telling) -> bool:
        """Whether it finds some row likelier than another where the other finds it less likely."""
        pairs = combinations(zip(self.logs, other.logs, strict=True), 2)
        return any((a - b) * (x - y) < 0 for (a, x), (b, y) in pairs)


class EvidenceTables:
    """Likelihood tables for any selection of the evidence of a file.

    Parameters
    ----------
    file
        The scenario file.
    cells, windows
        Question -> its cells, and its days.
    judgements
        Where the multipliers become parameters.
    """

    def __init__(
        self,
        file: ScenarioFile,
        cells: Mapping[str, Cells],
        windows: Mapping[str, Span],
        judgements: Judgements,
    ) -> None:
        self._file = file
        self._cells = cells
        self._windows = windows
        self._questions = walk.all_questions(file)
        self._judgements = judgements

    def view(self, items: Sequence[Evidence], until: dt.date | None) -> View:
        """Return what these reports tell, with the silence up to a day.

        Parameters
        ----------
        items
            The reports that count.
        until
            The day on which nothing more had been seen to happen; None: silence is left out.
        """
        tables, labels, silent = [], [], []
        for group in _groups(items):
            said = " and ".join(f"`{item.id}`" for item in group)
            for table in self._group(group):
                tables.append(table)
                labels.append(f"evidence {said}")
        for name, days in silences(
            self._file, self._windows, items, until, self._judgements, self._cells
        ):
            happened = self._cells[name].within(days.first, days.last)
            tables.append(
                tabulated((name,), (len(happened),), iter([[ZERO if h else ONE for h in happened]]))
            )
            labels.append(f"`{name}` not seen to happen in {days}")
            silent.append((name, str(days)))
        reports = tuple(item.id for item in items)
        return View(reports, until, tuple(tables), tuple(labels), tuple(silent))

    def _tellings(self, item: Evidence) -> list[Telling]:
        path: Path = ("evidence", self._file.evidence.index(item))
        if item.observed is not None:
            return [self._about(item.observed, (ONE, ZERO), (*path, "observed"), (np.inf, 0.0))]
        if item.likelihood is not None:
            return [self._likelihood(item.likelihood, (*path, "likelihood"), item.group)]
        out = []
        for condition, judgement in (item.odds or {}).items():
            here = (*path, "odds", condition.text)
            share = OddsShare(self._judgements.multiplier(judgement, here))
            logs = (self._log_median(judgement), 0.0)
            out.append(self._about(condition, (share, complement(share)), here, logs))
        return out

    def _about(
        self,
        condition: Expression,
        chances: tuple[Formula, Formula],
        path: Path,
        logs: tuple[float, float],
    ) -> Telling:
        """Return what is told of a condition: how likely where it holds, and where not."""
        scope = condition.names()
        holds = truth(condition, scope, self._cells)
        worlds = each(holds, lambda yes: chances[0] if yes else chances[1])
        noise = self._noise(condition, holds) if path[-1] == "observed" else 0.5
        return Telling(condition.term, condition.text, scope, worlds, noise, logs, path)

    def _likelihood(
        self, rows: Mapping[Expression, object], path: Path, group: str | None
    ) -> Telling:
        """Return what rows of likelihoods tell: complete, and the first that holds wins."""
        conditions = list(rows)
        placed = (p for row, chance in rows.items() for p in walk.in_chance(chance, (row.text,)))
        inner = [p.condition for p in placed if isinstance(p, walk.PlacedCondition)]
        if inner and group is not None:
            text = "in a group each row of `likelihood` is one judgement"
            fix = "write the conditions of the inner rows into the outer ones"
            self._judgements.refuse(path, "value", text, fix)
        names = (name for condition in (*conditions, *inner) for name in condition.names())
        scope = tuple(dict.fromkeys(names))
        table = Rows(scope, self._cells, self._judgements)
        worlds = table.by_case(rows, path, table.everywhere, table.chances)
        two = len(rows) == 2 and conditions[1].is_otherwise
        what = conditions[0].term if two else tuple(c.term for c in conditions)
        logs = (
            tuple(
                math.log(max(self._judgements.mean(chance, (*path, row.text)), TINY))
                for row, chance in rows.items()
            )
            if not inner
            else (0.0,) * len(rows)
        )
        text = ", ".join(f"`{condition.text}`" for condition in conditions)
        return Telling(what, text, scope, worlds, 0.5, logs, path)

    def _log_median(self, judgement: object) -> float:
        while not isinstance(judgement, Multiplier):
            reference = walk.reference_of(judgement)
            assert reference is not None
            stored = self._judgements.spec.context.stored(reference.alias)
            judgement = stored[reference.id].read_as
        return float(np.log(judgement.median))

    def _group(self, items: Sequence[Evidence]) -> Iterator[Table]:
        """Yield the tables of reports that share one origin.

        The origin speaks with the best reliability and the greatest strength among its reports;
        each report passes it on with its own reliability relative to the best. So a report alone
        is just itself, a copy of the best adds nothing, and no number of copies tells more than
        the origin could.
        """
        best = max(reliability(item.grade) for item in items)
        tellings: dict[object, Telling] = {}
        for item in sorted(items, key=lambda item: item.id):
            for telling in self._tellings(item):
                known = tellings.setdefault(telling.what, telling)
                if telling.contradicts(known):
                    what = telling.text if "`" in telling.text else f"`{telling.text}`"
                    self._judgements.refuse(
                        telling.path,
                        "group-conflict",
                        f"reports of group `{item.group}` pull {what} both ways",
                        "one origin cannot say both: give them groups of their own",
                        key=True,
                    )
                if telling.strength > known.strength:
                    tellings[telling.what] = telling
        # With rho = r_k / best, report k says so with chance (1 + rho) / 2 if the origin does, else
        # (1 - rho) / 2: never, for the best. So all others add a factor, the same in all worlds.
        passed = math.prod((1 + reliability(item.grade) / best) / 2 for item in items)
        for i, telling in enumerate(tellings.values()):
            yield self._said(telling, best, 1.0 if i else passed)

    def _said(self, telling: Telling, r: float, factor: float) -> Table:
        """P(origin says so | cells) = factor (r L + (1 - r) q), L the chance to say so.

        L is 1 or 0 for ``observed``, M / (1 + M) or 1 / (1 + M) for ``odds``: bounded, so that the
        same is told by the complement with 1 / M.
        """

        def said(chance: Formula) -> Formula:
            plain = (1 - r) * telling.noise
            match chance:
                case Complement(of):
                    mixed = weighted_sum(plain + r, [(-r, of)])
                case _:
                    mixed = weighted_sum(plain, [(r, chance)])
            return product(Const(factor), mixed)

        worlds = each(telling.chances, said)
        return tabulated(telling.scope, worlds.shape, iter([worlds.ravel().tolist()]))

    def _noise(self, condition: Expression, holds: Truth) -> float:
        """Return q: how often a report that carries no information would say so.

        1/2 for yes/no and compound conditions, the share of the states for a categorical question,
        the share of the days for a date.
        """
        term = condition.term
        question = self._questions.get(getattr(term, "name", ""))
        match question, term:
            case Categorical(states=states), Is():
                return float(holds.sum()) / len(states)
            case Date(), By(name=name, day=day):
                window = self._windows[name]
                return _share(Span(window.first, max(window.first, read_day(day))), window)
            case Date(), In(name=name, low=low, high=high):
                return _share(Span(read_day(low), read_day(high)), self._windows[name])
            case _:
                return 0.5


def _share(days: Span, window: Span) -> float:
    first, last = max(days.first, window.first), min(days.last, window.last)
    return max((last - first).days + 1, 1) / ((window.last - window.first).days + 1)


def _groups(items: Sequence[Evidence]) -> Iterable[Sequence[Evidence]]:
    grouped: dict[str, list[Evidence]] = {}
    for item in items:
        key = f"group {item.group}" if item.group is not None else f"alone {item.id}"
        grouped.setdefault(key, []).append(item)
    return grouped.values()
