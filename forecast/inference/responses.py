"""What the data are about, as functions of the coordinates, with their slopes.

The log likelihood is ``u_0 + sum_j h_j(u_j)``: ``u_0 = log P(evidence | theta)``, and ``u_j`` is
the discrepancy between what statement j says and what the network implies. All slopes come from one
backward sweep for each view of the evidence: the batch holds, beside the draws, one row for each
gate that is held to be so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from forecast.inference.coordinates import Coordinates
from forecast.inference.exact import ExactNetwork, log_total
from forecast.inference.memory import draws_at_a_time
from forecast.inference.products import contract, scale
from forecast.inference.recording import Recorded, Recording
from forecast.inference.schedule import Schedule, run
from forecast.inference.statements import EDGE, discrepancies
from forecast.model.distributions import Dirichlet
from forecast.model.network import Network

type Array = NDArray[np.float64]


@dataclass(frozen=True)
class Response:
    """Responses at some points, and their slopes.

    Attributes
    ----------
    u
        log P(evidence), then the discrepancy of each statement, shape ``(1 + statements, draws)``.
    jacobian
        Slopes, shape ``(1 + statements, coordinates, draws)``.
    """

    u: Array
    jacobian: Array


@dataclass(frozen=True)
class _Sweep:
    """A view of the evidence, and the gates that are held in turn; None for evidence alone."""

    view: int
    rows: tuple[str | None, ...]
    schedule: Schedule


class Responses:
    """The responses of a network.

    Parameters
    ----------
    network, exact, coordinates
        The network, laid out, and its coordinates.
    """

    def __init__(self, network: Network, exact: ExactNetwork, coordinates: Coordinates) -> None:
        self.network, self.exact, self.coordinates = network, exact, coordinates

    @cached_property
    def _sweeps(self) -> list[_Sweep]:
        rows: dict[int, dict[str | None, None]] = {1: {None: None}}
        for s in self.network.statements:
            rows.setdefault(s.target.view, {}).update({s.target.gate: None, s.target.given: None})
        return [
            _Sweep(view, tuple(asked), self.exact.slopes(view, [gate for gate in asked if gate]))
            for view, asked in rows.items()
        ]

    @cached_property
    def _place(self) -> dict[tuple[int, str | None], tuple[int, int]]:
        """Return which sweep and which of its rows answers for a gate under a view."""
        return {
            (sweep.view, gate): (i, row)
            for i, sweep in enumerate(self._sweeps)
            for row, gate in enumerate(sweep.rows)
        }

    def __call__(self, z: Array) -> Response:
        """Return the responses at some points, shape ``(coordinates, draws)``."""
        size = min(
            draws_at_a_time(
                sweep.schedule.largest,
                2 * sweep.schedule.peak + self.exact.tables.entries,
                self.exact.elimination,
                self.network,
            )
            // len(sweep.rows)
            for sweep in self._sweeps
        )
        parts = [
            self._at(z[:, start : start + size]) for start in range(0, z.shape[1], max(size, 1))
        ]
        return Response(
            np.concatenate([part.u for part in parts], axis=1),
            np.concatenate([part.jacobian for part in parts], axis=2),
        )

    def _at(self, z: Array) -> Response:
        recording = Recording()
        values = self.coordinates.parameters(z)
        inputs: dict[str, list[Recorded]] = {
            name: [recording.input(row) for row in np.atleast_2d(array)]
            for name, array in values.items()
        }
        shares = {
            name: isinstance(p.distribution, Dirichlet)
            for name, p in self.network.parameters.items()
        }
        given = {name: parts if shares[name] else parts[0] for name, parts in inputs.items()}
        tables, entries = self.exact.tables.recorded(given)
        logs, slopes = [], []
        for sweep in self._sweeps:
            log_chance, pulled = self._swept(sweep, tables, entries, recording, inputs, shares)
            logs.append(log_chance)
            slopes.append(self.coordinates.pulled(z, pulled))
        return self._responses(z, logs, slopes)

    def _swept(
        self,
        sweep: _Sweep,
        tables: Sequence[Array],
        entries: dict[int, list[Recorded | Array]],
        recording: Recording,
        inputs: dict[str, list[Recorded]],
        shares: dict[str, bool],
    ) -> tuple[Array, dict[str, Array]]:
        """Return log P(gate, evidence), ``(rows, draws)``, and its slopes in the parameters."""
        draws = next(iter(inputs.values()))[0].value.shape[-1]
        count = len(sweep.rows)
        arrays: dict[int, Array] = {
            i: _repeated(table, count, draws) for i, table in enumerate(tables)
        }
        for row, gate in enumerate(sweep.rows):
            if gate is not None:
                held = np.ones((2, count, draws))
                held[1, row] = 0.0
                arrays[self.exact.held[gate]] = held.reshape(2, -1)
        ordered = [arrays.get(i) for i in range(max(arrays) + 1)]
        found, scales = run(sweep.schedule, ordered, contract, scale)
        log_chance = log_total(sweep.schedule, found, scales, count * draws).reshape(count, draws)
        seeds: dict[int, Array] = {}
        for table, (place, axes) in sweep.schedule.slopes.items():
            slope = self._of_log(tables[table], found[place], table, axes, (count, draws))
            for entry, own in zip(
                entries[table], self.exact.tables.by_entry(table, slope), strict=True
            ):
                if isinstance(entry, Recorded):
                    known = seeds.get(entry.place)
                    seeds[entry.place] = own if known is None else known + own
        flat = [part for parts in inputs.values() for part in parts]
        pulled = iter(recording.pulled(seeds, flat))
        none = np.zeros((count, draws))
        out: dict[str, Array] = {}
        for name, parts in inputs.items():
            # A slope that is the same for all rows or draws comes as one.
            own_slopes = [
                none if (s := next(pulled)) is None else np.broadcast_to(s, none.shape)
                for _ in parts
            ]
            if any(s is not none for s in own_slopes):
                out[name] = np.stack(own_slopes) if shares[name] else own_slopes[0]
        return log_chance, out or {next(iter(inputs)): none}

    def _of_log(
        self, table: Array, slope: Array, place: int, axes: tuple[str, ...], batch: tuple[int, int]
    ) -> Array:
        """Return the slope of log P in all entries of a table, ``(axes..., rows, draws)``.

        That of P divided by P, which is the sum of the table times the slope.
        """
        scope = self.exact.scope(place)
        batch = batch if slope.shape[-1] > 1 else (1, 1)
        size = dict(zip(scope, table.shape, strict=False))
        whole = slope.reshape(*(size[name] if name in axes else 1 for name in scope), *batch)
        product = table[..., None, :] * whole
        total = product.sum(axis=tuple(range(len(scope))))
        return np.broadcast_to(whole / np.where(total > 0, total, np.inf), product.shape)

    def _responses(self, z: Array, logs: Sequence[Array], slopes: Sequence[Array]) -> Response:
        implied = np.empty((z.shape[1], len(self.network.statements)))
        jacobian = np.empty((1 + implied.shape[1], *z.shape))
        evidence, row = self._place[1, None]
        jacobian[0] = slopes[evidence][row]
        for j, s in enumerate(self.network.statements):
            sweep, of = self._place[s.target.view, s.target.gate]
            _, given = self._place[s.target.view, s.target.given]
            with np.errstate(invalid="ignore"):
                m = np.exp(logs[sweep][of] - logs[sweep][given])
            implied[:, j] = m
            # The logit of m moves by d log m / (1 - m).
            rest = np.maximum(1 - np.nan_to_num(m, nan=0.5), EDGE)
            jacobian[1 + j] = (slopes[sweep][given] - slopes[sweep][of]) / rest
            if s.shift > 0:
                jacobian[1 + j, self.coordinates.lean_row(s.expert)] += s.direction * s.shift
        u = discrepancies(self.network, self.coordinates, z, implied)
        return Response(np.vstack([logs[evidence][row], u]), jacobian)


def _repeated(table: Array, rows: int, draws: int) -> Array:
    """Return a table for each row of the batch, row by row; one that is fixed stays as it is."""
    if table.shape[-1] == 1 or rows == 1:
        return table
    whole = np.broadcast_to(table[..., None, :], (*table.shape[:-1], rows, draws))
    return whole.reshape(*table.shape[:-1], rows * draws)
