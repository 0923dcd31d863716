"""Compiled kernels for the CPU: chosen, called with raw pointers over fixed chunks, and their sums put together."""

from __future__ import annotations

import math
from collections.abc import Callable
from ctypes import addressof, c_byte, c_double
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy

from lossary.cpu import halves, pointwise, rows, sums, threads
from lossary.cpu.compile import available, compile_kernel
from lossary.cpu.halves import HALVES
from lossary.cpu.sums import BLOCK
from lossary.cpu.text import Arguments, Body
from lossary.cpu.words import prelude
from lossary.graph import Node, constant
from lossary.kinds.program import Measured, Work
from lossary.simplify import leaves
from lossary.vocabulary import guard

__all__ = ["Pass", "measure", "prepared", "serves"]

BODIES: dict[str, Any] = {"pointwise": pointwise, "row": rows, "softmax": rows, "overlap": rows}
BUILT_IN = ("class_index", "classes")  # a kernel knows them
OWN = ", ".join([f"CPointer({kind})" for kind in ("float64", "{0}", "float64")] + ["int64"] * 5)
LINE = 64  # bytes that a processor reads at a time: a vector across two of them takes it twice as long
LARGE = 1 << 16  # bytes
SCRATCH_AT = 8 * 2 * BLOCK  # bytes into a thread's own memory, after what sums need


class Forms(NamedTuple):
    """In what form a call has its inputs, by their names."""

    numbers: tuple[str, ...]  # numbers, which are not read from arrays
    halves: tuple[tuple[str, str], ...]  # arrays of half precision, and of which
    over: tuple[str, ...]  # arrays that gradients are written over


@dataclass(frozen=True)
class Kernel:
    """A compiled pass, and what it takes."""

    run: Callable[..., None]
    arrays: tuple[str, ...]
    numbers: tuple[str, ...]
    body: Body
    sums: int
    size: int  # of a number, in bytes
    over: tuple[int, ...]  # the arrays that gradients are written over


def serves(call: Any) -> bool:
    """Whether a compiled kernel computes this call: its values lie in memory, its rows along the last axes."""
    body = BODIES.get(call.record.kind)
    return bool(body and call.face.has_pointers and not call.options.guard and body.serves(call) and available())


def measure(call: Any, work: Work) -> Measured:
    """Sums and arrays of a call, in one pass over its inputs.

    A wrong item makes the first sum NaN; only then does anybody look for one.
    """
    run = prepared(call, work)
    return run([call.inputs[name] for name in run.kernel.arrays], float(work.scale), work.out)


def prepared(call: Any, work: Work) -> Pass:
    """The pass that some work of a call needs."""
    dtype = str(call.dtype).removeprefix("torch.")
    predictions = [argument.name for argument in call.record.predictions]
    own_type = all(call.inputs[name].dtype == call.dtype for name in predictions)
    forms = Forms(
        numbers=tuple(name for name, value in call.inputs.items() if isinstance(value, float)),
        halves=tuple((name, half) for name, value in call.inputs.items() if (half := _half(value))),
        over=tuple(predictions) if work.in_place and own_type else (),
    )
    kernel = _kernel(call.record.kind, call.program.valid, work.sums, work.losses, work.gradients, forms, dtype)
    return Pass(kernel, call, work)


def _half(value: Any) -> str:
    """The type of an array of half precision, else nothing."""
    name = str(getattr(value, "dtype", "")).removeprefix("torch.")
    return name if name in HALVES else ""


