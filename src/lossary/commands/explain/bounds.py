"""Bounds of a formula's values for any number of classes, by interval arithmetic on its graph."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

from lossary.symbolic.graph import Node
from lossary.symbolic.words import WORDS
from lossary.symbolic.words.ranges import ANY, Range

__all__ = ["ANY", "Bounds", "Range"]


class Bounds:
    """Ranges of the nodes of a graph, from the ranges of its symbols.

    ``distributions`` are the nodes whose values over a row are never negative and sum to 1. A row may have any number
    of places. A node without a known bound has the range ``ANY``; a finite bound always holds.
    """

    def __init__(self, known: Mapping[Node, Range], distributions: Collection[Node] = ()) -> None:
        self._known, self._distributions = dict(known), distributions
        self._found: dict[Node, Range] = {}

    def of(self, node: Node) -> Range:
        """Return the range of a node's values."""
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
        return WORDS[node.word].bounds(*map(self.of, node.arguments)) if node.arguments else ANY

    def _sum(self, node: Node) -> Range:
        """Bound a sum over a row: a mean if a distribution weights the values, else a sum of one value or more."""
        mean = self._weighted(node)
        if mean:
            return mean
        low, high = self.of(node)
        return Range(-math.inf if low < 0 else low, math.inf if high > 0 else high)

    def _weighted(self, node: Node) -> Range | None:
        """Return the range of v if a node is a distribution times v."""
        if node.word == "softmax" or node in self._distributions:
            return Range(1.0, 1.0)
        for i in WORDS[node.word].linear if node.arguments else ():
            if inner := self._weighted(node.arguments[i]):
                ranges = [inner if j == i else self.of(each) for j, each in enumerate(node.arguments)]
                return WORDS[node.word].bounds(*ranges)
        return None

    def _choice(self, condition: Node, a: Node, b: Node) -> Range:
        branches = [
            branch.of(node)
            for branch, node in ((self._under(condition, True), a), (self._under(condition, False), b))
            if branch
        ]
        return branches[0].joined(branches[-1]) if branches else ANY

    def _under(self, condition: Node, truth: bool) -> Bounds | None:
        """Return the bounds where a condition is true or false; None if it never is."""
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
    """Narrow the range of a node, and of its argument if that follows."""
    known[node] = found.meets(known.get(node, ANY))
    if node.word == "negative":
        _narrow(known, node.arguments[0], -found)
    if node.word == "absolute":
        _narrow(known, node.arguments[0], Range(-found.high, found.high))
