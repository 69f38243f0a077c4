"""Which of several changes carries the difference of two forecasts.

Each change is made alone, beginning from the first forecast, and last, after all others; its share
is the mean of both. With two changes these are the Shapley shares; with more they need not add up
to the whole, and what is missing or too much is what the changes do together.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from forecast import pipeline
from forecast.analysis.changes import WITHOUT, Edit, edits, names, sources
from forecast.analysis.column import Column, Solved
from forecast.analysis.compare_contract import Carrier, Change
from forecast.analysis.near import Near
from forecast.errors import InvalidFile, UsageError
from forecast.model.network import Network
from forecast.spec.load import ScenarioSpec, with_data
from forecast.spec.variation import Variation

MOST_CHANGES = 8
"""Changes that are told apart; each costs two networks."""


@dataclass(frozen=True)
class _State:
    """All that a forecast follows from, in parts that can be exchanged."""

    spec: ScenarioSpec
    data: Any
    given: tuple[str, ...]
    done: Mapping[str, str]
    dropped: frozenset[str]
    as_of: Any
    priors: Mapping[str, Any] = field(default_factory=dict)

    def network(self) -> Network:
        """Build it; raises InvalidFile or UsageError where the parts do not fit together."""
        same = self.data is self.spec.source.data
        spec = self.spec if same else with_data(self.spec, self.data)
        known = {alias: self.priors.get(alias, found) for alias, found in spec.priors.items()}
        variation = Variation("part", dropped=self.dropped) if self.dropped else None
        spec = replace(spec, priors=known, variation=variation)
        return pipeline.build(spec, given=self.given, do=dict(self.done), as_of=self.as_of)


@dataclass(frozen=True)
class _Unit:
    """One change that can be made alone, and its opposite."""

    words: str
    edit: Edit | None = None
    given: tuple[frozenset[str], tuple[str, ...]] | None = None
    done: tuple[Mapping[str, str], Mapping[str, str]] | None = None
    dropped: tuple[frozenset[str], frozenset[str]] | None = None
    as_of: tuple[Any, Any] | None = None
    priors: tuple[str, Any, Any] | None = None

    def made(self, state: _State, *, back: bool = False) -> _State:
        """Return a state with the change made, or taken back."""
        if self.edit is not None:
            value = self.edit.before if back else self.edit.after
            return replace(state, data=edited(state.data, self.edit.path, value))
        if self.given is not None:
            gone, new = self.given
            kept = tuple(text for text in state.given if text not in (new if back else gone))
            return replace(state, given=(*kept, *(sorted(gone) if back else new)))
        if self.done is not None:
            return replace(state, done=self.done[0] if back else self.done[1])
        if self.dropped is not None:
            return replace(state, dropped=self.dropped[0] if back else self.dropped[1])
        if self.priors is not None:
            alias, before, after = self.priors
            return replace(state, priors={**state.priors, alias: before if back else after})
        assert self.as_of is not None
        return replace(state, as_of=self.as_of[0] if back else self.as_of[1])


def carriers(first: Column, column: Column) -> tuple[Carrier, ...]:
    """Return what each of several changes carries of the scenario that moves most.

    Empty where there is but one change, where there are more than `MOST_CHANGES`, and where a
    change cannot be made without the others.
    """
    one, other = first.solved, column.solved
    common = [name for name in first.summary.scenarios if name in column.summary.scenarios]
    exact = first.summary.engine == column.summary.engine == "exact"
    if one is None or other is None or not common or not exact:
        return ()
    if one.spec.source is other.spec.source and one.spec.lexicon.name != other.spec.lexicon.name:
        return ()
    units = list(_units(one, other))
    if not 2 <= len(units) <= MOST_CHANGES:
        return ()
    before, after = first.summary.scenarios, column.summary.scenarios
    name = max(common, key=lambda n: round(abs(after[n].probability - before[n].probability), 9))
    at_first, at_last = Near(one), Near(other)
    found = []
    try:
        for unit in units:
            alone, error = _change(at_first, unit.made(_state(one)).network(), name)
            back, other_error = _change(
                at_last, unit.made(_state(other), back=True).network(), name
            )
            share, mcse = (alone - back) / 2, float(np.hypot(error, other_error)) / 2
            found.append(Carrier(column.label, unit.words, name, alone, -back, share, mcse))
    except (InvalidFile, UsageError):
        return ()
    return tuple(sorted(found, key=lambda carrier: (-abs(carrier.share), carrier.change)))


def _state(solved: Solved) -> _State:
    network = solved.network
    return _State(
        solved.spec,
        solved.spec.source.data,
        network.given,
        network.done,
        frozenset(solved.spec.dropped),
        network.as_of if solved.spec.file.as_of else None,
    )


def _units(first: Solved, second: Solved) -> Iterator[_Unit]:
    one, other = _state(first), _state(second)
    if one.as_of != other.as_of:
        yield _Unit(f"as of {other.as_of}", as_of=(one.as_of, other.as_of))
    for text in one.given:
        if text not in other.given:
            yield _Unit(f"not given {text}", given=(frozenset((text,)), ()))
    for text in other.given:
        if text not in one.given:
            yield _Unit(f"given {text}", given=(frozenset(), (text,)))
    if one.done != other.done:
        words = ", ".join(f"{name} = {value}" for name, value in other.done.items())
        yield _Unit(f"do {words}", done=(one.done, other.done))
    if one.dropped != other.dropped:
        variation = second.spec.variation or first.spec.variation
        said = [] if variation is None else [c for c in variation.changes if c.startswith(WITHOUT)]
        yield _Unit("; ".join(said), dropped=(one.dropped, other.dropped))
    for edit in edits(one.data, other.data):
        yield _Unit(_words(edit.change), edit=edit)
    for alias in sources(first.spec, second.spec):
        before, after = first.spec.priors[alias], second.spec.priors[alias]
        yield _Unit(f"what {alias} says", priors=(alias, before, after))


def _words(change: Change) -> str:
    return f"{change.where}: {change.before or 'nothing'} -> {change.after or 'nothing'}"


def _change(near: Near, network: Network, name: str) -> tuple[float, float]:
    """Return how far a scenario of a network lies from the near one's, with its error."""
    found, at = near.found(network), network.scenarios.index(name)
    here = near.solved.network.scenarios.index(name)
    if network.scenarios == near.solved.network.scenarios:
        return float(found.changes[at]), float(found.change_errors[at])
    change = found.chances[at] - near.means[here]
    return float(change), float(np.hypot(found.errors[at], near.errors[here]))


def edited(data: Any, path: tuple[str, ...], value: Any) -> Any:
    """Return data with another value at a place; None takes away what stands there.

    >>> edited({"a": {"b": "1", "c": "2"}}, ("a", "b"), None)
    {'a': {'c': '2'}}
    >>> edited({"l": [{"id": "x", "n": "1"}]}, ("l", "x", "n"), "2")
    {'l': [{'id': 'x', 'n': '2'}]}
    """
    if not path:
        return copy.deepcopy(value)
    head, rest = path[0], path[1:]
    if isinstance(data, list):
        if rest:
            named = zip(names(data), data, strict=True)
            return [edited(item, rest, value) if name == head else item for name, item in named]
        kept = [item for name, item in zip(names(data), data, strict=True) if name != head]
        return kept if value is None else [*kept, copy.deepcopy(value)]
    out = dict(data)
    if not rest and value is None:
        out.pop(head, None)
    else:
        out[head] = edited(out.get(head, {}), rest, value) if rest else copy.deepcopy(value)
    return out
