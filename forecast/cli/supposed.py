"""The options that ask for another world than the file's: what is known, done, varied, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forecast.cli.refusals import explain
from forecast.errors import UsageError

if TYPE_CHECKING:
    from forecast.model.network import Network
    from forecast.spec.load import ScenarioSpec

Given = Annotated[
    list[str] | None,
    typer.Option(
        "--given",
        metavar="CONDITION",
        help='Taken as known: "visit by 2025-05-09", or softly "place ~ 0.1, 0.9". Repeatable.',
    ),
]
Do = Annotated[
    list[str] | None,
    typer.Option(
        "--do",
        metavar="ID=VALUE",
        help='Set from the as-of date on: "ceasefire = 2025-06-15", "pledge = no". Repeatable.',
    ),
]
Variant = Annotated[
    str | None,
    typer.Option("--variant", metavar="NAME", help="One of the file's own `variants:`."),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="Know nothing of later days; the file's own by default."
    ),
]


@dataclass(frozen=True)
class Supposed:
    """What is asked to be taken otherwise than a file has it."""

    given: Sequence[str] = ()
    do: Mapping[str, str] | None = None
    variant: str | None = None
    as_of: str | None = None

    @classmethod
    def read(
        cls,
        given: Sequence[str] | None,
        do: Sequence[str] | None,
        variant: str | None,
        as_of: str | None,
    ) -> Supposed:
        """Read the options of a command.

        Raises
        ------
        UsageError
            Where ``--do`` sets nothing, or one question twice.
        """
        return cls(list(given or ()), read_do(do or ()), variant, as_of)

    def of(self, file: Path, *, quiet: bool = False) -> tuple[ScenarioSpec, Network]:
        """Load a file and build its network; tell its warnings on standard error."""
        from forecast import pipeline

        spec = pipeline.load(file, self.variant)
        if spec.warnings and not quiet:
            explain(spec.warnings)
        network = pipeline.build(spec, given=self.given, as_of=self.as_of, do=self.do)
        return spec, network


def read_do(texts: Sequence[str]) -> dict[str, str]:
    """Read ``ceasefire = 2025-06-15``: a question and what it is set to."""
    out: dict[str, str] = {}
    for text in texts:
        name, _, value = (part.strip() for part in text.partition("="))
        name = name.strip("`")
        if not name or not value:
            raise UsageError(f'--do: `{text}` sets nothing: write "ceasefire = 2025-06-15"')
        if name in out:
            raise UsageError(f"--do: `{name}` is set twice")
        out[name] = value
    return out