class Pass:
    """A kernel, bound to all of a call but its arrays."""

    def __init__(self, kernel: Kernel, call: Any, work: Work) -> None:
        self.kernel, self.face = kernel, call.face
        self.sums, self.gradients = len(work.sums), len(work.gradients)
        self.over = kernel.over
        shapes = [call.items] * len(work.losses) + [call.shape] * (self.gradients - len(self.over))
        self.fresh = [call.face.maker(shape, call.dtype) for shape in shapes]
        self.numbers = [float(call.inputs[name]) for name in kernel.numbers]
        chunks, size = BODIES[call.record.kind].extent(call)
        self.launch = _launcher(kernel, chunks, *size)

    def __call__(self, arrays: list[Any], scale: float = 1.0, out: tuple[Any, ...] = ()) -> Measured:
        """Run over arrays that hold the kernel's inputs, of its dtypes."""
        face = self.face
        inputs = [face.in_order(array) for array in arrays]
        fresh = [make() for make in self.fresh]
        for k, buffer in enumerate(out, len(fresh) - len(out)):
            fresh[k] = buffer if face.is_in_order(buffer) else fresh[k]
        totals = self.launch(*map(face.pointer, (*inputs, *fresh)), *self.numbers, scale)
        losses = len(fresh) - self.gradients + len(self.over)
        gradients = fresh[losses:]
        gradients += [inputs[i] if inputs[i] is arrays[i] else face.write(inputs[i], arrays[i]) for i in self.over]
        for k, buffer in enumerate(out):
            gradients[k] = buffer if gradients[k] is buffer else face.write(gradients[k], buffer)
        return Measured(totals[: self.sums], fresh[:losses], gradients, math.isnan(totals[0]))


def _launcher(kernel: Kernel, chunks: int, rows: int, columns: int) -> Callable[..., list[float]]:
    """What runs a kernel over all chunks, given its pointers and numbers, and returns the sums, exactly rounded."""
    run, each = kernel.run, 2 * chunks
    partial = c_double * (kernel.sums * each)
    room = _memory(SCRATCH_AT + kernel.size * (kernel.body.blocks * BLOCK + kernel.body.rows * columns))

    def one(*arguments: float) -> list[float]:
        sums, own = partial(), room()
        at = addressof(own) + LINE & -LINE
        run(*arguments, at, at + SCRATCH_AT, addressof(sums), 1, rows, columns, 0, 1)
        return [high + low if low == low else high for high, low in zip(sums[::2], sums[1::2], strict=True)]

    def several(*arguments: float) -> list[float]:
        sums = partial()
        to = addressof(sums)

        def task(start: int, stop: int) -> None:
            own = room()
            at = addressof(own) + LINE & -LINE
            run(*arguments, at, at + SCRATCH_AT, to, chunks, rows, columns, start, stop)

        threads.run(task, chunks, kernel.body.least)
        return [_add_up(sums[k * each : (k + 1) * each]) for k in range(kernel.sums)]

    return one if chunks == 1 else several


def _memory(size: int) -> Callable[[], Any]:
    """What makes a thread's own memory, and room to begin at a line. NumPy does not fill it with zeros."""
    kind = c_byte * (size + LINE)
    return kind if size < LARGE else lambda: kind.from_buffer(numpy.empty(size + LINE, numpy.uint8).data)


def _add_up(parts: list[float]) -> float:
    """The sum of the chunks' sums, each of two parts; an infinite one has no second part."""
    total = sum(parts[::2])
    return math.fsum(parts) if total - total == 0 else total


@cache
def _kernel(
    kind: str,
    valid: Node,
    over: tuple[Node, ...],
    losses: tuple[Node, ...],
    gradients: tuple[Node, ...],
    forms: Forms,
    dtype: str,
) -> Kernel:
    """The kernel for some work."""
    checked = (guard(valid, over[0] if over else constant(0.0)), *over[1:])
    work = Work(checked, losses, gradients)
    symbols = [s for s in leaves(*work.nodes) if s.label not in BUILT_IN]
    numbers = tuple(s for s in symbols if s.label in forms.numbers or s.label == "ignore_label")
    arrays = tuple(s for s in symbols if s not in numbers)
    arguments = Arguments(arrays, numbers, len(losses), len(gradients), forms.over, forms.halves)
    body = BODIES[kind].body(work, arguments)
    text = "\n\n".join((prelude(dtype), sums.source(dtype), halves.source(forms.halves), body.text))
    run = compile_kernel(text, f"void({arguments.signature(dtype)}, {OWN.format(dtype)})")
    names, of_numbers = (tuple(str(symbol.label) for symbol in symbols) for symbols in (arrays, numbers))
    places = tuple(names.index(name) for name in forms.over)
    return Kernel(run, names, of_numbers, body, len(checked), numpy.dtype(dtype).itemsize, places)
