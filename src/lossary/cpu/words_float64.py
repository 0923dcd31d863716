"""The numbers behind the words in float64: its layout, and polynomials of least greatest error, lowest power first."""

from __future__ import annotations

import numpy

number = numpy.float64
unsigned, signed = numpy.uint64, numpy.int64

FRACTION = unsigned(52)  # bits of the fraction, below the exponent
SIGN_PLACE, ALL_BUT_SIGN = signed(63), signed(0x7FFFFFFFFFFFFFFF)
EXPONENT = unsigned(0x7FF0000000000000)
ONE_BITS = unsigned(0x3FF0000000000000)
TO_ONE = unsigned(0x0008000000000000)  # from the bits of 3/4 to those of 1: carries into the exponent from 3/2 on
FOUR_BITS = unsigned(0x8000000000000000)  # minus the bits of 2**n: those of 4 / 2**n
MAGIC = number(1.5 * 2.0**52 + 2046)  # adding it leaves a whole number, and twice the bias, in the low bits
ONE_BIT, BIAS_AND_ONE = unsigned(1), unsigned(1024)
WHOLE_BITS = unsigned(0x4330000000000000)  # the bits of WHOLE; a whole number in the low bits adds to it
WHOLE = number(2.0**52)

ZERO, QUARTER, HALF, ONE, TWO = number(0), number(0.25), number(0.5), number(1), number(2)
INFINITY, NOT_A_NUMBER = number("inf"), number("nan")
SMALLEST = number(2.0**-1022)  # of full precision
RAISE = number(2.0**54)
BIAS, RAISED_BIAS = WHOLE + number(1023), WHOLE + number(1023 + 54)

LOWEST, HIGHEST = number(-746.0), number(710.0)  # beyond them exp is 0 or infinite
LOWEST_EXPM1 = number(-40.0)  # below it expm1 is -1
INVERSE_LN2 = number(1.4426950408889634)
LN2_HIGH, LN2_LOW = number(6.93147180369123816490e-01), number(1.90821492927058770002e-10)

# (exp(x) - 1 - x) / x**2 for |x| <= ln(2) / 2
EXP = tuple(map(number, (
    0.5000000000000011, 0.1666666666666645, 0.041666666666527075, 0.008333333333473409,
    0.0013888888944315176, 0.0001984126954862624, 2.4801492467952972e-05, 2.7557551048591575e-06,
    2.7630454995504033e-07, 2.501072423364042e-08,
)))  # fmt: skip
# (exp(x) - 1 - x) / x**2 for |x| <= 1/2
EXPM1 = tuple(map(number, (
    0.5, 0.16666666666666669, 0.04166666666666716, 0.008333333333332292,
    0.0013888888888663564, 0.00019841269843122087, 2.4801587663577403e-05, 2.7557317842717094e-06,
    2.755705513151843e-07, 2.5052527690951888e-08, 2.0966338630686757e-09, 1.6037616990092614e-10,
)))  # fmt: skip
# (log(1 + x) - x) / x**2 for -1/4 <= x <= 1/2
LOG = tuple(map(number, (
    -0.4999999999999997, 0.3333333333333404, -0.2500000000001891, 0.19999999999783416,
    -0.1666666666286704, 0.14285714305281463, -0.12500000346328063, 0.11111110575809809,
    -0.0999998354389589, 0.09090896205235677, -0.08333748419985022, 0.07693386946430748,
    -0.07138016677855635, 0.0664262417509389, -0.06253386006018545, 0.06092647542904162,
    -0.059652720478001825, 0.050317505669901876, -0.02887987000282914, 0.00786601817136068,
)))  # fmt: skip
# (tanh(x) - x) / x**3 in powers of x**2, for |x| <= 1
TANH = tuple(map(number, (
    -0.333333333333333, 0.1333333333332905, -0.053968253966452856, 0.021869488497875903,
    -0.008863235044144343, 0.0035921239970689452, -0.0014558110594119014, 0.0005899302570041017,
    -0.00023882951429005737, 9.6220476128625e-05, -3.805336866939633e-05, 1.4269226957637188e-05,
    -4.750535204982196e-06, 1.2678621755217726e-06, -2.3205997722131446e-07, 2.118674738988926e-08,
)))  # fmt: skip
