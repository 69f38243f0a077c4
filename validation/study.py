"""The false-pass study: many models, many seeds, and what the certificate says of each run."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

import forecast
from forecast.model.network import Network
from forecast.posterior import Posterior
from validation.bounds import Rate, rate
from validation.families import Family
from validation.model import Model
from validation.records import Record, record
from validation.truth.trusted import Truth, truth

type Engine = Callable[[Network, int], Posterior]

FAR = 3.0
"""Stated standard errors beyond which a result is wrong."""

FAR_POINTS = 3.0
"""Points of probability beyond which it is wrong whatever it states."""

MOST = 0.01
"""Upper bound of the rate of wrong passes that is still good enough."""


@dataclass(frozen=True)
class Studied:
    """A model with what is true of it."""

    model: Model
    questions: int
    coordinates: int
    truth: Truth


def exact(network: Network, seed: int) -> Posterior:
    """Run the engine as users do."""
    return forecast.infer(network, seed=seed)


def studied(family: Family) -> Iterator[tuple[Studied, Network]]:
    """Yield the models of a family with their truth, and the networks that they are read as."""
    for number in range(family.models):
        model = family.kept_model(number)
        network = model.network()
        start = time.monotonic()
        found = truth(model)
        questions = len(network.questions)
        size = sum(max(1, len(p.components) - 1) for p in network.parameters.values())
        yield Studied(model, questions, size + len(network.experts), found), network
        spent = time.monotonic() - start
        sys.stderr.write(f"{model.name}: {found.why_not or 'trusted'} ({spent:.0f} s)\n")


def runs(
    one: Studied, network: Network, seeds: Iterable[int], engine: Engine = exact
) -> list[Record]:
    """Run a model with some seeds; none where its truth is not known."""
    if not one.truth.trusted:
        return []
    return [
        record(one.model.family, one.model.name, seed, engine(network, seed), one.truth)
        for seed in seeds
    ]


@dataclass(frozen=True)
class Tally:
    """What came of some runs.

    Attributes
    ----------
    models, refused, passed
        How many models, and runs.
    chances
        Scenario by scenario: how many of those that passed are beyond `FAR` errors.
    runs
        How many of the runs that passed have such a scenario.
    spread
        Root mean square of the scores of those that passed; one is sound.
    points
        The largest error of those that passed, in points.
    """

    models: int
    refused: int
    passed: int
    chances: Rate
    runs: Rate
    spread: float
    points: float

    @property
    def good(self) -> bool:
        """Whether few enough passes are wrong, and none of them much."""
        return self.chances.bound < MOST and self.points <= FAR_POINTS


def tally(records: Sequence[Record], passes: Callable[[Record], bool] | None = None) -> Tally:
    """Count what passed and what of it is wrong.

    Parameters
    ----------
    records
        The runs.
    passes
        Another certificate than the engine's.
    """
    judged = passes or (lambda one: one.passed)
    passed = [one for one in records if judged(one)]
    by_model = [list(own) for _, own in groupby(passed, key=lambda one: one.model)]
    scores = np.array([score for one in passed for score in one.scores])
    return Tally(
        models=len({one.model for one in records}),
        refused=len(records) - len(passed),
        passed=len(passed),
        chances=rate([(sum(map(_far, own)), sum(len(r.scores) for r in own)) for own in by_model]),
        runs=rate([(sum(_far(r) > 0 for r in own), len(own)) for own in by_model]),
        spread=float(np.sqrt((scores**2).mean())) if passed else float("nan"),
        points=max((one.points for one in passed), default=0.0),
    )


def _far(one: Record) -> int:
    return sum(abs(score) > FAR for score in one.scores)


def biased(records: Iterable[Record], limit: float = 4.0) -> list[tuple[str, float]]:
    """Return the models whose passes err to one side, with the mean score times sqrt(passes).

    The largest over scenarios. Independent sound errors have mean scores of sd 1 / sqrt(passes);
    the error of the truth, which all runs of a model share, is a part of every score, so that
    somewhat larger ones are no wonder.
    """
    out = []
    for model, own in groupby((r for r in records if r.passed), key=lambda r: r.model):
        scores = np.array([r.scores for r in own])
        if len(scores) > 4:
            worst = float(np.abs(scores.mean(axis=0)).max() * np.sqrt(len(scores)))
            if worst > limit:
                out.append((model, worst))
    return out
