"""Derivatives for JAX: one primitive computes any formula, and its derivatives are formulas, too.

Forward mode and its transpose, reverse mode, are each printed from the graph. JAX never transposes what was printed: a
factor of 0 beside an infinity would be NaN there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import jax
from jax import Array
from jax import numpy as jnp
from jax.extend.core import Primitive
from jax.interpreters import ad, batching, mlir

from lossary.frameworks import jax_functions  # noqa: F401  (gives the printed code its functions)
from lossary.frameworks.face import Dimensions
from lossary.symbolic.codegen import Build, build
from lossary.symbolic.derivatives import pulled, pushed
from lossary.symbolic.graph import Node, constant, substitute

__all__ = ["smooth", "varying_alike", "zeros_of"]

Symbols = tuple[Node, ...]


def smooth(output: Node, symbols: Symbols, axes: Dimensions, build: Build = build) -> Callable[..., Array]:
    """Return a formula as a function of arrays that has exact derivatives of every order, in every mode.

    ``build`` makes the functions that compute it and its derivatives.
    """

    def formula(*arrays: Array | float) -> Array:
        given = varying_alike([jnp.asarray(array) for array in arrays])
        value: Array = FORMULA.bind(*given, output=output, symbols=symbols, axes=axes, builder=build)
        return value

    return formula


def varying_alike(arrays: Sequence[Array]) -> list[Array]:
    """Mark arrays as varying over the same devices under ``shard_map``, which derivatives need."""
    over = [_varies_over(jax.typeof(array)) for array in arrays]
    everywhere = frozenset[Any]().union(*over)
    return [_varying(array, everywhere - axes) for array, axes in zip(arrays, over, strict=True)]


def _varying(array: Array, axes: frozenset[Any]) -> Array:
    """Mark an array as varying over more axes of a mesh."""
    return jax.lax.pcast(array, tuple(axes), to="varying") if axes else array


def zeros_of(function: Callable[..., Any], *arrays: Any) -> Any:
    """Return zeros in the form, shapes and dtypes of what a function returns."""
    program, form = jax.make_jaxpr(function, return_shape=True)(*arrays)
    zeros = [_varying(jnp.zeros(aval.shape, aval.dtype), _varies_over(aval)) for aval in program.out_avals]
    return jax.tree.unflatten(jax.tree.structure(form), zeros)


def _varies_over(kind: Any) -> frozenset[Any]:
    """Return the mesh axes along which devices hold different values of a type, under ``shard_map``."""
    manual = getattr(kind, "manual_axis_type", None)  # JAX 0.10 renamed ``vma``
    found: frozenset[Any] = getattr(kind, "vma", frozenset()) if manual is None else manual.varying
    return found


@cache
def _body(output: Node, symbols: Symbols, axes: Dimensions, builder: Build) -> Callable[..., Array]:
    """Return a compiled formula, which is inlined into a surrounding program."""
    body = builder((output,), symbols, "jax")
    return jax.jit(lambda *arrays: body(*arrays, axes=axes)[0], inline=True)


def _compute(*arrays: Array, output: Node, symbols: Symbols, axes: Dimensions, builder: Build) -> Array:
    return _body(output, symbols, axes, builder)(*arrays)


def _result(*avals: jax.core.ShapedArray, output: Node, symbols: Symbols, axes: Dimensions, builder: Build) -> Any:
    """Return the shape and dtype of a formula's value."""
    return jax.make_jaxpr(_body(output, symbols, axes, builder))(*avals).out_avals[0]


def _push(
    primals: Sequence[Array],
    tangents: Sequence[Array | ad.Zero],
    *,
    output: Node,
    symbols: Symbols,
    axes: Dimensions,
    builder: Build,
) -> tuple[Array, Array]:
    """Forward mode: return the value and its tangent."""
    value = smooth(output, symbols, axes, builder)(*primals)
    moving = tuple(i for i, change in enumerate(tangents) if _moves(change))
    changes = [tangents[i] for i in moving]
    change = smooth(*pushed(output, symbols, moving), axes, builder)(*primals, *changes)
    return value, jnp.broadcast_to(change.astype(value.dtype), value.shape)


