"""Face of PyTorch: tensors on any device."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial, reduce
from typing import Any, TypeVar

import numpy
import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

from lossary.frameworks import inverse, memory, row_blocks, torch_functions  # noqa: F401  (torch_functions: for printed code)
from lossary.frameworks.face import absent, never
from lossary.frameworks.torch_autograd import deferred as deferred
from lossary.frameworks.torch_autograd import expected as expected
from lossary.frameworks.torch_autograd import fused as fused
from lossary.frameworks.torch_autograd import smooth as smooth
from lossary.frameworks.torch_eager import LOSS_DTYPES, PLAIN, empty, transforming
from lossary.frameworks.torch_eager import compute as compute
from lossary.frameworks.torch_eager import on_gpu as on_gpu
from lossary.frameworks.torch_eager import sees as sees

T = TypeVar("T")

name = "torch"
STRETCHED = "{}.expand{}"
has_pointers = True
has_scan = False
halves = (torch.float16, torch.bfloat16)
pointer = Tensor.data_ptr
in_order = Tensor.contiguous
total = scan = absent
hosts_kernels = never  # torch.compile generates kernels of its own
NUMBERS = frozenset({
    torch.bool, torch.uint8, torch.uint16, torch.uint32, torch.uint64,
    torch.int8, torch.int16, torch.int32, torch.int64,
    torch.bfloat16, torch.float16, torch.float32, torch.float64,
})  # fmt: skip
STRIDED = torch.strided
SURELY_FINITE = 2.0**127  # in float32
_records = torch.is_grad_enabled
TensorGuards: Any = getattr(getattr(torch._C._dynamo, "guards", None), "TensorGuards", None)  # of torch.compile


def asarray(value: object, like: Tensor | None = None) -> Tensor:
    """Return a dense tensor, on the device of ``like`` if the value was no tensor."""
    if isinstance(value, Tensor):
        if value.is_quantized or value.is_nested or value.layout is not torch.strided:
            raise TypeError(_not_dense(value))
        return value.resolve_neg() if value.is_neg() else value  # kernels read memory, which holds the negated values
    return torch.as_tensor(value, device=None if like is None else like.device)


def _not_dense(tensor: Tensor) -> str:
    if tensor.is_quantized:
        return "it is quantized; use .dequantize()"
    if tensor.is_nested:
        return "it is nested; use torch.nested.to_padded_tensor, and mask= for the padding"
    return f"it is stored as {tensor.layout}; use .to_dense()"


def key(arrays: Sequence[Tensor]) -> tuple[object, ...] | None:
    """Return what a plan depends on beside shapes; None unless these are plain tensors of a CPU or CUDA device."""
    if transforming():
        return None
    parts: list[object] = [_records()]
    add = parts.append
    for array in arrays:
        if (
            type(array) not in PLAIN
            or not (array.is_cpu or array.is_cuda)
            or array.layout is not STRIDED
            or array.is_nested
            or array.is_neg()
            or array._is_zerotensor()  # zeros of forward mode, which have no memory
        ):
            return None
        add(array.dtype)
        add(array.is_cuda and array.device)
        add(array.requires_grad)
        add(array.is_contiguous() or memory_order(array))
    return tuple(parts)


def recognizer(arrays: Sequence[Tensor]) -> Callable[[Sequence[Tensor]], bool] | None:
    """Return a test for tensors of the same key, shapes and strides, or None if PyTorch lacks the guards for it."""
    if TensorGuards is None:
        return None
    sizes, strides = [list(a.shape) for a in arrays], [list(a.stride()) for a in arrays]
    is_like = TensorGuards(*arrays, dynamic_dims_sizes=sizes, dynamic_dims_strides=strides).check
    count, recorded = len(arrays), _records()

    def recognizes(arrays: Sequence[Tensor]) -> bool:
        return len(arrays) == count and is_like(*arrays) and _records() is recorded and not transforming()

    return recognizes


def is_floating(dtype: torch.dtype) -> bool:
    return dtype.is_floating_point


def is_number(dtype: torch.dtype) -> bool:
    return dtype in NUMBERS


def is_integer(dtype: torch.dtype) -> bool:
    return not (dtype.is_floating_point or dtype.is_complex or dtype == torch.bool)


def widest(dtypes: Sequence[torch.dtype]) -> torch.dtype:
    """Return the dtype to compute in: at least float32."""
    return reduce(torch.promote_types, dtypes, torch.float32) if dtypes else torch.get_default_dtype()


def dtype_of_totals(like: Tensor) -> torch.dtype:
    """Return float64, or float32 on Apple's GPUs, which have no float64."""
    return torch.float32 if like.device.type == "mps" else torch.float64


