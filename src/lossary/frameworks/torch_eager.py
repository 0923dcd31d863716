"""Eager PyTorch: whether operations run at once on values in memory, and formulas computed so."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy
import torch
from torch import Tensor
from torch.autograd import forward_ad

from lossary.frameworks import memory, row_blocks
from lossary.frameworks.face import Dimensions
from lossary.symbolic import codegen
from lossary.symbolic.codegen import Build, build
from lossary.symbolic.graph import Node

__all__ = ["LOSS_DTYPES", "PLAIN", "compute", "empty", "has_storage", "on_gpu", "runs_now", "sees", "transforming"]

PLAIN = (Tensor, torch.nn.Parameter)
LOSS_DTYPES: dict[torch.dtype, numpy.dtype[Any]] = {
    torch.float32: numpy.dtype("float32"),
    torch.float64: numpy.dtype("float64"),
}
has_storage = torch._C._has_storage  # False for a tensor that stands for several, under either of PyTorch's vmaps
_interpreters = torch._C._functorch.peek_interpreter_stack  # of torch.func
_dispatch_modes, _trace = torch._C._len_torch_dispatch_stack, torch._C._get_tracing_state


def transforming() -> bool:
    """Return True under a transform that records operations: torch.func, forward mode, a trace or a dispatch mode."""
    return (
        _interpreters() is not None or forward_ad._current_level >= 0 or _dispatch_modes() > 0 or _trace() is not None
    )


def sees(*arrays: object) -> bool:
    """Return True if the values can be read now, without waiting for a device."""
    return _now("is_cpu", arrays)


def on_gpu(*arrays: object) -> bool:
    """Return True if the values are in a GPU's memory and no transform or compiler is active."""
    return _now("is_cuda", arrays)


def runs_now(*arrays: object) -> bool:
    """Return True if operations on the values run eagerly, on the CPU or a GPU."""
    return sees(*arrays) or on_gpu(*arrays)


def _now(place: str, arrays: Sequence[Any]) -> bool:
    """Return True if all arrays are dense tensors in one kind of memory, and operations run eagerly."""
    if torch.compiler.is_compiling() or transforming():
        return False
    return all(type(a) in PLAIN and getattr(a, place) and _is_in_memory(a) for a in arrays)


def _is_in_memory(array: Tensor) -> bool:
    return array.layout is torch.strided and has_storage(array) and not array._is_zerotensor()


def empty(shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
    """Return a new, uninitialised tensor on the CPU, whatever the default device is."""
    if dtype in LOSS_DTYPES and memory.LARGE <= math.prod(shape) * dtype.itemsize <= memory.LEFT:
        return torch.from_numpy(memory.empty(shape, LOSS_DTYPES[dtype]))
    return torch.empty(shape, dtype=dtype, device="cpu")


def compute(
    outputs: tuple[Node, ...], symbols: tuple[Node, ...], axes: Dimensions, arrays: Sequence[Tensor | float],
    build: Build = build,
) -> Sequence[Tensor]:  # fmt: skip
    if not sees(*(array for array in arrays if isinstance(array, Tensor))):
        return build(outputs, symbols, "torch")(*arrays, axes=axes)
    larger = 1 if build is codegen.build else 4  # loops make fewer arrays, and share their work among threads
    made = row_blocks.compute(build(outputs, symbols, "eager"), outputs, axes, arrays, empty, larger)
    return tuple(part.clone() if any(part is a for a in arrays) else part for part in made)  # no result is an input
