"""Face of JAX: formulas with exact derivatives of every order under jit, grad, vmap and jvp."""

from __future__ import annotations

import contextlib
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias, TypeVar

import jax
import numpy
from jax import Array
from jax import numpy as jnp
from numpy.typing import NDArray

from lossary.frameworks.environment import switch
from lossary.frameworks.face import Dimensions, absent, never
from lossary.frameworks.hosted import Hosted
from lossary.frameworks.jax_derivatives import smooth as smooth
from lossary.frameworks.jax_derivatives import zeros_of
from lossary.frameworks.jax_slopes import with_slopes
from lossary.symbolic.codegen import Build, build
from lossary.symbolic.graph import Node

DType: TypeAlias = numpy.dtype[Any]
T = TypeVar("T")

name = "jax"
STRETCHED = "jax.numpy.broadcast_to({}, {})"
has_pointers = False
has_scan = True
halves: tuple[DType, ...] = ()
where = jnp.where
is_in_order = in_order = maker = pointer = absent  # arrays have no memory to point at
numbers = recognizer = absent  # no calls have keys
fused = expected = deferred = absent  # nothing is recorded
write = absent
is_writable = overlap = never  # arrays never change
on_gpu = never  # the GPU kernels are PyTorch's


def asarray(value: object, like: Array | None = None) -> Array:
    """Return an array; raise an error for integers that do not fit in JAX's widest."""
    array: Array = jnp.asarray(value)
    if not isinstance(value, Array) and is_integer(array.dtype):
        given = numpy.asarray(value)
        if given.itemsize > array.dtype.itemsize and (beyond := given != given.astype(array.dtype)).any():
            raise ValueError(f"it holds {given[beyond][0]}, which is beyond {array.dtype}, JAX's widest integers")
    return array


def key(arrays: Sequence[Array]) -> None:
    """Return None: under jit, a call is checked only while it is traced."""


def sees(*arrays: object) -> bool:
    """Return True if the values can be read now, without waiting for a device."""
    return all(
        not isinstance(a, jax.core.Tracer) and isinstance(a, Array) and a.is_fully_addressable
        and all(device.platform == "cpu" for device in a.devices())
        for a in arrays
    )  # fmt: skip


def memory_order(array: Array) -> None:
    """Return None: XLA chooses the layout of arrays."""


def is_floating(dtype: DType) -> bool:
    return jnp.issubdtype(dtype, jnp.floating)


def is_number(dtype: DType) -> bool:
    if jnp.issubdtype(dtype, jax.dtypes.extended):  # such as keys of random numbers
        return False
    floating = jnp.isdtype(dtype, "real floating") and dtype.itemsize > 1  # 8-bit floats do not mix with others
    return jnp.issubdtype(dtype, jnp.bool_) or floating or is_integer(dtype)


def is_integer(dtype: DType) -> bool:
    return jnp.issubdtype(dtype, jnp.integer)


def widest(dtypes: Sequence[DType]) -> DType:
    """Return the dtype to compute in: at least float32."""
    return jnp.result_type(jnp.float32, *dtypes) if dtypes else jnp.zeros(()).dtype


def dtype_of_totals(like: Array) -> DType:
    """Return float64 where that is enabled, else float32."""
    return jnp.zeros((), float).dtype


def eps(dtype: DType) -> float:
    return float(jnp.finfo(dtype).eps)  # type: ignore[no-untyped-call]


def scalar(value: float, like: Array, dtype: DType) -> float:
    """Return the number itself."""
    return value


def cast(array: Array, dtype: DType) -> Array:
    return array.astype(dtype)


def as_labels(array: Array) -> Array:
    """Return labels in a signed dtype of whole bytes; those beyond JAX's widest become its largest number."""
    bits = jnp.iinfo(array.dtype).bits  # type: ignore[no-untyped-call]
    if bits >= 8 and not jnp.issubdtype(array.dtype, jnp.unsignedinteger):
        return array
    if bits < 32:
        return array.astype(jnp.int32)
    widest = jnp.zeros((), int).dtype
    held = jnp.minimum(array, numpy.iinfo(widest).max) if array.dtype.itemsize == widest.itemsize else array
    return held.astype(widest)


def permute(array: Array, order: Sequence[int], /) -> Array:
    return jnp.transpose(array, tuple(order))


def reshape(array: Array, shape: tuple[int, ...]) -> Array:
    return array.reshape(shape)


def broadcast(array: Array, shape: tuple[int, ...]) -> Array:
    return jnp.broadcast_to(array, shape)


def arange(stop: int, like: Array) -> Array:
    return jnp.arange(stop)


def sum_all(array: Array) -> Array:
    return array.sum()


def concat(arrays: list[Array], axis: int = 0) -> Array:
    return jnp.concatenate(arrays, axis)


def itemsize(dtype: DType) -> int:
    return dtype.itemsize


def zeros(shape: tuple[int, ...], dtype: DType, like: Array) -> Array:
    return jnp.zeros(shape, dtype)


def room(shape: tuple[int, ...], dtype: DType, like: Array) -> None:
    """Return None: arrays cannot be written."""


