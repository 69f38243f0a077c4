"""Write `docs/fields.md` from the schemas: `uv run python docs/fields.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from forecast.spec.json_schema import FILES, file_schema

PAGE = Path(__file__).with_suffix(".md")

HEAD = """# All fields

Generated from the models by `uv run python docs/fields.py`. [The language page](language.md) says
what each form means; * marks fields that must stand.
"""


def page() -> str:
    """Return the page: a table of fields for each kind of file and each form within it."""
    parts, told = [HEAD], set[str]()
    for kind in FILES:
        schema = file_schema(kind)
        parts.append(f"## A {kind} file\n")
        parts += _section("", schema)
        for name, form in schema["$defs"].items():
            if "properties" in form and name not in told:
                told.add(name)
                parts += _section(f"### {_title(name)}\n", form)
    return "\n".join(parts)


def _section(heading: str, form: dict[str, Any]) -> list[str]:
    required = form.get("required", ())
    rows = [
        f"| `{name}`{'*' if name in required else ''} | {_said(field)} |"
        for name, field in form["properties"].items()
    ]
    head = [heading] if heading else []
    return [*head, form.get("description", "") + "\n", "| field | |\n|---|---|", *rows, ""]


def _said(field: dict[str, Any]) -> str:
    """Return the description of a field, and of what stands in it where it has none."""
    text = field.get("description", "")
    if not text and "$ref" in field:
        text = f"see {_title(field['$ref'].rsplit('/', 1)[-1])}"
    examples = ", ".join(f"`{example}`" for example in field.get("examples", ())[:3])
    whole: str = text + (f" Such as {examples}." if examples else "")
    return whole.replace("|", "\\|")


def _title(name: str) -> str:
    """Write the name of a model as words: ``ShareTable`` as ``share table``."""
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name)
    return words.strip()


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
