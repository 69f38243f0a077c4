"""What is asked of counts and quantities beyond their cells, given the law and the cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from forecast.inference.operations import NumpyOperations
from forecast.model.circuit import Circuit
from forecast.model.formula import Formula, ratio
from forecast.model.joint import distinct_laws, joint_name
from forecast.model.laws import AnyLaw, Bound
from forecast.model.network import Network, Node
from forecast.model.seen import Seen, is_timed

type Array = NDArray[np.float64]
type Asked = Callable[[AnyLaw, Bound], Formula]
"""P(what is asked | law, cell)."""


class Conditional:
    """Chances of what is asked of a number, from the chances of its laws and cells.

    P(asked | theta, e) = sum over laws and cells of P(law, cell | theta, e) P(asked | law, cell),
    since all that other questions know of a number is its cell.

    Parameters
    ----------
    node
        The question.
    asked
        What is asked.
    """

    def __init__(self, node: Node, asked: Sequence[Asked]) -> None:
        laws = distinct_laws(node)
        bounds = [bound for bound in node.cells.bounds if bound is not None]
        formulas = [ask(law, bound) for ask in asked for law in laws for bound in bounds]
        self._shape = len(asked), len(laws), len(bounds)
        self._cells = len(node.cells)
        self._circuit = Circuit(formulas)

    def chances(self, joint: Array, values: Mapping[str, Array]) -> Array:
        """Return the chances for each draw.

        Parameters
        ----------
        joint
            The chances of the states of the gate of the number, shape ``(draws, states)``.
        values
            Parameter -> draws.

        Returns
        -------
        array
            Shape ``(draws, asked)``.
        """
        asked, laws, bounds = self._shape
        found = self._circuit.run(values, NumpyOperations())
        own = joint[:, : laws * self._cells].reshape(len(joint), laws, self._cells)[..., :bounds]
        weights = own.reshape(len(joint), laws * bounds).T
        out = np.zeros((len(joint), asked))
        for i in range(asked):
            for weight, given in zip(weights, found[i * len(weights) :], strict=False):
                out[:, i] += weight * given
        return out


class Events:
    """Chances of so many events by each date that is reported, for one view of the evidence.

    Parameters
    ----------
    network
        The network.
    view
        The number of the view.
    """

    def __init__(self, network: Network, view: int) -> None:
        seen = network.views[view].seen
        self._asked = {
            name: Conditional(node, [_by(days, cut, seen.get(name)) for days, cut in _days(node)])
            for name, node in network.questions.items()
            if _days(node) and joint_name(node) in network.nodes
        }
        self.names = tuple(joint_name(network.nodes[name]) for name in self._asked)

    def chances(
        self, marginals: Mapping[str, Array], values: Mapping[str, Array]
    ) -> dict[str, Array]:
        """Return question -> chances in the order of `dates_and_cuts`, ``(draws, events)``."""
        return {
            question: conditional.chances(marginals[name], values)
            for (question, conditional), name in zip(self._asked.items(), self.names, strict=True)
        }


def dates_and_cuts(node: Node) -> tuple[tuple[dt.date, int], ...]:
    """Return the dates that are reported of a count, each with all its cuts."""
    if node.number is None:
        return ()
    bounds = [bound for bound in node.cells.bounds if bound is not None]
    cuts = [int(low) for low, _ in bounds[1:]] if node.number.events else []
    return tuple((day, cut) for day in node.number.events for cut in cuts)


def _days(node: Node) -> tuple[tuple[float, int], ...]:
    assert node.number is not None or not dates_and_cuts(node)
    events = node.number.events if node.number is not None else {}
    return tuple((events[day], cut) for day, cut in dates_and_cuts(node))


def _by(days: float, least: int, seen: Seen | None) -> Asked:
    def asked(law: AnyLaw, bound: Bound) -> Formula:
        assert is_timed(law)
        if seen is None:
            return ratio(law.by(days, least, bound), law.cell(bound))
        return ratio(seen.by(law, days, least, bound), seen.cell(law, bound))

    return asked
