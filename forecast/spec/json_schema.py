"""JSON Schemas of the files, generated from their models, for editors and other programs."""

from __future__ import annotations

import ast
import inspect
import itertools
import textwrap
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from forecast.spec.editor import TEXT
from forecast.spec.scenario import ScenarioFile
from forecast.spec.sources import LexiconFile, PriorsFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"

FILES: dict[str, tuple[type[BaseModel], str]] = {
    "scenario": (ScenarioFile, "A scenario file of forecast"),
    "priors": (PriorsFile, "A priors file of forecast"),
    "lexicon": (LexiconFile, "A lexicon of forecast"),
}
"""Kind of file -> its model, and the title of its schema."""


class Generator(GenerateJsonSchema):
    """Writes the schema of a file as an editor sees it: plain scalars, and nothing is null."""

    def model_schema(self, schema: core_schema.ModelSchema) -> dict[str, Any]:
        """Describe each field by its docstring."""
        told = _field_docstrings(schema["cls"])
        form = super().model_schema(schema)
        for name, field in form.get("properties", {}).items():
            if name in told:
                field["description"] = told[name]
        return form

    def str_schema(self, schema: core_schema.StringSchema) -> dict[str, Any]:
        """Take any plain scalar for a text, as the reader does."""
        return dict(TEXT)

    def nullable_schema(self, schema: core_schema.NullableSchema) -> dict[str, Any]:
        """Leave out null: a field that is not wanted is not written."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> dict[str, Any]:
        """Leave out defaults: they stand in the descriptions, where they are worth saying."""
        return self.generate_inner(schema["schema"])

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> dict[str, Any]:
        """Ask for any of the forms: a text may look like two of them."""
        union = super().tagged_union_schema(schema)
        return {"anyOf": union.pop("oneOf"), **union}

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Give no titles to fields: their names are titles enough."""
        return False


def file_schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of a scenario, priors or lexicon file.

    Parameters
    ----------
    kind
        A key of `FILES`.

    Returns
    -------
    dict
        Draft 2020-12; field descriptions are the docstrings of the models' fields. Whatever the
        reader accepts fits it; what needs more than shapes and patterns is left to the reader.

    Examples
    --------
    >>> file_schema("priors")["properties"]["lexicon"]["description"]
    'What his words mean: icd203, plain, or the path of a lexicon.'
    """
    model, title = FILES[kind]
    schema = model.model_json_schema(schema_generator=Generator)
    _tell_notations_at_fields(schema)
    _without_double_backquotes(schema)
    return {"$schema": DIALECT, **schema, "title": title}


def _field_docstrings(model: type[BaseModel]) -> dict[str, str]:
    """Return field -> the text below it in the source, those of parents included."""
    told: dict[str, str] = {}
    for cls in reversed(model.__mro__):
        if not issubclass(cls, BaseModel) or cls is BaseModel:
            continue
        body = ast.parse(textwrap.dedent(inspect.getsource(cls))).body[0]
        assert isinstance(body, ast.ClassDef)
        for field, text in itertools.pairwise(body.body):
            match field, text:
                case (
                    ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str() as said)),
                ):
                    alias = model.model_fields[name].alias if name in model.model_fields else None
                    told[alias or name] = inspect.cleandoc(said)
    return told


def _tell_notations_at_fields(schema: dict[str, Any]) -> None:
    """Move what unions say of their texts to where the unions are used.

    An editor shows the innermost description only, and would never show that of the field.
    """
    definitions = schema["$defs"]

    def text_arm(part: dict[str, Any]) -> dict[str, Any] | None:
        """Return the form of a union that is a text, following references."""
        if "$ref" in part:
            return text_arm(definitions[part["$ref"].rpartition("/")[2]])
        arms = part.get("anyOf", ())
        found = (text_arm(arm) if {"anyOf", "$ref"} & arm.keys() else arm for arm in arms)
        return next((arm for arm in found if arm and "properties" not in arm), None)

    told = [
        (place, arm["description"])
        for part in _parts(schema)
        for place in _uses(part)
        if (arm := text_arm(place)) is not None and "description" in arm
    ]
    for place, notation in told:
        place["description"] = " ".join(filter(None, (place.get("description"), notation)))
    for part in _parts(schema):
        for arm in part.get("anyOf", ()):
            if "properties" not in arm:
                arm.pop("description", None)


def _without_double_backquotes(schema: dict[str, Any]) -> None:
    for part in _parts(schema):
        if isinstance(part.get("description"), str):
            part["description"] = part["description"].replace("``", "`")


def _parts(part: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping in a schema, outermost first."""
    if isinstance(part, dict):
        yield part
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for each in inner:
        yield from _parts(each)


def _uses(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the schemas of the fields, entries and items of a mapping or list."""
    fields = part.get("properties")
    yield from fields.values() if isinstance(fields, dict) else ()
    for key in ("additionalProperties", "items"):
        if isinstance(part.get(key), dict):
            yield part[key]
