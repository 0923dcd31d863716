"""What lossary returns for draws of a call: by each framework, with compiled kernels and without, in any layout."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any
from unittest.mock import patch

import jax
import ml_dtypes
import numpy as np
import torch
from jax import numpy as jnp

import lossary
from fuzz.draws import Draws
from fuzz.factors import SECOND, Case, framework_of
from fuzz.reference import FORWARD, Answer
from lossary.errors import LossaryError
from lossary.execution import blocks, operators
from lossary.execution.cpu import passes, several_axes
from lossary.execution.plans import Plans
from lossary.frameworks import row_blocks

__all__ = ["answers", "bodies", "refusal"]

Array = np.ndarray[Any, Any]
SMALL = ((blocks, "LARGE", 32), (blocks, "BLOCK", 64), (row_blocks, "BLOCK", 16))  # bytes, bytes, elements


def answers(case: Case, draws: Draws, chosen: Sequence[int]) -> tuple[Answer, list[str]]:
    """Some draws, one call each; and the dtypes that are not what they should be."""
    names = [FORWARD] if case["entry"] == "forward" else draws.wanted
    with bodies(compiled="compiled" in case["engine"], small=case["blocks"] == "small"):
        one = _one(case, draws)
        found = [one(i) for i in chosen]
    values, gradients = zip(*found, strict=True)
    stacked = {name: np.stack([_plain(g[k]) for g in gradients]) for k, name in enumerate(names)}
    return Answer(np.stack([_plain(v) for v in values]), stacked), _wrong_dtypes(names, draws, found[0])


def refusal(case: Case, draws: Draws, chosen: int) -> str:
    """What is wrong with how a call that cannot be right is answered; "" if nothing is.

    Where values cannot be seen the loss may be NaN instead.
    """
    blind = draws.error == "DomainError" and (framework_of(case) == "jax" or case["entry"] in ("forward", *SECOND))
    with bodies(compiled="compiled" in case["engine"], small=case["blocks"] == "small"):
        try:
            value = _plain(_one(case, draws)(chosen)[0])
        except LossaryError as problem:
            return "" if type(problem).__name__ == draws.error else f"{type(problem).__name__}: {problem}"
    if blind and np.isnan(value).any():
        return ""
    return f"draw {chosen} is {value!r:.60}, where a {draws.error} was expected"


def _one(case: Case, draws: Draws) -> Callable[[int], Any]:
    """A function of a draw's number: its value and derivatives."""
    return {"numpy": _numpy, "torch": _torch, "jax": _jax}[framework_of(case)](case, draws)


@contextmanager
def bodies(compiled: bool, small: bool = False) -> Iterator[None]:
    """Within, calls are computed by compiled kernels, or by none; and perhaps by small blocks of several axes."""
    with ExitStack() as stack:
        for module, name, value in SMALL if small else ():
            stack.enter_context(patch.object(module, name, value))
        if not compiled:
            stack.enter_context(patch.object(passes, "serves", lambda *_: False))
            stack.enter_context(patch.object(several_axes, "serves", lambda *_: False))
            stack.enter_context(patch.object(operators, "serves", lambda *_: False))
            stack.enter_context(patch.object(Plans, "find", Plans.alone))
        yield


def _wrong_dtypes(names: list[str], draws: Draws, found: Any) -> list[str]:
    """A value has at least float32, a gradient what its array has."""
    value, gradients = found
    dtypes = {"the value": (_name(value), ("float32", "float64"))}
    for name, gradient in zip(names, gradients, strict=True):
        own = str(draws.given[name].dtype) if name in draws.given else _name(value)
        dtypes[name] = _name(gradient), (own, own) if "float" in own else ("float32", "float64")
    return [f"{name} has dtype {got}" for name, (got, right) in dtypes.items() if got not in right]


def _name(array: Any) -> str:
    return str(array.dtype).rpartition(".")[2]


def _plain(array: Any) -> Array:
    if isinstance(array, torch.Tensor):
        array = array.detach().double()
    return np.asarray(array).astype(np.float64)


