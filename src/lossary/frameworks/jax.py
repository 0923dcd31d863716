"""JAX: formulas with exact derivatives of every order under jit, grad, vmap and jvp."""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import jax
import numpy
from jax import numpy as jnp

from lossary.errors import ArgumentTypeError
from lossary.frameworks.face import absent
from lossary.frameworks.jax_derivatives import smooth as smooth
from lossary.symbolic.graph import Node

name = "jax"
STRETCHED = "jax.numpy.broadcast_to({}, {})"  # how an array is broadcast to a shape
has_pointers = False
halves = ()
where = jnp.where
is_in_order = in_order = permute = maker = pointer = absent  # has_pointers is False
numbers = recognizer = absent  # no calls have keys
fused = expected = deferred = absent  # JAX traces what it differentiates


def asarray(value: Any, like: Any = None) -> Any:
    array = jnp.asarray(value)
    if not isinstance(value, jax.Array) and is_integer(array.dtype):
        given = numpy.asarray(value)
        if given.itemsize > array.dtype.itemsize and (beyond := given != given.astype(array.dtype)).any():
            raise ValueError(f"it holds {given[beyond][0]}, which is beyond {array.dtype}, JAX's widest integers")
    return array


def key(arrays: Sequence[Any]) -> Any:
    """Calls have no plans that are kept: under JAX a call is checked while it is traced, once."""
    return None


def sees(*arrays: Any) -> bool:
    """Whether the values can be looked at now, without waiting for a device."""
    return all(
        not isinstance(a, jax.core.Tracer) and isinstance(a, jax.Array) and a.is_fully_addressable
        and all(device.platform == "cpu" for device in a.devices())
        for a in arrays
    )  # fmt: skip


def on_gpu(*_: object) -> bool:
    """Return False: the GPU kernels are PyTorch's."""
    return False


def memory_order(array: Any) -> None:
    """XLA lays arrays out itself."""


def is_floating(dtype: Any) -> bool:
    return bool(jnp.issubdtype(dtype, jnp.floating))


def is_number(dtype: Any) -> bool:
    if jnp.issubdtype(dtype, jax.dtypes.extended):  # such as keys of random numbers
        return False
    floating = jnp.isdtype(dtype, "real floating") and dtype.itemsize > 1  # 8-bit floats do not mix with others
    return bool(jnp.issubdtype(dtype, jnp.bool_) or floating or is_integer(dtype))


def is_integer(dtype: Any) -> bool:
    return bool(jnp.issubdtype(dtype, jnp.integer))


def widest(dtypes: Sequence[Any]) -> Any:
    """The dtype to compute in: at least float32."""
    return jnp.result_type(jnp.float32, *dtypes) if dtypes else jnp.zeros(()).dtype


def dtype_of_totals(like: Any) -> Any:
    """The dtype that many batches add up in: float64 where that is enabled."""
    return jnp.zeros((), float).dtype


def eps(dtype: Any) -> float:
    return float(jnp.finfo(dtype).eps)  # type: ignore[no-untyped-call]


def scalar(value: float, like: Any, dtype: Any) -> Any:
    """A number as formulas take it beside an array."""
    return value


def cast(array: Any, dtype: Any) -> Any:
    return array.astype(dtype)


def as_labels(array: Any) -> Any:
    """Labels of any integer dtype, as indices."""
    return array


def reshape(array: Any, shape: tuple[int, ...]) -> Any:
    return array.reshape(shape)


def broadcast(array: Any, shape: tuple[int, ...]) -> Any:
    return jnp.broadcast_to(array, shape)


def arange(stop: int, like: Any) -> Any:
    return jnp.arange(stop)


def sum_all(array: Any) -> Any:
    return array.sum()


def concat(arrays: list[Any], axis: int = 0) -> Any:
    return jnp.concatenate(arrays, axis)


def itemsize(dtype: Any) -> int:
    return int(jnp.dtype(dtype).itemsize)


def zeros(shape: tuple[int, ...], dtype: Any, like: Any) -> Any:
    return jnp.zeros(shape, dtype)


