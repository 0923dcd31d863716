"""PyTorch: its tensors as calls take them, and what formulas become there."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial, reduce
from typing import Any

import numpy
import torch
from torch.autograd import forward_ad
from torch.utils.checkpoint import checkpoint

from lossary.frameworks import inverse, memory, torch_blocks, torch_words  # noqa: F401  (the last: for printed code)
from lossary.frameworks.face import absent
from lossary.frameworks.torch_autograd import deferred as deferred
from lossary.frameworks.torch_autograd import expected as expected
from lossary.frameworks.torch_autograd import fused as fused
from lossary.frameworks.torch_autograd import smooth as smooth
from lossary.symbolic.codegen import build
from lossary.symbolic.graph import Node

name = "torch"
STRETCHED = "{}.expand{}"  # how an array is broadcast to a shape
has_pointers = True  # compiled kernels can read and write the memory of tensors whose values can be seen
halves = (torch.float16, torch.bfloat16)  # what those read as it is
PLAIN = (torch.Tensor, torch.nn.Parameter)
pointer = torch.Tensor.data_ptr
in_order = torch.Tensor.contiguous  # the elements one after the other in memory
total = absent
NUMBERS = frozenset({
    torch.bool, torch.uint8, torch.uint16, torch.uint32, torch.uint64,
    torch.int8, torch.int16, torch.int32, torch.int64,
    torch.bfloat16, torch.float16, torch.float32, torch.float64,
})  # fmt: skip
STRIDED = torch.strided
KINDS = {torch.float32: numpy.dtype("float32"), torch.float64: numpy.dtype("float64")}  # of losses
SURELY_FINITE = 2.0**127
_interpreters = torch._C._functorch.peek_interpreter_stack  # of torch.func
_dispatch_modes, _trace = torch._C._len_torch_dispatch_stack, torch._C._get_tracing_state
_records = torch.is_grad_enabled
TensorGuards: Any = getattr(getattr(torch._C._dynamo, "guards", None), "TensorGuards", None)  # of the compiler


def asarray(value: Any, like: Any = None) -> Any:
    """A tensor, on the device of ``like`` if it was not one."""
    if isinstance(value, torch.Tensor):
        if value.is_quantized or value.is_nested or value.layout is not torch.strided:
            raise TypeError(_not_dense(value))
        return value.resolve_neg() if value.is_neg() else value  # kernels read what lies in memory
    return torch.as_tensor(value, device=None if like is None else like.device)


def _not_dense(tensor: torch.Tensor) -> str:
    if tensor.is_quantized:
        return "it is quantized; use .dequantize()"
    if tensor.is_nested:
        return "it is nested; use torch.nested.to_padded_tensor, and mask= for the padding"
    return f"it is stored as {tensor.layout}; use .to_dense()"


def transforming() -> bool:
    """Whether somebody follows the operations: a torch.func transform, forward mode, a trace or a dispatch mode."""
    return (
        _interpreters() is not None or forward_ad._current_level >= 0 or _dispatch_modes() > 0 or _trace() is not None
    )


def sees(*arrays: Any) -> bool:
    """Whether the values can be looked at now, without waiting for a device."""
    return _now("is_cpu", arrays)


def on_gpu(*arrays: Any) -> bool:
    """Whether the values are in a GPU's memory, to be computed with now."""
    return _now("is_cuda", arrays)


def _now(place: str, arrays: Sequence[Any]) -> bool:
    """Whether all arrays are in one kind of memory, and what is done with them is done as it comes."""
    if torch.compiler.is_compiling() or transforming():
        return False
    return all(
        type(a) in PLAIN and getattr(a, place) and a.layout is torch.strided and not a._is_zerotensor() for a in arrays
    )


def key(arrays: Sequence[Any]) -> Any:
    """What a plan depends on beside shapes; None unless these are plain tensors in the memory of a CPU or a GPU."""
    if transforming():
        return None
    parts: list[Any] = [_records()]
    add = parts.append
    for array in arrays:
        if (
            type(array) not in PLAIN
            or not (array.is_cpu or array.is_cuda)
            or array.layout is not STRIDED
            or array.is_nested
            or array.is_neg()
            or array._is_zerotensor()  # forward mode's zeros, which lie in no memory
        ):
            return None
        add(array.dtype)
        add(array.is_cuda and array.device)
        add(array.requires_grad)
        add(array.is_contiguous() or memory_order(array))
    return tuple(parts)


