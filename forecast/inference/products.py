"""Contractions of NumPy arrays whose last axis is the draws."""

from __future__ import annotations

import functools
import math

import numpy as np
from numpy.typing import NDArray

from forecast.inference.schedule import Axes, Step

type Array = NDArray[np.float64]

WORTHWHILE = 16_384
"""Products from which on rearranging for a matrix product pays."""


def contract(left: Array, right: Array | None, step: Step) -> Array:
    """Carry a step out, sums fused with products.

    An array that is the same for all draws has one entry along the last axis; where it is large
    the step is a matrix product, which is three times faster.
    """
    if right is None:
        return _einsum(left, step.left_axes, step.kept)
    fixed = left.shape[-1] == 1 or right.shape[-1] == 1
    draws = max(left.shape[-1], right.shape[-1])
    if fixed and step.work * draws > WORTHWHILE:
        if right.shape[-1] == 1:
            return _matrix_product(right, step.right_axes, left, step.left_axes, step.kept)
        return _matrix_product(left, step.left_axes, right, step.right_axes, step.kept)
    return _einsum(left, step.left_axes, right, step.right_axes, step.kept)


def _einsum(*operands: Array | Axes) -> Array:
    out: Array = np.einsum(*operands)
    return out


def scale(array: Array) -> tuple[Array, Array]:
    """Divide an array by its largest entry, draw by draw; return it with the logarithm of that.

    >>> scaled, log = scale(np.array([[2.0, 0.0], [1.0, 0.0]]))
    >>> scaled.tolist(), log.round(3).tolist()
    ([[1.0, 0.0], [0.5, 0.0]], [0.693, 0.0])
    """
    top = array.max(axis=tuple(range(array.ndim - 1)))
    top = np.where(top > 0, top, 1.0)
    return array / top, np.log(top)


def _matrix_product(fixed: Array, a: Axes, other: Array, b: Axes, kept: Axes) -> Array:
    """Contract an array that is the same for all draws with another, by BLAS."""
    draws = b[-1]
    plan = _roles(a[:-1], b[:-1], kept[:-1])
    if not plan.summed:  # nothing to add up: BLAS would only move the numbers about
        return _einsum(fixed, a, other, b, kept)
    size = dict(zip(a[:-1], fixed.shape, strict=False)) | dict(zip(b, other.shape, strict=True))

    def count(names: Axes) -> int:
        return math.prod(size[name] for name in names)

    first = _einsum(fixed[..., 0], a[:-1], (*plan.both, *plan.left, *plan.summed))
    second = _einsum(other, b, (*plan.both, *plan.summed, *plan.right, draws))
    product = np.matmul(
        first.reshape(count(plan.both), count(plan.left), count(plan.summed)),
        second.reshape(count(plan.both), count(plan.summed), count((*plan.right, draws))),
    )
    axes = (*plan.both, *plan.left, *plan.right, draws)
    return _einsum(product.reshape([size[name] for name in axes]), axes, kept)


class _Roles:
    """Which axes are in both operands and stay, in one only, or in both and summed."""

    def __init__(self, a: Axes, b: Axes, kept: Axes) -> None:
        self.both = tuple(n for n in a if n in b and n in kept)
        self.summed = tuple(n for n in a if n in b and n not in kept)
        self.left = tuple(n for n in a if n not in b and n in kept)
        self.right = tuple(n for n in b if n not in a and n in kept)


@functools.lru_cache(maxsize=4096)
def _roles(a: Axes, b: Axes, kept: Axes) -> _Roles:
    return _Roles(a, b, kept)
