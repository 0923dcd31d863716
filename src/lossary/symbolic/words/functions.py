"""Powers, exponentials, logarithms, logistic functions, sine and cosine."""

from __future__ import annotations

import math
import operator

from lossary.symbolic.graph import Node
from lossary.symbolic.words import ranges
from lossary.symbolic.words.arithmetic import absolute, product, square, weighted
from lossary.symbolic.words.conditions import equal, where
from lossary.symbolic.words.curvature import CONCAVE_RISING, CONVEX, CONVEX_FALLING, CONVEX_RISING, RISING
from lossary.symbolic.words.notation import Binds, Notation, function
from lossary.symbolic.words.word import Word, library

NO_QUOTIENT = 1e-30  # a quotient that may have lost digits in float32
WAVES = {"curvature": "it alternates between convex and concave"}


def _of_power(d: Node, a: Node, b: Node) -> tuple[Node, Node]:
    """Return the changes of both; at a base of 0, where the slope may be infinite, a change of 0 stays 0."""
    slope = weighted(b, power(a, b - 1.0))
    is_finite_at_zero = b.is_number() and float(b.label or 0.0) >= 1.0
    return d * slope if is_finite_at_zero else product(d, slope), product(d, weighted(power(a, b), log(a)))


power: Word = Word(
    "power", spelling=library("power", "libdevice.pow", 2, torch="pow"), push=_of_power,
    value=operator.pow, range=ranges.power,
    latex=Notation("{0}^{{{1}}}", Binds.POWER, (Binds.ATOM,)),
    text=Notation("{0}^{1}", Binds.POWER, (Binds.ATOM, Binds.ATOM)), costly=True,
    without={"curvature": "it depends on the exponent"},
)  # fmt: skip
exp: Word = Word(
    "exp", spelling=library("exp", "libdevice.exp"), push=lambda d, a: (d * exp(a),),
    value=math.exp, curvature=(CONVEX_RISING,), latex=Notation("e^{{{0}}}", Binds.POWER), costly=True,
)  # fmt: skip
exp_fraction: Word = Word(  # exp of a number ≤ 0: less work for a processor
    "exp_fraction", spelling=library("exp", "exp_fraction", llvm="exp_fraction"),
    push=lambda d, a: (d * exp_fraction(a),), value=math.exp, curvature=(CONVEX_RISING,),
    latex=exp.latex, text=Notation("exp({0})"), costly=True,
)  # fmt: skip
expm1: Word = Word(
    "expm1", spelling=library("expm1", "libdevice.expm1"), push=lambda d, a: (d * exp(a),),
    value=math.expm1, curvature=(CONVEX_RISING,), written=lambda a: exp(a) - 1.0, costly=True,
)  # fmt: skip
log: Word = Word(
    "log", spelling=library("log", "tl.log"), push=lambda d, a: (d / a,),
    value=lambda a: math.log(a) if a else -math.inf,
    curvature=(CONCAVE_RISING,), latex=function(r"\log"),
    text=Notation("log {0}", Binds.FUNCTION, (Binds.FUNCTION,)), costly=True,
)  # fmt: skip
log1p: Word = Word(
    "log1p", spelling=library("log1p", "libdevice.log1p"), push=lambda d, a: (d / (1.0 + a),),
    value=math.log1p, curvature=(CONCAVE_RISING,), written=lambda a: log(1.0 + a), costly=True,
)  # fmt: skip
log1p_fraction: Word = Word(  # log1p of a number from 0 to 1: half the work
    "log1p_fraction", spelling=library("log1p", "log1p_fraction", llvm="log1p_fraction"),
    push=lambda d, a: (d / (1.0 + a),), value=math.log1p, curvature=(CONCAVE_RISING,),
    written=lambda a: log(1.0 + a), costly=True,
)  # fmt: skip


def keeps_digits(ratio: Node) -> Node:
    """The condition that a quotient is neither too great nor too small for its digits, in float32 and float64."""
    return (NO_QUOTIENT < ratio) & (ratio < 1.0 / NO_QUOTIENT)


def _log_ratio(a: Node, b: Node) -> Node:
    """Return log(a / b), exact where a and b are close or their quotient overflows; infinite where b is 0.

    Logarithms of both would lose what a quotient of two large or two small numbers keeps.
    """
    gap, ratio = a - b, a / b
    whole = keeps_digits(ratio)
    apart = log(where(whole, ratio, a)) - where(whole, 0.0, log(b))
    return where(absolute(gap) < 0.5 * b, log1p(gap / b), where(equal(b, 0.0), math.inf, apart))


