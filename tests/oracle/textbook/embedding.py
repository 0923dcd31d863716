"""Losses of vectors. A vector of zeros has no direction, and a distance of 0 no slope."""

from __future__ import annotations

from mpmath import mp

from oracle.exact import Jet, jet
from oracle.textbook.common import Row, Terms, length

__all__ = ["cosine_distance", "triplet_margin"]


ROUNDED = {"cosine_distance": 2.0}  # a vector is divided by its length, and its slope once more


def cosine_distance(prediction: Row, target: Row) -> Terms:
    """One minus a sum of products over lengths. Their changes are terms of their own, as they may cancel."""
    if not length(prediction).value * length(target).value:
        return [jet(1)]
    if any(t.slope for t in target):  # one of both moves at a time
        prediction, target = target, prediction
    squares, inverse, terms = sum((p * p for p in prediction), jet(0)), jet(1 / length(target).value), [jet(1)]
    root = mp.sqrt(squares.value)
    changes = squares.through(0, -1 / (2 * root**3), 0) * inverse, squares.through(0, 0, 3 / (4 * root**5)) * inverse
    for product in (p * t for p, t in zip(prediction, target, strict=True)):
        now = jet(product.value)
        terms += [-product * inverse / root, *(-now * change for change in changes), -(product - now) * changes[0]]
    return terms


def triplet_margin(anchor: Row, positive: Row, negative: Row, *, margin: Jet) -> Terms:
    near, far = (_distance(anchor, other) for other in (positive, negative))
    terms = [*near, *(-term for term in far), margin]
    gap = sum(terms, jet(0)).value
    if gap == 0:  # the slope is the mean of both sides'
        return [term / 2 for term in terms]
    return terms if gap > 0 else [jet(0)]


def _distance(one: Row, other: Row) -> Terms:
    """The distance of two vectors, and how its slope falls as it grows: what is left of both may be little."""
    squares = sum(((a - b) * (a - b) for a, b in zip(one, other, strict=True)), jet(0))
    if not squares.value:
        return [jet(0)]
    root = mp.sqrt(squares.value)
    return [squares.through(root, 1 / (2 * root), 0), squares.through(0, 0, -1 / (4 * root**3))]
