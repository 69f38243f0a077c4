"""Statements: what an expert said, as a likelihood of what the network implies."""

from __future__ import annotations

import math

import numpy as np
import pytest
from modelling import Array, network_of, states
from scipy import stats
from scipy.special import digamma, logit, polygamma

from forecast.errors import InvalidFile
from forecast.inference.coordinates import Coordinates
from forecast.inference.exact import ExactNetwork
from forecast.inference.statements import derivatives, discrepancies, log_likelihood
from forecast.model.distributions import Beta, LogNormal
from forecast.model.network import Network, Statement

PRIORS = """\
priors: 1
source: {who: Doo, said: 2025-03-10}
lexicon: icd203
judgements:
  claim: {read_as: likely}
  press: {read_as: likely, by: journalist}
  para: {read_as: likely, by: paraphrase}
"""
BAND = float(polygamma(1, 24.9) + polygamma(1, 11.7))  # of "likely", Beta(24.9, 11.7), squared
LIKELY = float(digamma(24.9) - digamma(11.7))

BODY = """\
use: {doo: doo.yaml}
EXPERTS
questions:
  y: {type: binary, prior: 30% (10..50)}
  x: {type: binary, prior: {cases: {y: 80%, otherwise: 10%}}}
  d: {type: date, window: 2025-01-01..2025-12-31, rate: {events: 1, in: 1 year}}
unused: {UNUSED}
evidence:
- {id: e1, date: 2025-03-01, text: t, source: s, odds: {y: x2}}
- {id: e2, date: 2025-03-05, known: 2025-03-20, text: t, source: s, odds: {y: x3}}
- {id: e3, date: 2025-04-08, text: t, source: s, odds: {y: x5}}
scenarios: {rest: otherwise}
statements:
"""


def built(statements: str, experts: str = "") -> Network:
    unused = ", ".join(
        f"doo.{n}: none" for n in ("claim", "press", "para") if f"doo.{n}" not in statements
    )
    body = BODY.replace("EXPERTS", experts).replace("UNUSED", unused)
    return network_of(body + statements, files={"doo.yaml": PRIORS})


def stated(text: str, experts: str = "") -> Statement:
    (statement,) = built(f"- {{of: x, {text}}}\n", experts).statements
    return statement


# ------------------------------------------------------------------------- what was said


@pytest.mark.parametrize(
    ("text", "logit_stated", "variance", "direction"),
    [
        ("says: likely", LIKELY, BAND + 0.64, 1),
        ("says: unlikely", -LIKELY, BAND + 0.64, -1),
        ("says: even", 0.0, 2 * polygamma(1, 135) + 0.64, 0),
        ("says: 70%", logit(0.7), 0.64, 1),  # a bare number has no band, but scatter
        ("says: 20%", logit(0.2), 0.64, -1),
        ("says: likely, widen: 2", LIKELY, 4 * BAND + 0.64, 1),
        ("says: likely, lean: '-'", LIKELY, BAND + 0.64, -1),
        ("says: even, lean: +", 0.0, 2 * polygamma(1, 135) + 0.64, 1),
        ("says: likely, side: at most", LIKELY, BAND + 0.64, 1),
    ],
)
def test_stated_sd_and_direction(
    text: str, logit_stated: float, variance: float, direction: int
) -> None:
    """stated = psi(a) - psi(b), sd^2 = psi1(a) + psi1(b) + scatter^2; policy: shift .5, scatter .8."""
    found = stated(text)
    assert found.stated == pytest.approx(logit_stated, rel=1e-12)
    assert found.sd**2 == pytest.approx(variance, rel=1e-12)
    assert (found.direction, found.shift, found.expert) == (direction, 0.5, "own")


EXPERT = "experts: {doo: {shift: 0.6, scatter: 0.9}}"


@pytest.mark.parametrize(
    ("claim", "experts", "variance", "shift"),
    [
        ("claim", EXPERT, BAND + 0.81, 0.6),
        ("para", EXPERT, BAND + 0.81, 0.6),  # his words, told by another
        (
            "press",
            EXPERT,
            BAND + 0.81 + 0.36,
            0.0,
        ),  # another's claim: no lean of his, all is scatter
        ("claim", "", BAND + 0.64, 0.5),
        ("press", "", BAND + 0.64 + 0.25, 0.0),
        ("claim", "experts: {doo: {shift: 0, scatter: 0.1}}", BAND + 0.01, 0.0),
    ],
)
def test_the_expert_sets_shift_and_scatter(
    claim: str, experts: str, variance: float, shift: float
) -> None:
    found = stated(f"says: doo.{claim}", experts)
    assert found.sd**2 == pytest.approx(variance, rel=1e-12)
    assert found.shift == shift
    assert found.expert == "doo"
    assert found.id == f"doo.{claim}"


