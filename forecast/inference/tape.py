"""The exact engine written down as a list of elementary operations, with its reverse sweep.

`Circuit.run` and `Plan.run` work on arrays of any library. Run once on a `Traced` array they leave
behind every sum and product that they carry out: a tape of instructions on single numbers, with
constants folded and each distinct one once. Two small loops (`tape_op`) then run any tape forwards
and backwards, so that a compiler sees the same few lines whatever the network.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from forecast.inference.schedule import Axes, Step

type Array = NDArray[np.float64]

OPERATIONS = tuple(range(13))
ADD, SUBTRACT, MULTIPLY, DIVIDE, EXP, LOG1P, EXPM1, LOG, NDTR, ARCTAN, CLIP, GAMMAINC, GAMMAINCC = (
    OPERATIONS
)
ORDERED = (GAMMAINC, GAMMAINCC)
"""Functions of one slot whose second operand is a whole number, not a slot."""
INPUT, CONSTANT = -1, -2

_FOLDS: Mapping[int, Callable[[float, float], float]] = {
    ADD: operator.add,
    SUBTRACT: operator.sub,
    MULTIPLY: operator.mul,
}


@dataclass(frozen=True)
class Program:
    """Instructions on a row of slots: the inputs, then the constants, then one result each.

    Attributes
    ----------
    inputs
        The number of inputs.
    constants
        Shape ``(constants,)``.
    code
        Operation and its two operands' slots, shape ``(instructions, 3)``.
    outputs
        The slots of what was asked for.
    """

    inputs: int
    constants: Array
    code: NDArray[np.int64]
    outputs: NDArray[np.int64]


class Tape:
    """A tape that is being recorded.

    Parameters
    ----------
    inputs
        How many numbers go in.

    Examples
    --------
    >>> tape = Tape(2)
    >>> x = tape.inputs
    >>> program = tape.program([x[0] * x[1] * 1.0 + 3.0])
    >>> program.constants.tolist(), program.code.tolist(), program.outputs.tolist()
    ([3.0], [[2, 0, 1], [0, 3, 2]], [4])
    """

    def __init__(self, inputs: int) -> None:
        self._count = inputs
        self._nodes: list[tuple[int, int, int]] = [(INPUT, i, 0) for i in range(inputs)]
        self._places: dict[tuple[int, int, int], int] = {}
        self._constants: dict[float, int] = {}
        self._numbers: dict[int, float] = {}

    @property
    def inputs(self) -> Traced:
        """The inputs, shape ``(inputs,)``."""
        return Traced(self, np.arange(self._count))

    def constant(self, value: float) -> int:
        """Return the place of a number."""
        place = self._constants.get(value)
        if place is None:
            place = self._constants[value] = len(self._nodes)
            self._numbers[place] = value
            self._nodes.append((CONSTANT, 0, 0))
        return place

    def record(self, operation: int, a: int, b: int) -> int:
        """Return the place of a result: a new one only where nothing known will do."""
        numbers = self._numbers
        x, y = numbers.get(a), numbers.get(b)
        if x is not None and y is not None and operation in _FOLDS:
            return self.constant(_FOLDS[operation](x, y))
        if operation == MULTIPLY and (x == 0.0 or y == 0.0):
            return self.constant(0.0)
        if (x, operation) in ((0.0, ADD), (1.0, MULTIPLY)):
            return b
        if (operation, y) in ((ADD, 0.0), (SUBTRACT, 0.0), (MULTIPLY, 1.0), (DIVIDE, 1.0)):
            return a
        if operation in (ADD, MULTIPLY) and a > b:
            a, b = b, a
        key = (operation, a, b)
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = len(self._nodes)
            self._nodes.append(key)
        return place

    def program(self, outputs: Sequence[Any]) -> Program:
        """Return the instructions that the outputs need, and no others.

        Parameters
        ----------
        outputs
            `Traced` arrays or numbers; their slots are laid end to end.
        """
        places = np.concatenate([_traced(self, output).places.ravel() for output in outputs])
        needed, stack = set[int](), places.tolist()
        while stack:
            place = stack.pop()
            if place not in needed:
                needed.add(place)
                stack.extend(self._operands(place))
        constants = sorted(place for place in needed if place in self._numbers)
        steps = sorted(place for place in needed if self._nodes[place][0] >= 0)
        slots = {place: place for place in range(self._count)}
        slots.update({place: self._count + i for i, place in enumerate((*constants, *steps))})
        code = np.empty((len(steps), 3), dtype=np.int64)
        for row, place in zip(code, steps, strict=True):
            operation, a, b = self._nodes[place]
            row[:] = operation, slots[a], b if operation in ORDERED else slots[b]
        return Program(
            self._count,
            np.array([self._numbers[place] for place in constants], dtype=float),
            code,
            np.array([slots[place] for place in places.tolist()], dtype=np.int64),
        )

    def _operands(self, place: int) -> tuple[int, ...]:
        operation, a, b = self._nodes[place]
        if operation < 0:
            return ()
        return (a,) if operation in ORDERED else (a, b)


class Traced:
    """An array of places on a tape, with as much of NumPy as circuits and plans use."""

    __array_ufunc__ = None  # so that NumPy leaves `array * traced` to us

    def __init__(self, tape: Tape, places: NDArray[np.intp]) -> None:
        self.tape, self.places = tape, places

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape."""
        return self.places.shape

    @property
    def ndim(self) -> int:
        """The number of its axes."""
        return self.places.ndim

    def __getitem__(self, item: Any) -> Self:
        return type(self)(self.tape, np.asarray(self.places[item]))

    def reshape(self, shape: tuple[int, ...]) -> Self:
        """Return the same places in another shape."""
        return type(self)(self.tape, self.places.reshape(shape))

    def transpose(self, axes: Sequence[int]) -> Self:
        """Return the same places with the axes in another order."""
        return type(self)(self.tape, self.places.transpose(axes))

    def sum(self, axis: tuple[int, ...]) -> Self:
        """Return the sum over some axes."""
        kept = [i for i in range(self.ndim) if i not in axis]
        shape = [self.shape[i] for i in kept]
        rows = self.places.transpose([*axis, *kept]).reshape(-1, *shape)
        total = type(self)(self.tape, rows[0])
        for row in rows[1:]:
            total = total._with(ADD, type(self)(self.tape, row))
        return total

    def elementwise(self, operation: int, number: int | None = None) -> Self:
        """Apply a function of one number; ``number`` is the order of the gamma functions."""
        places = [
            self.tape.record(operation, a, a if number is None else number)
            for a in self.places.ravel().tolist()
        ]
        return type(self)(self.tape, np.array(places, dtype=np.intp).reshape(self.shape))

    def _with(self, operation: int, other: Any, swapped: bool = False) -> Self:
        pair = (self.places, _traced(self.tape, other).places)
        left, right = np.broadcast_arrays(*(reversed(pair) if swapped else pair))
        places = [
            self.tape.record(operation, a, b)
            for a, b in zip(left.ravel().tolist(), right.ravel().tolist(), strict=True)
        ]
        return type(self)(self.tape, np.array(places, dtype=np.intp).reshape(left.shape))

    def __add__(self, other: Any) -> Self:
        return self._with(ADD, other)

    def __radd__(self, other: Any) -> Self:
        return self._with(ADD, other)

    def __sub__(self, other: Any) -> Self:
        return self._with(SUBTRACT, other)

    def __rsub__(self, other: Any) -> Self:
        return self._with(SUBTRACT, other, swapped=True)

    def __mul__(self, other: Any) -> Self:
        return self._with(MULTIPLY, other)

    def __rmul__(self, other: Any) -> Self:
        return self._with(MULTIPLY, other)

    def __truediv__(self, other: Any) -> Self:
        return self._with(DIVIDE, other)

    def __rtruediv__(self, other: Any) -> Self:
        return self._with(DIVIDE, other, swapped=True)

    def __neg__(self) -> Self:
        return self._with(MULTIPLY, -1.0)


