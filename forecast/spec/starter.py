"""A scenario to begin with: each common form once, and a run that says something."""

from __future__ import annotations

import datetime as dt
import os
from importlib import resources
from pathlib import Path
from string import Template

from forecast.spec.quotes import as_scalar
from forecast.spec.use import project_root


def starter(path: Path, title: str, as_of: dt.date) -> dict[Path, str]:
    """Return the files of a new scenario; nothing is written.

    Parameters
    ----------
    path
        Where the scenario file is to stand. The file of priors stands beside it or, where it lies
        in a folder ``scenarios``, in ``../priors``.
    title
        What the forecast is about.
    as_of
        The day whose knowledge it holds.

    Returns
    -------
    dict
        Path -> text: the scenario file, then the file of priors.
    """
    in_project = path.absolute().parent.name == "scenarios"
    folder = path.parent.parent / "priors" if in_project else path.parent
    priors = folder / f"{path.stem}_expert.yaml"
    span = (as_of + dt.timedelta(days=20), as_of + dt.timedelta(days=45))
    words = {
        "title": as_scalar(title),
        "as_of": str(as_of),
        "said": str(as_of),
        "seen": str(as_of - dt.timedelta(days=12)),
        "soon": "..".join(map(str, span)),
        "mid": str(as_of + dt.timedelta(days=60)),
        "horizon": str(as_of + dt.timedelta(days=180)),
        "file": " ".join(str(path).split()),
        "priors": as_scalar(Path(os.path.relpath(priors, path.parent)).as_posix()),
    }
    return {
        target: _template(kind).substitute(words, schema=_schema(kind, target))
        for kind, target in (("scenario", path), ("priors", priors))
    }


def _template(kind: str) -> Template:
    return Template((resources.files("forecast") / "starter" / f"{kind}.yaml").read_text("utf-8"))


def _schema(kind: str, target: Path) -> str:
    """Return where an editor finds the schema: from the file, if both lie in one project."""
    schema = Path(str(resources.files("forecast"))) / "schemas" / f"{kind}.schema.json"
    root = project_root(target)
    marked = any((root / mark).exists() for mark in ("pyproject.toml", ".git"))
    if marked and schema.is_relative_to(root):
        return Path(os.path.relpath(schema, target.absolute().parent)).as_posix()
    return schema.as_posix()
