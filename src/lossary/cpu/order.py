"""In which order a kernel goes through arrays: as the first prediction lies in memory, so that it is not copied.

An order lists the axes of an array from the outermost to the innermost; None is the order in which they are numbered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from lossary.keywords import as_tuple

__all__ = ["Order", "of_items", "ordered"]

Order: TypeAlias = tuple[int, ...] | None


def ordered(call: Any) -> tuple[Any, Order]:
    """The call with its axes numbered in the order of its first prediction, and that order; its arrays stay."""
    first = call.inputs.get(
        call.record.arguments[0].name
    )  # it has another shape, or is left out, where it gives scores
    order = call.face.memory_order(first) if getattr(first, "shape", None) == call.shape else None
    if order is None:
        return call, None
    axis = tuple(sorted(order.index(one) for one in as_tuple(call.axis)))
    return call.but(
        shape=tuple(call.shape[i] for i in order),
        items=tuple(call.items[i] for i in order),
        axis=axis[0] if isinstance(call.axis, int) else axis if isinstance(call.axis, tuple) else None,
    ), order


def of_items(order: Order, gone: Sequence[int]) -> Order:
    """The order of what has no such axes any more."""
    if order is None:
        return None
    left = [axis for axis in order if axis not in gone]
    return tuple(sorted(left).index(axis) for axis in left)
