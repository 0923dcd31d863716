"""Losses of vectors. A vector of zeros has no direction, and a distance of 0 no slope."""

from __future__ import annotations

from oracle.exact import Jet, jet
from oracle.textbook.common import Row, Terms, length

__all__ = ["cosine_distance", "triplet_margin"]


def cosine_distance(prediction: Row, target: Row) -> Terms:
    lengths = length(prediction), length(target)
    if not all(one.value for one in lengths):
        return [jet(1)]
    cosine = sum((p * t for p, t in zip(prediction, target, strict=True)), jet(0)) / (lengths[0] * lengths[1])
    return [1 - cosine]


def triplet_margin(anchor: Row, positive: Row, negative: Row, *, margin: Jet) -> Terms:
    near, far = (length([a - b for a, b in zip(anchor, other, strict=True)]) for other in (positive, negative))
    terms = [near, -far, margin]
    return terms if sum(terms, jet(0)).value > 0 else [jet(0)]
