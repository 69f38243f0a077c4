"""Formulas in words: ``odds(40 % [base]) x 1.4 [odds.compensation]``."""

from __future__ import annotations

import math

from forecast.model.distributions import Beta, Dirichlet, Gamma, LogNormal
from forecast.model.formula import (
    Complement,
    Const,
    ConstantHazard,
    CountChance,
    Formula,
    Intercept,
    Log,
    MeanLogit,
    NormalCdf,
    OddsShare,
    Part,
    Product,
    Ratio,
    ShiftedOdds,
    Survival,
    Value,
    WeightedSum,
)
from forecast.model.network import Network


class Namer:
    """Names parameters beside their prior mean (of a multiplier: its median).

    Parameters
    ----------
    network
        Where the parameters are.
    prefix
        What the names of the question's own parameters begin with; it is left out.
    """

    def __init__(self, network: Network, prefix: str) -> None:
        self._parameters = network.parameters
        self._prefix = prefix

    def __call__(self, value: Value) -> str:
        """Return a parameter as it stands in a formula."""
        parameter = self._parameters[value.parameter]
        name = value.parameter.removeprefix(self._prefix)
        component = value.component
        if component is not None and parameter.components:
            name += f".{parameter.components[component]}"
        match parameter.distribution:
            case Beta(a, b):
                return f"{percent(a / (a + b))} [{name}]"
            case Dirichlet(alpha):
                return f"{percent(alpha[component or 0] / sum(alpha))} [{name}]"
            case LogNormal(mu=mu):
                return f"{math.exp(mu):.3g} [{name}]"
            case Gamma(shape, rate):
                return f"{shape / rate:.3g} a day [{name}]"


def in_words(formula: Formula, name: Namer) -> str:  # noqa: C901 - one case for each form
    """Write a formula so that it can be computed by hand.

    Parameters
    ----------
    formula
        An entry of a table.
    name
        Names the parameters.
    """

    def of(part: Formula) -> str:
        return in_words(part, name)

    match formula:
        case Const(value):
            return percent(value)
        case Value():
            return name(formula)
        case Complement(inner):
            return f"1 - {_bracketed(of(inner), inner)}"
        case Product(terms):
            return " x ".join(_bracketed(of(term), term) for term in terms)
        case WeightedSum(constant, weights, terms):
            return _sum(constant, weights, [_bracketed(of(term), term) for term in terms])
        case ShiftedOdds(base, multipliers):
            return " x ".join([f"odds({of(base)})", *(of(term) for term in multipliers)])
        case OddsShare(multiplier):
            return f"m / (1 + m), m = {of(multiplier)}"
        case Survival(rate, exposure):
            return f"no event in {exposure:g} days at {of(rate)}"
        case CountChance(rate, exposure, part, k, excess):
            return _events(part, k, exposure, of(rate), "" if excess is None else of(excess))
        case NormalCdf(inner) | Log(inner):
            return f"{'Phi' if isinstance(formula, NormalCdf) else 'log'}({of(inner)})"
        case Ratio(part, whole):
            return f"{_bracketed(of(part), part)} / {_bracketed(of(whole), whole)}"
        case ConstantHazard(chance, fraction):
            return f"share of {of(chance)} in the first {percent(fraction)} of the window"
        case Intercept(average):
            return f"the base with which the chances average {of(average)}"
        case MeanLogit(weights, chances):
            parts = zip(weights, chances, strict=True)
            return f"expit({' + '.join(f'{w:.3g} logit({of(chance)})' for w, chance in parts)})"
        case _:
            return str(formula)


def _events(part: Part, k: int, days: float, rate: str, excess: str) -> str:
    events = {"up to": f"at most {k}", "above": f"more than {k}", "exactly": f"{k}"}[part]
    clumped = f", variance / mean 1 + {excess}" if excess else ""
    return f"{events} events in {days:g} days at {rate}{clumped}"


def percent(value: float) -> str:
    """Write a chance with three digits.

    >>> percent(0.4), percent(0.0123), percent(1.0)
    ('40 %', '1.23 %', '100 %')
    """
    return f"{100 * value:.3g} %"


def _sum(constant: float, weights: tuple[float, ...], terms: list[str]) -> str:
    text = percent(constant) if constant else ""
    if constant == 1.0 and weights == (-1.0,):
        return f"1 - {terms[0]}"
    for weight, term in zip(weights, terms, strict=True):
        sign = "-" if weight < 0 else "+"
        scaled = term if abs(weight) == 1 else f"{abs(weight):.3g} x {term}"
        text += f" {sign} {scaled}" if text else scaled if weight > 0 else f"- {scaled}"
    return text


def _bracketed(text: str, formula: Formula) -> str:
    return text if isinstance(formula, Const | Value) else f"({text})"
