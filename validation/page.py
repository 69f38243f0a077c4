"""docs/validation.md, from the results that are kept."""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from forecast.views.words import counted
from validation import kept
from validation.calibration import DRAWS, LEVEL
from validation.families import FAMILIES
from validation.kept import Calibrated, Kept
from validation.records import Record
from validation.study import FAR, FAR_POINTS, MOST, Tally, biased, tally
from validation.thresholds import trade_off
from validation.truth.annealed import PARTICLES
from validation.truth.spread import MANY
from validation.truth.trusted import APART

PAGE = Path(__file__).parents[1] / "docs" / "validation.md"
WIDTH = 115


def write() -> None:
    """Write the page."""
    PAGE.write_text(page(kept.load(), kept.load_calibration()), "utf-8")


def page(found: Kept, calibrated: Calibrated) -> str:
    """Return the page."""
    parts = [
        *_head(found),
        *_false_pass(found),
        *_trade_off(found.records),
        *_truths(found),
        *_calibration(calibrated),
    ]
    return "\n".join(parts)


def _head(found: Kept) -> list[str]:
    return [
        "# Validation\n",
        _text(
            f"""Written by `uv run python -m validation`; do not edit. Runs of {found.day}.
            `validation/` holds the studies, `validation/results/` every run of them."""
        ),
        _text(
            """The worst that `forecast` could do is to certify a number that is wrong. The first
            study looks for such numbers: models are generated over the whole language, what is true
            of them is worked out by two methods that are not the engine's, and the engine runs each
            with many seeds. What its certificate lets pass is compared with what is true. The
            second study asks whether the posteriors are those of the models."""
        ),
    ]


def _false_pass(found: Kept) -> list[str]:
    runs = found.records
    trusted = sum(one.truth.trusted for one in found.models)
    normal = _per_cent(math.erfc(FAR / math.sqrt(2)))
    return [
        "## False passes\n",
        _verdict(tally(runs)),
        _hostile(tally([one for one in runs if FAMILIES[one.family].adversarial])),
        of_families(runs),
        _text(
            f"""A run is a model with a seed; {trusted} models have a known truth, and the runs took
            {found.seconds / 60:.0f} minutes. A *chance* is one scenario of one run that passed. It
            is *far* where it is off by more than {FAR:g} errors: the stated Monte Carlo error and
            the truth's own taken together. Sound normal errors do that to {normal} of all chances;
            a run has several chances, so a larger share of runs has one that is far. The *bound* is
            the upper 95 % bound of the rate (Clopper and Pearson). Runs of one model go together:
            *by model* is the bound when each run counts for less, by the design effect that the
            events show (the ratio estimator over models). The spread is the root mean square of
            (estimate - truth) / error, 1 where errors mean what they say. *Most* is the largest
            error of what passed, in points of probability."""
        ),
        _biases(runs),
    ]


def _verdict(whole: Tally) -> str:
    chances, per_run = whole.chances, whole.runs
    held = "This is held" if whole.good and whole.passed >= 3000 else "**This is not held**"
    return _text(
        f"""Asked of the certificate: of at least 3,000 runs that pass, the rate of chances that are
        far has an upper bound below {_per_cent(MOST)}, and none is off by more than {FAR_POINTS:g}
        points. {held}: {whole.passed:,} runs passed and {whole.refused:,} were refused;
        {chances.events} of {chances.runs:,} chances are far, an upper bound of
        {_per_cent(chances.bound)} ({_per_cent(chances.clustered)} with the clustering by model,
        whose design effect is {chances.effect:.1f}), in {counted(per_run.events, "run")} (an upper
        bound of {_per_cent(per_run.bound)} of runs; {_per_cent(per_run.clustered)} with the
        clustering); the largest error is {whole.points:.2f} points."""
    )


def _hostile(found: Tally) -> str:
    return _text(
        f"""Of the families that are made to deceive {found.passed:,} runs passed and
        {found.refused:,} were refused; {found.chances.events} of {found.chances.runs:,} chances are
        far, and the largest error is {found.points:.2f} points."""
    )


def of_families(runs: Sequence[Record]) -> str:
    """Return the table of all families."""
    rows = []
    for name in dict.fromkeys(one.family for one in runs):
        own = [one for one in runs if one.family == name]
        mark = " *" if FAMILIES[name].adversarial else ""
        rows.append((f"{name}{mark}: {FAMILIES[name].about}", *_row(tally(own))))
    rows.append(("all", *_row(tally(runs))))
    heads = ["family (* made to deceive)", "models", "refused", "passed", "chances far"]
    heads += ["bound", "by model", "runs far", "bound", "spread", "most"]
    return _table(heads, rows)


def _row(found: Tally) -> tuple[str, ...]:
    return (
        str(found.models),
        str(found.refused),
        str(found.passed),
        f"{found.chances.events} of {found.chances.runs:,}",
        _per_cent(found.chances.bound),
        _per_cent(found.chances.clustered),
        str(found.runs.events),
        _per_cent(found.runs.bound),
        f"{found.spread:.2f}",
        f"{found.points:.2f}",
    )


def _biases(runs: Sequence[Record]) -> str:
    found = sorted(biased(runs), key=lambda one: -one[1])
    if not found:
        return _text("No model errs to one side in all its runs.")
    named = ", ".join(f"{model} ({size:.0f})" for model, size in found[:8])
    return _text(
        f"""{counted(len(found), "model")} err to one side: the mean score times the root of the
        number of passes is above 4, to which the truth's own error adds. Those that do it most:
        {named}."""
    )


