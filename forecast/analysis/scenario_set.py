"""Scenarios as a set: what they share, what is left over, and what each looks like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from forecast.analysis.answers import answers
from forecast.analysis.column import Solved
from forecast.analysis.indicators import joint_chances
from forecast.analysis.scenario_set_contract import Member, Overlap, ScenarioSet, Story, Trait
from forecast.analysis.stories import Stories, stories
from forecast.inference.certificate import mean_and_error
from forecast.summary.contract import OUTPUT_VERSION, Summary

type Array = NDArray[np.float64]

TOLD = 8
"""Stories that are told."""

TRAITS = 4
NOTED = 0.1
"""A trait is ten points more or less likely in the scenario than outside."""

NEARLY = 0.9
NEVER = 1e-9
"""Chances below this are none."""


def scenario_set(solved: Solved, summary: Summary) -> ScenarioSet:
    """Return the health of the scenarios of a file.

    Parameters
    ----------
    solved, summary
        A forecast by the exact engine whose certificate has held.

    Raises
    ------
    UsageError
        Where the file names no scenarios, or they speak of too much to tell stories.
    """
    told = stories(solved)
    weights = solved.posterior.final.weights
    pooled, errors = mean_and_error(weights, told.chances)
    names = solved.network.scenarios
    traits = _traits(solved, summary)
    shown = list(_stories(told, pooled, errors, names))
    return ScenarioSet(
        output_version=OUTPUT_VERSION,
        title=summary.title,
        as_of=summary.as_of,
        digest=summary.digest,
        draws=summary.draws,
        scenarios={
            name: Member(
                probability=summary.scenarios[name].probability,
                holds=float(pooled @ told.conditions[:, i]),
                taken=_taken(i, told, pooled, names),
                remainder=solved.spec.file.scenario_conditions()[name].is_otherwise,
                traits=traits[name],
            )
            for i, name in enumerate(names)
        },
        overlaps=tuple(sorted(_overlaps(told, pooled, solved), key=lambda o: -o.both)),
        stories=tuple(shown),
        told=float(sum(story.probability for story in shown)),
    )


def _taken(i: int, told: Stories, pooled: Array, names: Sequence[str]) -> dict[str, float]:
    found = {
        names[j]: float(pooled @ (told.conditions[:, i] & (told.scenario == j))) for j in range(i)
    }
    return {name: chance for name, chance in found.items() if chance > NEVER}


def _overlaps(told: Stories, pooled: Array, solved: Solved) -> Iterator[Overlap]:
    conditions = solved.spec.file.scenario_conditions()
    named = [i for i, c in enumerate(conditions.values()) if not c.is_otherwise]
    names = list(conditions)
    for i, j in combinations(named, 2):
        one, other = told.conditions[:, i], told.conditions[:, j]
        both, either = float(pooled @ (one & other)), float(pooled @ (one | other))
        if both < NEVER:
            continue
        only = float(pooled @ (one & ~other)), float(pooled @ (other & ~one))
        share = both / either
        kind = "near-duplicate" if share > NEARLY else "overlap"
        if only[1] < NEVER:
            kind = "contains"
        elif only[0] < NEVER:
            kind = "within"
        yield Overlap(names[i], names[j], kind, both, share)  # type: ignore[arg-type]


def _stories(told: Stories, pooled: Array, errors: Array, names: Sequence[str]) -> Iterator[Story]:
    """Yield the likeliest stories; of equally likely ones the first in the order of the facts."""
    for place in np.argsort(-pooled.round(12), kind="stable")[:TOLD]:
        if pooled[place] < NEVER:
            return
        facts = tuple(
            fact.says if true else fact.denied
            for fact, true in zip(told.facts, told.holds[place], strict=True)
        )
        yield Story(names[told.scenario[place]], facts, float(pooled[place]), float(errors[place]))


def _traits(solved: Solved, summary: Summary) -> dict[str, tuple[Trait, ...]]:
    """Return what sets each scenario apart: the answers whose chance differs most within it."""
    asked = answers(solved.spec, solved.network)
    joints = joint_chances(solved, list(dict.fromkeys(answer.question for answer in asked)))
    weights = solved.posterior.final.weights
    pooled = {name: np.tensordot(weights, joint, axes=1) for name, joint in joints.items()}
    out = {}
    for i, name in enumerate(summary.scenarios):
        found: list[Trait] = []
        for answer in asked:
            chances = pooled[answer.question] @ answer.holds
            whole = pooled[answer.question].sum(axis=1)
            rest = whole.sum() - whole[i]
            if whole[i] < NEVER or rest < NEVER:
                continue
            within, outside = chances[i] / whole[i], (chances.sum() - chances[i]) / rest
            found.append(Trait(answer.says, float(within), float(outside)))
        strong = [trait for trait in found if abs(trait.within - trait.outside) >= NOTED]
        ranked = sorted(strong, key=lambda trait: -abs(trait.within - trait.outside))
        out[name] = tuple(ranked[:TRAITS])
    return out
