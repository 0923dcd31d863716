"""How PyTorch differentiates: results whose gradients were made with them, and formulas under every transform."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import torch

from lossary.derive import pulled, pushed
from lossary.graph import Node
from lossary.printing import build

__all__ = ["deferred", "expected", "fused", "smooth"]

_has_storage = torch._C._has_storage  # what stands for several tensors, under either of PyTorch's vmaps, has none


def deferred(way: Any, arrays: Sequence[Any], *predictions: Any) -> Any:
    """The result; its gradients are made once a change of it is there, which on a device nobody looks at."""
    return _Deferred.apply(way, arrays, *predictions)  # type: ignore[no-untyped-call]


class _Deferred(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, way: Any, arrays: Any, *_: Any) -> Any:
        ctx.way = way
        ctx.save_for_backward(*arrays)
        return way.value(arrays)

    @staticmethod
    def backward(ctx: Any, change: Any) -> Any:
        way, arrays = ctx.way, ctx.saved_tensors
        if torch.is_grad_enabled() or not _has_storage(change):  # the gradient is differentiated, too, or many are made
            return None, None, *_retraced(arrays, way, change)
        return None, None, *way.pull(arrays, change.reshape(way.shape))


_last: dict[Any, torch.Tensor] = {}  # the upstream gradient that came last, by its device and dtype, on the device


def expected(way: Any, arrays: Sequence[Any], *predictions: Any) -> Any:
    """The result, with its gradients for the upstream gradient that is expected: the one that came last, 1 at first.

    The device compares it with the one that comes, and makes the gradients anew only where they differ: in the same
    bits whatever was expected, and nobody waits.
    """
    return _Expected.apply(way, arrays, *predictions)  # type: ignore[no-untyped-call]


def _last_upstream(like: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    key = like.device, dtype
    if key not in _last:
        _last[key] = torch.ones((), dtype=dtype, device=like.device)
    return _last[key]


class _Expected(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, way: Any, arrays: Any, *_: Any) -> Any:
        upstream = _last_upstream(arrays[way.places[0]], way.call.dtype).clone() if way.expects else 1.0
        value, gradients = way.measure_times(arrays, upstream)
        ctx.kept = way, gradients, upstream
        ctx.save_for_backward(*arrays)
        return value

    @staticmethod
    def backward(ctx: Any, change: Any) -> Any:
        (way, gradients, upstream), arrays = ctx.kept, ctx.saved_tensors
        if torch.is_grad_enabled() or not _has_storage(change):
            return None, None, *_retraced(arrays, way, change)
        ctx.kept = way, None, None  # handed out: whoever has them may change them
        change = change.reshape(())
        if gradients is None:
            return None, None, *way.pull(arrays, change)
        way.renew(arrays, gradients, upstream, change)
        if way.expects:
            _last_upstream(change, change.dtype).copy_(change)
        return None, None, *gradients


class _Fused(torch.autograd.Function):
    """What was computed from tensors that are freed with the graph, and checked to be unchanged."""

    @staticmethod
    def forward(ctx: Any, done: Any, *_: Any) -> Any:
        value, gradients, upstream, way, arrays = done
        ctx.kept = way, gradients, upstream
        ctx.save_for_backward(*arrays)
        return value

    @staticmethod
    def backward(ctx: Any, change: Any) -> Any:
        way, gradients, upstream = ctx.kept
        if torch.is_grad_enabled():  # create_graph: the gradient itself is to be differentiated
            return None, *_retraced(ctx.saved_tensors, way, change)
        ctx.kept = way, None, 1.0  # handed out: whoever has them may change them
        seen = _has_storage(change)
        factor = change.item() if seen and not way.shape else None
        if gradients is None or upstream not in (1.0, factor):
            gradients, upstream = way.measure(ctx.saved_tensors)[1], 1.0
        if factor is not None:
            way.expect(factor)
        if factor != upstream:
            change = change if change.shape == way.shape else change.reshape(way.shape)
            gradients = [g.mul_(change) if seen and _owns_its_memory(g) else g * change for g in gradients]
        return None, *gradients


def _owns_its_memory(gradient: Any) -> bool:
    """Whether no two elements are one place in memory."""
    return gradient.is_contiguous() or 0 not in gradient.stride()


def _retraced(arrays: Sequence[Any], way: Any, change: Any) -> list[Any]:
    """The gradients in the predictions as differentiable functions of the saved tensors."""
    wanted = [place for place in way.places if arrays[place].requires_grad]
    with torch.enable_grad():
        result = way.trace(arrays)
    gradients = torch.autograd.grad(result, [arrays[i] for i in wanted], change, create_graph=torch.is_grad_enabled())
    found = dict(zip(wanted, gradients, strict=True))
    return [found.get(place) for place in way.places]


# A result with the gradients that were made in the same pass:
# fused((value, gradients, upstream, way, arrays), *predictions). ``upstream`` is what the gradients were multiplied by,
# ``way`` says how the result is made of arrays, with gradients (``measure``) or in differentiable operations
# (``trace``). This is Function.apply without its preparation for torch.func, whose transforms never come here; and
# backward is called at once, without looking for a vjp.
fused: Callable[..., Any] = super(torch.autograd.Function, _Fused).apply
_Fused._backward_cls.apply = _Fused.backward  # type: ignore[attr-defined]


def smooth(output: Node, symbols: tuple[Node, ...], axis: Any) -> Callable[..., Any]:
    """A formula as a function of tensors; its derivatives are printed from its graph and are such functions too."""
    apply: Callable[..., Any] = _function(output, symbols, axis).apply
    return apply


@cache
def _function(output: Node, symbols: tuple[Node, ...], axis: Any) -> Any:
    body = build((output,), symbols, "torch")

    class Formula(torch.autograd.Function):
        generate_vmap_rule = True

        @staticmethod
        def forward(*arrays: Any) -> Any:
            return body(*arrays, axis=axis)[0]

        @staticmethod
        def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
            tensors = [value for value in inputs if isinstance(value, torch.Tensor)]
            ctx.save_for_backward(*tensors)
            ctx.save_for_forward(*tensors)
            ctx.numbers = [None if isinstance(value, torch.Tensor) else value for value in inputs]
            ctx.shape = output.shape
            ctx.set_materialize_grads(False)  # what does not move must not be multiplied by an infinite slope

        @staticmethod
        def backward(ctx: Any, *changes: Any) -> Any:
            if changes[0] is None:
                return (None,) * len(ctx.numbers)
            values = _values(ctx)
            wanted = [i for i, needed in enumerate(ctx.needs_input_grad) if needed]
            found = {i: smooth(*pulled(output, symbols, i), axis)(*values, *changes) for i in wanted}
            return tuple(found[i].expand(values[i].shape) if i in found else None for i in range(len(values)))

        @staticmethod
        def jvp(ctx: Any, *tangents: Any) -> Any:
            moving = tuple(i for i, change in enumerate(tangents) if change is not None)
            moved = smooth(*pushed(output, symbols, moving), axis)
            return moved(*_values(ctx), *(tangents[i] for i in moving)).expand(ctx.shape)

    return Formula


def _values(ctx: Any) -> list[Any]:
    tensors = iter(ctx.saved_tensors)
    return [next(tensors) if number is None else number for number in ctx.numbers]
