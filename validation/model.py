"""A generated model: the files of a scenario, and what they are read as."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import forecast
from forecast.model.network import Network

SCENARIO = "scenario.yaml"


@dataclass(frozen=True)
class Model:
    """A generated model.

    Attributes
    ----------
    family, number
        Which one it is.
    files
        Name -> text; `SCENARIO` is the scenario file.
    """

    family: str
    number: int
    files: Mapping[str, str]

    @property
    def name(self) -> str:
        """A name that no other model has."""
        return f"{self.family}-{self.number}"

    def network(self) -> Network:
        """Read the files and build the network, as `forecast run` does."""
        with tempfile.TemporaryDirectory() as folder:
            for name, text in self.files.items():
                (Path(folder) / name).write_text(text, "utf-8")
            return forecast.build(forecast.load(Path(folder) / SCENARIO))
