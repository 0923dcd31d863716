"""The normal distribution and Bessel functions, defined by quotients of polynomials as the words of gamma.py are."""

from __future__ import annotations

import math

from lossary.symbolic.graph import Node
from lossary.symbolic.words import coefficients, ranges
from lossary.symbolic.words.arithmetic import absolute, floor, sign, sqrt, square, weighted
from lossary.symbolic.words.conditions import equal, where
from lossary.symbolic.words.curvature import CONCAVE_RISING, CONVEX, CONVEX_FALLING, CONVEX_RISING, RISING
from lossary.symbolic.words.functions import exp, log, log1p
from lossary.symbolic.words.gamma import HALF_LOG_TWO_PI
from lossary.symbolic.words.notation import Notation
from lossary.symbolic.words.polynomials import folded, polynomial, quotient
from lossary.symbolic.words.word import Word

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
