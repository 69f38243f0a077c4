"""load -> build -> infer -> summarise: pure functions, each takes the result of the one before.

Nothing here prints or saves.
"""

from __future__ import annotations

import datetime as dt
import importlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic_core import PydanticCustomError

from forecast.errors import Fault, InvalidModel, InvalidSpecification, UsageError, nearest
from forecast.inference.settings import ERROR_TARGET, Settings, silent
from forecast.interop.scenario import is_bif, load_bif
from forecast.model import build as _build
from forecast.model.misfit import misfits
from forecast.model.mismatch import mismatches
from forecast.model.network import Network
from forecast.model.possible import row_faults
from forecast.posterior import Posterior
from forecast.spec.calendar import read_day
from forecast.spec.expression import ExpressionError
from forecast.spec.finding import Finding, finding_faults, read_finding
from forecast.spec.load import ScenarioSpec, load_spec, told_of, with_variant
from forecast.spec.variant import do_complaints
from forecast.summary.contract import Summary
from forecast.summary.summarise import summarise as _summarise

ENGINES = {
    "auto": "forecast.inference.auto",
    "exact": "forecast.inference.importance",
    "nuts": "forecast.inference.nuts",
}
"""Engine -> the module that holds it; imported only when it is asked for."""


def load(path: str | os.PathLike[str], variant: str | None = None) -> ScenarioSpec:
    """Read a scenario file with everything it uses, and check its shape and meaning.

    Parameters
    ----------
    path
        The scenario file, or a network in BIF (``*.bif``).
    variant
        The variant of it that is wanted; by default the file as it is.

    Raises
    ------
    InvalidFile
        With every fault of every file: place, what is wrong, how to mend it.
    UsageError
        Where there is no such variant.
    """
    spec, varied = load_all(path)
    if variant is None:
        return spec
    if variant not in varied:
        hint = nearest(variant, varied) or f"it has {', '.join(varied) or 'none'}"
        raise UsageError(f"{spec.source.file} has no variant `{variant}`: {hint}")
    return warned(varied[variant])


def load_all(path: str | os.PathLike[str]) -> tuple[ScenarioSpec, Mapping[str, ScenarioSpec]]:
    """Read a scenario file as `load` does, and return it with every variant of it.

    Raises
    ------
    InvalidFile
        With every fault of every file, and of every variant.
    """
    if is_bif(path):
        return load_bif(path), {}
    context, spec, faults = load_spec(path)
    errors = [fault for fault in faults if fault.severity == "error"]
    scenario = context.source.file
    faulty = {(*fault.path[:2],) for fault in errors if fault.file == scenario}
    rows = list(row_faults(context, faulty | context.broken))
    if spec is not None and not rows:
        return warned(spec), _varied(spec)
    raise (InvalidSpecification if errors else InvalidModel)([*faults, *rows])


def warned(spec: ScenarioSpec) -> ScenarioSpec:
    """Return a file, or a variant of it, with what its numbers and its claims are asked about."""
    return replace(spec, warnings=(*spec.warnings, *misfits(spec), *mismatches(spec)))


def _varied(spec: ScenarioSpec) -> Mapping[str, ScenarioSpec]:
    """Return all variants, once each of them has been found sound."""
    found: dict[str, ScenarioSpec] = {}
    faults: list[Fault] = []
    for name in spec.file.variants:
        context, varied, more = with_variant(spec, name)
        faults += (fault for fault in more if fault.severity == "error")
        if varied is not None and spec.file.variants[name].set:
            faults += (told_of(fault, name, spec.source) for fault in row_faults(context, ()))
        if varied is not None:
            found[name] = varied
    if faults:
        raise InvalidSpecification(dict.fromkeys(faults))
    return found


def build(
    spec: ScenarioSpec,
    *,
    given: str | Sequence[str] = (),
    as_of: str | dt.date | None = None,
    do: Mapping[str, str] | None = None,
) -> Network:
    """Build the network of a scenario.

    Parameters
    ----------
    spec
        From `load`.
    given
        What is taken as known: conditions such as ``"visit by 2025-05-09"``, or soft evidence
        such as ``"place ~ 0.1, 0.5, 0.9"``, a weight for each state.
    as_of
        The day whose knowledge counts; the file's own by default.
    do
        Question -> the state, day or number that it is set to from that day on, or ``never``.

    Raises
    ------
    UsageError
        Where a condition, a day or a value cannot be read, or names what does not exist; where the
        file says nothing of days, so that none can be chosen.
    InvalidModel
        Where the file describes no possible model.
    """
    day = as_of if as_of is None or isinstance(as_of, dt.date) else as_of_day(as_of)
    if day is not None and spec.file.as_of is None:
        raise UsageError("--as-of: this file says nothing of days")
    findings = [_finding(text, spec) for text in ([given] if isinstance(given, str) else given)]
    for name, value in (do or {}).items():
        for complaint, fix, _ in do_complaints(name, value, spec.context):
            raise UsageError(_joined("--do", complaint, fix))
    return _build.build(spec, given=findings, as_of=day, do=do)


