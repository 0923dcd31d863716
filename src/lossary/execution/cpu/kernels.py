"""Compiled kernels for the CPU: printed for some work over rows that lie in some way, and compiled once."""

from __future__ import annotations

import math
from collections.abc import Callable
from ctypes import CFUNCTYPE, c_void_p
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any, NamedTuple

import numpy

from lossary.contract.keywords import as_tuple
from lossary.execution.cpu import halves, job, lanes, pointwise, pycall, rows, safety, sums, threads, xla
from lossary.execution.cpu.compile import compile_entry, compile_kernel, widens_halves
from lossary.execution.cpu.functions import prelude
from lossary.execution.cpu.halves import HALVES
from lossary.execution.cpu.order import Rows, order_of, rows_in_order
from lossary.execution.cpu.sums import BLOCK
from lossary.execution.cpu.text import FACTORS, Arguments, Body
from lossary.execution.cpu.verify import verify
from lossary.kinds.program import Work
from lossary.symbolic.graph import Node, constant
from lossary.symbolic.simplify import leaves
from lossary.symbolic.words import guard

__all__ = [
    "ALONE",
    "NO_TEAM",
    "Forms",
    "Kernel",
    "arguments_of",
    "body_of",
    "for_xla",
    "forms_of",
    "kernel_of",
    "order_for",
]

ROWS = (lanes.SHORT, rows, lanes.INNER)
BODIES: dict[str, tuple[Any, ...]] = {"pointwise": (pointwise,), "row": ROWS, "softmax": ROWS, "overlap": ROWS}
BUILT_IN = ("class_index", "classes")  # a kernel knows them
OWN = ", ".join([f"CPointer({kind})" for kind in ("float64", "{0}", "float64")] + ["int64"] * 5)
JOB = CFUNCTYPE(None, c_void_p)  # what takes part in one
NO_TEAM, ALONE = (0, 0), (None, 0, 0, 1, 1)  # of a kernel's first arguments: see pycall.py
NOTHING = Work()
SCRATCH_AT = 8 * 2 * BLOCK  # bytes into a thread's own memory, after what sums need


class Forms(NamedTuple):
    """In what form a call has its inputs, by their names."""

    numbers: tuple[str, ...]  # numbers, which are not read from arrays
    halves: tuple[tuple[str, str], ...]  # arrays of half precision, and of which
    over: tuple[str, ...]  # arrays that gradients are written over
    integers: str  # the type of labels


@dataclass(frozen=True)
class Kernel:
    """A compiled pass."""

    call: Callable[..., tuple[float, ...]]  # see pycall.py
    share: Any  # a job among threads, given its address and how many threads: see threads.py
    body: Body
    size: int  # of a number, in bytes

    def room(self, columns: int) -> int:
        """The bytes of a thread's own memory."""
        return _room(self.body, self.size, columns)


def _room(body: Body, size: int, columns: int) -> int:
    """The bytes of a thread's own memory: of what sums need, blocks and rows of numbers."""
    return SCRATCH_AT + size * (body.blocks * BLOCK + body.kept(columns))


def order_for(call: Any) -> Any:
    """The order in which a kernel goes through the arrays of a call; NotImplemented if there is no kernel."""
    for order in (order_of(call), None):
        if body_of(call.record.kind, rows_in_order(call.shape, as_tuple(call.axis), order)) is not None:
            return order
    return NotImplemented


def body_of(kind: str, lie: Rows, work: Work = NOTHING, labels: bool = False) -> Any:
    """The module that prints the kernel of a kind for rows that lie so; None if none does."""
    return next((body for body in BODIES.get(kind, ()) if body.serves(lie, work, labels)), None)


def forms_of(call: Any, in_place: bool = False, integers: str = "int64") -> Forms:
    """The form of a call's inputs; gradients are written over predictions that have the type of gradients."""
    predictions = [argument.name for argument in call.record.predictions]
    of_own_type = in_place and all(call.inputs[name].dtype == call.dtype for name in predictions)
    return Forms(
        numbers=tuple(name for name, value in call.inputs.items() if isinstance(value, int | float)),
        halves=tuple((name, half) for name, value in call.inputs.items() if (half := _half(value))),
        over=tuple(predictions) if of_own_type else (),
        integers=integers,
    )


def _half(value: Any) -> str:
    """The type of an array of half precision, else nothing."""
    name = str(getattr(value, "dtype", "")).removeprefix("torch.")
    return name if name in HALVES else ""


