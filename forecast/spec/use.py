"""The files behind ``use:`` and ``lexicon:``: where they may lie, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path as FilePath

from forecast.errors import Fault, InvalidSpecification, nearest
from forecast.spec.context import Priors
from forecast.spec.lexicon import SHIPPED, Lexicon, load_lexicon
from forecast.spec.read import Source, read
from forecast.spec.shape import validate
from forecast.spec.sources import PriorsFile


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


def used_priors(
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
    faults.extend(without_echoes(shape_faults, theirs))
    if file is None or ("judgements",) in broken:
        return None, ()
    lexicon = None
    if ("lexicon",) not in broken:
        lexicon = used_lexicon(file.lexicon, ("lexicon",), theirs, root, faults)
    claims = [str(entry[1]) for entry in broken if entry[0] == "judgements"]
    return (file, theirs, lexicon), claims


def used_lexicon(
    name: str, place: tuple[str, ...], source: Source, root: FilePath, faults: list[Fault]
) -> Lexicon | None:
    """Return a lexicon by its name or path, or None with the faults noted."""
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


def without_echoes(faults: Iterable[Fault], source: Source) -> Iterator[Fault]:
    """Leave out what only follows from a value that could not be read and was guessed."""
    read = [fault for fault in source.faults if fault.severity == "error"]
    guessed = {fault.path for fault in read if fault.path and fault.code != "duplicate-key"}
    for fault in faults:
        ends = range(1, len(fault.path)) if fault.code == "missing" else ()
        around = {fault.path, *(fault.path[:end] for end in ends)}
        if fault in read or fault.file != source.file or not around & guessed:
            yield fault
