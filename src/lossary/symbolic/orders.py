"""Values in their own order are sorted, and what an order moved is put back: neither adds up or searches places."""

from __future__ import annotations

from collections.abc import Sequence

from lossary.symbolic.graph import Node, rebuilt, walk
from lossary.symbolic.words import ascending, order, pick, restored, scattered

__all__ = ["in_order"]


def in_order(outputs: Sequence[Node]) -> list[Node]:
    """Return the outputs with sorted values where an order serves nothing but to pick its own keys.

    An order names each place once, so that values scattered by it are not added up.
    """
    users = [(node, part) for node in walk(*outputs) for part in node.arguments if part.word == order.name]
    kept = {place for node, place in users if _sorted(node) is None}

    def change(part: Node) -> Node:
        found = None if kept.intersection(part.arguments) else _sorted(part)
        return _restored(part) if found is None else found

    return [rebuilt(one, change) for one in outputs] if users else list(outputs)


def _sorted(node: Node) -> Node | None:
    """Return keys, or their negatives, that are picked by their order as sorted values; None for anything else."""
    if node.word != pick.name or node.arguments[1].word != order.name:
        return None
    (value, _, along), (key, over, new) = node.arguments, node.arguments[1].arguments
    if along is not over:
        return None
    if value is key:
        return ascending(key, over, new)
    return -ascending(key, over, new) if key is -value else None


def _restored(node: Node) -> Node:
    """Return values that are scattered by an order, along all of it, at their own places; other nodes as they are."""
    if node.word != scattered.name or node.arguments[1].word != order.name:
        return node
    value, place, _, over, gone = node.arguments
    return restored(value, place, over, gone) if place.arguments[1:] == (over, gone) else node
