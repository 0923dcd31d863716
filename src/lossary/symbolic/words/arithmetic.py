"""Arithmetic, signs, maxima and minima, and products in which zero wins."""

from __future__ import annotations

import math
import operator

from lossary.symbolic.graph import Node
from lossary.symbolic.words import ranges
from lossary.symbolic.words.conditions import equal, where
from lossary.symbolic.words.curvature import (
    AFFINE_FALLING,
    AFFINE_RISING,
    CONCAVE_RISING,
    CONVEX,
    CONVEX_RISING,
    RISING,
)
from lossary.symbolic.words.notation import Binds, Notation, function, infix
from lossary.symbolic.words.word import Word, everywhere, library, unmoved

SIDE_BY_SIDE = Notation("{0} {1}", Binds.PRODUCT, (Binds.PRODUCT, Binds.PRODUCT))


def _by_divisor(d: Node, a: Node, b: Node) -> Node:
    """Return d · a / b², by quotients that overflow only if the result does and round little; 0 if d or a is 0."""
    of_numbers = d.word == "where" and all(branch.is_number() for branch in d.arguments[1:])
    return d * ((a / b) / b) if d.is_number() or of_numbers else where(equal(a, 0.0), 0.0, weighted(d / b, a / b))


add: Word = Word(
    "add", spelling=everywhere("{0} + {1}") | {"owned": "add_({0}, {1})"}, push=lambda d, a, b: (d, d),
    value=operator.add, curvature=(AFFINE_RISING, AFFINE_RISING),
    latex=infix("+", Binds.SUM), text=infix("+", Binds.SUM),
)  # fmt: skip
subtract: Word = Word(
    "subtract", spelling=everywhere("{0} - {1}") | {"owned": "subtract_({0}, {1})"}, push=lambda d, a, b: (d, -d),
    value=operator.sub, curvature=(AFFINE_RISING, AFFINE_FALLING),
    latex=infix("-", Binds.SUM, Binds.PRODUCT), text=infix("−", Binds.SUM, Binds.PRODUCT),
)  # fmt: skip
multiply: Word = Word(
    "multiply", spelling=everywhere("{0} * {1}") | {"owned": "multiply_({0}, {1})"},
    push=lambda d, a, b: (d * b, a * d),
    value=operator.mul, range=ranges.multiply, linear=(0, 1), text=SIDE_BY_SIDE,
)  # fmt: skip
divide: Word = Word(
    "divide", spelling=everywhere("{0} / {1}"), push=lambda d, a, b: (d / b, -_by_divisor(d, a, b)),
    value=operator.truediv, range=ranges.divide, linear=(0,),
    latex=Notation(r"\frac{{{0}}}{{{1}}}", Binds.FRACTION), text=infix("/", Binds.PRODUCT, Binds.FUNCTION),
)  # fmt: skip
negative: Word = Word(
    "negative", spelling=everywhere("-{0}"), push=lambda d, a: (-d,),
    value=operator.neg, curvature=(AFFINE_FALLING,), linear=(0,),
    latex=Notation("-{0}", Binds.SUM, (Binds.PRODUCT,)), text=Notation("−{0}", Binds.SUM, (Binds.PRODUCT,)),
)  # fmt: skip
square: Word = Word(
    "square", spelling=everywhere("{0} * {0}"), push=lambda d, a: (d * (2.0 * a),),
    value=lambda a: a * a, range=ranges.square, curvature=(CONVEX,), even=True,
    latex=Notation("{0}^{{2}}", Binds.POWER, (Binds.ATOM,)), text=Notation("{0}²", Binds.POWER, (Binds.ATOM,)),
)  # fmt: skip
sqrt: Word = Word(
    "sqrt", spelling=library("sqrt", "tl.sqrt"), push=lambda d, a: (d / (2.0 * sqrt(a)),),
    value=math.sqrt, curvature=(CONCAVE_RISING,), latex=Notation(r"\sqrt{{{0}}}"),
)  # fmt: skip
absolute: Word = Word(
    "absolute", spelling=library("absolute", "tl.abs"), push=lambda d, a: (d * sign(a),),
    value=abs, range=ranges.absolute, curvature=(CONVEX,), even=True,
    latex=Notation(r"\left|{0}\right|"), text=Notation("|{0}|"),
)  # fmt: skip
floor: Word = Word(
    "floor", spelling=library("floor", "tl.floor"), push=unmoved, value=math.floor, curvature=(RISING,),
    latex=Notation(r"\left\lfloor {0} \right\rfloor"), text=Notation("⌊{0}⌋"),
)  # fmt: skip


def is_finite(value: Node) -> Node:
    """Return the condition that a value is neither infinite nor NaN."""
    return absolute(value) < math.inf


def _sign(a: Node) -> Node:
    return where(0.0 < a, 1.0, where(a < 0.0, -1.0, a))


sign: Word = Word(
    "sign", definition=_sign, push=unmoved,
    value=lambda a: math.copysign(1.0, a) if abs(a) > 0.0 else a, curvature=(RISING,),
    latex=function(r"\operatorname{{sign}}"),
)  # fmt: skip


def _shared(d: Node, first: Node, second: Node) -> tuple[Node, Node]:
    """Return the change of each argument: all to the chosen one, half to each in a tie."""
    return where(first, d, where(second, 0.0, 0.5 * d)), where(second, d, where(first, 0.0, 0.5 * d))


def _maximum(a: Node, b: Node) -> Node:
    return where(b < a, a, where(a <= b, b, a + b))  # the sum of the two is NaN where one is


def _minimum(a: Node, b: Node) -> Node:
    return where(a < b, a, where(b <= a, b, a + b))


maximum: Word = Word(
    "maximum", definition=_maximum, push=lambda d, a, b: _shared(d, b < a, a < b),
    value=max, curvature=(CONVEX_RISING, CONVEX_RISING),
    latex=Notation(r"\max\left({0}, {1}\right)"), text=Notation("max({0}, {1})"),
)  # fmt: skip
minimum: Word = Word(
    "minimum", definition=_minimum, push=lambda d, a, b: _shared(d, a < b, b < a),
    value=min, curvature=(CONCAVE_RISING, CONCAVE_RISING),
    latex=Notation(r"\min\left({0}, {1}\right)"), text=Notation("min({0}, {1})"),
)  # fmt: skip


def _product(a: Node, b: Node) -> Node:
    """Return a · b, and 0 where either is 0, whatever the other is."""
    return where(equal(a, 0.0) | equal(b, 0.0), 0.0, a * b)


def _weighted(weight: Node, value: Node) -> Node:
    """Return weight · value, and 0 where the weight is 0, whatever the value is."""
    return where(equal(weight, 0.0), 0.0, weight * value)


def _of_product(d: Node, a: Node, b: Node) -> tuple[Node, Node]:
    """Return the changes of both factors.

    For a number d, ``product`` would be simplified to a plain product; ``weighted`` keeps a factor a of 0.
    """
    return product(d, b), weighted(a, d) if d.is_number() else product(a, d)


product: Word = Word(
    "product", definition=_product, push=_of_product,
    range=ranges.multiply, linear=(0, 1), text=SIDE_BY_SIDE,
)  # fmt: skip
weighted: Word = Word(
    "weighted", definition=_weighted, push=lambda d, w, v: (product(d, v), weighted(w, d)),
    range=ranges.multiply, linear=(0, 1), text=SIDE_BY_SIDE,
)  # fmt: skip
