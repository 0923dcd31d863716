"""GPU kernels of calls: chosen, launched over fixed blocks, and their sums added, all without waiting for the GPU."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from lossary.contract.call import Call
from lossary.execution.cpu.notice import warn
from lossary.execution.gpu import launch, pointwise, row_pass
from lossary.execution.gpu.compile import available, compile_kernel
from lossary.execution.gpu.text import SCALE, Arguments
from lossary.frameworks.face import Array
from lossary.kinds.program import Measured, Work
from lossary.symbolic.graph import Node
from lossary.symbolic.simplify import leaves

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["measure", "rescale", "serves"]

FAILED = "a GPU kernel of {} failed ({}: {:.500}); from now on PyTorch's own operations compute such calls"

RESCALE = """
import triton
import triton.language as tl


@triton.jit(do_not_specialize=["programs"])
def kernel(gradient_at, change_at, programs, size, BLOCK: tl.constexpr):
    change = tl.load(change_at)
    if change != 1.0:
        for number in tl.range(tl.program_id(0), programs, tl.num_programs(0)):
            place = (tl.zeros((1,), tl.int64) + number) * BLOCK + tl.arange(0, BLOCK)
            inside = place < size
            gradient = tl.load(gradient_at + place, mask=inside)
            tl.store(gradient_at + place, gradient.to(change.dtype) * change, mask=inside)
"""

Ways = tuple[tuple[str, str], ...]  # the name of each input, and "array", "single" (one value on the GPU) or "number"
_failed: set[Hashable] = set()  # work whose kernels did not compile or start


def serves(call: Call) -> bool:
    """Return True if kernels compute this call, or its scores: its arrays are plain tensors on a GPU."""
    if call.record.inner.kind not in BODIES or call.face.name != "torch":
        return False
    arrays = launch.tensors(call.inputs.values())
    return bool(call.face.on_gpu(*arrays) and available(arrays[0].device))


def measure(call: Call, work: Work) -> Measured | None:
    """Compute sums and arrays of a call by one kernel. Invalid items are NaN by the call's own program.

    Warn and return None if the kernel does not compile or start; the next calls of its kind do not try it again.
    """
    import torch

    key = call.record, work.nodes, str(call.dtype)
    if key in _failed:
        return None
    try:
        return BODIES[call.record.kind](call, work)
    except torch.cuda.OutOfMemoryError:
        raise
    except Exception as problem:
        _fail(key, call.record.name, problem)
        return None


def rescale(gradients: Sequence[Array], change: Array) -> None:
    """Multiply gradients in place by a number on the GPU; where it is 1, they are not touched."""
    (factor,) = launch.tensors([change])
    for gradient in launch.tensors(gradients):
        if RESCALE in _failed or not gradient.is_contiguous():
            gradient.mul_(factor)
            continue
        try:
            launch.rescale(compile_kernel(RESCALE), gradient, factor)
        except Exception as problem:
            _fail(RESCALE, "gradients", problem)
            gradient.mul_(factor)


def _fail(key: Hashable, name: str, problem: Exception) -> None:
    """Note that a kernel does not compile or start, and warn."""
    _failed.add(key)
    warn(FAILED.format(name, type(problem).__name__, str(problem)))


def _over_elements(call: Call, work: Work) -> Measured:
    """Compute one pass over the elements of a pointwise loss."""
    face, (like,) = call.face, launch.tensors([call.inputs[call.record.arguments[0].name]])
    inputs = {**call.inputs, **call.numbers, SCALE: work.scale}
    arrays = {name: value for name, value in inputs.items() if not isinstance(value, int | float)}
    ways = tuple((name, _way(value, like)) for name, value in inputs.items())
    dtype = str(call.dtype).removeprefix("torch.")
    kernel, taken = _kernel(
        work.sums, work.losses, work.gradients, ways, dtype, bool(work.unless), launch.is_exact(call, like)
    )
    given = [face.in_order(arrays[name]) for name in taken.arrays] + [arrays[name] for name in taken.singles]
    losses: list[Array] = [like.new_empty(call.items, dtype=launch.dtype_of(call)) for _ in work.losses]
    direct = bool(work.out) and all(map(face.is_in_order, work.out))
    kind = launch.slope_dtype(call)
    slopes: list[Array] = list(work.out) if direct else [like.new_empty(call.shape, dtype=kind) for _ in work.gradients]
    size = like.numel()
    sums = launch.sum_places(like, len(work.sums), -(-size // pointwise.BLOCK))
    bits = [launch.bits(inputs[name]) for name in taken.numbers]
    numbers, programs = launch.compared(work.unless, sums.shape[1], like)
    arguments = [*given, *losses, *slopes, *bits, *numbers, sums, size]
    launch.run(kernel, programs, arguments, like, BLOCK=pointwise.BLOCK, num_warps=4)
    if work.out and not direct:
        slopes = [face.write(array, buffer) for array, buffer in zip(slopes, work.out, strict=True)]
    return Measured(list(sums.sum(dim=1)), losses, slopes)


BODIES: dict[str, Callable[[Call, Work], Measured]] = {
    "pointwise": _over_elements, "row": row_pass.measure, "softmax": row_pass.measure,
}  # fmt: skip


def _way(value: Array | float, like: Tensor) -> str:
    """Return how an input is passed to a kernel: as "array", "single" or "number"."""
    if not launch.on_device(value, like):
        return "number"
    varies = any(step for step, length in zip(value.stride(), value.shape, strict=True) if length > 1)
    return "array" if varies else "single"


@cache
def _kernel(
    sums: tuple[Node, ...],
    losses: tuple[Node, ...],
    gradients: tuple[Node, ...],
    ways: Ways,
    dtype: str,
    compared: bool = False,
    exact: bool = True,
) -> tuple[Any, Arguments]:
    """Return the kernel for some work over elements, and its arguments."""
    work = Work(sums, losses, gradients)
    used = {str(symbol.label) for symbol in leaves(*work.nodes)} | ({SCALE} if gradients else set())
    arrays, singles, numbers = (
        tuple(name for name, own in ways if own == way and name in used) for way in ("array", "single", "number")
    )
    arguments = Arguments(arrays, singles, numbers, len(losses), len(gradients), compared, exact)
    return compile_kernel(pointwise.body(work, arguments, dtype)), arguments