def recognizer(arrays: Sequence[Any]) -> Any:
    """What says, sooner than ``key``, whether arrays are surely like these; False where PyTorch has no such thing."""
    if TensorGuards is None:
        return False
    sizes, strides = [list(a.shape) for a in arrays], [list(a.stride()) for a in arrays]
    is_like = TensorGuards(*arrays, dynamic_dims_sizes=sizes, dynamic_dims_strides=strides).check
    count, recorded = len(arrays), _records()

    def recognizes(arrays: Sequence[Any]) -> bool:
        return len(arrays) == count and is_like(*arrays) and _records() is recorded and not transforming()

    return recognizes


def is_floating(dtype: Any) -> bool:
    return bool(dtype.is_floating_point)


def is_number(dtype: Any) -> bool:
    return dtype in NUMBERS


def is_integer(dtype: Any) -> bool:
    return not (dtype.is_floating_point or dtype.is_complex or dtype == torch.bool)


def widest(dtypes: Sequence[Any]) -> Any:
    """The dtype to compute in: at least float32."""
    return reduce(torch.promote_types, dtypes, torch.float32) if dtypes else torch.get_default_dtype()


def dtype_of_totals(like: Any) -> Any:
    """The dtype that many batches add up in."""
    return torch.float32 if like.device.type == "mps" else torch.float64  # Apple's GPUs have no other


def eps(dtype: Any) -> float:
    return torch.finfo(dtype).eps


def scalar(value: float, like: Any, dtype: Any) -> Any:
    """A number as formulas take it beside an array."""
    return torch.full((), value, dtype=dtype, device=like.device)


def cast(array: Any, dtype: Any) -> Any:
    return array.to(dtype)


def as_labels(array: Any) -> Any:
    """Labels of any integer dtype, as indices."""
    return array.long()


def reshape(array: Any, shape: tuple[int, ...]) -> Any:
    return array.reshape(shape)


def broadcast(array: Any, shape: tuple[int, ...]) -> Any:
    return array.expand(shape)


def arange(stop: int, like: Any) -> Any:
    return torch.arange(stop, device=like.device)


def sum_all(array: Any) -> Any:
    return array.sum()


def empty(shape: tuple[int, ...], dtype: Any) -> Any:
    if dtype in KINDS and memory.LARGE <= math.prod(shape) * dtype.itemsize <= memory.LEFT:
        return torch.from_numpy(memory.empty(shape, KINDS[dtype]))
    return torch.empty(shape, dtype=dtype, device="cpu")  # whatever the default device is


def is_in_order(array: Any, order: Any = None) -> bool:
    """Whether the elements lie one after the other, and as they are."""
    return bool((array if order is None else array.permute(order)).is_contiguous()) and not array.is_neg()


def memory_order(array: Any) -> tuple[int, ...] | None:
    """The axes from the outermost to the innermost, where they are not numbered so and the elements lie in no gaps."""
    if array.is_contiguous():
        return None
    strides = array.stride()
    order = tuple(sorted(range(len(strides)), key=lambda i: -strides[i]))
    return order if array.permute(order).is_contiguous() else None


def concat(arrays: list[Any], axis: int = 0) -> Any:
    return torch.cat(arrays, axis)


def itemsize(dtype: Any) -> int:
    size: int = dtype.itemsize
    return size


def zeros(shape: tuple[int, ...], dtype: Any, like: Any) -> Any:
    return empty(shape, dtype).zero_() if like.is_cpu else torch.zeros(shape, dtype=dtype, device=like.device)


def room(shape: tuple[int, ...], dtype: Any, like: Any) -> Any:
    """Memory to write into again and again; None where arrays do not change."""
    if like.is_cuda:
        return torch.empty(shape, dtype=dtype, device=like.device)
    return empty(shape, dtype) if like.is_cpu else None


def multiplies_halves(array: Any) -> bool:
    """Whether products of half precision are best made as they are: on a GPU, which sums them in float32."""
    return bool(array.is_cuda)


def matmul(a: Any, b: Any, out: Any = None) -> Any:
    """The product, in the arrays' own type, whatever torch.autocast would take."""
    device = a.device.type
    if out is not None:
        return torch.mm(a, b, out=out)
    if not torch.amp.is_autocast_available(device) or not torch.is_autocast_enabled(device):
        return torch.matmul(a, b)
    with torch.autocast(device, enabled=False):
        return torch.matmul(a, b)


def add_product(total: Any, a: Any, b: Any) -> Any:
    """total + a @ b, in the total's memory."""
    return total.addmm_(a, b)


def put(array: Any, rows: slice, values: Any) -> Any:
    """The array with other rows, in its memory."""
    array[rows] = values
    return array


