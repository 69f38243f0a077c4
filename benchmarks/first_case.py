"""The first case without its statements, whole process, against two PyMC scripts.

Equal Monte Carlo error: a script is run with PyMC's own number of draws, and its drawing after
tuning is then reckoned as longer by the square of its error over ours. Imports, compilation and
tuning are counted once, as they are. The error is that of the scenario where it is largest.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import forecast
from benchmarks.cases import without_statements
from benchmarks.peers.marginalised import marginalised
from benchmarks.peers.plain import plain

DRAWS = TUNE = 1000
"""Draws and tuning steps of each chain: the defaults of `pm.sample`."""

PATIENCE = 900
FAR = 4.5
"""Standard errors of a difference beyond which two do not say the same (some 30 are compared)."""


@dataclass(frozen=True)
class Run:
    """One process: its seconds, those spent drawing after tuning, and what it found."""

    seconds: float
    drawing: float
    probability: tuple[float, ...]
    mcse: tuple[float, ...]

    @property
    def worst(self) -> float:
        """The largest Monte Carlo error of a scenario; one that was never drawn has none."""
        return max(error for error in self.mcse if math.isfinite(error))

    def at_error(self, target: float) -> float:
        """Return the seconds that a run to another Monte Carlo error takes."""
        return self.seconds + self.drawing * ((self.worst / target) ** 2 - 1)

    def far_from(self, other: Run) -> float:
        """Return the largest difference of a scenario's chance, in standard errors."""
        pairs = zip(self.probability, other.probability, self.mcse, other.mcse, strict=True)
        apart = ((abs(p - q), math.hypot(a, b)) for p, q, a, b in pairs)
        return max(gap / error for gap, error in apart if math.isfinite(error) and error > 0)


@dataclass(frozen=True)
class Rival:
    """What was measured of one way to solve the first case: medians over the rounds.

    ``equal``: seconds at our Monte Carlo error; ``ratio``: those by our seconds, None where what it
    found is not what the others found; ``apart``: by how many standard errors.
    """

    name: str
    seconds: float
    worst: float
    equal: float
    ratio: float | None
    apart: float


def compared(folder: Path, rounds: int) -> list[Rival]:
    """Measure `forecast run` and both scripts, taking turns; the scripts are left in the folder."""
    scenario = without_statements(folder)
    network = forecast.build(forecast.load(scenario))
    for name, text in (("plain", plain(network)), ("marginalised", marginalised(network))):
        (folder / f"{name}.py").write_text(text, "utf-8")
        _script(folder / f"{name}.py", 2, 2, 0)  # compiled by now, as every later run finds it
    _ours(scenario, folder / "results", 0)
    runs: dict[str, list[Run]] = {"forecast run": [], "plain": [], "marginalised": []}
    for seed in range(1, rounds + 1):
        runs["forecast run"].append(_ours(scenario, folder / "results", seed))
        for name in ("plain", "marginalised"):
            runs[name].append(_script(folder / f"{name}.py", DRAWS, TUNE, seed))
    return [_rival(name, own, runs["forecast run"]) for name, own in runs.items()]


def _rival(name: str, own: Sequence[Run], ours: Sequence[Run]) -> Rival:
    equal = [run.at_error(other.worst) for run, other in zip(own, ours, strict=True)]
    apart = max(run.far_from(other) for run, other in zip(own, ours, strict=True))
    ratios = [seconds / other.seconds for seconds, other in zip(equal, ours, strict=True)]
    return Rival(
        name=name,
        seconds=median(run.seconds for run in own),
        worst=median(run.worst for run in own),
        equal=median(equal),
        ratio=median(ratios) if apart < FAR else None,
        apart=apart,
    )


def _ours(scenario: Path, out: Path, seed: int) -> Run:
    command = ["run", str(scenario), "--seed", str(seed), "--json", "--out", str(out)]
    executable = Path(sys.executable).with_name("forecast")
    seconds, printed = _process([str(executable), *command])
    found = json.loads(printed)["scenarios"].values()
    return Run(
        seconds,
        0.0,
        tuple(scenario["probability"] for scenario in found),
        tuple(scenario["mcse"] for scenario in found),
    )


def _script(path: Path, draws: int, tune: int, seed: int) -> Run:
    command = [sys.executable, str(path), str(draws), str(tune), str(seed)]
    seconds, printed = _process(command)
    found = json.loads(printed)
    return Run(
        seconds,
        covered(found["drawing"]),
        tuple(found["probability"]),
        tuple(found["mcse"]),
    )


def covered(spans: Iterable[tuple[float, float]]) -> float:
    """Return the time that spans cover: chains may run at once or one after the other.

    >>> covered([(0.0, 2.0), (1.0, 4.0)]), covered([(0.0, 1.0), (5.0, 6.0)])
    (4.0, 2.0)
    """
    total, end = 0.0, -math.inf
    for first, last in sorted(map(tuple, spans)):
        total += max(0.0, last - max(first, end))
        end = max(end, last)
    return total


def _process(command: Sequence[str]) -> tuple[float, str]:
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    seconds = time.perf_counter() - start
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed:\n{done.stderr[-2000:]}")
    return seconds, done.stdout
