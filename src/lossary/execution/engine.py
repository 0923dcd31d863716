"""Computation of a checked call: in one pass by a compiled kernel if there is one, else by the framework.

There are two ways to a value. ``measure`` computes sums and arrays now, outside autograd, and raises for invalid
input. ``trace`` computes with the framework's own differentiable operations, under every transform; there invalid
input gives NaN.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from types import ModuleType
from typing import Any

from lossary.contract.call import Call
from lossary.contract.diagnosis import raise_first_wrong
from lossary.execution.blocks import in_blocks
from lossary.execution.cpu import passes as cpu
from lossary.execution.cpu import several_axes
from lossary.execution.cpu.kernels import for_xla
from lossary.execution.cpu.xla import VERSION as XLA_VERSION
from lossary.execution.gpu import kernels as gpu
from lossary.frameworks.face import Array
from lossary.frameworks.hosted import Handler
from lossary.kinds import scores
from lossary.kinds.denominator import denominator_by, divides_by_values
from lossary.kinds.program import SCALE, Measured, Work, of_regions
from lossary.kinds.reduce import mean
from lossary.kinds.rows import as_rows
from lossary.symbolic import codegen
from lossary.symbolic.derivatives import curvature, gradient
from lossary.symbolic.graph import SCALAR, Node, apply, symbol
from lossary.symbolic.simplify import leaves
from lossary.symbolic.words import product, summed

__all__ = [
    "check",
    "denominator",
    "differentiated",
    "finish",
    "gradient_and_hessian",
    "gradients",
    "measure",
    "measured",
    "names_of",
    "pulled",
    "regions",
    "renew",
    "total",
    "trace",
    "with_gradients",
    "work_of",
]

CHANGE = "_change"  # the upstream gradients of items, in formulas
Gradients = Array | tuple[Array, ...]  # a tuple if a loss has several predictions


class Hosted:
    """A reduced loss within a framework's compiled program, as a function of the arrays of a call."""

    def __init__(self, call: Call) -> None:
        self.names = list(_arrays_of(call))
        self.call = call.but(inputs={}, denominator=None if "denominator" in self.names else call.denominator)
        self.scans = bool(call.record.scores)
        self.wrt = names_of(call)
        self.places = tuple(self.names.index(name) for name in self.wrt)

    def trace(self, arrays: Sequence[Array]) -> Array:
        """Return the result by the formulas."""
        return _traced(self._bind(arrays))

    def measure(self, places: tuple[int, ...], arrays: Sequence[Array]) -> tuple[Array, list[Array]]:
        """Return the result and its gradients at some places."""
        return measured(self._bind(arrays), tuple(self.names[i] for i in places))

    def _bind(self, arrays: Sequence[Array]) -> Call:
        given = dict(zip(self.names, arrays, strict=True))
        changes = {"denominator": given.pop("denominator")} if "denominator" in given else {}
        return self.call.but(inputs=given, **changes)

    def for_xla(self, gradients: bool, integers: str) -> Handler | None:
        """Return a kernel for the value and, if asked for, the gradients; labels have the dtype ``integers``."""
        work, divided_by = work_of(self.call, self.wrt if gradients else ())
        return for_xla(*as_rows(self.call, work), float(divided_by), integers)


def _arrays_of(call: Call) -> dict[str, Array]:
    """Return the arrays that a reduced loss depends on, by their names."""
    if call.reduction != "mean" or isinstance(call.denominator, str | float):
        return call.inputs
    return call.inputs | {"denominator": call.denominator}


def names_of(call: Call) -> tuple[str, ...]:
    """Return the names of the predictions."""
    return tuple(argument.name for argument in call.predictions)


def with_gradients(call: Call, value: Array, gradients: list[Array]) -> tuple[Array, Gradients]:
    """Return a value and gradients as users get them: in the dtypes of the predictions."""
    return value, _one_or_all(call.as_given(gradients))


def gradient_and_hessian(call: Call) -> tuple[Gradients, Gradients]:
    """Return the first and second derivative of each item's weighted loss, in the shape of the predictions."""
    predictions = call.record.moved_by(names_of(call))
    first = _slopes(call.program.loss, predictions)
    second = [curvature(slope, symbol) for slope, symbol in zip(first, predictions, strict=True)]
    done = call.face.untracked(lambda: measure(call, Work(gradients=(*first, *second))).gradients)
    half = len(first)
    return _one_or_all(call.as_given(done[:half])), _one_or_all(call.as_given(done[half:]))


