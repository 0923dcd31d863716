"""Losses over classes that count a row by how probable its class is."""

from __future__ import annotations

from typing import Any

from mpmath import mp

from oracle.exact import HUGE, Jet, exp, jet, log
from oracle.textbook.common import Row, Terms, softmax

__all__ = [
    "categorical_focal", "generalized_cross_entropy", "softmax_brier", "softmax_focal",
    "softmax_generalized_cross_entropy", "softmax_poly1",
    "softmax_symmetric_cross_entropy",
]  # fmt: skip
NO_SHARE = mp.mpf(10) ** -1000  # of a class whose logit is −∞
# A power multiplies the rounding errors of its base, and sums of the terms that the chain rule makes add theirs.
ROUNDED = {"softmax_brier": 2.0, "softmax_focal": 3.0, "softmax_poly1": 2.0}


def others(shares: Row) -> Row:
    """The share of all other classes, as their sum."""
    return [sum((p for j, p in enumerate(shares) if j != i), jet(0)) for i in range(len(shares))]


def power(base: Jet, exponent: Jet) -> Jet:
    """A power of a number that is not negative; 0 to the power of 0 is 1."""
    return exp(exponent * log(base)) if exponent.value or exponent.slope else jet(1)


def focal(shares: Row, rest: Row, target: Row, gamma: Jet) -> Terms:
    return [t * focal_of(p, q, gamma.value) for t, p, q in zip(target, shares, rest, strict=True)]


def focal_of(p: Jet, q: Jet, gamma: Any) -> Jet:
    """Where q = 1 − p is 0, its power of gamma + 1, which −log p nearly makes of it; where p is 0, q stays 1."""
    if not gamma or p.value < NO_SHARE:
        return -log(p)
    if q.value:
        return -power(q, jet(gamma)) * log(p)
    return q.through(0, 0, 2 if gamma == 1 else HUGE if gamma < 1 else 0)


def softmax_focal(logits: Row, target: Row, *, gamma: Jet) -> Terms:
    p = softmax(logits)
    return focal(p, others(p), target, gamma)


def categorical_focal(probability: Row, target: Row, *, gamma: Jet) -> Terms:
    return focal(probability, [1 - p for p in probability], target, gamma)


def softmax_poly1(logits: Row, target: Row, *, epsilon: Jet) -> Terms:
    p = softmax(logits)
    return [t * part for t, a, b in zip(target, p, others(p), strict=True) for part in (-log(a), epsilon * b)]


def softmax_symmetric_cross_entropy(logits: Row, target: Row, *, alpha: Jet, beta: Jet, log_zero: Jet) -> Terms:
    p = softmax(logits)
    forward = [-alpha * t * log(share) for t, share in zip(target, p, strict=True)]
    least = [log_zero if not t.value or log(t) < log_zero else log(t) for t in target]
    return [*forward, *(-beta * share * least_one for share, least_one in zip(p, least, strict=True))]


def generalized_cross_entropy(probability: Row, target: Row, *, q: Jet) -> Terms:
    """Nearly 1 − p is small: the power of p is no term of its own."""
    if not q.value:
        return [-t * log(p) for p, t in zip(probability, target, strict=True)]
    if q.value == 1:
        return [t * (1 - p) for p, t in zip(probability, target, strict=True)]
    of = [(1 - power(p, q)) / q if p.value else p.through(1 / q.value, -HUGE, HUGE) for p in probability]
    return [t * part for t, part in zip(target, of, strict=True)]


def softmax_generalized_cross_entropy(logits: Row, target: Row, *, q: Jet) -> Terms:
    """The two parts of the curvature, by the slope of log p and by its curvature, may cancel."""
    shares = softmax(logits)
    bends = [jet(0) - Jet(p.value * 0, p.value * 0, power(jet(p.value), q).value * log(p).curve) for p in shares]
    straight = [
        a - b for a, b in zip(generalized_cross_entropy(shares, [jet(1)] * len(shares), q=q), bends, strict=True)
    ]
    return [t * part for t, *parts in zip(target, straight, bends, strict=True) for part in parts]


def softmax_brier(logits: Row, target: Row) -> Terms:
    """Squares; the two parts of a square's curvature may cancel."""
    gaps = [p - t for p, t in zip(softmax(logits), target, strict=True)]
    squares = [Jet(e.value**2, 2 * e.value * e.slope, 2 * e.slope**2) for e in gaps]
    return [*squares, *(Jet(e.value * 0, e.value * 0, 2 * e.value * e.curve) for e in gaps)]
