"""NumPy: arrays and lists in, closed-form derivatives out."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any

import numpy

from lossary.frameworks import framework_of, inverse, memory
from lossary.frameworks.face import absent
from lossary.symbolic.codegen import build
from lossary.symbolic.graph import Node

PRODUCT = 1 << 20  # numbers of a product at a time

name = "numpy"
STRETCHED = "numpy.broadcast_to({}, {})"  # how an array is broadcast to a shape
has_pointers = True  # compiled kernels can read and write the arrays' memory
halves = (numpy.dtype(numpy.float16),)  # what those read as it is
where = numpy.where
SURELY_FINITE = 2.0**127  # in float32
in_order = numpy.ascontiguousarray  # the elements one after the other in memory
permute = numpy.transpose
smooth = by_blocks = absent  # nothing is differentiated by the framework
fused = expected = deferred = absent
total = absent


def asarray(value: Any, like: Any = None) -> Any:
    """An array of the machine's own byte order."""
    if isinstance(value, numpy.ma.MaskedArray):
        raise TypeError("it is a masked array; pass its .data, and mask=~numpy.ma.getmaskarray(...)")
    if of := _listed(value):
        raise TypeError(f"it is a {type(value).__name__} of {of} arrays; stack them first")
    array = numpy.asarray(value)
    return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))


def key(arrays: Sequence[Any]) -> Any:
    """What a plan depends on beside shapes; None unless these are arrays that are used as they are."""
    parts: list[Any] = []
    for array in arrays:
        if type(array) is not numpy.ndarray or not array.dtype.isnative:
            return None
        parts += (array.dtype.char, array.flags.c_contiguous or memory_order(array))
    return tuple(parts)


def recognizer(arrays: Sequence[Any]) -> Any:
    """What says, sooner than ``key``, whether arrays are surely like these."""
    known = [(array.dtype, array.shape, array.strides) for array in arrays]

    def recognizes(arrays: Sequence[Any]) -> bool:
        for array, (dtype, shape, strides) in zip(arrays, known, strict=True):
            if type(array) is not numpy.ndarray or array.dtype is not dtype:
                return False
            if array.shape != shape or array.strides != strides:
                return False
        return True

    return recognizes


def _listed(value: Any) -> str | None:
    """The framework, other than NumPy, of whose arrays this is a list."""
    while isinstance(value, list | tuple) and value:
        value = value[0]
    framework = framework_of(type(value))  # type: ignore[arg-type]
    return framework if framework != "numpy" else None


def sees(*_: Any) -> bool:
    """Whether the values can be looked at now."""
    return True


def on_gpu(*_: object) -> bool:
    """Return False: NumPy's arrays are in the CPU's memory."""
    return False


def is_floating(dtype: Any) -> bool:
    return bool(dtype.kind == "f")


def is_number(dtype: Any) -> bool:
    return dtype.kind in "biu" or (dtype.kind == "f" and dtype.itemsize <= 8)


def is_integer(dtype: Any) -> bool:
    return dtype.kind in "iu"


def widest(dtypes: Sequence[Any]) -> Any:
    """The dtype to compute in: at least float32."""
    return numpy.result_type(numpy.float32, *dtypes) if dtypes else numpy.dtype(numpy.float64)


def dtype_of_totals(like: Any) -> Any:
    """The dtype that many batches add up in."""
    return numpy.dtype(numpy.float64)


def eps(dtype: Any) -> float:
    return float(numpy.finfo(dtype).eps)


def scalar(value: float, like: Any, dtype: Any) -> Any:
    """A number as formulas take it beside an array."""
    return value


def cast(array: Any, dtype: Any) -> Any:
    if array.dtype == dtype:
        return array
    with numpy.errstate(over="ignore"):  # a gradient beyond half precision is infinite, as on other frameworks
        return array.astype(dtype)


def as_labels(array: Any) -> Any:
    """Labels of any integer dtype, as indices."""
    return array.astype(numpy.int64, copy=False)


def reshape(array: Any, shape: tuple[int, ...]) -> Any:
    return array.reshape(shape)


def broadcast(array: Any, shape: tuple[int, ...]) -> Any:
    return numpy.broadcast_to(array, shape)


def arange(stop: int, like: Any) -> Any:
    return numpy.arange(stop)


def sum_all(array: Any) -> Any:
    """The sum, accumulated in float64."""
    return numpy.sum(array, dtype=numpy.float64)


def empty(shape: tuple[int, ...], dtype: Any) -> Any:
    """A new array."""
    return maker(shape, dtype)()


