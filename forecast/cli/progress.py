"""How far a command has come, in one line that goes when it is done; only on a terminal."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self

LONGEST = 70


class Progress:
    """A line on standard error that is written over.

    Parameters
    ----------
    steps
        How many steps there are, where that is known.
    """

    def __init__(self, steps: int | None = None) -> None:
        self._steps, self._done = steps, 0
        self._shown = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._shown:
            sys.stderr.write(f"\r{'':{LONGEST}}\r")
            sys.stderr.flush()

    def step(self, text: str) -> None:
        """Say what is being done now."""
        self._done += 1
        if self._shown:
            count = "" if self._steps is None else f"{self._done}/{self._steps} "
            line = f"{count}{text}"[:LONGEST]
            sys.stderr.write(f"\r{line:{LONGEST}}")
            sys.stderr.flush()
