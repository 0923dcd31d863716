"""Derivatives for PyTorch: results whose gradients are made with them, and formulas under every transform.

A function of autograd is given the plan of a call and its arrays, and asks the plan for values and gradients.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx

from lossary.frameworks.face import Differentiable, Dimensions, never
from lossary.frameworks.torch_eager import compute, has_storage, runs_now
from lossary.symbolic.codegen import Build, build
from lossary.symbolic.derivatives import pulled, pushed
from lossary.symbolic.graph import Node

__all__ = ["Context", "deferred", "expected", "fused", "smooth"]

Plan: TypeAlias = Differentiable[Tensor]
Gradients: TypeAlias = tuple[Tensor | None, ...]


class Context(FunctionCtx):
    """State that a function of autograd keeps from the forward for the backward."""

    saved_tensors: tuple[Tensor, ...]
    needs_input_grad: tuple[bool, ...]


class _PlanContext(Context):
    plan: Plan
    # The plan; the gradients, None once they were returned, as they may change then; the factor that they contain.
    kept: tuple[Plan, Sequence[Tensor] | None, Tensor | float]


class _FormulaContext(Context):
    numbers: list[float | None]  # of the inputs; None where an input is a tensor
    shape: torch.Size


def deferred(plan: Plan, arrays: Sequence[Tensor], *predictions: Tensor) -> Tensor:
    """Return the result; the backward makes the gradients, without waiting for the device."""
    result: Tensor = _Deferred.apply(plan, arrays, *predictions)  # type: ignore[no-untyped-call]
    return result


class _Deferred(torch.autograd.Function):
    @staticmethod
    def forward(ctx: _PlanContext, plan: Plan, arrays: Sequence[Tensor], *_: Tensor) -> Tensor:
        ctx.plan = plan
        ctx.save_for_backward(*arrays)
        return plan.value(arrays)

    @staticmethod
    def backward(ctx: _PlanContext, change: Tensor) -> Gradients:
        plan, arrays = ctx.plan, ctx.saved_tensors
        if torch.is_grad_enabled() or not has_storage(change):  # create_graph, or a vmap over upstream gradients
            return None, None, *_retraced(arrays, plan, change)
        return None, None, *plan.pull(arrays, plan.wrt, change)


_has_cuda = torch.backends.cuda.is_built()
_is_capturing = torch.cuda.is_current_stream_capturing if _has_cuda else never  # into a CUDA graph
_stream: Callable[[int], int] = torch._C._cuda_getCurrentRawStream if _has_cuda else lambda device: 0
# The last upstream gradient of a stream. Another stream might read it before it is written.
_last: dict[tuple[torch.device, torch.dtype, int], Tensor] = {}


def expected(plan: Plan, arrays: Sequence[Tensor], *predictions: Tensor) -> Tensor:
    """Return the result, with its gradients times the last upstream gradient (1 at first), which is expected again.

    The device compares it with the actual one, and makes the gradients anew only where the two differ: with the same
    bits whatever was expected, and without waiting.
    """
    result: Tensor = _Expected.apply(plan, arrays, *predictions)  # type: ignore[no-untyped-call]
    return result


def _last_upstream(like: Tensor, dtype: torch.dtype) -> Tensor:
    """Return the upstream gradient to expect; a captured graph cannot keep a tensor of another time, and expects 1."""
    key = _key(like, dtype)
    if key in _last and not _is_capturing():
        return _last[key]
    return torch.ones((), dtype=dtype, device=like.device)


def _key(like: Tensor, dtype: torch.dtype) -> tuple[torch.device, torch.dtype, int]:
    return like.device, dtype, _stream(like.device.index) if like.is_cuda else 0


class _Expected(torch.autograd.Function):
    @staticmethod
    def forward(ctx: _PlanContext, plan: Plan, arrays: Sequence[Tensor], *_: Tensor) -> Tensor:
        upstream = _last_upstream(arrays[plan.places[0]], plan.dtype) if plan.expects else 1.0
        value, gradients = plan.measure(arrays, plan.wrt, (), upstream)
        ctx.kept = plan, gradients, upstream
        ctx.save_for_backward(*arrays)
        return value

    @staticmethod
    def backward(ctx: _PlanContext, change: Tensor) -> Gradients:
        (plan, gradients, upstream), arrays = ctx.kept, ctx.saved_tensors
        if torch.is_grad_enabled() or not has_storage(change):
            return None, None, *_retraced(arrays, plan, change)
        ctx.kept = plan, None, 1.0
        change = change.reshape(())
        if gradients is None:
            return None, None, *plan.pull(arrays, plan.wrt, change)
        copied = plan.renew(arrays, gradients, upstream, change)
        if plan.expects and not _is_capturing():
            _last[_key(change, change.dtype)] = change.clone() if copied is None else copied
        return None, None, *gradients


Done: TypeAlias = tuple[Tensor, Sequence[Tensor], float, Plan, Sequence[Tensor]]


class _Fused(torch.autograd.Function):
    """A result with gradients that were made in the same pass, from tensors that are saved for ``create_graph``."""

    @staticmethod
    def forward(ctx: _PlanContext, done: Done, *_: Tensor) -> Tensor:
        value, gradients, upstream, plan, arrays = done
        ctx.kept = plan, gradients, upstream
        ctx.save_for_backward(*arrays)
        return value

    @staticmethod
    def backward(ctx: _PlanContext, change: Tensor) -> Gradients:
        plan, gradients, upstream = ctx.kept
        if torch.is_grad_enabled():  # create_graph: the gradient itself is to be differentiated
            return None, *_retraced(ctx.saved_tensors, plan, change)
        ctx.kept = plan, None, 1.0
        seen = has_storage(change)
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


def _owns_its_memory(gradient: Tensor) -> bool:
    """Return True if no two elements share memory."""
    return gradient.is_contiguous() or 0 not in gradient.stride()


def _retraced(arrays: Sequence[Tensor], plan: Plan, change: Tensor) -> list[Tensor | None]:
    """Return the gradients in the predictions as differentiable functions of the saved tensors."""
    wanted = [place for place in plan.places if arrays[place].requires_grad]
    with torch.enable_grad():
        result = plan.trace(arrays)
    gradients = torch.autograd.grad(result, [arrays[i] for i in wanted], change, create_graph=torch.is_grad_enabled())
    found = dict(zip(wanted, gradients, strict=True))
    return [found.get(place) for place in plan.places]


# fused((value, gradients, upstream, plan, arrays), *predictions) is Function.apply without its preparation for
# torch.func, whose transforms never come here; and the backward is called at once, without looking for a vjp.
fused: Callable[..., Tensor] = super(torch.autograd.Function, _Fused).apply
_Fused._backward_cls.apply = _Fused.backward  # type: ignore[attr-defined]


def smooth(output: Node, symbols: tuple[Node, ...], axes: Dimensions, build: Build = build) -> Callable[..., Tensor]:
    """Return a formula as a function of tensors; its derivatives are printed from its graph as such functions too.

    ``build`` makes what computes it and them; in eager backward, all cotangents at once.
    """
    apply: Callable[..., Tensor] = _function(output, symbols, axes, build).apply
    return apply


@dataclass(frozen=True)
class _Formula:
    """A formula of tensors, and what computes it where operations run at once."""

    output: Node
    symbols: tuple[Node, ...]
    axes: Dimensions
    build: Build

    def computed(
        self, nodes: tuple[Node, ...], names: tuple[Node, ...], given: Sequence[Tensor | float]
    ) -> Sequence[Tensor]:
        """Compute formulas of tensors in memory; those of rows in their most exact form."""
        if self.build is build:
            return build(nodes, names, "torch")(*given, axes=self.axes)
        return compute(nodes, names, self.axes, given, self.build)

    def cotangents(self, wanted: list[int], given: list[Tensor | float]) -> dict[int, Tensor]:
        """Return the cotangents of some symbols; ``given`` has the values, and the output's cotangent."""
        formulas = [pulled(self.output, self.symbols, i) for i in wanted]
        if torch.is_grad_enabled() or not runs_now(*(value for value in given if isinstance(value, Tensor))):
            return {i: smooth(*each, self.axes, self.build)(*given) for i, each in zip(wanted, formulas, strict=True)}
        nodes, names = tuple(node for node, _ in formulas), formulas[0][1]
        return dict(zip(wanted, self.computed(nodes, names, given), strict=True))


