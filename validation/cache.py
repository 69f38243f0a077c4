"""What takes long and never changes, kept outside the repository's history."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

CACHE = Path(__file__).parent / ".cache"


def cached(name: str, made_from: object, make: Callable[[], Any]) -> Any:
    """Return what was kept under a name and what it is made from; else make and keep it.

    Parameters
    ----------
    name
        The beginning of the file's name.
    made_from
        Everything that the value depends on, as JSON.
    make
        Returns the value, as JSON.
    """
    text = json.dumps(made_from, sort_keys=True)
    file = CACHE / f"{name}-{hashlib.sha256(text.encode()).hexdigest()[:16]}.json"
    if not file.exists():
        made = json.dumps(make())
        CACHE.mkdir(exist_ok=True)
        file.write_text(made, "utf-8")
    return json.loads(file.read_text("utf-8"))
