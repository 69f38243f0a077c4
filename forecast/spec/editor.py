"""What an editor is told of the texts of the language: types, patterns, examples.

Everything here only guides: whatever the reader accepts fits, and the reader has the last word. An
editor types plain scalars as YAML 1.2 does, so that ``0.7`` comes as a number and ``true`` as a
truth value where the reader sees texts.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic import GetJsonSchemaHandler, WithJsonSchema
from pydantic_core import CoreSchema, PydanticOmit

TEXT: dict[str, Any] = {"type": ["string", "number", "boolean", "null"]}
"""Any plain scalar: the reader takes it as it is written."""


class Explained:
    """Marks the arm of a union that only explains a refusal: no schema holds it."""

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> Any:
        raise PydanticOmit


def written(what: str, *examples: str, pattern: str | re.Pattern[str] = "") -> WithJsonSchema:
    """Describe a text that no number is; the pattern may be that of the reader itself."""
    return WithJsonSchema(_described(what, examples, {"type": "string", **_matching(pattern)}))


def numeric(
    what: str,
    *examples: str,
    pattern: str | re.Pattern[str] = "",
    low: float | None = None,
    high: float | None = None,
) -> WithJsonSchema:
    """Describe what may be a bare number between bounds, or a text that fits a pattern."""
    bounds = {"minimum": low, "maximum": high}
    known = {key: value for key, value in bounds.items() if value is not None}
    schema = {"type": ["number", "string"], **known, **_matching(pattern)}
    return WithJsonSchema(_described(what, examples, schema))


def free(what: str, *examples: str) -> WithJsonSchema:
    """Describe a text whose grammar is beyond patterns."""
    return WithJsonSchema(_described(what, examples, TEXT))


def choice(what: str, *words: str) -> WithJsonSchema:
    """Describe a word out of a few."""
    return WithJsonSchema({"enum": list(words), "description": what})


def either(what: str, *schemas: WithJsonSchema | dict[str, Any]) -> WithJsonSchema:
    """Describe what has several forms."""
    forms = [s.json_schema if isinstance(s, WithJsonSchema) else s for s in schemas]
    return WithJsonSchema({"anyOf": forms, "description": what})


def plain(pattern: str | re.Pattern[str]) -> str:
    """Return a pattern in the syntax that Python and JavaScript share: no names of groups.

    >>> plain(re.compile(r"(?P<p>[0-9]+)%"))
    '(?:[0-9]+)%'
    """
    source = pattern if isinstance(pattern, str) else pattern.pattern
    return re.sub(r"\(\?P<\w+>", "(?:", source)


def _matching(pattern: str | re.Pattern[str]) -> dict[str, str]:
    return {"pattern": rf"^\s*(?:{plain(pattern)})\s*$"} if pattern else {}


def _described(what: str, examples: tuple[str, ...], schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "description": what, **({"examples": list(examples)} if examples else {})}
