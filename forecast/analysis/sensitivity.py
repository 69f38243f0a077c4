"""What a forecast hangs on: every judgement at its ends, and all that was taken for granted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from forecast.analysis.alterations import altered, flipping, network_of
from forecast.analysis.column import Solved
from forecast.analysis.curves import curve, scores
from forecast.analysis.judged import END, Judged, flips, interactions
from forecast.analysis.near import Found, Near
from forecast.analysis.sensitivity_contract import (
    Alteration,
    Bar,
    Overturn,
    Sensitivity,
    Shift,
    Swing,
)
from forecast.errors import ForecastError, UsageError
from forecast.model.distributions import Beta, Dirichlet, Distribution, Gamma, LogNormal
from forecast.summary.contract import OUTPUT_VERSION, Summary

type Array = NDArray[np.float64]

SURE = 2.0
"""Errors by which another scenario must lead after an alteration."""


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
        interactions=tuple(interactions(judged, bars, solved)),
        flips=tuple(flips(judged, names, solved)),
        flipped_by=tuple(_flipped(alterations, lead)),
        skipped=tuple(skipped),
    )


def _judged(solved: Solved) -> Iterator[Judged]:
    posterior, final = solved.posterior, solved.posterior.final
    for name, parameter in solved.network.parameters.items():
        origin = parameter.origin
        parts = parameter.components or ("",)
        for k, score in enumerate(scores(name, parameter, posterior)):
            if np.ptp(score) == 0:
                continue
            yield Judged(
                f"{name}.{parts[k]}" if parts[k] else name,
                origin.who,
                origin.words,
                origin.place,
                quantile(parameter.distribution, k),
                score,
                curve(score, final.scenarios, final.weights),
            )
    for expert, lean in posterior.leans.items():
        yield Judged(
            f"experts.{expert}.lean",
            expert,
            "how far the story as a whole is right",
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


def _bar(judged: Judged, names: Sequence[str]) -> Bar:
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
