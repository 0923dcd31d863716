"""The gamma function and its derivatives, the normal distribution, and Bessel functions.

Each word is defined by quotients of polynomials, see tools/coefficients.py, on intervals where these are small
corrections to a simpler form: rounding errors of their terms then hardly count. Differences that are small beside
their terms are words of their own, as log Γ(a + n) − log Γ(a) for a large a.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import reduce

from lossary.symbolic.graph import Node, as_node, constant
from lossary.symbolic.words import coefficients, ranges
from lossary.symbolic.words.arithmetic import absolute, floor, sign, sqrt, square, weighted
from lossary.symbolic.words.conditions import equal, where
from lossary.symbolic.words.curvature import CONCAVE, CONCAVE_RISING, CONVEX, CONVEX_FALLING, CONVEX_RISING, RISING
from lossary.symbolic.words.functions import exp, expm1, log, log1p
from lossary.symbolic.words.notation import Binds, Notation
from lossary.symbolic.words.word import Word

Pair = tuple[Sequence[float], Sequence[float]]
HALF_LOG_TWO_PI = 0.5 * math.log(2.0 * math.pi)


def polynomial(terms: Sequence[float], x: Node) -> Node:
    """Return the polynomial with these coefficients, lowest power first."""
    return reduce(lambda value, term: term + x * value, reversed(terms[:-1]), as_node(terms[-1]))


def divided_difference(terms: Sequence[float], x: Node, y: Node) -> Node:
    """Return (p(x) − p(y)) / (x − y) of the polynomial p with these coefficients, without cancellation."""
    slope, value = as_node(terms[-1]), terms[-2] + terms[-1] * y
    for term in reversed(terms[:-2]):
        slope, value = value + slope * x, term + value * y
    return slope


def quotient(pair: Pair, x: Node) -> Node:
    """Return the quotient of two polynomials."""
    return polynomial(pair[0], x) / polynomial(pair[1], x)


def folded(definition: Callable[..., Node]) -> Callable[..., float]:
    """Return the function of Python's numbers with this definition."""

    def value(*arguments: float) -> float:
        node = definition(*map(constant, arguments))
        if not node.is_number():
            raise ValueError(f"there is no value at {arguments}")
        return float(node.label or 0.0)

    return value


# --- the gamma function --------------------------------------------------------------------------------------------

NEAR = 4.25  # from here on, the asymptotic forms hold
LEAST = 0.5  # below it, the recurrence leads to a + 1


def _raised(a: Node) -> Node:
    return where(a < LEAST, a + 1.0, a)


def stirling_rest(a: Node) -> Node:
    """Return log_gamma(a) less (a − ½) log a − a + ½ log 2π, for a ≥ NEAR."""
    inverse = 1.0 / a
    return polynomial(coefficients.STIRLING, square(inverse)) * inverse


def _digamma_rest(a: Node) -> Node:
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


def _log_factorial(a: Node) -> Node:
    x = a + 1.0
    return where(x < NEAR, _log_gamma_near(a, x), _log_gamma_far(x, log(x)))


def _digamma(a: Node) -> Node:
    x, inverse = _raised(a), 1.0 / a
    high, low = coefficients.DIGAMMA_ZERO
    ratio = 1.359375 / (x + 0.25) + (0.171875 + quotient(coefficients.DIGAMMA, x))
    near = ((x - high) - low) * ratio - where(a < LEAST, inverse, 0.0)
    return where(a < NEAR, near, log(a) - (0.5 * inverse + _digamma_rest(a)))


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


def _expm1_gap(a: Node) -> Node:
    far = expm1(a) - where(a < math.inf, a, 0.0)
    return where(absolute(a) < EXPM1_NEAR, square(a) * polynomial(EXPM1_SERIES, a), far)


expm1_gap: Word = Word(
    "expm1_gap", definition=_expm1_gap, push=lambda d, a: (d * expm1(a),),
    value=folded(_expm1_gap), range=ranges.always(0.0, math.inf), curvature=(CONVEX,),
    written=lambda a: exp(a) - 1.0 - a,
)  # fmt: skip


def _log_rising(a: Node, n: Node) -> Node:
    return where(a < NEAR, log_gamma(a + n) - log_gamma(a), n * log(a) + log_rising_ratio(a, n))


