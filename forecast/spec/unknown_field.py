"""A field that does not belong where it stands: what was meant, or what may stand there."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel

from forecast.errors import Fault, Path, nearest
from forecast.spec.read import Source
from forecast.spec.strict import Strict
from forecast.spec.traps import short

NOT_YET = frozenset({"decisions", "payoffs", "briefing"})
"""Fields of the language that are still to come; refused by name rather than as unknown."""

FEW = 10
"""Fields that may stand at a place up to which all are named."""

SURE = 0.65
"""How alike an unknown field and one of all fields must be, where nothing tells which may stand."""

_SAME_PART = ("prior", "occurs", "rate", "amount")
"""The fields that give a question its numbers: which one depends on its type."""

_AWAY = "take it out, or move it"

_WITHIN = {
    "family": "`amount: {amount: 1200 (350..3500), family: lognormal}`",
    "discount": "`{events: 9, in: 21 months, discount: 0.8}`",
    "share": "`timing: [{between: 2025-05-05..2025-05-09, share: 25% (8..47)}, evenly]`",
    "shares": "`prior: {shares: {a: 30%, b: 70%}, worth: 8}`",
}
"""What is often written beside the value that it belongs to, and how that value is written."""


def unknown_field(source: Source, path: Path, name: str) -> Fault:
    """Return the fault of a field that may not stand where it does.

    Parameters
    ----------
    source
        The file.
    path, name
        Where the field stands, and its own name.
    """
    where = "" if len(path) < 3 else " here"
    if name in NOT_YET:
        text = f"`{name}` is not yet supported{where}"
        return source.fault(path, "not-yet-supported", text, key=True)
    beside = _fields_beside(source, path)
    if name in _field_names():
        fix = _meant(name, beside) if len(path) > 1 else _AWAY
        text = f"`{name}` does not belong here"
    else:
        known = beside or _field_names()
        fix = nearest(name, known, 0.5 if beside else SURE) or _listed(beside)
        text = f"unknown field `{short(name)}`"
    return source.fault(path, "unknown-field", text, fix, key=True)


def _meant(name: str, beside: frozenset[str]) -> str:
    """Say what a field of another place was meant for."""
    other = name[:-1] if name.endswith("s") else f"{name}s"
    if other in (beside or _field_names()):
        return f"did you mean `{other}`?"
    if name == "odds" and "times" in beside:
        return "how often is multiplied under `times`, a chance under `odds`"
    if name in _SAME_PART:
        meant = [part for part in _SAME_PART if part in beside]
        return f"what is asked here has `{meant[0]}`" if meant else _AWAY
    if name in _WITHIN:
        return f"it stands within what it is about, as in {_WITHIN[name]}"
    return _listed(beside) or _AWAY


def _listed(beside: frozenset[str]) -> str:
    return f"here may stand {', '.join(sorted(beside))}" if 0 < len(beside) <= FEW else ""


def _fields_beside(source: Source, path: Path) -> frozenset[str]:
    """Return the fields that could stand beside those around an unknown one.

    A field that names a type decides; empty where nothing around it tells what it belongs to.
    """
    box: Any = source.data
    for part in path[:-1]:
        box = box[part]
    around = {str(key) for key in box} - {str(path[-1])} if isinstance(box, dict) else set()
    known = around & set(_field_names())
    models = [model for model in _models() if known and known <= _fields(model)]
    fitting = [model for model in models if _is_of_type(model, box)] or models
    told = set(_SAME_PART) if around & set(_SAME_PART) else set()
    return frozenset().union(*map(_fields, fitting)) - around - told


def _is_of_type(model: type[BaseModel], box: Any) -> bool:
    """Whether a mapping names the very type of a model of questions."""
    kind = model.model_fields.get("type")
    return kind is not None and box.get("type") in get_args(kind.annotation)


@functools.cache
def _models() -> tuple[type[BaseModel], ...]:
    def below(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
        yield model
        for child in model.__subclasses__():
            yield from below(child)

    return tuple(below(Strict))


@functools.cache
def _fields(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(field.alias or name for name, field in model.model_fields.items())


@functools.cache
def _field_names() -> tuple[str, ...]:
    return tuple(sorted(frozenset().union(*map(_fields, _models()))))
