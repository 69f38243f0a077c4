"""A small result by hand, with names that file formats do not like."""

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pytest

from forecast.model.cells import Cells
from forecast.model.distributions import Beta, Dirichlet
from forecast.model.formula import Complement, Const, Value
from forecast.model.network import Network, Node, Origin, Parameter, Table, View
from forecast.posterior import Diagnostics, Posterior, Stage

NAMES = {
    "slash": "own.visit/or call",
    "hangul": "questions.방문.prior",
    "taken": "draw",
    "percent": "own.50%2F",
    "long": "questions." + "회담" * 90 + ".prior",
    "dot": ".",
    "space": "own.x ",
    "colon": "questions.place.prior:state",
}

PLACES = ("moscow", "far/east", "elsewhere")


def _origin(words, quote=None):
    return Origin("Doo Jin-ho", dt.date(2025, 4, 8), words, "a.yaml:3", quote)


def _node(name, states, cpd, role="question"):
    kind = "binary" if states == ("yes", "no") else "categorical"
    return Node(name, role, Cells(kind, states, (None,) * len(states)), cpd)


def _table(name, *entries):
    return Table((name,), np.arange(len(entries)), entries)


def make_network(**changes):
    place = "questions.place.prior"
    parameters = {
        name: Parameter(name, Beta(2, 3), _origin("40% (22..78)", '"회담" / talks'))
        for name in NAMES.values()
    }
    parameters[place] = Parameter(
        place, Dirichlet((2.0, 1.0, 1.0)), _origin("a 50 %"), components=PLACES
    )
    parameters["own.loose"] = Parameter("own.loose", Dirichlet((1.0, 1.0)), _origin("b"))
    hangul = Value(NAMES["hangul"])
    nodes = {
        "place": _node("place", PLACES, _table("place", *(Value(place, i) for i in range(3)))),
        "방문": _node("방문", ("yes", "no"), _table("방문", hangul, Complement(hangul))),
        "draw": _node("draw", ("yes", "no"), _table("draw", Const(0.5), Const(0.5)), "latent"),
        "gate 1": _node("gate 1", ("yes", "no"), _table("gate 1", Const(1.0), Const(0.0)), "gate"),
    }
    whole = {
        "title": "Payback / 방문",
        "as_of": dt.date(2025, 4, 8),
        "nodes": nodes,
        "parameters": parameters,
        "scenarios": ("breakthrough", "다른 길", "rest"),
        "views": (View((), None, (), (), ()),),
        "statements": (),
        "reports": {},
    }
    return Network(**(whole | changes))


def make_posterior(network, *, draws=400, weighted=True, seed=7, engine="exact"):
    rng = np.random.default_rng(3)

    def drawn(n):
        out = {}
        for name, parameter in network.parameters.items():
            if isinstance(parameter.distribution, Dirichlet):
                out[name] = rng.dirichlet(parameter.distribution.alpha, n).T
            else:
                out[name] = rng.beta(2, 3, n)
        return out

    def stage(n, weights):
        questions = {
            name: rng.dirichlet(np.ones(len(node.cells)), n)
            for name, node in network.questions.items()
        }
        scenarios = rng.dirichlet(np.ones(max(1, len(network.scenarios))), n)
        return Stage(
            weights, scenarios[:, : len(network.scenarios)], questions, np.zeros((n, 0)), {}
        )

    log_weights = rng.normal(0, 1.0, draws) if weighted else np.zeros(draws)
    log_weights -= np.log(np.exp(log_weights).sum())
    prior = stage(50, np.full(50, 1 / 50))
    return Posterior(
        engine=engine,
        seed=seed,
        parameters=drawn(draws),
        prior=drawn(50),
        leans={"doo": rng.normal(size=draws)},
        log_weights=log_weights,
        stages={
            "inputs": prior,
            "evidence": prior,
            "statements": stage(draws, np.exp(log_weights)),
        },
        statement_log_likelihood=np.zeros((draws, 0)),
        log_evidence=0.0,
        diagnostics=Diagnostics("pass", 0.1, 300.0, (), {}),
    )


@pytest.fixture
def network():
    return make_network()


@pytest.fixture
def posterior(network):
    return make_posterior(network)


@pytest.fixture
def make():
    return SimpleNamespace(network=make_network, posterior=make_posterior, names=NAMES)
