"""How arrays lie along the axes that kernels loop over.

Axes along which all arrays lie alike are merged. The first axis is cut into groups of places; arrays that only later
loops of the same group read are *buffers*, with room for one group. A short innermost axis is exchanged for a long one,
so that the innermost loop goes over the places of a group, which vectors fill.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy

from lossary.execution.cpu.sums import BLOCK

__all__ = ["ALONE", "APART", "BESIDE", "ROOM", "Layout", "contiguous", "laid_out", "lies", "merged"]

ALONE, BESIDE, APART = "one number", "side by side", "by a stride"  # how an array lies along an axis
SHORT = 64  # places of an innermost axis that are too few for vectors
ROOM = 1 << 12  # numbers of a buffer, which stays in the cache
Strides = tuple[int, ...]


@dataclass(frozen=True)
class Layout:
    """Lengths of axes, and the strides of each array along them, in numbers."""

    lengths: tuple[int, ...]
    strides: tuple[Strides, ...]
    spans: tuple[tuple[bool, ...], ...]  # the axes that each loop goes over
    turned: bool = False  # the first axis is the innermost of every loop
    buffers: frozenset[int] = frozenset()  # the arrays that are buffers

    @cached_property
    def group(self) -> int:
        """The places of a group."""
        if self.turned or len(self.lengths) == 1:
            return BLOCK
        return max(1, min(BLOCK, ROOM * self.lengths[0] // self.places))

    @cached_property
    def places(self) -> int:
        """The places of the loop that has most."""
        own = ([n for n, spanned in zip(self.lengths, each, strict=True) if spanned] for each in self.spans)
        return max(map(math.prod, own))

    @cached_property
    def groups(self) -> int:
        """The number of groups, which threads share."""
        return -(-self.lengths[0] // self.group)

    @property
    def lies(self) -> tuple[tuple[str, ...], ...]:
        """How each array lies along each axis: side by side, at most along the innermost one."""
        return tuple(_lies(own, self.turned) for own in self._strides)

    @cached_property
    def _strides(self) -> list[Strides]:
        """The strides of arrays, and of buffers within a group."""
        lengths = (self.group, *self.lengths[1:])
        own = enumerate(self.strides)
        return [contiguous(lengths, each, self.turned) if k in self.buffers else each for k, each in own]

    @cached_property
    def sizes(self) -> list[int]:
        """The numbers in each buffer; 0 for an array."""
        lengths = (self.group, *self.lengths[1:])
        sizes = [math.prod(n for n, step in zip(lengths, own, strict=True) if step) for own in self.strides]
        return [size if k in self.buffers else 0 for k, size in enumerate(sizes)]

    @cached_property
    def numbers(self) -> numpy.ndarray[Any, Any]:
        """The numbers that a kernel takes."""
        strides = (stride for own in self._strides for stride in own)
        return numpy.array([*self.lengths, self.group, *self.sizes, *strides], numpy.int64)

    def shared(self, k: int) -> int:
        """Return the number of elements of an array that does not vary along the first axis; 0 if it does."""
        if self.strides[k][0]:
            return 0
        return math.prod(length for length, step in zip(self.lengths, self.strides[k], strict=True) if step)


def lies(stride: int) -> str:
    """Return how an array lies along an axis."""
    return {0: ALONE, 1: BESIDE}.get(stride, APART)


def _lies(strides: Strides, turned: bool) -> tuple[str, ...]:
    moving = [axis for axis, step in enumerate(strides) if step]
    innermost = (moving[0] if turned else moving[-1]) if moving else None
    return tuple(lies(step) if axis == innermost or not step else APART for axis, step in enumerate(strides))


def contiguous(lengths: Sequence[int], varies: Sequence[int] = (), turned: bool = False, step: int = 1) -> Strides:
    """Return the strides of an array in order, or with its first axis as the innermost.

    They are 0 along axes of one place; or along those where ``varies`` is, if it is given.
    """
    found = [0] * len(lengths)
    axes = range(len(lengths))
    for axis in reversed([*axes[1:], 0] if turned else axes):
        if varies[axis] if varies else lengths[axis] > 1:
            found[axis], step = step, step * lengths[axis]
    return tuple(found)


def merged(lengths: Sequence[int], strides: Sequence[Strides]) -> tuple[list[int], list[Strides]]:
    """Return the lengths of as few axes as possible, at least one, and the strides of each array along them."""
    kept = [i for i, n in enumerate(lengths) if n != 1] or [len(lengths) - 1]
    axes: list[tuple[int, Strides]] = []
    for i in kept:
        length, along = lengths[i], tuple(each[i] for each in strides)
        if axes and all(outer == inner * length for outer, inner in zip(axes[-1][1], along, strict=True)):
            length *= axes.pop()[0]
        axes.append((length, along))
    return [n for n, _ in axes], list(zip(*(along for _, along in axes), strict=True))


def laid_out(
    shape: Sequence[int], strides: Sequence[Strides], loops: Sequence[Sequence[int]], buffers: frozenset[int]
) -> Layout:
    """Return the layout of arrays with these strides along all axes, of which some are buffers; loops have shapes."""
    spans = [contiguous(own) for own in loops]
    lengths, found = merged(shape, [*strides, *spans])
    if lengths == [1]:  # strides say nothing
        found = [(1,)] * len(found)
    arrays, over = found[: len(strides)], found[len(strides) :]
    outer = {own[0] for k, own in enumerate(arrays) if k not in buffers}
    turned = len(lengths) == 2 and lengths[1] < SHORT < lengths[0] and outer <= {0, 1}
    goes_over = tuple(tuple(n == 1 or bool(step) for n, step in zip(lengths, own, strict=True)) for own in over)
    return Layout(tuple(lengths), tuple(arrays), goes_over, turned, buffers)
