"""Launches of kernels: the arguments that all of them take, and the device that they run on."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any, TypeGuard, cast

from lossary.contract.call import Call
from lossary.frameworks.face import Array

if TYPE_CHECKING:
    import torch
    from torch import Tensor

__all__ = [
    "Launcher",
    "bits",
    "double",
    "dtype_of",
    "few",
    "is_exact",
    "layout_of",
    "multiprocessors",
    "on_device",
    "rescale",
    "slope_dtype",
    "tensors",
]

Layout = tuple[Any, ...]
RESCALED = 1 << 13  # elements at a time
FEW = 8  # programs for each multiprocessor in launches that mostly have nothing to do


def tensors(arrays: Iterable[Array]) -> list[Tensor]:
    """Return arrays of a call as a list of tensors, which they are: kernels serve calls of PyTorch alone."""
    return cast("list[Tensor]", list(arrays))


def dtype_of(call: Call) -> torch.dtype:
    """Return the dtype of a call, which is one of PyTorch."""
    return cast("torch.dtype", call.dtype)


class Launcher:
    """Starts a kernel on arrays of one layout; from the second time on without Triton's dispatch, which takes longer.

    ``sizes`` are the kernel's last parameters, which are constants, and its number of warps.
    """

    def __init__(self, kernel: Any, programs: int, device: torch.device, sizes: dict[str, int]) -> None:
        self.kernel, self.programs, self.device, self.sizes = kernel, programs, device, sizes
        self._constants = [size for name, size in sizes.items() if name != "num_warps"]
        self._again: Callable[..., None] | None = None

    def start(self, arguments: Sequence[Any]) -> None:
        """Start the kernel on the current stream of its device."""
        import torch

        if self._again is not None and torch.cuda.current_device() == self.device.index:
            self._again(*[a if type(a) is int else a.data_ptr() for a in arguments], *self._constants)
        elif self.programs:
            with torch.cuda.device(self.device) if self.device.type == "cuda" else nullcontext():
                compiled = self.kernel[(self.programs,)](*arguments, **self.sizes, enable_fp_fusion=True)
            self._again = None if compiled is None else compiled[(self.programs, 1, 1)]  # the interpreter has none


def few(programs: int, device: torch.device) -> int:
    """Return the number of programs to launch that together do the work of all, mostly nothing."""
    return min(programs, FEW * multiprocessors(device))


def rescale(kernel: Any, array: Tensor, factor: Tensor) -> None:
    """Launch a kernel that multiplies a contiguous array in place."""
    programs = -(-array.numel() // RESCALED)
    sizes = {"BLOCK": RESCALED, "num_warps": 8}
    Launcher(kernel, few(programs, array.device), array.device, sizes).start([array, factor, programs, array.numel()])


def layout_of(value: Array | float) -> Layout | None:
    """Return what a kernel depends on of an array, its address modulo 16 included; None for a number."""
    if isinstance(value, int | float):
        return None
    (value,) = tensors([value])
    return value.shape, value.stride(), value.dtype, value.device, value.data_ptr() & 15


def on_device(value: Array | float, like: Tensor) -> TypeGuard[Tensor]:
    """Return True for an array on the device of ``like``; others are numbers, which can be read without waiting."""
    return getattr(value, "device", None) == like.device


def bits(number: Array | float) -> int:
    """Return the bits of a number in float64 as an integer."""
    found: int = struct.unpack("<q", struct.pack("<d", float(number)))[0]
    return found


def double() -> torch.dtype:
    """Return the dtype of sums."""
    import torch

    return torch.float64


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
