"""Convexity and concavity, proved on the graph by disciplined convex programming (Grant, Boyd & Ye, 2006)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import and_

from lossary.commands.explain.bounds import Bounds, Range
from lossary.symbolic.graph import Node, walk
from lossary.symbolic.words import WORDS
from lossary.symbolic.words.curvature import Curvature, Shape
from lossary.symbolic.words.word import Word

__all__ = ["Shape", "shape"]


def shape(node: Node, symbol: Node, bounds: Bounds) -> Shape:
    """Return the shape of a node as a function of all values of one symbol together, the other symbols fixed."""
    if symbol not in walk(node) or node is symbol:
        return Shape.AFFINE
    word = WORDS[node.word]
    if word.curvature:
        moving = [(a, each) for a, each in zip(node.arguments, word.curvature, strict=True) if symbol in walk(a)]
        return _all(_through(word, each, argument, symbol, bounds) for argument, each in moving)
    if word.written:
        return shape(word.written(*node.arguments), symbol, bounds)
    return _scaled(node, symbol, bounds)


def _through(word: Word, own: Curvature | None, inner: Node, symbol: Node, bounds: Bounds) -> Shape:
    """Return the shape of a word in which one argument depends on the symbol."""
    if own is None:
        return Shape.UNKNOWN
    direction = _sign(bounds.of(inner)) if word.even else own.rises  # an even convex word rises where it sees no sign
    return _composed(own.shape, direction, shape(inner, symbol, bounds))


def _composed(own: Shape, direction: int, inner: Shape) -> Shape:
    """Return the shape of f(g) from those of f and g."""
    if inner is Shape.AFFINE:
        return own
    carried = inner if direction > 0 else inner.reflected if direction < 0 else Shape.UNKNOWN
    return own & carried


def _scaled(node: Node, symbol: Node, bounds: Bounds) -> Shape:
    """Return the shape of a function multiplied or divided by a factor that does not depend on the symbol."""
    for i in WORDS[node.word].linear:
        inner, factor = node.arguments[i], node.arguments[1 - i]
        if symbol not in walk(factor):
            return _composed(Shape.AFFINE, _sign(bounds.of(factor)), shape(inner, symbol, bounds))
    return Shape.UNKNOWN


def _sign(values: Range) -> int:
    return 1 if values.low >= 0 else -1 if values.high <= 0 else 0


def _all(shapes: Iterable[Shape]) -> Shape:
    return reduce(and_, shapes, Shape.AFFINE)
