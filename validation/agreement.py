"""Whether both engines report the same of every shipped scenario, in long runs of each.

The engines share the sums over outcomes and nothing else: `exact` weighs draws of its own
proposals, `nuts` has PyMC's priors, transformations and sampler.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass
from enum import Enum
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import ndtri

import forecast
from forecast.model.network import Network, Origin, Statement
from forecast.summary.contract import Chance, Summary

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results"
CHANCES, RUNS = "agreement.csv", "agreement.json"
ALSO = (ROOT / "tests" / "kitchen_sink" / "kitchen_sink.yaml",)
"""Beside the shipped scenarios: one file with every construct of the language."""

DRAWS: Mapping[str, int] = {"exact": 65_536, "nuts": 16_000}

WORDS = ("id", "of", "says", "origin")
"""Fields of a statement that are no part of what is solved."""

FAMILY = 0.001
"""Chance that sound engines are called different, over all chances of all scenarios (Sidak)."""

SAME = 1e-7
"""Chances closer than this are the same: eight digits are kept."""

COLUMNS = ("scenario", "chance", "exact", "exact_error", "nuts", "nuts_error", "z")


@dataclass(frozen=True)
class Compared:
    """A reported chance by both engines, with Monte Carlo errors; z is their distance in these."""

    scenario: str
    chance: str
    exact: float
    exact_error: float
    nuts: float
    nuts_error: float

    @property
    def z(self) -> float:
        """The difference over the root of the summed squares of both errors."""
        return distance((self.exact, self.exact_error), (self.nuts, self.nuts_error))


@dataclass(frozen=True)
class Run:
    """The long runs of one scenario: what was solved, and what the engines said of themselves."""

    scenario: str
    network: str
    draws: Mapping[str, int]
    ess: Mapping[str, float | None]
    khat: float | None
    rhat: float | None


def scenarios() -> tuple[Path, ...]:
    """Return all shipped scenarios, and the files beside them."""
    return (*sorted((ROOT / "scenarios").glob("*.yaml")), *ALSO)


def compared(path: Path, seed: int = 42) -> tuple[Run, list[Compared]]:
    """Run both engines long on a scenario.

    Raises
    ------
    RuntimeError
        Where an engine cannot certify its result: there is nothing to compare.
    """
    spec = forecast.load(path)
    network = forecast.build(spec)
    found: dict[str, Summary] = {}
    for engine, draws in DRAWS.items():
        posterior = forecast.infer(network, engine, seed=seed, draws=draws)
        found[engine] = forecast.summarise(spec, network, posterior)
        if found[engine].diagnostics.status == "fail":
            raise RuntimeError(f"{path.name}, {engine}: {found[engine].diagnostics.reasons}")
    one, other = (dict(chances(found[engine])) for engine in DRAWS)
    rows = [Compared(path.stem, name, *one[name], *other[name]) for name in one]
    certificates = {engine: summary.diagnostics for engine, summary in found.items()}
    run = Run(
        scenario=path.stem,
        network=digest(network),
        draws={engine: summary.draws for engine, summary in found.items()},
        ess={engine: _short(certificate.ess) for engine, certificate in certificates.items()},
        khat=_short(certificates["exact"].khat),
        rhat=_short(certificates["nuts"].detail.get("rhat")),
    )
    return run, rows


def chances(summary: Summary) -> Iterator[tuple[str, tuple[float, float]]]:
    """Yield every reported chance by name, with its error."""
    for name, chance in _named(summary):
        yield name, (chance.probability, chance.mcse)


def _named(summary: Summary) -> Iterator[tuple[str, Chance]]:
    for name, scenario in summary.scenarios.items():
        yield f"scenario {name}", scenario
    for name, question in summary.questions.items():
        for state, chance in question.states.items():
            yield f"{name} is {state}", chance
        for day, chance in (question.by or {}).items():
            yield f"{name} by {day}", chance
        for day, cuts in (question.at_least or {}).items():
            for cut, chance in cuts.items():
                yield f"{name} >= {cut} by {day}", chance


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return how far apart two numbers are, in combined errors; zero where they are the same."""
    difference = abs(one[0] - other[0])
    return 0.0 if difference < SAME else difference / max(math.hypot(one[1], other[1]), 1e-300)


