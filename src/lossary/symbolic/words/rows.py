"""Words over a row: sum, maximum, the label's class, the softmax family, unit vectors."""

from __future__ import annotations

import math

from lossary.symbolic.graph import Level, Node, symbol, walk
from lossary.symbolic.words.arithmetic import absolute, is_finite, minimum, product, sqrt, square, weighted
from lossary.symbolic.words.conditions import equal, select, where
from lossary.symbolic.words.curvature import AFFINE_RISING, CONCAVE, CONVEX_RISING
from lossary.symbolic.words.functions import exp_fraction, log1p, variance
from lossary.symbolic.words.notation import Binds, Notation
from lossary.symbolic.words.ranges import Range, always
from lossary.symbolic.words.word import Along, Word, everywhere

CLASS_INDEX = symbol("_class_index", Level.COLUMN)
SHARE = always(0.0, 1.0)
OF_ALL = {"curvature": "a place depends on the whole row, and is neither convex nor concave in it"}

total: Word = Word(
    "total",
    spelling={
        "numpy": "numpy.sum({0}, axis=axis, keepdims=True, dtype=numpy.float64).astype({0}.dtype)",
        "torch": "torch.sum({0}, dim=axis, keepdim=True)",
        "jax": "jax.numpy.sum({0}, axis=axis, keepdims=True)",
        "numba": "total({0})",
        "triton": "total({0}, inside)",
    },
    push=lambda d, a: (d,), curvature=(AFFINE_RISING,),
    latex=Notation(r"\sum_{{{c}}} {0}", Binds.PRODUCT, (Binds.PRODUCT,)),
    text=Notation("Σ {0}", Binds.PRODUCT, (Binds.PRODUCT,)), along=Along.REDUCED,
    without={"range": "it depends on the weights' sum and on the number of places, in explain/bounds.py"},
)  # fmt: skip
greatest: Word = Word(
    "greatest",
    spelling={
        "numpy": "numpy.max({0}, axis=axis, keepdims=True)",
        "torch": "torch.amax({0}, dim=axis, keepdim=True)",
        "jax": "jax.numpy.max({0}, axis=axis, keepdims=True)",
        "numba": "greatest({0})",
        "triton": "greatest({0}, inside)",
    },
    push=None, range=lambda a: a, curvature=(CONVEX_RISING,),
    latex=Notation(r"\max_{{{c}}} {0}", Binds.FUNCTION, (Binds.FRACTION,)), text=Notation("max({0})"),
    along=Along.REDUCED, without={"push": "only definitions use it, and those words have derivative rules"},
)  # fmt: skip
# Parts of a softmax in kernels for GPUs, which choose between a fast and an exact way: see execution/gpu/rows.py.
OF_KERNELS = dict.fromkeys(("push", "range", "curvature", "spelling"), "only definitions for GPUs use it")
exp_gap: Word = Word(  # exp(a - b) of a value a and the greatest b
    "exp_gap", push=None, spelling={"triton": "exp_gap({0}, {1})"}, without=OF_KERNELS,
)  # fmt: skip
other_powers: Word = Word(  # the sum of exp(a - b) of values a and the greatest b, without one place of the greatest
    "other_powers", push=None, spelling={"triton": "other_powers({0}, {1}, inside)"},
    along=Along.REDUCED, without=OF_KERNELS,
)  # fmt: skip
pick: Word = Word(
    "pick",
    spelling=everywhere("take_along_axis({0}, {1}, axis)") | dict.fromkeys(("numba", "triton"), "pick({0}, {1})"),
    push=lambda d, a, label: (where(equal(CLASS_INDEX, label), d, 0.0), None),
    range=lambda a, label: a, curvature=(AFFINE_RISING, None), latex=Notation("{0}_{{{1}}}"), along=Along.REDUCED,
)  # fmt: skip


def sum_over(row: Node, value: Node) -> Node:
    """Return the sum of a value over the places of a row, also if it is one value for the row."""
    if value.level & Level.COLUMN:
        return total(value)
    place = next(part for part in walk(row) if part.word == "symbol" and part.level & Level.COLUMN)
    return value * total(where(equal(place, place), 1.0, math.nan))


# --- the softmax family --------------------------------------------------------------------------------------------


def _exp_of_difference(a: Node, b: Node) -> Node:
    """Return exp(a - b) for b >= a, corrected for the rounding of a - b, which can be many ulp of the result."""
    gap = a - b
    back = gap - a
    lost = (a - (gap - back)) - (b + back)  # the rounding error of gap, exactly
    power = exp_fraction(gap)
    return power + where(lost < 1.0, power * lost, 0.0)  # lost is NaN where the gap is infinite


def _powers(a: Node) -> tuple[Node, Node, Node]:
    """Return each place's distance to the greatest value, exp of it, and the sum of exp without one greatest."""
    top = greatest(a)
    is_top = equal(a, top)
    equals = total(where(is_top, 1.0, 0.0)) - 1.0
    all_impossible, several_certain = equal(top, -math.inf), equal(top, math.inf) & (0.0 < equals)
    limit = where(all_impossible | several_certain, math.nan, 0.0)  # the softmax has none there
    power = _exp_of_difference(a, top)
    rest = total(where(is_top, 0.0, power)) + equals
    return where(is_top, limit, a - top), where(is_top, 1.0 + limit, power), rest


def _softmax_variance(a: Node) -> Node:
    """Return softmax · (1 - softmax), the diagonal of the softmax's Jacobian."""
    _, power, rest = _powers(a)
    return variance(where(equal(a, greatest(a)), minimum(power, rest), power) / (1.0 + rest))


