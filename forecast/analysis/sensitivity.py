"""What a forecast hangs on: every judgement at its ends, and all that was taken for granted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from forecast.analysis.alterations import altered, flipping, network_of
from forecast.analysis.column import Solved
from forecast.analysis.curves import Curve, curve, scores
from forecast.analysis.near import Found, Near
from forecast.analysis.sensitivity_contract import (
    Alteration,
    Bar,
    Flip,
    Interaction,
    Overturn,
    Sensitivity,
    Shift,
    Swing,
)
from forecast.errors import ForecastError, UsageError
from forecast.model.distributions import Beta, Dirichlet, Distribution, Gamma, LogNormal
from forecast.summary.contract import OUTPUT_VERSION, Summary

type Array = NDArray[np.float64]

END = float(ndtri(0.95))
"""The normal score of the upper of the two values; the lower has its negative."""

REACH = float(ndtri(0.99))
"""Scores within which a change of the lead is looked for."""

GRID = np.linspace(-REACH, REACH, 187)

STRONGEST = 6
"""Judgements whose pairs are looked at."""

NOTED, CLEAR = 0.02, 4.0
"""A pair is told of that does two points more together, and four of its errors: many are tried."""

SURE = 2.0
"""Errors by which another scenario must lead at the far side of a flip."""


@dataclass(frozen=True)
class _Judged:
    """One component of a judgement, with its curve."""

    name: str
    who: str
    words: str
    place: str
    value: Callable[[float], float]
    score: Array
    curve: Curve


def sensitivity(
    solved: Solved, summary: Summary, step: Callable[[str], None] = lambda _: None
) -> Sensitivity:
    """Return what a forecast hangs on.

    Parameters
    ----------
    solved, summary
        A forecast by the exact engine whose certificate has held.
    step
        Called with what is being done.

    Raises
    ------
    UsageError
        Where the file names no scenarios.
    """
    if not summary.scenarios:
        raise UsageError("this file names no scenarios: there is nothing to be sensitive")
    near = Near(solved)
    names = solved.network.scenarios
    step("following each judgement")
    judged = list(_judged(solved))
    bars = sorted((_bar(each, names) for each in judged), key=_reach, reverse=True)
    alterations: list[Alteration] = []
    skipped: list[str] = []
    for found in _alterations(solved, near, step):
        if isinstance(found, str):
            skipped.append(found)
        else:
            alterations.append(found)
    alterations.sort(key=lambda a: -max(abs(s.change) for s in a.scenarios.values()))
    lead = None if summary.lead is None else summary.lead.scenario
    return Sensitivity(
        output_version=OUTPUT_VERSION,
        title=summary.title,
        as_of=summary.as_of,
        digest=summary.digest,
        seed=summary.seed,
        draws=summary.draws,
        scenarios={name: result.probability for name, result in summary.scenarios.items()},
        lead=lead,
        runner_up=None if summary.lead is None else summary.lead.runner_up,
        judgements=tuple(bars),
        alterations=tuple(alterations),
        interactions=tuple(_interactions(judged, bars, solved)),
        flips=tuple(_flips(judged, names, solved)),
        flipped_by=tuple(_flipped(alterations, lead)),
        skipped=tuple(skipped),
    )


def _judged(solved: Solved) -> Iterator[_Judged]:
    posterior, final = solved.posterior, solved.posterior.final
    for name, parameter in solved.network.parameters.items():
        origin = parameter.origin
        parts = parameter.components or ("",)
        for k, score in enumerate(scores(name, parameter, posterior)):
            if np.ptp(score) == 0:
                continue
            yield _Judged(
                f"{name}.{parts[k]}" if parts[k] else name,
                origin.who,
                origin.words,
                origin.place,
                quantile(parameter.distribution, k),
                score,
                curve(score, final.scenarios, final.weights),
            )
    for expert, lean in posterior.leans.items():
        yield _Judged(
            f"experts.{expert}.lean",
            expert,
            "how far his story as a whole is right",
            "",
            lambda x: x,
            lean,
            curve(lean, final.scenarios, final.weights),
        )


def quantile(distribution: Distribution, component: int = 0) -> Callable[[float], float]:
    """Return the function that takes a normal score to the value: F^-1(Phi(x)).

    >>> round(quantile(LogNormal(0.0, 1.0))(1.0), 3)
    2.718
    """
    from scipy.special import betaincinv, gammaincinv

    match distribution:
        case Beta(a, b):
            return lambda x: float(betaincinv(a, b, ndtr(x)))
        case Gamma(shape, rate):
            return lambda x: float(gammaincinv(shape, ndtr(x)) / rate)
        case LogNormal(mu, sd):
            return lambda x: float(np.exp(mu + sd * x))
        case Dirichlet(alpha):
            own, total = alpha[component], sum(alpha)
            return lambda x: float(betaincinv(own, total - own, ndtr(x)))


def _bar(judged: _Judged, names: Sequence[str]) -> Bar:
    low, high = np.clip(judged.curve.at([-END, END]), 0.0, 1.0)
    errors = judged.curve.errors(judged.curve.contrast(END, -END))
    return Bar(
        judged.name,
        judged.who,
        judged.words,
        judged.place,
        (judged.value(-END), judged.value(END)),
        {
            name: Swing(float(low[i]), float(high[i]), float(high[i] - low[i]), float(errors[i]))
            for i, name in enumerate(names)
        },
    )


def _reach(bar: Bar) -> tuple[float, str]:
    return max(abs(swing.change) for swing in bar.scenarios.values()), bar.name


def _alterations(
    solved: Solved, near: Near, step: Callable[[str], None]
) -> Iterator[Alteration | str]:
    network, names = solved.network, solved.network.scenarios
    for i, statement in enumerate(network.statements):
        said = f"{statement.of}: {statement.says}"
        yield _alteration("statement", statement.id, said, near.without_statement(i), names)
    for each in altered(solved):
        step(f"{each.kind} {each.name} {each.words}")
        try:
            other = network_of(each.spec(), network)
            found = near.found(other)
        except ForecastError as error:
            told = error.args[0] if isinstance(error, UsageError) else _fault(error)
            yield f"{each.kind} {each.name} {each.words}: {told}"
            continue
        if other.nodes.keys() == network.nodes.keys() and not found.changes.any():
            continue
        yield _alteration(each.kind, each.name, each.words, found, names)


def _fault(error: ForecastError) -> str:
    faults = getattr(error, "faults", ())
    return faults[0].text if faults else str(error)


def _alteration(kind: str, name: str, words: str, found: Found, names: Sequence[str]) -> Alteration:
    return Alteration(
        kind,  # type: ignore[arg-type]
        name,
        words,
        found.anew,
        {
            scenario: Shift(
                float(found.chances[i]), float(found.changes[i]), float(found.change_errors[i])
            )
            for i, scenario in enumerate(names)
        },
    )


def _interactions(
    judged: Sequence[_Judged], bars: Sequence[Bar], solved: Solved
) -> Iterator[Interaction]:
    """Yield pairs that do more or less together: the product of two scores in a regression.

    On top of both curves, so that a bend of one is not taken for a pull of the other.
    """
    by_name = {each.name: each for each in judged}
    strongest = [by_name[bar.name] for bar in bars[:STRONGEST]]
    weights, chances = solved.posterior.final.weights, solved.posterior.final.scenarios
    found = []
    for one, other in combinations(strongest, 2):
        x, y = one.score, other.score
        design = np.stack(
            [np.ones_like(x), x, y, x**2, y**2, x**3, y**3, x * y, x**2 * y, x * y**2], axis=1
        )
        weighted = (design * weights[:, None]).T
        influence = np.linalg.solve(weighted @ design + 1e-12 * np.eye(10), weighted)
        residuals = chances - design @ (influence @ chances)
        # f(+,+) - f(+,-) - f(-,+) + f(-,-): only what is odd in both is left.
        row = 4 * END**2 * influence[7]
        change = row @ chances
        error = np.sqrt(((row[:, None] * residuals) ** 2).sum(axis=0))
        i = int(np.argmax(np.abs(change)))
        if abs(change[i]) > NOTED and abs(change[i]) > CLEAR * error[i]:
            scenario = solved.network.scenarios[i]
            found.append(
                Interaction(one.name, other.name, scenario, float(change[i]), float(error[i]))
            )
    yield from sorted(found, key=lambda each: -abs(each.change))


def _flips(judged: Sequence[_Judged], names: Sequence[str], solved: Solved) -> Iterator[Flip]:
    final = solved.posterior.final
    means = final.weights @ final.scenarios
    lead = flipping(means.tolist())
    found = [
        flip
        for each in judged
        if (flip := _flip(each, lead, names, float(final.weights @ each.score))) is not None
    ]
    yield from sorted(found, key=lambda flip: (flip.distance, flip.name))


def _flip(judged: _Judged, lead: int, names: Sequence[str], now: float) -> Flip | None:
    """Return the nearest value at which another scenario takes the lead, if there is one."""
    values = judged.curve.at(GRID)
    margins = values[:, [lead]] - values
    margins[:, lead] = np.inf
    least = margins.min(axis=1)
    behind = np.flatnonzero(least < 0)
    best: tuple[float, float, int] | None = None
    for side in (1, -1):
        beyond = [i for i in behind if side * (GRID[i] - now) > 0]
        if not beyond:
            continue
        first = beyond[0] if side > 0 else beyond[-1]
        rival = int(np.argmin(margins[first]))
        if not _is_sure(judged.curve, lead, rival, GRID[beyond]):
            continue
        before = first - side
        at = float(GRID[first])
        if 0 <= before < len(GRID) and least[before] > 0:
            share = least[before] / (least[before] - least[first])
            at = float(GRID[before] + share * (GRID[first] - GRID[before]))
        if best is None or abs(at - now) < abs(best[0] - now):
            best = at, side, rival
    if best is None:
        return None
    score, way, rival = best
    return Flip(
        judged.name,
        judged.value(score),
        way > 0,
        float(ndtr(score)),
        abs(score - now),
        names[rival],
    )


def _is_sure(curve: Curve, lead: int, rival: int, points: Array) -> bool:
    """Whether the rival leads somewhere by more than the error of the difference."""
    two = np.array([lead, rival])
    for point in (points[0], points[-1], points[len(points) // 2]):
        row = curve.contrast(float(point))
        margin = float(row @ (curve.coefficients[:, rival] - curve.coefficients[:, lead]))
        apart = curve.residuals[:, two[1]] - curve.residuals[:, two[0]]
        error = float(np.sqrt((((row @ curve.influence) * apart) ** 2).sum()))
        if margin > SURE * error + 1e-12:
            return True
    return False


def _flipped(alterations: Sequence[Alteration], lead: str | None) -> Iterator[Overturn]:
    for each in alterations:
        first = leader(each.scenarios)
        if lead is not None and first != lead:
            ahead = each.scenarios[first].probability - each.scenarios[lead].probability
            error = np.hypot(each.scenarios[first].mcse, each.scenarios[lead].mcse)
            if ahead > SURE * error:
                yield Overturn(each.kind, each.name, each.words, first)


def leader(scenarios: Mapping[str, Shift]) -> str:
    """Return the likeliest scenario."""
    names = list(scenarios)
    return names[flipping([shift.probability for shift in scenarios.values()])]
