"""Run the benchmarks and write the page: ``uv run --extra benchmark python -m benchmarks``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from benchmarks import first_case, growth, marginals, networks, page
from benchmarks.cases import ROOT

PARTS = ("first-case", "marginals", "growth")
NODES = (14, 37, 60)
PUBLISHED = ("andes", "pigs")


def main(
    only: Annotated[
        str | None,
        typer.Option(metavar="|".join(PARTS), help="One part, printed and not written."),
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, help="Turns of each rival.")] = 3,
    data: Annotated[
        Path, typer.Option(help="Where andes.bif and pigs.bif are; left out where they are not.")
    ] = ROOT.parent / "shared" / "data" / "bn",
    out: Annotated[Path, typer.Option(help="The page.")] = ROOT / "docs" / "performance.md",
) -> None:
    """Measure all, in some ten minutes, and write the page."""
    if only is not None and only not in PARTS:
        raise typer.BadParameter(f"one of {', '.join(PARTS)}", param_hint="--only")
    parts = PARTS if only is None else (only,)
    sections = [section for part in parts for section in _sections(part, rounds, data)]
    text = page.page(sections, rounds)
    if only is None:
        out.write_text(text, "utf-8")
        sys.stderr.write(f"written: {out}\n")
    else:
        sys.stdout.write(text)


def _sections(part: str, rounds: int, data: Path) -> Iterator[str]:
    sys.stderr.write(f"{part} ...\n")
    match part:
        case "first-case":
            folder = ROOT / "results" / "benchmarks"
            yield page.of_first_case(first_case.compared(folder, rounds))
        case "marginals":
            found = [marginals.uncertain("first case, 14 nodes", networks.fourteen(), rounds)]
            found += [marginals.random_network(nodes, rounds) for nodes in NODES]
            files = [data / f"{name}.bif" for name in PUBLISHED]
            found += [marginals.published(file, rounds) for file in files if file.exists()]
            yield page.of_marginals(found)
        case _:
            yield page.of_growth(growth.in_nodes(rounds), growth.in_draws(rounds))


if __name__ == "__main__":
    typer.run(main)
