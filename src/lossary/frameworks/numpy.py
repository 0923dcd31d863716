"""Face of NumPy: arrays, numbers and lists in; derivatives by closed forms alone."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any, TypeAlias, TypeVar

import numpy
from numpy.typing import NDArray

from lossary.frameworks import framework_of, inverse, memory, numpy_functions, row_blocks, threads  # noqa: F401  (numpy_functions: for printed code)
from lossary.frameworks.face import Dimensions, absent, never
from lossary.symbolic import codegen
from lossary.symbolic.codegen import Build, build
from lossary.symbolic.graph import Node

Array: TypeAlias = NDArray[Any]
DType: TypeAlias = numpy.dtype[Any]
T = TypeVar("T")

PRODUCT = 1 << 20  # elements of a product at a time

name = "numpy"
STRETCHED = "numpy.broadcast_to({}, {})"
has_pointers = True
has_scan = False
halves = (numpy.dtype(numpy.float16),)
where = numpy.where
SURELY_FINITE = 2.0**127  # in float32
in_order = numpy.ascontiguousarray
permute = numpy.transpose
smooth = by_blocks = fused = expected = deferred = absent  # NumPy has no autograd
total = scan = absent  # and compiles no programs
on_gpu = hosts_kernels = never
multiplies_halves = never  # products of float16 are slow and accumulate in float16


def asarray(value: object, like: Array | None = None) -> Array:
    """Return an array in the byte order of the machine."""
    if isinstance(value, numpy.ma.MaskedArray):
        raise TypeError("it is a masked array; pass its .data, and mask=~numpy.ma.getmaskarray(...)")
    if of := _listed(value):
        raise TypeError(f"it is a {type(value).__name__} of {of} arrays; stack them first")
    array = numpy.asarray(value)
    return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))


def key(arrays: Sequence[Array]) -> tuple[object, ...] | None:
    """Return dtypes and orders in memory; None unless these are arrays that are used without conversion."""
    parts: list[object] = []
    for array in arrays:
        if type(array) is not numpy.ndarray or not array.dtype.isnative:
            return None
        parts += (array.dtype.char, array.flags.c_contiguous or memory_order(array))
    return tuple(parts)


def recognizer(arrays: Sequence[Array]) -> Callable[[Sequence[Array]], bool]:
    """Return a test for arrays of the same dtypes, shapes and strides, which is faster than ``key``."""
    known = [(array.dtype, array.shape, array.strides) for array in arrays]

    def recognizes(arrays: Sequence[Array]) -> bool:
        for array, (dtype, shape, strides) in zip(arrays, known, strict=True):
            if type(array) is not numpy.ndarray or array.dtype is not dtype:
                return False
            if array.shape != shape or array.strides != strides:
                return False
        return True

    return recognizes


def _listed(value: object) -> str | None:
    """Return the framework, other than NumPy, whose arrays a list holds."""
    while isinstance(value, list | tuple) and value:
        value = value[0]
    framework = framework_of(type(value))  # type: ignore[arg-type]
    return framework if framework != "numpy" else None


def sees(*_: object) -> bool:
    """Return True: values are always visible."""
    return True


def is_floating(dtype: DType) -> bool:
    return dtype.kind == "f"


def is_number(dtype: DType) -> bool:
    return dtype.kind in "biu" or (dtype.kind == "f" and 2 <= dtype.itemsize <= 8)  # not ml_dtypes' 8-bit floats


def is_integer(dtype: DType) -> bool:
    return dtype.kind in "iu"


def widest(dtypes: Sequence[DType]) -> DType:
    """Return the dtype to compute in: at least float32."""
    return numpy.result_type(numpy.float32, *dtypes) if dtypes else numpy.dtype(numpy.float64)


def dtype_of_totals(like: Array) -> DType:
    """Return float64."""
    return numpy.dtype(numpy.float64)


def eps(dtype: DType) -> float:
    return float(numpy.finfo(dtype).eps)


def scalar(value: float, like: Array, dtype: DType) -> Array:
    """Return a scalar of the dtype: a function of a Python number alone would make float64 of all operands."""
    found: Array = dtype.type(value)
    return found


def cast(array: Array, dtype: DType) -> Array:
    if array.dtype == dtype:
        return array
    with numpy.errstate(over="ignore"):  # a gradient beyond half precision is infinite, as on other frameworks
        return array.astype(dtype)


def as_labels(array: Array) -> Array:
    """Return labels of any integer dtype as int64; those beyond it become its largest number."""
    if array.dtype == numpy.uint64:
        array = numpy.minimum(array, numpy.iinfo(numpy.int64).max)
    return array.astype(numpy.int64, copy=False)


def reshape(array: Array, shape: tuple[int, ...]) -> Array:
    return array.reshape(shape)


def broadcast(array: Array, shape: tuple[int, ...]) -> Array:
    return array if array.shape == shape else numpy.broadcast_to(array, shape)  # which nobody can write to


def arange(stop: int, like: Array) -> Array:
    return numpy.arange(stop)


def sum_all(array: Array) -> Array:
    """Return the sum of all elements, accumulated in float64."""
    found: Array = array.sum(dtype=numpy.float64)
    return found


def empty(shape: tuple[int, ...], dtype: DType) -> Array:
    """Return a new, uninitialised array."""
    return maker(shape, dtype)()


def maker(shape: tuple[int, ...], dtype: DType, order: tuple[int, ...] | None = None) -> Callable[[], Array]:
    """Return a function that makes new arrays of a shape, with the axes in ``order`` in memory."""
    make = memory.empty if math.prod(shape) * dtype.itemsize >= memory.LARGE else numpy.empty
    if order is None:
        return partial(make, shape, dtype)
    outer, back = tuple(shape[i] for i in order), inverse(order)
    return lambda: numpy.transpose(make(outer, dtype), back)


def is_in_order(array: Array, order: tuple[int, ...] | None = None) -> bool:
    return (array if order is None else array.transpose(order)).flags.c_contiguous


def memory_order(array: Array) -> tuple[int, ...] | None:
    """Return the axes from the outermost to the innermost in memory; None if C-contiguous, or with gaps."""
    if array.flags.c_contiguous:
        return None
    order = tuple(sorted(range(array.ndim), key=lambda i: -array.strides[i]))
    return order if is_in_order(array, order) else None


class _Interface(ctypes.Structure):
    """NumPy's array interface for C, which takes less time to make than the one for Python."""

    _fields_ = [
        *(("two", ctypes.c_int), ("nd", ctypes.c_int), ("typekind", ctypes.c_char), ("itemsize", ctypes.c_int)),
        *(("flags", ctypes.c_int), ("shape", ctypes.c_void_p), ("strides", ctypes.c_void_p), ("data", ctypes.c_void_p)),
    ]


