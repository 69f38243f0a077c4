"""docs/performance.md, from what was measured."""

from __future__ import annotations

import datetime as dt
import os
import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks import first_case, growth, marginals
from benchmarks.clock import spent, times
from benchmarks.first_case import Rival
from benchmarks.growth import Growth
from benchmarks.marginals import Marginals
from forecast.views.words import counted

COMMAND = "uv run --extra benchmark python -m benchmarks"
PACKAGES = ("numpy", "scipy", "pymc", "pytensor", "pyagrum")

NAMES = {
    "forecast run": "`forecast run`",
    "plain": "PyMC, every question a variable",
    "marginalised": "PyMC, questions summed out by hand",
}


def page(sections: Iterable[str], rounds: int) -> str:
    """Return the page from its sections."""
    found = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    head = f"""# Performance

Written by `{COMMAND}`; do not edit. Rivals take turns in one run; times are medians over
{counted(rounds, "round")}, ratios medians of the rounds' own ratios. What two say is compared
before their times are.

{dt.date.today()}; {_processor()}, {os.cpu_count()} processors, {platform.system()}; Python
{platform.python_version()}, {found}.
"""
    return "\n".join([head, *sections])


def of_first_case(rivals: Sequence[Rival]) -> str:
    """Return the section on the first case."""
    rows = [
        (
            NAMES[rival.name],
            spent(rival.seconds),
            f"{100 * rival.worst:.2g} points",
            spent(rival.equal),
            f"disagrees by {rival.apart:.1f} errors" if rival.ratio is None else times(rival.ratio),
        )
        for rival in rivals
    ]
    heads = ["", "whole process", "largest Monte Carlo error", "to the same error", "ratio"]
    return f"""## The first case without its statements

{_table(heads, rows)}
From command to result, imports and compiled code in the cache included. The scripts stand in
`results/benchmarks/` after a run: they are written from the built network as a user of PyMC would
write them by hand, with named variables, and sampled by `pm.sample` as it comes
({first_case.DRAWS:,} draws of each chain after {first_case.TUNE:,} of tuning). The first has a
variable for each question and an observed one for each report; what is certain or impossible is
not drawn, or the sampler would be stuck. The second leaves out what neither a scenario nor a
report needs.

Equal error: the largest Monte Carlo error of a scenario's chance is measured for each; a script's
drawing after tuning is then reckoned as longer by the square of its error over ours, everything
else as it is. The error of the first script rests on few effective draws, so its time is right to
perhaps a factor of two. All agree on every scenario within {first_case.FAR} standard errors of
the difference, or there is no ratio.
"""


def of_marginals(found: Sequence[Marginals]) -> str:
    """Return the section on exact inference."""
    rows = [
        (
            one.name,
            str(one.shape.arcs),
            f"{one.shape.largest_clique:,}",
            str(len(one.shape.observed)),
            spent(one.layout),
            f"{spent(one.one)} / {spent(one.one_theirs)}",
            times(one.one_ratio),
            "" if one.many is None or one.many_theirs is None
            else f"{spent(one.many)} / {spent(one.many_theirs)}",
            "" if one.many_ratio is None else times(one.many_ratio),
            f"{one.difference:.0e}",
        )
        for one in found
    ]  # fmt: skip
    heads = ["network", "arcs", "largest clique", "observed", "layout", "one set", "ratio"]
    heads += [f"{marginals.DRAWS:,} sets", "ratio", "largest difference"]
    return f"""## All marginals, against pyAgrum

{_table(heads, rows)}
In process and warm: the network is laid out already (`layout`, ours, once for all sets of
parameters). Ours / pyAgrum's lazy propagation; a ratio above one means that ours is faster. For
pyAgrum each set refills the tables and takes a new engine, since one that is kept does not
notice; of the {marginals.DRAWS:,} it solves {marginals.LOOP}, and its time for all is in
proportion. The first case's fourteen questions are wired as in its file, with two states each and
four observed. The random networks have 2 to 4 states, at most 4 parents, arcs as sparse as
ALARM's, uniform Dirichlet rows, and some leaves observed; seed {marginals.SEED}. The published
ones have the evidence of the largest of their cases, and their cliques are those of the whole
network, before either prunes what the evidence settles. Every marginal agrees within
{marginals.TOLERANCE:.0e}.
"""


def of_growth(nodes: Sequence[Growth], draws: Sequence[Growth]) -> str:
    """Return the section on growth."""
    by_nodes = [(f"{one.nodes:,}", f"{one.largest_clique:,}", spent(one.seconds)) for one in nodes]
    by_draws = [
        (f"{one.draws:,}", spent(one.seconds), spent(one.seconds / one.draws)) for one in draws
    ]
    return f"""## Growth

All marginals of random networks as above, warm.

{_table(["nodes", "largest clique", f"{growth.FIXED_DRAWS:,} draws"], by_nodes)}
{_table(["draws", f"{growth.FIXED_NODES} nodes", "a draw"], by_draws)}"""


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rule = ["---", *["---:"] * (len(heads) - 1)]
    return "".join(f"| {' | '.join(line)} |\n" for line in (heads, rule, *rows))


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())
