"""Compiled loops over all places of several axes: compilation, a check on a sample, and runs on several threads."""

from __future__ import annotations

import ctypes
import math
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import numpy

from lossary.execution.cpu import threads
from lossary.execution.cpu.compile import CompiledKernel, compile_kernel
from lossary.execution.cpu.nested import ALONE, APART, Layout, Nest
from lossary.execution.cpu.sums import BLOCK
from lossary.execution.cpu.text import is_set
from lossary.execution.cpu.verify import WrongKernelError
from lossary.frameworks.face import AnyFace
from lossary.symbolic.codegen import build
from lossary.symbolic.graph import NUMBER_KINDS, Node

__all__ = ["DTYPES", "Kernel", "compare", "in_shares", "readable", "strides_of"]

Array = numpy.ndarray[Any, Any]
LEAST = 1 << 16  # places that take as long as waking a thread
PART = 1 << 18  # places of a part whose sums are kept apart
MOST_SUMS = PART >> 6  # sums that a part may keep: all parts together, an eighth of an array of float32 at most
SHARES = 4  # steps in which a thread takes its part
OUTER, INNER = 3, BLOCK + 5  # lengths of a sample's axes
DTYPES = ("float32", "float64")
TOLERANCES = {"float32": 2.0**-10, "float64": 2.0**-36}  # relative to the largest result; rounding is far below


def in_shares(work: Callable[[int, int], None], outer: int, places: int, step: int = 0) -> None:
    """Call ``work(start, stop)`` for parts of a range, on threads if there are enough places.

    How long the parts are depends on the number of threads, unless a step is given.
    """
    number = min(threads.number_for(places, LEAST), outer)
    if number < 2 and not step:
        work(0, outer)
        return
    step = step or -(-outer // (number * SHARES))
    starts = deque(range(0, outer, step))

    def take() -> None:
        with suppress(IndexError):  # when no part is left
            while True:
                start = starts.popleft()
                work(start, min(outer, start + step))

    threads.together(take, max(1, number))


class Kernel:
    """A compiled loop, which was right on a sample when it was compiled."""

    def __init__(self, nest: Nest) -> None:
        self.nest, self.room = nest, max(1, nest.blocks) * BLOCK
        self.call = compile_kernel(nest.text, nest.signature, check=self._check)

    def run(self, layout: Layout, results: int, pointers: Sequence[int]) -> None:
        """Run over arrays, of which the last are ``results``, on threads.

        Results that do not vary with the outermost loop are sums: each part of it has memory of its own for them. Parts
        do not depend on the number of threads, and are added in order: so the bits are always the same.
        """
        outer, places = layout.parts, math.prod(layout.lengths)
        lie = numpy.array(layout.numbers, numpy.int64)
        step = max(1, PART * outer // places)
        own = {k: n for k in range(len(pointers) - results, len(pointers)) if (n := layout.shared(k))}
        if own and (step >= outer or sum(own.values()) > MOST_SUMS):
            own, places = {}, 0  # one thread writes into the results themselves
        parts: dict[int, list[Array]] = {}

        def work(start: int, stop: int) -> None:
            scratch, halves = numpy.empty(self.room, self.nest.dtype), numpy.empty(2 * BLOCK)
            parts[start] = [numpy.zeros(n) for n in own.values()]
            at = dict(enumerate(pointers)) | dict(zip(own, (part.ctypes.data for part in parts[start]), strict=True))
            self.call(*at.values(), *(one.ctypes.data for one in (lie, scratch, halves)), start, stop)

        in_shares(work, outer, places, step if own else 0)
        for start in sorted(parts):
            for (k, n), part in zip(own.items(), parts[start], strict=True):
                numpy.asarray((ctypes.c_double * n).from_address(pointers[k]))[:] += part

    def _check(self, call: CompiledKernel) -> None:
        """Raise WrongKernelError unless the results on a sample are those of NumPy."""
        nest, draw = self.nest, numpy.random.default_rng(0)
        self.call = call
        arrays = [_sample(draw, node, how, nest) for node, how in zip(nest.arrays, nest.innermost, strict=False)]
        shape = (*(OUTER,) * (nest.depth - 1), INNER)
        with numpy.errstate(all="ignore"):
            given = [one != 0 if is_set(node) else one for node, one in zip(nest.arrays, arrays, strict=True)]
            values = build(nest.values, nest.arrays, "numpy")(*given)
            expected = [numpy.broadcast_to(numpy.asarray(value, nest.dtype), shape) for value in values]
        found = [self._result(k, shape) for k in range(len(expected))]
        strides = [strides_of(one, shape) for one in (*arrays, *found)]
        self.run(
            Layout(shape, tuple(strides), nest.by_blocks), len(found), [one.ctypes.data for one in (*arrays, *found)]
        )
        for own, wanted in zip(found, expected, strict=True):
            compare(own, wanted, nest.dtype)

    def _result(self, k: int, shape: tuple[int, ...]) -> Array:
        """Allocate a result of the sample: a sum is one over the innermost axis, or else over all others."""
        if not self.nest.sums[k]:
            return numpy.empty(shape, self.nest.dtype)
        is_inner = self.nest.innermost[len(self.nest.arrays) + k] == ALONE
        return numpy.zeros((*shape[:-1], 1) if is_inner else (*(1,) * (len(shape) - 1), shape[-1]))


def readable(face: AnyFace, value: Any, like: Any) -> Any:
    """Return a value as an array with the axes and the dtype of another, whose strides are whole numbers."""
    if not getattr(value, "ndim", 0):  # a number, whose memory may go before it is read
        number = face.asarray(face.scalar(float(value), like, like.dtype), like)
        return face.reshape(number, (1,) * like.ndim)
    if value.dtype != like.dtype:
        return face.cast(value, like.dtype)
    is_field = isinstance(value, numpy.ndarray) and any(step % value.itemsize for step in value.strides)
    return numpy.ascontiguousarray(value) if is_field else value


def strides_of(array: Any, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the strides of an array of NumPy or PyTorch, in numbers, broadcast to a shape of as many axes."""
    steps = array.stride() if hasattr(array, "stride") else [step // array.itemsize for step in array.strides]
    return tuple([0 if n == 1 != m else int(step) for n, m, step in zip(array.shape, shape, steps, strict=True)])


def _sample(draw: numpy.random.Generator, node: Node, how: str, nest: Nest) -> Array:
    """Draw an array that lies along the innermost axis in some way."""
    step = 2 if how == APART else 1
    shape = (*(OUTER,) * (nest.depth - 1), 1 if how == ALONE else step * INNER)
    numbers = draw.normal(size=shape) if node.label not in NUMBER_KINDS else draw.integers(0, 2, shape)
    return numbers.astype(nest.dtype)[..., ::step]


def compare(found: Array, values: Array, dtype: str) -> None:
    """Raise unless a result is near the values, or near their sums if it is smaller."""
    gone = tuple(i for i, (n, m) in enumerate(zip(found.shape, values.shape, strict=True)) if n != m)
    exact = values.astype(numpy.float64).sum(axis=gone, keepdims=True) if gone else values
    size = numpy.nanmax(abs(numpy.where(numpy.isfinite(exact), exact, 0.0)), initial=1.0)
    with numpy.errstate(all="ignore"):
        near = (abs(found - exact) <= TOLERANCES[dtype] * size) | (found == exact)
        near |= numpy.isnan(found) & numpy.isnan(exact)
    if not near.all():
        place = numpy.unravel_index(numpy.argmin(near), near.shape)
        raise WrongKernelError(f"on a sample it gives {found[place]:.9g} where the formula gives {exact[place]:.9g}")
