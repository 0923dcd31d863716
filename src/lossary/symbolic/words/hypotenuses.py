"""Square roots, logarithms and powers of 1 + x², exact where x² is 0 or infinite."""

from __future__ import annotations

import math

from lossary.symbolic.graph import Node, as_node
from lossary.symbolic.words import ranges
from lossary.symbolic.words.arithmetic import absolute, maximum, minimum, product, sign, sqrt, square, weighted
from lossary.symbolic.words.conditions import equal, where
from lossary.symbolic.words.curvature import CONVEX
from lossary.symbolic.words.functions import exp, expm1, log, log1p, power
from lossary.symbolic.words.ranges import Range, always
from lossary.symbolic.words.word import Word

BUMP = {"curvature": "it is concave near 0 and convex far from it"}
ODD = {"curvature": "it is convex on one side of 0 and concave on the other"}
# Beyond it 1 + x² is x² in every number type; below it x² is finite in every one.
FAR = 1e17


def _sides(a: Node, b: Node) -> tuple[Node, Node, Node]:
    """Return the longer leg, the shorter by the longer, and the hypotenuse by the longer leg."""
    longer, shorter = maximum(absolute(a), absolute(b)), minimum(absolute(a), absolute(b))
    ratio = where(equal(longer, 0.0), 0.0, shorter / longer)
    return longer, ratio, sqrt(1.0 + square(ratio))


def _hypot(a: Node, b: Node) -> Node:
    longer, _, factor = _sides(a, b)
    return longer * factor


def _cosine(a: Node, b: Node) -> Node:
    _, ratio, factor = _sides(a, b)
    return sign(a) * (where(absolute(a) < absolute(b), ratio, 1.0) / factor)


hypot: Word = Word(  # the length of the hypotenuse over two legs
    "hypot", definition=_hypot, push=lambda d, a, b: (d * cosine(a, b), d * cosine(b, a)),
    value=math.hypot, range=lambda a, b: Range(max(ranges.absolute(a).low, ranges.absolute(b).low), math.inf),
    curvature=(CONVEX, CONVEX), even=True, written=lambda a, b: sqrt(square(a) + square(b)),
)  # fmt: skip
cosine: Word = Word(  # a leg by the hypotenuse: the cosine of the angle at it
    "cosine", definition=_cosine,
    push=lambda d, a, b: (
        d * (lorentzian(a, b) / hypot(a, b)), -(d * (cosine(a, b) * (cosine(b, a) / hypot(a, b))))
    ),
    range=always(-1.0, 1.0), written=lambda a, b: a / sqrt(square(a) + square(b)),
)  # fmt: skip


def _parts(a: Node, b: Node) -> tuple[Node, Node, Node]:
    """Return whether |a| < |b|, the one of a / b and b / a that is not larger than 1, and 1 / (1 + its square)."""
    ratio = a / b
    near = absolute(ratio) < 1.0
    inside = where(near, ratio, 1.0 / ratio)
    return near, inside, 1.0 / (1.0 + square(inside))


def _lorentzian(a: Node, b: Node) -> Node:
    near, inside, lower = _parts(a, b)
    return where(near, lower, square(inside) * lower)


def _other_lorentzian(a: Node, b: Node) -> Node:
    near, inside, lower = _parts(a, b)
    return where(near, square(inside) * lower, lower)


def _odd_lorentzian(a: Node, b: Node) -> Node:
    _, inside, lower = _parts(a, b)
    return inside * lower


def _log1p_square(a: Node, b: Node) -> Node:
    ratio = a / b
    far = FAR < absolute(ratio)
    return where(far, 2.0, 1.0) * log1p(where(far, absolute(ratio), square(ratio)))


def _of_lorentzian(d: Node, a: Node, b: Node) -> tuple[Node, Node]:
    """Return the changes of a² / (a² + b²), minus those of b² / (a² + b²)."""
    lower = 2.0 * (lorentzian(a, b) / b)
    return d * (odd_lorentzian(a, b) * lower), -(d * (other_lorentzian(a, b) * lower))


def _of_odd_lorentzian(d: Node, a: Node, b: Node) -> tuple[Node, Node]:
    change = (lorentzian(a, b) - other_lorentzian(a, b)) / b
    return d * (lorentzian(a, b) * change), -(d * (odd_lorentzian(a, b) * change))