# --- the frameworks -----------------------------------------------------------------------------------------------


def _numpy(case: Case, draws: Draws) -> Callable[[int], Any]:
    names, loss = _names(draws), lossary.get(case["loss"])

    def one(i: int) -> Any:
        arrays = {name: laid_out(array[i], case["layout"]) for name, array in draws.given.items()}
        given = [arrays.pop(name) for name in names]
        value, gradients = loss.value_and_gradient(*given, **arrays, **draws.plain)
        return value, gradients if isinstance(gradients, tuple) else (gradients,)

    return one


def _torch(case: Case, draws: Draws) -> Callable[[int], Any]:
    names, loss = _names(draws), lossary.get(case["loss"])
    tensors = {name: _tensor(array) for name, array in draws.given.items()}
    directions = {name: _tensor(array) for name, array in draws.directions.items()}
    upstream = torch.tensor(draws.upstream)

    def one(i: int) -> Any:
        arrays = {name: laid_out_tensor(tensor[i], case["layout"]) for name, tensor in tensors.items()}
        if case["entry"] == "value_and_gradient":
            given = [arrays.pop(name) for name in names]
            value, gradients = loss.value_and_gradient(*given, **arrays, **draws.plain)
            return value, gradients if isinstance(gradients, tuple) else (gradients,)

        def value_of(*moving: Any) -> Any:
            moved = arrays | dict(zip(draws.wanted, moving, strict=True))
            return loss(*[moved.pop(name) for name in names], **moved, **draws.plain)

        leaves = [arrays[name].requires_grad_(case["entry"] in TAPED) for name in draws.wanted]
        along = tuple(directions[name][i] for name in draws.wanted)
        found = IN_TORCH[case["entry"]](value_of, tuple(leaves), along, upstream[i])
        for name, tensor in tensors.items():
            torch.testing.assert_close(arrays[name].detach(), tensor[i], rtol=0, atol=0, equal_nan=True)
        return found

    return one


TAPED = ("call", "reverse over reverse")  # by PyTorch's own record of operations


def _reverse(value: Any, leaves: Any, _: Any, upstream: Any) -> Any:
    found = value(*leaves)
    return found, torch.autograd.grad(found, leaves, upstream.to(found.dtype))


def _forward(value: Any, leaves: Any, along: Any, _: Any) -> Any:
    pair: Any = torch.func.jvp(value, leaves, along)
    return pair[0], pair[1:]


def _twice(value: Any, leaves: Any, along: Any, upstream: Any) -> Any:
    found = value(*leaves)
    slopes = torch.autograd.grad(found, leaves, upstream.to(found.dtype), create_graph=True)
    moved = sum((slope * v).sum() for slope, v in zip(slopes, along, strict=True))
    return found, torch.autograd.grad(moved, leaves, allow_unused=True, materialize_grads=True)


def _forward_over_reverse(value: Any, leaves: Any, along: Any, upstream: Any) -> Any:
    def slopes(*moving: Any) -> Any:
        pair: Any = torch.func.vjp(value, *moving)
        return pair[0], pair[1](upstream.to(pair[0].dtype))

    both: Any = torch.func.jvp(slopes, leaves, along)
    (found, _), (_, moved) = both
    return found, moved


IN_TORCH = {
    "call": _reverse,
    "forward": _forward,
    "reverse over reverse": _twice,
    "forward over reverse": _forward_over_reverse,
}


def _tensor(array: Array) -> torch.Tensor:
    if array.dtype == ml_dtypes.bfloat16:
        return torch.tensor(array.astype(np.float32)).bfloat16()
    return torch.tensor(array)


