"""Runs that were kept, read again."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from forecast.errors import UsageError
from forecast.store.folder import is_whole
from forecast.summary.contract import Summary

SUMMARY = "summary.json"


def read_summary(folder: str | os.PathLike[str]) -> Summary:
    """Return the result of a run that was kept.

    Parameters
    ----------
    folder
        The folder of the run, as `forecast run` names it.

    Raises
    ------
    UsageError
        Where it holds no run, or one that has been changed since.
    """
    path = Path(folder)
    if not (path / SUMMARY).is_file():
        raise UsageError(f"`{path}` holds no run: there is no {SUMMARY} in it")
    if not is_whole(path):
        raise UsageError(f"the run in `{path}` is not whole: a file is missing or was changed")
    try:
        return TypeAdapter(Summary).validate_json((path / SUMMARY).read_bytes())
    except ValidationError:
        raise UsageError(f"`{path / SUMMARY}` is no result that this version can read") from None