_content = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", ctypes.pythonapi)
)
_pointer_at, _DATA = ctypes.c_size_t.from_address, _Interface.data.offset


def pointer(array: Array) -> int:
    return _pointer_at(_content(array.__array_struct__, None) + _DATA).value


def concat(arrays: list[Array], axis: int = 0) -> Array:
    return numpy.concatenate(arrays, axis)


def itemsize(dtype: DType) -> int:
    return dtype.itemsize


def zeros(shape: tuple[int, ...], dtype: DType, like: Array) -> Array:
    return numpy.zeros(shape, dtype)


def room(shape: tuple[int, ...], dtype: DType, like: Array) -> Array:
    """Return memory to write into repeatedly."""
    return empty(shape, dtype)


def matmul(a: Array, b: Array, out: Array | None = None) -> Array:
    return numpy.matmul(a, b, out=out)


def add_product(total: Array, a: Array, b: Array) -> Array:
    """Return total + a @ b, written over ``total`` some rows at a time, so that no whole product is stored."""
    step = max(1, PRODUCT // max(1, total.shape[1]))
    for start in range(0, total.shape[0], step):
        total[start : start + step] += a[start : start + step] @ b
    return total


def put(array: Array, rows: slice, values: Array) -> Array:
    """Write rows into an array and return it."""
    array[rows] = values
    return array


def to_numpy(array: Array) -> Array:
    return numpy.asarray(array)


def times(array: Array, factor: Array | float) -> Array:
    return array * factor


def number(value: Array | float, dtype: DType) -> Array:
    """Return a number as a scalar of NumPy."""
    return numbers(dtype)(float(value))


@cache
def numbers(dtype: DType) -> Callable[[float], Array]:
    """Return the function that makes a scalar of a number; one out of the dtype's range becomes infinite."""
    scalar: Callable[[float], Array] = dtype.type

    def make(value: float) -> Array:
        if abs(value) < SURELY_FINITE:
            return scalar(value)
        with numpy.errstate(over="ignore"):
            return scalar(value)

    return make


def write(array: Array, buffer: Array) -> Array:
    buffer[...] = array
    return buffer


def is_writable(array: object, like: Array) -> bool:
    if not isinstance(array, numpy.ndarray) or not array.flags.writeable:
        return False
    return not memory.overlaps_itself(array.shape, array.strides, array.itemsize)


def overlap(a: Array, b: Array) -> bool:
    return numpy.may_share_memory(a, b)


def differentiated(values: Mapping[str, object]) -> set[str]:
    """Return no names: NumPy has no autograd."""
    return set()


def untracked(compute: Callable[[], T]) -> T:
    """Return ``compute()`` without warnings: a derivative out of the dtype's range is infinite."""
    with numpy.errstate(all="ignore"):
        return compute()


def compute(
    outputs: tuple[Node, ...], symbols: tuple[Node, ...], axes: Dimensions, arrays: Sequence[Array | float],
    build: Build = build,
) -> Sequence[Array]:  # fmt: skip
    with numpy.errstate(all="ignore"):
        body, in_loops = build(outputs, symbols, "numpy"), build is not codegen.build
        if in_loops and not row_blocks.makes_arrays(outputs):
            return body(*arrays, axes=axes)
        larger = 2 if in_loops else 1  # loops make fewer arrays
        return row_blocks.compute(body, outputs, axes, arrays, memory.new, larger, threads.count())
