"""``forecast compare``: forecasts side by side, with differences from paired readings."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forecast.cli.formats import Form, Json, Quiet, chosen
from forecast.cli.progress import Progress
from forecast.cli.refusals import mention, refusals
from forecast.cli.supposed import read_do
from forecast.cli.terminal import has_colour, width
from forecast.errors import FailedDiagnostics, UsageError

if TYPE_CHECKING:
    from forecast.analysis.column import Column
    from forecast.spec.load import ScenarioSpec

ALL = "all"
EXACT = "exact"


@dataclass(frozen=True)
class _Wanted:
    """A column to be solved: how it differs from the file as it is."""

    label: str
    load: Callable[[], ScenarioSpec]
    given: tuple[str, ...] = ()
    do: tuple[str, ...] = ()
    as_of: str | None = None
    engine: str = EXACT
    setting: tuple[str, str] | None = None


def compare(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Scenario files, or folders of kept runs."),
    ],
    variants: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A column for that variant; `all` for each. Repeatable."),
    ] = None,
    as_of: Annotated[
        list[str] | None,
        typer.Option(metavar="DATE", help="A column with the knowledge of that day. Repeatable."),
    ] = None,
    given: Annotated[
        list[str] | None,
        typer.Option(metavar="CONDITION", help="A column that supposes it. Repeatable."),
    ] = None,
    do: Annotated[
        list[str] | None,
        typer.Option(metavar="ID=VALUE", help="A column in which it is done. Repeatable."),
    ] = None,
    drop: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A column without that source, claim, report or group. Repeatable.",
        ),
    ] = None,
    lexicon: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A column whose words are read by it. Repeatable."),
    ] = None,
    engine: Annotated[
        list[str] | None,
        typer.Option(help="A column solved by another engine: nuts. Repeatable."),
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, max=2**32 - 1, help="The same seed gives the same numbers.")
    ] = 42,
    form: Form = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Set forecasts side by side: scenarios by columns, with paired differences.

    \b
    forecast compare scenarios/victory_day_2025.yaml --variants all
    forecast compare scenarios/victory_day_2025.yaml --as-of 2025-03-24 --as-of 2025-03-27
    forecast compare scenarios/victory_day_2025.yaml --drop doo --drop moscow_line
    forecast compare before.yaml after.yaml --json
    forecast compare results/victory_day_2025/2025-04-08/9f3a0c5e77b1 after.yaml

    All columns are compared with the first. Each option makes one more column of each file. Exit
    status: 0 done, 2 wrong usage, 3 invalid file, 4 a column failed its diagnostics.
    """  # noqa: D301 - the backspace keeps the lines of the examples apart
    with refusals():
        wanted = chosen(form, json)
        asked = _Asked(
            variants or [],
            as_of or [],
            given or [],
            do or [],
            drop or [],
            lexicon or [],
            engine or [],
        )
        columns = list(_columns(files, asked, seed, quiet))
        if len(columns) < 2:
            raise UsageError("compare what? Name another file, or an option such as --variants all")
        _told(columns, wanted)


