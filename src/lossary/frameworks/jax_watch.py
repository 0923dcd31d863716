"""Checks of JAX's arrays under ``checking()``: traced arrays are checked by a callback, when they are computed.

An error in a callback reaches the user as JAX's own error, when a result is waited for; ``settle`` waits at the end of
the block and raises the original error instead.
"""

from __future__ import annotations

from functools import partial
from typing import TypeVar

import jax
from jax import Array

from lossary.errors import LossaryError
from lossary.frameworks import flatten
from lossary.frameworks.face import Checks
from lossary.frameworks.jax import to_numpy

T = TypeVar("T")
_found: list[LossaryError] = []  # errors of callbacks


def compiles() -> bool:
    """Return False: programs that are compiled within a block are cleared at its end."""
    return False


def with_checked_gradient(checks: Checks, name: str, prediction: object, inputs: dict[str, Array]) -> object:
    """Return the prediction: gradients are not checked."""
    return prediction


def checked(checks: Checks, inputs: dict[str, Array], result: T) -> T:
    """Return the result, checked now or when it is computed."""
    arrays = [*inputs.values(), *flatten(result)]
    if any(isinstance(array, jax.core.Tracer) for array in arrays):
        jax.debug.callback(partial(_check_later, checks, tuple(inputs)), *arrays)
    else:
        _check(checks, tuple(inputs), *arrays)
    return result


def _check(checks: Checks, names: tuple[str, ...], *arrays: Array) -> None:
    host = [to_numpy(array) for array in arrays]
    checks(dict(zip(names, host, strict=False)), host[len(names) :])


def _check_later(checks: Checks, names: tuple[str, ...], *arrays: Array) -> None:
    try:
        _check(checks, names, *arrays)
    except LossaryError as problem:
        _found.append(problem)
        raise


def forget_compiled() -> None:
    """Clear JAX's caches, so that functions under ``jit`` are traced again, with checks or without."""
    jax.clear_caches()


def settle(problem: Exception | None) -> None:
    """Wait for the callbacks, and raise the error that one found in place of the error that JAX makes of it."""
    if problem is None:
        try:
            jax.effects_barrier()
        except jax.errors.JaxRuntimeError as late:
            problem = late
            settle(late)
            raise
    ours = next((found for found in _found if str(found) in str(problem) and found is not problem), None)
    _found.clear()
    if ours is not None:
        raise ours from None
