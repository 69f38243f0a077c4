"""Files that say nothing of days: networks of fixed tables, as textbooks publish them.

Whoever judges, reports or expects something does so on a day. So a file without ``as_of`` has
nothing of the sort: its questions have a `table` or follow from others (`means`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forecast.errors import Fault, Path
from forecast.spec.context import Context
from forecast.spec.question import AnyQuestion, Binary, Categorical
from forecast.spec.table import TabledShares

_DATED = ("horizon", "observed_through", "use", "experts", "judgements", "statements", "evidence")

_FIX = "add `as_of: 2025-04-08`, the day on which this is said"


def is_undated(data: Any) -> bool:
    """Whether the data of a scenario file say that nothing in it is dated.

    >>> is_undated({"numbers": "exact"}), is_undated({"numbers": "exact", "as_of": "2025-04-08"})
    (True, False)
    """
    return isinstance(data, dict) and data.get("numbers") == "exact" and "as_of" not in data


def undated_faults(context: Context) -> Iterator[Fault]:
    """Yield what a file without ``as_of`` cannot hold."""
    file = context.file
    if file.as_of is not None:
        return
    for field in _DATED:
        if getattr(file, field):
            yield context.fault((field,), "undated", f"`{field}` needs `as_of`", _FIX, key=True)
    if file.scenarios and file.lexicon is None:
        text = "`lexicon` is missing: it gives the words in which scenarios are reported"
        fix = "write lexicon: icd203"
        yield context.fault(("scenarios",), "missing", text, fix, key=True)
    for name, question in context.questions.items():
        section = "latents" if name in file.latents else "questions"
        yield from _question(question, (section, name), context)


def _question(question: AnyQuestion, path: Path, context: Context) -> Iterator[Fault]:
    match question:
        case Binary(prior=None | TabledShares()) | Categorical(prior=TabledShares()):
            for field in ("by", "window"):
                if getattr(question, field) is not None:
                    text = f"`{field}` needs `as_of`"
                    yield context.fault((*path, field), "undated", text, _FIX, key=True)
        case Binary() | Categorical():
            text = "a judgement needs `as_of`; without it, chances stand in a `table`"
            yield context.fault((*path, "prior"), "undated", text, _FIX, key=True)
        case _:
            text = f"a question of type {question.type} needs `as_of`"
            yield context.fault((*path, "type"), "undated", text, _FIX)
