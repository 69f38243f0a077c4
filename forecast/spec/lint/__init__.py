"""Lint that needs the file alone: what is no fault, but what an expert reviewer would ask about.

Each rule yields warnings. A file with ``numbers: exact`` is a textbook case: its numbers are meant,
its questions do not resolve, and the rules about both leave it alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecast.errors import Fault
from forecast.spec.context import Context
from forecast.spec.lint.claims import claim_lint
from forecast.spec.lint.foresight import foresight_lint
from forecast.spec.lint.numbers import number_lint
from forecast.spec.lint.reach import reach_lint
from forecast.spec.lint.reports import report_lint
from forecast.spec.lint.wording import wording_lint

__all__ = ["lint"]


def lint(context: Context) -> Iterator[Fault]:
    """Yield what a reviewer would ask about a sound file."""
    yield from claim_lint(context)
    yield from reach_lint(context)
    if context.file.numbers != "exact":
        yield from wording_lint(context)
        yield from number_lint(context)
        yield from report_lint(context)
        yield from foresight_lint(context)
