"""Distances of vectors."""

from __future__ import annotations

from typing import Any

from mpmath import mp

from oracle.exact import HUGE, Jet, jet
from oracle.textbook.common import Row, Terms

__all__ = ["lp_distance"]


ROUNDED = {"lp_distance": 2.0}  # a ratio of two differences is rounded, and so is its power


def lp_distance(prediction: Row, target: Row, *, p: Jet) -> Terms:
    """A power of the sum of powers of differences; how its slope falls as it grows is a term of its own."""
    errors = [a - b for a, b in zip(prediction, target, strict=True)]
    top = max(abs(error.value) for error in errors)
    if p.value >= HUGE:
        greatest = [error for error in errors if abs(error.value) == top]
        return [abs(error) / len(greatest) for error in greatest]
    n = p.value
    powers = sum((_power(error, n) for error in errors), jet(0))
    if not top:
        return [jet(0)]
    root = powers.value ** (1 / n)
    slope = root / (n * powers.value)
    return [powers.through(root, slope, 0), powers.through(0, 0, (1 / n - 1) * slope / powers.value)]


def _power(error: Jet, n: Any) -> Jet:
    """|error|^n; its slope at 0 is 0."""
    size, sign = abs(error.value), mp.sign(error.value)
    curve = n * (n - 1)
    curve *= size ** (n - 2) if size or n == 2 else HUGE if n < 2 else 0
    return error.through(size**n, n * sign * size ** (n - 1), curve)