def total(call: Call, summed: Array | None = None) -> tuple[Array, Array, Array]:
    """Return the sums of the losses (``summed``, if that is known), the weights and the number of the items."""
    program = call.program
    if summed is None:
        sums = measure(call, Work(sums=(program.loss, program.weight, program.count))).sums
    else:
        by = (call.but(denominator=name) for name in ("weight", "count"))
        sums = [summed, *(denominator_by(one, _traced_sum) for one in by)]
    dtype = call.face.dtype_of_totals(call.inputs[call.record.arguments[0].name])
    loss, weight, count = (call.face.number(value, dtype) for value in sums)
    return loss, weight, count


def regions(call: Call, is_tracked: bool) -> tuple[Array, ...]:
    """Return the number of places of each region that count, and the sums over them.

    Kernels round each sum to the dtype of the call; other sums are computed in that of totals.
    """
    face, like = call.face, call.inputs[call.record.arguments[0].name]
    number, *sums = of_regions(call.record, call.options)
    nodes, dtype = tuple(sums if number.is_number() else (number, *sums)), face.dtype_of_totals(like)
    if is_tracked:
        if not call.options.guard:
            check(call)
        found = [_smooth(call.but(dtype=dtype), node) for node in nodes]
    else:
        found = measure(call if _kernels(call) else call.but(dtype=dtype), Work(losses=nodes)).losses
    if number.is_number():
        found.insert(0, face.zeros(call.items, dtype, like) + math.prod(call.shape) / max(1, math.prod(call.items)))
    return tuple(call.as_items(face.cast(array, dtype)) for array in found)


def measure(call: Call, work: Work) -> Measured:
    """Compute sums over all items, and arrays, now; raise if a value is invalid."""
    done = scores.measure(call, work, _pass) if call.record.scores else _pass(call, work)
    if done.suspect:
        check(call)
    return done


def _pass(call: Call, work: Work) -> Measured:
    """Run one kernel, or the framework's operations; ``suspect`` is set if any input may be invalid."""
    kernels = _kernels(call)
    done: Measured | None = kernels.measure(*as_rows(call, work)) if kernels is not None else None
    if done is not None:
        return done
    if call.record.axes and 0 in call.shape:
        return _of_nothing(call, work)
    call, work = _scaled(call, work)
    valid = () if call.options.guard or call.program.valid.is_number() else (call.program.valid,)
    outputs = (*work.nodes, *valid)
    symbols = leaves(*outputs)
    given = call.given(symbols, with_labels=several_axes.serves(call))
    arrays = call.face.compute(outputs, symbols, call.axes, given, _build(call)) if outputs else ()
    return _collect(call, work, arrays, suspect=bool(valid) and not bool(arrays[-1].all()))


def _scaled(call: Call, work: Work) -> tuple[Call, Work]:
    """Make the factor of the gradients a number of their formulas: another pass over memory would cost more."""
    if not work.gradients or not isinstance(work.factor, float) or work.factor == 1:
        return call, work
    numbers = call.numbers | {SCALE: work.factor}
    return call.but(numbers=numbers), replace(work, gradients=_times_scale(work.gradients), scale=1.0, divided_by=1.0)


@cache
def _times_scale(gradients: tuple[Node, ...]) -> tuple[Node, ...]:
    return tuple(apply("multiply", gradient, symbol(SCALE, SCALAR)) for gradient in gradients)


def _build(call: Call) -> codegen.Build:
    """Return what makes a function of arrays of formulas."""
    build = several_axes.build if several_axes.serves(call) else codegen.build
    if not call.record.axes:
        return build
    face, arrays = call.face, list(call.inputs.values())
    on_gpu = face.on_gpu(*arrays) or (face.has_scan and face.multiplies_halves(arrays[0]))
    # Not where PyTorch's compiler traces: its programs do not know sizes.
    return in_blocks(build, on_gpu) if on_gpu or face.has_scan or face.sees(*arrays) else build


def _of_nothing(call: Call, work: Work) -> Measured:
    """Return sums of no items, of which words along an axis cannot be computed, and gradients of 0."""
    face, like = call.face, call.inputs[call.record.arguments[0].name]
    names = work.wrt or names_of(call)
    slopes = [face.zeros(call.shape_of_gradient(name), call.dtype, like) for name in names[: len(work.gradients)]]
    losses = [face.zeros(call.items, call.dtype, like) for _ in work.losses]
    return Measured([0.0] * len(work.sums), losses, slopes)


