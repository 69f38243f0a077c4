"""A variant carried out: the same file with other values, and without some voices."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from forecast.errors import Fault, Path, nearest
from forecast.spec import walk
from forecast.spec.context import Context
from forecast.spec.expression import Expression
from forecast.spec.read import Source
from forecast.spec.scenario import ScenarioFile, Variant


@dataclass(frozen=True)
class Variation:
    """What a variant asks of the model, beside the values that it has changed already.

    Attributes
    ----------
    name, text
        The variant, and what it is for.
    given
        What is taken as known.
    do
        Question -> the value that it is set to, from the as-of date on.
    dropped
        Reports by id and judgements by reference that do not count.
    changes
        What was changed, in words.
    """

    name: str
    text: str = ""
    given: Expression | None = None
    do: Mapping[str, str] = field(default_factory=dict)
    dropped: Collection[str] = frozenset()
    changes: tuple[str, ...] = ()

    @property
    def supposed(self) -> tuple[Expression, ...]:
        """What is taken as known, if anything."""
        return () if self.given is None else (self.given,)


def part_of(data: Any, place: str) -> tuple[Path, str]:
    """Follow a dotted path as far as it leads; return the way, and the rest that is not there.

    Keys may hold dots and spaces; an item of a list is named by its ``id`` or position.

    >>> part_of({"evidence": [{"id": "x", "odds": {"a is b": "x2"}}]}, "evidence.x.odds.a is b")
    (('evidence', 0, 'odds', 'a is b'), '')
    >>> part_of({"questions": {"visit": {}}}, "questions.vist")
    (('questions',), 'vist')
    """
    path: Path = ()
    while place:
        names = _names(data)
        key = max(
            (k for k in names if place == k or place.startswith(f"{k}.")), key=len, default=None
        )
        if key is None:
            break
        path, data, place = (*path, names[key]), data[names[key]], place[len(key) + 1 :]
    return path, place


def _from_the_top(place: str, data: object) -> str:
    """Say which part a path begins with; a question is often named without its section."""
    for section in ("questions", "latents"):
        way, rest = part_of(data, whole := f"{section}.{place}")
        if len(way) > 1 and not rest:
            return f"write `{whole}`"
    return nearest(place.partition(".")[0], _names(data))


def path_faults(variant: Variant, path: Path, context: Context) -> Iterator[Fault]:
    """Yield the paths under ``set:`` that name nothing, with the nearest name that is there."""
    data = context.source.data
    for place in variant.set or {}:
        way, rest = part_of(data, place)
        if not rest and way[0] != "variants":
            continue
        missing = rest.partition(".")[0] or place
        text = f"`{place}` names nothing in this file: `{missing}` is unknown"
        fix = nearest(missing, _names(at(data, way))) if way else _from_the_top(place, data)
        if way[:1] == ("variants",):
            text, fix = "a variant cannot change variants", "change the part that they share"
        yield context.fault((*path, "set", place), "unknown-path", text, fix, key=True)


def at(data: Any, path: Path) -> Any:
    """Return the part of the data at a path."""
    for part in path:
        data = data[part]
    return data


def with_values(source: Source, name: str, variant: Variant) -> Source:
    """Return a file with the values that a variant sets, each with its place under the variant."""
    data = copy.deepcopy(source.data)
    keys, values = dict(source.keys), dict(source.values)
    for place in variant.set or {}:
        written: Path = ("variants", name, "set", place)
        target, _ = part_of(data, place)
        at(data, target[:-1])[target[-1]] = copy.deepcopy(at(source.data, written))
        for marks, known in ((keys, source.keys), (values, source.values)):
            for path in [path for path in marks if path[: len(target)] == target]:
                if path != target or marks is values:
                    del marks[path]
            marks.update(
                {
                    (*target, *path[len(written) :]): mark
                    for path, mark in known.items()
                    if path[: len(written)] == written
                }
            )
    data.pop("variants", None)
    return replace(source, data=data, keys=keys, values=values)


def dropped_by(variant: Variant, context: Context) -> frozenset[str]:
    """Return the reports and judgements that a variant leaves out, each by its full name."""
    wanted = set(variant.drop or ())
    out = {item.id for item in context.file.evidence if wanted & {item.id, item.group}}
    for alias in ("own", *context.priors):
        for claim in context.stored(alias):
            short = {claim} if alias == "own" else set()
            if wanted & {alias, f"{alias}.{claim}", *short}:
                out.add(f"{alias}.{claim}")
    return frozenset(out)


def drop_faults(name: str, variant: Variant, context: Context) -> Iterator[Fault]:
    """Yield where a dropped judgement is the chance or rate itself: nothing is left there."""
    dropped = dropped_by(variant, context)
    for placed in walk.in_file(context.file):
        if not isinstance(placed, walk.PlacedJudgement) or placed.wanted == "multiplier":
            continue
        reference = walk.reference_of(placed.judgement)
        in_statement = placed.path[0] == "statements"
        in_dropped = placed.path[0] == "evidence" and (
            context.file.evidence[int(placed.path[1])].id in dropped
        )
        if reference is None or str(reference) not in dropped or in_statement or in_dropped:
            continue
        if placed.path[-2:-1] == ("pool",) and _left(placed.path, context, dropped):
            continue
        what = "rate" if placed.wanted == "rate" else "chance"
        place = named(placed.path, context.file)
        value = "{events: 2, in: 12 months}" if what == "rate" else "40% (20..60)"
        yield context.fault(
            ("variants", name, "drop"),
            "dropped-row",
            f"`{reference}` is the {what} at {place}: without it nothing is left there",
            f"name a replacement: set: {{{place}: {value}}}",
            key=True,
        )


def _left(path: Path, context: Context, dropped: Collection[str]) -> bool:
    """Whether something counts in the pool of a judgement that is left out: the others go on."""
    pool = next(
        found[0]
        for placed in walk.in_file(context.file)
        if isinstance(placed, walk.PlacedJudgement)
        and (found := walk.pool_of(placed.judgement, placed.path, context.file)) is not None
        and found[1] == path[:-2]
    )
    weights = zip(pool.pool, pool.shares, strict=True)
    return any(share for m, share in weights if str(walk.reference_of(m)) not in dropped)


def named(path: Path, file: ScenarioFile) -> str:
    """Return a path as ``set:`` takes it: reports by their id, other items by their position."""
    if path[0] == "evidence" and isinstance(path[1], int):
        path = ("evidence", file.evidence[path[1]].id, *path[2:])
    return ".".join(str(part) for part in path)


def changes(variant: Variant, before: Source, context: Context) -> tuple[str, ...]:
    """Say in words what a variant changes in the file."""
    out = []
    for place in variant.set or {}:
        target, _ = part_of(before.data, place)
        was, now = at(before.data, target), at(context.source.data, target)
        if isinstance(was, str) and isinstance(now, str):
            out.append(f"{place}: {now}, not {was}")
        else:
            out.append(f"{place}: replaced")
    dropped = dropped_by(variant, context)
    if variant.drop:
        said = [s for s in context.file.statements if str(walk.reference_of(s.says)) in dropped]
        unit = {
            str(walk.reference_of(placed.judgement))
            for placed in walk.in_file(context.file)
            if isinstance(placed, walk.PlacedJudgement) and placed.wanted == "multiplier"
        }
        reports = [item for item in context.file.evidence if item.id in dropped]
        pooled = {
            str(walk.reference_of(placed.judgement))
            for placed in walk.in_file(context.file)
            if isinstance(placed, walk.PlacedJudgement) and placed.path[-2:-1] == ("pool",)
        } & dropped
        parts = [
            f"{count} {word}{'s' if count != 1 else ''}{rest}"
            for count, word, rest in (
                (len(said), "statement", ""),
                (len(unit & dropped), "multiplier", " at x1"),
                (len(reports), "report", ""),
                (len(pooled), "judgement", " left out of pools"),
            )
            if count
        ]
        out.append(
            f"without {', '.join(variant.drop)}: {', '.join(parts) or 'nothing rested on it'}"
        )
    return tuple(out)


def _names(data: Any) -> dict[str, str | int]:
    """Return the names of the parts of some data, with the keys behind them."""
    if isinstance(data, dict):
        return {str(key): key for key in data}
    if isinstance(data, list):
        return {
            str(item.get("id", i)) if isinstance(item, dict) else str(i): i
            for i, item in enumerate(data)
        }
    return {}
