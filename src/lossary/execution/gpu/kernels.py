"""GPU kernels of calls: chosen, launched over fixed blocks, and their sums added, all without waiting for the GPU."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from lossary.catalogue.record import Record
from lossary.contract.call import Call
from lossary.execution.cpu.notice import warn
from lossary.execution.gpu import launch, pointwise, row_pass
from lossary.execution.gpu.compile import available, compile_kernel
from lossary.execution.gpu.prepared import Prepared, maker
from lossary.execution.gpu.text import Arguments
from lossary.frameworks.face import Array, DType
from lossary.kinds.program import SCALE, Measured, Work
from lossary.symbolic.graph import Node
from lossary.symbolic.simplify import leaves

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["attempt", "measure", "prepare", "rescale", "serves"]

T = TypeVar("T")

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
MOST = 1024  # prepared kernels
WARPS = 4  # of a program over elements
CACHED = 1 << 24  # bytes of an array of which the second-level cache still has a part afterwards
FIRST = ', eviction_policy="evict_first"'
_failed: set[Hashable] = set()  # work whose kernels did not compile or start
_ready: dict[Hashable, Prepared] = {}


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
    return attempt(call.record, work.nodes, call.dtype, lambda: _measured(call, work))


def attempt(record: Record, nodes: tuple[Node, ...], dtype: DType, run: Callable[[], T]) -> T | None:
    """Run a kernel for some work of a loss, as ``measure`` describes it."""
    import torch

    key = record, nodes, str(dtype)
    if key in _failed:
        return None
    try:
        return run()
    except torch.cuda.OutOfMemoryError:
        raise
    except Exception as problem:
        _fail(key, record.name, problem)
        return None


def _measured(call: Call, work: Work) -> Measured:
    asked = written(call, work)
    ready = prepare(call, work, asked)
    inputs = {**call.inputs, **call.numbers, SCALE: scale_of(work)}
    done = ready.run(inputs, work, asked if ready.is_direct else ())
    if asked and not ready.is_direct:
        gradients = [call.face.write(array, buffer) for array, buffer in zip(done.gradients, asked, strict=True)]
        return done._replace(gradients=gradients)
    return done


def scale_of(work: Work) -> Array | float:
    """Return the factor of the gradients that a kernel takes; it divides an array."""
    return work.scale if hasattr(work.scale, "dtype") else work.factor


def written(call: Call, work: Work) -> Sequence[Tensor]:
    """Return the arrays to write gradients into: ``out``, or the predictions; none: new ones."""
    if work.out or not (work.in_place and work.gradients):
        return launch.tensors(work.out)
    predictions = launch.tensors(call.inputs[argument.name] for argument in call.record.predictions)
    dtype = launch.slope_dtype(call)
    fit = len(work.gradients) == len(predictions) and all(array.dtype == dtype for array in predictions)
    return predictions if fit else ()


def prepare(call: Call, work: Work, asked: Sequence[Tensor] = ()) -> Prepared:
    """Return the kernel for calls of the same kind and layout; with gradients in the layouts of ``asked``."""
    inputs = {**call.inputs, SCALE: work.scale}
    layouts = tuple((name, launch.layout_of(value)) for name, value in inputs.items())
    own = tuple(map(launch.layout_of, asked))
    key = (
        call.record,
        work.nodes,
        len(work.sums),
        len(work.losses),
        bool(work.unless),
        call.dtype,
        call.axis,
        layouts,
        own,
    )
    found = _ready.get(key)
    if found is None:
        if len(_ready) >= MOST:
            _ready.clear()
        found = _ready[key] = BODIES[call.record.kind](call, work, asked)
    return found


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


def _over_elements(call: Call, work: Work, asked: Sequence[Tensor]) -> Prepared:
    """Prepare a pass over the elements of a pointwise loss."""
    import torch

    face, (like,) = call.face, launch.tensors([call.inputs[call.record.arguments[0].name]])
    inputs = {**call.inputs, **call.numbers, SCALE: work.scale}
    ways = tuple((name, _way(value, like)) for name, value in inputs.items())
    dtype = str(call.dtype).removeprefix("torch.")
    compares = bool(work.unless)
    hint = FIRST if like.numel() * like.itemsize > CACHED else ""
    kernel, taken = _kernel(
        work.sums, work.losses, work.gradients, ways, dtype, compares, launch.is_exact(call, like), hint
    )
    scattered = [name for name in taken.arrays if not face.is_in_order(cast("Array", inputs[name]))]
    programs = -(-like.numel() // pointwise.BLOCK)
    return Prepared(
        kernel=kernel,
        sizes={"BLOCK": pointwise.BLOCK, "num_warps": WARPS},
        device=like.device,
        names=(*taken.arrays, *taken.singles),
        numbers=taken.numbers,
        copies=dict.fromkeys(scattered, torch.Tensor.contiguous),
        losses=[maker(call.items, launch.dtype_of(call), like.device)] * len(work.losses),
        slopes=[maker(call.shape, launch.slope_dtype(call), like.device)] * len(work.gradients),
        is_direct=all(map(face.is_in_order, asked)),
        places=programs,
        programs=programs,
        counts=[like.numel()],
        compares=compares,
    )


BODIES: dict[str, Callable[[Call, Work, Sequence[Tensor]], Prepared]] = {
    "pointwise": _over_elements, "row": row_pass.prepare, "softmax": row_pass.prepare,
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
    hint: str = "",
) -> tuple[Any, Arguments]:
    """Return the kernel for some work over elements, and its arguments."""
    work = Work(sums, losses, gradients)
    used = {str(symbol.label) for symbol in leaves(*work.nodes)} | ({SCALE} if gradients else set())
    arrays, singles, numbers = (
        tuple(name for name, own in ways if own == way and name in used) for way in ("array", "single", "number")
    )
    arguments = Arguments(arrays, singles, numbers, len(losses), len(gradients), compared, exact, hint)
    return compile_kernel(pointwise.body(work, arguments, dtype)), arguments
