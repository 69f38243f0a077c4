"""From a path to a `ScenarioSpec`: read, fit to the schema, follow ``use:``, check the meaning."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path as FilePath
from typing import Any

from forecast.errors import Fault, InvalidSpecification, nearest
from forecast.spec.check import check
from forecast.spec.context import Context, Priors
from forecast.spec.events import MOST_FAULTS
from forecast.spec.lexicon import SHIPPED, Lexicon, load_lexicon
from forecast.spec.read import Source, read
from forecast.spec.rules import rules
from forecast.spec.scenario import DatedFile, PriorsFile, ScenarioFile
from forecast.spec.shape import validate
from forecast.spec.undated import is_undated
from forecast.spec.variant import variant_faults

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
    """

    file: ScenarioFile
    source: Source
    lexicon: Lexicon
    priors: Mapping[str, tuple[PriorsFile, Source, Lexicon]]
    warnings: tuple[Fault, ...]

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
    source = read(path)
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
        told = _without_echoes(faults, source)
        raise InvalidSpecification([f for f in told if f.severity == "error"])
    root = project_root(FilePath(path))
    lexicon = None
    if ("lexicon",) not in broken:
        lexicon = _lexicon(file.lexicon or UNNAMED, ("lexicon",), source, root, faults)
    priors: dict[str, Priors] = {}
    lost = {str(entry[1]) for entry in broken if entry[0] == "use" and len(entry) > 1}
    for alias, written in file.use.items():
        loaded, broken_claims = _priors(alias, written, source, root, faults)
        lost |= {f"{alias}.{claim}" for claim in broken_claims}
        if loaded is None:
            lost.add(alias)
        else:
            priors[alias] = loaded
    context = Context(file, source, lexicon, priors, broken, lost)
    for found in (check(context), rules(context), variant_faults(context)):
        faults += islice(found, MOST_FAULTS)
    faults = list(dict.fromkeys(_without_echoes(faults, source)))
    if lexicon is None or any(fault.severity == "error" for fault in faults):
        return context, None, faults
    known = {alias: (p, s, words) for alias, (p, s, words) in priors.items() if words is not None}
    return context, ScenarioSpec(file, source, lexicon, known, tuple(faults)), faults


def _without_echoes(faults: Iterable[Fault], source: Source) -> Iterator[Fault]:
    """Leave out what only follows from a value that could not be read and was guessed."""
    read = [fault for fault in source.faults if fault.severity == "error"]
    guessed = {fault.path for fault in read if fault.path and fault.code != "duplicate-key"}
    for fault in faults:
        ends = range(1, len(fault.path)) if fault.code == "missing" else ()
        around = {fault.path, *(fault.path[:end] for end in ends)}
        if fault in read or fault.file != source.file or not around & guessed:
            yield fault


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


def project_root(path: FilePath) -> FilePath:
    """Return the nearest folder upward with pyproject.toml or .git, else the parent's parent."""
    folder = path.resolve().parent
    for candidate in (folder, *folder.parents):
        if (candidate / "pyproject.toml").exists() or (candidate / ".git").exists():
            return candidate
    return folder.parent


def _inside(
    written: str, place: tuple[str, ...], source: Source, root: FilePath, faults: list[Fault]
) -> FilePath | None:
    """Resolve a path written in a file; it may point anywhere below the project root only."""
    target = FilePath(source.file).parent / written
    try:
        resolved = target.resolve(strict=False)
        loop = resolved == FilePath(source.file).resolve()
    except (OSError, RuntimeError, ValueError):
        faults.append(
            source.fault(place, "path", f"`{written}` cannot be followed: it leads in a circle")
        )
        return None
    if loop:
        faults.append(source.fault(place, "path", "a scenario cannot use itself"))
        return None
    if not resolved.is_relative_to(root):
        text = f"`{written}` lies outside the project folder"
        faults.append(
            source.fault(
                place, "path", text, "copy the file below the folder with pyproject.toml or .git"
            )
        )
        return None
    return target


def _priors(
    alias: str, written: str, source: Source, root: FilePath, faults: list[Fault]
) -> tuple[Priors | None, Collection[str]]:
    """Return a priors file, if it can be used, and the judgements in it that cannot."""
    place = ("use", alias)
    if alias == "own":
        text, fix = "`own` names this file's judgements", "choose another alias"
        faults.append(source.fault(place, "duplicate-key", text, fix, key=True))
        return None, ()
    target = _inside(written, place, source, root, faults)
    if target is None:
        return None, ()
    try:
        theirs = read(target)
    except InvalidSpecification as error:
        faults.extend(_retold(error, source, place, written))
        return None, ()
    faults.extend(theirs.faults)
    if isinstance(theirs.data, dict) and "priors" not in theirs.data:
        what = "a scenario file" if "forecast" in theirs.data else "no priors file"
        text = f"`{written}` is {what}; `use:` takes priors files"
        faults.append(source.fault(place, "kind", text, "they begin with `priors: 1`"))
        return None, ()
    file, shape_faults, broken = validate(PriorsFile, theirs, theirs.data)
    faults.extend(_without_echoes(shape_faults, theirs))
    if file is None or ("judgements",) in broken:
        return None, ()
    lexicon = None
    if ("lexicon",) not in broken:
        lexicon = _lexicon(file.lexicon, ("lexicon",), theirs, root, faults)
    claims = [str(entry[1]) for entry in broken if entry[0] == "judgements"]
    return (file, theirs, lexicon), claims


def _lexicon(
    name: str, place: tuple[str, ...], source: Source, root: FilePath, faults: list[Fault]
) -> Lexicon | None:
    try:
        if name in SHIPPED:
            return load_lexicon(name)
        if "/" not in name and not name.endswith((".yaml", ".yml")):
            fix = nearest(name, SHIPPED) or f"one of {', '.join(SHIPPED)}, or the path of your own"
            faults.append(
                source.fault(place, "unknown-lexicon", f"there is no lexicon `{name}`", fix)
            )
            return None
        target = _inside(name, place, source, root, faults)
        return None if target is None else load_lexicon(name, path=str(target))
    except InvalidSpecification as error:
        faults.extend(_retold(error, source, place, name))
        return None


def _retold(
    error: InvalidSpecification, source: Source, place: tuple[str, ...], written: str
) -> list[Fault]:
    """Tell of a file that cannot be read at the place that names it; else pass its faults on."""
    if len(error.faults) == 1 and error.faults[0].line == 0:
        return [
            source.fault(
                place,
                error.faults[0].code,
                f"`{written}`: {error.faults[0].text}",
                error.faults[0].fix,
            )
        ]
    return list(error.faults)
