"""What to watch: how far each answer would move each scenario, and how much knowing it tells.

Everything is read off the pooled joint E_theta[P(scenario, answer | theta, all that is known)], in
which learning an answer also teaches about the judgements and the experts behind them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forecast.analysis.column import Solved
from forecast.analysis.indicators_contract import AnswerResult, Indicator, Indicators, Outlook
from forecast.errors import UsageError
from forecast.inference.exact import ExactNetwork
from forecast.model.cells import Cells
from forecast.model.formula import ONE, ZERO
from forecast.model.network import SCENARIO, Network, Node, Table
from forecast.spec import walk
from forecast.spec.expression import quoted
from forecast.spec.question import AnyQuestion, Date
from forecast.spec.rules import window
from forecast.summary.contract import OUTPUT_VERSION, Summary

type Array = NDArray[np.float64]

MONTH = 30.4375
"""Days."""

NEVER = 1e-9
"""An answer with less of a chance is none."""


@dataclass(frozen=True)
class _Ask:
    """Something whose answer may become known: a partition of the states of a question."""

    name: str
    answers: tuple[tuple[str, Array], ...]
    known: dt.date | None


def indicators(solved: Solved, summary: Summary) -> Indicators:
    """Return what to watch.

    Parameters
    ----------
    solved, summary
        A forecast by the exact engine whose certificate has held.

    Raises
    ------
    UsageError
        Where the file names no scenarios.
    """
    if not summary.scenarios:
        raise UsageError("this file names no scenarios: there is nothing to be told of")
    network, weights = solved.network, solved.posterior.final.weights
    names = [name for name, node in network.questions.items() if node.role != "latent"]
    joints = joint_chances(solved, names)
    found: list[Indicator] = []
    closed: dict[str, str] = {}
    for name in names:
        asked = list(_asks(name, solved))
        told = [
            indicator
            for ask in asked
            if (indicator := _indicator(ask, name, joints[name], weights, solved, summary))
        ]
        found += told
        if not told:
            closed[name] = _why(name, summary, bool(asked))
    marginal = weights @ joints[names[0]].sum(axis=2) if names else np.ones(1)
    return Indicators(
        output_version=OUTPUT_VERSION,
        title=summary.title,
        as_of=summary.as_of,
        digest=summary.digest,
        seed=summary.seed,
        draws=summary.draws,
        scenarios={name: result.probability for name, result in summary.scenarios.items()},
        entropy=entropy(marginal),
        indicators=tuple(sorted(found, key=_rank)),
        closed=closed,
    )


def _rank(indicator: Indicator) -> tuple[float, str]:
    worth = indicator.information if indicator.per_month is None else indicator.per_month
    return -worth, indicator.name


def _why(name: str, summary: Summary, asked: bool) -> str:
    status = summary.questions[name].status
    if status in ("resolved", "unresolved"):
        return status
    return "its answer is certain" if asked else "nobody can observe it"


def joint_chances(solved: Solved, names: Sequence[str]) -> dict[str, Array]:
    """Return P(scenario, state | theta, all that is known) of each question, for each draw.

    Parameters
    ----------
    solved
        The forecast.
    names
        The questions.

    Returns
    -------
    dict
        Question -> shape ``(draws, scenarios, states)``.
    """
    network = solved.network
    gates = {name: _joint(network, name) for name in names}
    nodes = {**network.nodes, **{gate.name: gate for gate in gates.values()}}
    exact = ExactNetwork(replace(network, nodes=nodes))
    asked = {1: tuple(gate.name for gate in gates.values())}
    found = exact.marginals(solved.posterior.parameters, asked)[1]
    draws, scenarios = solved.posterior.draws, len(network.scenarios)
    return {
        name: np.broadcast_to(np.nan_to_num(found[gate.name]), (draws, len(gate.cells))).reshape(
            draws, scenarios, -1
        )
        for name, gate in gates.items()
    }


def _joint(network: Network, name: str) -> Node:
    """Return a gate whose states are the pairs of a scenario and a state of a question."""
    scenarios, states = len(network.scenarios), len(network.nodes[name].cells)
    index = np.eye(scenarios * states, dtype=np.intp).reshape(scenarios, states, -1)
    gate = f"`scenario and {name}`"
    labels = tuple(str(i) for i in range(scenarios * states))
    table = Table((SCENARIO, name, gate), index, (ZERO, ONE))
    return Node(gate, "gate", Cells("categorical", labels, (None,) * len(labels)), table)


def _asks(name: str, solved: Solved) -> Iterator[_Ask]:
    """Yield what may become known of a question: for dates, by each day that is reported."""
    spec, node = solved.spec, solved.network.nodes[name]
    question = walk.all_questions(spec.file)[name]
    if question.observable is None and getattr(question, "means", None) is None:
        return
    days, cells, said = window(question, spec.file), node.cells, quoted(name)
    if isinstance(question, Date):
        for day in sorted({*question.report_by, days.last}):
            end = day.toordinal()
            by = np.array([bound is not None and bound[1] <= end for bound in cells.bounds])
            says = f"{said} by {day}"
            yield _Ask(says, ((says, by), (f"not {says}", ~by)), _known(day, question, solved))
        return
    each = np.eye(len(cells), dtype=bool)
    answers = tuple((_says(said, cells, i), each[i]) for i in range(len(cells)))
    yield _Ask(name, answers, _known(days.last, question, solved))


def _says(said: str, cells: Cells, i: int) -> str:
    state, bound = cells.states[i], cells.bounds[i]
    if state == "void":
        return f"{said} void"
    if cells.kind == "binary":
        return said if state == "yes" else f"not {said}"
    return f"{said} is {quoted(state)}" if bound is None else _within(said, state)


def _within(said: str, label: str) -> str:
    """Write a cell of a number as a condition, as `--given` takes it.

    >>> [_within("n", label) for label in ("below 20", "20..30", "30 or more", "more than 0", "0")]
    ['n < 20', 'n in 20..30', 'n >= 30', 'n > 0', 'n in 0..0']
    """
    if label.endswith(" or more"):
        return f"{said} >= {label.removesuffix(' or more')}"
    for words, sign in (("below ", "<"), ("more than ", ">")):
        if label.startswith(words):
            return f"{said} {sign} {label.removeprefix(words)}"
    return f"{said} in {label if '..' in label else f'{label}..{label}'}"


def _known(day: dt.date, question: AnyQuestion, solved: Solved) -> dt.date | None:
    """Return the day on which an answer is known: once it is settled, and has been seen."""
    if solved.network.as_of is None:
        return None
    return day + dt.timedelta(days=question.observable or 0)


def _indicator(
    ask: _Ask, name: str, joint: Array, weights: Array, solved: Solved, summary: Summary
) -> Indicator | None:
    as_of = solved.network.as_of
    if ask.known is not None and as_of is not None and ask.known <= as_of:
        return None
    told = [(says, holds) for says, holds in ask.answers if holds.any()]
    draws = np.stack([joint[:, :, holds].sum(axis=2) for _, holds in told], axis=2)
    pooled = np.tensordot(weights, draws, axes=1)
    possible = pooled.sum(axis=0) > NEVER
    if possible.sum() < 2:
        return None
    information, mcse = mutual_information(draws, weights)
    whole = entropy(pooled.sum(axis=1))
    days = None if ask.known is None or as_of is None else (ask.known - as_of).days
    return Indicator(
        name=ask.name,
        question=name,
        text=summary.questions[name].text,
        watched=name in solved.spec.file.watch,
        known=None if ask.known is None else str(ask.known),
        days=days,
        information=information,
        mcse=mcse,
        share=information / whole if whole > 0 else 0.0,
        per_month=None if days is None else information * MONTH / days,
        answers=tuple(
            _answer(says, draws[:, :, i], weights, summary)
            for i, (says, _) in enumerate(told)
            if possible[i]
        ),
    )


def _answer(says: str, draws: Array, weights: Array, summary: Summary) -> AnswerResult:
    """Return the outlook after an answer: a ratio of two means, with the error of a ratio."""
    both, alone = weights @ draws, draws.sum(axis=1)
    chance = float(weights @ alone)
    ratio = both / chance
    errors = np.sqrt(((weights[:, None] * (draws - ratio * alone[:, None])) ** 2).sum(axis=0))
    return AnswerResult(
        says,
        min(chance, 1.0),
        {
            name: Outlook(
                float(np.clip(ratio[i], 0.0, 1.0)),
                float(errors[i] / chance),
                float(ratio[i] - result.probability),
            )
            for i, (name, result) in enumerate(summary.scenarios.items())
        },
    )


def mutual_information(draws: Array, weights: Array) -> tuple[float, float]:
    """Return the mutual information of two partitions on the pooled joint, in bits, and its error.

    I = sum J log2(J / (J_s J_x)) with J = E[P(s, x | theta)]; the error by the delta method: each
    draw contributes sum_sx P(s, x | theta) log2(J / (J_s J_x)).

    Parameters
    ----------
    draws
        P(s, x | theta), shape ``(draws, scenarios, answers)``.
    weights
        Shape ``(draws,)``; they sum to one.

    Examples
    --------
    >>> both = np.array([[[0.5, 0.0], [0.0, 0.5]]])
    >>> mutual_information(both, np.ones(1))
    (1.0, 0.0)
    """
    joint = np.tensordot(weights, draws, axes=1)
    joint = joint / joint.sum()
    apart = joint.sum(axis=1)[:, None] * joint.sum(axis=0)[None, :]
    there = joint > 0
    logs = np.zeros_like(joint)
    logs[there] = np.log2(joint[there] / apart[there])
    each = (draws * logs).sum(axis=(1, 2))
    information = float((joint * logs).sum())
    error = float(np.sqrt(((weights * (each - information)) ** 2).sum()))
    return max(information, 0.0), error


def entropy(chances: Array) -> float:
    """Return the entropy of a distribution in bits.

    >>> entropy(np.array([0.25, 0.25, 0.5, 0.0]))
    1.5
    """
    some = chances[chances > 0]
    return float(-(some * np.log2(some)).sum())
