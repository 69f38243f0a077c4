"""Where each number came from, what became of it, and what was left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.special import betaincinv, gammaincinv

from forecast.model.distributions import Beta, Dirichlet, Gamma, LogNormal
from forecast.model.elicitation import NINETY
from forecast.model.network import Network, Parameter
from forecast.model.stated import statement_name
from forecast.posterior import Posterior
from forecast.spec import walk
from forecast.spec.judgement import Pool
from forecast.spec.load import ScenarioSpec
from forecast.spec.notation import Multiplier
from forecast.summary.contract import (
    ExpertResult,
    Ignored,
    ParameterResult,
    Provenance,
    VariantResult,
)


def provenance(spec: ScenarioSpec, network: Network, posterior: Posterior) -> Provenance:
    """Return the sources of every number and the policies that were used."""
    file = spec.file
    sources = {
        alias: f"{priors.source.who}, {priors.source.said}"
        + (f", {priors.source.where}" if priors.source.where else "")
        for alias, (priors, _, _) in spec.priors.items()
    }
    return Provenance(
        about=file.about,
        author=file.author,
        marking=file.marking,
        retrospective=file.retrospective,
        lexicon=spec.lexicon.name if file.lexicon else None,
        observed_through=str(file.looked_through) if file.as_of else None,
        given=network.given,
        parameters=tuple(
            entry
            for parameter in network.parameters.values()
            for entry in _parameters(parameter, network, posterior)
        ),
        sources=sources,
        unused=file.unused,
        policy=policy_used(spec, network),
        warnings=tuple(str(fault) for fault in spec.warnings),
        done=network.done,
        variant=None
        if spec.variation is None
        else VariantResult(spec.variation.name, spec.variation.text, spec.variation.changes),
    )


def policy_used(spec: ScenarioSpec, network: Network) -> dict[str, Any]:
    """Return the constants behind the numbers of this run; see `forecast.spec.policy`."""
    file, policy = spec.file, spec.file.policy
    used: dict[str, Any] = {}
    if any(network.reports[report].grade for report in network.views[1].reports):
        used["grades"] = {"letters": dict(policy.letters), "digits": dict(policy.digits)}
    if any(s.expert not in file.experts for s in network.statements):
        used["experts"] = {"shift": policy.shift, "scatter": policy.scatter}
    if any(isinstance(part, Pool) and not part.is_mixture for part in _judged(spec)):
        used["disagreement"] = policy.disagreement
    if policy.discount != 1:
        used["discount"] = policy.discount
    words = {part.word for part in _judged(spec) if isinstance(part, Multiplier) and part.word}
    if words:
        used["multipliers"] = {word: list(policy.multipliers[word]) for word in sorted(words)}
    return used


def _judged(spec: ScenarioSpec) -> Iterator[object]:
    for placed in walk.in_file(spec.file):
        if isinstance(placed, walk.PlacedJudgement):
            found = walk.pool_of(placed.judgement, placed.path, spec.file)
            reference = walk.reference_of(placed.judgement)
            if found is not None:
                yield found[0]
            elif reference is not None:
                yield spec.context.stored(reference.alias)[reference.id].read_as
            else:
                yield placed.judgement


def expert_results(
    spec: ScenarioSpec, network: Network, posterior: Posterior
) -> dict[str, ExpertResult]:
    """Return what became of each expert's lean."""
    out = {}
    for alias, expert in spec.file.experts.items():
        source = spec.priors[alias][0].source if alias in spec.priors else None
        lean = posterior.leans.get(alias)
        mean = sd = None
        if lean is not None:
            weights = posterior.final.weights
            mean = float(weights @ lean)
            sd = float(np.sqrt(weights @ (lean - mean) ** 2))
        out[alias] = ExpertResult(
            who=source.who if source else spec.file.author or "own",
            said=str(source.said if source else spec.file.day),
            shift=expert.shift,
            scatter=expert.scatter,
            lean_mean=mean,
            lean_sd=sd,
            sharpness=expert.sharpness,
        )
    return out


def ignored(spec: ScenarioSpec, network: Network) -> tuple[Ignored, ...]:
    """Return the reports and statements that do not count as of the as-of date, and why."""
    used = set(network.views[1].reports)
    dropped = spec.dropped
    without = f"dropped by the variant `{spec.variation.name}`" if spec.variation else ""
    late = tuple(
        Ignored(
            item.id,
            without
            if item.id in dropped
            else f"known on {item.known_on}, after {network.as_of}"
            if network.as_of is None or item.known_on > network.as_of
            else "a later count stands for it",
        )
        for item in spec.file.evidence
        if item.id not in used
    )
    said = {s.id for s in network.statements}
    names = (statement_name(s, i) for i, s in enumerate(spec.file.statements))
    mute = tuple(
        Ignored(name, without if name in dropped else f"said after {network.as_of}", "statement")
        for name in names
        if name not in said
    )
    return late + mute


def _parameters(
    parameter: Parameter, network: Network, posterior: Posterior
) -> list[ParameterResult]:
    draws = np.atleast_2d(posterior.parameters[parameter.path])
    names = [parameter.path]
    parts = components_of(parameter)
    if parameter.components:
        names = [f"{parameter.path}.{state}" for state in parameter.components]
    origin = parameter.origin
    return [
        ParameterResult(
            name=name,
            distribution=words,
            mean=mean,
            quantiles=quantiles,
            posterior_mean=float(posterior.final.weights @ values),
            who=origin.who,
            said=str(origin.said),
            words=origin.words,
            place=origin.place,
            quote=origin.quote,
            note=origin.note,
            hindsight=network.as_of is not None and origin.said > network.as_of,
        )
        for name, (words, mean, quantiles), values in zip(names, parts, draws, strict=True)
    ]


def components_of(parameter: Parameter) -> list[tuple[str, float, dict[str, float]]]:
    """Return words, mean and quantiles of each component of a prior."""
    match parameter.distribution:
        case Beta(a, b):
            return [(f"Beta({a:.4g}, {b:.4g})", a / (a + b), _levels(betaincinv, a, b))]
        case Gamma(shape, rate):
            scaled = {k: v / rate for k, v in _levels(gammaincinv, shape).items()}
            return [(f"Gamma({shape:.4g}, {rate:.4g}) a day", shape / rate, scaled)]
        case LogNormal(mu, sd):
            half = NINETY / 2 * sd
            levels = {"0.05": mu - half, "0.5": mu, "0.95": mu + half}
            mean = float(np.exp(mu + sd**2 / 2))
            words = f"LogNormal({mu:.4g}, {sd:.4g})"
            return [(words, mean, {k: float(np.exp(v)) for k, v in levels.items()})]
        case Dirichlet(alpha):
            total = sum(alpha)
            words = f"Dirichlet({', '.join(f'{a:.4g}' for a in alpha)})"
            return [(words, a / total, _levels(betaincinv, a, total - a)) for a in alpha]


def _levels(inverse: Any, *shape: float) -> dict[str, float]:
    return {str(level): float(inverse(*shape, level)) for level in (0.05, 0.5, 0.95)}
