"""Recurrences by compiled kernels: their arrays, a check on a sample, and runs on several threads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy

from lossary.contract.keywords import as_tuple
from lossary.execution.cpu import callback, safety
from lossary.execution.cpu.compile import CompiledKernel, compile_kernel
from lossary.execution.cpu.nested_layout import ALONE, APART, lies
from lossary.execution.cpu.nested_run import DTYPES, Work, compare, in_shares, readable, strides_of
from lossary.execution.cpu.recurrent import StepKernel, displaced_along, has_kernel
from lossary.frameworks import load
from lossary.frameworks.face import AnyFace, Array, Dimensions
from lossary.frameworks.numpy import pointer
from lossary.symbolic import codegen
from lossary.symbolic.recurrence import Step

__all__ = ["Compiled", "States"]

ITEMS, TIMES, PLACES = 2, 3, 7  # lengths of a sample's axes


class States:
    """The function ``states`` of printed text: by kernels where there are some, else as the framework has it."""

    def __init__(self, face: AnyFace, target: str) -> None:
        self.face, self.plain = face, codegen.FUNCTIONS[target]["states"]
        self.kernels: dict[Any, Compiled | None] = {}

    def __call__(self, step: Any, by: float, start: Any, at: Array, *rest: Any) -> Array:
        (_, _, made), (*inputs, axis, axes) = step, rest
        dtype = str(at.dtype).removeprefix("torch.")
        sizes = [n for one in (*inputs, start, at) for n in getattr(one, "shape", ())]
        if dtype in DTYPES and 0 not in sizes and has_kernel(made):
            arrays = [readable(self.face, one, at) for one in (*inputs, start)]
            shape = numpy.broadcast_shapes(*(one.shape for one in arrays), at.shape)
            run = _Run.of(shape, axis, _inner(made, axes, shape, axis, arrays), by)
            conditions = tuple("bool" in str(getattr(one, "dtype", "")) for one in inputs)
            if compiled := self._kernel(made, run, arrays, conditions, dtype):
                return run.states(self.face, compiled, arrays, at)
        found: Array = self.plain(step, by, start, at, *rest)
        return found

    def _kernel(
        self, step: Step, run: _Run, arrays: Sequence[Array], conditions: tuple[bool, ...], dtype: str
    ) -> Compiled | None:
        lie = tuple(lies(run.strides(one)[-1]) for one in arrays if run.inner is not None)
        key = step, lie, conditions, max(1, len(run.outer)), dtype
        if key not in self.kernels:
            kernel = StepKernel(*key)
            self.kernels[key] = safety.attempt(("step", key), "a recurrence", lambda: Compiled(kernel))
        return self.kernels[key]


def _inner(step: Step, axes: Dimensions, shape: tuple[int, ...], time: int, arrays: Sequence[Array]) -> int | None:
    """Return the axis of a state: that of its displacements, or the last one that has places.

    None if what depends on one place alone is best made place by place: if times are side by side in memory.
    """
    (found,) = displaced_along(step) or {""}
    if found:
        return int(as_tuple(axes[found])[0]) % len(shape)
    others = [i for i in range(len(shape)) if i != time % len(shape) and shape[i] > 1]
    is_row = any(one.shape[time] > 1 and strides_of(one, shape)[time] == 1 for one in arrays)
    return None if is_row or not others else others[-1]


@dataclass(frozen=True)
class _Run:
    """The axes of a recurrence over arrays: those outside, the times, and the places of a state, if it has several."""

    shape: tuple[int, ...]
    outer: tuple[int, ...]
    time: int
    inner: int | None
    by: float

    @staticmethod
    def of(shape: tuple[int, ...], time: int, inner: int | None, by: float) -> _Run:
        outer = tuple(i for i in range(len(shape)) if i not in (time % len(shape), inner))
        return _Run(shape, outer, time % len(shape), inner, by)

    @property
    def order(self) -> tuple[int, ...]:
        return (*self.outer, self.time, *([] if self.inner is None else [self.inner]))

    def strides(self, array: Array) -> list[int]:
        """Return the strides of an array, in the kernel's order of axes; 0 where it has one place only."""
        own = strides_of(array, self.shape)
        return [own[i] if array.shape[i] > 1 else 0 for i in self.order]

    def states(self, face: AnyFace, compiled: Compiled, arrays: Sequence[Array], like: Array) -> Array:
        """Return all states."""
        lengths = [self.shape[i] for i in self.order]
        made = face.maker(tuple(lengths), like.dtype)()
        strides = [self.strides(one) for one in arrays]
        strides.append([math.prod(lengths[i + 1 :]) for i in range(len(lengths))])
        if not self.outer:  # a kernel has one axis outside at least
            lengths, strides = [1, *lengths], [[0, *each] for each in strides]
        times = range(self.shape[self.time])
        lie = [*lengths, *(step for each in strides for step in each), *(times if self.by > 0 else reversed(times))]
        compiled.run(lengths, lie, [face.pointer(one) for one in (*arrays, made)])
        return face.permute(made, [self.order.index(i) for i in range(len(self.shape))])


