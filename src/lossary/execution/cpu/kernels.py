"""Compiled kernels for the CPU: each is printed for some work, the dtypes and the layout of rows, and compiled once."""

from __future__ import annotations

import math
from collections.abc import Callable
from ctypes import CFUNCTYPE, c_void_p
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any, NamedTuple

from lossary.contract.call import Call
from lossary.contract.keywords import as_tuple
from lossary.execution.cpu import halves, job, lanes, pointwise, pycall, rows, safety, sums, xla
from lossary.execution.cpu.compile import CompiledKernel, compile_entry, compile_kernel, widens_halves
from lossary.execution.cpu.halves import HALVES
from lossary.execution.cpu.order import Rows, order_of, rows_in_order
from lossary.execution.cpu.prelude import prelude
from lossary.execution.cpu.printed import SCRATCH_AT, Printed, Printer
from lossary.execution.cpu.text import FACTORS, Arguments
from lossary.execution.cpu.verify import verify
from lossary.frameworks import threads
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
    "for_xla",
    "forms_of",
    "kernel_of",
    "order_for",
    "printer_of",
]

ROWS: tuple[Printer, ...] = (lanes.SHORT, rows, lanes.INNER)
BODIES: dict[str, tuple[Printer, ...]] = {"pointwise": (pointwise,), "row": ROWS, "softmax": ROWS, "overlap": ROWS}
BUILT_IN = ("_class_index", "_classes")  # symbols that kernels compute themselves
SHARE = CFUNCTYPE(None, c_void_p)  # the function with which each thread takes part in a job
NO_TEAM, ALONE = (0, 0), (None, 0, 0, 1, 1)  # first arguments of a kernel: see pycall.py
NOTHING = Work()


class Forms(NamedTuple):
    """The form of a call's inputs, by their names."""

    numbers: tuple[str, ...]  # plain numbers
    halves: tuple[tuple[str, str], ...]  # names and dtypes of arrays of half precision
    over: tuple[str, ...]  # arrays that gradients overwrite
    integers: str  # the dtype of labels


@dataclass(frozen=True)
class Kernel:
    """A compiled pass over arrays."""

    call: Callable[..., tuple[float, ...]]  # see pycall.py
    share: Callable[[int, int], None]  # runs a job on threads, given its address and their number: see threads.py
    room: Callable[[int], int]  # bytes of a thread's own memory, given the columns
    least: int  # chunks for each thread


def order_for(call: Call) -> Any:
    """Return the order in which a kernel goes through the arrays of a call; NotImplemented if there is no kernel."""
    for order in (order_of(call), None) if call.record.kind in BODIES else ():
        if printer_of(call.record.kind, rows_in_order(call.shape, as_tuple(call.axis), order)) is not None:
            return order
    return NotImplemented


def printer_of(kind: str, lie: Rows, work: Work = NOTHING, labels: bool = False) -> Printer | None:
    """Return the printer of kernels for a kind of loss and a layout of rows; None if there is none."""
    return next((printer for printer in BODIES.get(kind, ()) if printer.serves(lie, work, labels)), None)


def forms_of(call: Call, in_place: bool = False, integers: str = "int64") -> Forms:
    """Return the forms of a call's inputs; with ``in_place``, gradients overwrite predictions of the same dtype."""
    predictions = [argument.name for argument in call.record.predictions]
    of_own_type = in_place and all(call.inputs[name].dtype == call.dtype for name in predictions)
    return Forms(
        numbers=tuple(call.numbers),
        halves=tuple((name, half) for name, value in call.inputs.items() if (half := _half(value))),
        over=tuple(predictions) if of_own_type else (),
        integers=integers,
    )


def _half(value: object) -> str:
    """Return the dtype of an array of half precision, else nothing."""
    name = str(getattr(value, "dtype", "")).removeprefix("torch.")
    return name if name in HALVES else ""


