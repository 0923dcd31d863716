"""Launches of kernels: the arguments that all of them take, and the device that they run on."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeGuard, cast

from lossary.contract.call import Call
from lossary.frameworks.face import Array

if TYPE_CHECKING:
    import torch
    from torch import Tensor

__all__ = [
    "bits",
    "compared",
    "dtype_of",
    "is_exact",
    "multiprocessors",
    "on_device",
    "rescale",
    "run",
    "slope_dtype",
    "sum_places",
    "tensors",
]

RESCALED = 1 << 13  # elements at a time
FEW = 8  # programs for each multiprocessor in launches that mostly have nothing to do


def tensors(arrays: Iterable[Array]) -> list[Tensor]:
    """Return arrays of a call as a list of tensors, which they are: kernels serve calls of PyTorch alone."""
    return cast("list[Tensor]", list(arrays))


def dtype_of(call: Call) -> torch.dtype:
    """Return the dtype of a call, which is one of PyTorch."""
    return cast("torch.dtype", call.dtype)


def run(kernel: Any, programs: int, arguments: Sequence[Any], like: Tensor, **sizes: int) -> None:
    """Start some programs of a Triton kernel on the device of ``like``."""
    import torch

    if programs:
        with torch.cuda.device_of(like):
            kernel[(programs,)](*arguments, **sizes, enable_fp_fusion=True)


def compared(unless: Sequence[Array | float], programs: int, like: Tensor) -> tuple[list[Any], int]:
    """Return the arguments with which a kernel compares two numbers, and the number of programs to launch."""
    if not unless:
        return [], programs
    return [*unless, programs], min(programs, FEW * multiprocessors(like.device))


def rescale(kernel: Any, array: Tensor, factor: Tensor) -> None:
    """Launch a kernel that multiplies a contiguous array in place."""
    programs = -(-array.numel() // RESCALED)
    few = min(programs, FEW * multiprocessors(array.device))
    run(kernel, few, [array, factor, programs, array.numel()], array, BLOCK=RESCALED, num_warps=8)


def sum_places(like: Tensor, sums: int, programs: int) -> Tensor:
    """Allocate memory for the sums of each program, which are added in float64 in a fixed order."""
    import torch

    return like.new_empty((sums, programs), dtype=torch.float64)


def on_device(value: Array | float, like: Tensor) -> TypeGuard[Tensor]:
    """Return True for an array on the device of ``like``; others are numbers, which can be read without waiting."""
    return getattr(value, "device", None) == like.device


def bits(number: Array | float) -> int:
    """Return the bits of a number in float64 as an integer."""
    found: int = struct.unpack("<q", struct.pack("<d", float(number)))[0]
    return found


def slope_dtype(call: Call) -> torch.dtype:
    """Return the dtype of gradients: the floating dtype of all predictions, or else that of the computation."""
    dtypes = {call.inputs[argument.name].dtype for argument in call.record.predictions}
    dtype = dtypes.pop()
    shared: torch.dtype = dtype_of(call) if dtypes or not call.face.is_floating(dtype) else dtype
    return shared


def is_exact(call: Call, like: Tensor) -> bool:
    """Return True unless the prediction ``like`` has half precision and the computation float32."""
    return like.dtype not in call.face.halves or call.dtype.itemsize > 4


@cache
def multiprocessors(device: torch.device) -> int:
    """Return the number of multiprocessors of a GPU, or a small number for the interpreter's CPU."""
    import torch

    if device.type != "cuda":
        return 2
    return int(torch.cuda.get_device_properties(device).multi_processor_count)