def infer(
    network: Network,
    engine: str = "exact",
    *,
    seed: int = 42,
    draws: int | None = None,
    error_target: float = ERROR_TARGET,
    notice: Callable[[str], None] = silent,
) -> Posterior:
    """Infer the posterior of a network.

    Parameters
    ----------
    network
        From `build`.
    engine
        ``exact``; ``nuts``; ``auto``: exact, and nuts where its certificate fails.
    seed
        The same seed gives the same bytes on the same machine.
    draws
        How many draws; by default as many as the error target needs.
    error_target
        Largest Monte Carlo standard error of a reported probability.
    notice
        Told where ``auto`` goes on to the slower engine.

    Raises
    ------
    UsageError
        Where there is no such engine.
    InvalidModel
        Where the evidence is impossible; names what clashes.
    """
    if engine not in ENGINES:
        hint = nearest(engine, ENGINES) or f"one of {', '.join(ENGINES)}"
        raise UsageError(f"there is no engine `{engine}`: {hint}")
    module: Any = importlib.import_module(ENGINES[engine])
    posterior: Posterior = module.infer(network, Settings(seed, draws, error_target, notice))
    return posterior


def summarise(
    spec: ScenarioSpec, network: Network, posterior: Posterior, digest: str = ""
) -> Summary:
    """Report a posterior; look at ``diagnostics.status`` before showing any number."""
    return _summarise(spec, network, posterior, digest)


def settings(
    network: Network, engine: str, draws: int | None, given: Sequence[str]
) -> dict[str, Any]:
    """Return the settings that a run follows from, as its digest takes them.

    Parameters
    ----------
    network
        What was built.
    engine, draws
        As for `infer`.
    given
        What is taken as known beside what the file's variant supposes.
    """
    return {
        "engine": engine,
        "draws": draws,
        "error_target": ERROR_TARGET,
        "given": list(given),
        "as_of": None if network.as_of is None else str(network.as_of),
        **({"do": dict(network.done)} if network.done else {}),
    }


def manifest(spec: ScenarioSpec, settings: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """Return what a run is made from: digests of all inputs, settings, seed, versions.

    Parameters
    ----------
    spec
        The scenario.
    settings
        Engine, draws, condition, as-of date.
    seed
        The seed.
    """
    from forecast.store.manifest import manifest as of_run

    return of_run(spec.texts, settings, seed=seed)


def to_pymc(scenario: str | os.PathLike[str] | ScenarioSpec | Network) -> Any:
    """Return the joint model of a scenario as a ``pymc.Model``, outcomes summed out.

    Parameters
    ----------
    scenario
        A path, or the result of `load` or `build`.

    Returns
    -------
    pymc.Model
        Named parameters with their elicited priors; evidence and statements as potentials.
    """
    if isinstance(scenario, str | os.PathLike):
        scenario = load(scenario)
    network = build(scenario) if isinstance(scenario, ScenarioSpec) else scenario
    module: Any = importlib.import_module("forecast.inference.pymc_model")
    return module.to_pymc(network)


def with_sources(tree: Any, model: Any) -> Any:
    """Write into a DataTree of draws where each number came from, and return it.

    Parameters
    ----------
    tree
        What ``pm.sample`` returned.
    model
        From `to_pymc`, extended or not.
    """
    module: Any = importlib.import_module("forecast.inference.pymc_model")
    return module.with_sources(tree, model)


def as_of_day(text: str) -> dt.date:
    """Read the day of ``--as-of``; a `UsageError` says what is wrong with it."""
    try:
        return read_day(text)
    except PydanticCustomError as error:
        told = error.context or {}
        raise UsageError(_joined("--as-of", str(told["text"]), str(told["fix"]))) from None


def _finding(text: str, spec: ScenarioSpec) -> Finding:
    try:
        finding = read_finding(text)
    except ExpressionError as error:
        raise UsageError(_joined("--given", str(error), error.fix)) from None
    for complaint, fix, _ in finding_faults(finding, spec.context):
        raise UsageError(_joined("--given", complaint, fix))
    return finding


def _joined(option: str, text: str, fix: str) -> str:
    return f"{option}: {text}" + (f" ({fix})" if fix else "")
