"""Looking at JAX's arrays: those that a transform hides are looked at by a callback, when they are computed.

What such a look raises comes to the user as JAX's own error, whenever somebody waits for a result; ``settle`` waits at
the end of the block and raises ours in its place.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import jax

from lossary.errors import LossaryError
from lossary.frameworks import flatten
from lossary.frameworks.jax import to_numpy

_found: list[LossaryError] = []  # what callbacks raised


def compiles() -> bool:
    """Whether a call is being compiled for whoever runs it later; what is compiled here is forgotten with the block."""
    return False


def leaving(look: Any, name: str, prediction: Any, inputs: dict[str, Any]) -> Any:
    """A prediction whose gradient is looked at; JAX's derivatives are not."""
    return prediction


def look(look: Any, inputs: dict[str, Any], result: Any) -> Any:
    """The result, looked at now or when it is computed."""
    arrays = [*inputs.values(), *flatten(result)]
    if any(isinstance(array, jax.core.Tracer) for array in arrays):
        jax.debug.callback(partial(_later, look, tuple(inputs)), *arrays)
    else:
        _look(look, tuple(inputs), *arrays)
    return result


def _look(look: Any, names: tuple[str, ...], *arrays: Any) -> None:
    host = [to_numpy(array) for array in arrays]
    look(dict(zip(names, host, strict=False)), host[len(names) :])


def _later(look: Any, names: tuple[str, ...], *arrays: Any) -> None:
    try:
        _look(look, names, *arrays)
    except LossaryError as problem:
        _found.append(problem)
        raise


def forget_compiled() -> None:
    """Let all functions under ``jit`` be traced again, with looks or without."""
    jax.clear_caches()


def settle(problem: Exception | None) -> None:
    """Wait for the callbacks, and raise what they found in place of the error that JAX makes of it."""
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
