"""Compiled kernels for the CPU: chosen, called with raw pointers over fixed chunks, and their sums put together."""

from __future__ import annotations

import math
from collections.abc import Callable
from ctypes import addressof, c_double
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from lossary.cpu import pointwise, rows, sums, threads, xla
from lossary.cpu.compile import available, compile_entry, compile_kernel
from lossary.cpu.sums import BLOCK
from lossary.cpu.text import Arguments, Body
from lossary.cpu.words import prelude
from lossary.graph import Node, constant
from lossary.kinds.program import Measured, Work
from lossary.simplify import leaves
from lossary.vocabulary import guard

__all__ = ["Pass", "compiles", "for_xla", "measure", "prepared", "serves"]

BODIES: dict[str, Any] = {"pointwise": pointwise, "row": rows, "softmax": rows, "overlap": rows}
BUILT_IN = ("class_index", "classes")  # a kernel knows them
OWN = ", ".join([f"CPointer({kind})" for kind in ("float64", "{0}", "float64")] + ["int64"] * 5)
SCRATCH_AT = 8 * 2 * BLOCK  # bytes into a thread's own memory, after what sums need


@dataclass(frozen=True)
class Kernel:
    """A compiled pass, and what it takes."""

    run: Callable[..., None]
    arrays: tuple[str, ...]
    numbers: tuple[str, ...]
    body: Body
    sums: int


def serves(call: Any) -> bool:
    """Whether a compiled kernel computes this call: its values lie in memory, its rows along the last axes."""
    return call.face.has_pointers and not call.options.guard and compiles(call)


def compiles(call: Any) -> bool:
    """Whether there is a compiled kernel for this call, for whoever has its values."""
    body = BODIES.get(call.record.kind)
    return bool(body and body.serves(call) and available())


def measure(call: Any, work: Work) -> Measured:
    """Sums and arrays of a call, in one pass over its inputs.

    A wrong item makes the first sum NaN; only then does anybody look for one.
    """
    run = prepared(call, work)
    return run([call.inputs[name] for name in run.kernel.arrays], float(work.scale), work.out)


def prepared(call: Any, work: Work) -> Pass:
    """The pass that some work of a call needs."""
    return Pass(_kernel(_printed(call, work)), call, work)


class Pass:
    """A kernel, bound to all of a call but its arrays."""

    def __init__(self, kernel: Kernel, call: Any, work: Work) -> None:
        self.kernel, self.face = kernel, call.face
        self.sums, self.gradients = len(work.sums), len(work.gradients)
        self.over = [kernel.arrays.index(argument.name) for argument in call.record.predictions if work.in_place]
        shapes = [call.items] * len(work.losses) + [call.shape] * (self.gradients - len(self.over))
        self.fresh = [call.face.maker(shape, call.dtype) for shape in shapes]
        self.numbers = [float(call.inputs[name]) for name in kernel.numbers]
        self.chunks, self.size = BODIES[call.record.kind].extent(call)
        self.launch = _launcher(kernel, self.chunks, *self.size)

    def written(self, name: str, arguments: str) -> tuple[str, dict[str, Any]]:
        """A line that runs the kernel and gives its first sum a name, and what the line calls.

        For one chunk all is written out: a small batch has no time for a function.
        """
        if self.chunks > 1:
            return f"{name} = {name}_launch({arguments})[0]", {f"{name}_launch": self.launch}
        rows, columns = self.size
        first = _room(self.kernel.body, columns)
        line = (
            f"own = {name}_room(); at = address(own); "
            f"{name}_run({arguments}, at, at + {SCRATCH_AT}, at + {8 * first}, 1, {rows}, {columns}, 0, 1); "
            f"high = own[{first}]; low = own[{first + 1}]; {name} = high + low if low == low else high"
        )
        room = c_double * (first + 2 * self.kernel.sums)
        return line, {f"{name}_run": self.kernel.run, f"{name}_room": room, "address": addressof}

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
    each = 2 * chunks
    partial, room = c_double * (kernel.sums * each), c_double * _room(kernel.body, columns)

    def launch(*arguments: float) -> list[float]:
        sums = partial()
        to = addressof(sums)

        def task(start: int, stop: int) -> None:
            own = room()
            at = addressof(own)
            kernel.run(*arguments, at, at + SCRATCH_AT, to, chunks, rows, columns, start, stop)

        threads.run(task, chunks, kernel.body.least)
        return [_add_up(sums[k * each : (k + 1) * each]) for k in range(kernel.sums)]

    return launch


