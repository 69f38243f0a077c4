"""The first case without its statements, as a file."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from forecast.spec import walk
from forecast.spec.load import ScenarioSpec

ROOT = Path(__file__).resolve().parents[1]
FIRST_CASE = ROOT / "scenarios" / "victory_day_2025.yaml"


def without_statements(folder: Path) -> Path:
    """Write the first case without its statements, and all that it uses, into a folder.

    The claims that they rest on are listed as unused, as the language asks.
    """
    import forecast

    spec = forecast.load(FIRST_CASE)
    shutil.copytree(ROOT / "priors", folder / "priors", dirs_exist_ok=True)
    text = FIRST_CASE.read_text("utf-8")
    text = re.sub(r"(?ms)^statements:.*?(?=^[a-z]+:)", "", text)
    unused = "".join(f"  {claim}: a statement\n" for claim in _claims(spec))
    text = re.sub(r"(?m)^unused:.*\n", lambda match: match[0] + unused, text)
    path = folder / "scenarios" / "first_case_without_statements.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def _claims(spec: ScenarioSpec) -> list[str]:
    references = (walk.reference_of(statement.says) for statement in spec.file.statements)
    return [str(reference) for reference in references if reference]
