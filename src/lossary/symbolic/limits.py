"""Limited arrays that are not written again, where their bounds are computed anyway."""

from __future__ import annotations

from collections.abc import Sequence

from lossary.symbolic.graph import CLASS, Node, apply, axis, rebuilt, walk

__all__ = ["by_bounds"]

ALONG = axis(CLASS)


def by_bounds(outputs: Sequence[Node]) -> list[Node]:
    """Return the outputs with ``clipped`` for ``clip`` where they have each row's least and greatest value, too.

    A check has them, of an array that was rounded: it is nearly always within its limits.
    """
    known = set(walk(*outputs))

    def change(part: Node) -> Node:
        if part.word != "clip":
            return part
        bounds = [apply(word, part.arguments[0], ALONG) for word in ("least", "greatest")]
        return apply("clipped", *part.arguments, *bounds) if known.issuperset(bounds) else part

    return [rebuilt(output, change) for output in outputs]
