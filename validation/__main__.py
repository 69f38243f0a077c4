"""Run the studies and write the page: ``uv run python -m validation false-pass``."""

from __future__ import annotations

import sys
import time
from typing import Annotated

import typer

from validation import agreement, kept, page, study
from validation.calibration import Spoiling, band, counted_twice, halved_sd, ranked
from validation.constructs import CONSTRUCTS, Construct
from validation.families import FAMILIES
from validation.kept import Calibration
from validation.records import Record

CONTROLS = ("statement, and what its speaker knew", "count so far")
"""The constructs that the negative controls spoil."""

TURNS = 32
"""In each a part of the seeds of every model, so that the study may be interrupted after any."""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def false_pass(
    only: Annotated[
        str | None,
        typer.Option(metavar="|".join(FAMILIES), help="One family, printed and not kept."),
    ] = None,
    seeds: Annotated[int | None, typer.Option(min=1, help="Runs of each model.")] = None,
) -> None:
    """Run all models with many seeds, and compare what passes with what is true.

    What is true is worked out first, which takes an hour, and kept in `validation/.cache`; the runs
    take some twenty minutes.
    """
    if only is not None and only not in FAMILIES:
        raise typer.BadParameter(f"one of {', '.join(FAMILIES)}", param_hint="--only")
    families = FAMILIES.values() if only is None else (FAMILIES[only],)
    found = [one for family in families for one in study.studied(family)]
    most = {family.name: seeds or family.seeds for family in families}
    runs: list[Record] = []
    start = time.process_time()
    for turn in range(TURNS):
        for one, network in found:
            first, last = (most[one.model.family] * t // TURNS for t in (turn, turn + 1))
            runs += study.runs(one, network, range(first, last))
        runs.sort(key=lambda run: (list(FAMILIES).index(run.family), run.model, run.seed))
        seconds = time.process_time() - start
        sys.stderr.write(f"{len(runs)} runs ({seconds:.0f} s)\n")
        if only is None:  # what is done is kept, should the rest be interrupted
            kept.save([one for one, _ in found], runs, seconds)
    if only is None:
        page.write()
        sys.stderr.write(f"written: {kept.RESULTS}, {page.PAGE}\n")
    else:
        sys.stdout.write(page.of_families(runs))


@app.command("calibration")
def calibrate(
    only: Annotated[
        str | None,
        typer.Option(metavar="|".join(c.name for c in CONSTRUCTS), help="One, not kept."),
    ] = None,
    simulations: Annotated[int, typer.Option(min=1, help="Simulations of each construct.")] = 300,
) -> None:
    """Calibrate all constructs by simulation, and two wrong models that must be found out."""
    named = {construct.name: construct for construct in CONSTRUCTS}
    if only is not None and only not in named:
        raise typer.BadParameter(f"one of {', '.join(named)}", param_hint="--only")
    constructs = []
    for name in named if only is None else (only,):
        constructs.append(_calibrated(named[name], simulations))
    if only is None:
        spoilt = [(CONTROLS[0], halved_sd, "statements taken for twice as exact")]
        spoilt += [(CONTROLS[1], counted_twice, "evidence counted twice")]
        controls = [_calibrated(named[n], simulations, s, text) for n, s, text in spoilt]
        kept.save_calibration(constructs, controls)


def _calibrated(
    construct: Construct, simulations: int, spoiling: Spoiling | None = None, control: str = ""
) -> Calibration:
    ranks = ranked(construct, simulations, spoiling)
    distance = max(band(own) for own in ranks.ranks.values())
    sys.stderr.write(f"{construct.name} {control}: p {ranks.p_value:.2g}, worst {ranks.worst}\n")
    return Calibration(
        construct.name,
        control,
        simulations,
        len(ranks.ranks),
        ranks.refused,
        float(f"{ranks.p_value:.3g}"),
        round(distance, 3),
    )


@app.command("agreement")
def agree() -> None:
    """Run both engines long on every shipped scenario, and keep every chance that they report.

    Some ten minutes on two cores.
    """
    runs, rows = [], []
    for path in agreement.scenarios():
        run, own = agreement.compared(path)
        runs.append(run)
        rows += own
        sys.stderr.write(f"{path.stem}: {len(own)} chances, z up to {max(r.z for r in own):.2f}\n")
    agreement.save(runs, rows)
    sys.stderr.write(f"{len(rows)} chances; the limit is {agreement.limit(len(rows)):.2f}\n")


@app.command("page")
def write_page() -> None:
    """Write `docs/validation.md` from the results that are kept."""
    page.write()


if __name__ == "__main__":
    app()
