"""Constants of float32: its layout, and minimax polynomials for ``functions.py``, lowest power first."""

from __future__ import annotations

import numpy

number = numpy.float32
PER_LINE = 16  # numbers in a cache line of 64 bytes
unsigned, signed = numpy.uint32, numpy.int32

FRACTION = unsigned(23)  # bits of the fraction, below the exponent
SIGN_PLACE, ALL_BUT_SIGN = signed(31), signed(0x7FFFFFFF)
EXPONENT = unsigned(0x7F800000)
ONE_BITS = unsigned(0x3F800000)
TO_ONE = unsigned(0x00400000)  # from the bits of 3/4 to those of 1: carries into the exponent from 3/2 on
FOUR_BITS = unsigned(0x80000000)  # minus the bits of 2**n: those of 4 / 2**n
MAGIC = number(1.5 * 2.0**23 + 254)  # adding it leaves a whole number, and twice the bias, in the low bits
MAGIC_RAISED, LOWER = number(1.5 * 2.0**23 + 127 + 64), number(2.0**-64)
ONE_BIT, BIAS_AND_ONE = unsigned(1), unsigned(128)
WHOLE_BITS = unsigned(0x4B000000)  # the bits of WHOLE; a whole number in the low bits adds to it
WHOLE = number(2.0**23)

ZERO, QUARTER, HALF, ONE, TWO = number(0), number(0.25), number(0.5), number(1), number(2)
INFINITY, NOT_A_NUMBER = number("inf"), number("nan")
SMALLEST = number(2.0**-126)  # of full precision
RAISE = number(2.0**24)
BIAS, RAISED_BIAS = WHOLE + number(127), WHOLE + number(127 + 24)

LOWEST, HIGHEST = number(-104.0), number(89.0)  # beyond them exp is 0 or infinite
LOWEST_EXPM1 = number(-20.0)  # below it expm1 is -1
INVERSE_LN2 = number(1.4426950408889634)
LN2_HIGH, LN2_LOW = number(22713 / 2.0**15), number(1.428606820309417e-06)  # a whole number times HIGH is exact

# (exp(x) - 1 - x) / x**2 for |x| <= ln(2) / 2
EXP = tuple(map(number, (
    0.49999994, 0.16666518, 0.041668247, 0.008368953, 0.0013822363,
)))  # fmt: skip
# (exp(x) - 1 - x) / x**2 for |x| <= 1/2
EXPM1 = tuple(map(number, (
    0.50000006, 0.16666666, 0.04166509, 0.008333364, 0.0014003906, 0.0001991118,
)))  # fmt: skip
# (log(1 + x) - x) / x**2 for -1/4 <= x <= 1/2
LOG = tuple(map(number, (
    -0.5, 0.33333457, -0.25000057, 0.19990481, -0.16648574, 0.14486302,
    -0.13155004, 0.10401807, -0.04444129,
)))  # fmt: skip
# (log(1 + x) - x) / x**2 for 0 <= x <= 1
LOG1P = tuple(map(number, (
    -0.4999993145465851, 0.33330512046813965, -0.249585822224617, 0.19695377349853516,
    -0.15355341136455536, 0.10680478066205978, -0.05766380950808525, 0.02020430378615856,
    -0.003318421309813857,
)))  # fmt: skip
# (tanh(x) - x) / x**3 in powers of x**2, for |x| <= 1
TANH = tuple(map(number, (
    -0.33333296, 0.13332339, -0.053879116, 0.021484066, -0.007941659, 0.0022977865,
    -0.0003573552,
)))  # fmt: skip
