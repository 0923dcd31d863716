"""Elementary functions of CPU kernels, within 1 ulp over the whole range of float32 and float64.

They are plain functions of one number without branches, so that a compiler can vectorise them: cases are selected by
``where``, and bits are reached by ``view``. Every constant has the number's dtype, as a bare 0.5 would widen float32.
``prelude.py`` has them as text for one dtype; in this module they are those of float64.
"""

# ruff: noqa: F403, F405  (all constants of one dtype)

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy

from lossary.execution.cpu.functions_float64 import *
from lossary.execution.cpu.series import written_out

__all__ = ["OF_LIBRARIES", "SERIES", "WORDS", "Bits", "Number", "absolute", "floor", "series_of", "view", "where"]

Number = Any  # a scalar of the type `number`
Bits = Any  # an unsigned integer of the same size

SERIES = {
    "exp_series": "EXP",
    "expm1_series": "EXPM1",
    "log_series": "LOG",
    "log1p_series": "LOG1P",
    "tanh_series": "TANH",
}


def series_of(name: str, terms: str, table: tuple[Number, ...]) -> Callable[[Number], Number]:
    """Make the function ``name`` of the polynomial with the coefficients of a table, which is called ``terms``."""
    namespace: dict[str, Any] = {terms: table}
    exec(written_out(name, terms, len(table)), namespace)
    function: Callable[[Number], Number] = namespace[name]
    return function


exp_series, expm1_series = series_of("exp_series", "EXP", EXP), series_of("expm1_series", "EXPM1", EXPM1)
log_series, log1p_series = series_of("log_series", "LOG", LOG), series_of("log1p_series", "LOG1P", LOG1P)
tanh_series = series_of("tanh_series", "TANH", TANH)


def where(condition: bool, a: Number, b: Number) -> Number:
    """Select a or b; both are computed. In kernels, this function and the next are instructions: see llvm.py."""
    return a if condition else b


def view(x: Number | Bits, kind: type) -> Number | Bits:
    """Reinterpret the bits as another type."""
    return x.view(kind)


def absolute(x: Number) -> Number:
    return abs(x)


def sqrt(x: Number) -> Number:
    return numpy.sqrt(x)


def floor(x: Number) -> Number:
    """Compute the largest whole number that is not above x."""
    size = absolute(x)
    rounded = (size + WHOLE) - WHOLE
    rounded = where(x < ZERO, -rounded, rounded)
    return where(size < WHOLE, where(rounded > x, rounded - ONE, rounded), x)


def power_of_two(biased: Bits) -> Number:
    """Compute 2**n, given n + the exponent's bias in the low bits."""
    return view(unsigned(unsigned(biased) << FRACTION), number)


def exp(x: Number) -> Number:
    """Compute e**x: a polynomial of the reduced argument, times a power of two in two factors, as one may overflow."""
    x = where(x > HIGHEST, HIGHEST, x)
    x = where(x < LOWEST, LOWEST, x)
    shifted = x * INVERSE_LN2 + MAGIC
    bits = view(number(shifted), unsigned)
    half = unsigned(bits >> ONE_BIT)
    n = shifted - MAGIC
    r = (x - n * LN2_HIGH) - n * LN2_LOW
    p = (exp_series(r) * r + ONE) * r + ONE
    return p * power_of_two(half) * power_of_two(bits - half)


def exp_fraction(x: Number) -> Number:
    """Compute e**x for x <= 0. With 64 added to its exponent, one power of two serves even subnormal results."""
    x = where(x < LOWEST, LOWEST, x)
    shifted = x * INVERSE_LN2 + MAGIC_RAISED
    n = shifted - MAGIC_RAISED
    r = (x - n * LN2_HIGH) - n * LN2_LOW
    p = (exp_series(r) * r + ONE) * r + ONE
    return p * power_of_two(view(number(shifted), unsigned)) * LOWER


def expm1(x: Number) -> Number:
    """Compute e**x - 1. For |x| < 1/2 the argument is not reduced, as the two terms would cancel."""
    x = where(x > HIGHEST, HIGHEST, x)
    x = where(x < LOWEST_EXPM1, LOWEST_EXPM1, x)
    near = absolute(x) < HALF
    shifted = x * INVERSE_LN2 + MAGIC
    n = where(near, ZERO, shifted - MAGIC)
    high = x - n * LN2_HIGH
    r = high - n * LN2_LOW
    low = (high - r) - n * LN2_LOW
    p = r + (r * r * expm1_series(r) + low)
    half = power_of_two(view(number(shifted), unsigned) - BIAS_AND_ONE)
    great = half - HALF
    lost = (half - great) - HALF
    return where(near, p, ((half * p + lost) + great) * TWO)


