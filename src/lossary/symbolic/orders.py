"""Values in their own order are sorted, which takes less time than to find their places and to gather them."""

from __future__ import annotations

from collections.abc import Sequence

from lossary.symbolic.graph import Node, rebuilt, walk
from lossary.symbolic.words import ascending, order, pick

__all__ = ["in_order"]


def in_order(outputs: Sequence[Node]) -> list[Node]:
    """Return the outputs with sorted values where an order serves nothing but to pick its own keys."""
    users = [(node, part) for node in walk(*outputs) for part in node.arguments if part.word == order.name]
    kept = {place for node, place in users if _sorted(node) is None}

    def change(part: Node) -> Node:
        found = None if kept.intersection(part.arguments) else _sorted(part)
        return part if found is None else found

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
