"""Strides with which a kernel over rows finds the elements of its arrays, so that none is copied to another order.

The items of a call are counted by two numbers: ``outer`` for the axes before the axis of a row and ``within`` for those
after it; or ``outer`` for all of them if a row runs along the last axis. An array has a stride for each, and one along
the row.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["Place", "Rows", "rows_of"]

Strides = tuple[int, int, int]  # outer, within, along the row


@dataclass(frozen=True)
class Place:
    """The directions in which an array varies, as far as a kernel's text depends on them."""

    outer: bool = False
    within: bool = False
    column: str = ""  # "unit": adjacent elements; "step": elements a stride apart

    def strides(self, name: str) -> list[str]:
        """Return the names of the strides that a kernel takes for an array."""
        given = (self.outer, self.within, self.column == "step")
        return [f"{name}_{end}" for end, one in zip(("outer", "within", "step"), given, strict=True) if one]

    def index(self, name: str, column: str = "j", wide: str = "j.to(tl.int64)") -> list[str]:
        """Print the terms of an element's offset; products are of 64 bits, as ``outer`` and ``within`` are."""
        terms = [f"outer * {name}_outer"] * self.outer + [f"within * {name}_within"] * self.within
        return terms + {"": [], "unit": [column], "step": [f"{wide} * {name}_step"]}[self.column]


def place_of(strides: Strides) -> Place:
    outer, within, step = strides
    return Place(outer != 0, within != 0, "" if step == 0 else "unit" if step == 1 else "step")


def passed(strides: Strides) -> list[int]:
    """Return the strides that a kernel takes, as ``Place.strides`` names them."""
    outer, within, step = strides
    return [*([outer] if outer else []), *([within] if within else []), *([step] if step not in (0, 1) else [])]


@dataclass(frozen=True)
class Rows:
    """The rows of a call: their shape and axis, and how items are split into two directions."""

    shape: tuple[int, ...]
    axis: int
    inner: int  # number of items that ``within`` counts; 1: it is always 0
    at: int  # first axis that ``within`` counts

    @property
    def count(self) -> int:
        return math.prod(self.shape) // self.columns

    @property
    def columns(self) -> int:
        return self.shape[self.axis]

    def strides(self, array: Tensor) -> Strides | None:
        """Return the strides of an array, broadcast to the shape; None if two directions do not reach all items."""
        given = array.reshape((1,) * (len(self.shape) - array.dim()) + tuple(array.shape))
        sizes, whole = given.shape, given.expand(self.shape).stride()
        steps = [0 if n == 1 else step for n, step in zip(sizes, whole, strict=True)]
        items = [(n, step) for i, (n, step) in enumerate(zip(self.shape, steps, strict=True)) if i != self.axis]
        cut = self.at - (self.axis < self.at)
        outer, within = collapsed(items[:cut]), collapsed(items[cut:])
        return None if outer is None or within is None else (outer, within, steps[self.axis])


def collapsed(axes: Sequence[tuple[int, int]]) -> int | None:
    """Return the stride of several axes taken as one, given their sizes and strides; None if there is none."""
    long = [(size, stride) for size, stride in axes if size > 1]
    for (_, stride), (size, inner) in pairwise(long):
        if stride != size * inner:
            return None
    return long[-1][1] if long else 0


def rows_of(shape: tuple[int, ...], axis: int, arrays: Sequence[Tensor]) -> Rows:
    """Split the items of a shape into one direction, if that reaches all items of all arrays, else into two."""
    after = math.prod(shape[axis + 1 :])
    if after > 1:
        return Rows(shape, axis, after, axis + 1)
    one = Rows(shape, axis, 1, len(shape))
    if axis == 0 or all(one.strides(array) is not None for array in arrays):
        return one
    last = next((i for i in range(axis - 1, -1, -1) if shape[i] > 1), 0)
    return Rows(shape, axis, shape[last], last)
