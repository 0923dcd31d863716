"""Definitions of the softmax words for a GPU, by two numbers of a row: its maximum, and the sum of the other powers.

With the maximum left out of the sum, the logarithm of a probability near 1 keeps its digits. Both numbers can be
accumulated in one pass over the row. A row whose softmax has no limit is NaN everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from lossary.symbolic.graph import Node, apply
from lossary.symbolic.words import equal, greatest, log1p, total, where

__all__ = ["definitions", "power", "rest"]


def definitions(exact: bool) -> dict[str, Callable[..., Node]]:
    """Return the definitions of the softmax words for ``derivatives.lower``.

    With ``exact``, an exponential includes the rounding error of its argument, a difference of float32 or float64
    numbers. The difference of two half-precision numbers is exact in float32.
    """
    words = (_log_softmax, _softmax, _other_softmax, _log_sum_exp)
    return {definition.__name__.removeprefix("_"): partial(definition, exact) for definition in words}


def power(a: Node, top: Node, exact: bool) -> Node:
    """Return exp(a - top) for a <= top, and 1 where they are equal, infinities included."""
    gap = where(equal(a, top), 0.0, a - top)
    tail = apply("exp_fraction", gap)
    if not exact:
        return tail
    back = gap - a
    lost = (a - (gap - back)) - (top + back)
    return tail + where(lost < 1.0, tail * lost, 0.0)  # lost is NaN for an infinite gap


def rest(a: Node, exact: bool) -> Node:
    """Return the sum of exp(a - maximum) over the row, without one place that holds the maximum."""
    top = greatest(a)
    is_top = equal(a, top)
    return total(where(is_top, 0.0, power(a, top, exact))) + (total(where(is_top, 1.0, 0.0)) - 1.0)


def _limit(a: Node, exact: bool) -> Node:
    """Return NaN for a row whose softmax has no limit (-inf alone, or several +inf), else 0."""
    top = greatest(a)
    several = equal(top, math.inf) & (0.0 < rest(a, exact))
    return where(equal(top, -math.inf) | several, math.nan, 0.0)


def _log_softmax(exact: bool, a: Node) -> Node:
    distance = where(equal(a, greatest(a)), _limit(a, exact), a - greatest(a))
    return distance - log1p(rest(a, exact))


def _inverse(a: Node, exact: bool) -> Node:
    """Return 1 / Σ exp(a - maximum), a value of the row."""
    return 1.0 / (1.0 + rest(a, exact)) + _limit(a, exact)


def _softmax(exact: bool, a: Node) -> Node:
    return power(a, greatest(a), exact) * _inverse(a, exact)


def _other_softmax(exact: bool, a: Node) -> Node:
    return (rest(a, exact) + (1.0 - power(a, greatest(a), exact))) * _inverse(a, exact)


def _log_sum_exp(exact: bool, a: Node) -> Node:
    return greatest(a) + log1p(rest(a, exact))
