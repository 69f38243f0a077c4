"""Prior-predictive sign-off: what the numbers imply before any evidence, for the analyst to own.

An analyst types chances by cause; whether he believes them shows in what they imply together:
"if these numbers are right, a visit without payment has a chance of 3 %". Of the many pairs of a
cause and an outcome those are shown that hang together most (mutual information), each by the
combination that the numbers call rare.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast.analysis.beforehand import Beforehand, Supposition
from forecast.analysis.contract import SignOff
from forecast.analysis.events import Event, events
from forecast.model.network import Network
from forecast.spec import walk
from forecast.spec.lexicon import Lexicon
from forecast.spec.scenario import ScenarioFile

type Array = NDArray[np.float64]

MOST_QUESTIONS = 24
MOST_CAUSES, LEAST_CAUSES = 16, 4
MOST_MARGINALS = 3000
"""Causes times questions: each cause is supposed in turn, and the network solved again."""

MOST_PAIRS = 8
MOST_OF_ONE = 2
"""Pairs that may share a cause; an outcome stands in one pair only."""

LEAST_INFORMATION = 0.002
"""Nats: two events that tell less of each other are as good as independent."""


@dataclass(frozen=True)
class Pairing:
    """Causes, each with the outcomes that hang on it, however far below."""

    causes: tuple[Event, ...]
    outcomes: Mapping[str, tuple[str, ...]]

    @property
    def suppositions(self) -> dict[str, Supposition]:
        """What has to be supposed in turn."""
        return {
            cause.says: Supposition(cause.question, cause.holds, self.outcomes[cause.question])
            for cause in self.causes
        }


def pairing(file: ScenarioFile, network: Network) -> Pairing:
    """Choose the causes and outcomes that are held against each other."""
    asked = {
        name
        for name in _asked(file)
        if name in network.questions and network.nodes[name].role != "latent"
    }
    below: dict[str, dict[str, None]] = {name: {} for name in network.questions}
    for name in reversed(list(network.questions)):  # children first
        for parent in network.parents(name):
            defined = network.nodes[name].role == "derived"
            below[parent] |= below[name]
            # What a question means follows from its parts: nobody has to sign that off.
            below[parent] |= {} if defined or name not in asked else {name: None}
    found = sorted(
        (
            name
            for name in network.questions
            if below[name] and network.nodes[name].role != "derived"
        ),
        key=lambda name: -len(below[name]),
    )
    affordable = MOST_MARGINALS // max(1, len(network.questions))
    kept = found[: min(MOST_CAUSES, max(LEAST_CAUSES, affordable))]
    causes = [event for name in kept for event in events(network.nodes[name])]
    return Pairing(tuple(causes), {name: tuple(below[name]) for name in kept})


def sign_off(
    file: ScenarioFile, lexicon: Lexicon, before: Beforehand, pairs: Pairing
) -> tuple[SignOff, ...]:
    """Return the statements to be signed off: scenarios, questions, causes with their outcomes.

    Parameters
    ----------
    file, lexicon
        The scenario and the words of its report.
    before
        The network before any evidence, with the suppositions of ``pairs``.
    pairs
        From `pairing`.
    """

    def row(kind: str, says: str, draws: Array) -> SignOff:
        mean = float(np.clip(draws.mean(), 0.0, 1.0))
        phrase, low, high = lexicon.word(mean)
        interval = None
        if np.ptp(draws) > 0:
            ends = np.clip(np.quantile(draws, [0.1, 0.9]), 0.0, 1.0)
            interval = (float(ends[0]), float(ends[1]))
        return SignOff(kind, says, mean, interval, phrase, (low, high))  # type: ignore[arg-type]

    rows = [
        row("scenario", name, draws)
        for name, draws in zip(before.network.scenarios, before.scenarios, strict=True)
    ]
    rows += [row("question", says, draws) for says, draws in _alone(file, before)]
    rows += [row("together", says, draws) for says, draws in _together(before, pairs)]
    return tuple(rows)


def _asked(file: ScenarioFile) -> Iterator[str]:
    """Yield the questions that the file asks for an answer to, the most important first."""
    for condition in file.scenario_conditions().values():
        yield from condition.names()
    yield from file.watch
    for statement in file.statements:
        yield from statement.of.names()


def _alone(file: ScenarioFile, before: Beforehand) -> Iterator[tuple[str, Array]]:
    """Yield each question's chance; of many questions those that the file asks about."""
    names = list(before.network.questions)
    if len(names) > MOST_QUESTIONS:
        kept = [name for name in dict.fromkeys(_asked(file)) if name in names][:MOST_QUESTIONS]
        names = [name for name in names if name in kept]
    for name in names:
        node = before.network.nodes[name]
        question = walk.all_questions(file)[name]
        days = getattr(question, "report_by", ())
        found = before.questions[name]
        if node.cells.kind == "date" and days:
            for day in days:
                end = day.toordinal()
                until = [bound is not None and bound[1] <= end for bound in node.cells.bounds]
                yield f"{next(events(node)).says} by {day}", np.array(until) @ found
            continue
        for event in events(node):
            yield event.says, event.holds @ found


@dataclass(frozen=True)
class _Pair:
    cause: str
    outcome: str
    says: str
    draws: Array
    information: float


def _together(before: Beforehand, pairs: Pairing) -> Iterator[tuple[str, Array]]:
    found = sorted(
        (pair for cause in pairs.causes for pair in _pairs_of(cause, before)),
        key=lambda pair: -pair.information,
    )
    of_cause: dict[str, int] = {}
    outcomes: set[str] = set()
    for pair in found:
        taken = of_cause.get(pair.cause, 0) >= MOST_OF_ONE or pair.outcome in outcomes
        if not taken and len(outcomes) < MOST_PAIRS:
            of_cause[pair.cause] = of_cause.get(pair.cause, 0) + 1
            outcomes.add(pair.outcome)
            yield pair.says, pair.draws


def _pairs_of(cause: Event, before: Beforehand) -> Iterator[_Pair]:
    chance = cause.holds @ before.questions[cause.question]
    for outcome, states in before.supposing(cause.says).items():
        for event in events(before.network.nodes[outcome]):
            both = chance * (event.holds @ states)
            whole = event.holds @ before.questions[outcome]
            table = np.array([[both, chance - both], [whole - both, 1 - chance - whole + both]])
            information = _mutual_information(table.mean(axis=-1))
            if information >= LEAST_INFORMATION:
                says, draws = _rarer(cause, event, table)
                yield _Pair(cause.question, outcome, says, draws, information)


def _rarer(cause: Event, event: Event, table: Array) -> tuple[str, Array]:
    """Return the combination that the numbers make rare: an outcome without its cause, or both.

    One that is ruled out says nothing about numbers; then the cause without the outcome is shown.
    """
    (both, alone), (without, _) = table
    rises = both.mean() > (both + alone).mean() * (both + without).mean()
    if not rises:
        return f"{cause.says} and {event.says}", np.clip(both, 0.0, 1.0)
    if without.mean() > 1e-9:
        return f"{event.says} and {cause.denied}", np.clip(without, 0.0, 1.0)
    return f"{cause.says} and {event.denied}", np.clip(alone, 0.0, 1.0)


def _mutual_information(table: Array) -> float:
    """Return the mutual information, in nats, of two events from their joint chances.

    >>> round(_mutual_information(np.array([[0.5, 0.0], [0.0, 0.5]])), 6)
    0.693147
    """
    table = np.clip(table, 0.0, 1.0)
    apart = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True)
    positive = table > 0
    return float((table[positive] * np.log(table[positive] / apart[positive])).sum())
