"""Formulas of sums: all values that vary along places enter a loss through sums over them.

The sums of the parts of a region add up to those of the whole region, and the formula makes its loss of them.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import NamedTuple

from lossary.symbolic.graph import Axes, Node, apply, crossed, index, places, symbol, walk
from lossary.symbolic.words import computed_as, total, written_as

__all__ = ["Split", "split"]

FORMS = (computed_as.name, written_as.name)  # whose last argument is the form that is computed


class Split(NamedTuple):
    """The outermost sums of a loss over the places along which it does not vary, and the formula of them."""

    sums: dict[Node, Node]  # and the symbols that stand for them in the formula
    formula: Node
    otherwise: str  # the word, if any, through which values enter that is no sum; the others are meaningless then


def split(loss: Node) -> Split:
    """Split a loss into sums over places and a formula; derivatives of this are those of the form that is computed."""
    nodes = walk(loss)
    gone = crossed(nodes).union(*(node.axes for node in nodes)) - loss.axes
    counts = {places(name) for name in gone}
    of_parts = counts.union(map(index, gone))  # numbers that are others in a part than in the whole
    sums: dict[Node, Node] = {}
    found: list[str] = []

    @cache
    def rest(node: Node) -> Node:
        if node.word in FORMS:
            return rest(node.arguments[1])
        if _adds_up(node, gone, of_parts) or (node in counts and len(gone) == 1):
            return sums.setdefault(node, symbol(f"_sum_{len(sums)}", node.axes))
        if node.couples or node in of_parts:
            inside = walk(node)
            found.extend(part.word for part in inside if part.couples and part.word != total.name)
            found.append("a sum of sums" if of_parts.isdisjoint(inside) else "numbers of places")
            return node
        return apply(node.word, *map(rest, node.arguments)) if node.arguments else node

    return Split(sums, rest(loss), found[0] if found else "")


def _adds_up(node: Node, gone: Axes, of_parts: Collection[Node]) -> bool:
    """Return True for a sum over all places of values that depend on one place each."""
    value = node
    while value.word == total.name and value.arguments[1].label in gone:
        value = value.arguments[0]
    inside = walk(value)
    return value is not node and not crossed(inside) and set(inside).isdisjoint(of_parts)
