"""Words of libdevice, the device's library of mathematics, for Triton's interpreter, which cannot call that library.

The interpreter (``TRITON_INTERPRET=1``) runs kernels on the CPU, to test and debug them.
"""

from __future__ import annotations

from typing import Any

import triton.language as tl

__all__ = ["exp", "expm1", "fast_expf", "fast_logf", "log1p", "pow", "tanh"]

Number = Any  # a block of numbers


def exp(x: Number) -> Number:
    """e**x."""
    return tl.exp(x)


def fast_expf(x: Number) -> Number:
    """e**x, by the device's own instruction there."""
    return tl.exp(x)


def fast_logf(x: Number) -> Number:
    """The logarithm, by the device's own instruction there."""
    return tl.log(x)


def log1p(x: Number) -> Number:
    """log(1 + x): the logarithm of the rounded sum, and what was rounded off."""
    rounded = 1.0 + x
    return tl.log(rounded) + tl.where(rounded < float("inf"), (x - (rounded - 1.0)) / rounded, 0.0)


def expm1(x: Number) -> Number:
    """e**x - 1: (u - 1) · x / log(u) with u = e**x is exact although u is rounded."""
    power = tl.exp(x)
    inside = (power > 0.0) & (power < float("inf")) & (power != 1.0)
    return tl.where(
        inside, (power - 1.0) * (x / tl.log(tl.where(inside, power, 2.0))), tl.where(power == 1.0, x, power - 1.0)
    )


def tanh(x: Number) -> Number:
    """The hyperbolic tangent."""
    gap = expm1(-2.0 * tl.abs(x))
    return tl.where(x < 0.0, gap, -gap) / (2.0 + gap)


def pow(x: Number, y: Number) -> Number:  # noqa: A001  (its name in the library)
    """x**y."""
    even = tl.floor(0.5 * y) == 0.5 * y
    size = tl.where(y == 0.0, 1.0, tl.exp(y * tl.log(tl.abs(x))))
    negative = tl.where(even, size, tl.where(tl.floor(y) == y, -size, float("nan")))
    return tl.where(x < 0.0, negative, size)
