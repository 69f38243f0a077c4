"""Tapes as PyTensor operations: all slots of a program, and the pull of a gradient back through it.

The same plan as a PyTensor graph has 1,270 nodes for a network of 45 questions, and Numba takes
minutes to compile them. A tape is two loops, compiled once for all networks and kept in PyTensor's
cache.
"""

from __future__ import annotations

import functools
import inspect
import math
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytensor.tensor as pt
from numba.extending import register_jitable
from numpy.typing import NDArray
from pytensor.gradient import disconnected_type
from pytensor.graph.basic import Apply
from pytensor.graph.op import Op
from pytensor.link.numba.dispatch.basic import numba_njit, register_funcify_default_op_cache_key

from forecast.inference.tape import (
    ADD,
    ARCTAN,
    CLIP,
    DIVIDE,
    EXP,
    EXPM1,
    GAMMAINC,
    LOG,
    LOG1P,
    MULTIPLY,
    NDTR,
    OPERATIONS,
    SUBTRACT,
    Program,
)

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


def forward(x: Array, constants: Array, code: Code) -> Array:  # noqa: C901 - one for each operation
    """Run a program; return all its slots."""
    head = len(x) + len(constants)
    slots = np.empty(head + len(code))
    # Number by number: slices make Numba compile the message of an error that cannot occur.
    for i in range(len(x)):
        slots[i] = x[i]
    for i in range(len(constants)):
        slots[len(x) + i] = constants[i]
    for i in range(len(code)):
        operation, a, b = code[i, 0], slots[code[i, 1]], code[i, 2]
        if operation == ADD:
            y = a + slots[b]
        elif operation == SUBTRACT:
            y = a - slots[b]
        elif operation == MULTIPLY:
            y = a * slots[b]
        elif operation == DIVIDE:
            y = a / slots[b]
        elif operation == EXP:
            y = np.exp(a)
        elif operation == LOG1P:
            y = np.log1p(a)
        elif operation == EXPM1:
            y = np.expm1(a)
        elif operation == LOG:
            y = np.log(a)
        elif operation == NDTR:
            y = 0.5 * math.erfc(-a / math.sqrt(2.0))
        elif operation == ARCTAN:
            y = math.atan(a)
        elif operation == CLIP:
            y = min(max(a, 0.0), 1.0)
        elif operation == GAMMAINC:
            y = _poisson_tail(a, b)
        else:
            y = _poisson_cdf(a, b)
        slots[head + i] = y
    return slots


def backward(  # noqa: C901 - one for each operation
    x: Array, slots: Array, cotangent: Array, code: Code
) -> Array:
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
        if operation == ADD:
            bar[a] += g
            bar[b] += g
        elif operation == SUBTRACT:
            bar[a] += g
            bar[b] -= g
        elif operation == MULTIPLY:
            bar[a] += g * slots[b]
            bar[b] += g * slots[a]
        elif operation == DIVIDE:
            bar[a] += g / slots[b]
            bar[b] -= g * slots[head + i] / slots[b]
        elif operation == EXP:
            bar[a] += g * slots[head + i]
        elif operation == LOG1P:
            bar[a] += g / (1.0 + slots[a])
        elif operation == EXPM1:
            bar[a] += g * (1.0 + slots[head + i])
        elif operation == LOG:
            bar[a] += g / slots[a]
        elif operation == NDTR:
            bar[a] += g * math.exp(-0.5 * slots[a] ** 2) / math.sqrt(2.0 * math.pi)
        elif operation == ARCTAN:
            bar[a] += g / (1.0 + slots[a] ** 2)
        elif operation == CLIP:
            bar[a] += g if 0.0 < slots[a] < 1.0 else 0.0
        elif operation == GAMMAINC:
            bar[a] += g * _poisson(slots[a], b - 1)
        else:
            bar[a] -= g * _poisson(slots[a], b - 1)
    pulled = np.empty(len(x))
    for i in range(len(x)):
        pulled[i] = bar[i]
    return pulled


def _poisson(mu: float, n: int) -> float:
    """Return P(N = n) for N ~ Poisson(mu)."""
    return math.exp(n * math.log(mu) - mu - math.lgamma(n + 1.0)) if n > 0 else math.exp(-mu)


def _poisson_cdf(mu: float, order: int) -> float:
    """Return P(N < order): terms summed outwards from the largest, until they no longer count."""
    if not mu < 1e12:
        return 0.0
    top = min(order - 1, int(mu))
    largest = _poisson(mu, top)
    total, term = largest, largest
    for k in range(top, 0, -1):
        term *= k / mu
        total += term
        if term < 1e-17 * total:
            break
    term = largest
    for k in range(top + 1, order):
        term *= mu / k
        total += term
        if term < 1e-17 * total:
            break
    return total


def _poisson_tail(mu: float, order: int) -> float:
    """Return P(N >= order): below the mode one less the rest, above it term by term."""
    if mu > order:
        return 1.0 - _poisson_cdf(mu, order)
    term = _poisson(mu, order)
    total, k = term, order
    while term > 1e-17 * total:
        k += 1
        term *= mu / k
        total += term
    return total


_poisson = register_jitable(_poisson)
_poisson_cdf = register_jitable(_poisson_cdf)
_poisson_tail = register_jitable(_poisson_tail)


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
    """Tell PyTensor how Numba runs the operation; its text is part of the key of the cache."""
    kernel = type(op).kernel
    text = "".join(
        inspect.getsource(part) for part in (kernel, _poisson, _poisson_cdf, _poisson_tail)
    )
    version = zlib.crc32(f"{OPERATIONS} {text}".encode())
    return numba_njit(kernel, fastmath=False, error_model="numpy"), version


for _kind in (RunTape, PullTape):
    register_funcify_default_op_cache_key(_kind)(_in_numba)
