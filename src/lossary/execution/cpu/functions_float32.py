"""Constants of float32: its layout, and minimax polynomials, lowest power first."""

from __future__ import annotations

import numpy

number = numpy.float32
PER_LINE = 16  # numbers in a cache line of 64 bytes
unsigned, signed = numpy.uint32, numpy.int32

FRACTION = unsigned(23)  # bits of the fraction, below the exponent
SIGN_PLACE, ALL_BUT_SIGN = signed(31), signed(0x7FFFFFFF)
SIGN = unsigned(0x80000000)
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

# --- what functions_wide.py computes in float64 -------------------------------------------------------------------

wide, wide_bits = numpy.float64, numpy.uint64

WIDE_FRACTION, WIDE_SIGN_PLACE = wide_bits(52), wide_bits(63)
WIDE_EXPONENT = wide_bits(0x7FF0000000000000)
WIDE_ONE_BITS = wide_bits(0x3FF0000000000000)
WIDE_TO_ONE = wide_bits(0x0008000000000000)
WIDE_WHOLE_BITS = wide_bits(0x4330000000000000)
WIDE_BIAS = wide(2.0**52 + 1023)
WIDE_MAGIC = wide(1.5 * 2.0**52)
WIDE_EVEN, WIDE_ODD = wide_bits(0), wide_bits(1)
WIDE_ZERO, WIDE_ONE, WIDE_INFINITY = wide(0), wide(1), wide("inf")
WIDE_LOWEST, WIDE_HIGHEST = wide(-160.0), wide(160.0)  # beyond them 2**x is 0 or infinite in float32

# log2(1 + x) / x for -1/4 <= x <= 1/2; 1.7e-11
WIDE_LOG2 = tuple(map(wide, (
    1.442695040910642, -0.7213475208310137, 0.4808983326426706, -0.36067365358919595,
    0.2885404281653, -0.24045841088429964, 0.20605683802065847, -0.1800037617994883,
    0.1605036274678018, -0.14920804428881068, 0.1387889575202435, -0.10203280969214426,
    0.03798492203167859,
)))  # fmt: skip
# 2**x for |x| <= 1/2; 1.9e-9
WIDE_EXP2 = tuple(map(wide, (
    1.0000000005541032, 0.6931472057363331, 0.24022646891194166, 0.055503287785143435,
    0.009618488897953099, 0.0013399930789647324, 0.0001534582738150001,
)))  # fmt: skip
# sin(pi x / 2) / x in powers of x**2, for |x| <= 1/2; 4.6e-12
WIDE_SIN = tuple(map(wide, (
    1.5707963267877503, -0.6459640961024157, 0.07969258184283777, -0.004681260627263421,
    0.0001581950736473053,
)))  # fmt: skip
# cos(pi x / 2) in powers of x**2, for |x| <= 1/2; 5.6e-11
WIDE_COS = tuple(map(wide, (
    0.9999999999439382, -1.2337005395648117, 0.2536691825966933, -0.020859936031159893,
    0.0009033629817546782,
)))  # fmt: skip

# 2 / pi in parts of 29, 29 and 53 bits; without its first 26 bits from NEAR on, without 52 from FAR, 78 from FARTHER on
NEAR, FAR, FARTHER = number(2.0**51), number(2.0**77), number(2.0**103)
HIGH_0, MIDDLE_0, LOW_0 = wide(341782637 / 2.0**29), wide(423170132 / 2.0**58), wide(2.276010073078396e-18)
HIGH_1, MIDDLE_1, LOW_1 = wide(388440586 / 2.0**55), wide(312459893 / 2.0**84), wide(2.52682603558315e-26)
HIGH_2, MIDDLE_2, LOW_2 = wide(173275214 / 2.0**81), wide(368344397 / 2.0**110), wide(1.668286766860824e-34)
HIGH_3, MIDDLE_3, LOW_3 = wide(448696233 / 2.0**107), wide(350077147 / 2.0**136), wide(4.420676015940119e-42)
