"""Compiled kernels for the CPU: chosen, called with raw pointers over fixed chunks, and their sums put together."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
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
OWN = ", ".join([f"CPointer({kind})" for kind in ("float64", "{0}", "{0}", "float64")] + ["int64"] * 4)


@dataclass(frozen=True)
class Kernel:
    """A compiled pass, and what it takes."""

    run: Callable[..., None]
    arrays: tuple[str, ...]
    numbers: tuple[str, ...]
    body: Body


def serves(call: Any) -> bool:
    """Whether a compiled kernel computes this call: its values lie in memory, its rows along the last axes."""
    body = BODIES.get(call.record.kind)
    return bool(body and call.face.has_pointers and not call.options.guard and body.serves(call) and available())


def measure(call: Any, work: Work) -> Measured:
    """Sums and arrays of a call, in one pass over its inputs.

    A wrong item makes the first sum NaN; only then does anybody look for one.
    """
    face, dtype = call.face, str(call.dtype).removeprefix("torch.")
    given = frozenset(name for name, value in call.inputs.items() if isinstance(value, float))
    checked = (guard(call.program.valid, work.sums[0] if work.sums else constant(0.0)), *work.sums[1:])
    kernel = _kernel(call.record.kind, checked, work.losses, work.gradients, given, dtype)
    inputs = [face.in_order(call.inputs[name]) for name in kernel.arrays]
    losses = [face.empty(call.items, call.dtype) for _ in work.losses]
    direct = work.out is not None and all(map(face.is_in_order, work.out))
    gradients = list(work.out or ()) if direct else [face.empty(call.shape, call.dtype) for _ in work.gradients]
    pointers = [face.pointer(array) for array in (*inputs, *losses, *gradients)]
    numbers = [float(call.inputs[name]) for name in kernel.numbers]
    totals = _run(kernel, BODIES[call.record.kind].extent(call), (*pointers, *numbers, float(work.scale)), len(checked), dtype)
    if work.out is not None and not direct:
        gradients = [face.write(array, buffer) for array, buffer in zip(gradients, work.out, strict=True)]
    return Measured(totals[: len(work.sums)], losses, gradients, suspect=math.isnan(totals[0]))


def _run(kernel: Kernel, extent: Any, arguments: tuple[Any, ...], count: int, dtype: str) -> list[float]:
    """Run a kernel over all chunks; the sums."""
    chunks, (rows, columns) = extent
    partial = numpy.empty((chunks, count, 2))

    def task(start: int, stop: int) -> None:
        halves, lanes = numpy.empty(2 * sums.BLOCK), numpy.empty(64, dtype)
        scratch = numpy.empty(kernel.body.blocks * sums.BLOCK + kernel.body.rows * columns, dtype)
        own = [array.ctypes.data for array in (halves, lanes, scratch, partial)]
        kernel.run(*arguments, *own, rows, columns, start, stop)

    threads.run(task, chunks)
    return [_add_up(partial[:, k]) for k in range(count)]


@lru_cache(maxsize=None)
def _kernel(
    kind: str,
    over: tuple[Node, ...],
    losses: tuple[Node, ...],
    gradients: tuple[Node, ...],
    given: frozenset[str],
    dtype: str,
) -> Kernel:
    """The kernel for some work; numbers that were ``given`` as such are not read from arrays."""
    work = Work(over, losses, gradients)
    symbols = [s for s in leaves(*work.nodes) if s.label not in BUILT_IN]
    numbers = tuple(s for s in symbols if s.label in given or s.label == "ignore_label")
    arrays = tuple(s for s in symbols if s not in numbers)
    arguments = Arguments(arrays, numbers, len(losses), len(gradients))
    body = BODIES[kind].body(work, arguments)
    text = "\n\n".join((prelude(dtype), sums.source(dtype), body.text))
    run = compile_kernel(text, f"void({arguments.signature(dtype)}, {OWN.format(dtype)})")
    return Kernel(run, tuple(str(s.label) for s in arrays), tuple(str(s.label) for s in numbers), body)


def _add_up(pairs: Any) -> float:
    """The sum of all chunks, exactly rounded."""
    total = float(pairs.sum())
    return math.fsum(pairs.ravel()) if math.isfinite(total) else float(pairs[:, 0].sum())
