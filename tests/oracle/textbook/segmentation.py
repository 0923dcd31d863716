"""Losses of regions."""

from __future__ import annotations

from oracle.exact import Jet, jet
from oracle.textbook.common import Row, Terms

__all__ = ["dice"]


def smaller(a: Jet, b: Jet) -> Jet:
    """The smaller of two; they share the change of a tie."""
    return (a + b) / 2 if a.value == b.value else min(a, b, key=lambda jet: jet.value)


def dice(probability: Row, target: Row, *, smooth: Jet, product: Jet) -> Terms:
    """The value is one term; its slope is the difference of what more overlap and what more size change."""
    both = [(1 - product) * smaller(p, t) + product * p * t for p, t in zip(probability, target, strict=True)]
    overlap = 2 * sum(both, jet(0)) + smooth
    size = sum(probability, jet(0)) + sum(target, jet(0)) + smooth
    if not size.value:
        return [jet(0)]
    by_size = Jet(jet(0).value, size.slope / size.value, 2 * size.slope**2 / size.value**2) * jet(
        overlap.value / size.value
    )
    by_overlap = Jet(jet(0).value, overlap.slope / size.value, 2 * overlap.slope * size.slope / size.value**2)
    return [1 - overlap / size, by_overlap, -by_overlap, by_size, -by_size]
