"""From raw data to a schema model, and from pydantic's errors to faults with their place."""

from __future__ import annotations

import copy
import functools
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from forecast.errors import Fault, Path, nearest
from forecast.spec.judgement import Strict, kind_of
from forecast.spec.read import Source

NOT_YET = frozenset(
    "times clumped amount bounds report_by cuts ordered any_of so_far likelihood decisions payoffs "
    "briefing sharpness counts roulette pool worth_of normalise".split()
)
"""Fields of the language that are still to come; refused by name rather than as unknown."""

_FRAME = frozenset({"forecast", "as_of", "horizon", "observed_through", "defaults", "numbers"})


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
    faults: list[Fault] = []
    data, broken = copy.copy(data), set[Path]()
    while True:
        try:
            return model.model_validate(data), faults, frozenset(broken)
        except ValidationError as error:
            details = error.errors(include_url=False)
        faults += [_fault(source, detail) for detail in details]
        entries = {_entry(source, detail) for detail in details}
        broken |= entries
        if not _prune(data, entries, model):
            return None, faults, frozenset(broken)


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
    if kind == "forecast":
        return source.fault(path, context["code"], context["text"], context["fix"], key=is_key)
    name = str(loc[-1]) if loc else ""
    if kind == "extra_forbidden":
        if name in NOT_YET:
            text = f"`{name}` is not yet supported" + ("" if len(path) < 3 else " here")
            return source.fault(path, "not-yet-supported", text, key=True)
        return source.fault(
            path, "unknown-field", f"unknown field `{name}`", _suggest(name), key=True
        )
    if kind == "missing":
        return source.fault(path, "missing", f"`{name}` is missing")
    if kind == "literal_error":
        text = (
            f"`{detail['input']}` cannot stand here: write {context['expected'].replace("'", '`')}"
        )
        return source.fault(path, "value", text)
    if kind in ("too_long", "too_short"):
        wanted = context.get("max_length", context.get("min_length"))
        return source.fault(path, "type", f"{wanted} entries are wanted here")
    wanted = {"string_type": "a text", "dict_type": "a mapping", "model_type": "a mapping"}.get(
        kind
    )
    wanted = wanted or {"tuple_type": "a list", "list_type": "a list"}.get(kind)
    if wanted:
        text = f"{wanted} stands here, not {kind_of(detail['input'])}"
        return source.fault(path, "type", text)
    return source.fault(path, "value", detail["msg"])


@functools.cache
def _field_names() -> tuple[str, ...]:
    def below(model: type[BaseModel]) -> set[str]:
        names = {field.alias or name for name, field in model.model_fields.items()}
        return names.union(*(below(child) for child in model.__subclasses__()))

    return tuple(sorted(below(Strict)))


def _suggest(name: str) -> str:
    return nearest(name, _field_names())


def _entry(source: Source, detail: ErrorDetails) -> Path:
    """Return the entry of a section (a question, a statement ...) that an error lies in."""
    path, _ = _place(source, detail["loc"])
    in_section = len(path) > 1 and path[0] not in _FRAME
    return path[:2] if in_section else path[:1]


def _prune(data: dict[str, Any], entries: set[Path], model: type[BaseModel]) -> bool:
    """Take the entries out of the data; say whether what is left can still be checked."""
    sections: dict[str | int, list[Path]] = {}
    for entry in entries:
        if not entry or entry[0] in _FRAME or entry[0] not in data:
            return False
        sections.setdefault(entry[0], []).append(entry)
    for name, gone in sections.items():
        section = data[str(name)]
        if (name,) in gone or not isinstance(section, dict | list):
            field = model.model_fields.get(str(name))
            if field is not None and field.is_required():
                return False
            del data[str(name)]
        elif isinstance(section, dict):
            data[str(name)] = {k: v for k, v in section.items() if (name, k) not in gone}
        else:
            data[str(name)] = [v for i, v in enumerate(section) if (name, i) not in gone]
    return True
