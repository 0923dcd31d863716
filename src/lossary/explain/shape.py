"""Convex or concave: found on the graph by the rules of disciplined convex programming (Grant, Boyd & Ye, 2006)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntFlag
from functools import reduce
from operator import and_

from lossary.explain.bounds import Bounds, Range
from lossary.graph import Node, walk
from lossary.vocabulary import log

__all__ = ["Shape", "shape"]


class Shape(IntFlag):
    """Proved shape of a function: both convex and concave is affine; no flag means unknown."""

    UNKNOWN = 0
    CONVEX = 1
    CONCAVE = 2
    AFFINE = 3

    @property
    def reflected(self) -> Shape:
        """The shape of minus the function."""
        return Shape((self & Shape.CONVEX) << 1 | (self & Shape.CONCAVE) >> 1)


# Each word's own shape, and its direction: 1 if it never falls, 0 if it does both.
COMPOSED = {
    "exp": (Shape.CONVEX, 1), "exp_fraction": (Shape.CONVEX, 1), "expm1": (Shape.CONVEX, 1),
    "softplus": (Shape.CONVEX, 1), "log_sum_exp": (Shape.CONVEX, 1), "greatest": (Shape.CONVEX, 1),
    "maximum": (Shape.CONVEX, 1), "minimum": (Shape.CONCAVE, 1),
    "log": (Shape.CONCAVE, 1), "log1p": (Shape.CONCAVE, 1), "log1p_fraction": (Shape.CONCAVE, 1),
    "sqrt": (Shape.CONCAVE, 1), "log_softmax": (Shape.CONCAVE, 0),
    "total": (Shape.AFFINE, 1), "pick": (Shape.AFFINE, 1),
    "square": (Shape.CONVEX, 0), "absolute": (Shape.CONVEX, 0),
}  # fmt: skip
# Words that are, in exact arithmetic, one of their arguments.
SAME_AS = {"clip": 0, "computed_as": 0, "fixed": 0, "guard": 1, "written_as": 0}


def shape(node: Node, symbol: Node, bounds: Bounds) -> Shape:
    """The shape of a node as a function of all values of one symbol together, the other symbols held fixed."""
    if symbol not in walk(node) or node is symbol:
        return Shape.AFFINE
    parts = [shape(argument, symbol, bounds) for argument in node.arguments]
    if node.word in SAME_AS:
        return parts[SAME_AS[node.word]]
    if node.word in COMPOSED:
        own, direction = COMPOSED[node.word]
        return _all(_composed(own, direction or _direction(node, bounds), part) for part in parts)
    return _combined(node, parts, symbol, bounds)


def _direction(node: Node, bounds: Bounds) -> int:
    """1 or −1 where a square or an absolute value sees one sign only, else 0."""
    if node.word not in ("square", "absolute"):
        return 0
    return _sign(bounds.of(node.arguments[0]))


def _composed(own: Shape, direction: int, inner: Shape) -> Shape:
    """The shape of f(g) from those of f and g."""
    if inner is Shape.AFFINE:
        return own
    carried = inner if direction > 0 else inner.reflected if direction < 0 else Shape.UNKNOWN
    return own & carried


def _combined(node: Node, parts: list[Shape], symbol: Node, bounds: Bounds) -> Shape:
    if node.word == "add":
        return _all(parts)
    if node.word == "subtract":
        return parts[0] & parts[1].reflected
    if node.word == "negative":
        return parts[0].reflected
    if node.word == "log_ratio":
        return shape(log(node.arguments[0]) - log(node.arguments[1]), symbol, bounds)
    if node.word == "where" and symbol not in walk(node.arguments[0]):
        return parts[1] & parts[2]
    if node.word in ("multiply", "product", "weighted", "divide"):
        return _scaled(node, parts, symbol, bounds)
    return Shape.UNKNOWN


def _scaled(node: Node, parts: list[Shape], symbol: Node, bounds: Bounds) -> Shape:
    """A function times or over what does not depend on the symbol."""
    for i, factor in enumerate(node.arguments):
        if symbol not in walk(factor) and (i == 1 or node.word != "divide"):
            other = parts[1 - i]
            sign = _sign(bounds.of(factor))
            return other if other is Shape.AFFINE or sign > 0 else other.reflected if sign < 0 else Shape.UNKNOWN
    return Shape.UNKNOWN


def _sign(values: Range) -> int:
    return 1 if values.low >= 0 else -1 if values.high <= 0 else 0


def _all(shapes: Iterable[Shape]) -> Shape:
    return reduce(and_, shapes, Shape.AFFINE)
