"""Compiled kernels for the CPU: chosen, called with raw pointers over fixed chunks, and their sums put together."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

import numpy

from lossary.cpu import pointwise, rows, sums, threads
from lossary.cpu.compile import available, compile_kernel
from lossary.cpu.text import Arguments, Body
from lossary.cpu.words import prelude
from lossary.graph import Node, constant
from lossary.kinds.program import Measured, Work
from lossary.simplify import leaves
from lossary.vocabulary import guard

__all__ = ["measure", "serves"]

BODIES: dict[str, Any] = {"pointwise": pointwise, "row": rows, "softmax": rows, "overlap": rows}
BUILT_IN = ("class_index", "classes")  # a kernel knows them
OWN = ", ".join([f"CPointer({kind})" for kind in ("float64", "{0}", "{0}", "float64")] + ["int64"] * 5)
LANES = 64


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
    body = BODIES.get(call.record.kind)
    return bool(body and call.face.has_pointers and not call.options.guard and body.serves(call) and available())


def measure(call: Any, work: Work) -> Measured:
    """Sums and arrays of a call, in one pass over its inputs.

    A wrong item makes the first sum NaN; only then does anybody look for one.
    """
    face, key = call.face, (work.sums, work.losses, work.gradients)
    if key not in call.memo:
        call.memo[key] = _prepared(call, work)
    kernel, extent = call.memo[key]
    inputs = [face.in_order(call.inputs[name]) for name in kernel.arrays]
    losses = [face.empty(call.items, call.dtype) for _ in work.losses]
    direct = work.out is not None and all(map(face.is_in_order, work.out))
    gradients = list(work.out or ()) if direct else [face.empty(call.shape, call.dtype) for _ in work.gradients]
    pointers = [face.pointer(array) for array in (*inputs, *losses, *gradients)]
    numbers = [float(call.inputs[name]) for name in kernel.numbers]
    totals = _run(kernel, extent, (*pointers, *numbers, float(work.scale)))
    if work.out is not None and not direct:
        gradients = [face.write(array, buffer) for array, buffer in zip(gradients, work.out, strict=True)]
    return Measured(totals[: len(work.sums)], losses, gradients, suspect=math.isnan(totals[0]))


def _prepared(call: Any, work: Work) -> tuple[Kernel, Any]:
    """The kernel for some work, and how many chunks, rows and columns it goes over."""
    dtype = str(call.dtype).removeprefix("torch.")
    given = tuple(name for name, value in call.inputs.items() if isinstance(value, float))
    kernel = _kernel(call.record.kind, call.program.valid, work.sums, work.losses, work.gradients, given, dtype)
    return kernel, BODIES[call.record.kind].extent(call)


def _run(kernel: Kernel, extent: Any, arguments: tuple[Any, ...]) -> list[float]:
    """Run a kernel over all chunks; its sums, exactly rounded."""
    chunks, (rows, columns) = extent
    pairs = numpy.empty((kernel.sums, chunks, 2))
    room = 2 * sums.BLOCK + LANES + kernel.body.blocks * sums.BLOCK + kernel.body.rows * columns  # in float64s

    def task(start: int, stop: int) -> None:
        memory = numpy.empty(room)
        place = _address(memory)
        own = (place, place + 16 * sums.BLOCK, place + 16 * sums.BLOCK + 8 * LANES, _address(pairs))
        kernel.run(*arguments, *own, chunks, rows, columns, start, stop)

    threads.run(task, chunks)
    return [_add_up(pair) for pair in pairs.tolist()]


def _address(array: Any) -> int:
    address: int = array.__array_interface__["data"][0]
    return address


def _add_up(pairs: list[list[float]]) -> float:
    total = sum(high for high, _ in pairs)
    return math.fsum(chain.from_iterable(pairs)) if math.isfinite(total) else total


@cache
def _kernel(
    kind: str,
    valid: Node,
    over: tuple[Node, ...],
    losses: tuple[Node, ...],
    gradients: tuple[Node, ...],
    given: tuple[str, ...],
    dtype: str,
) -> Kernel:
    """The kernel for some work; numbers that were ``given`` as such are not read from arrays."""
    checked = (guard(valid, over[0] if over else constant(0.0)), *over[1:])
    work = Work(checked, losses, gradients)
    symbols = [s for s in leaves(*work.nodes) if s.label not in BUILT_IN]
    numbers = tuple(s for s in symbols if s.label in given or s.label == "ignore_label")
    arrays = tuple(s for s in symbols if s not in numbers)
    arguments = Arguments(arrays, numbers, len(losses), len(gradients))
    body = BODIES[kind].body(work, arguments)
    text = "\n\n".join((prelude(dtype), sums.source(dtype), body.text))
    run = compile_kernel(text, f"void({arguments.signature(dtype)}, {OWN.format(dtype)})")
    return Kernel(run, tuple(str(s.label) for s in arrays), tuple(str(s.label) for s in numbers), body, len(checked))
