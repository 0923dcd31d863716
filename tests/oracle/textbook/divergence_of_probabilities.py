"""Divergences of two rows of probabilities beside KL(target ‖ prediction)."""

from __future__ import annotations

from oracle.exact import HUGE, Jet, exp, log
from oracle.textbook.common import Row, Terms
from oracle.textbook.divergence import without_rounding

__all__ = ["chi_squared", "jensen_shannon", "squared_hellinger", "total_variation_distance"]


def jensen_shannon(probability: Row, target: Row, *, skew: Jet) -> Terms:
    """Of a class that both lack, each has the slope that it has alone."""
    terms, other = [], 1 - skew
    for p, t in zip(probability, target, strict=True):
        m = skew * t + other * p
        if not m.value:
            terms += [-other * p * log(other), -skew * t * log(skew)]
        else:
            terms += [skew * t * (log(t) - log(m)), other * p * (log(p) - log(m))]
    return without_rounding(terms)


def total_variation_distance(probability: Row, target: Row) -> Terms:
    return [abs(p - t) / 2 for p, t in zip(probability, target, strict=True)]


def root(x: Jet) -> Jet:
    return exp(log(x) / 2) if x.value else x.through(0, HUGE, -HUGE)


def squared_hellinger(probability: Row, target: Row) -> Terms:
    """Of a class that both lack, each has the slope that it has alone."""
    terms = []
    for p, t in zip(probability, target, strict=True):
        gap = root(p) - root(t)
        terms += [gap * gap / 2] if p.value or t.value else [p / 2, t / 2]
    return terms


def chi_squared(probability: Row, target: Row) -> Terms:
    """A target that leaves 0 where the probability is 0 costs without bound at once."""
    terms = []
    for p, t in zip(probability, target, strict=True):
        if t.value or (t.slope and p.value):
            terms.append((t - p) * (t - p) / p)
        else:
            terms.append(t.through(0, HUGE, HUGE) if t.slope else p)
    return terms
