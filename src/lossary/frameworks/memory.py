"""Memory for large arrays: what one has given back is lent to the next.

A system clears the pages of new memory, which takes as long as many a loss. A training loop frees the gradient of one
step before it wants the next, of about the same size.
"""

from __future__ import annotations

import math
import mmap
from contextlib import suppress
from typing import Any

import numpy

__all__ = ["LARGE", "LEFT", "empty", "release"]

FREE, HUGE = getattr(mmap, "MADV_FREE", None), getattr(mmap, "MADV_HUGEPAGE", None)
LARGE = 1 << 22  # bytes: below, the frameworks' own is had sooner
OWN = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_ANONYMOUS") else {}
KEPT = 1 << 28  # bytes that nobody uses
LEFT = KEPT if FREE is None else 1 << 32  # of more, the system may take what it needs; what came first is freed at last

_kept: dict[int, _Memory] = {}  # each change of it is atomic: arrays end at any time, in any thread


class _Memory:
    """Some bytes, in pages of their own."""

    def __init__(self, size: int) -> None:
        try:
            self.pages, self.size = _pages(size), size
        except OSError:
            raise MemoryError(f"there are no {size} bytes for an array") from None
        self.start = numpy.frombuffer(self.pages, numpy.uint8).ctypes.data
        self._advise(HUGE)

    def _advise(self, advice: int | None) -> None:
        if advice is not None:
            with suppress(OSError):  # this system cannot
                self.pages.madvise(advice)

    def keep(self) -> None:
        """Keep it for others, who may take it as soon as it is there."""
        if _unused() + self.size > KEPT:
            self._advise(FREE)
        _kept[id(self)] = self
        while _unused() > LEFT:
            _kept.pop(next(iter(list(_kept)), 0), None)


def _pages(size: int) -> mmap.mmap:
    """New ones, if need be in place of what is kept."""
    try:
        return mmap.mmap(-1, size, **OWN)
    except OSError:
        release()
        return mmap.mmap(-1, size, **OWN)


def _unused() -> int:
    """How many bytes are kept."""
    return sum(memory.size for memory in list(_kept.values()))


class _Lent:
    """What all arrays over some memory hold on to: the memory is given back with the last of them."""

    memory: _Memory | None = None  # until it is made, which may be interrupted

    def __init__(self, memory: _Memory, shape: tuple[int, ...], dtype: Any) -> None:
        self.memory, data = memory, (memory.start, False)
        self.__array_interface__ = {"version": 3, "shape": shape, "typestr": dtype.str, "data": data}

    def __del__(self) -> None:
        if self.memory is not None:
            self.memory.keep()


def empty(shape: tuple[int, ...], dtype: Any) -> Any:
    """A new array."""
    return numpy.asarray(_Lent(_memory(math.prod(shape) * dtype.itemsize), shape, dtype))


def _memory(size: int) -> _Memory:
    """So many bytes or somewhat more: those that came back last, if they fit."""
    for place, memory in reversed(list(_kept.items())):
        if size <= memory.size < 2 * size and _kept.pop(place, None) is not None:
            return memory
    return _Memory(size)


def release() -> None:
    """Free what is kept."""
    _kept.clear()
