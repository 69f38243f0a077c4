"""From what was said of a rate, or of how clumped events are, to a distribution."""

from __future__ import annotations

import functools
import math

from scipy.special import gammaincinv

from forecast.model.distributions import Gamma, LogNormal
from forecast.model.elicitation import NINETY, root
from forecast.spec.problem import problem
from forecast.spec.spread import Dispersion, Pace


@functools.lru_cache(maxsize=4096)
def pace(judgement: Pace) -> Gamma | float:
    """Return the Gamma of a rate that was judged: its mean is kept, its central 90 % as wide.

    Of the two solutions that may exist (one bell-shaped, one piled up at zero) the more
    concentrated is taken, as for chances.

    Raises
    ------
    pydantic_core.PydanticCustomError
        Where even the widest Gamma of that mean is narrower.

    Examples
    --------
    >>> found = pace(Pace(4.0, 2.0, 7.0))
    >>> low, high = (float(gammaincinv(found.shape, p)) / found.rate for p in (0.05, 0.95))
    >>> round(found.shape / found.rate, 9), round(high - low, 9)
    (4.0, 5.0)
    """
    if judgement.low is None or judgement.high is None:
        return judgement.mean
    wanted = (judgement.high - judgement.low) / judgement.mean

    def excess(log_shape: float) -> float:
        shape = math.exp(log_shape)
        low, high = (float(gammaincinv(shape, level)) / shape for level in (0.05, 0.95))
        return high - low - wanted

    narrow = math.log(max(10.0, 4 * (NINETY / wanted) ** 2))
    widest = -math.inf
    while (value := excess(narrow - math.log(2))) < 0:
        narrow -= math.log(2)
        if value < widest:
            raise problem(
                f"no Gamma is so wide beside its mean (the widest is {widest + wanted:.2g} of it)",
                "narrow the range, or move the number towards its middle",
                "range-too-wide",
            )
        widest = value
    shape = math.exp(root(excess, narrow - math.log(2), narrow))
    return Gamma(shape, shape / judgement.mean)


def dispersion(judgement: Dispersion) -> LogNormal | float:
    """Return the distribution of variance / mean - 1 of a count: lognormal, its median as stated.

    The sd of its logarithm is ln((high - 1) / (low - 1)) / 3.29.

    >>> clumped = dispersion(Dispersion(3.0, 1.5, 6.0))
    >>> round(math.exp(clumped.mu), 9), round(math.exp(clumped.sd * NINETY), 9)
    (2.0, 10.0)
    """
    if judgement.low is None or judgement.high is None:
        return judgement.median - 1
    return LogNormal(
        math.log(judgement.median - 1),
        math.log((judgement.high - 1) / (judgement.low - 1)) / NINETY,
    )
