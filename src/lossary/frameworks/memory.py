"""A pool of memory for large arrays: memory that one array has released is reused for the next.

An operating system clears the pages of new memory, which takes as long as many a loss. A training loop frees the
gradient of one step before it needs the next, of about the same size.
"""

from __future__ import annotations

import math
import mmap
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy
from numpy.typing import NDArray

__all__ = ["LARGE", "LEFT", "empty", "new", "overlaps_itself", "release"]

FREE, HUGE = getattr(mmap, "MADV_FREE", None), getattr(mmap, "MADV_HUGEPAGE", None)
LARGE = 1 << 22  # bytes: below, the allocators of the frameworks are faster
FLAGS = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_ANONYMOUS") else {}
KEPT = 1 << 28  # unused bytes that are kept as they are
LEFT = KEPT if FREE is None else 1 << 32  # unused bytes that are kept, of which the system may reclaim those over KEPT

_kept: dict[int, _Memory] = {}  # each change of it is atomic: arrays end at any time, in any thread


class _Memory:
    """Some bytes, in pages of their own."""

    def __init__(self, size: int) -> None:
        try:
            self.pages, self.size = _pages(size), size
        except OSError:
            raise MemoryError(f"cannot allocate {size} bytes for an array") from None
        self.start = numpy.frombuffer(self.pages, numpy.uint8).ctypes.data
        self._advise(HUGE)

    def _advise(self, advice: int | None) -> None:
        if advice is not None:
            with suppress(OSError):  # this system cannot
                self.pages.madvise(advice)

    def keep(self) -> None:
        """Add the memory to the pool, from which another thread may take it at once; free the oldest over LEFT."""
        if _unused() + self.size > KEPT:
            self._advise(FREE)
        _kept[id(self)] = self
        while _unused() > LEFT:
            _kept.pop(next(iter(list(_kept)), 0), None)


def _pages(size: int) -> mmap.mmap:
    """Return new pages; if there are none, free the pool and try again."""
    try:
        return mmap.mmap(-1, size, **FLAGS)
    except OSError:
        release()
        return mmap.mmap(-1, size, **FLAGS)


def _unused() -> int:
    """Return the number of bytes in the pool."""
    return sum(memory.size for memory in list(_kept.values()))


class _Lent:
    """Owner of some memory on behalf of all arrays over it: the last of them returns it to the pool."""

    memory: _Memory | None = None  # until it is made, which may be interrupted

    def __init__(self, memory: _Memory, shape: tuple[int, ...], dtype: numpy.dtype[Any]) -> None:
        self.memory, data = memory, (memory.start, False)
        self.__array_interface__ = {"version": 3, "shape": shape, "typestr": dtype.str, "data": data}

    def __del__(self) -> None:
        if self.memory is not None:
            self.memory.keep()


def new(shape: tuple[int, ...], dtype: numpy.dtype[Any]) -> NDArray[Any]:
    """Return an uninitialised array, in memory of the pool if it is large."""
    make = empty if math.prod(shape) * dtype.itemsize >= LARGE else numpy.empty
    return make(shape, dtype)


def empty(shape: tuple[int, ...], dtype: numpy.dtype[Any]) -> NDArray[Any]:
    """Return an uninitialised array in memory of the pool."""
    return numpy.asarray(_Lent(_memory(math.prod(shape) * dtype.itemsize), shape, dtype))


def _memory(size: int) -> _Memory:
    """Return memory of at least ``size`` bytes: the last of the pool that fits and is not twice as large, or new."""
    for place, memory in reversed(list(_kept.items())):
        if size <= memory.size < 2 * size and _kept.pop(place, None) is not None:
            return memory
    return _Memory(size)


def overlaps_itself(shape: Sequence[int], strides: Sequence[int], itemsize: int = 1) -> bool:
    """Return True if elements of an array may share memory: an axis steps less far than what those inside it reach."""
    reach = itemsize
    for step, length in sorted((abs(step), length) for step, length in zip(strides, shape, strict=True) if length > 1):
        if step < reach:
            return True
        reach += step * (length - 1)
    return False


def release() -> None:
    """Free the memory of the pool."""
    _kept.clear()
