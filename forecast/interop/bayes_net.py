"""A Bayesian network with fixed numbers, as other programs hold it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forecast.spec.table import ConditionalTable


@dataclass(frozen=True)
class Variable:
    """A variable: its states, and a row of chances for each combination of its parents' states.

    The last parent changes fastest.
    """

    states: tuple[str, ...]
    table: ConditionalTable


@dataclass(frozen=True)
class BayesNet:
    """A network.

    Attributes
    ----------
    name
        What the file calls it; may be empty.
    variables
        Name -> variable, in the order of the file.
    """

    name: str
    variables: Mapping[str, Variable]
