"""From raw data to a schema model, and from pydantic's errors to faults with their place."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from forecast.errors import Fault, Path
from forecast.spec.events import MOST_FAULTS
from forecast.spec.problem import kind_of
from forecast.spec.read import Source
from forecast.spec.traps import short
from forecast.spec.unknown_field import unknown_field

_FRAME = frozenset({"forecast", "as_of", "horizon", "observed_through", "defaults"})
"""Without these nothing else can be checked."""

_FIRST_LINES = {
    "forecast": "a scenario begins with the line `forecast: 1`",
    "priors": "a file of judgements begins with the line `priors: 1`",
    "title": "write `title:` and what is asked",
    "as_of": "write `as_of: 2025-04-08`, the day whose knowledge counts",
    "horizon": "write `horizon: 2025-12-31`, the last day of every window that names none",
    "lexicon": "write `lexicon: icd203`, what words such as `likely` mean",
}
"""What to write where a field of the head is missing."""

_STAND_INS: dict[str, Any] = {
    **dict.fromkeys(("title", "lexicon"), ""),
    **{section: {} for section in ("questions", "scenarios", "judgements")},
}
"""What takes the place of an obligatory field that is missing or broken."""


def validate[Model: BaseModel](
    model: type[Model], source: Source, data: Any
) -> tuple[Model | None, list[Fault], frozenset[Path]]:
    """Fit data to a schema model, dropping what does not fit so that the rest can be checked too.

    Parameters
    ----------
    model, source, data
        The schema model, where the data came from (for the marks), and the data.

    Returns
    -------
    tuple
        The model built from whatever is sound (None where the frame itself is broken), the faults
        found, and the entries left out, such as ``("questions", "visit")``.
    """
    if not isinstance(data, dict):
        fault = source.fault((), "type", f"the file holds {kind_of(data)}, not a mapping of fields")
        return None, [fault], frozenset()
    try:
        return model.model_validate(data), [], frozenset()
    except ValidationError as error:
        details = error.errors(include_url=False)
    faults = _without_pairs([_fault(source, detail) for detail in details[:MOST_FAULTS]])
    broken = frozenset(_entry(source, detail) for detail in details)
    broken |= {(meant,) for fault in faults if (meant := _misspelt_section(fault, model))}
    sound = _without(data, broken, model)
    try:
        return None if sound is None else model.model_validate(sound), faults, broken
    except ValidationError:  # a consequence of what was left out: it has been told
        return None, faults, broken


def _misspelt_section(fault: Fault, model: type[BaseModel]) -> str:
    """Return the section that a misspelt one was meant to be: it exists, but is lost."""
    meant = fault.fix.removeprefix("did you mean `").removesuffix("`?")
    is_section = fault.code == "unknown-field" and len(fault.path) == 1
    return meant if is_section and meant in model.model_fields and meant not in _FRAME else ""


def _without_pairs(faults: list[Fault]) -> list[Fault]:
    """Leave out a missing field where another stands in its place: misspelt, or still to come."""
    faults = _with_the_missing(faults)
    beside: dict[Path, list[Fault]] = {}
    for fault in faults:
        beside.setdefault(fault.path[:-1], []).append(fault)

    def stands_for(other: Fault, missing: Fault) -> bool:
        return (other.code == "not-yet-supported" and len(other.path) > 1) or (
            other.code == "unknown-field" and missing.text.split()[0] in other.fix
        )

    return [
        fault
        for fault in faults
        if fault.code != "missing"
        or not any(stands_for(other, fault) for other in beside.get(fault.path, ()))
    ]


def _with_the_missing(faults: list[Fault]) -> list[Fault]:
    """Where one field is unknown and one is missing, the one is meant for the other."""
    out = []
    for fault in faults:
        if fault.code == "unknown-field":
            box = fault.path[:-1]
            unknown = [f for f in faults if f.code == "unknown-field" and f.path[:-1] == box]
            missing = [f for f in faults if f.code == "missing" and f.path == box]
            if len(unknown) == len(missing) == 1:
                fault = replace(fault, fix=f"did you mean {missing[0].text.split()[0]}?")
        out.append(fault)
    return out


def _place(source: Source, loc: tuple[int | str, ...]) -> tuple[Path, bool]:
    """Turn pydantic's location into a path of the file; the tags of unions look like ``<tag>``."""
    path: Path = ()
    for part in loc:
        if part == "[key]":
            return path, True
        longer = (*path, part)
        if longer in source.values or longer in source.keys:
            path = longer
        elif not (isinstance(part, str) and part.startswith("<")):
            break
    return path, False


