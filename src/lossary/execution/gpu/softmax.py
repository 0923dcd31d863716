"""Definitions of the softmax words for a GPU, by two numbers of a row: its maximum, and the sum of the other powers.

With the maximum left out of the sum, the logarithm of a probability near 1 keeps its digits. Both numbers can be
accumulated in one pass over the row. A row whose softmax has no limit is NaN everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from lossary.symbolic.graph import Node, apply
from lossary.symbolic.words import equal, exp_gap, greatest, log1p, other_powers, where

__all__ = ["definitions", "power", "rest"]


def definitions() -> dict[str, Callable[..., Node]]:
    """Return the definitions of the softmax words for ``derivatives.lower``."""
    words = (_log_softmax, _softmax, _other_softmax, _log_sum_exp)
    return {definition.__name__.removeprefix("_"): definition for definition in words}


def power(a: Node, top: Node, exact: bool) -> Node:
    """Return exp(a - top) for a <= top, and 1 where they are equal, infinities included.

    With ``exact``, it includes the rounding error of its argument, a difference of float32 or float64 numbers. The
    difference of two half-precision numbers is exact in float32.
    """
    gap = where(equal(a, top), 0.0, a - top)
    tail = apply("exp_fraction", gap)
    if not exact:
        return tail
    back = gap - a
    lost = (a - (gap - back)) - (top + back)
    return tail + where(lost < 1.0, tail * lost, 0.0)  # lost is NaN for an infinite gap


def rest(a: Node) -> Node:
    """Return the sum of exp(a - maximum) over the row, without one place that holds the maximum."""
    return other_powers(a, greatest(a))


def _limit(a: Node) -> Node:
    """Return NaN for a row whose softmax has no limit (-inf alone, or several +inf), else 0."""
    top = greatest(a)
    several = equal(top, math.inf) & (0.0 < rest(a))
    return where(equal(top, -math.inf) | several, math.nan, 0.0)


def _log_softmax(a: Node) -> Node:
    distance = where(equal(a, greatest(a)), _limit(a), a - greatest(a))
    return distance - log1p(rest(a))


def _inverse(a: Node) -> Node:
    """Return 1 / Σ exp(a - maximum), a value of the row."""
    return 1.0 / (1.0 + rest(a)) + _limit(a)


def _softmax(a: Node) -> Node:
    return exp_gap(a, greatest(a)) * _inverse(a)


def _other_softmax(a: Node) -> Node:
    return (rest(a) + (1.0 - exp_gap(a, greatest(a)))) * _inverse(a)


def _log_sum_exp(a: Node) -> Node:
    return greatest(a) + log1p(rest(a))