@pytest.mark.parametrize("says", ["certain", "own.c", "{read_as: own.c}"])
def test_a_statement_cannot_be_certain(says: str) -> None:
    stored = "judgements: {c: {read_as: impossible}}" if "own" in says else ""
    with pytest.raises(InvalidFile, match="a statement cannot be certain"):
        stated(f"says: {says}", stored)


# ------------------------------------------------------------------------- what he knew


@pytest.mark.parametrize(
    ("text", "reports", "silent"),
    [
        (
            "says: likely",
            ("e1", "e2", "e3"),
            "2025-04-08",
        ),  # the analyst's own words: the as-of date
        ("says: doo.claim", ("e1",), None),  # known by 10 March; silence begins with the base rate
        ("says: doo.claim, informed_by: none", (), None),
        ("says: doo.claim, informed_by: 2025-03-20", ("e1", "e2"), None),
        ("says: doo.claim, informed_by: 2025-12-01", ("e1", "e2", "e3"), "2025-04-08"),
        ("says: doo.claim, informed_by: [e3, e1]", ("e1", "e3"), None),
    ],
)
def test_informed_by(text: str, reports: tuple[str, ...], silent: str | None) -> None:
    network = built(f"- {{of: x, {text}}}\n")
    view = network.views[network.statements[0].target.view]
    assert view.reports == reports
    assert dict(view.silent) == ({"d": silent} if silent else {})
    factor = math.prod({"e1": 2, "e2": 3, "e3": 5}[name] for name in reports)
    p = 0.3 * factor / (0.3 * factor + 0.7)
    implied = solved(network)[0, 0]
    assert implied == pytest.approx(p * 0.8 + (1 - p) * 0.1, rel=1e-12)


def solved(network: Network) -> Array:
    values = {"questions.y.prior": np.array([0.3]), "questions.d.rate": np.array([0.01])}
    return ExactNetwork(network).solution(values).implied


@pytest.mark.parametrize(
    ("of", "given", "expected"),
    [
        ("x", None, 0.3 * 0.8 + 0.7 * 0.1),
        ("not x", None, 0.3 * 0.2 + 0.7 * 0.9),
        ("x and y", None, 0.24),
        ("x", "y", 0.8),
        ("y", "x", 0.24 / 0.31),
        ("x or y", "not x", 0.06 / 0.69),
        ("x", "x", 1.0),
    ],
)
def test_what_a_statement_is_about(of: str, given: str | None, expected: float) -> None:
    """P(of and given) / P(given)."""
    condition = f", given: {given}" if given else ""
    network = built(f"- {{of: {of}{condition}, says: likely, informed_by: none}}\n")
    assert solved(network)[0, 0] == pytest.approx(expected, rel=1e-12)


# ------------------------------------------------------------------------- the likelihood


def test_the_likelihood_of_each_side() -> None:
    """u = stated + d shift b - logit m: Normal(u; 0, sd), Phi(u / sd), Phi(-u / sd)."""
    network = built(
        "- {of: x, says: likely}\n- {of: x, says: unlikely, side: at most}\n"
        "- {of: x, says: 30%, side: at least}\n- {of: x, says: doo.press}\n"
    )
    coordinates = Coordinates(network)
    z = np.random.default_rng(0).standard_normal((len(coordinates), 50))
    implied = np.random.default_rng(1).uniform(0.001, 0.999, (50, 4))
    u = discrepancies(network, coordinates, z, implied)
    b = z[coordinates.names.index("experts.own.lean")]
    sd = np.sqrt(BAND + 0.64)
    expected = np.array(
        [LIKELY + 0.5 * b, -LIKELY - 0.5 * b, logit(0.3) - 0.5 * b, LIKELY + 0 * b]
    ) - logit(implied.T)
    np.testing.assert_allclose(u, expected, rtol=1e-12, atol=1e-12)
    found = log_likelihood(network, u)
    np.testing.assert_allclose(found[0], stats.norm(0, sd).logpdf(u[0]), rtol=1e-12)
    np.testing.assert_allclose(found[1], stats.norm.logcdf(u[1] / sd), rtol=1e-10)
    np.testing.assert_allclose(found[2], stats.norm.logsf(u[2] / 0.8), rtol=1e-10)
    np.testing.assert_allclose(
        found[3], stats.norm(0, np.sqrt(BAND + 0.64 + 0.25)).logpdf(u[3]), rtol=1e-12
    )


def test_implied_chances_are_cut_at_1e_9() -> None:
    network = built("- {of: x, says: likely, lean: +}\n- {of: x, says: even}\n")
    coordinates = Coordinates(network)
    z = np.zeros((len(coordinates), 4))
    implied = np.array([[0.0, 0.0], [1.0, 1.0], [1e-12, 1e-12], [np.nan, np.nan]])
    u = discrepancies(network, coordinates, z, implied)
    edge = logit(1e-9)
    np.testing.assert_allclose(u[1], [-edge, edge, -edge, 0], rtol=1e-7, atol=1e-12)
    assert np.isfinite(log_likelihood(network, u)).all()


