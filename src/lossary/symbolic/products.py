"""Sums of products of arrays that each lack an axis of the other, as matrix products.

A formula writes ``total(x * other(y), over="feature")``: neither it nor its derivatives make the array of all axes.
"""

from __future__ import annotations

import operator
from collections import Counter
from functools import reduce

from lossary.symbolic.graph import Node, axes_of, constant, intern, rebuilt
from lossary.symbolic.words import contraction, select

__all__ = ["contracted"]

Condition = tuple[Node, bool]  # with the truth outside which a product is 0


def contracted(node: Node) -> Node:
    """Return ``node`` with matrix products for sums of products."""
    return rebuilt(node, _contracted)


def _contracted(node: Node) -> Node:
    product = _product(*node.arguments) if node.word == "total" else None
    return node if product is None else product


def _product(value: Node, over: Node) -> Node | None:
    """Return a sum as a product of two arrays times what does not vary along the axis; None if it is no product."""
    factors, conditions = _factors(value)
    inside = [factor for factor in factors if over.label in factor.axes]
    pairs = ((a, b) for i, a in enumerate(inside) for b in inside[i + 1 :] if a.axes - b.axes and b.axes - a.axes)
    pair = next(pairs, None)
    if pair is None:
        return None
    sides: tuple[list[Node], list[Node]] = ([], [])
    for factor in inside:
        fitting = [k for k in (0, 1) if factor.axes <= pair[k].axes]
        if not fitting:
            return None
        sides[fitting[0]].append(factor)
    left, right = (reduce(operator.mul, side) for side in sides)
    for condition, truth in conditions:
        if condition.axes <= left.axes:
            left = _where(condition, truth, left)
        elif condition.axes <= right.axes:
            right = _where(condition, truth, right)
        else:
            return None
    outside = (factor for factor in factors if over.label not in factor.axes)
    return reduce(operator.mul, outside, contraction(left, right, over))


def _where(condition: Node, truth: bool, value: Node) -> Node:
    return select(condition, value, 0.0) if truth else select(condition, 0.0, value)


def _factors(node: Node) -> tuple[list[Node], list[Condition]]:
    """Return the factors of a product, and the conditions outside which it is 0."""
    if node.word == "multiply":
        (a, first), (b, second) = map(_factors, node.arguments)
        return a + b, first + second
    if node.word == "negative":
        factors, conditions = _factors(node.arguments[0])
        return [constant(-1.0), *factors], conditions
    if node.word == "divide" and node.arguments[0].word in ("multiply", "where", "negative"):
        factors, conditions = _factors(node.arguments[0])
        return [*factors, 1.0 / node.arguments[1]], conditions
    return _selected(*node.arguments) or ([node], []) if node.word == "where" else ([node], [])


def _selected(condition: Node, a: Node, b: Node) -> tuple[list[Node], list[Condition]] | None:
    """Return the factors of a select between a product and 0, or between products that share factors."""
    for value, zero, truth in ((a, b, True), (b, a, False)):
        if zero.is_number(0.0):
            factors, conditions = _factors(value)
            return factors, [*conditions, (condition, truth)]
    (first, one), (second, two) = _factors(a), _factors(b)
    shared = Counter(first) & Counter(second)
    if not shared or one or two:
        return None
    a, b = (reduce(operator.mul, (Counter(side) - shared).elements(), constant(1.0)) for side in (first, second))
    choice = intern("where", (condition, a, b), None, axes_of(condition, a, b))  # not simplified back
    return [*shared.elements(), choice], []
