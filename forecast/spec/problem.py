"""Problems with a single value, raised where it is read; `forecast.spec.shape` places them."""

from __future__ import annotations

from typing import Any

from pydantic_core import PydanticCustomError


def problem(text: str, fix: str = "", code: str = "value") -> PydanticCustomError:
    """Return a schema error that carries its own code and way to mend it."""
    context: dict[str, Any] = {"text": text, "fix": fix, "code": code}
    return PydanticCustomError("forecast", "{text}", context)


def unsupported(form: str) -> PydanticCustomError:
    """Return the schema error for a form of the language that is still to come."""
    return problem(f"`{form}` is not yet supported", code="not-yet-supported")


def told(error: PydanticCustomError) -> tuple[str, str, str]:
    """Return code, text and way to mend of an error made by `problem`.

    >>> told(problem("a is no b", "write b"))
    ('value', 'a is no b', 'write b')
    """
    context = error.context or {}
    return str(context["code"]), str(context["text"]), str(context["fix"])


def as_text(value: Any) -> str:
    """Return a value that must be a text.

    Raises
    ------
    pydantic_core.PydanticCustomError
        Where it is a mapping or a list.
    """
    if not isinstance(value, str):
        raise problem(f"a text stands here, not {kind_of(value)}", code="type")
    return value


def kind_of(value: Any) -> str:
    """Say in words what a piece of YAML is.

    >>> kind_of([]), kind_of({}), kind_of("")
    ('a list', 'a mapping', 'a text')
    """
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list | tuple) else "a text"