@cache
def arguments_of(valid: Node, work: Work, forms: Forms) -> tuple[Work, Arguments]:
    """Work whose first sum is NaN where an item is wrong, and what its kernel takes."""
    work = replace(work, sums=(guard(valid, work.sums[0] if work.sums else constant(0.0)), *work.sums[1:]))
    symbols = [s for s in leaves(*work.nodes) if s.label not in BUILT_IN]
    numbers = tuple(s for s in symbols if s.label in forms.numbers)
    arrays = tuple(s for s in symbols if s not in numbers)
    return work, Arguments(
        arrays, numbers, len(work.losses), len(work.gradients), forms.over, forms.halves, forms.integers
    )


@dataclass(frozen=True)
class Printed:
    """The text of a kernel, and what it was printed from."""

    text: str
    module: Any  # that printed it
    work: Work
    arguments: Arguments
    body: Body
    dtype: str

    @property
    def size(self) -> int:
        """Of a number, in bytes."""
        return numpy.dtype(self.dtype).itemsize

    @property
    def signature(self) -> str:
        return f"void({self.arguments.signature(self.dtype)}, {OWN.format(self.dtype)})"


@cache
def _printed(module: Any, work: Work, arguments: Arguments, dtype: str) -> Printed:
    body = module.body(work, arguments)
    halved = bool(arguments.halves) and widens_halves()
    parts = prelude(dtype), sums.source(dtype), halves.source(arguments.halves, halved), body.text
    return Printed("\n\n".join(parts), module, work, arguments, body, dtype)


def kernel_of(call: Any, module: Any, work: Work, arguments: Arguments) -> Kernel | None:
    """The compiled kernel that a module prints for some work of calls; None if there is none, of which safety warns."""
    printed = _printed(module, work, arguments, str(call.dtype).removeprefix("torch."))
    return safety.attempt(("call", printed), call.record.name, lambda: _compiled(printed, call))


def _compiled(printed: Printed, call: Any) -> Kernel:
    types, count = printed.arguments.types, len(printed.work.sums)
    entries = job.text(types, count, SCRATCH_AT, job.BESIDE) + job.TEAM + pycall.text(types, count)
    run = compile_kernel(printed.text, printed.signature, entries, _check(printed, call))
    return Kernel(run.call, partial(threads.share, JOB(run.addresses["team"])), printed.body, printed.size)


def _check(printed: Printed, call: Any) -> Callable[[Any], None]:
    """Make the function that raises if what was just compiled is wrong on a sample."""

    def check(function: Any) -> None:
        def run(size: tuple[int, int, int], *arguments: float) -> tuple[float, ...]:
            room = _room(printed.body, printed.size, size[2])
            found: tuple[float, ...] = function.call(*ALONE, *size, room, *arguments)
            return found

        verify(run, printed, call)

    return check


def for_xla(call: Any, work: Work, over: float, integers: str) -> xla.Handler | None:
    """A kernel as XLA calls it, for the sum over all items, divided, and the gradients; see ``xla.text``.

    None if there is none, of which safety warns.
    """
    lie = rows_in_order(call.shape, as_tuple(call.axis), None)
    alike = replace(work, scale=1.0, out=(), wrt=())
    checked, arguments = arguments_of(call.program.valid, alike, forms_of(call, integers=integers))
    module = body_of(call.record.kind, lie, alike, call.options.labels)
    printed = _printed(module, checked, arguments, str(call.dtype))
    function = safety.attempt(("XLA", printed), call.record.name, lambda: _compiled_for_xla(printed, call))
    if function is None:
        return None
    chunks, rows, columns = module.extent(lie)
    numbers = [call.inputs[name] for name in arguments.number_names]
    room = _room(printed.body, printed.size, columns)
    numbers += [work.scale, 1.0, over, chunks, rows, columns, room, math.prod(call.shape) * printed.size]
    return xla.Handler(function, arguments.array_names, tuple(map(float, numbers)))


def _compiled_for_xla(printed: Printed, call: Any) -> Any:
    arguments, work = printed.arguments, printed.work
    numbers = len(arguments.numbers) + len(FACTORS)
    arrays, gradients = len(arguments.arrays), len(work.gradients)
    entry = xla.text(arrays, gradients, numbers, printed.dtype, printed.body.least, SCRATCH_AT)
    entry += job.TEAM + pycall.text(arguments.types, len(work.sums))  # to check it
    return compile_entry(printed.text, printed.signature, entry, "void(CPointer(float64))", _check(printed, call))
