"""Words over a row: sum, maximum, the label's class, the softmax family, unit vectors."""

from __future__ import annotations

import math

from lossary.symbolic.graph import CLASS, ITEM, Axes, Node, apply, axis, index, walk
from lossary.symbolic.words.arithmetic import absolute, is_finite, minimum, product, sqrt, square, weighted
from lossary.symbolic.words.conditions import equal, select, where
from lossary.symbolic.words.curvature import AFFINE_RISING, CONCAVE, CONVEX, CONVEX_RISING
from lossary.symbolic.words.functions import exp_fraction, log1p, variance
from lossary.symbolic.words.notation import Binds, Notation
from lossary.symbolic.words.ranges import Range, always
from lossary.symbolic.words.word import Along, Word, everywhere

CLASS_INDEX = index(CLASS)
SHARE = always(0.0, 1.0)
OF_ALL = {"curvature": "a place depends on the whole row, and is neither convex nor concave in it"}

total: Word = Word(
    "total",
    spelling={
        "numpy": "numpy.sum({0}, axis={1}, keepdims=True, dtype=numpy.float64).astype({0}.dtype)",
        "torch": "torch.sum({0}, dim={1}, keepdim=True)",
        "jax": "jax.numpy.sum({0}, axis={1}, keepdims=True)",
        "llvm": "total({0})",
        "triton": "total({0}, inside)",
    },
    push=lambda d, a, over: (sum_over(a, d, over), None), pull=lambda g, a, over: (g, None),
    curvature=(AFFINE_RISING, None),
    latex=Notation(r"\sum_{{{c}}} {0}", Binds.PRODUCT, (Binds.PRODUCT,)),
    text=Notation("Σ {0}", Binds.PRODUCT, (Binds.PRODUCT,)), along=Along.REDUCED, neutral=0.0,
    without={"range": "it depends on the weights' sum and on the number of places, in explain/bounds.py"},
)  # fmt: skip
greatest: Word = Word(
    "greatest",
    spelling={
        "numpy": "numpy.max({0}, axis={1}, keepdims=True)",
        "torch": "greatest({0}, {1})",
        "jax": "greatest({0}, {1})",
        "llvm": "greatest({0})",
        "triton": "greatest({0}, inside)",
    },
    push=lambda d, a, over: (sum_over(a, _share_of_top(a, over) * d, over), None),
    pull=lambda g, a, over: (_share_of_top(a, over) * g, None), range=lambda a, _: a, curvature=(CONVEX_RISING, None),
    latex=Notation(r"\max_{{{c}}} {0}", Binds.FUNCTION, (Binds.FRACTION,)), text=Notation("max({0})"),
    along=Along.REDUCED, neutral=-math.inf,
)  # fmt: skip


def _share_of_top(a: Node, over: Node) -> Node:
    """Return the share of each place in a change of the maximum: equal ones among those that hold it."""
    top = select(equal(a, greatest(a, over)), 1.0, 0.0)
    return top / total(top, over)


# Parts of a softmax in kernels for GPUs, which choose between a fast and an exact way: see execution/gpu/rows.py.
OF_KERNELS = dict.fromkeys(("push", "range", "curvature", "spelling"), "only definitions for GPUs use it")
exp_gap: Word = Word(  # exp(a - b) of a value a and the greatest b
    "exp_gap", push=None, spelling={"triton": "exp_gap({0}, {1})"}, without=OF_KERNELS,
)  # fmt: skip
other_powers: Word = Word(  # the sum of exp(a - b) of values a and the greatest b, without one place of the greatest
    "other_powers", push=None, spelling={"triton": "other_powers({0}, {1}, inside)"},
    along=Along.REDUCED, without=OF_KERNELS,
)  # fmt: skip


def _picked(a: Node, place: Node, over: Node) -> Axes:
    return a.axes - {str(over.label)} | place.axes


def _put_back(g: Node, a: Node, place: Node, over: Node) -> Node:
    """Return a cotangent at the places that it was picked from, else 0; those of several picks are added."""
    at = index(str(over.label))
    several = sorted(place.axes - a.axes - {ITEM} | place.axes & {str(over.label)})
    if len(several) == 1:
        return apply("scattered", g, place, at, over, axis(several[0]))
    return where(equal(at, place), g, 0.0)