def maker(shape: tuple[int, ...], dtype: Any, order: Any = None) -> Callable[[], Any]:
    """What makes new arrays of a shape, whose elements lie in an order of the axes."""
    make = memory.empty if math.prod(shape) * dtype.itemsize >= memory.LARGE else numpy.empty
    if order is None:
        return partial(make, shape, dtype)
    outer, back = tuple(shape[i] for i in order), inverse(order)
    return lambda: numpy.transpose(make(outer, dtype), back)


def is_in_order(array: Any, order: Any = None) -> bool:
    return bool((array if order is None else array.transpose(order)).flags.c_contiguous)


def memory_order(array: Any) -> tuple[int, ...] | None:
    """The axes from the outermost to the innermost, where they are not numbered so and the elements lie in no gaps."""
    if array.flags.c_contiguous:
        return None
    order = tuple(sorted(range(array.ndim), key=lambda i: -array.strides[i]))
    return order if is_in_order(array, order) else None


class _Interface(ctypes.Structure):
    """NumPy's array interface for C, which is sooner made than the one for Python."""

    _fields_ = [
        *(("two", ctypes.c_int), ("nd", ctypes.c_int), ("typekind", ctypes.c_char), ("itemsize", ctypes.c_int)),
        *(("flags", ctypes.c_int), ("shape", ctypes.c_void_p), ("strides", ctypes.c_void_p), ("data", ctypes.c_void_p)),
    ]


_content = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", ctypes.pythonapi)
)
_pointer_at, _DATA = ctypes.c_void_p.from_address, _Interface.data.offset


def pointer(array: Any) -> Any:
    return _pointer_at(_content(array.__array_struct__, None) + _DATA).value


def concat(arrays: list[Any], axis: int = 0) -> Any:
    return numpy.concatenate(arrays, axis)


def itemsize(dtype: Any) -> int:
    size: int = dtype.itemsize
    return size


def zeros(shape: tuple[int, ...], dtype: Any, like: Any) -> Any:
    return numpy.zeros(shape, dtype)


def room(shape: tuple[int, ...], dtype: Any, like: Any) -> Any:
    """Memory to write into again and again; None where arrays do not change."""
    return empty(shape, dtype)


def multiplies_halves(array: Any) -> bool:
    """Whether products of half precision are best made as they are."""
    return False


def matmul(a: Any, b: Any, out: Any = None) -> Any:
    return numpy.matmul(a, b, out=out)


def add_product(total: Any, a: Any, b: Any) -> Any:
    """total + a @ b, in the total's memory; NumPy adds no product to what is there, so some rows at a time."""
    step = max(1, PRODUCT // max(1, total.shape[1]))
    for start in range(0, total.shape[0], step):
        total[start : start + step] += a[start : start + step] @ b
    return total


def put(array: Any, rows: slice, values: Any) -> Any:
    """The array with other rows, in its memory."""
    array[rows] = values
    return array


def to_numpy(array: Any) -> Any:
    return numpy.asarray(array)


def times(array: Any, factor: Any) -> Any:
    """A result of ``compute``, multiplied."""
    return array * factor


def number(value: Any, dtype: Any) -> Any:
    """A loss, as users get it."""
    return numbers(dtype)(value)


@cache
def numbers(dtype: Any) -> Callable[[float], Any]:
    """What makes a loss of a number; of one beyond the type's numbers, infinity."""

    def make(value: float) -> Any:
        if abs(value) < SURELY_FINITE:
            return dtype.type(value)
        with numpy.errstate(over="ignore"):
            return dtype.type(value)

    return make


def write(array: Any, buffer: Any) -> Any:
    buffer[...] = array
    return buffer


def is_writable(array: Any, like: Any) -> bool:
    return bool(isinstance(array, numpy.ndarray) and array.flags.writeable)


def overlap(a: Any, b: Any) -> bool:
    return bool(numpy.may_share_memory(a, b))


def differentiated(values: Mapping[str, object]) -> set[str]:
    """Return no names: NumPy has no autograd."""
    return set()


def hosts_kernels(version: tuple[int, int]) -> bool:
    """Return False: NumPy compiles no programs."""
    return False


def untracked(compute: Callable[[], Any]) -> Any:
    """Compute derivatives; NumPy records nothing. One beyond the type's numbers is infinite, without a warning."""
    with numpy.errstate(all="ignore"):
        return compute()


def compute(outputs: tuple[Node, ...], symbols: tuple[Node, ...], axis: Any, arrays: list[Any]) -> Any:
    """The values of formulas, now."""
    with numpy.errstate(all="ignore"):
        return build(outputs, symbols, "numpy")(*arrays, axis=axis)