def exponent_bits(x: Number) -> Bits:
    """Return the bits of the power of two 2**n for which x / 2**n lies between 3/4 and 3/2."""
    return unsigned(unsigned(view(number(x), unsigned) + TO_ONE) & EXPONENT)


def whole(exponent: Bits, bias: Number) -> Number:
    """Return n, given the bits of 2**n."""
    return view(unsigned(unsigned(unsigned(exponent) >> FRACTION) | WHOLE_BITS), number) - bias


def scaled_log(f: Number, n: Number) -> Number:
    """Compute log((1 + f) * 2**n); the rounding error of the sum of large terms is added to the small ones."""
    high = n * LN2_HIGH
    top = high + f
    lost = (high - top) + f
    return top + (f * f * log_series(f) + (n * LN2_LOW + lost))


def logarithm_at_limits(x: Number, result: Number) -> Number:
    """Return the result, or the logarithm of an x that is not positive or not finite."""
    return where(x > ZERO, where(x < INFINITY, result, x), where(x == ZERO, -INFINITY, NOT_A_NUMBER))


def log(x: Number) -> Number:
    """Compute the natural logarithm."""
    tiny = x < SMALLEST
    raised = where(tiny, x * RAISE, x)
    exponent = exponent_bits(raised)
    fraction = view(unsigned(view(number(raised), unsigned) - (exponent - ONE_BITS)), number)
    result = scaled_log(fraction - ONE, whole(exponent, where(tiny, RAISED_BIAS, BIAS)))
    return logarithm_at_limits(x, result)


def log1p(x: Number) -> Number:
    """Compute log(1 + x). 1 and x are divided by the power of two of 1 + x one by one, so that x keeps its digits."""
    rounded = ONE + x
    exponent = exponent_bits(rounded)
    four = view(unsigned(FOUR_BITS - exponent), number)  # 4 / 2**n, as 1 / 2**n may be too small
    f = (x * four) * QUARTER + (four * QUARTER - ONE)
    return logarithm_at_limits(rounded, scaled_log(f, whole(exponent, BIAS)))


def log_ratio(a: Number, b: Number) -> Number:
    """Compute log(a / b) for a, b >= 0, within 1.5 ulp; infinite where b is 0.

    Both are divided by powers of two that leave a quotient from 3/4 to 3/2: the difference of the two is exact then.
    """
    above = view(where(a < SMALLEST, a * RAISE, a), unsigned)
    below = view(where(b < SMALLEST, b * RAISE, b), unsigned)
    over = unsigned(above & EXPONENT)
    under = unsigned(below & EXPONENT)
    x = view(unsigned(above - (over - ONE_BITS)), number)
    y = view(unsigned(below - (under - ONE_BITS)), number)
    least = y * (HALF + QUARTER)
    factor = where(x < least, TWO, where(x > TWO * least, HALF, ONE))
    under = under + (view(number(factor), unsigned) - ONE_BITS)
    n = whole(over, where(a < SMALLEST, RAISED_BIAS, BIAS)) - whole(under, where(b < SMALLEST, RAISED_BIAS, BIAS))
    result = scaled_log((x * factor - y) / y, n)
    at_zero = where(b == ZERO, INFINITY, where((a == ZERO) & (b > ZERO), -INFINITY, NOT_A_NUMBER))
    is_positive = (a > ZERO) & (b > ZERO)
    return where(is_positive, where((a < INFINITY) & (b < INFINITY), result, a - b), at_zero)


def log1p_fraction(x: Number) -> Number:
    """Compute log(1 + x) for 0 <= x <= 1 in half the time of ``log1p``, as the argument needs no reduction."""
    return x + x * x * log1p_series(x)


def tanh(x: Number) -> Number:
    """Compute the hyperbolic tangent."""
    square = x * x
    tail = exp_fraction(absolute(x) * -TWO)
    far = ONE - TWO * (tail / (ONE + tail))
    return where(absolute(x) < ONE, x + x * square * tanh_series(square), where(x < ZERO, -far, far))


def power(x: Number, y: Number) -> Number:
    """Compute x**y, as the next two by C's library, one number at a time; functions_wide.py has those of float32."""
    return x**y


def sin(x: Number) -> Number:
    """Compute the sine."""
    return numpy.sin(x)


def cos(x: Number) -> Number:
    """Compute the cosine."""
    return numpy.cos(x)


WORDS = (
    where, view, absolute, sqrt, floor, power_of_two, exp, exp_fraction, expm1,
    exponent_bits, whole, scaled_log, logarithm_at_limits, log, log1p, log_ratio, log1p_fraction, tanh,
)  # fmt: skip
OF_LIBRARIES = (power, sin, cos)
