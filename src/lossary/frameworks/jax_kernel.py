"""Compiled kernels within the programs that XLA compiles for the CPU, unless LOSSARY_JAX_KERNELS=0 rules them out.

A *pass* computes a loss and its gradients. To JAX it is an operation that means what the formulas say, and wherever
anything is special it is computed by them: under vmap, over several devices, on a GPU, in a program that is exported,
and for second derivatives. Only a program for one processor of one process calls the kernel in its place.
"""

from __future__ import annotations

import ctypes
import re
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jax
import numpy
from jax import numpy as jnp
from jax.custom_derivatives import SymbolicZero
from jax.extend.core import ClosedJaxpr, Primitive, jaxpr_as_fun
from jax.interpreters import batching, mlir

from lossary.frameworks.jax_derivatives import smooth
from lossary.symbolic.graph import symbol
from lossary.symbolic.words import weighted

__all__ = ["available", "total"]


@cache
def available(version: tuple[int, int]) -> bool:
    """Whether this jaxlib speaks a version of XLA's interface for foreign functions, on a system that is known."""
    header = Path(jax.ffi.include_dir(), "xla", "ffi", "api", "c_api.h")
    text = header.read_text(encoding="utf-8") if header.exists() else ""
    found = [re.search(rf"#define XLA_FFI_API_{part} (\d+)", text) for part in ("MAJOR", "MINOR")]
    return sys.platform in ("linux", "darwin") and tuple(int(match[1]) for match in found if match) == version


def total(way: Any, arrays: Sequence[Any]) -> Any:
    """A reduced loss; its derivative in the predictions comes from the pass that computes it."""

    @jax.custom_jvp
    def value(*arrays: Any) -> Any:
        return _pass(way, (), arrays)[0]

    def move(primals: Any, tangents: Any) -> Any:
        moving = _moving(tangents)
        if not set(moving) <= set(way.places):
            return _pushed(lambda arrays: way.trace(arrays), primals, tangents)
        result, *slopes = _with_slopes(way)(*primals)
        along = [_moved(slopes[way.places.index(i)], tangents[i]).sum() for i in moving]
        return result, sum(along[1:], along[0])

    value.defjvp(move, symbolic_zeros=True)
    return value(*map(_as_kernels_take, arrays))


# A change times a slope, in which a change of 0 wins over an infinite slope, forward and backward.
_moved = smooth(weighted(symbol("change"), symbol("slope")), (symbol("slope"), symbol("change")), -1)


def _as_kernels_take(array: Any) -> Any:
    """Labels of 32 or 64 bits."""
    if not jnp.issubdtype(array.dtype, jnp.integer):
        return array
    return array.astype(jnp.int64 if array.dtype.itemsize == 8 else jnp.int32)


def _with_slopes(way: Any) -> Any:
    @jax.custom_jvp
    def both(*arrays: Any) -> Any:
        return _pass(way, way.places, arrays)

    def move(primals: Any, tangents: Any) -> Any:
        return _pushed(lambda arrays: _formulas(way, way.places, arrays), primals, tangents)

    both.defjvp(move, symbolic_zeros=True)
    return both


def _moving(tangents: Sequence[Any]) -> tuple[int, ...]:
    return tuple(i for i, tangent in enumerate(tangents) if not isinstance(tangent, SymbolicZero))


def _pushed(function: Any, primals: Sequence[Any], tangents: Sequence[Any]) -> Any:
    """The value of a function and how it moves, by the formulas."""
    moving = _moving(tangents)

    def alone(*moved: Any) -> Any:
        known = dict(zip(moving, moved, strict=True))
        return function([known.get(i, primal) for i, primal in enumerate(primals)])

    return jax.jvp(alone, [primals[i] for i in moving], [tangents[i] for i in moving])


def _formulas(way: Any, places: tuple[int, ...], arrays: Sequence[Any]) -> Any:
    """What a pass means: the value, and the gradients at some places."""
    if not places:
        return (way.trace(arrays),)
    value, slopes = jax.value_and_grad(lambda *arrays: way.trace(arrays), argnums=places)(*arrays)
    return value, *slopes


# ---- the operation ------------------------------------------------------------------------------------------------

_registered: set[str] = set()
_operation = Primitive("lossary_pass")
_operation.multiple_results = True


def _pass(way: Any, places: tuple[int, ...], arrays: Sequence[Any]) -> Any:
    meaning = jax.make_jaxpr(lambda *arrays: _formulas(way, places, arrays))(*arrays)
    return tuple(_operation.bind(*arrays, meaning=meaning, way=way, places=places))


def _compute(*arrays: Any, meaning: ClosedJaxpr, **_: Any) -> Any:
    return jaxpr_as_fun(meaning)(*arrays)


def _batch(arrays: Any, axes: Any, *, meaning: ClosedJaxpr, **_: Any) -> Any:
    results = jax.vmap(jaxpr_as_fun(meaning), in_axes=axes)(*arrays)
    return results, (0,) * len(results)


def _lower_formulas(context: Any, *arrays: Any, meaning: ClosedJaxpr, **_: Any) -> Any:
    return mlir.lower_fun(jaxpr_as_fun(meaning), multiple_results=True)(context, *arrays)


def _lower(context: Any, *arrays: Any, meaning: ClosedJaxpr, way: Any, places: tuple[int, ...]) -> Any:
    if not _is_alone(context.module_context):
        return _lower_formulas(context, *arrays, meaning=meaning)
    kinds = dict(zip(way.names, context.avals_in, strict=True))
    handler = way.for_xla(bool(places), str(kinds["label"].dtype) if "label" in kinds else "int64")
    if handler is None:
        return _lower_formulas(context, *arrays, meaning=meaning)
    _register(handler)
    given = dict(zip(way.names, arrays, strict=True))
    inside = context.replace(avals_in=[kinds[name] for name in handler.arrays])
    numbers = numpy.array(handler.numbers, numpy.float64)
    return jax.ffi.ffi_lowering(handler.name)(inside, *(given[name] for name in handler.arrays), numbers=numbers)


def _register(handler: Any) -> None:
    """Let XLA find a handler. It is never freed: XLA's threads may run it while the interpreter comes to its end."""
    if handler.name not in _registered:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(handler.function))
        jax.ffi.register_ffi_target(handler.name, jax.ffi.pycapsule(handler.function), platform="cpu")
        _registered.add(handler.name)


def _is_alone(module: Any) -> bool:
    """Whether a program is for one device of this process."""
    devices = getattr(module.axis_context, "num_devices", 0)  # none is known where they are addressed by hand
    exported = getattr(module.lowering_parameters, "for_export", True)
    return bool(devices == 1 and not exported)


_operation.def_impl(_compute)
_operation.def_abstract_eval(lambda *_, meaning, **__: meaning.out_avals)
batching.primitive_batchers[_operation] = _batch
mlir.register_lowering(_operation, _lower_formulas)
mlir.register_lowering(_operation, _lower, platform="cpu")
