"""The order in which a kernel goes through the axes of arrays, and the layout of rows in that order.

An order lists the axes from the outermost to the innermost in memory. It is that of the first prediction, which then
need not be copied; None is the order in which axes are numbered.
"""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

from lossary.contract.call import Call

__all__ = ["Order", "Rows", "order_of", "rows_in_order"]

Order: TypeAlias = tuple[int, ...] | None


class Rows(NamedTuple):
    """A shape in the order of memory, and the axes that a row runs over: none for a pointwise loss."""

    shape: tuple[int, ...]
    axes: tuple[int, ...]

    @property
    def are_lines(self) -> bool:
        """True if the axes of a row are adjacent."""
        return bool(self.axes) and self.axes == tuple(range(self.axes[0], self.axes[-1] + 1))

    @property
    def extents(self) -> tuple[int, int, int]:
        """The sizes before the axes of a row, along them and after them."""
        first, beyond = self.axes[0], self.axes[-1] + 1
        return math.prod(self.shape[:first]), math.prod(self.shape[first:beyond]), math.prod(self.shape[beyond:])


def order_of(call: Call) -> Order:
    """Return the order of the first prediction; None if that is no array of the call's shape."""
    first = call.inputs.get(call.record.arguments[0].name)
    return call.face.memory_order(first) if first is not None and first.shape == call.shape else None


def rows_in_order(shape: tuple[int, ...], axes: tuple[int, ...], order: Order) -> Rows:
    """Return the layout of rows along some axes of a shape, with the axes in an order."""
    if order is None:
        return Rows(shape, axes)
    return Rows(tuple(shape[i] for i in order), tuple(sorted(order.index(one) for one in axes)))