def test_bounds_are_finite_far_out() -> None:
    network = built("- {of: x, says: 50%, side: at most}\n- {of: x, says: 50%, side: at least}\n")
    u = np.array([[-40.0, 0.0, 40.0], [-40.0, 0.0, 40.0]]) * 0.8
    found = log_likelihood(network, u)
    np.testing.assert_allclose(
        found[0], [stats.norm.logcdf(-40), math.log(0.5), 0], rtol=1e-10, atol=1e-300
    )
    np.testing.assert_allclose(found[1], found[0][::-1], rtol=1e-10, atol=1e-300)


def test_slopes_are_the_derivatives_of_the_likelihood() -> None:
    """h' and -h'' of each statement by central differences; log P(evidence) enters as it is."""
    network = built(
        "- {of: x, says: likely}\n- {of: x, says: unlikely, side: at most}\n- {of: x, says: 30%, side: at least}\n"
    )
    u, h = np.random.default_rng(3).normal(0, 2, (3, 40)), 1e-4
    low, middle, high = (log_likelihood(network, u + step) for step in (-h, 0, h))
    first, second = derivatives(network, np.vstack([np.zeros(40), u]))
    np.testing.assert_array_equal([first[0], second[0]], [np.ones(40), np.zeros(40)])
    np.testing.assert_allclose(first[1:], (high - low) / (2 * h), rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(second[1:], -(high - 2 * middle + low) / h**2, rtol=1e-3, atol=1e-6)


# ------------------------------------------------------------------------- how sharp his words are


@pytest.mark.parametrize("sharpness", [0.5, 0.8, 1.6])
def test_sharpness_multiplies_what_he_says_in_logits(sharpness: float) -> None:
    """stated = k (psi a - psi b), band^2 = k^2 (psi1 a + psi1 b); shift and scatter stay."""
    experts = f"experts: {{doo: {{shift: 0.3, scatter: 0.6, sharpness: {sharpness}}}}}"
    statement = stated("says: doo.claim", experts)
    assert statement.stated == pytest.approx(sharpness * LIKELY, rel=1e-9)
    assert statement.sd**2 == pytest.approx(sharpness**2 * BAND + 0.36, rel=1e-9)
    assert statement.shift == 0.3
    assert statement.says == f"likely, sharpness {sharpness:g}"


def test_sharpness_is_that_of_his_own_words() -> None:
    """A reporter's claim in his file, and the author's numbers, are not his."""
    experts = "experts: {doo: {shift: 0.3, scatter: 0.6, sharpness: 0.5}}"
    assert stated("says: doo.press", experts).stated == pytest.approx(LIKELY, rel=1e-9)
    assert stated("says: likely", experts).stated == pytest.approx(LIKELY, rel=1e-9)


def test_sharpness_of_chances_and_multipliers_in_rows() -> None:
    """logit p -> k logit p; ln m -> k ln m; records of cases stay as counted."""
    body = """\
use: {doo: doo.yaml}
experts: {doo: {shift: 0, scatter: 1, sharpness: 0.5}}
questions:
  y: {type: binary, prior: doo.fixed}
  x: {type: binary, prior: {base: doo.cases, odds: {y: doo.ratio}}}
  z: {type: binary, prior: {base: 50%, odds: {y: doo.plain}}}
"""
    priors = """\
priors: 1
source: {who: Doo, said: 2025-03-10}
lexicon: icd203
judgements:
  fixed: {read_as: 80%}
  cases: {read_as: {successes: 3, of: 9}}
  ratio: {read_as: x4 (2..8)}
  plain: {read_as: x0.25}
"""
    network = network_of(body, files={"doo.yaml": priors})
    ratio = network.parameters["doo.ratio"].distribution
    assert isinstance(ratio, LogNormal)
    assert ratio.mu == pytest.approx(0.5 * math.log(4))
    assert ratio.sd == pytest.approx(0.5 * math.log(4) / (2 * 1.6448536269514722))
    assert network.parameters["doo.cases"].distribution == Beta(3.5, 6.5)
    values = {"doo.cases": 0.3, "doo.ratio": 1.0}
    y = 2 / 3  # odds 4 ** 0.5 = 2
    assert states(network, "y", **values)["yes"] == pytest.approx(y, rel=1e-12)
    # x0.25 ** 0.5 = x0.5 on even odds: 1/3
    assert states(network, "z", **values)["yes"] == pytest.approx(y / 3 + (1 - y) / 2, rel=1e-12)