lorentzian: Word = Word(
    "lorentzian", definition=_lorentzian, push=lambda d, a, b: _of_lorentzian(-d, a, b),
    range=always(0.0, 1.0), even=True, written=lambda a, b: 1.0 / (1.0 + square(a / b)),
)  # fmt: skip
other_lorentzian: Word = Word(
    "other_lorentzian", definition=_other_lorentzian, push=_of_lorentzian,
    range=always(0.0, 1.0), even=True, written=lambda a, b: square(a / b) / (1.0 + square(a / b)),
)  # fmt: skip
odd_lorentzian: Word = Word(
    "odd_lorentzian", definition=_odd_lorentzian, push=_of_odd_lorentzian,
    range=always(-0.5, 0.5), written=lambda a, b: a / b / (1.0 + square(a / b)),
)  # fmt: skip
log1p_square: Word = Word(
    "log1p_square", definition=_log1p_square,
    push=lambda d, a, b: (d * (2.0 * (odd_lorentzian(a, b) / b)), -(d * (2.0 * (other_lorentzian(a, b) / b)))),
    range=always(0.0, math.inf), even=True, written=lambda a, b: log(1.0 + square(a / b)),
)  # fmt: skip


# --- powers of the hypotenuse over the legs a / b and 1 ------------------------------------------------------------

NEAR = 0.5  # logarithm of a hypotenuse, below which exp of a multiple is more exact than a power
NEGLIGIBLE = 1e-20  # beside 1
SHORT = 1.0  # where a series of powers of this size is exact
TERMS = 32


def _length(a: Node, b: Node) -> Node:
    """Return the logarithm of the hypotenuse."""
    return 0.5 * log1p_square(a, b)


def _hypot_power(a: Node, b: Node, c: Node) -> Node:
    """Return hypot(a / b, 1) ** c."""
    length = _length(a, b)
    return where(length < NEAR, exp(c * length), power(hypot(a / b, 1.0), c))


def _hypot_growth(a: Node, b: Node, c: Node) -> Node:
    """Return (hypot(a / b, 1) ** c - 1) / c; the logarithm of the hypotenuse where c is 0, or its product subnormal."""
    length = _length(a, b)
    near = (length < NEAR) | (absolute(c * length) < NEAR)
    grown = where(near, expm1(c * length), power(hypot(a / b, 1.0), c) - 1.0)
    return where(equal(c, 0.0) | (absolute(c * length) < NEGLIGIBLE), length, grown / c)


def _growth_by_exponent(a: Node, b: Node, c: Node) -> Node:
    """Return the slope of ``hypot_growth`` in its exponent: (h^c log h − growth) / c, or a series."""
    length = _length(a, b)
    near = absolute(c * length) < SHORT
    inside, divisor = where(near, length, 0.0), where(near, 1.0, c)
    series: Node = as_node(1.0)
    for k in range(TERMS, 0, -1):  # the quotient of two terms, of whole numbers, is exact
        series = 1.0 + (k + 1.0) * (c * inside) * series / (k * (k + 2.0))
    beyond = (weighted(hypot_power(a, b, c), length) - hypot_growth(a, b, c)) / divisor
    return where(near, 0.5 * square(inside) * series, beyond)


def _of_growth(d: Node, a: Node, b: Node, c: Node) -> tuple[Node, Node]:
    """Return the changes of a power over its exponent through the legs; where a slope vanishes it wins a product."""
    d = d / b
    return (
        d * product(hypot_power(a, b, c - 1.0), cosine(a / b, 1.0)),
        -(d * product(hypot_power(a, b, c), other_lorentzian(a, b))),
    )


hypot_power: Word = Word(
    "hypot_power", definition=_hypot_power,
    push=lambda d, a, b, c: (
        *_of_growth(d * c, a, b, c), product(d, weighted(hypot_power(a, b, c), _length(a, b)))
    ),
    range=always(0.0, math.inf), even=True, written=lambda a, b, c: power(1.0 + square(a / b), 0.5 * c),
)  # fmt: skip
hypot_growth: Word = Word(
    "hypot_growth", definition=_hypot_growth,
    push=lambda d, a, b, c: (
        *_of_growth(d, a, b, c), d * _growth_by_exponent(a, b, c)
    ),
    range=always(0.0, math.inf), even=True, written=lambda a, b, c: (power(1.0 + square(a / b), 0.5 * c) - 1.0) / c,
)  # fmt: skip