pick: Word = Word(
    "pick",
    spelling=everywhere("take_along_axis({0}, {1}, {2})") | dict.fromkeys(("llvm", "triton"), "pick({0}, {1})"),
    push=lambda d, a, place, over: (pick(d, place, over), None, None),
    pull=lambda g, a, place, over: (_put_back(g, a, place, over), None, None),
    range=lambda a, place, _: a, curvature=(AFFINE_RISING, None, None), latex=Notation("{0}", inside="{1}"),
    along=Along.REDUCED, axes=_picked,
)  # fmt: skip


def sum_over(row: Node, value: Node, over: Node) -> Node:
    """Return the sum of a value over the places of ``row`` along an axis, also if it does not vary along it."""
    if over.label in value.axes:
        return total(value, over)
    symbols = (part for part in walk(row) if part.word == "symbol" and over.label in part.axes)
    place = next(symbols, index(str(over.label)))
    return value * total(where(equal(place, place), 1.0, math.nan), over)


# --- the softmax family --------------------------------------------------------------------------------------------


def _exp_of_difference(a: Node, b: Node) -> Node:
    """Return exp(a - b) for b >= a, corrected for the rounding of a - b, which can be many ulp of the result."""
    gap = a - b
    back = gap - a
    lost = (a - (gap - back)) - (b + back)  # the rounding error of gap, exactly
    power = exp_fraction(gap)
    return power + where(lost < 1.0, power * lost, 0.0)  # lost is NaN where the gap is infinite


def _powers(a: Node, over: Node) -> tuple[Node, Node, Node]:
    """Return each place's distance to the greatest value, exp of it, and the sum of exp without one greatest."""
    top = greatest(a, over)
    is_top = equal(a, top)
    equals = total(where(is_top, 1.0, 0.0), over) - 1.0
    all_impossible, several_certain = equal(top, -math.inf), equal(top, math.inf) & (0.0 < equals)
    limit = where(all_impossible | several_certain, math.nan, 0.0)  # the softmax has none there
    power = _exp_of_difference(a, top)
    rest = total(where(is_top, 0.0, power), over) + equals
    return where(is_top, limit, a - top), where(is_top, 1.0 + limit, power), rest


def _softmax_variance(a: Node, over: Node) -> Node:
    """Return softmax · (1 - softmax), the diagonal of the softmax's Jacobian."""
    _, power, rest = _powers(a, over)
    return variance(where(equal(a, greatest(a, over)), minimum(power, rest), power) / (1.0 + rest))


def _excess(d: Node, a: Node, over: Node) -> Node:
    """Return the change of softmax: softmax(a) · (d - m), with m the mean of d under softmax(a).

    A class of probability 0 adds nothing, whatever its d. Where an infinite d makes m infinite, d - m is taken as
    d · (1 - softmax(a)).
    """
    return weighted(softmax(a, over), _beyond(d, a, over)[1])


def _beyond(d: Node, a: Node, over: Node) -> tuple[Node, Node]:
    """Return where d alone makes its mean under softmax(a) infinite, and d - m as in ``_excess``."""
    p = softmax(a, over)
    mean = sum_over(a, weighted(p, d), over)
    infinite = equal(d, mean) & ~is_finite(mean)
    return infinite, select(infinite, product(other_softmax(a, over), d), d - mean)


def _push_excess(c: Node, d: Node, a: Node, over: Node) -> tuple[Node, Node, None]:
    """Return the changes of the excess of d under softmax(a) with d and with a."""
    infinite, beyond = _beyond(d, a, over)
    change = excess(c, a, over)
    through_mean = select(infinite, product(change, d), sum_over(a, product(change, d), over))
    return change, product(change, beyond) - weighted(softmax(a, over), through_mean), None