def _excess(d: Node, a: Node) -> Node:
    """Return the change of softmax: softmax(a) · (d - m), with m the mean of d under softmax(a).

    A class of probability 0 adds nothing, whatever its d. Where an infinite d makes m infinite, d - m is taken as
    d · (1 - softmax(a)).
    """
    mean = total(weighted(softmax(a), d))
    infinite = equal(d, mean) & ~is_finite(mean)
    return weighted(softmax(a), select(infinite, product(1.0 - softmax(a), d), d - mean))


def _beyond_mean(d: Node, a: Node) -> Node:
    """d − its mean under softmax(a), to which a class of probability 0 adds nothing, however it changes.

    Nor does an infinite change of a certain class reach its own logarithm, which is 0.
    """
    own = weighted(softmax(a), d)
    others = select(is_finite(own), total(own) - own, total(select(is_finite(own), own, 0.0)))
    return product(other_softmax(a), d) - others


def _log_softmax(a: Node) -> Node:
    distance, _, rest = _powers(a)
    return distance - log1p(rest)


def _softmax(a: Node) -> Node:
    _, power, rest = _powers(a)
    return power * (1.0 / (1.0 + rest))


def _other_softmax(a: Node) -> Node:
    """Return 1 - softmax, the probability of all other classes, without cancellation."""
    _, power, rest = _powers(a)
    return (rest + (1.0 - power)) * (1.0 / (1.0 + rest))


def _log_sum_exp(a: Node) -> Node:
    _, _, rest = _powers(a)
    return greatest(a) + log1p(rest)


log_softmax: Word = Word(
    "log_softmax", definition=_log_softmax, spelling={"eager": "log_softmax({0}, axis)"},
    push=lambda d, a: (_beyond_mean(d, a),),
    pull=lambda g, a: (g * other_softmax(a) - softmax(a) * (sum_over(a, g) - g),),
    diagonal=lambda d, others, a: (d * other_softmax(a) - others,), range=always(-math.inf, 0.0), curvature=(CONCAVE,),
    latex=Notation(r"\log \operatorname{{softmax}}\left({0}\right)_{{{c}}}", Binds.FUNCTION),
    along=Along.ROW, of_logits=True,
)  # fmt: skip
softmax: Word = Word(
    "softmax", definition=_softmax, push=lambda d, a: (_excess(d, a),),
    diagonal=lambda d, others, a: (d * _softmax_variance(a) - softmax(a) * others,), range=SHARE,
    latex=Notation(r"\operatorname{{softmax}}\left({0}\right)_{{{c}}}"), along=Along.ROW, of_logits=True,
    without=OF_ALL,
)  # fmt: skip
other_softmax: Word = Word(
    "other_softmax", definition=_other_softmax, push=lambda d, a: (-_excess(d, a),),
    diagonal=lambda d, others, a: (softmax(a) * others - d * _softmax_variance(a),), range=SHARE,
    written=lambda a: 1.0 - softmax(a), along=Along.ROW, of_logits=True,
)  # fmt: skip
log_sum_exp: Word = Word(
    "log_sum_exp", definition=_log_sum_exp, spelling={"eager": "torch.logsumexp({0}, axis, keepdim=True)"},
    push=lambda d, a: (total(weighted(softmax(a), d)),),
    pull=lambda g, a: (weighted(softmax(a), g),), range=lambda a: Range(a.low, math.inf), curvature=(CONVEX_RISING,),
    latex=Notation(r"\log \sum_{{{c}}} e^{{{0}}}", Binds.FUNCTION), text=Notation("log Σ exp({0})", Binds.FUNCTION),
    along=Along.REDUCED, of_logits=True,
)  # fmt: skip

# --- vectors of length 1 -------------------------------------------------------------------------------------------


def _length(a: Node) -> tuple[Node, Node]:
    """Return a root that scales a row's greatest number to 1 if applied twice, and the length of the scaled row.

    The scaling keeps squares from overflow and underflow. The length of a row of zeros is infinite here, so that what
    is divided by it is 0.
    """
    top = greatest(absolute(a))
    root = 1.0 / sqrt(where(equal(top, 0.0), 1.0, top))
    squares = total(square(a * root * root))
    return root, sqrt(where(equal(squares, 0.0), math.inf, squares))


def _unit(a: Node) -> Node:
    """Return the row as a vector of length 1; zeros stay zeros."""
    return over_length(a, a)


def _over_length(x: Node, a: Node) -> Node:
    """Return a row divided by the length of another; zeros where that is 0."""
    root, length = _length(a)
    return x * root * root / length


unit: Word = Word(
    "unit", definition=_unit, push=lambda d, a: (over_length(d - unit(a) * total(unit(a) * d), a),),
    range=always(-1.0, 1.0),
    latex=Notation(r"\frac{{{0}}}{{\left\lVert {0} \right\rVert}}", Binds.FRACTION),
    text=Notation("{0} / ‖{0}‖", Binds.PRODUCT, (Binds.PRODUCT,)), along=Along.ROW, without=OF_ALL,
)  # fmt: skip
over_length: Word = Word(
    "over_length", definition=_over_length,
    push=lambda d, x, a: (over_length(d, a), -over_length(over_length(x, a) * total(unit(a) * d), a)),
    pull=lambda g, x, a: (over_length(g, a), -over_length(unit(a) * total(g * over_length(x, a)), a)),
    latex=Notation(r"\frac{{{0}}}{{\left\lVert {1} \right\rVert}}", Binds.FRACTION),
    text=Notation("{0} / ‖{1}‖", Binds.PRODUCT, (Binds.PRODUCT,)), along=Along.ROW,
    without=OF_ALL | {"range": "a row divided by the length of another has no bounds"},
)  # fmt: skip
