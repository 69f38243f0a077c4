"""Stated against implied: who pulled, which way, and who yielded."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from forecast.inference.conflict import Conflicts
from forecast.inference.pareto import effective_draws
from forecast.model.network import Network, Statement
from forecast.posterior import Posterior
from forecast.summary.disagreement import StatementResult, Yielded
from forecast.summary.drivers import judged

LEAST_ESS = 100.0
"""Effective draws without a statement below which its pull is not reported."""


LEAST_MOVE = 0.1
"""Standard deviations by which a judgement must move to be said to have yielded."""

MOST_YIELDED = 3


def statement_results(
    network: Network, posterior: Posterior, found: Conflicts
) -> tuple[StatementResult, ...]:
    """Report each statement beside what the rest of the model implies.

    Implied before: E[m_j | evidence]; after: E[m_j | evidence, all statements]. The pull is the
    change that this statement alone makes given all others, from the same draws with its
    likelihood divided out.
    """
    if not network.statements:
        return ()
    yielded = _yielded(network, posterior)
    return tuple(
        _result(j, s, posterior, found.statement(j).sds, yielded[j])
        for j, s in enumerate(network.statements)
    )


def _yielded(network: Network, posterior: Posterior) -> list[tuple[Yielded, ...]]:
    """Return for each statement the judgements that moved most because of it alone."""
    movers = list(judged(network, posterior))
    without = (posterior.log_weights[:, None] - posterior.statement_log_likelihood).T
    if not movers:
        return [()] * len(without)
    values = np.array([draws for *_, draws in movers])
    now = values @ posterior.final.weights
    out: list[tuple[Yielded, ...]] = []
    for logs in without:
        if effective_draws(logs) < LEAST_ESS:
            out.append(())
            continue
        weights = np.exp(logs - logs.max())
        weights /= weights.sum()
        mean = values @ weights
        spread = np.sqrt(np.maximum((values**2) @ weights - mean**2, 0.0))
        moved = np.divide(now - mean, spread, out=np.zeros_like(mean), where=spread > 0)
        strongest = np.argsort(-np.abs(moved), kind="stable")[:MOST_YIELDED]
        felt = [i for i in strongest.tolist() if abs(moved[i]) >= LEAST_MOVE]
        named = [(movers[i], float(moved[i])) for i in felt]
        out.append(tuple(Yielded(name, who, words, sds) for (name, who, words, _), sds in named))
    return out


def _result(
    j: int,
    statement: Statement,
    posterior: Posterior,
    apart: float,
    yielded: tuple[Yielded, ...],
) -> StatementResult:
    before, after = posterior.stages["evidence"], posterior.stages["statements"]
    m = np.nan_to_num(after.targets[:, j])
    implied_before = float(before.weights @ np.nan_to_num(before.targets[:, j]))
    implied_after = float(after.weights @ m)
    stated = float(expit(statement.stated))
    pull = pull_sd = None
    without = posterior.log_weights - posterior.statement_log_likelihood[:, j]
    if effective_draws(without) >= LEAST_ESS:
        weights = np.exp(without - without.max())
        weights /= weights.sum()
        mean = float(weights @ m)
        spread = float(np.sqrt(weights @ (m - mean) ** 2))
        pull = implied_after - mean
        pull_sd = pull / spread if spread > 0 else 0.0
    implied_logit = np.log(np.clip(implied_after, 1e-9, 1 - 1e-9)) - np.log1p(
        -np.clip(implied_after, 1e-9, 1 - 1e-9)
    )
    strain = float((statement.stated - implied_logit) / np.hypot(statement.sd, statement.shift))
    if statement.side is not None:
        wrong_way = strain < 0 if statement.side == "at most" else strain > 0
        strain = strain if wrong_way else 0.0
    return StatementResult(
        id=statement.id,
        of=statement.of,
        says=statement.says,
        expert=statement.expert,
        side=statement.side,
        stated=stated,
        implied_before=implied_before,
        implied_after=implied_after,
        pull=pull,
        pull_sd=pull_sd,
        strain=strain,
        apart=apart,
        yielded=yielded,
    )