def _log_rising_ratio(a: Node, n: Node) -> Node:
    rest = stirling_rest(a + n) - stirling_rest(a)
    near = (a + (n - 0.5)) * log1p_gap(n / a) + n * ((n - 0.5) / a)
    far = (a + (n - 0.5)) * log1p(n / a) - n
    above = where(n <= LOG1P_NEAR * a, near, far) + rest
    return where(a < NEAR, log_gamma(a + n) - log_gamma(a) - n * log(a), above)


def _rising_slope(a: Node, n: Node) -> Node:
    """Return digamma(a + n) − digamma(a); of a small a, by the recurrence, whose terms have one sign."""
    high = where(a < NEAR, a + 4.0, a)
    above = log1p(n / high) + (0.5 * (n / high / (high + n)) + _digamma_rest_gap(high, n))
    steps = (n / (a + n + k) / (a + k) for k in (3.0, 2.0, 1.0))
    slope = above + where(a < NEAR, reduce(lambda x, y: x + y, steps) + _share(n, a) / a, 0.0)
    return where(n < math.inf, slope, n)


def _share(n: Node, a: Node) -> Node:
    """Return n / (a + n), of which XLA would make one divisor with another one, where it is lost."""
    ratio = where(n < a, n / a, a / n)
    return where(n < a, ratio, 1.0) / (1.0 + ratio)


def _rising_ratio_slope(a: Node, n: Node) -> Node:
    above = log1p_gap(n / a) + (0.5 * (n / a / (a + n)) + _digamma_rest_gap(a, n))
    return where(a < NEAR, rising_slope(a, n) - n / a, above)


def _digamma_rest_gap(a: Node, n: Node) -> Node:
    """Return the rest of digamma(a) less that of digamma(a + n), for a ≥ 4.25."""
    inverse, other = 1.0 / a, 1.0 / (a + n)
    slope = divided_difference((0.0, *coefficients.DIGAMMA_FAR), square(inverse), square(other))
    return _share(n, a) * inverse * (inverse + other) * slope


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


# --- the normal distribution ---------------------------------------------------------------------------------------

ROOT_HALF, ROOT_TWO = math.sqrt(0.5), math.sqrt(2.0)
MILLS_NEAR = 6.0
NO_DENSITY = 40.0  # from here on, the density is 0 in every floating-point type


def _normal_density(a: Node) -> Node:
    """Return exp(−½ a²) / √2π; a is split so that the larger square is exact, as a power multiplies its rounding."""
    size = absolute(a)
    near = where(NO_DENSITY < size, NO_DENSITY, size)
    rounded = floor(16.0 * near) * 0.0625
    rest = exp(-(0.5 * ((near - rounded) * (near + rounded))))
    return exp(-(0.5 * square(rounded))) * rest * (1.0 / math.sqrt(2.0 * math.pi))


def _mills_excess(a: Node) -> Node:
    """Return normal_density(a) / (1 − Φ(a)) − a, for a ≥ 0; it is 1 / (a + E)."""
    inverse = 1.0 / a
    near = 2.0 / (a + 1.59375) + quotient(coefficients.MILLS, a)
    return 1.0 / (a + where(a < MILLS_NEAR, near, inverse * quotient(coefficients.MILLS_FAR, square(inverse))))


def _erf(a: Node) -> Node:
    size = absolute(a)
    tail = exp(-square(size)) * (math.sqrt(2.0 / math.pi) / (size * ROOT_TWO + _mills_excess(size * ROOT_TWO)))
    return where(size < 1.0, a * polynomial(coefficients.ERF, square(a)), where(a < 0.0, tail - 1.0, 1.0 - tail))


def _log_normal_cdf(a: Node) -> Node:
    size = absolute(a)
    ratio = size + _mills_excess(size)
    half = 0.5 * erf(a * ROOT_HALF)
    above = where(a < 1.0, 0.5 - half, normal_density(a) / ratio)  # 1 − Φ(a)
    left = where(a < -1.0, -log(ratio) - (0.5 * square(size) + HALF_LOG_TWO_PI), log(0.5 + half))
    return where(a < 0.0, left, log1p(-above))


def _inverse_mills(a: Node) -> Node:
    size = absolute(a)
    return where(a < 0.0, size + _mills_excess(size), normal_density(a) / (0.5 + 0.5 * erf(a * ROOT_HALF)))


