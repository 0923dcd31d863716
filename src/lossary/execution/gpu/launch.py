"""Launching kernels: what is passed to all of them, on which device they run."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import cache
from typing import Any

__all__ = [
    "bits",
    "compared",
    "is_exact",
    "multiprocessors",
    "on_device",
    "rescale",
    "run",
    "slope_dtype",
    "sum_places",
]

RESCALED = 1 << 13  # elements at a time
FEW = 8  # programs for a multiprocessor, which mostly find that there is nothing to do


def run(kernel: Any, programs: int, arguments: Sequence[Any], like: Any, **sizes: int) -> None:
    """Start some programs of a kernel on the device of ``like``."""
    import torch

    if programs:
        with torch.cuda.device_of(like):
            kernel[(programs,)](*arguments, **sizes, enable_fp_fusion=True)


def compared(unless: Sequence[Any], programs: int, like: Any) -> tuple[list[Any], int]:
    """What a kernel that compares two numbers takes for it, and how many programs do the work of all."""
    if not unless:
        return [], programs
    return [*unless, programs], min(programs, FEW * multiprocessors(like.device))


def rescale(kernel: Any, array: Any, factor: Any) -> None:
    """Run a kernel that multiplies the elements of an array, which lie one after the other."""
    programs = -(-array.numel() // RESCALED)
    few = min(programs, FEW * multiprocessors(array.device))
    run(kernel, few, [array, factor, programs, array.numel()], array, BLOCK=RESCALED, num_warps=8)


def sum_places(like: Any, sums: int, programs: int) -> Any:
    """Memory for the sums of each program, which are added up in float64 in a fixed order."""
    import torch

    return like.new_empty((sums, programs), dtype=torch.float64)


def on_device(value: Any, like: Any) -> bool:
    """Whether a value is an array beside ``like``. One on the CPU is a number, which can be read without waiting."""
    return hasattr(value, "dtype") and value.device == like.device


def bits(number: Any) -> int:
    """The bits of a float64."""
    found: int = struct.unpack("<q", struct.pack("<d", float(number)))[0]
    return found


def slope_dtype(call: Any) -> Any:
    """The dtype of gradients: the predictions' own if they have one."""
    dtypes = {call.inputs[argument.name].dtype for argument in call.record.predictions}
    dtype = dtypes.pop()
    return call.dtype if dtypes or not call.face.is_floating(dtype) else dtype


def is_exact(call: Any, like: Any) -> bool:
    """Whether predictions as ``like`` have more digits than half precision, or others make it float64."""
    return like.dtype not in call.face.halves or call.dtype.itemsize > 4


@cache
def multiprocessors(device: Any) -> int:
    """How many a device has; the interpreter's CPU stands for a few."""
    import torch

    if device.type != "cuda":
        return 2
    return int(torch.cuda.get_device_properties(device).multi_processor_count)