def _moves(change: Array | ad.Zero) -> bool:
    """Return True for a tangent that is not zero by its type."""
    return not isinstance(change, ad.Zero) and change.dtype != jax.dtypes.float0


def _pull(
    cotangent: Array | ad.Zero, *arrays: Any, output: Node, symbols: Symbols, axes: Dimensions, builder: Build
) -> list[Array | ad.Zero | None]:
    """Reverse mode: return the cotangents of the inputs that a formula is linear in, which JAX passes as undefined."""
    linear = {i: array.aval for i, array in enumerate(arrays) if ad.is_undefined_primal(array)}
    if isinstance(cotangent, ad.Zero):
        return [ad.Zero(linear[i]) if i in linear else None for i in range(len(arrays))]
    known = [array for i, array in enumerate(arrays) if i not in linear]

    def pull(i: int) -> Array:
        formula = smooth(*_transposed(output, symbols, i, tuple(linear)), axes, builder)
        return _of_type(linear[i], formula(*known, cotangent))

    return [pull(i) if i in linear else None for i in range(len(arrays))]


@cache
def _transposed(output: Node, symbols: Symbols, i: int, linear: tuple[int, ...]) -> tuple[Node, Symbols]:
    """Return the formula of one input's cotangent, and its symbols: none of the inputs that the output is linear in."""
    cotangent, given = pulled(output, symbols, i)
    zeros = {symbols[k]: constant(0.0) for k in linear}
    return substitute(cotangent, zeros), tuple(symbol for symbol in given if symbol not in zeros)


def _of_type(aval: jax.core.ShapedArray, cotangent: Array) -> Array:
    """Sum a cotangent over the axes along which its input was broadcast."""
    if cotangent.ndim == 0:  # a number that depends on no array
        return jnp.broadcast_to(cotangent.astype(aval.dtype), aval.shape)
    new = cotangent.ndim - len(aval.shape)
    kept = tuple(i for i, n in enumerate(aval.shape) if n == 1 != cotangent.shape[new + i])
    summed = cotangent.sum(tuple(range(new))).sum(kept, keepdims=True)
    return jnp.broadcast_to(summed.astype(aval.dtype), aval.shape)


def _map(
    arrays: Sequence[Array],
    mapped: Sequence[int | None],
    *,
    output: Node,
    symbols: Symbols,
    axes: Dimensions,
    builder: Build,
) -> tuple[Array, int | None]:
    """Compute a formula under ``vmap``: the new axis comes first, of size 1 where an array has none."""
    arrays = [jnp.asarray(array) for array in arrays]
    full = max(array.ndim - (at is not None) for array, at in zip(arrays, mapped, strict=True))

    def ahead(array: Array, at: int | None) -> Array:
        if at is None:
            return array[None] if array.ndim == full else array
        moved = jnp.moveaxis(array, at, 0)
        return moved.reshape(moved.shape[0], *(1,) * (full + 1 - moved.ndim), *moved.shape[1:])

    given = [ahead(array, at) for array, at in zip(arrays, mapped, strict=True)]
    value = smooth(output, symbols, axes.shifted(), builder)(*given)
    if value.ndim <= full:  # a number that depends on no array
        return value, None
    return (value[0], None) if value.shape[0] == 1 else (value, 0)


FORMULA = Primitive("lossary_formula")
FORMULA.def_impl(_compute)
FORMULA.def_abstract_eval(_result)
mlir.register_lowering(FORMULA, mlir.lower_fun(_compute, multiple_results=False))
ad.primitive_jvps[FORMULA] = _push
ad.primitive_transposes[FORMULA] = _pull
batching.primitive_batchers[FORMULA] = _map