def _kernels(call: Call) -> ModuleType | None:
    """Return the compiled kernels, of the CPU or the GPU, that compute this call."""
    rows, _ = as_rows(call)
    return next((kernels for kernels in (cpu, gpu) if kernels.serves(rows)), None)


def differentiated(call: Call) -> set[str] | None:
    """Return the names of the inputs that autograd records; None if a transform may differentiate any of them."""
    if call.options.guard and _kernels(call) is None:
        return None
    return call.face.differentiated(call.inputs | {"denominator": call.denominator})


def check(call: Call) -> None:
    """Raise for the first invalid value, where values are visible."""
    if not call.program.valid.is_number():
        symbols = leaves(call.program.valid)
        (valid,) = call.face.compute((call.program.valid,), symbols, call.axes, call.given(symbols))
        if not bool(valid.all()):
            raise_first_wrong(call)


def _collect(call: Call, work: Work, arrays: Sequence[Array], suspect: bool) -> Measured:
    """Bring the values of formulas into the shapes that were asked for."""
    face, n, m = call.face, len(work.sums), len(work.sums) + len(work.losses)
    numbers = [face.cast(array, call.dtype) for array in arrays[:n]]  # of labels or a mask alone, they are no floats
    sums: list[Array | float] = [face.sum_all(face.broadcast(array, call.items)) for array in numbers]
    losses = [face.broadcast(array, call.items) for array in arrays[n:m]]
    names = work.wrt or 2 * names_of(call)  # a Hessian follows a gradient
    made = zip(arrays[m : m + len(work.gradients)], names, strict=False)
    full = [face.broadcast(array, call.shape_of_gradient(name)) for array, name in made]
    factor = work.factor
    gradients = full if isinstance(factor, float) and factor == 1 else [face.times(a, factor) for a in full]
    if work.out:
        gradients = [face.write(array, buffer) for array, buffer in zip(gradients, work.out, strict=True)]
    return Measured(sums, losses, gradients, suspect)


def trace(call: Call) -> Array:
    """Return the result in the framework's own differentiable operations, which may include kernels."""
    # Once: gradients of an input that is used twice are summed before they are rounded. Layers are cast block by block.
    layers = {name for one in call.record.scores for name in one.factors}
    cast = {n: call.face.cast(v, call.dtype) for n, v in call.inputs.items() if n in call.dtypes and n not in layers}
    call = call.but(inputs=call.inputs | cast)
    if call.reduction == "none" or not (_scans(call) or _hosts_kernels(call)):
        return _traced(call)
    if not call.record.scores and divides_by_values(call):
        return _mean(call, trace(call.but(reduction="sum")), denominator_by(call, _traced_sum))
    return call.face.total(Hosted(call), list(_arrays_of(call).values()))


def _scans(call: Call) -> bool:
    """Return True if a loop of the framework's compiled programs computes such calls with their gradients."""
    return bool(call.record.scores) and scores.scans(call) and math.prod(call.shape) > 0


def _hosts_kernels(call: Call) -> bool:
    """Return True if the framework's compiled programs call kernels for such calls."""
    is_empty = call.reduction == "mean" and not divides_by_values(call) and call.denominator == 0
    has_sizes = all(isinstance(n, int) for n in call.shape)  # an exported program leaves them open
    has_items = has_sizes and math.prod(call.shape) > 0 and not is_empty
    return call.options.guard and has_items and call.face.hosts_kernels(XLA_VERSION) and cpu.compiles(as_rows(call)[0])


def _traced(call: Call) -> Array:
    """Return the result by the formulas."""
    losses = scores.trace(call, _smooth) if call.record.scores else _smooth(call, call.program.traced)
    if call.reduction == "none":
        return call.as_items(losses)
    loss = call.face.sum_all(call.face.broadcast(losses, call.items))
    return loss if call.reduction == "sum" else _traced_mean(call, loss)


def _traced_mean(call: Call, loss: Array) -> Array:
    """Divide a sum of losses. By a Python number, PyTorch's forward mode would make a float64 of a float32."""
    divided_by = denominator_by(call, _traced_sum)
    if not hasattr(divided_by, "dtype"):
        divided_by = call.face.scalar(divided_by, loss, call.dtype)
    return _mean(call, loss, divided_by)


def _mean(call: Call, loss: Array, divided_by: Array | float) -> Array:
    """Divide a sum of losses; the option ``empty`` decides what 0 / 0 is."""
    return mean(loss, divided_by, call.empty, call.face)


