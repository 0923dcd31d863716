"""Kernels for a GPU: chosen, launched over fixed blocks, and their sums put together. Nothing waits for the device."""

from __future__ import annotations

import struct
from functools import cache
from typing import Any

from lossary.gpu import pointwise
from lossary.gpu.compile import available, compile_kernel
from lossary.gpu.text import SCALE, Arguments
from lossary.graph import Node
from lossary.kinds.program import Measured, Work
from lossary.simplify import leaves

__all__ = ["measure", "serves"]

BODIES: dict[str, Any] = {"pointwise": pointwise}

Ways = tuple[tuple[str, str], ...]  # how each input is passed: as an array, as a single value of one, or as a number


def serves(call: Any) -> bool:
    """Whether a kernel computes this call: its arrays are plain tensors on a GPU."""
    if call.record.kind not in BODIES or call.face.name != "torch":
        return False
    arrays = [value for value in call.inputs.values() if hasattr(value, "dtype")]
    return bool(call.face.on_gpu(*arrays) and available(arrays[0].device))


def measure(call: Any, work: Work) -> Measured:
    """Sums and arrays of a call, in one pass over its inputs. What is wrong is NaN by the call's own program."""
    import torch

    face, like = call.face, call.inputs[call.record.arguments[0].name]
    inputs = {**call.inputs, SCALE: work.scale}
    ways = tuple((name, _way(value, like)) for name, value in inputs.items())
    dtype = str(call.dtype).removeprefix("torch.")
    kernel, taken = _kernel(call.record.kind, work.sums, work.losses, work.gradients, ways, dtype)
    given = [face.in_order(inputs[name]) for name in taken.arrays] + [inputs[name] for name in taken.singles]
    losses = [like.new_empty(call.items, dtype=call.dtype) for _ in work.losses]
    direct = bool(work.out) and all(map(face.is_in_order, work.out))
    kind = _slope_dtype(call)
    slopes = list(work.out) if direct else [like.new_empty(call.shape, dtype=kind) for _ in work.gradients]
    sums = like.new_empty((len(work.sums), -(-like.numel() // pointwise.BLOCK)), dtype=torch.float64)
    _launch(kernel, [*given, *losses, *slopes, *(_bits(inputs[name]) for name in taken.numbers)], sums, like)
    if work.out and not direct:
        slopes = [face.write(array, buffer) for array, buffer in zip(slopes, work.out, strict=True)]
    return Measured(list(sums.sum(dim=1)), losses, slopes)


def _way(value: Any, like: Any) -> str:
    """How an input is passed to a kernel beside ``like``. A number on the CPU can be read without waiting."""
    if not hasattr(value, "dtype") or value.device != like.device:
        return "number"
    varies = any(step for step, length in zip(value.stride(), value.shape, strict=True) if length > 1)
    return "array" if varies else "single"


def _bits(number: Any) -> int:
    """The bits of a float64."""
    bits: int = struct.unpack("<q", struct.pack("<d", float(number)))[0]
    return bits


def _slope_dtype(call: Any) -> Any:
    """The dtype of gradients: the predictions' own if they have one."""
    dtypes = {call.inputs[argument.name].dtype for argument in call.record.predictions}
    dtype = dtypes.pop()
    return call.dtype if dtypes or not call.face.is_floating(dtype) else dtype


def _launch(kernel: Any, arguments: list[Any], sums: Any, like: Any) -> None:
    """Run a kernel over all blocks, each of which has a place among the sums."""
    import torch

    programs = sums.shape[1]
    if programs:
        with torch.cuda.device_of(like):
            size = like.numel()
            kernel[(programs,)](*arguments, sums, size, BLOCK=pointwise.BLOCK, num_warps=4, enable_fp_fusion=True)


@cache
def _kernel(
    kind: str, sums: tuple[Node, ...], losses: tuple[Node, ...], gradients: tuple[Node, ...], ways: Ways, dtype: str
) -> tuple[Any, Arguments]:
    """The kernel for some work, and what it takes."""
    work = Work(sums, losses, gradients)
    used = {str(symbol.label) for symbol in leaves(*work.nodes)} | ({SCALE} if gradients else set())
    arrays, singles, numbers = (
        tuple(name for name, own in ways if own == way and name in used) for way in ("array", "single", "number")
    )
    arguments = Arguments(arrays, singles, numbers, len(losses), len(gradients))
    return compile_kernel(BODIES[kind].body(work, arguments, dtype)), arguments
