"""What lossary returns for draws of a call: by each framework, with compiled kernels and without, in any layout."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
from fuzz.factors import Case, framework_of
from fuzz.reference import Answer
from lossary import shortcut
from lossary.cpu import kernels

__all__ = ["answers", "bodies"]

Array = np.ndarray[Any, Any]


def answers(case: Case, draws: Draws) -> tuple[Answer, list[str]]:
    """All draws, one call each; and the dtypes that are not what they should be."""
    one = {"numpy": _numpy, "torch": _torch, "jax": _jax}[framework_of(case)](case, draws)
    with bodies(compiled="compiled" in case["engine"]):
        found = [one(i) for i in range(len(draws.upstream))]
    values, gradients = zip(*found, strict=True)
    stacked = {name: np.stack([_plain(g[k]) for g in gradients]) for k, name in enumerate(draws.wanted)}
    return Answer(np.stack([_plain(v) for v in values]), stacked), _wrong_dtypes(draws, found[0])


@contextmanager
def bodies(compiled: bool) -> Iterator[None]:
    """Within, calls are computed by compiled kernels, or by none."""
    with ExitStack() as stack:
        if not compiled:
            stack.enter_context(patch.object(kernels, "serves", lambda *_: False))
            stack.enter_context(patch.object(shortcut, "_key", lambda *_: None))
        yield


def _wrong_dtypes(draws: Draws, found: Any) -> list[str]:
    """A value has at least float32, a gradient what its array has."""
    value, gradients = found
    dtypes = {"the value": (_name(value), ("float32", "float64"))}
    for name, gradient in zip(draws.wanted, gradients, strict=True):
        own = str(draws.given[name].dtype)
        dtypes[name] = _name(gradient), (own, own) if "float" in own else ("float32", "float64")
    return [f"{name} has dtype {got}" for name, (got, right) in dtypes.items() if got not in right]


def _name(array: Any) -> str:
    return str(array.dtype).rpartition(".")[2]


def _plain(array: Any) -> Array:
    if isinstance(array, torch.Tensor):
        array = array.detach()
        array = array.double() if array.dtype == torch.bfloat16 else array
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
    upstream = torch.tensor(draws.upstream)

    def one(i: int) -> Any:
        arrays = {name: laid_out_tensor(tensor[i], case["layout"]) for name, tensor in tensors.items()}
        leaves = [arrays[name].requires_grad_(case["entry"] == "call") for name in draws.wanted]
        given = [arrays.pop(name) for name in names]
        if case["entry"] == "value_and_gradient":
            value, gradients = loss.value_and_gradient(*given, **arrays, **draws.plain)
            return value, gradients if isinstance(gradients, tuple) else (gradients,)
        value = loss(*given, **arrays, **draws.plain)
        return value, torch.autograd.grad(value, leaves, upstream[i].to(value.dtype))

    return one


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
    def both(arrays: dict[str, Any], upstream: Any) -> Any:
        fixed = {name: array for name, array in arrays.items() if name not in draws.wanted}
        value, pull = jax.vjp(partial(of, fixed), *(arrays[name] for name in draws.wanted))
        return value, pull(upstream.astype(value.dtype))

    def one(i: int) -> Any:
        arrays: dict[str, Any] = {name: np.asarray(array[i]) for name, array in draws.given.items()}
        if case["entry"] == "call":
            return both(arrays, draws.upstream[i])
        arrays = {name: jnp.asarray(array) for name, array in arrays.items()}
        given = [arrays.pop(name) for name in names]
        value, gradients = loss.value_and_gradient(*given, **arrays, **draws.plain)
        return value, gradients if isinstance(gradients, tuple) else (gradients,)

    return one


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
