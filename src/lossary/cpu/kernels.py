"""Compiled kernels for the CPU: chosen, called with raw pointers over fixed chunks, and their sums put together."""

from __future__ import annotations

import math
from collections.abc import Callable
from ctypes import CFUNCTYPE, c_void_p
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any, NamedTuple, cast

import numpy

from lossary.cpu import halves, job, lanes, pointwise, pycall, rows, safety, sums, threads, xla
from lossary.cpu.compile import compile_entry, compile_kernel, widens_halves
from lossary.cpu.halves import HALVES
from lossary.cpu.order import Order, ordered
from lossary.cpu.sums import BLOCK
from lossary.cpu.text import FACTORS, Arguments, Body
from lossary.cpu.verify import verify
from lossary.cpu.words import prelude
from lossary.graph import Node, constant
from lossary.kinds.program import Measured, Work
from lossary.simplify import leaves
from lossary.vocabulary import guard

__all__ = ["Pass", "compiles", "for_xla", "measure", "prepared", "serves"]

ROWS = (lanes.SHORT, rows, lanes.INNER)
BODIES: dict[str, tuple[Any, ...]] = {"pointwise": (pointwise,), "row": ROWS, "softmax": ROWS, "overlap": ROWS}
BUILT_IN = ("class_index", "classes")  # a kernel knows them
OWN = ", ".join([f"CPointer({kind})" for kind in ("float64", "{0}", "float64")] + ["int64"] * 5)
JOB = CFUNCTYPE(None, c_void_p)  # what takes part in one
SHARES = 16  # a thread takes its chunks in about so many steps
NO_TEAM, ALONE = (0, 0), (None, 0, 0, 1, 1)  # of a call's first arguments: see pycall.py
READY = 8  # the threads of a team are sooner woken than the pool's
SCRATCH_AT = 8 * 2 * BLOCK  # bytes into a thread's own memory, after what sums need


class Forms(NamedTuple):
    """In what form a call has its inputs, by their names."""

    numbers: tuple[str, ...]  # numbers, which are not read from arrays
    halves: tuple[tuple[str, str], ...]  # arrays of half precision, and of which
    over: tuple[str, ...]  # arrays that gradients are written over
    integers: str  # the type of labels


@dataclass(frozen=True)
class Kernel:
    """A compiled pass, and what it takes."""

    call: Callable[..., tuple[float, ...]]  # see pycall.py
    share: Any  # a job among threads, given its address and how many threads: see threads.py
    arrays: tuple[str, ...]
    numbers: tuple[str, ...]
    body: Body
    sums: int
    size: int  # of a number, in bytes
    over: tuple[int, ...]  # the arrays that gradients are written over

    def room(self, columns: int) -> int:
        """The bytes of a thread's own memory."""
        return _room(self.body, self.size, columns)


def _room(body: Body, size: int, columns: int) -> int:
    """The bytes of a thread's own memory: of what sums need, blocks and rows of numbers."""
    return SCRATCH_AT + size * (body.blocks * BLOCK + body.kept(columns))


def serves(call: Any) -> bool:
    """Whether a compiled kernel computes this call: its values lie in memory, its rows along axes beside each other."""
    return call.face.has_pointers and not call.options.guard and compiles(call)


def compiles(call: Any) -> bool:
    """Return True if there are kernels for such calls, and this process may use them."""
    return _laid_out(call, Work()) is not None and safety.allowed()


class Layout(NamedTuple):
    """How a kernel goes through the arrays of a call."""

    body: Any  # what prints it, as the rows lie
    call: Any  # with its axes in the order
    order: Order


def _laid_out(call: Any, work: Work) -> Layout | None:
    """The layout of some work of a call, if any kernel serves it."""
    bodies = BODIES.get(call.record.kind, ())
    ways = (ordered(call), (call, None))
    return next((Layout(body, *way) for way in ways for body in bodies if body.serves(way[0], work)), None)


def measure(call: Any, work: Work) -> Measured | None:
    """Sums and arrays of a call, in one pass over its inputs; None if there is no kernel, of which ``safety`` warns.

    A wrong item makes the first sum NaN; only then does anybody look for one.
    """
    run = prepared(call, work)
    return run if run is None else run([call.inputs[name] for name in run.kernel.arrays], float(work.scale), work.out)


def prepared(call: Any, work: Work) -> Pass | None:
    """The pass that some work of a call needs; None if there is no kernel, of which ``safety`` warns."""
    layout = cast("Layout", _laid_out(call, work))
    kernel = _kernel(layout, work)
    return None if kernel is None else Pass(kernel, layout, call, work)


