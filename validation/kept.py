"""Results as they are committed, and whether they are those of the present engine."""

from __future__ import annotations

import datetime as dt
import importlib
import json
import pkgutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from forecast import inference
from validation import records
from validation.records import Record
from validation.study import Studied
from validation.truth.trusted import Truth

RESULTS = Path(__file__).parent / "results"
RUNS, TRUTHS = "false_pass_runs.csv", "false_pass_truths.json"
CALIBRATION = "calibration.json"
ELSEWHERE = (
    *("nuts", "chains", "conflict", "pymc_model", "tape", "tape_op", "tape_operations"),
    *("contraction", "elimination", "memory", "operations", "products", "schedule", "tables"),
)
"""Modules of `forecast.inference` that decide nothing of what `exact` draws or passes: those of the
other engine, those that explain, and those that say in which order sums are done."""

type Constants = dict[str, float | list[float]]


def constants() -> Constants:
    """Return the constants of the engine by name: its thresholds, draws, factors.

    Results are of the present engine where these are the same and a sample of the runs, made
    again, gives the same; comments and the like change neither.
    """
    found: Constants = {}
    for info in pkgutil.iter_modules(inference.__path__):
        if info.name in ELSEWHERE:
            continue
        module: Any = importlib.import_module(f"{inference.__name__}.{info.name}")
        for key, value in sorted(vars(module).items()):
            if not key.isupper():
                continue
            if isinstance(value, int | float):
                found[f"{info.name}.{key}"] = float(value)
            elif isinstance(value, tuple) and all(isinstance(x, int | float) for x in value):
                found[f"{info.name}.{key}"] = [float(x) for x in value]
    return found


@dataclass(frozen=True)
class Known:
    """A model of the study as it is kept: its size and what is true of it."""

    family: str
    model: str
    questions: int
    coordinates: int
    truth: Truth


@dataclass(frozen=True)
class Kept:
    """A whole study, as it is kept.

    Attributes
    ----------
    day, seconds
        When it was made, and how long the runs of the engine took, without the truths.
    constants
        Those of the engine that it is about.
    models, records
        The models, and the runs of those whose truth is known.
    """

    day: str
    seconds: float
    constants: Constants
    models: tuple[Known, ...]
    records: tuple[Record, ...]


def save(found: Sequence[Studied], runs: Sequence[Record], seconds: float) -> None:
    """Keep a study under `RESULTS`."""
    RESULTS.mkdir(exist_ok=True)
    records.write(runs, RESULTS / RUNS)
    models = [
        asdict(Known(one.model.family, one.model.name, one.questions, one.coordinates, one.truth))
        for one in found
    ]
    head = {"day": str(dt.date.today()), "seconds": round(seconds), "constants": constants()}
    lines = ",\n".join(json.dumps(_rounded(model)) for model in models)
    text = json.dumps(head)[:-1] + ', "models": [\n' + lines + "\n]}\n"
    (RESULTS / TRUTHS).write_text(text, "utf-8")


def load(folder: Path = RESULTS) -> Kept:
    """Read the study that is kept."""
    told = json.loads((folder / TRUTHS).read_text("utf-8"))
    models = []
    for model in told["models"]:
        own = model.pop("truth")
        own |= {key: tuple(own[key]) for key in ("means", "errors", "methods")}
        models.append(Known(**model, truth=Truth(**own)))
    runs = tuple(records.read(folder / RUNS))
    return Kept(told["day"], told["seconds"], told["constants"], tuple(models), runs)


def _rounded(model: dict[str, Any]) -> dict[str, Any]:
    own = model["truth"]
    own["means"] = [float(f"{x:.8g}") for x in own["means"]]
    own["errors"] = [float(f"{x:.3g}") for x in own["errors"]]
    own["apart"] = round(own["apart"], 2)
    return model


@dataclass(frozen=True)
class Calibration:
    """What came of the calibration of a construct; ``control`` says what was spoilt, if anything.

    Attributes
    ----------
    name, simulations, quantities, refused
        Which construct, how often, how many quantities were ranked, how many runs refused.
    p_value
        The least over quantities, times their number.
    band
        The largest distance of the ranks' distribution from the diagonal.
    """

    name: str
    control: str
    simulations: int
    quantities: int
    refused: int
    p_value: float
    band: float


@dataclass(frozen=True)
class Calibrated:
    """The calibration of all constructs, and the negative controls."""

    day: str
    constructs: tuple[Calibration, ...]
    controls: tuple[Calibration, ...]


def save_calibration(constructs: Sequence[Calibration], controls: Sequence[Calibration]) -> None:
    """Keep a calibration under `RESULTS`."""
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(
        asdict(Calibrated(str(dt.date.today()), (*constructs,), (*controls,))), indent=1
    )
    (RESULTS / CALIBRATION).write_text(text + "\n", "utf-8")


def load_calibration(folder: Path = RESULTS) -> Calibrated | None:
    """Read the calibration that is kept, if there is one."""
    if not (folder / CALIBRATION).exists():
        return None
    told = json.loads((folder / CALIBRATION).read_text("utf-8"))
    constructs, controls = (
        tuple(Calibration(**one) for one in told[key]) for key in ("constructs", "controls")
    )
    return Calibrated(told["day"], constructs, controls)
