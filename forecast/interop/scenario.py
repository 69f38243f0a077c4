"""A foreign network as a scenario file without dates: every variable a categorical question."""

from __future__ import annotations

import os

from forecast.errors import InvalidModel
from forecast.interop.bayes_net import BayesNet
from forecast.interop.bif import read_bif
from forecast.spec.context import Context
from forecast.spec.dependence import cycle_faults
from forecast.spec.lexicon import load_lexicon
from forecast.spec.load import UNNAMED, ScenarioSpec
from forecast.spec.question import AnyQuestion, Categorical
from forecast.spec.read import Source
from forecast.spec.scenario import ScenarioFile
from forecast.spec.table import TabledShares


def is_bif(path: str | os.PathLike[str]) -> bool:
    """Whether a file is a network in BIF, by its name.

    >>> is_bif("alarm.bif"), is_bif("alarm.yaml")
    (True, False)
    """
    return os.fspath(path).lower().endswith(".bif")


def load_bif(path: str | os.PathLike[str]) -> ScenarioSpec:
    """Read a BIF file as a scenario file that names no scenarios.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    InvalidFile
        With every fault of the file: place, what is wrong, how to mend it.
    """
    return scenario_of(*read_bif(path))


def net_of(path: str | os.PathLike[str]) -> BayesNet:
    """Read a BIF file, with all the checks of `load_bif`.

    Raises
    ------
    InvalidFile
        With every fault of the file.
    """
    net, source = read_bif(path)
    scenario_of(net, source)
    return net


def scenario_of(net: BayesNet, source: Source) -> ScenarioSpec:
    """Return a network as a scenario file; it is sound but for circles, which are refused here."""
    questions: dict[str, AnyQuestion] = {
        name: Categorical.model_construct(
            type="categorical",
            states=variable.states,
            prior=TabledShares.model_construct(table=variable.table),
        )
        for name, variable in net.variables.items()
    }
    file = ScenarioFile.model_construct(forecast="1", numbers="exact", questions=questions)
    spec = ScenarioSpec(file, source, load_lexicon(UNNAMED), {}, ())
    circles = list(cycle_faults(Context(file, source, spec.lexicon, {})))
    if circles:
        raise InvalidModel(circles)
    return spec