def _of_own_type(call: Any, names: list[str]) -> bool:
    """Whether arrays have the type that the call is computed in."""
    return all(call.inputs[name].dtype == call.dtype for name in names)


def _half(value: Any) -> str:
    """The type of an array of half precision, else nothing."""
    name = str(getattr(value, "dtype", "")).removeprefix("torch.")
    return name if name in HALVES else ""


class Pass:
    """A kernel, bound to all of a call but its arrays."""

    def __init__(self, kernel: Kernel, layout: Layout, call: Any, work: Work) -> None:
        self.kernel, self.face, self.order = kernel, call.face, layout.order
        self.sums, self.gradients = len(work.sums), len(work.gradients)
        self.over = kernel.over
        shapes = [call.items] * len(work.losses) + [call.shape] * (self.gradients - len(self.over))
        self.fresh = [call.face.maker(shape, call.dtype, self.order) for shape in shapes]
        self.numbers = [float(call.inputs[name]) for name in kernel.numbers]
        self.chunks, (rows, columns) = layout.body.extent(layout.call)
        self.size = self.chunks, rows, columns, kernel.room(columns)
        self.launch = _launcher(kernel, self.size)
        self.most = self.chunks // -(-kernel.body.least // READY)  # threads

    def written(self, name: str, sums: list[str], arguments: str) -> tuple[str, dict[str, Any]]:
        """A line that runs the kernel and names its sums, and what the line calls.

        Where one thread does it, all is written out: a small batch has no time for a function.
        """
        given = [*map(str, (*ALONE, *self.size)), arguments] if self.most < 2 else [arguments]
        run = self.kernel.call if self.most < 2 else self.launch
        return f"{', '.join(sums)}, *_ = {name}_run({', '.join(given)})", {f"{name}_run": run}

    def __call__(self, arrays: list[Any], scale: float = 1.0, out: tuple[Any, ...] = ()) -> Measured:
        """Run over arrays that hold the kernel's inputs, of its dtypes."""
        face, order = self.face, self.order
        inputs = [face.in_order(array if order is None else face.permute(array, order)) for array in arrays]
        fresh = [make() for make in self.fresh]
        for k, buffer in enumerate(out, len(fresh) - len(out)):
            fresh[k] = buffer if face.is_in_order(buffer, order) else fresh[k]
        totals = self.launch(*map(face.pointer, (*inputs, *fresh)), *self.numbers, scale, 1.0)
        losses = len(fresh) - self.gradients + len(self.over)
        gradients = fresh[losses:]
        gradients += [inputs[i] if inputs[i] is arrays[i] else face.write(inputs[i], arrays[i]) for i in self.over]
        for k, buffer in enumerate(out):
            gradients[k] = buffer if gradients[k] is buffer else face.write(gradients[k], buffer)
        return Measured(list(totals[: self.sums]), fresh[:losses], gradients, math.isnan(totals[0]))


