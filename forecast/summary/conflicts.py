"""Sources in conflict, with what each would have to be for them to agree."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from scipy.special import expit

from forecast.inference.conflict import LIMIT, Conflicts, Surprise
from forecast.model.network import Item, Network
from forecast.posterior import Posterior
from forecast.summary.disagreement import ConflictResult, Opponent, StatementResult

FELT = 0.3
"""Standard deviations of a conflict that must go with a source for it to be named."""

MOST_NAMED = 3

MOST_ITEMS = 24
"""Reports, counts and silences that are left out one by one, the most believed first."""

RESTS_ON = 0.3
"""Correlation of a judgement with what is implied from which it is said to rest on it."""

MOST_JUDGEMENTS = 2


def conflict_results(
    network: Network,
    posterior: Posterior,
    found: Conflicts,
    statements: tuple[StatementResult, ...],
) -> tuple[ConflictResult, ...]:
    """Return the sources that are in conflict with all the rest, the sharpest conflict first.

    Parameters
    ----------
    network, posterior, found
        The network, what was inferred, and who lies how far from whom in it.
    statements
        The statements, with how far each is apart.
    """
    if posterior.diagnostics.ess is None:
        return ()
    failed = posterior.diagnostics.status == "fail"
    out = [
        _statement(j, network, posterior, found)
        for j, result in enumerate(statements)
        if abs(result.apart or 0.0) > LIMIT
    ]
    for item in _most_believed(found):
        looked_at = failed or item.kind != "silence"
        if looked_at and found.can_surprise(item):
            surprise = found.surprise(item)
            if surprise.sds > LIMIT:
                out.append(_evidence(surprise, network, found))
    return tuple(sorted(out, key=lambda conflict: -abs(conflict.apart)))


def _most_believed(found: Conflicts) -> list[Item]:
    return sorted(found.known, key=lambda item: -item.reliability)[:MOST_ITEMS]


def _statement(j: int, network: Network, posterior: Posterior, found: Conflicts) -> ConflictResult:
    statement, apart = network.statements[j], found.statement(j)
    edge = math.copysign(LIMIT, apart.sds) * apart.spread
    against = [
        Opponent("statement", (other.id,), found.statement(j, [i]).sds)
        for i, other in enumerate(network.statements)
        if i != j
    ]
    against += [
        Opponent(item.kind, item.names, found.statement(j, [item]).sds)
        for item in _most_believed(found)
    ]
    return ConflictResult(
        kind="statement",
        names=(statement.id,),
        of=statement.of,
        apart=apart.sds,
        said=float(expit(statement.stated)),
        implied=float(expit(apart.rest)),
        said_to_agree=float(expit(statement.stated - apart.said + apart.rest + edge)),
        implied_to_agree=float(expit(apart.said - edge)),
        against=(*_felt(against, apart.sds), *_rests_on(j, posterior)),
        by_moments=apart.by_moments,
    )


def _evidence(surprise: Surprise, network: Network, found: Conflicts) -> ConflictResult:
    item = surprise.item
    against = [
        Opponent(other.kind, other.names, found.surprise(item, [other]).sds)
        for other in _most_believed(found)
        if other != item
    ]
    texts = [network.reports[name].text for name in item.names if name in network.reports]
    return ConflictResult(
        kind=item.kind,
        names=item.names,
        of="; ".join(texts),
        apart=surprise.sds,
        said=None,
        implied=surprise.chance,
        said_to_agree=None,
        implied_to_agree=surprise.agrees,
        against=tuple(_felt(against, surprise.sds)),
        by_moments=False,
    )


def _felt(against: list[Opponent], apart: float) -> list[Opponent]:
    """Return the opponents without which clearly less of the conflict would be left."""

    def left(opponent: Opponent) -> float:
        return math.copysign(1, apart) * (opponent.apart or 0.0)

    felt = [o for o in against if left(o) < abs(apart) - FELT]
    return sorted(felt, key=left)[:MOST_NAMED]


def _rests_on(j: int, posterior: Posterior) -> Iterator[Opponent]:
    """Yield the judgements with which what is implied goes together most, before any statement."""
    stage = posterior.stages["evidence"]
    implied = np.nan_to_num(stage.targets[:, j], nan=0.5)
    found = []
    for name, draws in posterior.prior.items():
        for row in np.atleast_2d(draws):
            found.append((abs(_correlation(stage.weights, row, implied)), name))
    strongest = dict.fromkeys(name for r, name in sorted(found, reverse=True) if r > RESTS_ON)
    for name in list(strongest)[:MOST_JUDGEMENTS]:
        yield Opponent("judgement", (name,), None)


def _correlation(weights: np.ndarray, x: np.ndarray, y: np.ndarray) -> float:
    x, y = x - weights @ x, y - weights @ y
    spread = math.sqrt(float(weights @ x**2) * float(weights @ y**2))
    return float(weights @ (x * y)) / spread if spread > 0 else 0.0