def _fault(source: Source, detail: ErrorDetails) -> Fault:
    loc, kind, context = detail["loc"], detail["type"], detail.get("ctx", {})
    path, is_key = _place(source, loc)
    name = str(loc[-1]) if loc else ""
    match kind:
        case "forecast":
            fix = _own(source, detail["input"]) or context["fix"]
            return source.fault(path, context["code"], context["text"], fix, key=is_key)
        case "extra_forbidden":
            return unknown_field(source, path, name)
        case "missing" if isinstance(loc[-1], int):
            return source.fault(path, "type", "an entry is missing here")
        case "missing":
            fix = _FIRST_LINES.get(name, "") if len(path) == 0 else ""
            return source.fault(path, "missing", f"`{name}` is missing", fix)
        case "literal_error":
            given = detail["input"]
            said = f"`{short(given)}`" if isinstance(given, str) else kind_of(given)
            expected = context["expected"].replace("'", "`")
            return source.fault(path, "value", f"{said} cannot stand here", f"write {expected}")
        case "too_long" | "too_short":
            wanted = context.get("max_length", context.get("min_length"))
            return source.fault(path, "type", f"{wanted} entries are wanted here")
        case _ if kind in _KINDS:
            text = f"{_KINDS[kind]} stands here, not {kind_of(detail['input'])}"
            given = detail["input"]
            alone = _KINDS[kind] == "a list" and isinstance(given, str) and given.isidentifier()
            return source.fault(path, "type", text, f"write [{given}]" if alone else "")
        case _:
            return source.fault(path, "value", detail["msg"])


_KINDS = {
    **dict.fromkeys(("string_type",), "a text"),
    **dict.fromkeys(("dict_type", "model_type"), "a mapping"),
    **dict.fromkeys(("tuple_type", "list_type"), "a list"),
}


def _own(source: Source, given: object) -> str:
    """Return how to name a judgement of this file that was named without its alias."""
    stored = source.data.get("judgements")
    is_named = isinstance(given, str) and isinstance(stored, dict) and given in stored
    return f"write `own.{given}`" if is_named and "forecast" in source.data else ""


def _entry(source: Source, detail: ErrorDetails) -> Path:
    """Return the entry of a section (a question, a statement ...) that an error lies in."""
    path, _ = _place(source, detail["loc"])
    if not path:  # a field that is missing
        return tuple(detail["loc"][:1])
    in_section = len(path) > 1 and path[0] not in _FRAME
    return path[:2] if in_section else path[:1]


def _without(
    data: dict[str, Any], entries: Collection[Path], model: type[BaseModel]
) -> dict[str, Any] | None:
    """Return the data without some entries; None if the rest cannot be checked then."""
    left = dict(data)
    for name in {str(entry[0]) for entry in entries if entry}:
        gone = {entry[1] for entry in entries if entry[0] == name and len(entry) > 1}
        section, field = data.get(name), model.model_fields.get(name)
        if (name,) not in entries and isinstance(section, dict):
            left[name] = {key: value for key, value in section.items() if key not in gone}
        elif (name,) not in entries and isinstance(section, list):
            left[name] = [value for i, value in enumerate(section) if i not in gone]
        elif name in _FRAME:
            return None
        elif field is None or not field.is_required():
            left.pop(name, None)
        elif name in _STAND_INS:
            left[name] = _STAND_INS[name]
        else:
            return None
    return left
