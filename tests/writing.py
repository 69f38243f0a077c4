"""Files for tests: a small project on disk, and what loading a scenario in it says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import forecast
from forecast.errors import Fault, InvalidFile
from forecast.spec.load import ScenarioSpec

BASE = """\
forecast: 1
title: T
as_of: 2025-04-08
horizon: 2025-12-31
lexicon: icd203
use: {doo: ../priors/doo.yaml}
judgements:
  mine: {read_as: likely}
latents:
  will: {prior: 50% (22..78)}
questions:
  meeting: {type: binary, prior: own.mine}
  place: {type: categorical, states: [moscow, east, none], prior: {shares: {moscow: 20%, east: 30%, none: 50%}, worth: 8}}
  troops: {type: date, occurs: 40% (20..60), timing: [evenly], report_by: [2025-06-30]}
  visits: {type: count, rate: doo.visits}
statements:
  - {of: meeting, says: doo.trip}
evidence:
  - {id: report, date: 2025-03-01, text: t, source: s, grade: B2, odds: {meeting: doo.chip}}
scenarios:
  a: meeting
  b: otherwise
variants:
  v: {given: meeting}
watch: [troops]
unused: {doo.sure: not in doubt}
"""

PRIORS = """\
priors: 1
source: {who: Doo, said: 2025-04-01}
lexicon: plain
judgements:
  trip: {read_as: likely}
  visits: {read_as: {events: 8, in: 20 months}}
  chip: {read_as: x2 (1.1..4)}
  sure: {read_as: certain}
"""


@dataclass(frozen=True)
class Project:
    """A folder with ``scenarios/s.yaml`` and ``priors/doo.yaml``."""

    root: Path

    def write(self, name: str, text: str) -> Path:
        """Write a file below the project."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def load(self, text: str = BASE, priors: str = PRIORS) -> ScenarioSpec:
        """Load a scenario."""
        self.write("pyproject.toml", "")
        self.write("priors/doo.yaml", priors)
        return forecast.load(self.write("scenarios/s.yaml", text))

    def faults(self, text: str = BASE, priors: str = PRIORS) -> tuple[Fault, ...]:
        """Return what loading and building a scenario complain of."""
        try:
            forecast.build(self.load(text, priors))
        except InvalidFile as error:
            return error.faults
        return ()
