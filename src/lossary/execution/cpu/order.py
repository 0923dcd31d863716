"""In which order a kernel goes through arrays, and how their rows lie then.

An order lists the axes of an array from the outermost to the innermost in memory, as the first prediction has them, so
that it is not copied; None is the order in which they are numbered.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple, TypeAlias

__all__ = ["Order", "Rows", "order_of", "rows_in_order"]

Order: TypeAlias = tuple[int, ...] | None


class Rows(NamedTuple):
    """Shape of arrays in the order of memory, and the axes that a row runs over: none for a loss of elements."""

    shape: tuple[int, ...]
    axes: tuple[int, ...]

    @property
    def are_lines(self) -> bool:
        """True if the axes of a row lie beside each other."""
        return bool(self.axes) and self.axes == tuple(range(self.axes[0], self.axes[-1] + 1))

    @property
    def extents(self) -> tuple[int, int, int]:
        """Numbers of places before the axes of a row, along them and after them."""
        first, beyond = self.axes[0], self.axes[-1] + 1
        return math.prod(self.shape[:first]), math.prod(self.shape[first:beyond]), math.prod(self.shape[beyond:])


def order_of(call: Any) -> Order:
    """The order of the first prediction; it has another shape, or is left out, where it gives scores."""
    first = call.inputs.get(call.record.arguments[0].name)
    order: Order = call.face.memory_order(first) if getattr(first, "shape", None) == call.shape else None
    return order


def rows_in_order(shape: tuple[int, ...], axes: tuple[int, ...], order: Order) -> Rows:
    """Rows of arrays of a shape along some axes, or none, with all axes in an order."""
    if order is None:
        return Rows(shape, axes)
    return Rows(tuple(shape[i] for i in order), tuple(sorted(order.index(one) for one in axes)))