def room(shape: tuple[int, ...], dtype: Any, like: Any) -> Any:
    """Memory to write into again and again; None where arrays do not change."""
    return None


def multiplies_halves(array: Any) -> bool:
    """Whether products of half precision are best made as they are."""
    return False


def matmul(a: Any, b: Any, out: Any = None) -> Any:
    return a @ b


def add_product(total: Any, a: Any, b: Any) -> Any:
    return total + a @ b


def put(array: Any, rows: slice, values: Any) -> Any:
    """The array with other rows."""
    return array.at[rows].set(values)


def by_blocks(function: Callable[..., Any], arrays: list[Any], rows: int) -> Any:
    """A function of some rows, applied to all, block by block; each is computed again for its derivative."""
    count = arrays[0].shape[0]
    if count <= rows:
        return function(*arrays)
    wanted = -(-count // rows)
    number = next((n for n in range(wanted, 2 * wanted) if count % n == 0), wanted)
    whole = count - count % number
    # A block has every so manieth row: of rows that lie on several devices, each device has its part of every block.
    blocks = [array[:whole].reshape(-1, number, *array.shape[1:]).swapaxes(0, 1) for array in arrays]
    done = jax.lax.map(jax.checkpoint(lambda block: function(*block)), blocks)
    done = done.swapaxes(0, 1).reshape(whole, *done.shape[2:])
    rest = [array[whole:] for array in arrays]
    return jnp.concatenate([done, jax.checkpoint(function)(*rest)]) if whole < count else done


def to_numpy(array: Any) -> Any:
    array = numpy.asarray(array)  # before the cast: under jit JAX would trace it
    return array.astype(numpy.float32) if array.dtype == jnp.bfloat16 else array


def times(array: Any, factor: Any) -> Any:
    """A result of ``compute``, multiplied."""
    return array * factor


def number(value: Any, dtype: Any) -> Any:
    """A loss, as users get it."""
    return jnp.asarray(value, dtype)


def write(array: Any, buffer: Any) -> Any:
    raise ArgumentTypeError("out= cannot be used with JAX, whose arrays never change.")


def is_writable(array: Any, like: Any) -> bool:
    return False


def overlap(a: Any, b: Any) -> bool:
    return False


def differentiated(values: Mapping[str, object]) -> set[str]:
    """Return no names: JAX traces what it differentiates."""
    return set()


def untracked(compute: Callable[[], Any]) -> Any:
    """Compute; JAX records nothing of its own accord."""
    return compute()


def hosts_kernels(version: tuple[int, int]) -> bool:
    """Return True if programs for the CPU call compiled kernels: this JAX can, and LOSSARY_JAX_KERNELS is not 0."""
    asked = os.environ.get("LOSSARY_JAX_KERNELS")
    if asked in ("", "0"):
        return False
    can = _can_call_kernels(version)
    if asked and not can:
        _warn_of_no_kernels()
    return can


@cache
def _can_call_kernels(version: tuple[int, int]) -> bool:
    """Whether this JAX is known to call kernels of a version of XLA's interface."""
    with contextlib.suppress(ImportError, AttributeError):
        from lossary.frameworks import jax_kernel

        return jax_kernel.available(version)
    return False


@cache
def _warn_of_no_kernels() -> None:
    problem = f"LOSSARY_JAX_KERNELS is not for jax {jax.__version__} on {sys.platform}: its kernels are not called."
    warnings.warn(problem, RuntimeWarning, stacklevel=3)


def total(hosted: Any, arrays: Sequence[Any]) -> Any:
    """A reduced loss, by a kernel where a program is for one processor."""
    from lossary.frameworks import jax_kernel

    return jax_kernel.total(hosted, arrays)


def compute(outputs: tuple[Node, ...], symbols: tuple[Node, ...], axis: Any, arrays: list[Any]) -> Any:
    """The values of formulas, differentiable where they are traced."""
    return _together(outputs, symbols, axis)(*arrays)


@cache
def _together(outputs: tuple[Node, ...], symbols: tuple[Node, ...], axis: Any) -> Any:
    return jax.jit(lambda *arrays: tuple(smooth(output, symbols, axis)(*arrays) for output in outputs))
