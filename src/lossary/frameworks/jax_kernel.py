"""Compiled kernels within the programs that XLA compiles for the CPU, unless LOSSARY_JAX_KERNELS=0 disables them.

A *pass* computes a loss and its gradients. It is a primitive of JAX with the meaning of the formulas, which compute it
in every special case: under vmap, over several devices, on a GPU, in an exported program, and for second derivatives.
Only a program for one device of one process calls the kernel instead.
"""

from __future__ import annotations

import ctypes
import re
import sys
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeAlias

import jax
import numpy
from jax import Array
from jax import numpy as jnp
from jax.extend.core import ClosedJaxpr, Primitive, jaxpr_as_fun
from jax.interpreters import batching, mlir

from lossary.frameworks.hosted import Handler, Hosted
from lossary.frameworks.jax_slopes import formulas, with_slopes
from lossary.symbolic.graph import LABEL

__all__ = ["available", "total"]

Arrays: TypeAlias = Sequence[Array]
Loss: TypeAlias = Hosted[Array]


@cache
def available(version: tuple[int, int]) -> bool:
    """Return True if this jaxlib has a version of XLA's interface for foreign functions, on a tested system."""
    header = Path(jax.ffi.include_dir(), "xla", "ffi", "api", "c_api.h")
    text = header.read_text(encoding="utf-8") if header.exists() else ""
    found = [re.search(rf"#define XLA_FFI_API_{part} (\d+)", text) for part in ("MAJOR", "MINOR")]
    return sys.platform in ("linux", "darwin") and tuple(int(match[1]) for match in found if match) == version


def total(hosted: Loss, arrays: Arrays) -> Array:
    """Return a reduced loss; its derivative in the predictions comes from the pass that computes it."""
    return with_slopes(hosted, partial(_measure, hosted), list(map(_as_kernels_take, arrays)))


def _measure(hosted: Loss, places: tuple[int, ...], arrays: Arrays) -> tuple[Array, list[Array]]:
    """Compute the loss alone, or with the gradients in all predictions, of which some are returned."""
    value, *slopes = _pass(hosted, hosted.places if places else (), arrays)
    return value, [slopes[hosted.places.index(i)] for i in places]


def _as_kernels_take(array: Array) -> Array:
    """Cast labels to 32 or 64 bits."""
    if not jnp.issubdtype(array.dtype, jnp.integer):
        return array
    return array.astype(jnp.int64 if array.dtype.itemsize == 8 else jnp.int32)


# ---- the primitive ------------------------------------------------------------------------------------------------

_registered: set[str] = set()
_operation = Primitive("lossary_pass")
_operation.multiple_results = True


def _pass(hosted: Loss, places: tuple[int, ...], arrays: Arrays) -> tuple[Array, ...]:
    meaning = jax.make_jaxpr(lambda *arrays: formulas(hosted, places, arrays))(*arrays)
    return tuple(_operation.bind(*arrays, meaning=meaning, hosted=hosted, places=places))


def _compute(*arrays: Array, meaning: ClosedJaxpr, **_: object) -> Sequence[Array]:
    results: Sequence[Array] = jaxpr_as_fun(meaning)(*arrays)
    return results


def _batch(
    arrays: Arrays, axes: Sequence[int | None], *, meaning: ClosedJaxpr, **_: object
) -> tuple[Arrays, tuple[int, ...]]:
    results = jax.vmap(jaxpr_as_fun(meaning), in_axes=axes)(*arrays)
    return results, (0,) * len(results)


def _lower_formulas(
    context: mlir.LoweringRuleContext, *arrays: mlir.ir.Value[Any], meaning: ClosedJaxpr, **_: object
) -> Any:
    return mlir.lower_fun(jaxpr_as_fun(meaning), multiple_results=True)(context, *arrays)


def _lower(
    context: mlir.LoweringRuleContext,
    *arrays: mlir.ir.Value[Any],
    meaning: ClosedJaxpr,
    hosted: Loss,
    places: tuple[int, ...],
) -> Any:
    """Lower a pass to a call of a kernel, where the program is for one device and there is a kernel."""
    if not _is_alone(context.module_context):
        return _lower_formulas(context, *arrays, meaning=meaning)
    avals: dict[str, Any] = dict(zip(hosted.names, context.avals_in, strict=True))
    handler = hosted.for_xla(bool(places), str(avals[LABEL].dtype) if LABEL in avals else "int64")
    if handler is None:
        return _lower_formulas(context, *arrays, meaning=meaning)
    _register(handler)
    given = dict(zip(hosted.names, arrays, strict=True))
    inside = context.replace(avals_in=[avals[name] for name in handler.arrays])
    numbers = numpy.array(handler.numbers, numpy.float64)
    return jax.ffi.ffi_lowering(handler.name)(inside, *(given[name] for name in handler.arrays), numbers=numbers)


def _register(handler: Handler) -> None:
    """Register a handler with XLA. It is never freed: XLA's threads may run it while the interpreter shuts down."""
    if handler.name not in _registered:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(handler.function))
        jax.ffi.register_ffi_target(handler.name, jax.ffi.pycapsule(handler.function), platform="cpu")
        _registered.add(handler.name)


def _is_alone(module: mlir.ModuleContext) -> bool:
    """Return True if a program is for one device of this process."""
    devices = getattr(module.axis_context, "num_devices", 0)  # none is known under shard_map
    exported = getattr(module.lowering_parameters, "for_export", True)
    return bool(devices == 1 and not exported)


_operation.def_impl(_compute)
_operation.def_abstract_eval(lambda *_, meaning, **__: meaning.out_avals)
batching.primitive_batchers[_operation] = _batch
mlir.register_lowering(_operation, _lower_formulas)
mlir.register_lowering(_operation, _lower, platform="cpu")