def stack(tape: Tape, entries: Sequence[Any]) -> Traced:
    """Return the entries of a table, shape ``(entries, 1)``."""
    return Traced(tape, np.stack([_traced(tape, entry).places for entry in entries]))


def contract(left: Any, right: Any, step: Step) -> Any:
    """Carry a step of a schedule out, recorded: products entry by entry, then sums."""
    names = (*dict.fromkeys((*step.left_axes[:-1], *step.right_axes[:-1])), step.left_axes[-1])

    def spread(array: Any, axes: Axes) -> Any:
        order = sorted(range(len(axes)), key=lambda i: names.index(axes[i]))
        size = {axes[i]: array.shape[i] for i in range(len(axes))}
        return array.transpose(order).reshape(tuple(size.get(name, 1) for name in names))

    whole = spread(left, step.left_axes)
    if right is not None:
        whole = whole * spread(right, step.right_axes)
    gone = tuple(i for i, name in enumerate(names) if name not in step.kept)
    out = whole.sum(gone) if gone else whole
    there = [name for name in names if name in step.kept]
    return out.transpose([there.index(name) for name in step.kept])


def _traced(tape: Tape, x: Any) -> Traced:
    if isinstance(x, Traced):
        return x
    numbers = np.asarray(x, dtype=float)
    places = [tape.constant(value) for value in numbers.ravel().tolist()]
    return Traced(tape, np.array(places, dtype=np.intp).reshape(numbers.shape))
