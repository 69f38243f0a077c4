"""Check scenario files: all that is wrong, what should be looked at, what was understood."""

from __future__ import annotations

import os
from collections.abc import Sequence

from forecast import pipeline
from forecast.analysis.beforehand import Beforehand
from forecast.analysis.contract import CheckReport, FileReport, SignOff
from forecast.analysis.lint import Subject, conditions
from forecast.analysis.lint import lint as of_network
from forecast.analysis.sign_off import pairing, sign_off
from forecast.analysis.understanding import understood
from forecast.analysis.variants import variant_conditions, variant_lint
from forecast.errors import Fault, InvalidFile
from forecast.spec.lint import lint as of_text
from forecast.spec.load import ScenarioSpec


def check(paths: Sequence[str | os.PathLike[str]]) -> CheckReport:
    """Check scenario files.

    Parameters
    ----------
    paths
        The files.

    Returns
    -------
    CheckReport
        For each file its faults, and what was understood where none of them is an error.
    """
    return CheckReport(tuple(check_file(path) for path in paths))


def check_file(path: str | os.PathLike[str]) -> FileReport:
    """Check one scenario file."""
    file = os.fspath(path)
    try:
        spec, varied = pipeline.load_all(path)
        network = pipeline.build(spec)
        if spec.file.as_of is None:  # numbers of a textbook: nobody has judged what he could sign
            return FileReport(file, spec.warnings, understood(spec, network, (), 1))
        pairs = pairing(spec.file, network)
        wanted = {**conditions(spec), **variant_conditions(spec)}
        before = Beforehand(network, wanted, pairs.suppositions)
        found = list(of_text(spec.context))
        signed: tuple[SignOff, ...] = ()
        if before.is_affordable:
            found += of_network(Subject(spec, network, before))
            signed = sign_off(spec.file, spec.lexicon, before, pairs)
        else:
            found.append(_tangled(spec, before))
        possible = before.possible if before.is_affordable else {}
        found += variant_lint(varied, (*spec.warnings, *found), possible)
    except InvalidFile as error:
        return FileReport(file, error.faults, None)
    faults = tuple(sorted((*spec.warnings, *found), key=lambda f: (f.file, f.line, f.column)))
    if any(fault.severity == "error" for fault in faults):
        return FileReport(file, faults, None)
    return FileReport(file, faults, understood(spec, network, signed, before.draws))


def _tangled(spec: ScenarioSpec, before: Beforehand) -> Fault:
    """Return the warning about questions that hang together too closely to be looked at here."""
    named = ", ".join(f"`{name}`" for name in before.tangle[:5])
    text = (
        f"{len(before.tangle)} questions have to be kept in view at once ({named} ...): what the "
        "numbers imply would take too long to work out here"
    )
    fix = "take out a dependence between these questions, or give them fewer states"
    return spec.context.fault(("questions",), "tangled", text, fix, key=True, severity="warning")
