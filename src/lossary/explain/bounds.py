"""Bounds of a formula's values for any number of classes, by interval arithmetic on its graph."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

import numpy as np

from lossary.graph import Node

__all__ = ["ANY", "Bounds", "Range"]


class Range(NamedTuple):
    """All numbers from ``low`` to ``high``."""

    low: float
    high: float

    def __neg__(self) -> Range:
        return Range(-self.high, -self.low)

    def meets(self, other: Range) -> Range:
        """The numbers in both; ``low > high`` if there are none."""
        return Range(max(self.low, other.low), min(self.high, other.high))

    def joined(self, other: Range) -> Range:
        """The smallest range that holds both."""
        return Range(min(self.low, other.low), max(self.high, other.high))

    @property
    def size(self) -> float:
        """The largest absolute value."""
        return max(abs(self.low), abs(self.high))


ANY = Range(-math.inf, math.inf)
SHARE = Range(0.0, 1.0)


class Bounds:
    """Ranges of the nodes of a graph, from the ranges of its symbols.

    ``distributions`` are the nodes whose values over a row are never negative and sum to 1. A row may have any number
    of places. What cannot be bounded gets ``ANY``, so that a finite bound always holds.
    """

    def __init__(self, known: Mapping[Node, Range], distributions: Collection[Node] = ()) -> None:
        self._known, self._distributions = dict(known), distributions
        self._found: dict[Node, Range] = {}

    def of(self, node: Node) -> Range:
        """The range of a node's values."""
        if node not in self._found:
            found = self._computed(node)
            self._found[node] = found.meets(self._known.get(node, ANY))
        return self._found[node]

    def _computed(self, node: Node) -> Range:
        if node.word == "constant":
            return Range(float(node.label or 0.0), float(node.label or 0.0))
        if node.word == "total":
            return self._sum(node.arguments[0])
        if node.word == "where":
            return self._choice(*node.arguments)
        if node.word not in RULES:
            return ANY
        return RULES[node.word](*map(self.of, node.arguments))

    def _sum(self, node: Node) -> Range:
        """A mean where a distribution weights the values, else the sum of any number of them, at least one."""
        mean = self._weighted(node)
        if mean:
            return mean
        low, high = self.of(node)
        return Range(-math.inf if low < 0 else low, math.inf if high > 0 else high)

    def _weighted(self, node: Node) -> Range | None:
        """The range of v where a node is a distribution times v."""
        if node.word == "softmax" or node in self._distributions:
            return Range(1.0, 1.0)
        if node.word in ("negative", "divide", "multiply", "product", "weighted"):
            for i, argument in enumerate(node.arguments[:1] if node.word == "divide" else node.arguments):
                if inner := self._weighted(argument):
                    ranges = [inner if j == i else self.of(each) for j, each in enumerate(node.arguments)]
                    return RULES[node.word](*ranges)
        return None

    def _choice(self, condition: Node, a: Node, b: Node) -> Range:
        branches = [
            branch.of(node)
            for branch, node in ((self._under(condition, True), a), (self._under(condition, False), b))
            if branch
        ]
        return branches[0].joined(branches[-1]) if branches else ANY

    def _under(self, condition: Node, truth: bool) -> Bounds | None:
        """The bounds where a condition is known; None where it cannot be so."""
        if condition.word == "opposite":
            return self._under(condition.arguments[0], not truth)
        if condition.word not in ("less", "less_equal"):
            return self
        small, large = condition.arguments if truth else condition.arguments[::-1]
        narrowed = dict(self._known)
        for node, other in (
            (small, Range(-math.inf, self.of(large).high)),
            (large, Range(self.of(small).low, math.inf)),
        ):
            found = self.of(node).meets(other)
            if found.low > found.high:
                return None
            _narrow(narrowed, node, found)
        return Bounds(narrowed, self._distributions)


def _narrow(known: dict[Node, Range], node: Node, found: Range) -> None:
    """Narrow the range of a node, and of its argument where that follows."""
    known[node] = found.meets(known.get(node, ANY))
    if node.word == "negative":
        _narrow(known, node.arguments[0], -found)
    if node.word == "absolute":
        _narrow(known, node.arguments[0], Range(-found.high, found.high))