@cache
def arguments_of(valid: Node, work: Work, forms: Forms) -> tuple[Work, Arguments]:
    """Return the work with a first sum that is NaN where an item is invalid, and the arguments of its kernel."""
    work = replace(work, sums=(guard(valid, work.sums[0] if work.sums else constant(0.0)), *work.sums[1:]))
    symbols = [s for s in leaves(*work.nodes) if s.label not in BUILT_IN]
    numbers = tuple(s for s in symbols if s.label in forms.numbers)
    arrays = tuple(s for s in symbols if s not in numbers)
    return work, Arguments(
        arrays, numbers, len(work.losses), len(work.gradients), forms.over, forms.halves, forms.integers
    )


@cache
def _printed(printer: Printer, work: Work, arguments: Arguments, dtype: str) -> Printed:
    body = printer.body(work, arguments)
    halved = bool(arguments.halves) and widens_halves()
    parts = prelude(dtype), sums.source(dtype), halves.source(arguments.halves, halved), body.text
    return Printed("\n\n".join(parts), printer, work, arguments, body, dtype)


def kernel_of(call: Call, printer: Printer, work: Work, arguments: Arguments) -> Kernel | None:
    """Return the compiled kernel for some work of calls; None, after a warning by ``safety``, if it cannot be had."""
    printed = _printed(printer, work, arguments, str(call.dtype).removeprefix("torch."))
    return safety.attempt(("call", printed), call.record.name, lambda: _compiled(printed, call))


def _compiled(printed: Printed, call: Call) -> Kernel:
    types, count = printed.arguments.types, len(printed.work.sums)
    entries = job.text(types, count, SCRATCH_AT) + job.TEAM + pycall.text(types, count)
    run = compile_kernel(printed.text, printed.signature, entries, _check(printed, call))
    share = partial(threads.share, SHARE(run.addresses["team"]))
    return Kernel(run.call, share, printed.room, printed.body.least)


def _check(printed: Printed, call: Call) -> Callable[[CompiledKernel], None]:
    """Make the function that raises unless a new kernel is right on a sample."""

    def check(function: CompiledKernel) -> None:
        def run(size: tuple[int, int, int], *arguments: float) -> tuple[float, ...]:
            return function.call(*ALONE, *size, printed.room(size[2]), *arguments)

        verify(run, printed, call)

    return check


def for_xla(call: Call, work: Work, over: float, integers: str) -> xla.Handler | None:
    """Return a kernel that XLA calls, for the sum over all items divided by ``over``, and the gradients.

    None, after a warning by ``safety``, if it cannot be had. See ``xla.text``.
    """
    lie = rows_in_order(call.shape, as_tuple(call.axis), None)
    alike = replace(work, scale=1.0, divided_by=1.0, out=(), wrt=())
    checked, arguments = arguments_of(call.program.valid, alike, forms_of(call, integers=integers))
    printer = printer_of(call.record.kind, lie, alike, call.options.labels)
    assert printer is not None  # the caller has asked ``order_for``
    printed = _printed(printer, checked, arguments, str(call.dtype))
    function = safety.attempt(("XLA", printed), call.record.name, lambda: _compiled_for_xla(printed, call))
    if function is None:
        return None
    chunks, rows, columns = printer.extent(lie)
    numbers = [call.numbers[name] for name in arguments.number_names]
    numbers += [float(work.factor), 1.0, over, chunks, rows, columns, printed.room(columns)]
    numbers += [math.prod(call.shape) * printed.size]
    return xla.Handler(function, arguments.array_names, tuple(map(float, numbers)))


def _compiled_for_xla(printed: Printed, call: Call) -> CompiledKernel:
    arguments, work = printed.arguments, printed.work
    numbers = len(arguments.numbers) + len(FACTORS)
    arrays, gradients = len(arguments.arrays), len(work.gradients)
    entry = xla.text(arrays, gradients, numbers, printed.dtype, printed.body.least, SCRATCH_AT)
    entry += job.TEAM + pycall.text(arguments.types, len(work.sums))  # to check it
    return compile_entry(printed.text, printed.signature, entry, "void(CPointer(float64))", _check(printed, call))