def _pull_excess(g: Node, d: Node, a: Node, over: Node) -> tuple[Node, Node, None]:
    """Return the cotangents of d and of a: the excess is its own transpose in d."""
    infinite, beyond = _beyond(d, a, over)
    own = weighted(softmax(a, over), g)
    through_mean = product(sum_over(a, select(infinite, 0.0, own), over), d)
    of_softmax = product(g, beyond) - select(infinite, product(own, d), 0.0) - through_mean
    return excess(g, a, over), excess(of_softmax, a, over), None


def _beyond_mean(d: Node, a: Node, over: Node) -> Node:
    """d − its mean under softmax(a), to which a class of probability 0 adds nothing, however it changes.

    Nor does an infinite change of a certain class reach its own logarithm, which is 0.
    """
    own = weighted(softmax(a, over), d)
    others = select(is_finite(own), total(own, over) - own, total(select(is_finite(own), own, 0.0), over))
    return product(other_softmax(a, over), d) - others


def _pull_log_softmax(g: Node, a: Node, over: Node) -> tuple[Node, None]:
    return g * other_softmax(a, over) - softmax(a, over) * _of_others(g, a, over), None


def _of_others(g: Node, a: Node, over: Node) -> Node:
    """Return the sum of a cotangent over all other places.

    One that varies with the logits may be largest by far at a place that is nearly certain, and what all others add to
    it small: there they have a sum of their own.
    """
    whole = sum_over(a, g, over) - g
    is_of_label = g.word == "where" and CLASS_INDEX in g.arguments[0].arguments and g.arguments[2].is_number(0.0)
    if is_of_label or a not in walk(g) or over.label not in g.axes:
        return whole
    certain = 0.5 < softmax(a, over)
    return select(certain, total(select(certain, 0.0, g), over), whole)


def _log_softmax(a: Node, over: Node) -> Node:
    distance, _, rest = _powers(a, over)
    return distance - log1p(rest)


def _softmax(a: Node, over: Node) -> Node:
    _, power, rest = _powers(a, over)
    return power * (1.0 / (1.0 + rest))


def _other_softmax(a: Node, over: Node) -> Node:
    """Return 1 - softmax, the probability of all other classes, without cancellation."""
    _, power, rest = _powers(a, over)
    return (rest + (1.0 - power)) * (1.0 / (1.0 + rest))


def _log_sum_exp(a: Node, over: Node) -> Node:
    _, _, rest = _powers(a, over)
    return greatest(a, over) + log1p(rest)


log_softmax: Word = Word(
    "log_softmax", definition=_log_softmax, spelling={"eager": "log_softmax({0}, {1})"},
    push=lambda d, a, c: (_beyond_mean(d, a, c), None),
    pull=_pull_log_softmax,
    diagonal=lambda d, others, a, c: (d * other_softmax(a, c) - others, None),
    range=always(-math.inf, 0.0), curvature=(CONCAVE, None),
    latex=Notation(r"\log \operatorname{{softmax}}\left({0}\right)_{{{c}}}", Binds.FUNCTION),
    along=Along.ROW, neutral=-math.inf, of_logits=True,
)  # fmt: skip
softmax: Word = Word(
    "softmax", definition=_softmax,
    push=lambda d, a, c: (excess(d, a, c), None), pull=lambda g, a, c: (_excess(g, a, c), None),
    diagonal=lambda d, others, a, c: (d * _softmax_variance(a, c) - softmax(a, c) * others, None), range=SHARE,
    latex=Notation(r"\operatorname{{softmax}}\left({0}\right)_{{{c}}}"), along=Along.ROW, neutral=-math.inf,
    of_logits=True, without=OF_ALL,
)  # fmt: skip
other_softmax: Word = Word(
    "other_softmax", definition=_other_softmax,
    push=lambda d, a, c: (-excess(d, a, c), None), pull=lambda g, a, c: (-_excess(g, a, c), None),
    diagonal=lambda d, others, a, c: (softmax(a, c) * others - d * _softmax_variance(a, c), None), range=SHARE,
    written=lambda a, c: 1.0 - softmax(a, c), along=Along.ROW, neutral=-math.inf, of_logits=True,
)  # fmt: skip
excess: Word = Word(
    "excess", definition=_excess, push=_push_excess, pull=_pull_excess, along=Along.ROW,
    without=OF_ALL | {"range": "no formula has it, only tangents"},
)  # fmt: skip
log_sum_exp: Word = Word(
    "log_sum_exp", definition=_log_sum_exp, spelling={"eager": "torch.logsumexp({0}, {1}, keepdim=True)"},
    push=lambda d, a, c: (total(weighted(softmax(a, c), d), c), None),
    pull=lambda g, a, c: (weighted(softmax(a, c), g), None),
    range=lambda a, _: Range(a.low, math.inf), curvature=(CONVEX_RISING, None),
    latex=Notation(r"\log \sum_{{{c}}} e^{{{0}}}", Binds.FUNCTION), text=Notation("log Σ exp({0})", Binds.FUNCTION),
    along=Along.REDUCED, neutral=-math.inf, of_logits=True,
)  # fmt: skip

