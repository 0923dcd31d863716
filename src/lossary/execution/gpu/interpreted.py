"""Functions of libdevice, the GPU's mathematical library, for Triton's interpreter, which cannot call that library.

The interpreter (``TRITON_INTERPRET=1``) runs kernels on the CPU, to test and debug them.
"""

from __future__ import annotations

from typing import Any

import triton.language as tl

__all__ = ["exp", "exp2", "expm1", "fast_expf", "fast_logf", "fma", "log1p", "pow", "tanh"]

Number = Any  # a block of numbers


def exp(x: Number) -> Number:
    return tl.exp(x)


def exp2(x: Number) -> Number:
    return tl.exp2(x)


def fma(x: Number, y: Number, z: Number) -> Number:
    """Compute x * y + z, rounded once."""
    return (x.to(tl.float64) * y + z.to(tl.float64)).to(x.dtype)


def fast_expf(x: Number) -> Number:
    """Compute e**x, which on a GPU is one approximate instruction."""
    return tl.exp(x)


def fast_logf(x: Number) -> Number:
    """Compute the logarithm, which on a GPU is one approximate instruction."""
    return tl.log(x)


def log1p(x: Number) -> Number:
    """Compute log(1 + x): the logarithm of the rounded sum, corrected by its rounding error."""
    rounded = 1.0 + x
    return tl.log(rounded) + tl.where(rounded < float("inf"), (x - (rounded - 1.0)) / rounded, 0.0)


def expm1(x: Number) -> Number:
    """Compute e**x - 1 as (u - 1) · x / log(u) with u = e**x, in which the rounding error of u cancels."""
    power = tl.exp(x)
    inside = (power > 0.0) & (power < float("inf")) & (power != 1.0)
    return tl.where(
        inside, (power - 1.0) * (x / tl.log(tl.where(inside, power, 2.0))), tl.where(power == 1.0, x, power - 1.0)
    )


def tanh(x: Number) -> Number:
    gap = expm1(-2.0 * tl.abs(x))
    return tl.where(x < 0.0, gap, -gap) / (2.0 + gap)


def pow(x: Number, y: Number) -> Number:  # noqa: A001  (its name in the library)
    even = tl.floor(0.5 * y) == 0.5 * y
    size = tl.where(y == 0.0, 1.0, tl.exp(y * tl.log(tl.abs(x))))
    negative = tl.where(even, size, tl.where(tl.floor(y) == y, -size, float("nan")))
    return tl.where(x < 0.0, negative, size)
