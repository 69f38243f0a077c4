"""From a path to a `ScenarioSpec`: read, fit to the schema, follow ``use:``, check the meaning."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path as FilePath
from typing import Any

from forecast.errors import Fault, InvalidSpecification
from forecast.spec.check import check
from forecast.spec.context import Context, Priors
from forecast.spec.events import MOST_FAULTS
from forecast.spec.lexicon import Lexicon
from forecast.spec.read import Source, read
from forecast.spec.rules import rules
from forecast.spec.scenario import DatedFile, ScenarioFile
from forecast.spec.shape import validate
from forecast.spec.sources import PriorsFile
from forecast.spec.undated import is_undated
from forecast.spec.use import project_root, used_lexicon, used_priors, without_echoes
from forecast.spec.variant import variant_faults
from forecast.spec.variation import Variation, changes, drop_faults, dropped_by, with_values

UNNAMED = "icd203"
"""The lexicon of a file that names none, having no words to read or scenarios to report."""


@dataclass(frozen=True)
class ScenarioSpec:
    """A scenario file with everything it uses, sound in shape and meaning.

    Attributes
    ----------
    file, source
        The schema model and the text that it was read from.
    lexicon
        What the analyst's own words mean, and the words of the report.
    priors
        Alias -> the file behind it, its text, its lexicon.
    warnings
        What should be looked at, but stops nothing.
    variation
        The variant that was carried out; None for the file as it is.
    """

    file: ScenarioFile
    source: Source
    lexicon: Lexicon
    priors: Mapping[str, tuple[PriorsFile, Source, Lexicon]]
    warnings: tuple[Fault, ...]
    variation: Variation | None = None

    @property
    def dropped(self) -> Collection[str]:
        """Reports and judgements that do not count, by their full names."""
        return () if self.variation is None else self.variation.dropped

    @property
    def texts(self) -> Mapping[str, str]:
        """Every file that was read, by the name under which the scenario knows it."""
        sources = {"scenario": self.source}
        if self.file.lexicon is not None:
            sources["lexicon"] = self.lexicon.text
        for alias, (_, source, lexicon) in self.priors.items():
            sources[f"use.{alias}"] = source
            sources[f"use.{alias}.lexicon"] = lexicon.text
        return {name: "\n".join(source.lines) for name, source in sources.items()}

    @property
    def context(self) -> Context:
        """The same, as the checks see it."""
        return Context(self.file, self.source, self.lexicon, dict(self.priors))


def load_spec(path: str | os.PathLike[str]) -> tuple[Context, ScenarioSpec | None, list[Fault]]:
    """Read a scenario file and everything that it uses.

    Parameters
    ----------
    path
        The scenario file.

    Returns
    -------
    tuple
        The context for further checks, the spec (None where there are errors) and all faults.

    Raises
    ------
    InvalidSpecification
        Where nothing can be made of the file: it is missing, is no YAML, has no readable frame.
    """
    return _understood(read(path))


def with_variant(spec: ScenarioSpec, name: str) -> tuple[Context, ScenarioSpec | None, list[Fault]]:
    """Carry a variant out: values are set first, then voices dropped.

    Parameters
    ----------
    spec
        The scenario.
    name
        One of its variants.

    Returns
    -------
    tuple
        As for `load_spec`; places of faults are those in the file as it is written.
    """
    variant = spec.file.variants[name]
    context, changed, faults = spec.context, spec, list[Fault]()
    if variant.set:
        try:
            context, found, faults = _understood(
                with_values(spec.source, name, variant), varied=True
            )
        except InvalidSpecification as error:  # a day that is none in the frame of the file
            return spec.context, None, [told_of(f, name, spec.source) for f in error.faults]
        faults = [told_of(fault, name, spec.source) for fault in faults]
        if found is None:
            return context, None, faults
        changed = found
    faults += islice(drop_faults(name, variant, context), MOST_FAULTS)
    if any(fault.severity == "error" for fault in faults):
        return context, None, faults
    variation = Variation(
        name,
        variant.text,
        variant.given,
        variant.do or {},
        dropped_by(variant, context),
        changes(variant, spec.source, context),
    )
    # The texts are those of the file as it is written: what the variant made of it is in its name.
    file = changed.file.model_copy(update={"variants": spec.file.variants})
    return context, replace(changed, file=file, variation=variation), faults


def with_data(spec: ScenarioSpec, data: Any) -> ScenarioSpec:
    """Return a scenario whose file says something else, found sound.

    Parameters
    ----------
    spec
        The scenario; places in faults are those of its file.
    data
        What the file would say: mappings, lists and texts.

    Raises
    ------
    InvalidSpecification
        Where it would not be sound.
    """
    source = replace(spec.source, data=data, faults=())
    _, found, faults = _understood(source, varied=True)
    if found is None:
        raise InvalidSpecification([fault for fault in faults if fault.severity == "error"])
    return found


def told_of(fault: Fault, name: str, source: Source) -> Fault:
    """Name the variant in a fault that stands elsewhere in the file."""
    own = ("variants", name)
    marks = (*source.values.items(), *source.keys.items())
    if (fault.line, fault.column) in {tuple(m) for path, m in marks if path[:2] == own}:
        return fault
    return replace(fault, text=f"with the variant `{name}`: {fault.text}")


def _understood(
    source: Source, *, varied: bool = False
) -> tuple[Context, ScenarioSpec | None, list[Fault]]:
    """Fit a file that was read to the schema, follow ``use:``, check the meaning."""
    faults = list(source.faults)
    data = _with_types(source.data)
    if isinstance(data, dict) and "forecast" not in data:
        for key, what in (("priors", "a priors file"), ("lexicon", "a lexicon")):
            if data.get(key) == "1":
                text = f"this is {what}; a scenario file begins with `forecast: 1`"
                raise InvalidSpecification(
                    [source.fault((), "kind", text, "name it under `use:` of a scenario")]
                )
    model: type[ScenarioFile] = ScenarioFile if is_undated(data) else DatedFile
    file, shape_faults, broken = validate(model, source, data)
    faults += shape_faults
    if file is None:
        told = without_echoes(faults, source)
        raise InvalidSpecification([f for f in told if f.severity == "error"])
    root = project_root(FilePath(source.file))
    lexicon = None
    if ("lexicon",) not in broken:
        lexicon = used_lexicon(file.lexicon or UNNAMED, ("lexicon",), source, root, faults)
    priors: dict[str, Priors] = {}
    lost = {str(entry[1]) for entry in broken if entry[0] == "use" and len(entry) > 1}
    for alias, written in file.use.items():
        loaded, broken_claims = used_priors(alias, written, source, root, faults)
        lost |= {f"{alias}.{claim}" for claim in broken_claims}
        if loaded is None:
            lost.add(alias)
        else:
            priors[alias] = loaded
    context = Context(file, source, lexicon, priors, broken, lost, varied)
    for found in (check(context), rules(context), variant_faults(context)):
        faults += islice(found, MOST_FAULTS)
    faults = list(dict.fromkeys(without_echoes(faults, source)))
    if lexicon is None or any(fault.severity == "error" for fault in faults):
        return context, None, faults
    known = {alias: (p, s, words) for alias, (p, s, words) in priors.items() if words is not None}
    return context, ScenarioSpec(file, source, lexicon, known, tuple(faults)), faults


def _with_types(data: Any) -> Any:
    """Write out the types that latents and `defaults:` leave unsaid."""
    if not isinstance(data, dict):
        return data
    defaults = data.get("defaults")
    kind = defaults.get("type") if isinstance(defaults, dict) else None
    out = dict(data)
    for section, default in (("latents", "binary"), ("questions", kind)):
        if isinstance(data.get(section), dict) and default is not None:
            out[section] = {
                name: {"type": default, **question} if isinstance(question, dict) else question
                for name, question in data[section].items()
            }
    return out
