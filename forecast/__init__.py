"""Expert expectations in, defensible probabilities of named scenarios out.

The path, one layer a word: spec -> model -> inference -> posterior -> summary -> views.
Public names are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from forecast.errors import ForecastError
    from forecast.pipeline import build, infer, load, summarise, to_pymc, with_sources

__version__ = "0.1.0"

_HOMES = {
    "ForecastError": "forecast.errors",
    "build": "forecast.pipeline",
    "infer": "forecast.pipeline",
    "load": "forecast.pipeline",
    "summarise": "forecast.pipeline",
    "to_pymc": "forecast.pipeline",
    "with_sources": "forecast.pipeline",
}

__all__ = ["ForecastError", "build", "infer", "load", "summarise", "to_pymc", "with_sources"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'forecast' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
