"""How PyTorch differentiates: results whose gradients were made with them, and formulas under every transform."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import torch

from lossary.symbolic.codegen import build
from lossary.symbolic.derivatives import pulled, pushed
from lossary.symbolic.graph import Node

__all__ = ["deferred", "expected", "fused", "smooth"]

_has_storage = torch._C._has_storage  # what stands for several tensors, under either of PyTorch's vmaps, has none


def deferred(plan: Any, arrays: Sequence[Any], *predictions: Any) -> Any:
    """The result; its gradients are made once a change of it is there, which on a device nobody looks at."""
    return _Deferred.apply(plan, arrays, *predictions)  # type: ignore[no-untyped-call]


class _Deferred(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, plan: Any, arrays: Any, *_: Any) -> Any:
        ctx.plan = plan
        ctx.save_for_backward(*arrays)
        return plan.value(arrays)

    @staticmethod
    def backward(ctx: Any, change: Any) -> Any:
        plan, arrays = ctx.plan, ctx.saved_tensors
        if torch.is_grad_enabled() or not _has_storage(change):  # the gradient is differentiated, too, or many are made
            return None, None, *_retraced(arrays, plan, change)
        return None, None, *plan.pull(arrays, change)


_last: dict[Any, torch.Tensor] = {}  # the upstream gradient that came last, by its device and dtype, on the device


def expected(plan: Any, arrays: Sequence[Any], *predictions: Any) -> Any:
    """The result, with its gradients for the upstream gradient that is expected: the one that came last, 1 at first.

    The device compares it with the one that comes, and makes the gradients anew only where they differ: in the same
    bits whatever was expected, and nobody waits.
    """
    return _Expected.apply(plan, arrays, *predictions)  # type: ignore[no-untyped-call]


def _last_upstream(like: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    key = like.device, dtype
    if key not in _last:
        _last[key] = torch.ones((), dtype=dtype, device=like.device)
    return _last[key]


class _Expected(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, plan: Any, arrays: Any, *_: Any) -> Any:
        upstream = _last_upstream(arrays[plan.places[0]], plan.call.dtype).clone() if plan.expects else 1.0
        value, gradients = plan.measure(arrays, plan.wrt, (), upstream)
        ctx.kept = plan, gradients, upstream
        ctx.save_for_backward(*arrays)
        return value

    @staticmethod
    def backward(ctx: Any, change: Any) -> Any:
        (plan, gradients, upstream), arrays = ctx.kept, ctx.saved_tensors
        if torch.is_grad_enabled() or not _has_storage(change):
            return None, None, *_retraced(arrays, plan, change)
        ctx.kept = plan, None, None  # handed out: whoever has them may change them
        change = change.reshape(())
        if gradients is None:
            return None, None, *plan.pull(arrays, change)
        plan.renew(arrays, gradients, upstream, change)
        if plan.expects:
            _last_upstream(change, change.dtype).copy_(change)
        return None, None, *gradients


class _Fused(torch.autograd.Function):
    """What was computed from tensors that are freed with the graph, and checked to be unchanged."""

    @staticmethod
    def forward(ctx: Any, done: Any, *_: Any) -> Any:
        value, gradients, upstream, plan, arrays = done
        ctx.kept = plan, gradients, upstream
        ctx.save_for_backward(*arrays)
        return value

    @staticmethod
    def backward(ctx: Any, change: Any) -> Any:
        plan, gradients, upstream = ctx.kept
        if torch.is_grad_enabled():  # create_graph: the gradient itself is to be differentiated
            return None, *_retraced(ctx.saved_tensors, plan, change)
        ctx.kept = plan, None, 1.0  # handed out: whoever has them may change them
        seen = _has_storage(change)
        factor = change.item() if seen and not change.ndim else None
        if gradients is None or upstream not in (1.0, factor):
            gradients, upstream = plan.measure(ctx.saved_tensors, plan.wrt)[1], 1.0
        if factor is not None:
            plan.expect(factor)
        if factor != upstream:
            factors = [plan.beside(change, g) for g in gradients]
            gradients = [
                g.mul_(c) if seen and _owns_its_memory(g) else g * c for g, c in zip(gradients, factors, strict=True)
            ]
        return None, *gradients


def _owns_its_memory(gradient: Any) -> bool:
    """Whether no two elements are one place in memory."""
    return gradient.is_contiguous() or 0 not in gradient.stride()


def _retraced(arrays: Sequence[Any], plan: Any, change: Any) -> list[Any]:
    """The gradients in the predictions as differentiable functions of the saved tensors."""
    wanted = [place for place in plan.places if arrays[place].requires_grad]
    with torch.enable_grad():
        result = plan.trace(arrays)
    gradients = torch.autograd.grad(result, [arrays[i] for i in wanted], change, create_graph=torch.is_grad_enabled())
    found = dict(zip(wanted, gradients, strict=True))
    return [found.get(place) for place in plan.places]


# A result with the gradients that were made in the same pass:
# fused((value, gradients, upstream, plan, arrays), *predictions). The gradients were multiplied by ``upstream``; the
# plan makes them of the arrays again (``measure``), or the result in differentiable operations (``trace``). This is
# Function.apply without its preparation for torch.func, whose transforms never come here; and backward is called at
# once, without looking for a vjp.
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
