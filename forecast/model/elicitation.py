"""From what was said to a distribution: the mean is kept, the width is matched."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence

from scipy.special import betaincinv, digamma, polygamma

from forecast.model.distributions import Beta, Gamma, LogNormal
from forecast.spec.judgement import BetaShape, EventRate, Frequency, ReadAs
from forecast.spec.lexicon import Lexicon
from forecast.spec.notation import Band, Multiplier, Phrase, Point
from forecast.spec.problem import problem

NINETY = 3.289707253902945
"""Width of the central 90 % of a standard Normal: 2 * 1.6448536..."""


def chance(judgement: object, lexicon: Lexicon, widen: float = 1.0) -> Beta | float:
    """Return the distribution of a judged chance, or the number where it is fixed.

    Parameters
    ----------
    judgement
        A phrase, point, band, Beta or base rate of `forecast.spec.judgement` (no reference).
    lexicon
        What the phrases mean.
    widen
        Multiplies the standard deviation on the logit scale; the mean stays.

    Raises
    ------
    pydantic_core.PydanticCustomError
        Where no Beta has that mean and that width.
    """
    match judgement:
        case ReadAs(read_as=inner, widen=more):
            return chance(inner, lexicon, widen * more)
        case Point(mean, low, high):
            if low is None or high is None:
                return mean
            beta = beta_of_width(mean, high - low)
        case Band(low, high):
            beta = beta_of_band(low, high)
        case BetaShape(beta=(a, b)):
            beta = Beta(a, b)
        case Frequency(successes=k, of=n, discount=w):
            beta = Beta(w * (k + 0.5), w * (n - k + 0.5))
        case Phrase(lower, None):
            read = chance(lexicon.meaning(lower), lexicon)
            if not isinstance(read, Beta):
                return read
            beta = read
        case Phrase(lower, upper):
            assert upper is not None
            ends = [chance(lexicon.meaning(phrase), lexicon) for phrase in (lower, upper)]
            if ends[0] == ends[1]:
                return ends[0]
            beta = _mixture(*ends)
        case _:
            raise TypeError(f"{judgement!r} is no chance")
    return beta if widen == 1.0 else widened(beta, widen)


def multiplier(judgement: Multiplier, widen: float = 1.0) -> LogNormal | float:
    """Return the lognormal of an odds multiplier: median as stated, sd = ln(high / low) / 3.29.

    >>> round(multiplier(Multiplier(3.0, 1.5, 7.0)).sd, 6)
    0.468262
    """
    if judgement.low is None or judgement.high is None:
        return judgement.median
    return LogNormal(
        math.log(judgement.median), widen * math.log(judgement.high / judgement.low) / NINETY
    )


def rate(judgement: EventRate) -> Gamma:
    """Return the Gamma of a rate a day: shape w (k + 1/2), rate w T with T in days.

    >>> rate(EventRate.model_validate({"events": "1", "in": "10 days"}))
    Gamma(shape=1.5, rate=10.0)
    """
    w = judgement.discount
    return Gamma(w * (judgement.events + 0.5), w * judgement.within)


def joint_shares(means: Sequence[float], variances: Sequence[float]) -> tuple[float, ...]:
    """Return the alpha of a Dirichlet of several shares, the last of which takes the rest.

    Its means are as given. A Dirichlet has one concentration n for all, Var_i = m_i (1 - m_i) /
    (n + 1); it is the one for which the variances have the sum that is given.

    Parameters
    ----------
    means, variances
        Of the shares but the last; the means sum to less than one.

    Examples
    --------
    >>> joint_shares([0.25], [0.25 * 0.75 / 9])  # a Beta(2, 6) stays what it is
    (2.0, 6.0)
    """
    n = sum(m * (1 - m) for m in means) / sum(variances) - 1
    return tuple(n * m for m in (*means, 1 - sum(means)))


@functools.lru_cache(maxsize=4096)
def beta_of_width(mean: float, width: float) -> Beta:
    """Return the Beta with this mean whose central 90 % is this wide.

    Of the two solutions that may exist (one bell-shaped, one piled up at the ends) the more
    concentrated is taken.

    Raises
    ------
    pydantic_core.PydanticCustomError
        Where even the widest Beta of that mean is narrower.

    Examples
    --------
    >>> b = beta_of_width(0.7, 0.3)
    >>> round(b.mean, 12), round(quantile(b, 0.95) - quantile(b, 0.05), 9)
    (0.7, 0.3)
    """

    def excess(log_n: float) -> float:
        n = math.exp(log_n)
        return (
            quantile(Beta(mean * n, (1 - mean) * n), 0.95)
            - quantile(Beta(mean * n, (1 - mean) * n), 0.05)
            - width
        )

    narrow = math.log(max(10.0, 4 * mean * (1 - mean) * (NINETY / width) ** 2))
    widest = -math.inf
    while (value := excess(narrow - math.log(2))) < 0:
        narrow -= math.log(2)
        if value < widest or narrow < -7:
            raise problem(
                f"no Beta with mean {100 * mean:g} % is {100 * width:g} points wide "
                f"(the widest is {100 * (widest + width):.2g})",
                "narrow the range, or move the number towards its middle",
                "range-too-wide",
            )
        widest = value
    n = math.exp(root(excess, narrow - math.log(2), narrow))
    return Beta(mean * n, (1 - mean) * n)


@functools.lru_cache(maxsize=4096)
def beta_of_band(low: float, high: float) -> Beta:
    """Return the Beta with 5 % below ``low`` and 5 % above ``high``.

    >>> b = beta_of_band(0.55, 0.80)
    >>> round(b.a, 1), round(b.b, 1)
    (24.9, 11.7)
    """

    def reaching(log_n: float) -> Beta:
        """Return the Beta that is worth so many cases and has 5 % below ``low``."""
        n = math.exp(log_n)

        def of(logit: float) -> Beta:
            return Beta(n / (1 + math.exp(-logit)), n / (1 + math.exp(logit)))

        return of(root(lambda logit: quantile(of(logit), 0.05) - low, -40.0, 40.0))

    def excess(log_n: float) -> float:
        return quantile(reaching(log_n), 0.95) - high

    narrow = math.log(10.0)
    while excess(narrow) > 0:
        narrow += 2.0
    wide = narrow - 2.0
    while excess(wide) < 0:
        wide -= 2.0
    return reaching(root(excess, wide, narrow))


@functools.lru_cache(maxsize=4096)
def widened(beta: Beta, factor: float) -> Beta:
    """Return the Beta of the same mean whose sd on the logit scale is ``factor`` times as large."""
    wanted = math.log(factor * logit_sd(beta))
    total = beta.a + beta.b

    def excess(log_scale: float) -> float:
        n = total * math.exp(log_scale)
        return math.log(logit_sd(Beta(beta.mean * n, (1 - beta.mean) * n))) - wanted

    reach = 2 * abs(math.log(factor)) + 1
    while excess(-reach) < 0 or excess(reach) > 0:
        reach *= 2
    n = total * math.exp(root(excess, -reach, reach))
    return Beta(beta.mean * n, (1 - beta.mean) * n)


@functools.lru_cache(maxsize=4096)
def sharpened(beta: Beta, sharpness: float) -> Beta:
    """Return the Beta whose logit has mean and standard deviation ``sharpness`` times as large.

    This is the slope of calibration in log odds: below one it takes back the overstatement of a
    speaker whose events come less surely than he says (Turner et al. 2014, Machine Learning
    95:261-289, doi:10.1007/s10994-013-5401-4). A claim and its complement stay complements.

    >>> b = sharpened(Beta(8.0, 2.0), 0.5)
    >>> round(logit_mean(b) / logit_mean(Beta(8.0, 2.0)), 9)
    0.5
    """
    wanted, spread = sharpness * logit_mean(beta), math.log(sharpness * logit_sd(beta))

    def placed(log_n: float) -> Beta:
        """Return the Beta that is worth so many cases and has that mean logit.

        The logit of its mean lies nearer to zero than the mean of its logit, on the same side.
        """
        n = math.exp(log_n)

        def of(logit: float) -> Beta:
            return Beta(n / (1 + math.exp(-logit)), n / (1 + math.exp(logit)))

        if wanted == 0:
            return of(0.0)
        return of(root(lambda logit: logit_mean(of(logit)) - wanted, 0.0, wanted))

    def excess(log_n: float) -> float:
        return math.log(logit_sd(placed(log_n))) - spread

    narrow = wide = math.log(beta.a + beta.b)
    while excess(narrow) > 0:
        narrow += 1.0
    while excess(wide) < 0:
        wide -= 1.0
    return placed(root(excess, wide, narrow)) if narrow > wide else beta


def logit_mean(beta: Beta) -> float:
    """Return E[logit p] = digamma(a) - digamma(b)."""
    return float(digamma(beta.a) - digamma(beta.b))


def logit_sd(beta: Beta) -> float:
    """Return sd[logit p] = sqrt(trigamma(a) + trigamma(b))."""
    return math.sqrt(float(polygamma(1, beta.a) + polygamma(1, beta.b)))


def quantile(beta: Beta, level: float) -> float:
    """Return the quantile of a Beta."""
    return float(betaincinv(beta.a, beta.b, level))


def _mixture(lower: Beta | float, upper: Beta | float) -> Beta:
    """Return the Beta with the mean and variance of an equal mixture of the two."""
    means = [x.mean if isinstance(x, Beta) else x for x in (lower, upper)]
    variances = [
        x.a * x.b / ((x.a + x.b) ** 2 * (x.a + x.b + 1)) if isinstance(x, Beta) else 0.0
        for x in (lower, upper)
    ]
    mean = sum(means) / 2
    variance = sum(variances) / 2 + (means[0] - means[1]) ** 2 / 4
    n = mean * (1 - mean) / variance - 1
    return Beta(mean * n, (1 - mean) * n)


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """Find the zero of a monotone function by regula falsi with the Illinois correction."""
    f_low, f_high = function(low), function(high)
    side, middle = 0, math.nan
    for _ in range(200):
        before, middle = middle, (low * f_high - high * f_low) / (f_high - f_low)
        value = function(middle)
        if value == 0 or abs(middle - before) < 1e-13 * max(1.0, abs(middle)):
            break
        if (value > 0) == (f_high > 0):
            high, f_high = middle, value
            f_low = f_low / 2 if side == 1 else f_low
            side = 1
        else:
            low, f_low = middle, value
            f_high = f_high / 2 if side == -1 else f_high
            side = -1
    return middle