def _trade_off(runs: Sequence[Record]) -> list[str]:
    rows = [
        (
            f"{one.share:g}",
            "any" if math.isinf(one.khat) else f"{one.khat:g}",
            "yes" if one.agree else "no",
            _per_cent(found.refused / len(runs)),
            f"{found.passed:,}",
            f"{found.chances.events} of {found.chances.runs:,}",
            _per_cent(found.chances.bound),
            str(found.runs.events),
            f"{found.spread:.2f}",
            f"{found.points:.2f}",
        )
        for one, found in trade_off(runs)
    ]
    heads = ["effective share", "k-hat below", "halves agree", "refused", "passed"]
    heads += ["chances far", "bound", "runs far", "spread", "most"]
    return [
        "## What other thresholds would do\n",
        _text(
            """The same runs as the engine left them, under other certificates. All ask for 400
            effective draws and for errors within the targets; what the engine's own certificate
            asks beyond that is left out here. A run that was refused was given as many draws as it
            may have; under a laxer certificate it would have ended sooner."""
        ),
        _table(heads, rows),
    ]


def _truths(found: Kept) -> list[str]:
    reasons = Counter(one.truth.why_not or "trusted" for one in found.models)
    said = ", ".join(f"{count} {why}" for why, count in reasons.most_common())
    apart = [one.truth.apart for one in found.models if one.truth.trusted]
    solved = sum(one.truth.solved for one in found.models)
    sizes = [one.questions for one in found.models]
    coordinates = [one.coordinates for one in found.models]
    return [
        "## What is true\n",
        _text(
            f"""For each of the {len(found.models)} models ({min(sizes)} to {max(sizes):,}
            questions, {min(coordinates)} to {max(coordinates):,} uncertain numbers) two methods
            worked, on {solved / 1e6:,.0f} million draws in all:"""
        ),
        _text(
            f"""- *annealing*: {PARTICLES:,} particles are led from the prior to the posterior
            through powers of the likelihood; then importance sampling from wide Student-t
            distributions about clusters of them, where they end and on their way, with a share of
            the prior; with more than {MANY} coordinates the particles walk on instead."""
        ),
        _text(
            """- *slices*: 400 chains of elliptical slice sampling, each from a draw of the prior of
            its own. For up to three coordinates *quadrature* instead; where the chains stay in one
            of several modes, millions of draws of the *prior*, weighted."""
        ),
        _text(
            f"""They share with the engine the exact sums over the network and nothing else: not the
            map from Normals to parameters, nor the likelihood of statements, nor any proposal. A
            model counts only where both methods find nothing wrong with themselves and differ by at
            most {APART:g} standard errors: {said}. Where trusted they differ by
            {np.median(apart):.1f} errors in the median and {max(apart):.1f} at most. The truth is
            their mean, weighted by precision; its error is {_ratio(found):.2f} of the engine's
            stated one in the median over models."""
        ),
        _text(
            f"""`uv run python -m validation false-pass --only FAMILY --seeds N` repeats a part;
            without options it makes all runs anew and writes this page. What is true is kept in
            `validation/.cache` (an hour where it is not there), and the runs take
            {found.seconds / 60:.0f} minutes. A test makes some of the runs again and compares the
            constants of the engine with those of the study. When it fails the engine has changed,
            and the study is to be run again; a comment changes nothing."""
        ),
    ]


def _ratio(found: Kept) -> float:
    stated: dict[str, list[float]] = {}
    for one in found.records:
        stated.setdefault(one.model, []).append(one.stated)
    ratios = [
        100 * max(one.truth.errors) / float(np.median(stated[one.model]))
        for one in found.models
        if max(stated.get(one.model, [0.0])) > 0
    ]
    return float(np.median(ratios))


def _calibration(found: Calibrated) -> list[str]:
    rows = [
        (
            one.name,
            str(one.simulations),
            str(one.quantities),
            str(one.refused),
            f"{one.p_value:.2g}",
            f"{one.band:.2f}",
        )
        for one in found.constructs
    ]
    controls = [
        (f"{one.control}, on: {one.name}", str(one.simulations), f"{one.p_value:.0e}")
        for one in found.controls
    ]
    return [
        "## Calibration\n",
        _text(
            f"""Simulation-based calibration (Talts and others 2018, arXiv:1804.06788): parameters
            are drawn from the prior, reports and statements from the model, and the true value is
            ranked among {DRAWS} draws of the posterior that the engine finds; the ranks are uniform
            if the posterior is the model's. Ranked are all parameters, leans, and the chance of the
            scenario given the evidence. p is the least of a chi-square test over all of them, times
            their number; below {LEVEL:g} it would be an alarm. *Distance* is the largest of the
            ranks' distribution from the diagonal, times the root of the number of simulations
            (beyond 1.95 for one quantity in a thousand). Refused runs count all the same. Reports
            are drawn from the very chances that the network gives them, which add up to one over
            all that may be reported; so this tests the inference, and not what a report means,
            which is held to hand algebra elsewhere."""
        ),
        _table(["construct", "simulations", "quantities", "refused", "p", "distance"], rows),
        _text("A deliberately wrong model must be found out:"),
        _table(["what is wrong", "simulations", "p"], controls),
        _text("`uv run python -m validation calibration` makes them anew, in some minutes."),
    ]


def _text(text: str) -> str:
    indent = "  " if text.startswith("- ") else ""
    one_line = " ".join(text.split())
    return textwrap.fill(
        one_line,
        WIDTH,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    ) + ("\n" if not indent else "")


def _per_cent(rate: float) -> str:
    """Write a rate.

    >>> _per_cent(0.0027), _per_cent(0.25)
    ('0.27 %', '25 %')
    """
    return f"{100 * rate:.2g} %"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rule = ["---", *["---:"] * (len(heads) - 1)]
    return "".join(f"| {' | '.join(line)} |\n" for line in (heads, rule, *rows))
