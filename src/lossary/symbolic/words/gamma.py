"""The logarithm of the gamma function, its derivatives, and its differences.

Each word is defined by quotients of polynomials, see tools/coefficients.py, on intervals where these are small
corrections to a simpler form: rounding errors of their terms then hardly count. Differences that are small beside
their terms are words of their own, as log Γ(a + n) − log Γ(a) for a large a.
"""

from __future__ import annotations

import math
from functools import reduce

from lossary.symbolic.graph import Node
from lossary.symbolic.words import coefficients, ranges
from lossary.symbolic.words.arithmetic import absolute, square
from lossary.symbolic.words.conditions import equal, where
from lossary.symbolic.words.curvature import CONCAVE, CONCAVE_RISING, CONVEX, CONVEX_FALLING
from lossary.symbolic.words.functions import exp, expm1, log, log1p
from lossary.symbolic.words.notation import Binds, Notation
from lossary.symbolic.words.polynomials import divided_difference, folded, polynomial, quotient
from lossary.symbolic.words.word import Word

HALF_LOG_TWO_PI = 0.5 * math.log(2.0 * math.pi)
NEAR = 4.25  # from here on, the asymptotic forms hold
MANY = 1e17  # a number beside which smaller ones that matter are nothing, and whose square does not overflow
LEAST = 0.5  # below it, the recurrence leads to a + 1


def _raised(a: Node) -> Node:
    return where(a < LEAST, a + 1.0, a)


def stirling_rest(a: Node) -> Node:
    """Return log_gamma(a) less (a − ½) log a − a + ½ log 2π, for a ≥ NEAR."""
    inverse = 1.0 / a
    return polynomial(coefficients.STIRLING, square(inverse)) * inverse


def digamma_rest(a: Node) -> Node:
    """Return log a − 1 / (2 a) − digamma(a), for a ≥ 4.25."""
    inverse = 1.0 / a
    return square(inverse) * polynomial(coefficients.DIGAMMA_FAR, square(inverse))


def _log_gamma_near(to_one: Node, x: Node) -> Node:
    """Return log_gamma(x) for ½ ≤ x ≤ 4.25, given x − 1, too."""
    ratio = 0.84375 / (x + 0.859375) + (0.125 + quotient(coefficients.LOG_GAMMA, x))
    return to_one * (to_one - 1.0) * ratio


def _log_gamma_far(a: Node, logarithm: Node) -> Node:
    return (a - 0.5) * (logarithm - 1.0) + (stirling_rest(a) + (HALF_LOG_TWO_PI - 0.5))


def _log_gamma(a: Node) -> Node:
    logarithm = log(a)
    near = _log_gamma_near(where(a < LEAST, a, a - 1.0), _raised(a)) - where(a < LEAST, logarithm, 0.0)
    return where(a < NEAR, near, _log_gamma_far(a, logarithm))


def log_gamma_rest(a: Node) -> Node:
    """Return log_gamma(a) − a log a + a, which is small beside its terms."""
    far = 0.5 * log(2.0 * math.pi / a) + stirling_rest(a)
    return where(NEAR < a, far, log_gamma(a) + a - a * log(a))


def _log_factorial(a: Node) -> Node:
    x = a + 1.0
    return where(x < NEAR, _log_gamma_near(a, x), _log_gamma_far(x, log(x)))


def _digamma(a: Node) -> Node:
    x, inverse = _raised(a), 1.0 / a
    high, low = coefficients.DIGAMMA_ZERO
    ratio = 1.359375 / (x + 0.25) + (0.171875 + quotient(coefficients.DIGAMMA, x))
    near = ((x - high) - low) * ratio - where(a < LEAST, inverse, 0.0)
    return where(a < NEAR, near, log(a) - (0.5 * inverse + digamma_rest(a)))


def _trigamma(a: Node) -> Node:
    x = _raised(a)
    inverse = 1.0 / x
    rest = where(x < NEAR, quotient(coefficients.TRIGAMMA, x), polynomial(coefficients.TRIGAMMA_FAR, square(inverse)))
    return inverse + square(inverse) * (0.5 + inverse * rest) + where(a < LEAST, square(1.0 / a), 0.0)