def matmul(a: Array, b: Array, out: Array | None = None) -> Array:
    return a @ b


def add_product(total: Array, a: Array, b: Array) -> Array:
    return total + a @ b


def multiplies_halves(array: Array) -> bool:
    """Return True where programs run on a GPU by default."""
    return jax.default_backend() != "cpu"


def put(array: Array, rows: slice, values: Array) -> Array:
    """Return a copy of the array with other rows."""
    return array.at[rows].set(values)


def by_blocks(function: Callable[..., Array], arrays: list[Array], rows: int) -> Array:
    """Apply a function of rows block by block; each block is checkpointed."""
    if arrays[0].shape[0] <= rows:
        return function(*arrays)
    blocks, rest = _cut(arrays, rows)
    done = _joined(jax.lax.map(jax.checkpoint(lambda block: function(*block)), blocks))
    return jnp.concatenate([done, jax.checkpoint(function)(*rest)]) if rest else done


def scan(
    step: Callable[[T | None, list[Array]], tuple[T, list[Array]]], arrays: list[Array], rows: int
) -> tuple[T, list[Array]]:
    """Run a step over blocks of rows; return what it carries, and the rows that it makes."""
    if arrays[0].shape[0] <= rows:
        return step(None, arrays)
    blocks, rest = _cut(arrays, rows)
    carried, made = jax.lax.scan(step, zeros_of(lambda block: step(None, block)[0], [b[0] for b in blocks]), blocks)
    made = [_joined(done) for done in made]
    if rest:
        carried, last = step(carried, rest)
        made = [jnp.concatenate(pair) for pair in zip(made, last, strict=True)]
    return carried, made


def _cut(arrays: list[Array], rows: int) -> tuple[list[Array], list[Array]]:
    """Return arrays as blocks of at most so many rows, along a new first axis, and the rows that are left, if any.

    A block has every n-th row, so that of rows on several devices, each device has its part of every block.
    """
    count = arrays[0].shape[0]
    wanted = -(-count // rows)
    number = next((n for n in range(wanted, 2 * wanted) if count % n == 0), wanted)
    whole = count - count % number
    blocks = [array[:whole].reshape(-1, number, *array.shape[1:]).swapaxes(0, 1) for array in arrays]
    return blocks, [array[whole:] for array in arrays] if whole < count else []


def _joined(blocks: Array) -> Array:
    """Return the rows of blocks in their order."""
    return blocks.swapaxes(0, 1).reshape(-1, *blocks.shape[2:])


def to_numpy(array: Array) -> NDArray[Any]:
    host = numpy.asarray(array)  # before the cast: under jit JAX would trace it
    return host.astype(numpy.float32) if host.dtype == jnp.bfloat16 else host


def times(array: Array, factor: Array | float) -> Array:
    return array * factor


def number(value: Array | float, dtype: DType) -> Array:
    """Return a number as an array without axes."""
    return jnp.asarray(value, dtype)


def differentiated(values: Mapping[str, object]) -> set[str]:
    """Return no names: JAX traces what it differentiates."""
    return set()


def untracked(compute: Callable[[], T]) -> T:
    return compute()


def hosts_kernels(version: tuple[int, int]) -> bool:
    """Return True if programs for the CPU call compiled kernels: this JAX can, and LOSSARY_JAX_KERNELS is not 0."""
    asked = switch("LOSSARY_JAX_KERNELS")
    if asked is False:
        return False
    can = _can_call_kernels(version)
    if asked and not can:
        _warn_of_no_kernels()
    return can


@cache
def _can_call_kernels(version: tuple[int, int]) -> bool:
    """Return True if this JAX is known to call kernels of a version of XLA's interface."""
    with contextlib.suppress(ImportError, AttributeError):
        from lossary.frameworks import jax_kernel

        return jax_kernel.available(version)
    return False


@cache
def _warn_of_no_kernels() -> None:
    problem = f"LOSSARY_JAX_KERNELS is not for jax {jax.__version__} on {sys.platform}: its kernels are not called."
    warnings.warn(problem, RuntimeWarning, stacklevel=3)


def total(hosted: Hosted[Array], arrays: Sequence[Array]) -> Array:
    """Return a reduced loss, by a loop or, in programs for one device of the CPU, by a kernel."""
    if hosted.scans:
        return with_slopes(hosted, hosted.measure, arrays)
    from lossary.frameworks import jax_kernel

    return jax_kernel.total(hosted, arrays)


def compute(
    outputs: tuple[Node, ...], symbols: tuple[Node, ...], axes: Dimensions, arrays: Sequence[Array | float],
    build: Build = build,
) -> Sequence[Array]:  # fmt: skip
    """Return the values of formulas, differentiable where they are traced."""
    return _compiled(outputs, symbols, axes, build)(*arrays)


@cache
def _compiled(
    outputs: tuple[Node, ...], symbols: tuple[Node, ...], axes: Dimensions, builder: Build
) -> Callable[..., tuple[Array, ...]]:
    return jax.jit(lambda *arrays: tuple(smooth(output, symbols, axes, builder)(*arrays) for output in outputs))