log_ratio: Word = Word(
    "log_ratio", definition=_log_ratio, spelling={"llvm": "log_ratio({0}, {1})"}, costly=True,
    push=lambda d, a, b: (d / a, -(d / b)),
    range=lambda a, b: log.bounds(ranges.divide(a, b)), curvature=(CONCAVE_RISING, CONVEX_FALLING),
    written=lambda a, b: log(a / b),
)  # fmt: skip
tanh: Word = Word(
    "tanh", spelling=library("tanh", "libdevice.tanh"), push=lambda d, a: (d * (4.0 * sigmoid_slope(2.0 * a)),),
    value=math.tanh, curvature=(RISING,), latex=function(r"\tanh"), costly=True,
)  # fmt: skip


def _log_cosh(a: Node) -> Node:
    """Return log(cosh(a)) by the logarithm of 1 + (cosh a − 1) for small a, of (1 + exp(−2 |a|)) / 2 for others."""
    size = absolute(a)
    fall = expm1(-size)
    tail = 1.0 + fall  # exp(−|a|), and cosh a − 1 = fall² / (2 tail)
    rest = where(size < 1.0, square(fall) / (2.0 * tail), square(tail))
    return where(size < 1.0, 0.0, size - math.log(2.0)) + log1p_fraction(rest)


def _log_cosh_value(a: float) -> float:
    size = abs(a)
    return size + math.log1p(math.exp(-2.0 * size)) - math.log(2.0) if size > 1.0 else math.log(math.cosh(size))


log_cosh: Word = Word(
    "log_cosh", definition=_log_cosh, push=lambda d, a: (d * tanh(a),),
    value=_log_cosh_value, range=lambda a: ranges.at_ends(_log_cosh_value, (1,), (ranges.absolute(a),)),
    curvature=(CONVEX,), even=True, latex=function(r"\log \cosh"),
    text=Notation("log cosh {0}", Binds.FUNCTION, (Binds.FUNCTION,)),
)  # fmt: skip
sin: Word = Word(
    "sin", spelling=library("sin", "tl.sin"), push=lambda d, a: (d * cos(a),), range=ranges.always(-1.0, 1.0),
    latex=function(r"\sin"), costly=True, without=WAVES,
)  # fmt: skip
cos: Word = Word(
    "cos", spelling=library("cos", "tl.cos"), push=lambda d, a: (-(d * sin(a)),), range=ranges.always(-1.0, 1.0),
    latex=function(r"\cos"), costly=True, without=WAVES,
)  # fmt: skip


def _sigmoid(a: Node) -> Node:
    tail = exp_fraction(-absolute(a))
    return where(a < 0.0, tail, 1.0) * (1.0 / (1.0 + tail))


def _sigmoid_slope(a: Node) -> Node:
    tail = exp_fraction(-absolute(a))
    return variance(tail / (1.0 + tail))


def variance(smaller: Node) -> Node:
    """Return p (1 - p), given the smaller of p and 1 - p, whose rounding error matters less."""
    return smaller * (1.0 - smaller)


def _softplus(a: Node) -> Node:
    return where(a < 0.0, 0.0, a) + log1p_fraction(exp_fraction(-absolute(a)))


sigmoid: Word = Word(
    "sigmoid", definition=_sigmoid, push=lambda d, a: (d * sigmoid_slope(a),),
    value=lambda a: math.exp(min(a, 0.0)) / (1.0 + math.exp(-abs(a))), curvature=(RISING,),
)  # fmt: skip
sigmoid_slope: Word = Word(
    "sigmoid_slope", definition=_sigmoid_slope, push=lambda d, a: (-(d * (sigmoid_slope(a) * tanh(0.5 * a))),),
    range=ranges.always(0.0, 0.25), even=True,
    latex=Notation(r"\operatorname{{sigmoid}}'\left({0}\right)"), text=Notation("sigmoid′({0})"),
    without={"curvature": "it is concave in the middle and convex beside it"},
)  # fmt: skip
softplus: Word = Word(
    "softplus", definition=_softplus, push=lambda d, a: (d * sigmoid(a),),
    value=lambda a: max(a, 0.0) + math.log1p(math.exp(-abs(a))), curvature=(CONVEX_RISING,),
    written=lambda a: log(1.0 + exp(a)),
)  # fmt: skip