def eps(dtype: torch.dtype) -> float:
    return torch.finfo(dtype).eps


def scalar(value: float, like: Tensor, dtype: torch.dtype) -> Tensor:
    """Return a tensor without axes, so that float32 operands stay float32."""
    return torch.full((), value, dtype=dtype, device=like.device)


def cast(array: Tensor, dtype: torch.dtype) -> Tensor:
    return array.to(dtype)


def as_labels(array: Tensor) -> Tensor:
    """Return labels of any integer dtype as int64; those beyond it become its largest number."""
    labels = array.long()
    return labels.masked_fill(labels < 0, torch.iinfo(torch.int64).max) if array.dtype == torch.uint64 else labels


def reshape(array: Tensor, shape: tuple[int, ...]) -> Tensor:
    return array.reshape(shape)


def broadcast(array: Tensor, shape: tuple[int, ...]) -> Tensor:
    return array.expand(shape)


def arange(stop: int, like: Tensor) -> Tensor:
    return torch.arange(stop, device=like.device)


def sum_all(array: Tensor) -> Tensor:
    return array.sum()


def is_in_order(array: Tensor, order: tuple[int, ...] | None = None) -> bool:
    """Return True if the tensor, with its axes in ``order``, is C-contiguous and holds the values in its memory."""
    return (array if order is None else array.permute(order)).is_contiguous() and not array.is_neg()


def memory_order(array: Tensor) -> tuple[int, ...] | None:
    """Return the axes from the outermost to the innermost in memory; None if C-contiguous, or with gaps."""
    if array.is_contiguous():
        return None
    strides = array.stride()
    order = tuple(sorted(range(len(strides)), key=lambda i: -strides[i]))
    return order if array.permute(order).is_contiguous() else None


def concat(arrays: list[Tensor], axis: int = 0) -> Tensor:
    return torch.cat(arrays, axis)


def itemsize(dtype: torch.dtype) -> int:
    return dtype.itemsize


def zeros(shape: tuple[int, ...], dtype: torch.dtype, like: Tensor) -> Tensor:
    return empty(shape, dtype).zero_() if like.is_cpu else torch.zeros(shape, dtype=dtype, device=like.device)


def room(shape: tuple[int, ...], dtype: torch.dtype, like: Tensor) -> Tensor | None:
    """Return memory to write into repeatedly; None on devices other than a CPU and CUDA."""
    if like.is_cuda:
        return torch.empty(shape, dtype=dtype, device=like.device)
    return empty(shape, dtype) if like.is_cpu else None


def multiplies_halves(array: Tensor) -> bool:
    """Return True on a GPU, whose products of 16-bit operands accumulate in float32."""
    return array.is_cuda


def matmul(a: Tensor, b: Tensor, out: Tensor | None = None) -> Tensor:
    """Return the matrix product in the dtype of the operands, also under torch.autocast."""
    device = a.device.type
    if out is not None:
        return torch.mm(a, b, out=out)
    if not torch.amp.is_autocast_available(device) or not torch.is_autocast_enabled(device):
        return torch.matmul(a, b)
    with torch.autocast(device, enabled=False):
        return torch.matmul(a, b)


def add_product(total: Tensor, a: Tensor, b: Tensor) -> Tensor:
    """Return total + a @ b, written over ``total``."""
    return total.addmm_(a, b)


def put(array: Tensor, rows: slice, values: Tensor) -> Tensor:
    """Write rows into a tensor and return it."""
    array[rows] = values
    return array