class Compiled:
    """A compiled kernel of a step, which was right on a sample when it was compiled."""

    def __init__(self, kernel: StepKernel) -> None:
        self.kernel = kernel
        self.call = compile_kernel(kernel.text, kernel.signature, callback.TEXT, self._check)

    def run(self, lengths: Sequence[int], lie: Sequence[int], pointers: Sequence[int]) -> None:
        """Make all states."""
        where, room = numpy.array(lie, numpy.int64), max(1, self.kernel.room(lengths[-1]))

        def worker() -> Work:
            scratch = numpy.empty(room, self.kernel.dtype)
            return lambda part: self.call(*pointers, pointer(where), pointer(scratch), part.start, part.stop)

        in_shares(self.call, worker, lengths[0], math.prod(lengths))

    def _check(self, call: CompiledKernel) -> None:
        """Raise WrongKernelError unless the states of a sample are those of NumPy."""
        self.call, kernel, face = call, self.kernel, load("numpy")
        draw = numpy.random.default_rng(0)
        outer = (ITEMS,) * (kernel.outer - kernel.is_number)  # the last axis is outside, too, if a state has one place
        shape = (*outer, TIMES, PLACES if {*kernel.innermost} - {ALONE} else 1)
        lengths = [(*outer, TIMES if moves else 1) for moves in (*kernel.step.moving, False)]
        how = kernel.innermost or (ALONE,) * len(lengths)
        arrays = [_sample(draw, *each, kernel.dtype) for each in zip(lengths, how, strict=True)]
        like = numpy.empty(shape, kernel.dtype)
        inner = None if kernel.is_number else len(outer) + 1
        found = _Run.of(shape, len(outer), inner, 1.0).states(face, self, arrays, like)
        axes = Dimensions(tuple((name, len(outer) + 1) for name in displaced_along(kernel.step)))
        truths = (*kernel.conditions, False)
        *inputs, start = (one != 0 if is_one else one for one, is_one in zip(arrays, truths, strict=True))
        step, plain = codegen.step_function(kernel.step, "numpy"), codegen.FUNCTIONS["numpy"]["states"]
        with numpy.errstate(all="ignore"):
            expected = plain(step, 1.0, start, like, *inputs, len(outer), axes)
        compare(numpy.asarray(found), numpy.broadcast_to(expected, shape), kernel.dtype)


def _sample(draw: numpy.random.Generator, shape: tuple[int, ...], how: str, dtype: str) -> Any:
    """Draw an array, some of it 0, that lies along the state in some way."""
    step = 2 if how == APART else 1
    numbers = draw.normal(size=(*shape, 1 if how == ALONE else step * PLACES))
    return (numbers * (abs(numbers) > 0.5)).astype(dtype)[..., ::step]
