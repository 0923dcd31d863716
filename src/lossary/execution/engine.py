"""How a checked call is computed: in one pass by a compiled kernel where there is one, else by the framework.

Two ways lead to a value. ``measure`` looks at the values now: it computes sums and arrays without a derivative graph,
and raises for input that cannot be right. ``trace`` computes with the framework's own differentiable operations, under
every transform; what cannot be right is NaN there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from lossary.contract.call import Call
from lossary.contract.diagnosis import raise_first_wrong
from lossary.execution.cpu import passes as cpu
from lossary.execution.cpu.kernels import for_xla
from lossary.execution.cpu.xla import VERSION as XLA_VERSION
from lossary.execution.gpu import kernels as gpu
from lossary.kinds import scores
from lossary.kinds.program import Measured, Work
from lossary.kinds.reduce import mean
from lossary.symbolic.derivatives import curvature, gradient
from lossary.symbolic.graph import Node
from lossary.symbolic.simplify import leaves

__all__ = [
    "check",
    "divisor",
    "finish",
    "gradient_and_hessian",
    "gradients",
    "measure",
    "measured",
    "moving",
    "names_of",
    "over",
    "pair",
    "per_item",
    "pulled",
    "renewed",
    "total",
    "trace",
    "wanted",
    "work_of",
]


class Hosted:
    """A reduced loss within a program of a framework's: by the formulas or by a kernel, of the inputs of a call."""

    def __init__(self, call: Call) -> None:
        self.names = [name for name, value in call.inputs.items() if hasattr(value, "dtype")]
        self.call = call.but(inputs={k: v for k, v in call.inputs.items() if k not in self.names})
        self.wrt = names_of(call)
        self.places = tuple(self.names.index(name) for name in self.wrt)

    def trace(self, arrays: Sequence[Any]) -> Any:
        """The result by the formulas."""
        return _traced(self.call.but(inputs=self.call.inputs | dict(zip(self.names, arrays, strict=True))))

    def for_xla(self, gradients: bool, integers: str) -> Any:
        """A kernel for the value and, if wanted, the gradients, as XLA calls it; labels are of the type given."""
        work, divisor = work_of(self.call, self.wrt if gradients else ())
        return for_xla(self.call, work, divisor, integers)


def names_of(call: Call) -> tuple[str, ...]:
    """The predictions by name."""
    return tuple(argument.name for argument in call.predictions)


def moving(call: Call) -> tuple[str, ...]:
    """The predictions that the framework wants derivatives of; others cost nothing."""
    return tuple(name for name in names_of(call) if getattr(call.inputs[name], "requires_grad", True))


def pair(call: Call, value: Any, gradients: list[Any]) -> tuple[Any, Any]:
    """A value and gradients as users get them: a tuple of gradients where there are several."""
    return value, _one_or_all(call.as_given(gradients))


def gradient_and_hessian(call: Call) -> tuple[Any, Any]:
    """For each place, the first and second derivative of its item's weighted loss."""
    predictions = call.record.moved_by(names_of(call))
    first = _slopes(call.program.loss, predictions)
    second = [curvature(slope, symbol) for slope, symbol in zip(first, predictions, strict=True)]
    done = call.face.untracked(lambda: measure(call, Work(gradients=(*first, *second))).gradients)
    half = len(first)
    return _one_or_all(call.as_given(done[:half])), _one_or_all(call.as_given(done[half:]))


def total(call: Call, summed: Any = None) -> tuple[Any, Any, Any]:
    """The sums that a batch adds to a mean over many: of losses (``summed``, if that is known), weights and items."""
    program = call.program
    if summed is None:
        sums = measure(call, Work(sums=(program.loss, program.weight, program.count))).sums
    else:
        by = (call.but(denominator=name) for name in ("weight", "count"))
        sums = [summed, *(_denominator(one, _traced_sum) for one in by)]
    dtype = call.face.dtype_of_totals(call.inputs[call.record.arguments[0].name])
    loss, weight, count = (call.face.number(value, dtype) for value in sums)
    return loss, weight, count


def measure(call: Call, work: Work) -> Measured:
    """Sums over all items and arrays, computed now."""
    done = scores.measure(call, work, _pass) if call.record.scores else _pass(call, work)
    if done.suspect:
        check(call)
    return done


