"""Evidence and silence as likelihood tables over the cells of questions."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from forecast.errors import Path
from forecast.model import pooled
from forecast.model.cells import Cells
from forecast.model.cpd import tabulated
from forecast.model.formula import (
    ONE,
    ZERO,
    Formula,
    OddsShare,
    complement,
)
from forecast.model.network import Item, Node, View
from forecast.model.parameters import Judgements
from forecast.model.rows import Rows, each
from forecast.model.silence import silences
from forecast.model.so_far import counted, counting, seen_so_far
from forecast.model.telling import Telling, attenuated, likelihood, set_apart
from forecast.model.truth import Truth, first_match, nodes_of, truth
from forecast.spec import walk
from forecast.spec.calendar import Span, read_day
from forecast.spec.evidence import Evidence
from forecast.spec.expression import BeforeDay, By, Compare, Expression, In, Is
from forecast.spec.notation import Multiplier
from forecast.spec.question import Categorical, Date
from forecast.spec.scenario import ScenarioFile


class EvidenceTables:
    """Likelihood tables for any selection of the evidence of a file.

    Parameters
    ----------
    file
        The scenario file.
    cells, windows, nodes
        Question -> its cells, its days, and its node.
    judgements
        Where the multipliers become parameters.
    """

    def __init__(
        self,
        file: ScenarioFile,
        cells: Mapping[str, Cells],
        windows: Mapping[str, Span],
        judgements: Judgements,
        nodes: Mapping[str, Node],
    ) -> None:
        self._file = file
        self._cells = cells
        self._nodes = nodes
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
        seen = seen_so_far(items, self._windows, self._file.policy)
        tables = [counted(self._nodes[name], count) for name, count in seen.items()]
        told = [Item("count", (name,), c.reliability, c.noise) for name, c in seen.items()]
        labels, silent = [f"{c.number} of `{name}` so far" for name, c in seen.items()], []
        for group in _groups([item for item in items if item.so_far is None]):
            own = list(self._group(group))
            tables += [likelihood(telling) for telling in own]
            names = tuple(item.id for item in group)
            told += [Item("report", names, telling.r, telling.noise) for telling in own]
            labels += ["evidence " + " and ".join(f"`{name}`" for name in names)] * len(own)
        for name, days in silences(
            self._file, self._windows, items, until, self._judgements, self._cells
        ):
            happened = self._cells[name].within(days.first, days.last)
            rows = iter([[ZERO if h else ONE for h in happened]])
            tables.append(tabulated((name,), (len(happened),), rows))
            told.append(Item("silence", (name,), 1.0, 0.5))
            labels.append(f"`{name}` not seen to happen in {days}")
            silent.append((name, str(days)))
        return View(
            counting(items),
            until,
            tuple(tables),
            tuple(labels),
            tuple(silent),
            seen,
            tuple(told),
        )

    def _tellings(self, item: Evidence) -> list[Telling]:
        path: Path = ("evidence", self._file.evidence.index(item))
        r = self._file.policy.reliability(item.grade)
        if item.observed is not None:
            return [self._about(item.observed, (ONE, ZERO), (1.0, 0.0), r, (*path, "observed"))]
        if item.likelihood is not None:
            return [self._likelihood(item, r, (*path, "likelihood"))]
        out = []
        for condition, judgement in (item.odds or {}).items():
            here = (*path, "odds", condition.text)
            share = OddsShare(self._judgements.multiplier(judgement, here))
            m = self._median(judgement)
            median = m / (1 + m)
            sides = (share, complement(share))
            out.append(self._about(condition, sides, (median, 1 - median), r, here))
        return out

    def _about(
        self,
        condition: Expression,
        chances: tuple[Formula, Formula],
        medians: tuple[float, float],
        r: float,
        path: Path,
    ) -> Telling:
        """Return what is told of a condition: how likely where it holds, and where not."""
        scope = tuple(sorted(nodes_of(condition)))
        holds = truth(condition, scope, self._cells)
        worlds = each(holds, lambda yes: chances[0] if yes else chances[1])
        noise = self._noise(condition, holds) if path[-1] == "observed" else 0.5
        logs = attenuated(np.where(holds, *medians), r, noise)
        what = (scope, *set_apart(holds))
        return Telling(condition.text, scope, what, worlds, r, noise, logs, path)

    def _likelihood(self, item: Evidence, r: float, path: Path) -> Telling:
        """Return what rows of likelihoods tell: complete, and the first that holds wins."""
        rows = item.likelihood or {}
        placed = (p for row, chance in rows.items() for p in walk.in_chance(chance, (row.text,)))
        inner = [p.condition for p in placed if isinstance(p, walk.PlacedCondition)]
        if inner and item.group is not None:
            text = "in a group each row of `likelihood` is one judgement"
            fix = "write the conditions of the inner rows into the outer ones"
            self._judgements.refuse(path, "value", text, fix)
        judged = (
            part
            for row, chance in rows.items()
            for part in walk.in_chance(chance, (*path, row.text))
        )
        pools = pooled.selectors_in(judged, self._judgements.spec)
        scope = (*sorted(nodes_of(*rows, *inner)), *pools)
        table = Rows(scope, self._cells, self._judgements)
        worlds = table.by_case(rows, path, table.everywhere, table.chances)
        worlds[~table.everywhere] = ZERO  # cannot be, so any chance will do
        decided, _ = first_match(rows, scope, self._cells, table.everywhere)
        decided = np.maximum(decided, 0)
        means = [
            # A report whose rows have rows of their own stands alone: nothing is compared with it.
            1.0 if inner else self._judgements.mean(chance, (*path, row.text))
            for row, chance in rows.items()
        ]
        logs = attenuated(np.array(means)[decided], r, 0.5)
        text = ", ".join(f"`{condition.text}`" for condition in rows)
        return Telling(text, scope, (scope, *set_apart(decided)), worlds, r, 0.5, logs, path)

    def _median(self, judgement: object) -> float:
        if self._judgements.is_dropped(judgement):
            return 1.0
        while not isinstance(judgement, Multiplier):
            reference = walk.reference_of(judgement)
            assert reference is not None
            stored = self._judgements.spec.context.stored(reference.alias)
            judgement = stored[reference.id].read_as
        return float(judgement.median)

    def _group(self, items: Sequence[Evidence]) -> Iterator[Telling]:
        """Yield what is told by reports that share one origin.

        What several of them tell is told once, by the one that tells most, its own grade and its
        own strength together. So a report alone is just itself, a copy adds nothing, and a group
        never tells more than the same reports without it.
        """
        tellings: dict[tuple[object, ...], list[Telling]] = {}
        for item in sorted(items, key=lambda item: item.id):
            own: Counter[object] = Counter()  # the targets of one report multiply
            for telling in self._tellings(item):
                own[telling.what] += 1
                same = tellings.setdefault((telling.what, own[telling.what]), [])
                if any(telling.contradicts(other) for other in same):
                    what = telling.text if "`" in telling.text else f"`{telling.text}`"
                    self._judgements.refuse(
                        telling.path,
                        "group-conflict",
                        f"reports of group `{item.group}` pull {what} both ways",
                        "one origin cannot say both: give them groups of their own",
                        key=True,
                    )
                same.append(telling)
        for same in tellings.values():
            yield max(same, key=lambda telling: telling.strength)

    def _noise(self, condition: Expression, holds: Truth) -> float:
        """Return q: how often a report that carries no information would say so.

        1/2 for yes/no and compound conditions, the share of the states for a categorical question,
        the share of the days for a date.
        """
        term = condition.term
        question = self._questions.get(getattr(term, "name", ""))
        match question, term:
            case Categorical(states=states), Is() | Compare():
                return float(holds.sum()) / len(states)
            case Date(), By(name=name, day=day):
                window = self._windows[name]
                return Span(window.first, max(window.first, read_day(day))).share_of(window)
            case Date(), BeforeDay(name=name, day=day):
                window = self._windows[name]
                eve = read_day(day) - dt.timedelta(days=1)
                return Span(window.first, max(window.first, eve)).share_of(window)
            case Date(), In(name=name, low=low, high=high):
                return Span(read_day(low), read_day(high)).share_of(self._windows[name])
            case _:
                return 0.5


def _groups(items: Sequence[Evidence]) -> Iterable[Sequence[Evidence]]:
    grouped: dict[str, list[Evidence]] = {}
    for item in items:
        key = f"group {item.group}" if item.group is not None else f"alone {item.id}"
        grouped.setdefault(key, []).append(item)
    return grouped.values()