# ---- the rules ----------------------------------------------------------------------------------------------------


def _add(a: Range, b: Range) -> Range:
    return _range(a.low + b.low, a.high + b.high)


def _range(low: float, high: float) -> Range:
    """The range of two numbers, as wide as can be where one is undefined."""
    return Range(-math.inf if math.isnan(low) else low, math.inf if math.isnan(high) else high)


def _multiply(a: Range, b: Range) -> Range:
    corners = [x * y if x and y else 0.0 for x in a for y in b]  # a bound of 0 wins: the numbers are finite
    return Range(min(corners), max(corners))


def _divide(a: Range, b: Range) -> Range:
    if b.low < 0 < b.high:
        return ANY
    if b.high <= 0:
        return _divide(-a, -b)
    return _multiply(a, Range(1.0 / b.high, 1.0 / b.low if b.low else math.inf))


def _absolute(a: Range) -> Range:
    low = 0.0 if a.low <= 0 <= a.high else min(abs(a.low), abs(a.high))
    return Range(low, a.size)


def _power(a: Range, exponent: Range) -> Range:
    if a.low < 0 or exponent.low != exponent.high:
        return ANY
    with np.errstate(all="ignore"):
        ends = [float(np.float64(end) ** exponent.low) for end in a]
    return Range(min(ends), max(ends))


def _clip(a: Range, low: Range, high: Range) -> Range:
    return Range(min(max(a.low, low.low), high.high), max(min(a.high, high.high), low.low))


def _increasing(function: Callable[[np.float64], np.float64]) -> Callable[[Range], Range]:
    def rule(a: Range) -> Range:
        with np.errstate(all="ignore"):
            return _range(float(function(np.float64(a.low))), float(function(np.float64(a.high))))

    return rule


def _always(low: float, high: float) -> Callable[..., Range]:
    return lambda *_: Range(low, high)


_log = _increasing(np.log)
INCREASING: dict[str, Callable[[np.float64], np.float64]] = {
    "exp": np.exp, "exp_fraction": np.exp, "expm1": np.expm1, "log": np.log, "log1p": np.log1p,
    "log1p_fraction": np.log1p, "tanh": np.tanh, "sqrt": np.sqrt, "sign": np.sign,
    "sigmoid": lambda x: 1.0 / (1.0 + np.exp(-x)), "softplus": lambda x: np.logaddexp(0.0, x),
}  # fmt: skip
RULES: dict[str, Callable[..., Range]] = {word: _increasing(function) for word, function in INCREASING.items()}
RULES |= {
    "add": _add,
    "subtract": lambda a, b: _add(a, -b),
    "negative": lambda a: -a,
    "multiply": _multiply,
    "product": _multiply,
    "weighted": _multiply,
    "divide": _divide,
    "square": lambda a: _power(_absolute(a), Range(2.0, 2.0)),
    "absolute": _absolute,
    "power": _power,
    "maximum": lambda a, b: Range(max(a.low, b.low), max(a.high, b.high)),
    "minimum": lambda a, b: Range(min(a.low, b.low), min(a.high, b.high)),
    "clip": _clip,
    "guard": lambda _, a: a,
    "fixed": lambda a: a,
    "computed_as": lambda formula, accurate: formula.meets(accurate),
    "written_as": lambda shown, computed: shown.meets(computed),
    "log_ratio": lambda a, b: _log(_divide(a, b)),
    "greatest": lambda a: a,
    "pick": lambda a, _: a,
    "log_sum_exp": lambda a: Range(a.low, math.inf),
    "log_softmax": _always(-math.inf, 0.0),
    "softmax": _always(*SHARE),
    "other_softmax": _always(*SHARE),
    "sigmoid_slope": _always(0.0, 0.25),
    "sin": _always(-1.0, 1.0),
    "cos": _always(-1.0, 1.0),
    "unit": _always(-1.0, 1.0),
}