@cache
def _function(
    output: Node, symbols: tuple[Node, ...], axes: Dimensions, builder: Build
) -> type[torch.autograd.Function]:
    body = build((output,), symbols, "torch")

    formula = _Formula(output, symbols, axes, builder)

    class Formula(torch.autograd.Function):
        generate_vmap_rule = True

        @staticmethod
        def forward(*arrays: Tensor | float) -> Tensor:
            if runs_now(*(array for array in arrays if isinstance(array, Tensor))):
                return formula.computed((output,), symbols, arrays)[0]
            result: Tensor = body(*arrays, axes=axes)[0]
            return result

        @staticmethod
        def setup_context(ctx: _FormulaContext, inputs: tuple[Tensor | float, ...], output: Tensor) -> None:
            tensors = [value for value in inputs if isinstance(value, Tensor)]
            ctx.save_for_backward(*tensors)
            ctx.save_for_forward(*tensors)
            ctx.numbers = [None if isinstance(value, Tensor) else value for value in inputs]
            ctx.shape = output.shape
            ctx.set_materialize_grads(False)  # a zero upstream gradient must not be multiplied by an infinite slope

        @staticmethod
        def backward(ctx: _FormulaContext, change: Tensor | None) -> Gradients:
            if change is None:
                return (None,) * len(ctx.numbers)
            values = _values(ctx)
            wanted = [i for i, needed in enumerate(ctx.needs_input_grad) if needed]
            found = formula.cotangents(wanted, [*values, change])
            return tuple(
                _of_shape(found[i], value.shape) if isinstance(value, Tensor) and i in found else None
                for i, value in enumerate(values)
            )

        @staticmethod
        def jvp(ctx: _FormulaContext, *tangents: Tensor | None) -> Tensor:
            moving = tuple(i for i, change in enumerate(tangents) if change is not None)
            moved = smooth(*pushed(output, symbols, moving), axes, builder)
            return moved(*_values(ctx), *(tangents[i] for i in moving)).expand(ctx.shape)

    return Formula


def _of_shape(change: Tensor, shape: torch.Size) -> Tensor:
    """Bring a cotangent to the shape of its input: broadcast, and summed where the input was broadcast."""
    if change.shape == shape:
        return change
    whole = torch.broadcast_shapes(change.shape, shape)
    return change.expand(whole).sum_to_size(shape) if whole != shape else change.expand(shape)


def _values(ctx: _FormulaContext) -> list[Tensor | float]:
    """Return the inputs of a formula."""
    tensors = iter(ctx.saved_tensors)
    return [next(tensors) if number is None else number for number in ctx.numbers]
