"""What an expert knew when he spoke is counted once, and one man is not two."""

from __future__ import annotations

import math

import numpy as np
import pytest
from modelling import Array, errors, means, network_of, posterior_of
from scipy import stats
from scipy.special import expit, logit

from forecast.posterior import Posterior

A, B = 3.0, 5.0
ODDS = 6.0
"""A report that favours x six to one, which the expert had read when he said 60 %."""

SAID = 0.6


def model(
    scatter: float, informed: str, *, report: bool = True, shift: float = 0.0, n: int = 1
) -> str:
    evidence = (
        f"evidence: [{{id: e, date: 2025-04-01, text: t, source: s, odds: {{x: x{ODDS:g}}}}}]\n"
        if report
        else ""
    )
    said = f"- {{of: x, says: {100 * SAID:g}%, informed_by: {informed}}}\n" * n
    return (
        f"experts: {{own: {{shift: {shift}, scatter: {scatter}}}}}\n"
        f"questions: {{x: {{type: binary, prior: {{beta: [{A}, {B}]}}}}}}\n{evidence}"
        f"statements:\n{said}scenarios: {{s: x, rest: otherwise}}"
    )


def solved(body: str) -> Posterior:
    return posterior_of(network_of(body))


def grid() -> tuple[Array, Array]:
    """logit p, and its density under Beta(3, 5)."""
    u = np.linspace(-14, 14, 56_001)
    weights = np.exp(-A * np.logaddexp(0, -u) - B * np.logaddexp(0, u))
    return u, weights / weights.sum()


def by_hand(scatter: float, informed: str, *, report: bool = True) -> float:
    """E[P(x | e, p)] by quadrature in logit p.

    P(e | p) = (6 p + 1 - p) / 7; given e the logit is logit p + log 6, and so is what he implied if
    he had read it. Unread, his number is of the chance before the report.
    """
    u, prior = grid()
    after = u + math.log(ODDS) if report else u
    m = after if informed == "all" else u
    weights = prior * stats.norm(0, scatter).pdf(logit(SAID) - m)
    if report:
        weights = weights * (ODDS * expit(u) + expit(-u))
    return float(weights @ expit(after) / weights.sum())


def mean(posterior: Posterior) -> tuple[float, float]:
    return float(means(posterior)[0]), float(errors(posterior)[0])


@pytest.mark.parametrize("informed", ["all", "none"])
@pytest.mark.parametrize("scatter", [0.3, 0.8, 2.0])
def test_it_is_the_integral(scatter: float, informed: str) -> None:
    found, error = mean(solved(model(scatter, informed)))
    assert found == pytest.approx(by_hand(scatter, informed), abs=4.5 * error)


def test_what_he_had_read_moves_nothing_as_he_grows_exact() -> None:
    """As sd goes to 0 the answer is what he said, whether the report is listed or not: he knew it.

    Had he not known it, the report would move his number to odds 1.5 x 6 = 9: 90 %.
    """
    gaps = []
    for scatter in (0.8, 0.2, 0.05):
        listed, one = mean(solved(model(scatter, "all")))
        bare, other = mean(solved(model(scatter, "all", report=False)))
        gap = by_hand(scatter, "all") - by_hand(scatter, "all", report=False)
        assert listed - bare == pytest.approx(gap, abs=4.5 * math.hypot(one, other))
        gaps.append(gap)
    assert gaps[0] > gaps[1] > gaps[2] > 0
    assert gaps[2] < 0.003
    assert listed == pytest.approx(SAID, abs=0.005)
    counted_twice, _ = mean(solved(model(0.05, "none")))
    assert counted_twice == pytest.approx(0.9, abs=0.005)


@pytest.mark.parametrize("scatter", [0.2, 0.5, 1.0])
def test_in_between_it_lies_between_the_informed_and_the_uninformed(scatter: float) -> None:
    """Above what he says without the report listed, below what the report makes of him unread."""
    bare, listed, twice = (
        mean(solved(model(scatter, informed, report=report)))[0]
        for informed, report in (("all", False), ("all", True), ("none", True))
    )
    assert bare < listed < twice - 0.02


SILENT = """\
use: {{doo: doo.yaml}}
experts: {{doo: {{shift: 0, scatter: 0.05}}}}
questions:
  d: {{type: date, window: 2025-01-01..2025-12-31, rate: {{events: 2, in: 1 year}}, observable: {seen}}}
statements: [{{of: d, says: doo.claim, informed_by: {informed}}}]
scenarios: {{s: d, rest: otherwise}}
"""
CLAIM = {
    "doo.yaml": "priors: 1\nsource: {who: Doo, said: 2025-03-31}\nlexicon: icd203\n"
    "judgements: {claim: {read_as: 60%}}\n"
}


def test_silence_that_he_knew_of_is_counted_once() -> None:
    """Rate said on 1 January would leave silence to 31 March; it is known to him who speaks then."""
    stored = CLAIM | {
        "base.yaml": "priors: 1\nsource: {who: Base, said: 2025-01-01}\nlexicon: icd203\n"
        "judgements: {rate: {read_as: {events: 2, in: 1 year}}}\n"
    }
    found = {}
    for seen in ("at once", "never"):
        for informed in ("all", "none"):
            body = SILENT.format(seen=seen, informed=informed)
            body = body.replace("doo.yaml}", "doo.yaml, base: base.yaml}")
            body = body.replace("rate: {events: 2, in: 1 year}", "rate: base.rate")
            network = network_of(body, files=stored, as_of="2025-03-31")
            found[seen, informed] = mean(posterior_of(network))[0]
    # Known to him, silence to the day he spoke leaves his 60 % where it is; unknown, it lowers it.
    assert found["at once", "all"] == pytest.approx(found["never", "all"], abs=0.005)
    assert found["at once", "none"] < 0.6 - 0.03


# ------------------------------------------------------------------------- one man


def test_two_identical_statements_of_one_man_are_not_two_men() -> None:
    """By quadrature over logit p and b: u = logit s + c b - logit p, twice with the same b.

    Said n times, the scatter shrinks like 1 / sqrt(n), the lean does not: at most one Normal of
    sd c about his number. Of two men the leans shrink too.
    """
    shift, scatter = 0.8, 0.4
    u, prior = grid()
    b = np.linspace(-6, 6, 401)[:, None]
    lean = stats.norm.pdf(b) * stats.norm(0, scatter).pdf(logit(SAID) + shift * b - u) ** 2
    one_man = float((prior * lean).sum(axis=0) @ expit(u) / (prior * lean).sum())
    alone = stats.norm(0, math.hypot(shift, scatter)).pdf(logit(SAID) - u)
    two_men = float(prior * alone**2 @ expit(u) / (prior * alone**2).sum())
    once = float(prior * alone @ expit(u) / (prior * alone).sum())
    found, error = mean(solved(model(scatter, "none", report=False, shift=shift, n=2)))
    assert found == pytest.approx(one_man, abs=4.5 * error)
    assert once < one_man < once + (two_men - once) / 2
    assert abs(one_man - two_men) > 10 * error
