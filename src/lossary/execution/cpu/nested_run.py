"""Compiled loops over all places of several axes: compilation, a check on a sample, and runs on several threads."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Hashable, Sequence
from functools import cache, partial
from typing import Any

import numpy

from lossary.execution.cpu import callback
from lossary.execution.cpu.compile import CompiledKernel, compile_kernel
from lossary.execution.cpu.nested import Nest
from lossary.execution.cpu.nested_layout import ALONE, APART, ROOM, Layout, contiguous
from lossary.execution.cpu.sums import BLOCK
from lossary.execution.cpu.text import is_set
from lossary.execution.cpu.verify import WrongKernelError
from lossary.frameworks import threads
from lossary.frameworks.face import AnyFace
from lossary.frameworks.numpy import pointer
from lossary.symbolic.codegen import build
from lossary.symbolic.graph import NUMBER_KINDS

__all__ = ["DTYPES", "LABELS", "Kernel", "Work", "compare", "in_shares", "lie_of", "name_of", "readable", "strides_of"]

Array = numpy.ndarray[Any, Any]
Work = Callable[[range], None]  # on parts of a range
LEAST = 1 << 16  # places that take as long as waking a thread
PART = 1 << 18  # places of a part whose sums are kept apart
MOST_SUMS = PART >> 6  # sums that a part may keep: all parts together, an eighth of an array of float32 at most
SHARES = 4  # steps in which a thread takes its part
OUTER, INNER = 2, BLOCK + 5  # lengths of a sample's axes
DTYPES = ("float32", "float64")
LABELS = "int64"  # may be read as they are
TOLERANCES = {"float32": 2.0**-10, "float64": 2.0**-36}  # relative to the largest result; rounding is far below


def in_shares(kernel: CompiledKernel, worker: Callable[[], Work], outer: int, places: int, step: int = 0) -> None:
    """Call ``worker()`` in each thread, and what it returns with parts of a range, for which it calls a kernel.

    There are several threads if there are enough places. How long the parts are depends on the number of threads,
    unless a step is given.
    """
    number = min(threads.number_for(places, LEAST), outer)
    if number < 2 and not step:
        worker()(range(outer))
        return
    step = step or -(-outer // (number * SHARES))
    parts = (range(start, min(outer, start + step)) for start in range(0, outer, step))
    threads.each(worker, parts, number, partial(callback.together, kernel))


class Kernel:
    """A compiled loop, which was right on a sample when it was compiled."""

    def __init__(self, nest: Nest) -> None:
        self.nest, self.room = nest, max(1, nest.blocks) * BLOCK
        self.call = compile_kernel(nest.text, nest.signature, callback.TEXT, self._check)

    def run(self, layout: Layout, pointers: Sequence[int]) -> None:
        """Run over arrays and results, of which buffers have no memory yet, on threads.

        Results that do not vary along the first axis are sums: each part of it has memory of its own for them. Parts do
        not depend on the number of threads, and are added in order: so the bits are always the same.
        """
        groups, places = layout.groups, layout.places
        step = max(1, PART * groups // places)
        results = range(len(self.nest.arrays), len(pointers))
        own = {k: n for k in results if k not in layout.buffers and (n := layout.shared(k))}
        has_maxima = any(self.nest.end(k) != "total" for k in own)
        if own and (step >= groups or sum(own.values()) > MOST_SUMS or has_maxima):
            own, places = {}, 0  # one thread writes into the results themselves
        sizes = {k: layout.sizes[k] for k in layout.buffers}
        parts: dict[int, list[Array]] = {}

        def worker() -> Work:
            rooms = [numpy.empty(n, self.nest.dtypes[k]) for k, n in sizes.items()]
            last = layout.numbers, numpy.empty(self.room, self.nest.dtype), numpy.empty(2 * BLOCK)

            def work(part: range) -> None:
                made = parts[part.start] = [numpy.zeros(n) for n in own.values()]
                at = dict(enumerate(pointers))
                at |= zip((*own, *sizes), map(pointer, (*made, *rooms)), strict=True)
                self.call(*at.values(), *map(pointer, last), part.start, part.stop)

            return work

        in_shares(self.call, worker, groups, places, step if own else 0)
        for start in sorted(parts):
            for (k, n), part in zip(own.items(), parts[start], strict=True):
                numpy.asarray((ctypes.c_double * n).from_address(pointers[k]))[:] += part

    def _check(self, call: CompiledKernel) -> None:
        """Raise WrongKernelError unless the results on a sample are those of NumPy."""
        self.call, sample, nest = call, Sample(self.nest), self.nest
        pairs = list(enumerate(zip(sample.found(self), sample.expected(), strict=True)))
        for k, (found, expected) in pairs[len(nest.arrays) :]:
            if k not in nest.buffers:
                compare(found, expected, nest.dtype)


class Sample:
    """Arrays that lie as those of a kernel, and what NumPy makes of them."""

    def __init__(self, nest: Nest) -> None:
        self.nest, draw = nest, numpy.random.default_rng(0)
        others = [OUTER] * (nest.depth - 2) + [OUTER if nest.turned else INNER] * (nest.depth > 1)
        first = INNER if nest.turned or not others else OUTER + ROOM // math.prod(others)  # more than a group
        self.lengths = (first, *others)
        self.arrays = [self._laid(k) for k in range(len(nest.names))]
        for k, node in enumerate(nest.arrays):
            shape = self.arrays[k].shape
            is_whole = node.label in NUMBER_KINDS
            self.arrays[k][...] = draw.integers(0, 2, shape) if is_whole else draw.normal(size=shape)

    def _laid(self, k: int) -> Array:
        """Return an array that lies as one of the kernel's does, and holds what a result begins with."""
        nest, lies = self.nest, self.nest.lies[k]
        shape = [1 if how == ALONE else n for n, how in zip(self.lengths, lies, strict=True)]
        moving = [axis for axis, how in enumerate(lies) if how != ALONE]
        is_apart = bool(moving) and lies[moving[0 if nest.turned else -1]] == APART
        strides = contiguous(shape, turned=nest.turned, step=2 if is_apart else 1)
        size = 1 + sum(step * (n - 1) for n, step in zip(shape, strides, strict=True))
        memory = numpy.full(size, -math.inf if nest.end(k) == "greatest" else 0, nest.dtypes[k])
        return numpy.lib.stride_tricks.as_strided(memory, shape, [step * memory.itemsize for step in strides])

    def found(self, kernel: Kernel) -> list[Array]:
        """Return the arrays and results of a run."""
        nest = self.nest
        strides = [strides_of(one, self.lengths) for one in self.arrays]
        layout = Layout(self.lengths, tuple(strides), nest.spans, nest.turned, nest.buffers)
        kernel.run(layout, [one.ctypes.data for one in self.arrays])
        return self.arrays

    def expected(self) -> list[Array]:
        """Return the arrays, and the results of NumPy."""
        nest = self.nest
        found: list[Array] = [one.astype(nest.dtype) for one in self.arrays[: len(nest.arrays)]]
        for values, spans in zip(nest.loops, nest.spans, strict=True):
            shape = [n if spanned else 1 for n, spanned in zip(self.lengths, spans, strict=True)]
            known = dict(zip(nest.names, found, strict=False))
            symbols = tuple(sorted(known, key=lambda node: bool(is_set(node))))  # numbers have the dtype of the first
            given = [known[node] != 0 if is_set(node) else known[node] for node in symbols]
            with numpy.errstate(all="ignore"):
                made = build(values, symbols, "numpy")(*given)
                found += [
                    self._ended(k, numpy.broadcast_to(numpy.asarray(value, nest.dtype), shape))
                    for k, value in enumerate(made, len(found))
                ]
        return found

    def _ended(self, k: int, values: Array) -> Array:
        """Return the result that a kernel makes of the values of a loop."""
        gone = tuple(i for i, (n, m) in enumerate(zip(self.arrays[k].shape, values.shape, strict=True)) if n != m)
        if self.nest.end(k) == "greatest":
            return numpy.asarray(values.max(axis=gone, keepdims=True))
        return values.sum(axis=gone, keepdims=True, dtype=numpy.float64).astype(values.dtype) if gone else values


