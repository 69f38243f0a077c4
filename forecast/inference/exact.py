"""The network solved exactly for given parameters: P(evidence), marginals, stated chances."""

from __future__ import annotations

import copy
import functools
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast.inference.contraction import Plan, Scope
from forecast.inference.elimination import elimination
from forecast.inference.memory import draws_at_a_time
from forecast.inference.numbers import Events
from forecast.inference.products import contract, scale
from forecast.inference.schedule import Contraction, Schedule, Scheduler, run
from forecast.inference.solution import Outcomes, Solution, joined
from forecast.inference.tables import Tables, in_order
from forecast.model.network import SCENARIO, Network
from forecast.model.truth import Truth

type Array = NDArray[np.float64]

IMPOSSIBLE = 1e-12
"""An entry of a table below this counts as impossible."""

SPARE = 1.5
"""Memory of the arrays that products rearrange, beside those that are kept."""


class ExactNetwork:
    """A network laid out once, then solved for any number of draws of its parameters.

    Parameters
    ----------
    network
        The network.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        sizes = {name: len(node.cells) for name, node in network.nodes.items()}
        place = {name: i for i, name in enumerate(sizes)}
        cpds = [node.cpd for node in network.nodes.values()]
        likelihoods = [table for view in network.views for table in view.likelihoods]
        tables = [in_order(table, place) for table in (*cpds, *likelihoods)]
        scopes = [table.scope for table in tables]
        children: list[str | None] = [*network.nodes, *(None for _ in likelihoods)]
        self.elimination = elimination(scopes, sizes)
        # Where one of the gates of statements can be held to be so; no table of the network.
        self.held = {gate: len(tables) + i for i, gate in enumerate(network.stated_gates)}
        scopes += [(gate,) for gate in self.held]
        children += [None for _ in self.held]
        self._plan = Plan(self.elimination.order, sizes, scopes, children)
        self._scheduler = Scheduler(self._plan, place)
        self._views: list[list[int]] = []
        start = len(cpds)
        for view in network.views:
            self._views.append(list(range(start, start + len(view.likelihoods))))
            start += len(view.likelihoods)
        self._trees = [self._plan.tree(places) for places in self._views]
        self.tables = Tables(tables)
        self._events = [Events(network, view) for view in (0, 1)]
        self._schedules: dict[tuple[int, ...], Schedule] = {}

    def without(self, likelihoods: Mapping[int, Collection[int]]) -> ExactNetwork:
        """Return the network as if some likelihoods told nothing: view -> which of its own."""
        other = copy.copy(self)
        places = [self._views[view][i] for view, chosen in likelihoods.items() for i in chosen]
        other.tables = self.tables.silenced(places)
        return other

    def schedule(self, views: Collection[int] = ()) -> Schedule:
        """Return the steps to P(evidence), to all stated chances, and to outcomes under views."""
        key = tuple(views)
        if key not in self._schedules:
            asked: dict[int, dict[str, None]] = {}
            for s in self.network.statements:
                gates = asked.setdefault(s.target.view, {})
                gates.update(dict.fromkeys((s.target.gate, s.target.given or s.target.gate)))
            for view in key:
                names = (*self._outcomes, *self._events[view].names)
                asked.setdefault(view, {}).update(dict.fromkeys(names))
            self._schedules[key] = self._scheduler.schedule(
                {1: self._trees[1]},
                {view: (self._trees[view], tuple(names)) for view, names in asked.items()},
            )
        return self._schedules[key]

    def scope(self, table: int) -> Scope:
        """Return the questions along the axes of a table."""
        return self._plan.factors[table].scope

    def slopes(self, view: int, gates: Collection[str]) -> Schedule:
        """Return the steps to P(gates, evidence of a view) and its slopes in all open tables.

        Each gate has a table of its own (`held`) whose values say whether it is held to be so.
        """
        tree = self._plan.tree([*self._views[view], *(self.held[gate] for gate in gates)])
        cpds = range(len(self.network.nodes))
        return self._scheduler.slopes(
            tree, [i for i in (*cpds, *self._views[view]) if self.tables.is_open(i)]
        )

    @functools.cached_property
    def _outcomes(self) -> tuple[str, ...]:
        """Return questions and pools, and the gate whose state is the scenario if there is one."""
        selector = (SCENARIO,) if SCENARIO in self.network.nodes else ()
        return (*selector, *self.network.questions, *self.network.pools)

    def solution(self, values: Mapping[str, Array], views: Collection[int] = ()) -> Solution:
        """Solve the network for each draw.

        Parameters
        ----------
        values
            Parameter -> draws, shape ``(draws,)`` or ``(components, draws)``.
        views
            The views of the evidence, 0 (nothing) and 1 (all), for which outcomes are wanted.

        Raises
        ------
        TooLarge
            Where the tables on the way do not fit into the memory.
        """
        schedule = self.schedule(views)
        parts = [
            self._solve(part, schedule, views, draws)
            for part, draws in _chunks(values, self._chunk(schedule))
        ]
        return joined(parts)

    def _chunk(self, schedule: Schedule) -> int:
        """Return how many draws to solve at a time."""
        kept = SPARE * schedule.peak + self.tables.entries
        return draws_at_a_time(schedule.largest, kept, self.elimination, self.network)

    def _solve(
        self, values: Mapping[str, Array], schedule: Schedule, views: Collection[int], draws: int
    ) -> Solution:
        arrays, scales = self._run(schedule, values, draws)
        marginals = {
            view: {name: _row(arrays[place], draws) for name, place in named.items()}
            for view, named in schedule.marginals.items()
        }
        with np.errstate(divide="ignore", invalid="ignore"):
            implied = np.empty((draws, len(self.network.statements)))
            for j, s in enumerate(self.network.statements):
                found = marginals[s.target.view]
                implied[:, j] = _holds(found[s.target.gate])
                if s.target.given is not None:
                    implied[:, j] /= _holds(found[s.target.given])
            outcomes = {view: self._outcome(marginals[view], values, view) for view in views}
        return Solution(log_total(schedule, arrays, scales, draws), implied, outcomes)

    def _run(
        self, schedule: Schedule, values: Mapping[str, Array], draws: int
    ) -> tuple[dict[int, Array], dict[int, Array]]:
        return run(schedule, self.tables.arrays(values, draws), contract, scale)

    def _outcome(
        self, marginals: Mapping[str, Array], values: Mapping[str, Array], view: int
    ) -> Outcomes:
        names = (*self._outcomes, *self._events[view].names)
        named = {name: _normalised(marginals[name]) for name in names}
        events = self._events[view].chances(named, values)
        questions = {n: named[n] for n in (*self.network.questions, *self.network.pools)}
        draws = next(iter(named.values())).shape[0]
        return Outcomes(named.get(SCENARIO, np.empty((draws, 0))), questions, events)

    def marginals(
        self, values: Mapping[str, Array], asked: Mapping[int, Collection[str]]
    ) -> dict[int, dict[str, Array]]:
        """Return chances of questions and gates, and nothing else.

        Parameters
        ----------
        values
            Parameter -> draws, shape ``(draws,)`` or ``(components, draws)``.
        asked
            View -> names.

        Returns
        -------
        dict
            View -> name -> shape ``(draws, states)``; not a number where the evidence of the view
            is impossible for a draw.
        """
        schedule = self._asked(asked)
        parts: dict[int, dict[str, list[Array]]] = {
            view: {name: [] for name in names} for view, names in asked.items()
        }
        for part, draws in _chunks(values, self._chunk(schedule)):
            arrays, _ = self._run(schedule, part, draws)
            for view, named in schedule.marginals.items():
                for name, place in named.items():
                    with np.errstate(divide="ignore", invalid="ignore"):
                        chances = _normalised(_row(arrays[place], draws))
                    parts[view][name].append(chances)
        return {
            view: {name: np.concatenate(pieces) for name, pieces in named.items()}
            for view, named in parts.items()
        }

    def possible(self, values: Mapping[str, Array], names: Collection[str]) -> dict[str, Truth]:
        """Return which states of questions and gates can hold at all, before any evidence.

        Zeros of a sum of products are those of the tables' supports, whatever the parameters: what
        is not negative cannot cancel.
        """
        schedule = self._asked({0: names})
        draws = next((array.shape[-1] for array in values.values()), 1)
        tables = self.tables.arrays(values, draws)
        support = [
            (table > IMPOSSIBLE).any(axis=-1, keepdims=True).astype(float) for table in tables
        ]
        arrays, _ = run(schedule, support, contract, scale)
        return {name: arrays[place][:, 0] > 0 for name, place in schedule.marginals[0].items()}

    def _asked(self, asked: Mapping[int, Collection[str]]) -> Schedule:
        return self._scheduler.schedule(
            {}, {view: (self._trees[view], tuple(names)) for view, names in asked.items()}
        )

    def weights(self, values: Mapping[str, Array]) -> tuple[Array, Array]:
        """Return log P(evidence | theta), ``(draws,)``, and m_j, ``(draws, statements)``."""
        solved = self.solution(values)
        return solved.log_evidence, solved.implied

    def outcomes(self, values: Mapping[str, Array], view: int) -> Outcomes:
        """Return the chances of all scenarios and states given view 0 (nothing) or 1 (evidence)."""
        return self.solution(values, (view,)).outcomes[view]

    def stated(self, tables: Sequence[Any], contract: Contraction) -> tuple[Any, list[Any]]:
        """Carry the plan out on arrays of any library, without scaling.

        Returns
        -------
        tuple
            P(evidence), and for each statement the pair P(of, given, known), P(given, known).
        """
        schedule = self.schedule()
        arrays, _ = run(schedule, tables, contract)
        total: Any = 1.0
        for place in schedule.totals[1].factors:
            total = arrays[place] * total
        pairs = []
        for s in self.network.statements:
            found = schedule.marginals[s.target.view]
            of = arrays[found[s.target.gate]]
            known = of.sum((0,)) if s.target.given is None else arrays[found[s.target.given]][0]
            pairs.append((of[0], known))
        return total, pairs

    def clash(self, values: Mapping[str, Array]) -> tuple[str, ...]:
        """Return a smallest set of evidence that cannot all be so, in words; () where none clashes.

        A deletion filter: whatever can be left out while the rest stays impossible is left out.
        """
        view = self.network.views[1]
        kept = list(zip(self._views[1], view.labels, strict=True))

        def impossible(items: Sequence[tuple[int, str]]) -> bool:
            tree = self._plan.tree([place for place, _ in items])
            schedule = self._scheduler.schedule({1: tree}, {})
            return all(
                np.isneginf(log_total(schedule, *self._run(schedule, part, draws), draws)).all()
                for part, draws in _chunks(values, self._chunk(schedule))
            )

        if not impossible(kept):
            return ()
        for item in list(kept):
            rest = [other for other in kept if other is not item]
            if impossible(rest):
                kept = rest
        return tuple(dict.fromkeys(label for _, label in kept))


def _row(array: Array, draws: int) -> Array:
    return np.broadcast_to(array, (*array.shape[:-1], draws))


def _normalised(joint: Array) -> Array:
    return np.asarray((joint / joint.sum(axis=0)).T)


def log_total(
    schedule: Schedule, arrays: Mapping[int, Array], scales: Mapping[int, Array], draws: int
) -> Array:
    """Return log P(evidence) of each draw."""
    total = np.zeros(draws)
    with np.errstate(divide="ignore"):
        for place in schedule.totals[1].factors:
            total = total + np.log(arrays[place])
    for place in schedule.totals[1].scales:
        total = total + scales[place]
    return total


def _holds(marginal: Array) -> Array:
    """Return the chance that a gate holds, which is its first state."""
    return np.asarray(marginal[0] / marginal.sum(axis=0))


def _chunks(values: Mapping[str, Array], size: int) -> Iterator[tuple[dict[str, Array], int]]:
    """Yield the draws in parts; a network without parameters has one draw."""
    draws = next((array.shape[-1] for array in values.values()), 1)
    if draws <= size:
        yield dict(values), draws
        return
    for start in range(0, draws, size):
        part = {name: array[..., start : start + size] for name, array in values.items()}
        yield part, min(size, draws - start)