def _room(body: Body, columns: int) -> int:
    """The words of a thread's own memory."""
    return 2 * BLOCK + body.blocks * BLOCK + body.rows * columns


def _add_up(parts: list[float]) -> float:
    """The sum of the chunks' sums, each of two parts; an infinite one has no second part."""
    total = sum(parts[::2])
    return math.fsum(parts) if total - total == 0 else total


@dataclass(frozen=True)
class _Printed:
    """The text of a kernel."""

    text: str
    arguments: Arguments
    body: Body
    sums: int
    dtype: str

    @property
    def signature(self) -> str:
        return f"void({self.arguments.signature(self.dtype)}, {OWN.format(self.dtype)})"

    @property
    def arrays(self) -> tuple[str, ...]:
        return tuple(str(symbol.label) for symbol in self.arguments.arrays)

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(str(symbol.label) for symbol in self.arguments.numbers)


def _printed(call: Any, work: Work, integers: str = "int64") -> _Printed:
    """The text of the kernel for some work of a call."""
    dtype = str(call.dtype).removeprefix("torch.")
    given = tuple(name for name, value in call.inputs.items() if isinstance(value, float))
    over = tuple(argument.name for argument in call.record.predictions) if work.in_place else ()
    work = replace(work, scale=1.0, out=())
    return _print(call.record.kind, call.program.valid, work, given, dtype, integers, over)


@cache
def _print(
    kind: str, valid: Node, work: Work, given: tuple[str, ...], dtype: str, integers: str, over: tuple[str, ...]
) -> _Printed:
    """Numbers that were ``given`` as such are not read from arrays."""
    checked = (guard(valid, work.sums[0] if work.sums else constant(0.0)), *work.sums[1:])
    work = replace(work, sums=checked)
    symbols = [s for s in leaves(*work.nodes) if s.label not in BUILT_IN]
    numbers = tuple(s for s in symbols if s.label in given or s.label == "ignore_label")
    arrays = tuple(s for s in symbols if s not in numbers)
    arguments = Arguments(arrays, numbers, len(work.losses), len(work.gradients), over, integers)
    body = BODIES[kind].body(work, arguments)
    text = "\n\n".join((prelude(dtype), sums.source(dtype), body.text))
    return _Printed(text, arguments, body, len(checked), dtype)


@cache
def _kernel(printed: _Printed) -> Kernel:
    run = compile_kernel(printed.text, printed.signature)
    return Kernel(run, printed.arrays, printed.numbers, printed.body, printed.sums)


def for_xla(call: Any, work: Work, over: float, integers: str) -> xla.Handler:
    """A kernel as XLA calls it, for the sum over all items, divided, and the gradients; see ``xla.text``."""
    printed = _printed(call, work, integers)
    body, dtype = printed.body, printed.dtype
    count, gradients = len(printed.numbers) + 1, len(work.gradients)
    entry = xla.text(len(printed.arrays), gradients, count, dtype, body.least, SCRATCH_AT)
    chunks, (rows, columns) = BODIES[call.record.kind].extent(call)
    size = math.prod(call.shape) * (4 if dtype == "float32" else 8)
    numbers = [call.inputs[name] for name in printed.numbers]
    numbers += [work.scale, over, chunks, rows, columns, 8 * _room(body, columns), size]
    function = compile_entry(printed.text, printed.signature, entry, "void(CPointer(float64))")
    return xla.Handler(function, printed.arrays, tuple(map(float, numbers)))
