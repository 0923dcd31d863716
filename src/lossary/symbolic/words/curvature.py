"""Convexity and monotonicity of words, by the rules of disciplined convex programming (Grant, Boyd & Ye, 2006)."""

from __future__ import annotations

from enum import IntFlag
from typing import NamedTuple

__all__ = [
    "AFFINE_FALLING", "AFFINE_RISING", "CONCAVE", "CONCAVE_RISING", "CONVEX", "CONVEX_FALLING", "CONVEX_RISING",
    "RISING", "Curvature", "Shape",
]  # fmt: skip


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


class Curvature(NamedTuple):
    """Shape of a word in one argument, and its direction: 1 if it never falls, −1 if it never rises, else 0."""

    shape: Shape
    rises: int


RISING = Curvature(Shape.UNKNOWN, 1)
AFFINE_RISING, AFFINE_FALLING = Curvature(Shape.AFFINE, 1), Curvature(Shape.AFFINE, -1)
CONVEX, CONVEX_RISING, CONVEX_FALLING = (Curvature(Shape.CONVEX, rises) for rises in (0, 1, -1))
CONCAVE, CONCAVE_RISING = Curvature(Shape.CONCAVE, 0), Curvature(Shape.CONCAVE, 1)
