"""Draw a run as a terminal shows it: docs/images/victory_day_2025.png.

uv run python docs/images/draw.py

Needs Chromium, which lays the page out and takes the picture.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from rich.console import Console
from rich.terminal_theme import SVG_EXPORT_THEME
from rich.text import Text

COLUMNS = 100
SCENARIO = "scenarios/victory_day_2025.yaml"
PICTURE = Path(__file__).with_name("victory_day_2025.png")


def page() -> str:
    """Return what the command prints on a terminal with colours."""
    from forecast import build, infer, load, summarise
    from forecast.views.terminal import render_summary

    spec = load(SCENARIO)
    network = build(spec)
    summary = summarise(spec, network, infer(network))
    return render_summary(summary, width=COLUMNS, colour=True, saved_to=None, file=SCENARIO)


def html(printed: str) -> tuple[str, int]:
    """Return the page as HTML, and its lines."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(f"$ forecast run {SCENARIO}\n\n{printed}"), soft_wrap=True)
    form = (
        "<meta charset=utf-8><style>body{{margin:0;padding:16px 20px;background:{background};"
        "color:{foreground}}}pre{{margin:0;font:14px/19px 'DejaVu Sans Mono',monospace}}"
        "{stylesheet}</style><pre>{code}</pre>"
    )
    text = console.export_html(theme=SVG_EXPORT_THEME, code_format=form)
    return text, printed.count("\n") + 2


def main() -> None:
    """Write the picture."""
    text, lines = html(page())
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_text(text, "utf-8")
        size = f"{round(COLUMNS * 8.43) + 40},{lines * 19 + 32}"
        chromium = os.environ.get("CHROMIUM", "chromium")
        options = [
            "--headless",
            "--no-sandbox",
            "--hide-scrollbars",
            "--force-device-scale-factor=2",
        ]
        subprocess.run(
            [
                chromium,
                *options,
                f"--window-size={size}",
                f"--screenshot={PICTURE}",
                source.as_uri(),
            ],
            check=True,
            stderr=subprocess.DEVNULL,
        )
    # The picture has few colours: with a palette it is a fifth as large.
    Image.open(PICTURE).convert("RGB").quantize(48).save(PICTURE, optimize=True)
    sys.stdout.write(f"{PICTURE}\n")


if __name__ == "__main__":
    main()