def _jax(case: Case, draws: Draws) -> Callable[[int], Any]:
    names, loss = _names(draws), lossary.get(case["loss"])

    def of(fixed: dict[str, Any], *moving: Any) -> Any:
        arrays = fixed | dict(zip(draws.wanted, moving, strict=True))
        given = [arrays.pop(name) for name in names]
        return loss(*given, **arrays, **draws.plain)

    @jax.jit
    def both(arrays: dict[str, Any], along: Any, upstream: Any) -> Any:
        fixed = {name: array for name, array in arrays.items() if name not in draws.wanted}
        moving = tuple(arrays[name] for name in draws.wanted)
        return IN_JAX[case["entry"]](partial(of, fixed), moving, along, upstream)

    def one(i: int) -> Any:
        with jax.enable_x64(case["x64"] == "on"):
            arrays: dict[str, Any] = {name: np.asarray(array[i]) for name, array in draws.given.items()}
            if case["entry"] != "value_and_gradient":
                along = tuple(np.asarray(draws.directions[name][i]) for name in draws.wanted)
                return both(arrays, along, draws.upstream[i])
            arrays = {name: jnp.asarray(array) for name, array in arrays.items()}
            given = [arrays.pop(name) for name in names]
            value, gradients = loss.value_and_gradient(*given, **arrays, **draws.plain)
            return value, gradients if isinstance(gradients, tuple) else (gradients,)

    return one


def _jax_reverse(value: Any, moving: Any, _: Any, upstream: Any) -> Any:
    found, pull = jax.vjp(value, *moving)
    return found, pull(upstream.astype(found.dtype))


def _jax_forward(value: Any, moving: Any, along: Any, _: Any) -> Any:
    found, change = jax.jvp(value, moving, along)
    return found, (change,)


def _jax_twice(value: Any, moving: Any, along: Any, upstream: Any) -> Any:
    (found, _), pull = jax.vjp(lambda *x: _jax_reverse(value, x, along, upstream), *moving)
    return found, pull((jnp.zeros_like(found), along))


def _jax_forward_over_reverse(value: Any, moving: Any, along: Any, upstream: Any) -> Any:
    (found, _), (_, moved) = jax.jvp(lambda *x: _jax_reverse(value, x, along, upstream), moving, along)
    return found, moved


IN_JAX = {
    "call": _jax_reverse,
    "forward": _jax_forward,
    "reverse over reverse": _jax_twice,
    "forward over reverse": _jax_forward_over_reverse,
}


def _names(draws: Draws) -> list[str]:
    return [argument.name for argument in draws.record.arguments]


# --- layouts ------------------------------------------------------------------------------------------------------


def laid_out(array: Any, layout: str) -> Any:
    """The same numbers, elsewhere in memory."""
    array = np.asarray(array)
    if layout == "big-endian":
        return array.astype(array.dtype.newbyteorder(">"))
    if layout == "read-only":
        array = array.copy()
        array.flags.writeable = False
    if array.ndim == 0 or layout in ("plain", "read-only"):
        return array
    if layout == "strided":
        return np.repeat(array, 2, axis=-1)[..., ::2]
    if layout == "transposed":
        return np.asfortranarray(array)
    if layout == "broadcast":
        return _stretched(array, np.broadcast_to, lambda a: bool((a == a[:1]).all()))
    return array[::-1].copy()[::-1]


def laid_out_tensor(tensor: torch.Tensor, layout: str) -> torch.Tensor:
    """The same numbers as a tensor of its own, elsewhere in memory."""
    if tensor.ndim == 0 or layout == "plain":
        return tensor.clone()
    if layout == "strided":
        return tensor.repeat_interleave(2, dim=-1)[..., ::2].detach()
    if layout == "broadcast":
        stretched: torch.Tensor = _stretched(tensor, torch.broadcast_to, lambda a: bool((a == a[:1]).all()))
        return stretched.detach()
    return tensor.T.contiguous().T if tensor.ndim == 2 else tensor.movedim(0, -1).contiguous().movedim(-1, 0)


def _stretched(array: Any, broadcast_to: Any, is_constant: Callable[[Any], bool]) -> Any:
    """One row that stands for all where all are the same."""
    return broadcast_to(array[:1], array.shape) if len(array) and is_constant(array) else array
