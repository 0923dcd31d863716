"""NumPy: arrays and lists in, closed-form derivatives out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy

from lossary.frameworks import framework_of
from lossary.graph import Node
from lossary.printing import build

name = "numpy"
has_pointers = True  # compiled kernels can read and write the arrays' memory
where = numpy.where
in_order = numpy.ascontiguousarray  # the elements one after the other in memory


def asarray(value: Any, like: Any = None) -> Any:
    """An array of the machine's own byte order."""
    if isinstance(value, numpy.ma.MaskedArray):
        raise TypeError("it is a masked array; pass its .data, and mask=~numpy.ma.getmaskarray(...)")
    if of := _listed(value):
        raise TypeError(f"it is a {type(value).__name__} of {of} arrays; stack them first")
    array = numpy.asarray(value)
    return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))


def key(arrays: Sequence[Any]) -> Any:
    """What the checks of a call depend on; None unless these are arrays that are used as they are."""
    parts: list[Any] = []
    for array in arrays:
        if type(array) is not numpy.ndarray or not array.dtype.isnative:
            return None
        parts += (array.dtype, array.shape)
    return tuple(parts)


def _listed(value: Any) -> str | None:
    """The framework, other than NumPy, of whose arrays this is a list."""
    while isinstance(value, list | tuple) and value:
        value = value[0]
    framework = framework_of(type(value))  # type: ignore[arg-type]
    return framework if framework != "numpy" else None


def sees(*_: Any) -> bool:
    """Whether the values can be looked at now."""
    return True


def is_floating(dtype: Any) -> bool:
    return numpy.issubdtype(dtype, numpy.floating)


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


def constant(array: Any) -> Any:
    """The same numbers, of which no derivative is taken."""
    return array


def sum_all(array: Any) -> Any:
    """The sum, accumulated in float64."""
    return numpy.sum(array, dtype=numpy.float64)


def empty(shape: tuple[int, ...], dtype: Any) -> Any:
    return numpy.empty(shape, dtype)


def maker(shape: tuple[int, ...], dtype: Any) -> Callable[[], Any]:
    """What makes new arrays of a shape."""
    return partial(numpy.empty, shape, dtype)


def is_in_order(array: Any) -> bool:
    return bool(array.flags.c_contiguous)


def pointer(array: Any) -> int:
    address: int = array.__array_interface__["data"][0]
    return address


def concat(arrays: list[Any]) -> Any:
    return numpy.concatenate(arrays)


def to_numpy(array: Any) -> Any:
    return numpy.asarray(array)


def number(value: Any, dtype: Any) -> Any:
    """A loss, as users get it; one beyond the type's numbers is infinite."""
    with numpy.errstate(over="ignore"):
        return dtype.type(value)


def write(array: Any, buffer: Any) -> Any:
    buffer[...] = array
    return buffer


def is_writable(array: Any, like: Any) -> bool:
    return bool(isinstance(array, numpy.ndarray) and array.flags.writeable)


def overlap(a: Any, b: Any) -> bool:
    return bool(numpy.may_share_memory(a, b))


def differentiates(call: Any) -> str:
    """What the framework may want derivatives of: NumPy nothing."""
    return "nothing"


def untracked(compute: Callable[[], Any]) -> Any:
    """Compute without recording for derivatives."""
    return compute()


def compute(outputs: tuple[Node, ...], symbols: tuple[Node, ...], axis: Any, arrays: list[Any]) -> Any:
    """The values of formulas, now."""
    with numpy.errstate(all="ignore"):
        return build(outputs, symbols, "numpy")(*arrays, axis=axis)
