"""Reduced losses of JAX whose gradients are computed with the value, and further derivatives by the formulas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import jax
from jax import Array
from jax.custom_derivatives import SymbolicZero

from lossary.frameworks.face import Dimensions
from lossary.frameworks.hosted import Hosted
from lossary.frameworks.jax_derivatives import smooth, varying_alike
from lossary.symbolic.graph import symbol
from lossary.symbolic.words import weighted

__all__ = ["formulas", "with_slopes"]

Arrays: TypeAlias = Sequence[Array]
Tangents: TypeAlias = Sequence[Array | SymbolicZero]
Loss: TypeAlias = Hosted[Array]
Measure: TypeAlias = Callable[[tuple[int, ...], Arrays], tuple[Array, list[Array]]]


def with_slopes(hosted: Loss, measure: Measure, arrays: Arrays) -> Array:
    """Return a reduced loss, which ``measure`` computes, alone or with its gradients at some places."""

    @jax.custom_jvp
    def value(*arrays: Array) -> Array:
        return measure((), arrays)[0]

    def move(primals: Arrays, tangents: Tangents) -> Any:
        moving = _moving(tangents)
        if not set(moving) <= set(hosted.places):
            return _pushed(hosted.trace, primals, tangents)
        result, *slopes = _both(hosted, measure, moving)(*primals)
        along = [_moved(s, tangents[i].astype(s.dtype)).sum() for i, s in zip(moving, slopes, strict=True)]
        return result, sum(along[1:], along[0])

    value.defjvp(move, symbolic_zeros=True)
    found: Array = value(*varying_alike(arrays))
    return found


# A tangent times a slope, in which a tangent of 0 wins over an infinite slope, forward and backward.
_moved = smooth(weighted(symbol("change"), symbol("slope")), (symbol("slope"), symbol("change")), Dimensions(()))


def _both(hosted: Loss, measure: Measure, places: tuple[int, ...]) -> Callable[..., tuple[Array, ...]]:
    """Return the function of the arrays that computes the loss and its gradients at some places in one pass."""

    @jax.custom_jvp
    def both(*arrays: Array) -> tuple[Array, ...]:
        result, slopes = measure(places, arrays)
        return _as_one_dtype(result, slopes)

    def move(primals: Arrays, tangents: Tangents) -> Any:
        return _pushed(lambda arrays: formulas(hosted, places, arrays), primals, tangents)

    both.defjvp(move, symbolic_zeros=True)
    return both


def formulas(hosted: Loss, places: tuple[int, ...], arrays: Arrays) -> tuple[Array, ...]:
    """Return the value, and the gradients at some places, by the formulas."""
    if not places:
        return (hosted.trace(arrays),)
    result, slopes = jax.value_and_grad(lambda *arrays: hosted.trace(arrays), argnums=places)(*arrays)
    return _as_one_dtype(result, slopes)


def _as_one_dtype(result: Array, slopes: Arrays) -> tuple[Array, ...]:
    """Return slopes in the dtype of the result, in which they are multiplied by tangents."""
    return result, *(slope.astype(result.dtype) for slope in slopes)


def _moving(tangents: Tangents) -> tuple[int, ...]:
    """Return the places of the tangents that are not zero."""
    return tuple(i for i, tangent in enumerate(tangents) if not isinstance(tangent, SymbolicZero))


def _pushed(function: Callable[[Arrays], Any], primals: Arrays, tangents: Tangents) -> Any:
    """Return the value of a function and its tangent, by the formulas."""
    moving = _moving(tangents)

    def alone(*moved: Array) -> Any:
        known = dict(zip(moving, moved, strict=True))
        return function([known.get(i, primal) for i, primal in enumerate(primals)])

    return jax.jvp(alone, [primals[i] for i in moving], [tangents[i] for i in moving])
