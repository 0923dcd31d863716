"""Passes over arrays by compiled kernels: kept for some work, and run over arrays of any sizes by their addresses."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from lossary.contract.keywords import as_tuple, items_of
from lossary.execution.cpu import safety, threads
from lossary.execution.cpu.kernels import (
    ALONE,
    NO_TEAM,
    Forms,
    Kernel,
    arguments_of,
    body_of,
    forms_of,
    kernel_of,
    order_for,
)
from lossary.execution.cpu.order import Order, rows_in_order
from lossary.kinds.program import Measured, Work

__all__ = ["Pass", "compiles", "measure", "pass_of", "serves"]

SHARES = 16  # a thread takes its chunks in about so many steps
READY = 8  # the threads of a team are sooner woken than the pool's

Array = Any


def serves(call: Any) -> bool:
    """Return True if a kernel computes this call: its values lie in memory, its rows along axes beside each other."""
    return call.face.has_pointers and not call.options.guard and compiles(call)


def compiles(call: Any) -> bool:
    """Return True if there are kernels for such calls, and this process may use them."""
    return order_for(call) is not NotImplemented and safety.allowed()


def measure(call: Any, work: Work) -> Measured | None:
    """Sums and arrays of a call, in one pass over its inputs; None if there is no kernel, of which safety warns.

    A wrong item makes the first sum NaN; only then does anybody look for one.
    """
    run = pass_of(call, work)
    if run.sized(call.shape).launch is None:
        return None
    arrays = [call.inputs[name] for name in run.arrays]
    inputs = [run.ready(array) for array in arrays]
    numbers = [float(call.inputs[name]) for name in run.numbers]
    totals, made = run(inputs, call.shape, numbers, float(work.scale), out=work.out)
    over = [(inputs[i], arrays[i]) for i in run.over]
    made += [ready if ready is array else call.face.write(ready, array) for ready, array in over]
    return Measured(list(totals[: len(work.sums)]), made[: run.losses], made[run.losses :], math.isnan(totals[0]))


def pass_of(call: Any, work: Work) -> Pass:
    """The pass that some work of a call needs, and of calls like it at any sizes."""
    alike = replace(work, scale=1.0, out=(), wrt=())  # one kernel serves all of these
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
    labels: bool  # whether the target holds one for each row


class Sized(NamedTuple):
    """A pass over arrays of one shape."""

    shape: tuple[int, ...]
    launch: Callable[..., tuple[float, ...]] | None  # given pointers and numbers; None: there is no kernel
    makers: Sequence[Callable[[], Array]]  # of the arrays that it writes


class Pass:
    """Some work over arrays, by a kernel for rows as they lie; how long those are may choose among kernels."""

    def __init__(self, call: Any, layout: Layout, work: Work, forms: Forms) -> None:
        numbers = {name: value for name, value in call.inputs.items() if not hasattr(value, "dtype")}
        self.call, self.face, self.layout, self.order = call.but(inputs=numbers), call.face, layout, layout.order
        self.work, self.arguments = arguments_of(call.program.valid, work, forms)
        self.arrays, self.numbers = self.arguments.array_names, self.arguments.number_names
        self.over = tuple(self.arrays.index(name) for name in forms.over)
        self.losses, self.gradients = len(work.losses), len(work.gradients) - len(self.over)
        self._kernels: dict[Any, Kernel | None] = {}
        self._last: Sized | None = None

    def ready(self, array: Array) -> Array:
        """An array whose elements lie as the kernel takes them."""
        return self.face.in_order(array if self.order is None else self.face.permute(array, self.order))

    def __call__(
        self, inputs: Sequence[Array], shape: tuple[int, ...], numbers: Sequence[float],
        scale: float = 1.0, upstream: float = 1.0, out: Sequence[Array] = (),
    ) -> tuple[tuple[float, ...], list[Array]]:  # fmt: skip
        """Sums; losses and gradients times two factors, in new arrays or in ``out``. Inputs lie ready."""
        sized, face = self.sized(shape), self.face
        fresh = len(sized.makers) - len(out)
        made = [make() for make in sized.makers[:fresh]]
        to = zip(out, sized.makers[fresh:], strict=True)
        made += [buffer if face.is_in_order(buffer, self.order) else make() for buffer, make in to]
        assert sized.launch is not None  # whoever runs a pass has asked
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
        module = body_of(self.layout.kind, lie, self.work, self.layout.labels)
        kernel = self._kernel(module)
        if kernel is None:
            return Sized(shape, None, ())
        chunks, rows, columns = module.extent(lie)
        shapes = [items_of(shape, axes)] * self.losses if self.losses else []
        makers = [self.face.maker(one, self.call.dtype, order) for one in (*shapes, *[shape] * self.gradients)]
        return Sized(shape, _launcher(kernel, (chunks, rows, columns, kernel.room(columns))), makers)

    def _kernel(self, module: Any) -> Kernel | None:
        kernel = self._kernels.get(module)
        if module not in self._kernels:
            kernel = self._kernels[module] = kernel_of(self.call, module, self.work, self.arguments)
        return kernel


def _launcher(kernel: Kernel, size: tuple[int, ...]) -> Callable[..., tuple[float, ...]]:
    """Make the function that runs a kernel over all chunks, given pointers and numbers, and returns the sums."""
    call, share, least, chunks = kernel.call, kernel.share, kernel.body.least, size[0]
    sooner = -(-least // READY)
    if chunks < 2 * sooner:
        return partial(call, *ALONE, *size)

    def launch(*arguments: float) -> tuple[float, ...]:
        team = threads.team()
        number = threads.worth(chunks, sooner if team else least)
        if number < 2:
            return call(*ALONE, *size, *arguments)
        step = chunks // (number * SHARES) or 1
        return call(share, *(team or NO_TEAM), number, step, *size, *arguments)

    return launch
