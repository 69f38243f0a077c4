"""The version of the language that a file is written in."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from forecast.spec.problem import as_text, problem
from forecast.spec.traps import short


def _exactly_one(value: Any) -> str:
    if (text := as_text(value)) != "1":
        raise problem(f"version `{short(text)}` is not known here", "write 1", "version")
    return text


Version = Annotated[
    str,
    BeforeValidator(_exactly_one),
    WithJsonSchema({"enum": [1, "1"], "description": "The version of the language: 1."}),
]