def _mills_slope(a: Node) -> Node:
    return weighted(inverse_mills(a), where(a < 0.0, _mills_excess(absolute(a)), a + inverse_mills(a)))


def _slope_of_mills_slope(a: Node) -> Node:
    ratio, slope = inverse_mills(a), mills_slope(a)
    return ratio * (1.0 - slope) - slope * (a + ratio)


normal_density: Word = Word(
    "normal_density", definition=_normal_density, push=lambda d, a: (-(d * (a * normal_density(a))),),
    value=folded(_normal_density), range=ranges.always(0.0, 1.0 / math.sqrt(2.0 * math.pi)), even=True,
    latex=Notation(r"\varphi\left({0}\right)"),
    without={"curvature": "it is concave in the middle and convex beside it"},
)  # fmt: skip
erf: Word = Word(
    "erf", definition=_erf, spelling={"eager": "torch.erf({0})"},
    push=lambda d, a: (d * (2.0 * ROOT_TWO * normal_density(a * ROOT_TWO)),),
    value=math.erf, curvature=(RISING,), latex=Notation(r"\operatorname{{erf}}\left({0}\right)"),
)  # fmt: skip
log_normal_cdf: Word = Word(
    "log_normal_cdf", definition=_log_normal_cdf, spelling={"eager": "torch.special.log_ndtr({0})"},
    push=lambda d, a: (d * inverse_mills(a),),
    value=folded(_log_normal_cdf), curvature=(CONCAVE_RISING,), latex=Notation(r"\log \Phi\left({0}\right)"),
)  # fmt: skip
inverse_mills: Word = Word(  # φ(a) / Φ(a)
    "inverse_mills", definition=_inverse_mills, push=lambda d, a: (-(d * mills_slope(a)),),
    value=folded(_inverse_mills), curvature=(CONVEX_FALLING,),
    latex=Notation(r"\frac{{\varphi\left({0}\right)}}{{\Phi\left({0}\right)}}"),
)  # fmt: skip
mills_slope: Word = Word(  # minus the slope of inverse_mills, from 1 to 0
    "mills_slope", definition=_mills_slope, push=lambda d, a: (d * _slope_of_mills_slope(a),),
    range=ranges.always(0.0, 1.0), written=lambda a: inverse_mills(a) * (a + inverse_mills(a)),
)  # fmt: skip


def _mean_size(a: Node, b: Node) -> Node:
    """Return the mean size of a normal number with the mean a and the standard deviation b: a erf(…) + 2 b φ(a / b)."""
    return a * erf(_in_deviations(a, b) * ROOT_HALF) + 2.0 * (b * normal_density(a / b))


def _in_deviations(a: Node, b: Node) -> Node:
    """Return a / b, or a number with the same density, 0, where that may be infinite."""
    return where(NO_DENSITY * b <= absolute(a), NO_DENSITY * sign(a), a / b)


mean_size: Word = Word(  # ∫ |a + b x| φ(x) dx, for b ≥ 0
    "mean_size", definition=_mean_size,
    push=lambda d, a, b: (
        d * erf(_in_deviations(a, b) * ROOT_HALF), d * (2.0 * normal_density(_in_deviations(a, b))),
    ),
    range=ranges.always(0.0, math.inf), curvature=(CONVEX, CONVEX_RISING),
    latex=Notation(r"\operatorname{{E}} \left|{0} + {1} Z\right|"),
)  # fmt: skip


# --- Bessel functions ----------------------------------------------------------------------------------------------

BESSEL_NEAR, GAP_NEAR = 16.0, 20.0
BESSEL_ROOT = 1e8  # from here on, √(a² + G) is a in every floating-point type, and a² may overflow


def _bessel_rest(a: Node) -> Node:
    """Return √(a² + 4) − 2 − log I₀(a) for |a| < 16; with it, no difference of large terms is left."""
    return square(a) * quotient(coefficients.LOG_BESSEL, square(a))


def _bessel_far(a: Node) -> Node:
    """Return log I₀(a) − a for a ≥ 16."""
    inverse = 1.0 / a
    return inverse * polynomial(coefficients.LOG_BESSEL_FAR, inverse) - (0.5 * log(a) + HALF_LOG_TWO_PI)