def _pass(call: Call, work: Work) -> Measured:
    """The same by one pass, which says whether it may have met what cannot be right."""
    kernels = _kernels(call)
    done: Measured | None = kernels.measure(call, work) if kernels is not None else None
    if done is not None:
        return done
    symbols = leaves(*work.nodes)
    arrays = call.face.compute(work.nodes, symbols, call.axis, call.given(symbols)) if work.nodes else ()
    return _collect(call, work, arrays)


def _kernels(call: Call) -> Any:
    """The compiled kernels that compute this call, if any do."""
    return next((kernels for kernels in (cpu, gpu) if kernels.serves(call)), None)


def wanted(call: Call) -> str:
    """What derivatives may be asked for: of nothing, of the predictions, or of anything, for which a call is traced."""
    if call.options.guard and _kernels(call) is None:
        return "anything"
    recorded = call.face.differentiated(call.inputs | {"denominator": call.denominator})
    return "nothing" if not recorded else "predictions" if recorded <= set(names_of(call)) else "anything"


def check(call: Call) -> None:
    """Raise for the first value that cannot be right, where values can be seen."""
    if not call.program.valid.is_number():
        symbols = leaves(call.program.valid)
        (valid,) = call.face.compute((call.program.valid,), symbols, call.axis, call.given(symbols))
        if not bool(valid.all()):
            raise_first_wrong(call)


def _collect(call: Call, work: Work, arrays: Sequence[Any]) -> Measured:
    """What whole-array code computed, in the shapes that were asked for."""
    face, n, m = call.face, len(work.sums), len(work.sums) + len(work.losses)
    numbers = [face.cast(array, call.dtype) for array in arrays[:n]]  # of labels or a mask alone, they are none yet
    sums = [face.sum_all(face.broadcast(array, call.items)) for array in numbers]
    losses = [face.broadcast(array, call.items) for array in arrays[n:m]]
    full = [face.broadcast(array, call.shape) for array in arrays[m:]]
    gradients = full if isinstance(work.scale, float) and work.scale == 1 else [face.times(a, work.scale) for a in full]
    if work.out:
        gradients = [face.write(array, buffer) for array, buffer in zip(gradients, work.out, strict=True)]
    return Measured(sums, losses, gradients, suspect=not call.options.guard)


def trace(call: Call) -> Any:
    """The result as the framework's own differentiable operations, among which kernels may be."""
    if not call.record.scores:  # once: of an input that is used twice, gradients are summed before they are rounded
        cast = {name: call.face.cast(v, call.dtype) for name, v in call.inputs.items() if name in call.dtypes}
        call = call.but(inputs=call.inputs | cast)
    if call.reduction == "none" or not _hosts_kernels(call):
        return _traced(call)
    if _divides_by_values(call):
        loss = trace(call.but(reduction="sum"))
        return mean(loss, _denominator(call, _traced_sum), call.empty, call.face)
    hosted = Hosted(call)
    return call.face.total(hosted, [call.inputs[name] for name in hosted.names])


def _hosts_kernels(call: Call) -> bool:
    """Whether the framework's own programs call kernels for such calls."""
    of_nothing = call.reduction == "mean" and not _divides_by_values(call) and call.denominator == 0
    is_sized = all(isinstance(n, int) for n in call.shape)  # else it is exported, for sizes that are not known yet
    of_something = is_sized and math.prod(call.shape) > 0 and not of_nothing
    return call.options.guard and of_something and call.face.hosts_kernels(XLA_VERSION) and cpu.compiles(call)


def _traced(call: Call) -> Any:
    """The result by the formulas."""
    losses = scores.trace(call, _smooth) if call.record.scores else _smooth(call, call.program.loss)
    if call.reduction == "none":
        return call.as_items(losses)
    loss = call.face.sum_all(call.face.broadcast(losses, call.items))
    return loss if call.reduction == "sum" else _traced_mean(call, loss)


def _traced_mean(call: Call, loss: Any) -> Any:
    """The mean by the formulas. Beside a Python number, PyTorch's forward mode would make a float64 of a float32."""
    over = _denominator(call, _traced_sum)
    if not hasattr(over, "dtype"):
        over = call.face.scalar(over, loss, call.dtype)
    return mean(loss, over, call.empty, call.face)


def measured(call: Call, wrt: tuple[str, ...], out: tuple[Any, ...] = (), upstream: Any = 1.0) -> tuple[Any, list[Any]]:
    """The value, and its gradients in the predictions that are named, times an upstream gradient."""
    work, divided_by = work_of(call, wrt, upstream)
    done = measure(call, replace(work, out=out))
    return finish(call, done, divided_by), done.gradients


