"""Kernels for loops over all places of several axes: of values that broadcast, which are stored or summed.

Lengths and strides are arguments, so that one kernel serves all shapes. Axes along which all arrays lie alike are
merged. The innermost loop goes by blocks that stay in the first-level cache; along it, an array lies side by side, is
one number, or is reached by a stride. A short innermost axis is exchanged for a long one, whose blocks vectors fill:
then the loop over blocks is the outermost, so that each is read once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from lossary.execution.cpu.prelude import prelude
from lossary.execution.cpu.stages import costly_apart
from lossary.execution.cpu.sums import BLOCK, add_block, source
from lossary.execution.cpu.text import indent, is_set, nest
from lossary.symbolic.derivatives import lower
from lossary.symbolic.graph import Node

__all__ = ["Layout", "Nest", "lies", "merged", "over_axes"]

ALONE, BESIDE, APART = "one number", "side by side", "by a stride"  # how an array lies along the innermost axis
SHORT = 64  # places of an innermost axis that are too few for vectors


@dataclass(frozen=True)
class Layout:
    """Lengths of axes, the innermost last, and the strides of each array along them, in numbers."""

    lengths: tuple[int, ...]
    strides: tuple[tuple[int, ...], ...]
    by_blocks: bool = False  # the outermost loop is over blocks of the innermost axis

    @property
    def parts(self) -> int:
        """The steps of the outermost loop, which threads share."""
        return -(-self.lengths[-1] // BLOCK) if self.by_blocks else self.lengths[0]

    @property
    def innermost(self) -> tuple[str, ...]:
        """How each array lies along the innermost axis."""
        return tuple(lies(strides[-1]) for strides in self.strides)

    @property
    def numbers(self) -> list[int]:
        """The numbers that a kernel takes."""
        return [*self.lengths, *(stride for strides in self.strides for stride in strides)]

    def shared(self, k: int) -> int:
        """Return the number of elements of an array that does not vary with the outermost loop; 0 if it does."""
        strides = self.strides[k]
        if strides[-1 if self.by_blocks else 0]:
            return 0
        return math.prod(length for length, step in zip(self.lengths, strides, strict=True) if step)


def lies(stride: int) -> str:
    """Return how an array lies along an axis."""
    return {0: ALONE, 1: BESIDE}.get(stride, APART)


def over_axes(lines: list[str], axes: int, arrays: int, outermost: str = "start, stop") -> list[str]:
    """Print loops over outer axes, with the place in each array; ``outermost`` are the limits of the outermost."""
    for axis in range(axes - 1, -1, -1):
        before = [f"at_{k}_{axis - 1} + " if axis else "" for k in range(arrays)]
        places = [f"at_{k}_{axis} = {before[k]}along_{axis} * stride_{k}_{axis}" for k in range(arrays)]
        limits = f"length_{axis}" if axis else outermost
        lines = nest(f"for along_{axis} in range({limits}):", [*places, *lines])
    return lines


def merged(lengths: Sequence[int], strides: Sequence[Sequence[int]]) -> Layout:
    """Return the layout with as few axes as possible, at least one, of which the innermost is not short."""
    kept = [i for i, n in enumerate(lengths) if n != 1] or [len(lengths) - 1]
    axes: list[tuple[int, tuple[int, ...]]] = []
    for i in kept:
        length, along = lengths[i], tuple(each[i] for each in strides)
        if axes and all(outer == inner * length for outer, inner in zip(axes[-1][1], along, strict=True)):
            length *= axes.pop()[0]
        axes.append((length, along))
    if exchanged := len(axes) == 2 and axes[1][0] < SHORT < axes[0][0] and {*axes[0][1]} <= {0, 1}:
        axes.reverse()
    turned = tuple(zip(*(along for _, along in axes), strict=True))
    return Layout(tuple(n for n, _ in axes), turned, by_blocks=exchanged or len(axes) == 1)


@dataclass(frozen=True)
class Nest:
    """A kernel's values, of arrays with these symbols; ``sums`` tells which are added up instead of stored."""

    values: tuple[Node, ...]
    arrays: tuple[Node, ...]
    sums: tuple[bool, ...]
    innermost: tuple[str, ...]  # how arrays, then results, lie along the innermost axis
    depth: int  # axes
    by_blocks: bool  # the outermost loop is over blocks of the innermost axis
    dtype: str

    @property
    def signature(self) -> str:
        """The types of the kernel's arguments."""
        results = ["float64" if is_sum else self.dtype for is_sum in self.sums]
        pointers = [*[self.dtype] * len(self.arrays), *results, "int64", self.dtype, "float64"]
        return f"void({', '.join(f'CPointer({one})' for one in pointers)}, int64, int64)"

    @cached_property
    def blocks(self) -> int:
        """The blocks of scratch memory."""
        return len(self._added) + len(self._loops[0]) - 1

    @cached_property
    def text(self) -> str:
        """The text of the kernel."""
        pointers = [*(f"x_{node.label}_at" for node in self.arrays), *(f"y_{k}_at" for k in range(len(self.values)))]
        if self.by_blocks:
            lines = over_axes(self._block(), self.depth - 1, len(pointers), "length_0")
            begin = [f"begin = block_begin * {BLOCK}", f"count = min({BLOCK}, length_{self.depth - 1} - begin)"]
            lines = nest("for block_begin in range(start, stop):", [*begin, *lines])
        else:
            lines = over_axes(self._innermost(), self.depth - 1, len(pointers))
        head = f"def kernel({', '.join(pointers)}, lie, scratch, halves, start, stop):"
        body = "\n".join([head, indent([*self._lie(len(pointers)), *lines], 1)])
        return "\n\n".join([prelude(self.dtype), source(self.dtype), body])

    def _lie(self, arrays: int) -> list[str]:
        """Print statements that read lengths and strides."""
        lengths = [f"length_{axis} = lie[{axis}]" for axis in range(self.depth)]
        places = [(k, axis) for k in range(arrays) for axis in range(self.depth)]
        return lengths + [f"stride_{k}_{axis} = lie[{self.depth + i}]" for i, (k, axis) in enumerate(places)]

    def _place(self, k: int, at: str = "") -> str:
        """Print the index in an array or result, at a place along the innermost axis."""
        outer = f"at_{k}_{self.depth - 2}" if self.depth > 1 else ""
        step = {ALONE: "", BESIDE: at, APART: f"({at}) * stride_{k}_{self.depth - 1}"}[self.innermost[k]]
        return " + ".join(filter(None, [outer, step])) or "0"

    def _load(self, k: int, at: str = "") -> str:
        """Print a statement that reads an array."""
        node = self.arrays[k]
        return f"x_{node.label} = x_{node.label}_at[{self._place(k, at)}]{is_set(node)}"

    @cached_property
    def _added(self) -> list[int]:
        """The results that are one sum over the innermost axis."""
        return [k for k, is_sum in enumerate(self.sums) if is_sum and self._lies(k) == ALONE]

    def _lies(self, result: int) -> str:
        return self.innermost[len(self.arrays) + result]

    @cached_property
    def _loops(self) -> tuple[list[list[str]], list[str]]:
        """The bodies of the loops over a block, and the expressions of the results in the last."""
        moving = [k for k in range(len(self.arrays)) if self.innermost[k] != ALONE]
        loads = [self._load(k, "begin + i") for k in moving]
        loops, results = costly_apart([lower(value) for value in self.values], loads, len(self._added))
        for k, value in enumerate(results):
            place = self._place(len(self.arrays) + k, "begin + i")
            if k in self._added:
                loops[-1].append(f"scratch[{self._added.index(k) * BLOCK} + i] = {value}")
            elif self.sums[k]:
                loops[-1].append(f"y_{k}_at[{place}] = y_{k}_at[{place}] + float64({value})")
            else:
                loops[-1].append(f"y_{k}_at[{place}] = {value}")
        return loops, results

    def _innermost(self) -> list[str]:
        """Print the innermost loop, by blocks."""
        loads, block, stores = self._parts
        columns = f"length_{self.depth - 1}"
        count = f"count = min({BLOCK}, {columns} - begin)"
        return [*loads, *nest(f"for begin in range(0, {columns}, {BLOCK}):", [count, *block]), *stores]

    def _block(self) -> list[str]:
        """Print the innermost loop over one block."""
        return [line for part in self._parts for line in part]

    @property
    def _parts(self) -> tuple[list[str], list[str], list[str]]:
        """Statements before the blocks of the innermost axis, for each of them, and after them."""
        alone = [k for k in range(len(self.arrays)) if self.innermost[k] == ALONE]
        loads = [self._load(k) for k in alone]
        loads += [f"high_{j} = low_{j} = 0.0" for j in range(len(self._added))]
        loops = [line for loop in self._loops[0] for line in nest("for i in range(count):", loop)]
        sums = [line for j in range(len(self._added)) for line in add_block(j, j * BLOCK)]
        stores = []
        for j, k in enumerate(self._added):
            place = self._place(len(self.arrays) + k)
            stores.append(f"y_{k}_at[{place}] = y_{k}_at[{place}] + joined(high_{j}, low_{j})")
        return loads, [*loops, *sums], stores
