"""From a path to a `ScenarioSpec`: read, fit to the schema, follow ``use:``, check the meaning."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from forecast.errors import Fault, InvalidSpecification, nearest
from forecast.spec.check import Context, check
from forecast.spec.lexicon import SHIPPED, Lexicon, load_lexicon
from forecast.spec.read import Source, read
from forecast.spec.rules import rules
from forecast.spec.scenario import PriorsFile, ScenarioFile
from forecast.spec.shape import validate
from forecast.spec.variant import variant_faults


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
        sources = {"scenario": self.source, "lexicon": self.lexicon.text}
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
    file, shape_faults, broken = validate(ScenarioFile, source, data)
    faults += shape_faults
    if file is None:
        raise InvalidSpecification([f for f in faults if f.severity == "error"])
    root = _project_root(FilePath(path))
    lexicon = _lexicon(file.lexicon, ("lexicon",), source, root, faults)
    priors: dict[str, tuple[PriorsFile, Source, Lexicon | None]] = {}
    for alias in file.use:
        if (loaded := _priors(alias, file.use[alias], source, root, faults)) is not None:
            priors[alias] = loaded
    lost = tuple(alias for alias in file.use if alias not in priors)
    context = Context(file, source, lexicon, priors, broken, lost)
    faults += check(context)
    faults += rules(context)
    faults += variant_faults(context)
    errors = [fault for fault in faults if fault.severity == "error"]
    if errors or lexicon is None:
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


def _project_root(path: FilePath) -> FilePath:
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
) -> tuple[PriorsFile, Source, Lexicon | None] | None:
    place = ("use", alias)
    if alias == "own":
        faults.append(
            source.fault(
                place,
                "duplicate-key",
                "`own` names this file's judgements",
                "choose another alias",
                key=True,
            )
        )
        return None
    target = _inside(written, place, source, root, faults)
    if target is None:
        return None
    try:
        theirs = read(target)
    except InvalidSpecification as error:
        faults.extend(_retold(error, source, place, written))
        return None
    faults.extend(theirs.faults)
    if isinstance(theirs.data, dict) and "priors" not in theirs.data:
        what = "a scenario file" if "forecast" in theirs.data else "no priors file"
        faults.append(
            source.fault(
                place,
                "kind",
                f"`{written}` is {what}; `use:` takes priors files",
                "they begin with `priors: 1`",
            )
        )
        return None
    file, shape_faults, _ = validate(PriorsFile, theirs, theirs.data)
    faults.extend(shape_faults)
    if file is None or shape_faults:
        return None
    return file, theirs, _lexicon(file.lexicon, ("lexicon",), theirs, root, faults)


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