def measured(
    call: Call, wrt: tuple[str, ...], out: tuple[Array, ...] = (), upstream: Array | float = 1.0
) -> tuple[Array, list[Array]]:
    """Return the value, and its gradients in the predictions ``wrt`` times an upstream gradient."""
    work, divided_by = work_of(call, wrt, upstream)
    done = measure(call, replace(work, out=out))
    return finish(call, done, divided_by), done.gradients


def work_of(call: Call, wrt: tuple[str, ...], upstream: Array | float = 1.0) -> tuple[Work, Array | float]:
    """Return the work for the value and its gradients, and the denominator of the value."""
    loss, first = (call.program.loss,), gradients(call, wrt)
    if call.reduction == "none":
        return Work(losses=loss, gradients=first, wrt=wrt), 1
    divided_by = denominator(call)
    return Work(sums=loss, gradients=first, wrt=wrt, **_share(call, upstream, divided_by)), divided_by


def _share(call: Call, upstream: Array | float, divided_by: Array | float) -> dict[str, Any]:
    """Return the scale of the gradients of a mean; a kernel on a GPU takes the denominator as a number."""
    if isinstance(divided_by, int | float) and divided_by:
        return {"scale": upstream, "divided_by": float(divided_by)}
    return {"scale": mean(upstream, divided_by, call.empty, call.face)}


def finish(call: Call, done: Measured, divided_by: Array | float) -> Array:
    """Return the value as users get it, from the sums or losses that were measured."""
    if call.reduction == "none":
        return call.as_items(done.losses[0])
    return call.face.number(mean(done.sums[0], divided_by, call.empty, call.face), call.dtype)


def pulled(call: Call, wrt: tuple[str, ...], change: Array) -> list[Array]:
    """Return the gradients times an upstream gradient on a device, without waiting for it."""
    change = call.face.reshape(change, call.items if call.reduction == "none" else ())
    if call.reduction == "none" and call.record.axes:
        # One element may change the losses of several items: there is no gradient of each to multiply.
        loss = summed(product(symbol(CHANGE, call.program.loss.axes), call.program.loss))
        work = Work(gradients=_slopes(loss, call.record.moved_by(wrt)), wrt=wrt)
        return measure(call.but(inputs=call.inputs | {CHANGE: change}), work).gradients
    share = {"scale": change} if call.reduction == "none" else _share(call, change, denominator(call))
    return measure(call, Work(gradients=gradients(call, wrt), wrt=wrt, **share)).gradients


def renew(call: Call, wrt: tuple[str, ...], made: Sequence[Array], upstream: Array | float, change: Array) -> None:
    """Replace gradients times ``upstream`` by those times ``change``, in their memory, unless the two are equal.

    Gradients of matrix products were made for 1 and are multiplied, as making them again takes the products.
    """
    if call.record.scores:
        gpu.rescale(made, change)
        return
    work = Work(gradients=gradients(call, wrt), wrt=wrt, out=tuple(made), unless=(upstream, change))
    measure(call, replace(work, **_share(call, change, denominator(call))))


def gradients(call: Call, wrt: tuple[str, ...]) -> tuple[Node, ...]:
    """Return the formulas of the gradients of an item's loss in the predictions ``wrt``."""
    return _slopes(summed(call.program.loss) if call.record.axes else call.program.loss, call.record.moved_by(wrt))


@cache
def _slopes(loss: Node, predictions: tuple[Node, ...]) -> tuple[Node, ...]:
    return tuple(gradient(loss, predictions))


def denominator(call: Call) -> Array | float:
    """Return the number that the sum of the losses is divided by; 1 if the result is no mean."""
    return denominator_by(call, _measured_sum) if call.reduction == "mean" else 1


def _smooth(call: Call, output: Node) -> Array:
    """Return the value of a formula, differentiable by the framework."""
    symbols = leaves(output)
    return call.face.smooth(output, symbols, call.axes, _build(call))(*call.given(symbols))


def _traced_sum(call: Call, node: Node) -> Array:
    values = call.face.cast(_smooth(call, node), call.dtype)  # of labels or a mask alone, they are no floats
    return call.face.sum_all(call.face.broadcast(values, call.items))


def _measured_sum(call: Call, node: Node) -> Array | float:
    return measure(call, Work(sums=(node,))).sums[0]


def _one_or_all(arrays: list[Array]) -> Gradients:
    return tuple(arrays) if len(arrays) > 1 else arrays[0]
