"""Sources in conflict: who says what, what all the rest implies, what each would have to be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from forecast.summary.contract import ConflictResult, Opponent, Summary
from forecast.views.judgements import judgement_name, speaker
from forecast.views.page import heading, prose
from forecast.views.section import Section
from forecast.views.words import clean, condition, exact_percent, humanised, percent

MOST = 3
"""Conflicts on a terminal; a report tells them all."""


def conflicts(summary: Summary, width: int) -> Iterator[RenderableType]:
    """Yield the sharpest conflicts, if there are any, each in a sentence or two."""
    shown = summary.conflicts[:MOST]
    if not shown:
        return
    more = len(summary.conflicts) - len(shown)
    title = f"In conflict by more than 2 sd{f' (and {more} more)' if more else ''}"
    alone = len(shown) == 1
    if not alone:
        yield heading(title)
    for conflict in shown:
        said = "" if conflict.said is None else f"said {percent(conflict.said, mcse=1.0)}, "
        implied = f"all the rest implies {percent(conflict.implied)} ({_apart(conflict)} apart)"
        text = f"{source(conflict, summary)}: {said}{implied}. They agree if {agreeing(conflict)}."
        # What rests on judgements alone is in the table of whose judgement moves the result.
        if sources := [o for o in conflict.against if o.kind != "judgement"]:
            text += f" Against {_listed(sources, summary)}."
        yield prose(f"{title}: {text}" if alone else text)


def in_conflict(summary: Summary) -> Section:
    """Return all conflicts, the sharpest first."""
    rows = tuple(
        (
            source(conflict, summary),
            _apart(conflict),
            "" if conflict.said is None else percent(conflict.said, mcse=1.0),
            percent(conflict.implied),
            agreeing(conflict),
            against(conflict, summary),
        )
        for conflict in summary.conflicts
    )
    heads = ("apart", "said", "all the rest", "they agree if", "against")
    return Section("In conflict by more than 2 sd", "source", heads, rows, side="left")


def _apart(conflict: ConflictResult) -> str:
    return f"{abs(conflict.apart):.1f} sd"


def source(conflict: ConflictResult, summary: Summary) -> str:
    """Return who says what, or what was seen."""
    return _named(conflict.kind, conflict.names, summary)


def agreeing(conflict: ConflictResult) -> str:
    """Return what either side would have to be for the two to agree."""
    more = conflict.apart > 0
    if conflict.said_to_agree is None:
        return f"the rest {_bound(conflict.implied_to_agree, 'more')}"
    said = _bound(conflict.said_to_agree, "less" if more else "more")
    return (
        f"said {said}, or the rest {_bound(conflict.implied_to_agree, 'more' if more else 'less')}"
    )


def _bound(chance: float, side: str) -> str:
    """Write a chance as a bound: ``58 % or less``; exactly where it is close to 0 or 1."""
    inside = 0.01 <= chance <= 0.99
    return f"{percent(chance) if inside else exact_percent(chance)} or {side}"


def against(conflict: ConflictResult, summary: Summary) -> str:
    """Return what a conflict is with; how much of it is left without each source."""
    return _listed(conflict.against, summary)


def _listed(opponents: Sequence[Opponent], summary: Summary) -> str:
    return "; ".join(_opponent(opponent, summary) for opponent in opponents)


def _opponent(opponent: Opponent, summary: Summary) -> str:
    name = _named(opponent.kind, opponent.names, summary)
    return name if opponent.apart is None else f"{name} (without: {abs(opponent.apart):.1f} sd)"


def _named(kind: str, names: tuple[str, ...], summary: Summary) -> str:
    year = (summary.as_of or "")[:4]
    listed = " and ".join(humanised(name) for name in names)
    match kind:
        case "statement":
            found = next((s for s in summary.statements if s.id == names[0]), None)
            if found is None:
                return clean(names[0])
            side = f" ({found.side})" if found.side else ""
            words = f'{speaker(summary, found.expert)}, "{clean(found.says)}"{side}'
            return f"{words}: {condition(found.of, year)}"
        case "judgement":
            return judgement_name(names[0], year)
        case "report":
            return f"report {listed}" if len(names) == 1 else f"reports {listed}"
        case "count":
            return f"{listed} so far"
        case _:
            return f"silence on {listed}"