def readable(face: AnyFace, value: Any, like: Any, also: str = "") -> Any:
    """Return a value as an array with the axes of another, and with its dtype or ``also``.

    Its strides are whole numbers.
    """
    if not getattr(value, "ndim", 0):  # a number, whose memory may go before it is read
        number = face.asarray(face.scalar(float(value), like, like.dtype), like)
        return face.reshape(number, (1,) * like.ndim)
    if value.dtype != like.dtype and name_of(value) != also:
        return face.cast(value, like.dtype)
    is_field = isinstance(value, numpy.ndarray) and any(step % value.itemsize for step in value.strides)
    return numpy.ascontiguousarray(value) if is_field else value


def name_of(array: Any) -> str:
    """Return the name of an array's dtype."""
    return _name(array.dtype)


@cache
def _name(dtype: Any) -> str:
    return str(dtype).removeprefix("torch.")  # which NumPy takes long for


def lie_of(array: Any) -> Hashable:
    """Return what tells how an array of NumPy or PyTorch lies in memory, and its dtype."""
    return array.shape, array.stride() if hasattr(array, "stride") else array.strides, array.dtype


def strides_of(array: Any, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the strides of an array of NumPy or PyTorch, in numbers, broadcast to a shape of as many axes."""
    steps = array.stride() if hasattr(array, "stride") else [step // array.itemsize for step in array.strides]
    return tuple([0 if n == 1 != m else int(step) for n, m, step in zip(array.shape, shape, steps, strict=True)])


def compare(found: Array, exact: Array, dtype: str) -> None:
    """Raise unless a result is near the exact one."""
    size = numpy.nanmax(abs(numpy.where(numpy.isfinite(exact), exact, 0.0)), initial=1.0)
    with numpy.errstate(all="ignore"):
        near = (abs(found - exact) <= TOLERANCES[dtype] * size) | (found == exact)
        near |= numpy.isnan(found) & numpy.isnan(exact)
    if not near.all():
        place = numpy.unravel_index(numpy.argmin(near), near.shape)
        raise WrongKernelError(f"on a sample it gives {found[place]:.9g} where the formula gives {exact[place]:.9g}")
