"""What a run of the engine gave, beside what is true."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forecast.inference.certificate import mean_and_error
from forecast.posterior import Posterior
from validation.truth.trusted import Truth

type Array = NDArray[np.float64]

SURE = 1e-6
"""A scenario whose chance is nearer to zero or one than this has no error to speak of."""


@dataclass(frozen=True)
class Record:
    """A run of the engine.

    Attributes
    ----------
    family, model, seed
        Which run.
    status
        What the certificate says.
    draws, ess, khat, agreement, limit
        What it rests on.
    stated
        The largest stated error of a scenario, in points.
    largest, ends
        The largest stated error of anything reported, and of the end of an interval, in points.
    scores
        (Estimate - truth) / (stated error and truth's, together), for each scenario
        that is neither sure nor impossible.
    points
        The largest |estimate - truth|, in points.
    """

    family: str
    model: str
    seed: int
    status: str
    draws: int
    ess: float
    khat: float
    agreement: float
    limit: float
    stated: float
    largest: float
    ends: float
    scores: tuple[float, ...]
    points: float

    @property
    def passed(self) -> bool:
        """Whether the result would be shown."""
        return self.status != "fail"

    @property
    def share(self) -> float:
        """Effective draws, relative to draws."""
        return self.ess / self.draws


def record(family: str, model: str, seed: int, found: Posterior, truth: Truth) -> Record:
    """Compare a result with the truth."""
    final = found.final
    means, errors = mean_and_error(final.weights, final.scenarios, final.unseen)
    off = means - np.array(truth.means)
    both = np.maximum(np.hypot(errors, np.array(truth.errors)), 1e-6)
    unsure = (np.array(truth.means) > SURE) & (np.array(truth.means) < 1 - SURE)
    told = found.diagnostics
    return Record(
        family=family,
        model=model,
        seed=seed,
        status=told.status,
        draws=found.draws,
        ess=round(told.ess or 0.0, 1),
        khat=round(float("nan") if told.khat is None else told.khat, 3),
        agreement=round(told.detail.get("agreement", 0.0), 3),
        limit=round(told.detail.get("agreement_limit", 0.0), 3),
        stated=round(100 * float(errors.max()), 4),
        largest=round(100 * told.detail.get("largest_error", 0.0), 4),
        ends=round(100 * told.detail.get("largest_end_error", 0.0), 4),
        scores=tuple(np.round(off / both, 3)[unsure].tolist()),
        points=round(100 * float(np.abs(off).max()), 4),
    )


def write(records: Iterable[Record], file: Path) -> None:
    """Write records as CSV."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow([f.name for f in fields(Record)])
        for one in records:
            values = [getattr(one, f.name) for f in fields(Record)]
            rows.writerow([" ".join(map(str, v)) if isinstance(v, tuple) else v for v in values])


def read(file: Path) -> list[Record]:
    """Read records."""
    with file.open(encoding="utf-8", newline="") as stream:
        return [
            Record(
                family=row["family"],
                model=row["model"],
                seed=int(row["seed"]),
                status=row["status"],
                draws=int(row["draws"]),
                ess=float(row["ess"]),
                khat=float(row["khat"]),
                agreement=float(row["agreement"]),
                limit=float(row["limit"]),
                stated=float(row["stated"]),
                largest=float(row["largest"]),
                ends=float(row["ends"]),
                scores=tuple(map(float, row["scores"].split())),
                points=float(row["points"]),
            )
            for row in csv.DictReader(stream)
        ]