# --- vectors of length 1 -------------------------------------------------------------------------------------------


def _length(a: Node, over: Node) -> tuple[Node, Node]:
    """Return a root that scales a row's greatest number to 1 if applied twice, and the length of the scaled row.

    The scaling keeps squares from overflow and underflow. The length of a row of zeros is infinite here, so that what
    is divided by it is 0.
    """
    top = greatest(absolute(a), over)
    root = 1.0 / sqrt(where(equal(top, 0.0), 1.0, top))
    squares = total(square(a * root * root), over)
    return root, sqrt(where(equal(squares, 0.0), math.inf, squares))


def _norm(a: Node, over: Node) -> Node:
    """Return the length of a row; where it is 0, so is its slope."""
    top = greatest(absolute(a), over)
    root = 1.0 / sqrt(where(equal(top, 0.0), 1.0, top))
    return sqrt(total(square(a * root * root), over)) / root / root


def _unit(a: Node, over: Node) -> Node:
    """Return the row as a vector of length 1; zeros stay zeros."""
    return over_length(a, a, over)


def _over_length(x: Node, a: Node, over: Node) -> Node:
    """Return a row divided by the length of another; zeros where that is 0."""
    root, length = _length(a, over)
    return x * root * root / length


norm: Word = Word(
    "norm", definition=_norm, push=lambda d, a, c: (total(unit(a, c) * d, c), None),
    pull=lambda g, a, c: (unit(a, c) * g, None),
    range=always(0.0, math.inf), curvature=(CONVEX, None),
    written=lambda a, c: sqrt(total(square(a), c)), along=Along.REDUCED, neutral=0.0,
)  # fmt: skip
unit: Word = Word(
    "unit", definition=_unit,
    push=lambda d, a, c: (over_length(d - unit(a, c) * sum_over(a, unit(a, c) * d, c), a, c), None),
    diagonal=lambda d, others, a, c: (over_length(d * (1.0 - square(unit(a, c))), a, c), None),
    range=always(-1.0, 1.0),
    latex=Notation(r"\frac{{{0}}}{{\left\lVert {0} \right\rVert}}", Binds.FRACTION),
    text=Notation("{0} / ‖{0}‖", Binds.PRODUCT, (Binds.PRODUCT,)), along=Along.ROW, neutral=0.0, without=OF_ALL,
)  # fmt: skip
over_length: Word = Word(
    "over_length", definition=_over_length,
    push=lambda d, x, a, c: (
        over_length(d, a, c), -over_length(over_length(x, a, c) * total(unit(a, c) * d, c), a, c), None,
    ),
    pull=lambda g, x, a, c: (
        over_length(g, a, c), -over_length(unit(a, c) * total(g * over_length(x, a, c), c), a, c), None,
    ),
    diagonal=lambda d, others, x, a, c: (
        over_length(d, a, c), -over_length(over_length(x, a, c) * (unit(a, c) * d), a, c), None,
    ),
    latex=Notation(r"\frac{{{0}}}{{\left\lVert {1} \right\rVert}}", Binds.FRACTION),
    text=Notation("{0} / ‖{1}‖", Binds.PRODUCT, (Binds.PRODUCT,)), along=Along.ROW,
    without=OF_ALL | {"range": "a row divided by the length of another has no bounds"},
)  # fmt: skip
