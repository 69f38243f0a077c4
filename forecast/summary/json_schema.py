"""The JSON Schema of a result: what ``summary.json`` and ``--json`` hold."""

from __future__ import annotations

import inspect
import re
import sys
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from forecast.summary import contract

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_ATTRIBUTES = re.compile(r"Attributes\n-+\n(?P<entries>.*)", re.DOTALL)
_ENTRY = re.compile(r"^(?P<names>\w[\w, ]*)\n(?P<text>(?:    .*\n?)+)", re.MULTILINE)


def summary_schema() -> dict[str, Any]:
    """Return the JSON Schema of a summary.

    Returns
    -------
    dict
        Draft 2020-12. ``output_version`` 1 is only ever extended, so unknown fields are allowed;
        every field that is there now is required.

    Examples
    --------
    >>> summary_schema()["properties"]["output_version"]
    {'const': 1}
    """
    schema = result_schema(contract.Summary, "A result of forecast")
    # A float that is not finite is written as null; none but these figures can be.
    figures = schema["$defs"]["DiagnosticsResult"]["properties"]["detail"]
    figures["additionalProperties"] = {"type": ["number", "null"]}
    return schema


def result_schema(model: type, title: str) -> dict[str, Any]:
    """Return the JSON Schema of a frozen result, explained by the docstrings of its parts.

    Parameters
    ----------
    model
        A dataclass with the field ``output_version``; its parts stand in its own module, or in
        that of `Summary`.
    title
        What the schema is of.
    """
    schema = TypeAdapter(model).json_schema(
        mode="serialization", schema_generator=GenerateJsonSchema
    )
    schema["properties"]["output_version"] = {"const": contract.OUTPUT_VERSION}
    homes = (sys.modules[model.__module__], contract)
    for name, part in ((model.__name__, schema), *schema.get("$defs", {}).items()):
        _explain(part, next((vars(home)[name] for home in homes if name in vars(home)), None))
    return {"$schema": DIALECT, **schema, "title": title}


def _explain(part: dict[str, Any], kind: object) -> None:
    """Put what the docstring of a class says of it and of its attributes into its schema."""
    fields = part.get("properties", {})
    for field in fields.values():
        field.pop("title", None)
    if not inspect.isclass(kind):
        return
    doc = inspect.cleandoc(kind.__doc__ or "")
    part["description"] = doc.partition("\n\n")[0].replace("\n", " ").replace("``", "`")
    for ancestor in inspect.getmro(kind):
        for name, text in _attributes(inspect.cleandoc(ancestor.__doc__ or "")).items():
            fields[name].setdefault("description", text)


def _attributes(doc: str) -> dict[str, str]:
    """Return what the section ``Attributes`` of a numpydoc docstring says of each name."""
    section = _ATTRIBUTES.search(doc)
    return {
        name: " ".join(entry["text"].split()).replace("``", "`")
        for entry in _ENTRY.finditer(section["entries"] if section else "")
        for name in entry["names"].split(", ")
    }