@dataclass(frozen=True)
class _Asked:
    """The columns that the options ask for."""

    variants: Sequence[str]
    as_of: Sequence[str]
    given: Sequence[str]
    do: Sequence[str]
    drop: Sequence[str]
    lexicon: Sequence[str]
    engine: Sequence[str]

    def wanted(self, file: Path, base: ScenarioSpec, prefix: str) -> Iterator[_Wanted]:
        """Yield the columns of a file, the file as it is first."""
        from forecast import pipeline
        from forecast.analysis.altered import read_by, without

        def same() -> ScenarioSpec:
            return base

        yield _Wanted(prefix or "as written", same)
        lead = f"{prefix}: " if prefix else ""
        names = [
            name
            for asked in self.variants
            for name in (base.file.variants if asked == ALL else [asked])
        ]
        if ALL in self.variants and not base.file.variants:
            raise UsageError(f"{file} has no variants")
        for name in dict.fromkeys(names):
            yield _Wanted(
                f"{lead}{name}",
                lambda name=name: pipeline.load(file, name),  # type: ignore[misc]
                setting=("variant", name),
            )
        for day in self.as_of:
            yield _Wanted(f"{lead}as of {day}", same, as_of=day)
        for text in self.given:
            yield _Wanted(f"{lead}given {text}", same, given=(text,))
        for text in self.do:
            yield _Wanted(f"{lead}do {text}", same, do=(text,))
        for name in self.drop:
            yield _Wanted(
                f"{lead}without {name}",
                lambda name=name: without(base, [name]),  # type: ignore[misc]
                setting=("without", name),
            )
        for name in self.lexicon:
            yield _Wanted(
                f"{lead}words of {name}",
                lambda name=name: read_by(base, name),  # type: ignore[misc]
                setting=("lexicon", name),
            )
        for name in self.engine:
            yield _Wanted(f"{lead}{name}", same, engine=name)


def _columns(files: Sequence[Path], asked: _Asked, seed: int, quiet: bool) -> Iterator[Column]:
    from forecast import pipeline
    from forecast.analysis.column import Column
    from forecast.store.kept import read_summary

    wanted: list[_Wanted | Column] = []
    names = _names(files)
    for file, name in zip(files, names, strict=True):
        if file.is_dir():
            wanted.append(Column(name, read_summary(file), None))
            continue
        base = pipeline.load(file)
        if not quiet:
            mention(base.warnings, file)
        wanted += asked.wanted(file, base, name if len(files) > 1 else "")
    with Progress(len(wanted)) as progress:
        for each in wanted:
            progress.step(f"solving {each.label}")
            yield each if isinstance(each, Column) else _solved(each, seed)


def _names(files: Sequence[Path]) -> list[str]:
    """Call each file by its stem, by its whole way where another has the same."""
    stems = [file.name if file.is_dir() else file.stem for file in files]
    names = [
        str(file) if stems.count(stem) > 1 else stem
        for file, stem in zip(files, stems, strict=True)
    ]
    if len(set(names)) < len(names):
        raise UsageError("a file is named twice: to compare it with itself, change something")
    return names


def _solved(wanted: _Wanted, seed: int) -> Column:
    from forecast import pipeline
    from forecast.analysis.column import Column, Solved

    spec = wanted.load()
    network = pipeline.build(
        spec, given=wanted.given, as_of=wanted.as_of, do=read_do(list(wanted.do))
    )
    posterior = pipeline.infer(network, wanted.engine, seed=seed)
    settings: dict[str, Any] = pipeline.settings(network, wanted.engine, None, wanted.given)
    settings |= dict([wanted.setting] if wanted.setting else [])
    digest = pipeline.manifest(spec, settings, seed)["digest"]
    summary = pipeline.summarise(spec, network, posterior, digest)
    return Column(wanted.label, summary, Solved(spec, network, posterior))


def _told(columns: Sequence[Column], form: str) -> None:
    from forecast.analysis.compare import compare as side_by_side
    from forecast.views import compared

    first = columns[0]
    if first.summary.diagnostics.status == "fail":
        from forecast.views.terminal import render_refusal

        raise FailedDiagnostics(
            render_refusal(first.summary, colour=has_colour(sys.stderr), file=first.label).rstrip()
        )
    found = side_by_side(columns)
    match form:
        case "json":
            sys.stdout.write(found.to_json())
        case "csv":
            sys.stdout.write(compared.render_csv(found))
        case "md":
            sys.stdout.write(compared.render_markdown(found))
        case _:
            text = compared.render(found, width=width(), colour=has_colour(sys.stdout))
            sys.stdout.write(text)
    if found.refused:
        raise FailedDiagnostics(
            "\n".join(f"{c.label}: {'; '.join(c.reasons)}: not shown" for c in found.refused)
        )
