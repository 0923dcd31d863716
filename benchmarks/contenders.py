"""Who is timed. A contender takes a loss and its inputs and gives back a call of no arguments to be timed.

The call returns the value and, where it is asked for, the gradient in the prediction, so that the contenders can be
checked against one another before anything is timed.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np

from benchmarks import table
from benchmarks.table import Loss, Shape

Answer = tuple[Any, Any]
Run = Callable[[], Answer]


@dataclass(frozen=True)
class Inputs:
    prediction: np.ndarray
    target: np.ndarray


@dataclass(frozen=True)
class Contender:
    build: Callable[[Loss, Inputs, bool], Run]
    upstream: float = 1.0


# --- the inputs ---------------------------------------------------------------------------------------------------


def numbers(random: np.random.Generator, shape: Shape) -> Inputs:
    return Inputs(normal(random, shape), normal(random, shape))


def logits(random: np.random.Generator, shape: Shape) -> Inputs:
    return Inputs(3 * normal(random, shape), random.integers(2, size=shape).astype(np.float32))


def probabilities(random: np.random.Generator, shape: Shape) -> Inputs:
    raw = logits(random, shape)
    return Inputs(0.01 + 0.98 / (1 + np.exp(-raw.prediction)), raw.target)


def labels(random: np.random.Generator, shape: Shape) -> Inputs:
    return Inputs(3 * normal(random, shape), random.integers(shape[-1], size=shape[0]))


def normal(random: np.random.Generator, shape: Shape) -> np.ndarray:
    return random.standard_normal(shape, dtype=np.float32)


INPUTS = {make.__name__: make for make in (numbers, logits, probabilities, labels)}


def make_inputs(loss: Loss, shape: Shape) -> Inputs:
    return INPUTS[loss.inputs](np.random.default_rng(0), shape)


# --- NumPy --------------------------------------------------------------------------------------------------------


def through_numpy(loss: Loss, inputs: Inputs, gradient: bool) -> Run:
    ours = lossary_loss(loss)
    if not gradient:
        return lambda: (ours(inputs.prediction, inputs.target), None)
    buffer = np.empty_like(inputs.prediction)
    return lambda: ours.value_and_gradient(inputs.prediction, inputs.target, out=buffer)


def lossary_loss(loss: Loss) -> Any:
    return getattr(importlib.import_module("lossary"), loss.name)


# --- PyTorch ------------------------------------------------------------------------------------------------------


def through_torch(
    function: Callable[[Loss], Any], loss: Loss, inputs: Inputs, gradient: bool, scale: float = 1.0
) -> Run:
    import torch

    call = function(loss)
    prediction = torch.from_numpy(inputs.prediction).requires_grad_(gradient)
    target = torch.from_numpy(inputs.target)
    upstream = None if scale == 1.0 else torch.tensor(scale)

    def value_alone() -> Answer:
        with torch.no_grad():
            return call(prediction, target), None

    def value_and_gradient() -> Answer:
        value = call(prediction, target)
        value.backward(upstream)
        slope, prediction.grad = prediction.grad, None
        return value.detach(), slope

    return value_and_gradient if gradient else value_alone


def torch_eager(loss: Loss) -> Any:
    return getattr(importlib.import_module("torch.nn.functional"), loss.torch)


@lru_cache(maxsize=1)
def torch_compiled(loss: Loss) -> Any:
    """Compiled anew when the loss changes: PyTorch limits how often one function may be compiled again."""
    import torch

    torch._dynamo.reset()
    return torch.compile(torch_eager(loss), fullgraph=True, dynamic=False)


# --- JAX ----------------------------------------------------------------------------------------------------------


def through_jax(function: Callable[[Loss], Any], loss: Loss, inputs: Inputs, gradient: bool) -> Run:
    jax: Any = importlib.import_module("jax")
    mean = function(loss)
    compiled = jax.jit(jax.value_and_grad(mean) if gradient else mean)
    arrays = jax.device_put(inputs.prediction), jax.device_put(inputs.target)
    if gradient:
        return lambda: jax.block_until_ready(compiled(*arrays))
    return lambda: (jax.block_until_ready(compiled(*arrays)), None)


def optax_mean(loss: Loss) -> Any:
    if loss.optax is None:
        raise LookupError(f"optax has no {loss.name}")
    elements = getattr(importlib.import_module("optax.losses"), loss.optax)
    return lambda prediction, target: elements(prediction, target).mean()


# --- the limit ----------------------------------------------------------------------------------------------------


def triad(loss: Loss, inputs: Inputs, gradient: bool) -> Run:
    """a = b + s·c over arrays of the same size: what memory itself allows, with PyTorch's threads."""
    import torch

    first = torch.from_numpy(inputs.prediction)
    second, out = torch.ones_like(first), torch.empty_like(first)

    def run() -> Answer:
        torch.add(first, second, alpha=3.0, out=out)
        return None, None

    return run


CONTENDERS = {
    table.EAGER: Contender(partial(through_torch, torch_eager)),
    table.COMPILED: Contender(partial(through_torch, torch_compiled)),
    table.OPTAX: Contender(partial(through_jax, optax_mean)),
    table.NUMPY: Contender(through_numpy),
    table.TORCH: Contender(partial(through_torch, lossary_loss)),
    table.JAX: Contender(partial(through_jax, lossary_loss)),
    table.TRIAD: Contender(triad),
} | {
    f"{name}, {table.SCALED}": Contender(partial(through_torch, function, scale=0.37), upstream=0.37)
    for name, function in (
        (table.EAGER, torch_eager),
        (table.COMPILED, torch_compiled),
        (table.TORCH, lossary_loss),
    )
}
