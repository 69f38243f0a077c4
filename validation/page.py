"""docs/validation.md, from the results that are kept."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from forecast.views.words import counted
from validation import calibration_section, kept
from validation.families import FAMILIES
from validation.kept import Calibrated, Kept
from validation.records import Record
from validation.study import FAR, FAR_POINTS, MOST, Tally, biased, tally
from validation.thresholds import by_bins, trade_off
from validation.truth.annealed import PARTICLES
from validation.truth.spread import MANY
from validation.truth.trusted import APART
from validation.writing import per_cent, table, text

PAGE = Path(__file__).parents[1] / "docs" / "validation.md"


def write() -> None:
    """Write the page."""
    PAGE.write_text(page(kept.load(), kept.load_calibration()), "utf-8")


def page(found: Kept, calibrated: Calibrated | None) -> str:
    """Return the page."""
    parts = [
        *_head(found),
        *_false_pass(found),
        *_trade_off(found.records),
        *_truths(found),
        *(calibration_section.section(calibrated) if calibrated else ()),
    ]
    return "\n".join(parts)


def _head(found: Kept) -> list[str]:
    return [
        "# Validation\n",
        text(
            f"""Written by `uv run python -m validation`; do not edit. Runs of {found.day}.
            `validation/` holds the studies, `validation/results/` every run of them."""
        ),
        text(
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
    normal = per_cent(math.erfc(FAR / math.sqrt(2)))
    return [
        "## False passes\n",
        _verdict(tally(runs)),
        _hostile(tally([one for one in runs if FAMILIES[one.family].adversarial])),
        of_families(runs),
        text(
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
    return text(
        f"""Asked of the certificate: of at least 3,000 runs that pass, the rate of chances that are
        far has an upper bound below {per_cent(MOST)}, and none is off by more than {FAR_POINTS:g}
        points. {held}: {whole.passed:,} runs passed and {whole.refused:,} were refused;
        {chances.events} of {chances.runs:,} chances are far, an upper bound of
        {per_cent(chances.bound)} ({per_cent(chances.clustered)} with the clustering by model,
        whose design effect is {chances.effect:.1f}), in {counted(per_run.events, "run")} (an upper
        bound of {per_cent(per_run.bound)} of runs; {per_cent(per_run.clustered)} with the
        clustering); the largest error is {whole.points:.2f} points."""
    )


def _hostile(found: Tally) -> str:
    return text(
        f"""Of the families that are made to deceive {found.passed:,} runs passed and
        {found.refused:,} were refused; {found.chances.events} of {found.chances.runs:,} chances are
        far, and the largest error is {found.points:.2f} points. These models are no unseen test:
        the way in which the engine learns from its draws, and the thousandth of unseen posterior
        that its stated errors include, were settled while some of them (two-modes, j-shaped, tight,
        sixty) were in view."""
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
    return table(heads, rows)


def _row(found: Tally) -> tuple[str, ...]:
    return (
        str(found.models),
        str(found.refused),
        str(found.passed),
        f"{found.chances.events} of {found.chances.runs:,}",
        per_cent(found.chances.bound),
        per_cent(found.chances.clustered),
        str(found.runs.events),
        per_cent(found.runs.bound),
        f"{found.spread:.2f}",
        f"{found.points:.2f}",
    )


def _biases(runs: Sequence[Record]) -> str:
    found = sorted(biased(runs), key=lambda one: -one[1])
    if not found:
        return text("No model errs to one side in all its runs.")
    named = ", ".join(f"{model} ({size:.0f})" for model, size in found[:8])
    return text(
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
            per_cent(found.refused / len(runs)),
            f"{found.passed:,}",
            f"{found.chances.events} of {found.chances.runs:,}",
            per_cent(found.chances.bound),
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
        text(
            """The same runs as the engine left them, under other certificates. All ask for 400
            effective draws and for errors within the targets; what the engine's own certificate
            asks beyond that is left out here. A run that was refused was given as many draws as it
            may have; under a laxer certificate it would have ended sooner."""
        ),
        table(heads, rows),
        text(
            """What passed the engine's own certificate, by its effective share and by k-hat. Where
            the spread is above 1, stated errors are too small by that factor."""
        ),
        _binned(runs, "effective share", lambda one: one.share, (0, 0.1, 0.2, 0.35, 0.6, 1.01)),
        _binned(runs, "k-hat", lambda one: one.khat, (-math.inf, 0, 0.2, 0.4, 0.55, math.inf)),
    ]


def _binned(
    runs: Sequence[Record], name: str, figure: Callable[[Record], float], ends: Sequence[float]
) -> str:
    rows = [
        (
            f"up to {high:g}" if low in (0, -math.inf) and low == ends[0]
            else f"from {low:g}" if high == ends[-1] else f"{low:g} to {high:g}",
            f"{found.passed:,}",
            f"{found.chances.events} of {found.chances.runs:,}",
            f"{found.spread:.2f}",
            f"{found.points:.2f}",
        )
        for low, high, found in by_bins(runs, figure, ends)
        if found.passed
    ]  # fmt: skip
    return table([name, "passed", "chances far", "spread", "most"], rows)


def _truths(found: Kept) -> list[str]:
    reasons = Counter(one.truth.why_not or "trusted" for one in found.models)
    said = ", ".join(f"{count} {why}" for why, count in reasons.most_common())
    apart = [one.truth.apart for one in found.models if one.truth.trusted]
    solved = sum(one.truth.solved for one in found.models)
    sizes = [one.questions for one in found.models]
    coordinates = [one.coordinates for one in found.models]
    return [
        "## What is true\n",
        text(
            f"""For each of the {len(found.models)} models ({min(sizes)} to {max(sizes):,}
            questions, {min(coordinates)} to {max(coordinates):,} uncertain numbers) two methods
            worked, on {solved / 1e6:,.0f} million draws in all:"""
        ),
        text(
            f"""- *annealing*: {PARTICLES:,} particles are led from the prior to the posterior
            through powers of the likelihood; then importance sampling from wide Student-t
            distributions about clusters of them, where they end and on their way, with a share of
            the prior; with more than {MANY} coordinates the particles walk on instead."""
        ),
        text(
            """- *slices*: 400 chains of elliptical slice sampling, each from a draw of the prior of
            its own. For up to three coordinates *quadrature* instead; where the chains stay in one
            of several modes, millions of draws of the *prior*, weighted."""
        )
        + "\n",
        text(
            f"""They share with the engine the exact sums over the network and nothing else: not the
            map from Normals to parameters, nor the likelihood of statements, nor any proposal. A
            model counts only where both methods find nothing wrong with themselves and differ by at
            most {APART:g} standard errors: {said}. Where trusted they differ by
            {np.median(apart):.1f} errors in the median and {max(apart):.1f} at most. The truth is
            their mean, weighted by precision; its error is {_ratio(found):.2f} of the engine's
            stated one in the median over models."""
        ),
        text(
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
