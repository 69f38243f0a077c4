"""Commands, in the order of the pipeline."""

from __future__ import annotations

import typer

from forecast.cli.check import check
from forecast.cli.compare import compare
from forecast.cli.exchange import export, import_network
from forecast.cli.explain import explain
from forecast.cli.fmt import fmt
from forecast.cli.graph import graph
from forecast.cli.indicators import indicators
from forecast.cli.new import new
from forecast.cli.run import run
from forecast.cli.schema import schema
from forecast.cli.sensitivity import sensitivity

app = typer.Typer(
    name="forecast",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from forecast import __version__

        typer.echo(f"forecast {__version__}")
        raise typer.Exit


@app.callback()
def forecast(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and exit."
    ),
) -> None:
    """Turn what experts say about the future into probabilities that can be audited.

    \b
    forecast check scenarios/victory_day_2025.yaml
    forecast run scenarios/victory_day_2025.yaml
    forecast run scenarios/victory_day_2025.yaml --given "visit_russia by 2025-05-09"
    forecast run scenarios/chest_clinic.yaml --given "asia and dysp" --json
    """  # noqa: D301 - the backspace keeps the lines of the examples apart


app.command("import")(import_network)
app.command(short_help="Write a scenario file and a priors file to begin with.")(new)
app.command(short_help="Print the JSON Schema of a kind of file.")(schema)
app.command(short_help="Tidy files: order, indentation, quotes.")(fmt)
app.command(short_help="Report what is wrong with files and what they imply.")(check)
app.command()(graph)
app.command(short_help="Explain a question: its table, its numbers, its evidence.")(explain)
app.command(short_help="Report the probability of every scenario of a file.")(run)
app.command(short_help="Set forecasts side by side, with paired differences.")(compare)
app.command(short_help="Report what a forecast hangs on, and what would flip it.")(sensitivity)
app.command(short_help="Report what to watch, and what each answer would tell.")(indicators)
app.command()(export)