def limit(comparisons: int) -> float:
    """Return the z that none of so many comparisons of sound engines exceeds, but with `FAMILY`.

    Sidak (1967), 10.1080/01621459.1967.10482935; two-sided.

    >>> round(limit(1), 2), round(limit(400), 2)
    (3.29, 4.71)
    """
    single = 1 - (1 - FAMILY) ** (1 / comparisons)
    return float(-ndtri(single / 2))


def digest(network: Network) -> str:
    """Return a digest of what is solved: questions, tables, parameters, evidence, statements.

    Words, sources and places in the files are left out: a comment, a text or a new line makes no
    other network.
    """
    parts = (
        network.nodes,
        network.parameters,
        network.scenarios,
        [(view.likelihoods, view.seen) for view in network.views],
        [_wordless(statement) for statement in network.statements],
    )
    return _Canon().of(parts)[:16]


def _wordless(statement: Statement) -> dict[str, Any]:
    return {f.name: getattr(statement, f.name) for f in fields(statement) if f.name not in WORDS}


class _Canon:
    """Digests of nested values; what is shared is digested once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, str]] = {}

    def of(self, value: Any) -> str:
        if id(value) not in self._known:
            self._known[id(value)] = (value, hashlib.sha256(self._text(value).encode()).hexdigest())
        return self._known[id(value)][1]

    def _text(self, value: Any) -> str:
        match value:
            case Origin():
                return ""
            case Enum():
                return value.name
            case np.ndarray():
                flat = [self.of(entry) for entry in value.ravel().tolist()]
                return f"array {value.shape} {flat}"
            case Mapping():
                return f"map {[(str(key), self.of(entry)) for key, entry in value.items()]}"
            case list() | tuple():
                return f"list {[self.of(entry) for entry in value]}"
            case float():
                return f"{value:.12g}"
            case _ if is_dataclass(value):
                own = [(field.name, self.of(getattr(value, field.name))) for field in fields(value)]
                return f"{type(value).__name__} {own}"
            case str() | int() | None | dt.date():
                return repr(value)
        raise TypeError(f"{type(value).__name__} has no digest")


def save(runs: Sequence[Run], rows: Sequence[Compared]) -> None:
    """Keep the comparison under `RESULTS`."""
    RESULTS.mkdir(exist_ok=True)
    lines = ",\n".join(json.dumps(asdict(run)) for run in runs)
    head = json.dumps({"day": str(dt.date.today())})
    (RESULTS / RUNS).write_text(head[:-1] + ', "runs": [\n' + lines + "\n]}\n", "utf-8")
    out = StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for row in rows:
        numbers = (row.exact, row.exact_error, row.nuts, row.nuts_error)
        table.writerow([row.scenario, row.chance, *(f"{x:.8g}" for x in numbers), f"{row.z:.2f}"])
    (RESULTS / CHANCES).write_text(out.getvalue(), "utf-8")


def load(folder: Path = RESULTS) -> tuple[list[Run], list[Compared]]:
    """Read the comparison that is kept."""
    runs = [Run(**run) for run in json.loads((folder / RUNS).read_text("utf-8"))["runs"]]
    rows = csv.DictReader(StringIO((folder / CHANCES).read_text("utf-8")))
    return runs, [
        Compared(row["scenario"], row["chance"], *(float(row[name]) for name in COLUMNS[2:6]))
        for row in rows
    ]


def _short(number: float | None) -> float | None:
    return None if number is None or not math.isfinite(number) else float(f"{number:.4g}")