def _launcher(kernel: Kernel, size: tuple[int, ...]) -> Callable[..., tuple[float, ...]]:
    """What runs a kernel over all chunks, given its pointers and numbers, and returns the sums."""
    call, share, least, chunks = kernel.call, kernel.share, kernel.body.least, size[0]
    sooner = -(-least // READY)

    def launch(*arguments: float) -> tuple[float, ...]:
        team = threads.team()
        number = threads.worth(chunks, sooner if team else least)
        if number < 2:
            return call(*ALONE, *size, *arguments)
        step = chunks // (number * SHARES) or 1
        return call(share, *(team or NO_TEAM), number, step, *size, *arguments)

    return launch


@dataclass(frozen=True)
class _Printed:
    """The text of a kernel."""

    text: str
    arguments: Arguments
    body: Body
    nodes: tuple[Node, ...]  # what it computes: sums, the first of them NaN for wrong input; losses; gradients
    sums: int
    dtype: str

    @property
    def size(self) -> int:
        """Of a number, in bytes."""
        return numpy.dtype(self.dtype).itemsize

    @property
    def signature(self) -> str:
        return f"void({self.arguments.signature(self.dtype)}, {OWN.format(self.dtype)})"

    @property
    def arrays(self) -> tuple[str, ...]:
        return tuple(str(symbol.label) for symbol in self.arguments.arrays)

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(str(symbol.label) for symbol in self.arguments.numbers)


def _key(layout: Layout, work: Work, integers: str = "int64") -> tuple[Any, ...]:
    """All that the text of the kernel for some work of a call depends on: the arguments of ``_print``."""
    call = layout.call
    predictions = [argument.name for argument in call.record.predictions]
    forms = Forms(
        numbers=tuple(name for name, value in call.inputs.items() if isinstance(value, float)),
        halves=tuple((name, half) for name, value in call.inputs.items() if (half := _half(value))),
        over=tuple(predictions) if work.in_place and _of_own_type(call, predictions) else (),
        integers=integers,
    )
    dtype = str(call.dtype).removeprefix("torch.")
    work = replace(work, scale=1.0, out=(), wrt=())  # the kernel is the same for all of these
    return layout.body, call.program.valid, work, forms, dtype


@cache
def _print(body: Any, valid: Node, work: Work, forms: Forms, dtype: str) -> _Printed:
    checked = (guard(valid, work.sums[0] if work.sums else constant(0.0)), *work.sums[1:])
    work = replace(work, sums=checked)
    symbols = [s for s in leaves(*work.nodes) if s.label not in BUILT_IN]
    numbers = tuple(s for s in symbols if s.label in forms.numbers or s.label == "ignore_label")
    arrays = tuple(s for s in symbols if s not in numbers)
    arguments = Arguments(
        arrays, numbers, len(work.losses), len(work.gradients), forms.over, forms.halves, forms.integers
    )
    printed = body.body(work, arguments)
    text = "\n\n".join(
        (
            prelude(dtype),
            sums.source(dtype),
            halves.source(forms.halves, bool(forms.halves) and widens_halves()),
            printed.text,
        )
    )
    return _Printed(text, arguments, printed, work.nodes, len(checked), dtype)


def _kernel(layout: Layout, work: Work) -> Kernel | None:
    """The kernel for some work of a call; None if it cannot be had, of which ``safety`` warns once."""
    key = _key(layout, work)
    return safety.attempt(("call", *key), layout.call.record.name, lambda: _compiled(_print(*key), layout, work))


def _check(printed: _Printed, layout: Layout, work: Work) -> Callable[[Any], None]:
    """What raises if a function that was just compiled is wrong on a sample."""

    def check(function: Any) -> None:
        def run(size: tuple[int, int, int], *arguments: float) -> tuple[float, ...]:
            room = _room(printed.body, printed.size, size[2])
            found: tuple[float, ...] = function.call(*ALONE, *size, room, *arguments)
            return found

        verify(run, printed, layout, work)

    return check


def _compiled(printed: _Printed, layout: Layout, work: Work) -> Kernel:
    types, sums = printed.arguments.types, printed.sums
    entries = job.text(types, sums, SCRATCH_AT, job.BESIDE) + job.TEAM + pycall.text(types, sums)
    run = compile_kernel(printed.text, printed.signature, entries, _check(printed, layout, work))
    over = tuple(printed.arrays.index(name) for name in printed.arguments.over)
    share = partial(threads.share, JOB(run.addresses["team"]))
    return Kernel(run.call, share, printed.arrays, printed.numbers, printed.body, printed.sums, printed.size, over)


def for_xla(call: Any, work: Work, over: float, integers: str) -> xla.Handler | None:
    """A kernel as XLA calls it, for the sum over all items, divided, and the gradients; see ``xla.text``.

    None if there is none, of which ``safety`` warns.
    """
    layout = cast("Layout", _laid_out(call, work))
    key = _key(layout, work, integers)
    function = safety.attempt(("XLA", *key), call.record.name, lambda: _compiled_for_xla(_print(*key), layout, work))
    return None if function is None else _handler(function, layout, work, over, _print(*key))


def _compiled_for_xla(printed: _Printed, layout: Layout, work: Work) -> Any:
    types, gradients, numbers = printed.arguments.types, len(work.gradients), len(printed.numbers) + len(FACTORS)
    entry = xla.text(len(printed.arrays), gradients, numbers, printed.dtype, printed.body.least, SCRATCH_AT)
    entry += job.TEAM + pycall.text(types, printed.sums)  # to check it
    check = _check(printed, layout, work)
    return compile_entry(printed.text, printed.signature, entry, "void(CPointer(float64))", check)


def _handler(function: Any, layout: Layout, work: Work, over: float, printed: _Printed) -> xla.Handler:
    call = layout.call
    chunks, (rows, columns) = layout.body.extent(layout.call)
    numbers = [call.inputs[name] for name in printed.numbers]
    room = _room(printed.body, printed.size, columns)
    numbers += [work.scale, 1.0, over, chunks, rows, columns, room, math.prod(call.shape) * printed.size]
    return xla.Handler(function, printed.arrays, tuple(map(float, numbers)))