def by_blocks(function: Callable[..., Any], arrays: list[Any], rows: int) -> Any:
    """A function of some rows, applied to all, block by block; each is computed again for its derivative."""
    if arrays[0].shape[0] <= rows:
        return function(*arrays)
    blocks = zip(*(array.split(rows) for array in arrays), strict=True)
    if transforming() or not torch.is_grad_enabled():
        return torch.cat([function(*block) for block in blocks])
    return torch.cat([checkpoint(function, *block, use_reentrant=False) for block in blocks])


def to_numpy(array: Any) -> Any:
    array = array.detach()
    return (array.float() if array.dtype == torch.bfloat16 else array).numpy()


def number(value: Any, dtype: Any) -> Any:
    """A loss, as users get it."""
    return value.to(dtype) if isinstance(value, torch.Tensor) else numbers(dtype)(value)


@cache
def numbers(dtype: Any) -> Callable[[float], Any]:
    """What makes a loss of a number; of one beyond the type's numbers, infinity."""
    kind: Any = KINDS[dtype]

    def make(value: float) -> Any:
        if abs(value) < SURELY_FINITE:
            return torch.from_numpy(numpy.array(value, kind))  # sooner made than PyTorch's own
        return torch.full((), value, dtype=torch.float64, device="cpu").to(dtype)

    return make


def write(array: Any, buffer: Any) -> Any:
    return buffer.copy_(array)


def is_writable(array: Any, like: Any) -> bool:
    """Whether results can be written where ``like`` is; not where elements share their memory."""
    if not isinstance(array, torch.Tensor) or array.device != like.device or array.layout is not torch.strided:
        return False
    return all(stride != 0 or size <= 1 for size, stride in zip(array.shape, array.stride(), strict=True))


def overlap(a: Any, b: Any) -> bool:
    """Whether two tensors lie in one stretch of memory."""
    if a.untyped_storage().data_ptr() != b.untyped_storage().data_ptr():
        return False
    (begin, end), (other, last) = _stretch(a), _stretch(b)
    return begin < last and other < end


def _stretch(tensor: Any) -> tuple[int, int]:
    """From which byte of its storage to which a tensor reaches."""
    begin, size = tensor.storage_offset(), tensor.element_size()
    reach = sum((n - 1) * step for n, step in zip(tensor.shape, tensor.stride(), strict=True)) + 1
    return begin * size, (begin + reach) * size


def differentiated(values: Mapping[str, object]) -> set[str]:
    """Return the names of the tensors that autograd records."""
    if not torch.is_grad_enabled():
        return set()
    return {name for name, value in values.items() if isinstance(value, torch.Tensor) and value.requires_grad}


def untracked(compute: Callable[[], Any]) -> Any:
    """Compute without recording for derivatives."""
    with torch.no_grad():
        return compute()


def hosts_kernels(version: tuple[int, int]) -> bool:
    """Whether programs of the compiler call our kernels: it makes its own."""
    return False


def compute(outputs: tuple[Node, ...], symbols: tuple[Node, ...], axis: Any, arrays: list[Any]) -> Any:
    """The values of formulas, now."""
    if not sees(*(array for array in arrays if isinstance(array, torch.Tensor))):
        return build(outputs, symbols, "torch")(*arrays, axis=axis)
    return torch_blocks.compute(build(outputs, symbols, "eager"), outputs, axis, arrays, empty)


def permute(array: torch.Tensor, order: Sequence[int], /) -> torch.Tensor:
    return array.permute(*order)


def where(condition: torch.Tensor, a: torch.Tensor | float, b: torch.Tensor | float, /) -> torch.Tensor:
    return torch.where(condition, a, b)


def times(array: Any, factor: Any) -> Any:
    """A result of ``compute``, multiplied: in its own memory, if it has a place for each element."""
    return array.mul_(factor) if isinstance(factor, float) and sees(array) and array.is_contiguous() else array * factor


def maker(shape: tuple[int, ...], dtype: Any, order: Any = None) -> Callable[[], Any]:
    """What makes new tensors of a shape, whose elements lie in an order of the axes."""
    if order is not None:
        make, back = maker(tuple(shape[i] for i in order), dtype), inverse(order)
        return lambda: make().permute(back)
    if math.prod(shape) * dtype.itemsize >= memory.LARGE:
        return lambda: empty(shape, dtype)
    like = torch.empty(shape, dtype=dtype, device="cpu")  # sooner understood than a shape and a dtype
    like.untyped_storage().resize_(0)
    return partial(torch.empty_like, like)
