"""What a result was made from: the digest that names it, and the manifest beside it.

Nothing here depends on when, where or by whom a run was made.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import sys
from collections.abc import Mapping
from importlib import metadata
from typing import Any

from forecast.summary.contract import OUTPUT_VERSION

SHOWN = 12
"""Hexadecimal digits of a digest that people see: the run id."""


def digest(
    inputs: Mapping[str, str],
    settings: Mapping[str, Any],
    *,
    seed: int,
    output_version: int = OUTPUT_VERSION,
    version: str | None = None,
) -> str:
    r"""Return the digest of a run: SHA-256 over all that its result follows from.

    Parameters
    ----------
    inputs
        Label -> text of every file used: scenario, priors, lexicons. A label says what the file is
        for, or its way from the scenario, never where it lies.
    settings
        Engine, draws, error target, condition, as-of date ...: texts, numbers, dates, None, and
        lists and mappings of these.
    seed
        The seed.
    output_version
        Version of the result schema.
    version
        Version of `forecast`; by default the one installed.

    Returns
    -------
    str
        64 hexadecimal digits. Line ends and a byte order mark, which the reader of scenario files
        ignores too, change nothing; nor does the order of keys.

    Raises
    ------
    ValueError
        Where a label is an absolute path, or a setting cannot be written down (NaN, an object).

    Examples
    --------
    >>> one = digest({"a.yaml": "x: 1\r\n"}, {"draws": 9, "engine": "exact"}, seed=1)
    >>> one == digest({"a.yaml": "x: 1\n"}, {"engine": "exact", "draws": 9}, seed=1)
    True
    >>> one == digest({"a.yaml": "x: 2\n"}, {"engine": "exact", "draws": 9}, seed=1)
    False
    """
    everything = {
        "inputs": {_relative(name): _canonical_text(text) for name, text in inputs.items()},
        "settings": settings,
        "seed": seed,
        "output_version": output_version,
        "forecast": forecast_version() if version is None else version,
    }
    return _sha256(canonical(everything))


def manifest(
    inputs: Mapping[str, str], settings: Mapping[str, Any], *, seed: int
) -> dict[str, Any]:
    """Return the manifest of a run, but for the files of its result.

    Parameters
    ----------
    inputs, settings, seed
        As for `digest`; ``settings`` names the engine.

    Returns
    -------
    dict
        Plain data: ``digest``, ``run`` (as people see it), ``output_version``, ``engine``,
        ``seed``, ``settings``, ``inputs`` (label -> SHA-256) and ``versions``. The versions of
        Python and of packages are told, but are no part of the digest: a result that another
        version reproduces is the same result.

    Raises
    ------
    ValueError
        As `digest` does.
    """
    engine = settings["engine"]
    whole = digest(inputs, settings, seed=seed)
    return {
        "digest": whole,
        "run": run_id(whole),
        "output_version": OUTPUT_VERSION,
        "engine": engine,
        "seed": seed,
        "settings": json.loads(canonical(settings)),
        "inputs": {
            _relative(name): _sha256(_canonical_text(text)) for name, text in sorted(inputs.items())
        },
        "versions": versions(engine),
    }


def run_id(digest: str) -> str:
    """Return what people see of a digest.

    >>> run_id("0123456789abcdef")
    '0123456789ab'
    """
    return digest[:SHOWN]


def versions(engine: str) -> dict[str, str]:
    """Return the versions that a result may depend on in its last digits."""
    packages = ["numpy", "scipy", "h5py", *(["pymc"] if engine == "nuts" else [])]
    return {
        "forecast": forecast_version(),
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        **{package: metadata.version(package) for package in packages},
    }


def forecast_version() -> str:
    """Return the version of this package; ``"unknown"`` where it is not installed."""
    try:
        return metadata.version("forecast-scenarios")
    except metadata.PackageNotFoundError:
        return "unknown"


def canonical(data: Any) -> str:
    """Write plain data as JSON in the one way that the digest is taken of.

    >>> canonical({"b": (1, None), "a": dt.date(2025, 4, 8)})
    '{"a":"2025-04-08","b":[1,null]}'
    """
    return json.dumps(
        data,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
        default=_plain,
    )


def _plain(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise ValueError(f"{type(value).__name__} is nothing that a setting can be")


def _canonical_text(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _relative(name: str) -> str:
    """Return a label; one that holds an absolute path would make the digest depend on the place."""
    if os.path.isabs(name) or name.startswith(("/", "\\")) or name[1:3] == ":\\":
        raise ValueError(f"`{name}` is an absolute path, which is no label")
    return name


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