log_gamma: Word = Word(
    "log_gamma", definition=_log_gamma, spelling={"eager": "torch.lgamma({0})"},
    push=lambda d, a: (d * digamma(a),),
    value=math.lgamma, range=ranges.always(-0.1214862905358496, math.inf), curvature=(CONVEX,),
    latex=Notation(r"\log \Gamma\left({0}\right)"),
)  # fmt: skip
log_factorial: Word = Word(  # log_gamma(a + 1) for a ≥ 0
    "log_factorial", definition=_log_factorial, push=lambda d, a: (d * digamma(a + 1.0),),
    value=folded(_log_factorial), range=ranges.always(-0.1214862905358496, math.inf), curvature=(CONVEX,),
    latex=Notation(r"\log {0}!", Binds.FUNCTION, (Binds.ATOM,)),
    text=Notation("log {0}!", Binds.FUNCTION, (Binds.ATOM,)),
)  # fmt: skip
digamma: Word = Word(
    "digamma", definition=_digamma, spelling={"eager": "torch.digamma({0})"},
    push=lambda d, a: (d * trigamma(a),),
    value=folded(_digamma), curvature=(CONCAVE_RISING,), latex=Notation(r"\psi\left({0}\right)"),
)  # fmt: skip
trigamma: Word = Word(
    "trigamma", definition=_trigamma, push=None,  # torch.polygamma(1, a) has 9 digits
    value=folded(_trigamma), curvature=(CONVEX_FALLING,), latex=Notation(r"\psi'\left({0}\right)"),
    without={"push": "it occurs in second derivatives only"},
)  # fmt: skip


# --- differences of gamma functions --------------------------------------------------------------------------------


LOG1P_NEAR = 2.0


def _log1p_gap(a: Node) -> Node:
    near = square(a) * (quotient(coefficients.LOG1P_GAP, a) - 1.0 / (2.0 + a * (4.0 / 3.0)))
    return where((0.0 <= a) & (a <= LOG1P_NEAR), near, log1p(a) - a)


log1p_gap: Word = Word(  # for a ≥ 0
    "log1p_gap", definition=_log1p_gap, push=lambda d, a: (-(d * (a / (1.0 + a))),),
    value=folded(_log1p_gap), range=ranges.always(-math.inf, 0.0), curvature=(CONCAVE,),
    written=lambda a: log1p(a) - a,
)  # fmt: skip


EXPM1_NEAR = 1.0
EXPM1_SERIES = [1.0 / math.factorial(k + 2) for k in range(17)]


def _expm1_gap_near(a: Node) -> Node:
    return square(a) * polynomial(EXPM1_SERIES, a)


def _expm1_gap(a: Node) -> Node:
    far = expm1(a) - where(a < math.inf, a, 0.0)
    return where(absolute(a) < EXPM1_NEAR, expm1_gap_near(a), far)


expm1_gap_near: Word = Word(  # for |a| < 1: without an exponential
    "expm1_gap_near", definition=_expm1_gap_near, push=lambda d, a: (d * expm1(a),),
    value=folded(_expm1_gap_near), range=ranges.always(0.0, math.e - 2.0), curvature=(CONVEX,),
    written=lambda a: exp(a) - 1.0 - a,
)  # fmt: skip
expm1_gap: Word = Word(
    "expm1_gap", definition=_expm1_gap, push=lambda d, a: (d * expm1(a),),
    value=folded(_expm1_gap), range=ranges.always(0.0, math.inf), curvature=(CONVEX,),
    written=lambda a: exp(a) - 1.0 - a,
)  # fmt: skip


def _log_rising(a: Node, n: Node) -> Node:
    return where(a < NEAR, log_gamma(a + n) - log_gamma(a), n * log(a) + log_rising_ratio(a, n))


def _log_rising_ratio(a: Node, n: Node) -> Node:
    rest = stirling_rest(a + n) - stirling_rest(a)
    near = (a + (n - 0.5)) * log1p_gap(n / a) + (n - 0.5) * (n / a)
    far = (a + (n - 0.5)) * log1p(n / a) - n
    above = where(n <= LOG1P_NEAR * a, near, far) + rest
    return where(a < NEAR, log_gamma(a + n) - log_gamma(a) - n * log(a), above)


def _rising_slope(a: Node, n: Node) -> Node:
    """Return digamma(a + n) − digamma(a); of a small a, by the recurrence, whose terms have one sign."""
    high, few = where(a < NEAR, a + 4.0, a), where(n < MANY, n, MANY)
    first, second, third = ((a + k) * (a + few + k) for k in (1.0, 2.0, 3.0))
    steps = few / third + few * (first + second) / (first * second)
    above = log1p(n / high) + _rising_slope_rest(high, n)
    slope = above + where(a < NEAR, steps + _share(n, a) / a, 0.0)
    return where(n < math.inf, slope, n)


