"""What can go wrong, as people see it.

The exception tree::

    ForecastError            exit status 1 unless said otherwise
    ├── UsageError           the command or call was wrong                    2
    ├── InvalidFile          a file cannot be used; carries every fault       3
    │   ├── InvalidSpecification   wrong shape: what the file says
    │   └── InvalidModel           wrong meaning: what the file implies
    └── FailedDiagnostics    the numbers could not be certified               4
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

type Path = tuple[str | int, ...]
"""Where a value stands in a file: keys and list positions from the top."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a file, and how to mend it.

    Attributes
    ----------
    file, line, column
        The place, counted from one; line 0 means the file as a whole.
    path
        The place in the data, e.g. ``("questions", "visit", "prior")``.
    code
        A stable short name such as ``"unknown-state"``.
    text
        What is wrong, in one sentence.
    fix
        How to mend it; empty where ``text`` already says so.
    severity
        A ``"warning"`` never stops a run.
    """

    file: str
    line: int
    column: int
    path: Path
    code: str
    text: str
    fix: str = ""
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        where = f" {dotted(self.path)}:" if self.path else ""
        fix = f"\n  fix: {self.fix}" if self.fix else ""
        return f"{place}: {self.severity}[{self.code}]:{where} {self.text}{fix}"


class ForecastError(Exception):
    """Anything that `forecast` refuses to do, with a text for people."""

    exit_status = 1


class UsageError(ForecastError):
    """The command line or the call asks for something that does not exist."""

    exit_status = 2


class InvalidFile(ForecastError):
    """A file cannot be used; ``faults`` holds everything that is wrong with it."""

    exit_status = 3

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(
            sorted(faults, key=lambda f: (f.file, f.line, f.column))
        )
        super().__init__("\n".join(str(fault) for fault in self.faults))


class InvalidSpecification(InvalidFile):
    """The shape of a file is wrong: a field, a type, a phrase, a name."""


class InvalidModel(InvalidFile):
    """The file is well formed, but what it describes cannot be a model."""


class FailedDiagnostics(ForecastError):
    """Inference ran, but its result must not be shown as a result."""

    exit_status = 4


def dotted(path: Path) -> str:
    """Write a path as a reader would: ``scenarios.a.when``, ``evidence[0].odds``.

    >>> dotted(("evidence", 0, "odds"))
    'evidence[0].odds'
    """
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


def nearest(word: str, known: Iterable[str], cutoff: float = 0.5) -> str:
    """Return ``"did you mean `x`?"`` for the known name nearest to a wrong one, or ``""``.

    >>> nearest("kin", ["kim", "premier"])
    'did you mean `kim`?'
    """
    names: Sequence[str] = sorted(set(known))
    close = difflib.get_close_matches(word, names, n=1, cutoff=cutoff)
    return f"did you mean `{close[0]}`?" if close else ""
