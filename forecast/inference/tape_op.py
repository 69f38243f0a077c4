"""Tapes as PyTensor operations: all slots of a program, and the pull of a gradient back through it.

The same plan as a PyTensor graph has 1,270 nodes for a network of 45 questions, and Numba takes
minutes to compile them. A tape is two loops, compiled once for all networks and kept in PyTensor's
cache.
"""

from __future__ import annotations

import functools
import inspect
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytensor.tensor as pt
from numpy.typing import NDArray
from pytensor.gradient import disconnected_type
from pytensor.graph.basic import Apply
from pytensor.graph.op import Op
from pytensor.link.numba.dispatch.basic import numba_njit, register_funcify_default_op_cache_key

from forecast.inference.tape import Program

type Array = NDArray[np.float64]
type Code = NDArray[np.int64]


def outputs(program: Program, x: Any) -> Any:
    """Return the outputs of a program as a vector with a gradient.

    Parameters
    ----------
    program
        The program.
    x
        Its inputs, a vector.
    """
    slots = RunTape()(x, pt.constant(program.constants), pt.constant(program.code))
    return slots[program.outputs]


def forward(x: Array, constants: Array, code: Code) -> Array:
    """Run a program; return all its slots. The numbers of the operations are those of `tape`."""
    head = len(x) + len(constants)
    slots = np.empty(head + len(code))
    # Number by number: slices make Numba compile the message of an error that cannot occur.
    for i in range(len(x)):
        slots[i] = x[i]
    for i in range(len(constants)):
        slots[len(x) + i] = constants[i]
    for i in range(len(code)):
        operation, a, b = code[i, 0], slots[code[i, 1]], code[i, 2]
        if operation == 0:
            y = a + slots[b]
        elif operation == 1:
            y = a - slots[b]
        elif operation == 2:
            y = a * slots[b]
        elif operation == 3:
            y = a / slots[b]
        elif operation == 4:
            y = np.exp(a)
        elif operation == 5:
            y = np.log(a)
        elif operation == 6:
            y = np.log1p(a)
        elif operation == 7:
            y = np.expm1(a)
        elif operation == 8:
            y = 1.0 / (1.0 + np.exp(-a))
        else:
            term = np.exp(-a)
            y = term
            for k in range(1, b):
                term *= a / k
                y += term
        slots[head + i] = y
    return slots


def backward(x: Array, slots: Array, cotangent: Array, code: Code) -> Array:
    """Pull a cotangent of the slots back to the inputs.

    Reverse accumulation: slot y = f(a, b) adds dy/da times its own cotangent to that of a.

    References
    ----------
    Griewank and Walther (2008), Evaluating derivatives, section 3.2, 10.1137/1.9780898717761.
    """
    bar = cotangent.copy()
    head = len(slots) - len(code)
    for i in range(len(code) - 1, -1, -1):
        g = bar[head + i]
        if g == 0.0:
            continue
        operation, a, b = code[i, 0], code[i, 1], code[i, 2]
        if operation == 0:
            bar[a] += g
            bar[b] += g
        elif operation == 1:
            bar[a] += g
            bar[b] -= g
        elif operation == 2:
            bar[a] += g * slots[b]
            bar[b] += g * slots[a]
        elif operation == 3:
            bar[a] += g / slots[b]
            bar[b] -= g * slots[head + i] / slots[b]
        elif operation == 4:
            bar[a] += g * slots[head + i]
        elif operation == 5:
            bar[a] += g / slots[a]
        elif operation == 6:
            bar[a] += g / (1.0 + slots[a])
        elif operation == 7:
            bar[a] += g * (1.0 + slots[head + i])
        elif operation == 8:
            bar[a] += g * slots[head + i] * (1.0 - slots[head + i])
        else:
            term = np.exp(-slots[a])
            for k in range(1, b):
                term *= slots[a] / k
            bar[a] -= g * term
    pulled = np.empty(len(x))
    for i in range(len(x)):
        pulled[i] = bar[i]
    return pulled


class _TapeOp(Op):  # type: ignore[misc]
    """An operation on vectors of numbers with a program's code as its last input."""

    __props__ = ()
    kernel: Callable[..., Array]

    def make_node(self, *inputs: Any) -> Apply:
        """Return the operation applied."""
        return Apply(self, [pt.as_tensor_variable(i) for i in inputs], [pt.dvector()])

    def perform(self, node: Apply, inputs: Sequence[Array], storage: list[list[Array]]) -> None:
        """Run outside Numba's mode."""
        storage[0][0] = _compiled(type(self).kernel)(*inputs)


class RunTape(_TapeOp):
    """``(x, constants, code) -> slots``."""

    kernel = staticmethod(forward)

    def pullback(self, inputs: Any, outputs: Any, cotangents: Any) -> list[Any]:
        """Return the cotangent of x; constants and code have none."""
        x, _, code = inputs
        pulled = PullTape()(x, outputs[0], cotangents[0], code)
        return [pulled, disconnected_type(), disconnected_type()]

    def connection_pattern(self, node: Apply) -> list[list[bool]]:
        """Only x moves the slots."""
        return [[True], [False], [False]]


class PullTape(_TapeOp):
    """``(x, slots, cotangent, code) -> cotangent of x``."""

    kernel = staticmethod(backward)


@functools.cache
def _compiled(kernel: Callable[..., Array]) -> Any:
    return numba_njit(kernel, final_function=True, fastmath=False, error_model="numpy")


def _in_numba(op: _TapeOp, **_: Any) -> tuple[Any, int]:
    """Tell PyTensor how Numba runs the operation; the kernel's own text is part of the cache key."""
    kernel = type(op).kernel
    version = zlib.crc32(inspect.getsource(kernel).encode())
    return numba_njit(kernel, fastmath=False, error_model="numpy"), version


for _kind in (RunTape, PullTape):
    register_funcify_default_op_cache_key(_kind)(_in_numba)
