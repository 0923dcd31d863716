"""Powers, sine and cosine of float32, computed in float64: its 29 further bits hold all rounding errors but the last.

They are text for kernels, as the functions of ``functions.py``. ``wide`` is float64; names of its constants begin so.
"""

# ruff: noqa: F403, F405  (all constants of one dtype)

from __future__ import annotations

from lossary.execution.cpu.functions import Bits, Number, absolute, floor, series_of, view, where
from lossary.execution.cpu.functions_float32 import *

__all__ = ["SERIES", "WORDS"]

SERIES = {
    "wide_log2_series": "WIDE_LOG2",
    "wide_exp2_series": "WIDE_EXP2",
    "wide_sin_series": "WIDE_SIN",
    "wide_cos_series": "WIDE_COS",
}

wide_log2_series = series_of("wide_log2_series", "WIDE_LOG2", WIDE_LOG2)
wide_exp2_series = series_of("wide_exp2_series", "WIDE_EXP2", WIDE_EXP2)
wide_sin_series = series_of("wide_sin_series", "WIDE_SIN", WIDE_SIN)
wide_cos_series = series_of("wide_cos_series", "WIDE_COS", WIDE_COS)


def wide_log2(x: Number) -> Number:
    """Compute the logarithm to base 2 of a number >= 0 that float32 has."""
    bits = view(x, wide_bits)
    exponent = wide_bits(wide_bits(bits + WIDE_TO_ONE) & WIDE_EXPONENT)
    f = view(wide_bits(bits - (exponent - WIDE_ONE_BITS)), wide) - WIDE_ONE
    n = view(wide_bits(wide_bits(exponent >> WIDE_FRACTION) | WIDE_WHOLE_BITS), wide) - WIDE_BIAS
    result = n + f * wide_log2_series(f)
    return where(x < WIDE_INFINITY, where(x > WIDE_ZERO, result, -WIDE_INFINITY), x)


def wide_exp2(x: Number) -> Number:
    """Compute 2**x, beyond the range of float32, too: rounding to it then makes zeros, subnormals and infinities."""
    x = where(x > WIDE_HIGHEST, WIDE_HIGHEST, x)
    x = where(x < WIDE_LOWEST, WIDE_LOWEST, x)
    shifted = x + WIDE_MAGIC
    p = wide_exp2_series(x - (shifted - WIDE_MAGIC))
    return view(wide_bits(view(p, wide_bits) + wide_bits(view(shifted, wide_bits) << WIDE_FRACTION)), wide)


def power(x: Number, y: Number) -> Number:
    """Compute x**y as 2**(y log2 |x|), with the sign of x if y is odd; there is none if x < 0 and y is not whole."""
    logarithm = wide_log2(wide(absolute(x)))
    exponent = where((y == ZERO) | (logarithm == WIDE_ZERO), WIDE_ZERO, wide(y) * logarithm)
    size = number(wide_exp2(exponent))
    half = absolute(y) * HALF
    rest = where(half >= WHOLE, ZERO, absolute(y) - TWO * floor(half))  # 0 if y is even, 1 if it is odd
    sign = unsigned(view(x, unsigned) & SIGN)
    result = where(rest == ONE, view(unsigned(view(size, unsigned) | sign), number), size)
    is_broken = (rest != ZERO) & (rest != ONE)
    return where((x < ZERO) & (x > -INFINITY) & is_broken, NOT_A_NUMBER, result)


def by_size(x: Number, near: Number, far: Number, farther: Number, farthest: Number) -> Number:
    """Select one of four numbers by the size of x."""
    size = absolute(x)
    return where(size < NEAR, near, where(size < FAR, far, where(size < FARTHER, farther, farthest)))


def wave(x: Number, ahead: Bits) -> Number:
    """Compute the sine of x and ``ahead`` quarter turns.

    x is counted in quarter turns by products with three parts of 2 / pi, of which the first two are exact. Of a large
    number, bits of 2 / pi that only make whole turns are left out.
    """
    turns = wide(x) * by_size(x, HIGH_0, HIGH_1, HIGH_2, HIGH_3)
    first = turns + WIDE_MAGIC
    turns = (turns - (first - WIDE_MAGIC)) + wide(x) * by_size(x, MIDDLE_0, MIDDLE_1, MIDDLE_2, MIDDLE_3)
    second = turns + WIDE_MAGIC
    rest = (turns - (second - WIDE_MAGIC)) + wide(x) * by_size(x, LOW_0, LOW_1, LOW_2, LOW_3)
    quarters = wide_bits(wide_bits(view(first, wide_bits) + view(second, wide_bits)) + ahead)
    square = rest * rest
    is_even = wide_bits(quarters & WIDE_ODD) == WIDE_EVEN
    result = where(is_even, rest * wide_sin_series(square), wide_cos_series(square))
    sign = wide_bits(wide_bits(quarters >> WIDE_ODD) << WIDE_SIGN_PLACE)
    return number(view(wide_bits(view(result, wide_bits) ^ sign), wide))


def sin(x: Number) -> Number:
    """Compute the sine."""
    return wave(x, WIDE_EVEN)


def cos(x: Number) -> Number:
    """Compute the cosine."""
    return wave(x, WIDE_ODD)


WORDS = (wide_log2, wide_exp2, power, by_size, wave, sin, cos)