def _log_bessel_i0(a: Node) -> Node:
    size = absolute(a)
    near = square(a) / (sqrt(square(a) + 4.0) + 2.0) - _bessel_rest(a)
    return where(size < BESSEL_NEAR, near, size + where(size < math.inf, _bessel_far(size), 0.0))


def _log_scaled_bessel_i0(a: Node) -> Node:
    root = sqrt(square(a) + 4.0)
    near = -2.0 * ((a + square(a) / (root + 2.0)) / (root + a)) - _bessel_rest(a)
    return where(a < BESSEL_NEAR, near, _bessel_far(a))


def _bessel_gap(a: Node) -> Node:
    """Return G of I₁(a) / I₀(a) = a / (½ + √(a² + G)), which falls from 9/4 to 3/4."""
    inverse = 1.0 / a
    far = 0.75 + inverse * polynomial(coefficients.BESSEL_GAP_FAR, inverse)
    near = 6.625 / (square(a) + 4.375) + (0.765625 + quotient(coefficients.BESSEL_GAP, square(a)))
    return where(a < GAP_NEAR, near, far)


def _bessel_root(a: Node, gap: Node) -> Node:
    return where(a < BESSEL_ROOT, sqrt(square(a) + gap), a)


def _bessel_ratio(a: Node) -> Node:
    size = absolute(a)
    return a / (0.5 + _bessel_root(size, _bessel_gap(size)))


def _bessel_ratio_gap(a: Node) -> Node:
    gap = _bessel_gap(a)
    root = _bessel_root(a, gap)
    return (0.5 + gap / (root + a)) / (0.5 + root)


def _bessel_ratio_slope(a: Node) -> Node:
    size = absolute(a)
    gap = _bessel_gap(size)
    whole = 0.5 + _bessel_root(size, gap)
    return (gap - 0.25) / whole / whole


def _slope_of_bessel_ratio_slope(a: Node) -> Node:
    ratio, slope = bessel_ratio(a), bessel_ratio_slope(a)
    return where(equal(a, 0.0), 0.0, (ratio / a - slope) / a - 2.0 * (ratio * slope))


log_bessel_i0: Word = Word(
    "log_bessel_i0", definition=_log_bessel_i0, push=lambda d, a: (d * bessel_ratio(a),),
    value=folded(_log_bessel_i0), range=ranges.always(0.0, math.inf), curvature=(CONVEX,), even=True,
    latex=Notation(r"\log I_0\left({0}\right)"),
)  # fmt: skip
log_scaled_bessel_i0: Word = Word(  # log I₀(a) − a, for a ≥ 0
    "log_scaled_bessel_i0", definition=_log_scaled_bessel_i0, push=lambda d, a: (-(d * bessel_ratio_gap(a)),),
    value=folded(_log_scaled_bessel_i0), curvature=(CONVEX_FALLING,),
    written=lambda a: log_bessel_i0(a) - a,
)  # fmt: skip
bessel_ratio: Word = Word(  # I₁(a) / I₀(a)
    "bessel_ratio", definition=_bessel_ratio, push=lambda d, a: (d * bessel_ratio_slope(a),),
    value=folded(_bessel_ratio), curvature=(RISING,),
    latex=Notation(r"\frac{{I_1\left({0}\right)}}{{I_0\left({0}\right)}}"),
)  # fmt: skip
bessel_ratio_gap: Word = Word(  # 1 − I₁(a) / I₀(a), for a ≥ 0
    "bessel_ratio_gap", definition=_bessel_ratio_gap, push=lambda d, a: (-(d * bessel_ratio_slope(a)),),
    value=folded(_bessel_ratio_gap), curvature=(CONVEX_FALLING,),
    written=lambda a: 1.0 - bessel_ratio(a),
)  # fmt: skip
bessel_ratio_slope: Word = Word(
    "bessel_ratio_slope", definition=_bessel_ratio_slope, push=lambda d, a: (d * _slope_of_bessel_ratio_slope(a),),
    range=ranges.always(0.0, 0.5), even=True,
    latex=Notation(r"\left(\frac{{I_1}}{{I_0}}\right)'\left({0}\right)"),
    without={"curvature": "it is concave in the middle and convex beside it"},
)  # fmt: skip
