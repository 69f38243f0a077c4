"""Parts of PyMC scripts: names, judgements, formulas and tables as a user would write them."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast.model.distributions import Beta, Dirichlet, Gamma, LogNormal
from forecast.model.formula import (
    Complement,
    Const,
    ConstantHazard,
    CountChance,
    Formula,
    OddsShare,
    Product,
    ShiftedOdds,
    Survival,
    Value,
    WeightedSum,
)
from forecast.model.network import Network, Parameter, Table

type Numbers = NDArray[np.intp]

_SCRIPT = '''"""{about}

python {name}.py DRAWS TUNE SEED prints the chance of each scenario, its Monte Carlo error, and when
each chain drew its first and its last draw after tuning.
"""

import json
import sys
import time
from collections import defaultdict

import arviz
import numpy as np
import pymc as pm
import pytensor.tensor as pt


def times_odds(p, *multipliers):
    for m in multipliers:
        p = m * p / (m * p + 1 - p)
    return p


with pm.Model() as model:
{model}

if __name__ == "__main__":
    draws, tune, seed = map(int, sys.argv[1:])
    stamps = defaultdict(list)

    def stamp(trace, draw):
        if not draw.tuning:
            stamps[draw.chain].append(time.perf_counter())

    with model:
        trace = pm.sample(draws, tune=tune, random_seed=seed, progressbar=False, callback=stamp)
    chances = {chances}
    data = arviz.from_dict({{"posterior": {{"scenario": chances}}}})
    result = {{
        "probability": chances.mean(axis=(0, 1)).tolist(),
        "mcse": arviz.mcse(data)["scenario"].values.tolist(),
        "drawing": [[times[0], times[-1]] for times in stamps.values()],
    }}
    print(json.dumps(result))
'''


def script(name: str, about: str, lines: list[str], chances: str) -> str:
    """Return a script from the lines of its model and what it reports of its trace."""
    model = "\n".join(f"    {line}" if line else "" for line in lines)
    return _SCRIPT.format(name=name, about=about, model=model, chances=chances)


class Words:
    """Names of Python for the names of a network, each its own."""

    def __init__(self) -> None:
        self._words: dict[str, str] = {}

    def __call__(self, name: str) -> str:
        """Return the word for a name."""
        if name not in self._words:
            word = re.sub(r"\W+", "_", re.sub(r"^(latents|questions)\.", "", name)).strip("_")
            taken = {*self._words.values(), *keyword.kwlist, "model", "np", "pm", "pt"}
            while word in taken:
                word += "_"
            self._words[name] = word
        return self._words[name]


def judgements(network: Network, words: Words) -> Iterator[str]:
    """Yield a line for each parameter."""
    for name, parameter in network.parameters.items():
        yield f"{words(name)} = {_prior(parameter, words(name))}"


def _prior(parameter: Parameter, word: str) -> str:
    match parameter.distribution:
        case Beta(a, b):
            return f'pm.Beta("{word}", {a!r}, {b!r})'
        case Gamma(shape, rate):
            return f'pm.Gamma("{word}", {shape!r}, {rate!r})'
        case LogNormal(mu, sd):
            return f'pm.LogNormal("{word}", {mu!r}, {sd!r})'
        case Dirichlet(alpha):
            return f'pm.Dirichlet("{word}", np.array({list(alpha)!r}))'
        case other:
            raise NotImplementedError(f"{type(other).__name__} in a script")


def formula(entry: Formula, words: Words) -> str:
    """Return an entry of a table as an expression."""

    def part(inner: Formula) -> str:
        text = formula(inner, words)
        return text if re.fullmatch(r"[\w.]+(\[\d+\])?|\w+\([^()]*\)", text) else f"({text})"

    match entry:
        case Const(value):
            return repr(value)
        case Value(parameter, component):
            word = words(parameter)
            return word if component is None else f"{word}[{component}]"
        case Complement(of):
            return f"1 - {part(of)}"
        case Product(terms):
            return " * ".join(map(part, terms))
        case WeightedSum(constant, weights, terms):
            text = repr(constant) if constant else ""
            for weight, term in zip(weights, terms, strict=True):
                scaled = part(term) if abs(weight) == 1 else f"{abs(weight)!r} * {part(term)}"
                text += f" {'-' if weight < 0 else '+'} {scaled}"
            return text.removeprefix(" + ")
        case ShiftedOdds(base, multipliers):
            arguments = [formula(inner, words) for inner in (base, *multipliers)]
            return f"times_odds({', '.join(arguments)})"
        case OddsShare(multiplier):
            return f"{part(multiplier)} / (1 + {part(multiplier)})"
        case Survival(rate, exposure):
            return f"pt.exp(-{exposure!r} * {part(rate)})"
        case CountChance(rate, exposure, "up to", k, None):
            return f"pt.gammaincc({float(k + 1)!r}, {exposure!r} * {part(rate)})"
        case CountChance(rate, exposure, "above", k, None):
            return f"pt.gammainc({float(k + 1)!r}, {exposure!r} * {part(rate)})"
        case ConstantHazard(chance, fraction):
            return f"-pt.expm1({fraction!r} * pt.log1p(-{part(chance)})) / {part(chance)}"
        case _:
            raise NotImplementedError(f"{type(entry).__name__} in a script")


def table(of: Table, index: Numbers, words: Words) -> str:
    """Return entries of a table as an array, nested as the axes of their index are."""
    if of.is_fixed:
        numbers = np.array([entry.value for entry in of.entries if isinstance(entry, Const)])
        return literal(numbers[index])
    if index.ndim == 0:
        return formula(of.entries[int(index)], words)
    return f"pt.stack([{', '.join(table(of, part, words) for part in index)}])"


def literal(array: NDArray[Any]) -> str:
    """Return an array of numbers."""
    return f"np.array({array.tolist()!r})"
