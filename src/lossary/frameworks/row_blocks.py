"""Formulas of large arrays, computed by blocks of rows, so that intermediate results stay in the cache."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import numpy

from lossary.frameworks import threads
from lossary.frameworks.face import Dimensions
from lossary.symbolic.derivatives import lower
from lossary.symbolic.graph import Node, crossed, walk
from lossary.symbolic.words import WORDS
from lossary.symbolic.words.word import Along

__all__ = ["compute", "makes_arrays"]

Array: TypeAlias = Any  # of NumPy or PyTorch, or a number
DType: TypeAlias = Any
Body: TypeAlias = Callable[..., tuple[Array, ...]]

BLOCK = 1 << 19  # elements
AT_ONCE = 8  # blocks, at most: each has memory of its own


def compute(
    body: Body,
    outputs: Sequence[Node],
    axes: Dimensions,
    arrays: Sequence[Array],
    empty: Callable[[tuple[int, ...], DType], Array],
    larger: int = 1,
    number: int = 1,
) -> tuple[Array, ...]:
    """Return ``body(*arrays, axes=axes)``, in memory that ``empty(shape, dtype)`` makes if it goes by blocks.

    Blocks are ``larger`` times as large as the operations of a framework want them, and are shared by a number of
    threads.
    """
    shape = numpy.broadcast_shapes(*(array.shape for array in arrays if hasattr(array, "ndim")))
    rows = larger * BLOCK * shape[0] // max(_largest(tuple(outputs), axes, shape), 1) if shape else 0
    if not shape or rows >= shape[0] or not _is_row_by_row(outputs, axes, len(shape)):
        return body(*arrays, axes=axes)
    number_of_blocks = -(-shape[0] // max(rows, 2))
    blocks = _Blocks(lambda *block: body(*block, axes=axes), arrays, shape, -(-shape[0] // number_of_blocks))
    return blocks.joined(empty, number)


@cache
def makes_arrays(outputs: tuple[Node, ...]) -> bool:
    """Return True if a word that no loop computes, such as an order or a pair, has values along two axes."""
    words = [WORDS[node.word] for node in walk(*map(lower, outputs)) if node.word in WORDS and len(node.axes) > 1]
    return any(one.along is Along.ROW and "numpy" in one.spelling and "llvm" not in one.spelling for one in words)


def _largest(outputs: tuple[Node, ...], axes: Dimensions, shape: tuple[int, ...]) -> int:
    """Return the number of elements of the largest value of a formula; of rows and elements, all have that of all."""
    together = _dimensions(outputs, axes)
    return max((math.prod(shape[i] for i in own) for own in together), default=0) if together else math.prod(shape)


@cache
def _dimensions(outputs: tuple[Node, ...], axes: Dimensions) -> frozenset[frozenset[int]]:
    """Return the sets of dimensions of the values of a formula whose axes have one each; of others, none."""
    known = {name: one for name, one in axes.pairs if isinstance(one, int)}
    found = {node.axes for node in walk(*map(lower, outputs))}  # without what is only written
    if not all(own <= known.keys() for own in found):
        return frozenset()
    return frozenset(frozenset(known[name] for name in own) for own in found)


def _is_row_by_row(outputs: Sequence[Node], axes: Dimensions, dimensions: int) -> bool:
    """Return True if a result at one place of the first axis depends on no other place of that axis."""
    along = [axes[name] for name in crossed(walk(*outputs))]
    return all(one % dimensions != 0 for axis in along for one in (axis if isinstance(axis, tuple) else (axis,)))


@dataclass(frozen=True)
class _Blocks:
    """A function of arrays of some shape, applied to some of their rows at a time."""

    body: Body
    arrays: Sequence[Array]
    shape: tuple[int, ...]
    rows: int

    def joined(self, empty: Callable[[tuple[int, ...], DType], Array], number: int) -> tuple[Array, ...]:
        """Return the results of all blocks joined; a result that does not vary with the rows, from the first block."""
        # Freed at once: from then on, glibc keeps freed memory of such sizes for the next block.
        numpy.empty(8 * BLOCK, numpy.float32)
        first = self._made(0)
        varies = [part.ndim == len(self.shape) and part.shape[0] == self.rows for part in first]
        pairs = zip(first, varies, strict=True)
        whole = [empty((self.shape[0], *part.shape[1:]), part.dtype) if more else part for part, more in pairs]
        varying = [k for k, more in enumerate(varies) if more]

        def put(start: int, parts: Sequence[Array]) -> None:
            for k in varying:
                whole[k][start : start + self.rows] = parts[k]

        put(0, first)
        del first  # beside those of the next block they would cost new memory
        starts = range(self.rows, self.shape[0], self.rows)
        threads.each(lambda: lambda start: put(start, self._made(start)), starts, min(number, AT_ONCE))
        return tuple(whole)

    def _made(self, start: int) -> Sequence[Array]:
        """Return the results of one block, without NumPy's warnings, which each thread has for itself."""
        with numpy.errstate(all="ignore"):
            return self.body(*(self._cut(array, start) for array in self.arrays))

    def _cut(self, array: Array, start: int) -> Array:
        has_rows = getattr(array, "ndim", 0) == len(self.shape) and array.shape[0] == self.shape[0]
        return array[start : start + self.rows] if has_rows else array
