"""How two scenario files differ, place by place, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from forecast.analysis.compare_contract import Change
from forecast.model.network import Network
from forecast.spec.load import ScenarioSpec

SILENT = ("variants", "use", "title", "about", "author", "marking", "unused", "watch", "briefing")
"""Sections of a file that change no number; sources are compared by what they say."""

WORDS = ("note", "text", "claims", "sources", "resolves", "quote")
"""Fields that are for people."""

WITHOUT = "without "

ORDERED = ("cases", "scenarios")
"""Where the first match wins, so that the order tells."""

LONGEST = 60


@dataclass(frozen=True)
class Edit:
    """A change of the text of a file: at this place stands something else, or nothing.

    ``path`` leads through the data; an item of a list is named by its ``id``, or by all that it
    says.
    """

    path: tuple[str, ...]
    before: Any
    after: Any

    @property
    def change(self) -> Change:
        """The same in words."""
        way = [part for part in self.path if not part.startswith("{")]
        return Change(".".join(way), _short(self.before), _short(self.after))


def changes(
    first: ScenarioSpec, network: Network, second: ScenarioSpec, other: Network
) -> tuple[Change, ...]:
    """Return in what the second of two forecasts differs from the first, inputs only.

    Lists are compared as what they hold: items by their ``id``, others by themselves, so that
    another order of reports or statements is no difference.
    """
    found = [Change("as of", _day(network), _day(other))] if network.as_of != other.as_of else []
    found += _asked("given", network.given, other.given)
    found += _asked("do", _done(network), _done(other))
    found += _asked("without", _dropped(first), _dropped(second))
    if first.file.lexicon != second.file.lexicon and first.source is second.source:
        found.append(Change("lexicon", first.lexicon.name, second.lexicon.name))
    found += [edit.change for edit in edits(first.source.data, second.source.data)]
    for alias, each in sources(first, second).items():
        found += [replace(e.change, where=f"{alias}.{e.change.where}") for e in each]
    return tuple(found)


def edits(before: Any, after: Any) -> tuple[Edit, ...]:
    """Return the smallest parts in which two files differ, but for words that change no number."""
    return tuple(_parts(before, after, ()))


def sources(first: ScenarioSpec, second: ScenarioSpec) -> dict[str, tuple[Edit, ...]]:
    """Return, for each source that both use, in what it differs between them."""
    found = {}
    for alias in sorted({*first.priors} & {*second.priors}):
        before, after = (spec.priors[alias][1].data for spec in (first, second))
        if differing := edits(before, after):
            found[alias] = differing
    return found


def _day(network: Network) -> str | None:
    return None if network.as_of is None else str(network.as_of)


def _done(network: Network) -> tuple[str, ...]:
    return tuple(f"{name} = {value}" for name, value in network.done.items())


def _dropped(spec: ScenarioSpec) -> tuple[str, ...]:
    if spec.variation is None or not spec.dropped:
        return ()
    said = [text for text in spec.variation.changes if text.startswith(WITHOUT)]
    return tuple(text.removeprefix(WITHOUT) for text in said)


def _asked(what: str, before: Sequence[str], after: Sequence[str]) -> list[Change]:
    gone = [Change(what, text, None) for text in before if text not in after]
    return gone + [Change(what, None, text) for text in after if text not in before]


def _parts(before: Any, after: Any, path: tuple[str, ...]) -> Iterator[Edit]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*before, *after)):
            if key in WORDS or (not path and key in SILENT):
                continue
            if key in before and key in after:
                yield from _parts(before[key], after[key], (*path, str(key)))
            else:
                yield Edit((*path, str(key)), before.get(key), after.get(key))
        ordered = bool(path) and path[-1] in ORDERED
        if ordered and set(before) == set(after) and list(before) != list(after):
            yield Edit(path, before, after)
    elif isinstance(before, list) and isinstance(after, list):
        here, there = (dict(zip(names(part), part, strict=True)) for part in (before, after))
        for name in dict.fromkeys((*here, *there)):
            if name in here and name in there:
                yield from _parts(here[name], there[name], (*path, name))
            else:
                yield Edit((*path, name), here.get(name), there.get(name))
    elif before != after:
        yield Edit(path, before, after)


def names(listed: Sequence[Any]) -> list[str]:
    """Name the items of a list: by their ``id``, by what they are ``of``, else by all they say.

    >>> names([{"id": "x"}, {"of": "visit", "says": "likely"}, "a", "a"])
    ['x', 'visit', '{a}', '{a} again']
    """
    of = [item.get("of") if isinstance(item, dict) else None for item in listed]
    out: list[str] = []
    for item, about in zip(listed, of, strict=True):
        name = f"{{{_whole(item)}}}"
        if isinstance(item, dict) and "id" in item:
            name = str(item["id"])
        elif about is not None and of.count(about) == 1:
            name = str(about)
        while name in out:
            name += " again"
        out.append(name)
    return out


def _whole(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_whole(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_whole, value))}]"
    return str(value)


def _short(value: Any) -> str | None:
    if value is None:
        return None
    text = " ".join(_whole(value).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 3].rstrip(" ,;:") + "..."