def by_blocks(function: Callable[..., Tensor], arrays: list[Tensor], rows: int) -> Tensor:
    """Apply a function of rows block by block; where autograd records, each block is checkpointed."""
    if arrays[0].shape[0] <= rows:
        return function(*arrays)
    blocks = zip(*(array.split(rows) for array in arrays), strict=True)
    if transforming() or not torch.is_grad_enabled():
        return torch.cat([function(*block) for block in blocks])
    return torch.cat([checkpoint(function, *block, use_reentrant=False) for block in blocks])


def to_numpy(array: Tensor) -> numpy.typing.NDArray[Any]:
    array = array.detach()
    return (array.float() if array.dtype == torch.bfloat16 else array).numpy()


def number(value: Tensor | float, dtype: torch.dtype) -> Tensor:
    """Return a number as a tensor without axes."""
    return value.to(dtype) if isinstance(value, Tensor) else numbers(dtype)(value)


@cache
def numbers(dtype: torch.dtype) -> Callable[[float], Tensor]:
    """Return the function that makes a tensor of a float; one out of the dtype's range becomes infinite."""
    kind = LOSS_DTYPES[dtype]

    def make(value: float) -> Tensor:
        if abs(value) < SURELY_FINITE:
            return torch.from_numpy(numpy.array(value, kind))  # faster than torch.tensor
        return torch.full((), value, dtype=torch.float64, device="cpu").to(dtype)

    return make


def write(array: Tensor, buffer: Tensor) -> Tensor:
    return buffer.copy_(array)


def is_writable(array: object, like: Tensor) -> bool:
    """Return True for a dense tensor on the device of ``like`` whose elements do not share memory."""
    if not isinstance(array, Tensor) or array.device != like.device or array.layout is not torch.strided:
        return False
    return not memory.overlaps_itself(array.shape, array.stride())


def overlap(a: Tensor, b: Tensor) -> bool:
    """Return True if the tensors use overlapping ranges of one storage."""
    if a.untyped_storage().data_ptr() != b.untyped_storage().data_ptr():
        return False
    (begin, end), (other, last) = _extent(a), _extent(b)
    return begin < last and other < end


def _extent(tensor: Tensor) -> tuple[int, int]:
    """Return the first byte of its storage that a tensor uses, and the end after its last."""
    begin, size = int(tensor.storage_offset()), tensor.element_size()
    reach = sum((n - 1) * step for n, step in zip(tensor.shape, tensor.stride(), strict=True)) + 1
    return begin * size, (begin + reach) * size


def differentiated(values: Mapping[str, object]) -> set[str]:
    """Return the names of the tensors that autograd records."""
    if not torch.is_grad_enabled():
        return set()
    return {name for name, value in values.items() if isinstance(value, Tensor) and value.requires_grad}


def untracked(compute: Callable[[], T]) -> T:
    """Return ``compute()``, which autograd does not record."""
    with torch.no_grad():
        return compute()


def permute(array: Tensor, order: Sequence[int], /) -> Tensor:
    return array.permute(*order)


def where(condition: Tensor, a: Tensor | float, b: Tensor | float, /) -> Tensor:
    return torch.where(condition, a, b)


def times(array: Tensor, factor: Tensor | float) -> Tensor:
    """Return a tensor times a factor, written over the tensor if that is contiguous and visible."""
    return array.mul_(factor) if isinstance(factor, float) and sees(array) and array.is_contiguous() else array * factor


def maker(shape: tuple[int, ...], dtype: torch.dtype, order: tuple[int, ...] | None = None) -> Callable[[], Tensor]:
    """Return a function that makes new tensors of a shape, with the axes in ``order`` in memory."""
    if order is not None:
        make, back = maker(tuple(shape[i] for i in order), dtype), inverse(order)
        return lambda: make().permute(back)
    if math.prod(shape) * dtype.itemsize >= memory.LARGE:
        return lambda: empty(shape, dtype)
    like = torch.empty(shape, dtype=dtype, device="cpu")  # faster to parse than a shape and a dtype
    like.untyped_storage().resize_(0)
    return partial(torch.empty_like, like)