def _share(n: Node, a: Node) -> Node:
    """Return n / (a + n), of which XLA would make one divisor with another one, where it is lost."""
    ratio = where(n < a, n, a) / where(n < a, a, n)
    return where(n < a, ratio, 1.0) / (1.0 + ratio)


def _rising_ratio_slope(a: Node, n: Node) -> Node:
    above = log1p_gap(n / a) + _rising_slope_rest(a, n)
    return where(a < NEAR, rising_slope(a, n) - n / a, above)


def _rising_slope_rest(a: Node, n: Node) -> Node:
    """Return digamma(a + n) − digamma(a) − log1p(n / a), for a ≥ 4.25: of a large n, that of MANY, which is as good."""
    few = where(n < MANY, n, MANY)
    inverse, other = 1.0 / a, 1.0 / (a + few)
    slope = divided_difference((0.0, *coefficients.DIGAMMA_FAR), square(inverse), square(other))
    return few * other * inverse * (0.5 + (inverse + other) * slope)


def _trigamma_gap(a: Node, n: Node) -> Node:
    """Return trigamma(a + n) − trigamma(a), 0 if n is 0, however small a is; of a small a, by the recurrence."""
    high = where(a < NEAR, a + 4.0, a)
    inverse, other = 1.0 / high, 1.0 / (high + n)
    both, terms = inverse + other, (0.0, *coefficients.TRIGAMMA_FAR)
    slope = divided_difference(terms, square(inverse), square(other))
    above = 1.0 + (0.5 * both + (polynomial(terms, square(inverse)) + other * both * slope))
    steps = (_inverse_gap(a + k, n, 1.0 / (a + k) + 1.0 / (a + n + k)) for k in (3.0, 2.0, 1.0, 0.0))
    gap = _inverse_gap(high, n, above) + where(a < NEAR, reduce(lambda x, y: x + y, steps), 0.0)
    return where(equal(n, 0.0), 0.0, -gap)


def _inverse_gap(a: Node, n: Node, factor: Node) -> Node:
    """Return (1 / a − 1 / (a + n)) · factor, for a subnormal n, too."""
    inverse, other = 1.0 / a, 1.0 / (a + n)
    moderate = (1e-10 < a) & (a < 1e10) & (n < a)
    return where(moderate, n * (inverse * other * factor), _share(n, a) * inverse * factor)


trigamma_gap: Word = Word(
    "trigamma_gap", definition=_trigamma_gap, push=None, value=folded(_trigamma_gap),
    range=ranges.always(-math.inf, 0.0), curvature=(CONCAVE_RISING, CONVEX_FALLING),
    without={"push": "it occurs in second derivatives only"},
)  # fmt: skip
log_rising: Word = Word(  # log Γ(a + n) − log Γ(a), for a > 0 and n ≥ 0
    "log_rising", definition=_log_rising,
    push=lambda d, a, n: (d * rising_slope(a, n), d * digamma(a + n)),
    value=folded(_log_rising), range=ranges.anything, curvature=(CONCAVE_RISING, CONVEX),
    latex=Notation(r"\log \frac{{\Gamma\left({0} + {1}\right)}}{{\Gamma\left({0}\right)}}"),
)  # fmt: skip
log_rising_ratio: Word = Word(  # log_rising(a, n) − n log a, which tends to 0 for a great a
    "log_rising_ratio", definition=_log_rising_ratio,
    push=lambda d, a, n: (d * rising_ratio_slope(a, n), d * (digamma(a + n) - log(a))),
    value=folded(_log_rising_ratio), range=ranges.anything, curvature=(None, CONVEX),
    written=lambda a, n: log_rising(a, n) - n * log(a),
)  # fmt: skip
rising_slope: Word = Word(  # digamma(a + n) − digamma(a)
    "rising_slope", definition=_rising_slope,
    push=lambda d, a, n: (d * trigamma_gap(a, n), d * trigamma(a + n)),
    value=folded(_rising_slope), range=ranges.always(0.0, math.inf), curvature=(CONVEX_FALLING, CONCAVE_RISING),
    written=lambda a, n: digamma(a + n) - digamma(a),
)  # fmt: skip
rising_ratio_slope: Word = Word(  # rising_slope(a, n) − n / a
    "rising_ratio_slope", definition=_rising_ratio_slope,
    push=lambda d, a, n: (d * (trigamma_gap(a, n) + n / a / a), d * (trigamma(a + n) - 1.0 / a)),
    value=folded(_rising_ratio_slope), range=ranges.anything, curvature=(None, CONCAVE),
    written=lambda a, n: rising_slope(a, n) - n / a,
)  # fmt: skip
