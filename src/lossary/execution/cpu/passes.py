"""Passes over arrays by compiled kernels: one object for some work, which runs over arrays of any size."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from lossary.contract.call import Call
from lossary.contract.keywords import as_tuple, items_of
from lossary.execution.cpu import safety
from lossary.execution.cpu.kernels import (
    ALONE,
    NO_TEAM,
    Forms,
    Kernel,
    arguments_of,
    forms_of,
    kernel_of,
    order_for,
    printer_of,
)
from lossary.execution.cpu.order import Order, rows_in_order
from lossary.execution.cpu.printed import Printer
from lossary.frameworks import threads
from lossary.frameworks.face import Array
from lossary.kinds.program import Measured, Work

__all__ = ["Pass", "compiles", "measure", "pass_of", "serves"]

SHARES = 16  # steps, about, in which a thread takes its chunks
READY = 8  # how much faster the threads of an OpenMP team wake than the pool's


def serves(call: Call) -> bool:
    """Return True if a kernel computes this call: its values are in memory, and the axes of a row are adjacent."""
    return call.face.has_pointers and not call.options.guard and compiles(call)


def compiles(call: Call) -> bool:
    """Return True if there are kernels for such calls, and this process may use them."""
    return order_for(call) is not NotImplemented and safety.allowed()


def measure(call: Call, work: Work) -> Measured | None:
    """Compute sums and arrays of a call in one pass; return None, after a warning by ``safety``, without a kernel.

    An invalid item makes the first sum NaN; only then is it searched for.
    """
    run = pass_of(call, work)
    if run.sized(call.shape).launch is None:
        return None
    arrays = [call.inputs[name] for name in run.arrays]
    inputs = [run.ready(array) for array in arrays]
    numbers = [float(call.numbers[name]) for name in run.numbers]
    factor = work.factor
    each = factor if getattr(factor, "shape", ()) else None  # one for each item
    totals, made = run(inputs, call.shape, numbers, 1.0 if each is not None else float(factor), out=work.out)
    over = [(inputs[i], arrays[i]) for i in run.over]
    made += [ready if ready is array else call.face.write(ready, array) for ready, array in over]
    losses, gradients = made[: run.losses], made[run.losses :]
    if each is not None:
        gradients = [call.face.times(gradient, each) for gradient in gradients]
    return Measured(list(totals[: len(work.sums)]), losses, gradients, math.isnan(totals[0]))


def pass_of(call: Call, work: Work) -> Pass:
    """Return the pass for some work of a call, which also serves calls of other sizes."""
    alike = replace(work, scale=1.0, divided_by=1.0, out=(), wrt=())  # the kernel does not depend on these
    layout = Layout(call.record.kind, as_tuple(call.axis), order_for(call), call.options.labels)
    key = call.face, layout, call.program.valid, alike, forms_of(call, work.in_place), call.dtype
    run = _passes.get(key)
    return _passes.setdefault(key, Pass(call, layout, alike, key[-2])) if run is None else run


_passes: dict[Any, Pass] = {}


class Layout(NamedTuple):
    """The order in which a kernel goes through the arrays of a kind of loss."""

    kind: str
    axes: tuple[int, ...]  # that a row runs over
    order: Order
    labels: bool  # whether the target is one label for each row


class Sized(NamedTuple):
    """A pass over arrays of one shape."""

    shape: tuple[int, ...]
    launch: Callable[..., tuple[float, ...]] | None  # computes sums, given pointers and numbers; None: no kernel
    makers: Sequence[Callable[[], Array]]  # functions that allocate the arrays that it writes


class Pass:
    """Some work over arrays, by a kernel for their layout; the length of rows may choose among kernels."""

    def __init__(self, call: Call, layout: Layout, work: Work, forms: Forms) -> None:
        self.call, self.face, self.layout, self.order = call.but(inputs={}), call.face, layout, layout.order
        self.work, self.arguments = arguments_of(call.program.valid, work, forms)
        self.arrays, self.numbers = self.arguments.array_names, self.arguments.number_names
        self.over = tuple(self.arrays.index(name) for name in forms.over)
        self.losses, self.gradients = len(work.losses), len(work.gradients) - len(self.over)
        self._kernels: dict[Printer, Kernel | None] = {}
        self._last: Sized | None = None

    def ready(self, array: Array) -> Array:
        """Return an array with its elements in the kernel's order, copied if need be."""
        return self.face.in_order(array if self.order is None else self.face.permute(array, self.order))

    def __call__(
        self, inputs: Sequence[Array], shape: tuple[int, ...], numbers: Sequence[float],
        scale: float = 1.0, upstream: float = 1.0, out: Sequence[Array] = (),
    ) -> tuple[tuple[float, ...], list[Array]]:  # fmt: skip
        """Return the sums, and the losses and gradients in new arrays or in ``out``; ``inputs`` went through ``ready``.

        Gradients are multiplied by ``scale`` and ``upstream``.
        """
        sized, face = self.sized(shape), self.face
        fresh = len(sized.makers) - len(out)
        made = [make() for make in sized.makers[:fresh]]
        to = zip(out, sized.makers[fresh:], strict=True)
        made += [buffer if face.is_in_order(buffer, self.order) else make() for buffer, make in to]
        assert sized.launch is not None  # the caller has checked
        totals = sized.launch(*map(face.pointer, (*inputs, *made)), *numbers, scale, upstream)
        for k, buffer in enumerate(out, fresh):
            made[k] = buffer if made[k] is buffer else face.write(made[k], buffer)
        return totals, made

    def sized(self, shape: tuple[int, ...]) -> Sized:
        """Return the pass over arrays of a shape; the last one is kept."""
        sized = self._last
        if sized is None or sized.shape != shape:
            sized = self._last = self._sized(shape)
        return sized

    def _sized(self, shape: tuple[int, ...]) -> Sized:
        axes, order = self.layout.axes, self.order
        lie = rows_in_order(shape, axes, order)
        printer = printer_of(self.layout.kind, lie, self.work, self.layout.labels)
        kernel = None if printer is None else self._kernel(printer)
        if printer is None or kernel is None:
            return Sized(shape, None, ())
        chunks, rows, columns = printer.extent(lie)
        shapes = [items_of(shape, axes)] * self.losses if self.losses else []
        makers = [self.face.maker(one, self.call.dtype, order) for one in (*shapes, *[shape] * self.gradients)]
        return Sized(shape, _launcher(kernel, (chunks, rows, columns, kernel.room(columns))), makers)

    def _kernel(self, printer: Printer) -> Kernel | None:
        if printer not in self._kernels:
            self._kernels[printer] = kernel_of(self.call, printer, self.work, self.arguments)
        return self._kernels[printer]


def _launcher(kernel: Kernel, size: tuple[int, ...]) -> Callable[..., tuple[float, ...]]:
    """Make the function that runs a kernel over all chunks, given pointers and numbers, and returns the sums."""
    call, share, least, chunks = kernel.call, kernel.share, kernel.least, size[0]
    sooner = -(-least // READY)
    if chunks < 2 * sooner:
        return partial(call, *ALONE, *size)

    def launch(*arguments: float) -> tuple[float, ...]:
        team = threads.team()
        number = threads.number_for(chunks, sooner if team else least)
        if number < 2:
            return call(*ALONE, *size, *arguments)
        step = chunks // (number * SHARES) or 1
        return call(share, *(team or NO_TEAM), number, step, *size, *arguments)

    return launch
