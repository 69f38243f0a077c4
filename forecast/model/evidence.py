"""Evidence and silence as likelihood tables over the cells of questions."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from forecast.errors import Path
from forecast.model.cells import NEVER, Cells
from forecast.model.cpd import latest_said, tabulated
from forecast.model.formula import ONE, ZERO, Const, Formula, OddsShare, product, weighted_sum
from forecast.model.network import Table, View
from forecast.model.parameters import Judgements
from forecast.model.truth import Truth, truth
from forecast.spec import walk
from forecast.spec.calendar import Span, read_day
from forecast.spec.evidence import Evidence, reliability
from forecast.spec.expression import By, Expression, In, Is
from forecast.spec.notation import Multiplier
from forecast.spec.question import Categorical, Date
from forecast.spec.scenario import ScenarioFile


@dataclass(frozen=True)
class Telling:
    """One thing that a report tells: a condition, and how strongly.

    ``strength`` is the multiplier of ``odds``; None for ``observed``.
    """

    condition: Expression
    strength: Formula | None
    log_median: float
    path: Path


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
            return [Telling(item.observed, None, np.inf, (*path, "observed"))]
        out = []
        for condition, judgement in (item.odds or {}).items():
            here = (*path, "odds", condition.text)
            strength = self._judgements.multiplier(judgement, here)
            out.append(Telling(condition, strength, self._log_median(judgement), here))
        return out

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
                known = tellings.setdefault(telling.condition.term, telling)
                if known.log_median * telling.log_median < 0:
                    what = f"`{telling.condition.text}`"
                    self._judgements.refuse(
                        telling.path,
                        "group-conflict",
                        f"reports of group `{item.group}` pull {what} both ways",
                        "one origin cannot say both: give them groups of their own",
                        key=True,
                    )
                if abs(telling.log_median) > abs(known.log_median):
                    tellings[telling.condition.term] = telling
        # With rho = r_k / best, report k says so with chance (1 + rho) / 2 if the origin does, else
        # (1 - rho) / 2: never, for the best. So all others add a factor, the same in all worlds.
        passed = math.prod((1 + reliability(item.grade) / best) / 2 for item in items)
        for i, telling in enumerate(tellings.values()):
            yield self._said(telling, best, 1.0 if i else passed)

    def _said(self, telling: Telling, r: float, factor: float) -> Table:
        """P(origin says so | cells): r [holds] + (1 - r) q, or the bounded form for odds."""
        scope = telling.condition.names()
        holds = truth(telling.condition, scope, self._cells)
        if telling.strength is None:
            q = self._noise(telling.condition, holds)
            yes: Formula = Const(r + (1 - r) * q)
            no: Formula = Const((1 - r) * q)
        else:
            share = OddsShare(telling.strength)
            yes = weighted_sum((1 - r) / 2, [(r, share)])
            no = weighted_sum((1 - r) / 2 + r, [(-r, share)])
        yes, no = (product(Const(factor), chance) for chance in (yes, no))
        return tabulated(scope, holds.shape, iter([[yes if h else no for h in holds.ravel()]]))

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


def silences(
    file: ScenarioFile,
    windows: Mapping[str, Span],
    items: Sequence[Evidence],
    until: dt.date | None,
    judgements: Judgements,
    cells: Mapping[str, Cells],
) -> Iterator[tuple[str, Span]]:
    """Yield the dated questions that were not seen to happen, and on which days.

    From the later of the window's start and the latest day on which a judgement in its cpd was
    said, to ``until`` less the delay of reporting, but no further than the author has looked. A
    question that a report says happened, a derived question, a latent and whatever is never
    observed have no silence.
    """
    if until is None:
        return
    for name, question in file.questions.items():
        if not isinstance(question, Date) or question.means or question.observable is None:
            continue
        if any(_says_it_happened(item, name, cells) for item in items):
            continue
        said = latest_said(question, judgements)
        first = windows[name].first if said is None else max(windows[name].first, said)
        seen = until - dt.timedelta(days=question.observable)
        last = min(seen, file.looked_through, windows[name].last)
        if first <= last:
            yield name, Span(first, last)


def _says_it_happened(item: Evidence, name: str, cells: Mapping[str, Cells]) -> bool:
    if item.observed is None or name not in item.observed.names():
        return False
    scope = item.observed.names()
    holds = truth(item.observed, scope, cells)
    never = cells[name].states.index(NEVER)
    return not np.take(holds, never, axis=scope.index(name)).any()
