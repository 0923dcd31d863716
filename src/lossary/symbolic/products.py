"""Sums of products of arrays that each lack an axis of the other, as matrix products; and so squared distances.

A formula writes ``total(x * other(y), over="feature")`` or ``total(square(x - other(y)), over="feature")``: neither it
nor its derivatives make the array of all axes.
"""

from __future__ import annotations

import operator
from collections import Counter
from functools import reduce

from lossary.symbolic.graph import Node, apply, axes_of, axis, constant, intern, rebuilt, walk
from lossary.symbolic.words import centre, contraction, count, equal, select, squared_distances, total

__all__ = ["contracted"]

Condition = tuple[Node, bool]  # with the truth outside which a product is 0


def contracted(node: Node) -> Node:
    """Return ``node`` with matrix products for sums of products."""
    return rebuilt(node, _contracted)


def _contracted(node: Node) -> Node:
    if node.word != "total":
        return node
    forms = (form(*node.arguments) for form in (_product, _distance, _distributed))
    return next((found for found in forms if found is not None), node)


def _distance(value: Node, over: Node) -> Node | None:
    """Return the sum of the squared differences of all pairs of rows by products; None if it is no such sum."""
    factors, conditions = _factors(value)
    inside = [factor for factor in factors if over.label in factor.axes]
    outside = [factor for factor in factors if over.label not in factor.axes]
    squared = inside[0].arguments[0] if len(inside) == 1 and inside[0].word == "square" and not conditions else None
    if squared is None or squared.word != "subtract" or not _is_of_pairs(squared):
        return None
    if not all(over.label in part.axes for part in squared.arguments):
        return None
    return reduce(operator.mul, outside, squared_distances(*_centred(squared), over))


def _centred(difference: Node) -> tuple[Node, Node]:
    """Return the sides of a difference, both less the centre of the second, so that what they share is not rounded."""
    a, b = difference.arguments
    own = sorted(b.axes - a.axes)
    if len(own) != 1 or difference.word != "subtract":
        return a, b
    middle = centre(b, axis(own[0]))
    return a - middle, b - middle


def _is_of_pairs(difference: Node) -> bool:
    """Return True if each of two values lacks an axis of the other."""
    return all(part.axes < difference.axes for part in difference.arguments)


def _distributed(value: Node, over: Node) -> Node | None:
    """Return the sum of a product with a difference of pairs as a difference of sums; None if there is none."""
    factors, conditions = _factors(value)
    pairs = (one for one in factors if one.word in ("add", "subtract") and over.label in one.axes and _is_of_pairs(one))
    difference = next(pairs, None)
    if difference is None:
        return None
    rest = list((Counter(factors) - Counter([difference])).elements())
    conditions += [(equal(one, 0.0), False) for one in _distances_of(difference, rest)]
    sides = _centred(difference)
    moving = next(side for side in sides if over.label in side.axes)
    first, second = (_sum_of([*rest, side], conditions, over, moving) for side in sides)
    return None if first is None or second is None else apply(difference.word, first, second)


def _distances_of(difference: Node, nodes: list[Node]) -> list[Node]:
    """Return the distances of the rows of a difference that nodes depend on: where one is 0, so is the difference.

    There a slope may be huge, and the two sums lose what is left of them.
    """
    sides = _centred(difference)
    return [one for one in walk(*nodes) if one.word == squared_distances.name and one.arguments[:2] == sides]


def _sum_of(factors: list[Node], conditions: list[Condition], over: Node, moving: Node) -> Node | None:
    """Return the sum of a product along the axis of a moving value, with what does not vary along it outside.

    None if that is no use.
    """
    inside = reduce(operator.mul, (factor for factor in factors if over.label in factor.axes), constant(1.0))
    if not all(condition.axes <= inside.axes for condition, _ in conditions):
        return _product(_under(conditions, reduce(operator.mul, factors)), over)
    outside = (factor for factor in factors if over.label not in factor.axes)
    chosen = _under(conditions, inside)
    product = chosen * count(moving, over) if chosen.is_number() else _product(chosen, over)
    return reduce(operator.mul, outside, total(chosen, over) if product is None else product)


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


def _under(conditions: list[Condition], value: Node) -> Node:
    """Return a value where conditions hold, and 0 elsewhere."""
    for condition, truth in conditions:
        value = _where(condition, truth, value)
    return value


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
