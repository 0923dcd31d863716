"""Functions that printed code for JAX calls."""

from __future__ import annotations

from typing import Any

import jax
from jax import Array
from jax import numpy as jnp

from lossary.frameworks.places import Places
from lossary.symbolic import codegen

__all__ = ["put"]


def put(a: Array, label: Array, value: Array | float, axis: int) -> Array:
    """Return ``a`` with a value at the label of each row: a scatter on a CPU, a comparison elsewhere."""
    shape = jnp.broadcast_shapes(a.shape, label.shape)
    axis %= len(shape)
    one = tuple(1 if i == axis else n for i, n in enumerate(shape))

    def written(a: Array, label: Array, value: Array) -> Array:
        return jax.lax.scatter(
            a, label[..., None], value, _along(axis, len(shape)),
            indices_are_sorted=True, unique_indices=True, mode=jax.lax.GatherScatterMode.PROMISE_IN_BOUNDS,
        )  # fmt: skip

    def chosen(a: Array, label: Array, value: Array) -> Array:
        return jnp.where(jax.lax.broadcasted_iota(label.dtype, shape, axis) == label, value, a)

    given = (
        jnp.broadcast_to(a, shape), jnp.broadcast_to(label, one),
        jnp.broadcast_to(jnp.asarray(value, a.dtype), one),
    )  # fmt: skip
    result: Array = jax.lax.platform_dependent(*given, cpu=written, default=chosen)
    return result


def _along(axis: int, dimensions: int) -> jax.lax.ScatterDimensionNumbers:
    """Return how places along an axis are written, for each place along the others: rows on a device stay there."""
    rows = tuple(i for i in range(dimensions) if i != axis)
    return jax.lax.ScatterDimensionNumbers(
        (), inserted_window_dims=(axis,), scatter_dims_to_operand_dims=(axis,),
        operand_batching_dims=rows, scatter_indices_batching_dims=rows,
    )  # fmt: skip


class _Places(Places):
    xp = jnp

    def argsort(self, a: Array, axis: int) -> Array:
        return jnp.argsort(a, axis, stable=True)

    def scatter(self, shape: tuple[int, ...], values: Array, at: Array, axis: int) -> Array:
        zeros, where_to = jnp.zeros(shape, values.dtype), _along(axis % at.ndim, at.ndim)
        return jax.lax.scatter_add(zeros, at[..., None], values, where_to, mode="drop")

    def inside(self, at: Array, count: int) -> Array:
        return jnp.clip(at, 0, count - 1).astype(int) if jnp.issubdtype(at.dtype, jnp.floating) else at

    def arranged(self, values: Array, at: Array, axis: int) -> Array:
        where_to = _along(axis % at.ndim, at.ndim)
        return jax.lax.scatter(jnp.zeros_like(values), at[..., None], values, where_to, unique_indices=True)

    def taken(self, a: Array, at: Array, axis: int) -> Array:
        return jnp.take_along_axis(a, self.inside(at, a.shape[axis]), axis)

    def one(self, a: Array, axis: int, place: Any) -> Array:
        return a if a.shape[axis] == 1 else jax.lax.dynamic_slice_in_dim(a, place, 1, axis)

    def made(self, after: Any, state: Array) -> Any:
        return jax.eval_shape(after, state, 0)

    def run(self, after: Any, state: Array, places: int, from_end: bool, axis: int) -> Array:
        def step(state: Array, place: Array) -> tuple[Array, Array]:
            made = after(state, place)
            return made, made

        found = jax.lax.scan(step, state, jnp.arange(places), reverse=from_end)[1]
        return jnp.squeeze(jnp.moveaxis(found, 0, axis), axis + 1)

    def log_cumulative_sum(self, a: Array, axis: int) -> Array:
        found: Array = jax.lax.cumlogsumexp(a, axis)
        return found


ALONG = _Places().by_name
codegen.FUNCTIONS["jax"] = ALONG | {"put": put}