def work_of(call: Call, wrt: tuple[str, ...], upstream: Any = 1.0) -> tuple[Work, Any]:
    """What to compute for the value and its gradients, and what a sum is divided by."""
    loss, first = (call.program.loss,), gradients(call, wrt)
    if call.reduction == "none":
        return Work(losses=loss, gradients=first, wrt=wrt), 1
    divided_by = over(call)
    scale = mean(upstream, divided_by, call.empty, call.face)
    return Work(sums=loss, gradients=first, wrt=wrt, scale=scale), divided_by


def finish(call: Call, done: Measured, divided_by: Any) -> Any:
    """The value, as users get it, from what was measured."""
    if call.reduction == "none":
        return call.as_items(done.losses[0])
    return call.face.number(mean(done.sums[0], divided_by, call.empty, call.face), call.dtype)


def pulled(call: Call, wrt: tuple[str, ...], change: Any) -> list[Any]:
    """The gradients, times a change of the result; it is on a device, and so is what it is multiplied by."""
    change = call.face.reshape(change, call.items if call.reduction == "none" else ())
    scale = change if call.reduction == "none" else mean(change, over(call), call.empty, call.face)
    return measure(call, Work(gradients=gradients(call, wrt), wrt=wrt, scale=scale)).gradients


def renewed(call: Call, wrt: tuple[str, ...], made: Sequence[Any], upstream: Any, change: Any) -> None:
    """Gradients that were made for one upstream gradient, made for another, where that is another.

    Those of products were made for 1, and are multiplied: to make them again takes the products.
    """
    if call.record.scores:
        gpu.rescale(made, change)
        return
    scale = mean(change, over(call), call.empty, call.face)
    out, unless = tuple(made), (upstream, change)
    measure(call, Work(gradients=gradients(call, wrt), wrt=wrt, scale=scale, out=out, unless=unless))


def over(call: Call) -> Any:
    """What the sum is divided by."""
    return _denominator(call, _measured_sum) if call.reduction == "mean" else 1


def gradients(call: Call, wrt: tuple[str, ...]) -> tuple[Node, ...]:
    return _slopes(call.program.loss, call.record.moved_by(wrt))


@cache
def _slopes(loss: Node, predictions: tuple[Node, ...]) -> tuple[Node, ...]:
    """The gradient of an item's loss in the predictions."""
    return tuple(gradient(loss, predictions))


def _denominator(call: Call, sum_of: Callable[[Call, Node], Any]) -> Any:
    """What the mean divides by."""
    if hasattr(call.denominator, "dtype"):
        return call.face.cast(call.denominator, call.dtype)
    if not isinstance(call.denominator, str):
        return call.denominator
    each = per_item(call)
    return sum_of(call, _counted(call)) if each is None else math.prod(call.items) * each


def _counted(call: Call) -> Node:
    """What an item adds to the denominator."""
    return call.program.weight if call.denominator == "weight" else call.program.count


def divisor(call: Call) -> Node | None:
    """What an item adds to what the sum is divided by, where only the values of the arrays tell."""
    if call.reduction != "mean" or not isinstance(call.denominator, str) or _counted(call).is_number():
        return None
    return _counted(call)


def per_item(call: Call) -> float | None:
    """What each item adds to the denominator, where that is one number."""
    if not isinstance(call.denominator, str) or not _counted(call).is_number():
        return None
    return float(_counted(call).label or 0)


def _divides_by_values(call: Call) -> bool:
    """Whether the sum is divided by what is no number known ahead."""
    return (call.reduction == "mean" and hasattr(call.denominator, "dtype")) or divisor(call) is not None


def _smooth(call: Call, output: Node) -> Any:
    symbols = leaves(output)
    return call.face.smooth(output, symbols, call.axis)(*call.given(symbols))


def _traced_sum(call: Call, node: Node) -> Any:
    values = call.face.cast(_smooth(call, node), call.dtype)  # of labels or a mask alone, they are no numbers yet
    return call.face.sum_all(call.face.broadcast(values, call.items))


def _measured_sum(call: Call, node: Node) -> Any:
    return measure(call, Work(sums=(node,))).sums[0]


def _one_or_all(arrays: list[Any]) -> Any:
    return tuple(arrays) if len(arrays) > 1 else arrays[0]
