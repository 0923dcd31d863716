"""Who is timed. A contender takes a loss and its inputs and gives back a call of no arguments to be timed.

The call returns the value and, where they are asked for, the gradients in the loss's variables, so that the contenders
can be checked against one another before anything is timed.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Any

import numpy as np

from benchmarks import table
from benchmarks.machine import usable_cores
from benchmarks.table import Loss, Shape

Answer = tuple[Any, tuple[Any, ...]]
Run = Callable[[], Answer]
NOTHING: Answer = (None, ())


@dataclass(frozen=True)
class Inputs:
    """What is differentiated, and the target, if there is one."""

    variables: tuple[np.ndarray, ...]
    target: np.ndarray | None


def as_it_is(loss: Loss, answer: Answer) -> Answer:
    return answer


@dataclass(frozen=True)
class Contender:
    """How its call is built, and what makes its answer the loss and the loss's gradients: that is not timed."""

    build: Callable[[Loss, Inputs, bool], Run]
    answer: Callable[[Loss, Answer], Answer] = as_it_is


# --- the inputs ---------------------------------------------------------------------------------------------------


def numbers(random: np.random.Generator, shape: Shape) -> Inputs:
    return Inputs((normal(random, shape),), normal(random, shape))


def logits(random: np.random.Generator, shape: Shape) -> Inputs:
    return Inputs((3 * normal(random, shape),), random.integers(2, size=shape).astype(np.float32))


def probabilities(random: np.random.Generator, shape: Shape) -> Inputs:
    raw = logits(random, shape)
    return Inputs((0.01 + 0.98 / (1 + np.exp(-raw.variables[0])),), raw.target)


def counts(random: np.random.Generator, shape: Shape) -> Inputs:
    return Inputs((normal(random, shape),), random.poisson(2.0, shape).astype(np.float32))


def labels(random: np.random.Generator, shape: Shape) -> Inputs:
    return Inputs((3 * normal(random, shape),), random.integers(shape[-1], size=shape[0]))


def distributions(random: np.random.Generator, shape: Shape) -> Inputs:
    powers = np.exp(normal(random, shape))
    return Inputs((3 * normal(random, shape),), powers / powers.sum(-1, keepdims=True))


def features(random: np.random.Generator, shape: Shape) -> Inputs:
    rows, width, classes = shape
    classifier = normal(random, (classes, width)) / np.float32(np.sqrt(width))
    return Inputs((normal(random, (rows, width)), classifier), random.integers(classes, size=rows))


def lists(random: np.random.Generator, shape: Shape) -> Inputs:
    return Inputs((normal(random, shape),), random.integers(5, size=shape).astype(np.float32))


def views(random: np.random.Generator, shape: Shape) -> Inputs:
    return Inputs((normal(random, shape), normal(random, shape)), None)


def groups(random: np.random.Generator, shape: Shape) -> Inputs:
    """Two rows of each group at least, and eight in the mean."""
    return Inputs((normal(random, shape),), random.permutation(np.arange(shape[0]) // 2 % max(shape[0] // 8, 1)))


def regions(random: np.random.Generator, shape: Shape) -> Inputs:
    powers = np.exp(normal(random, shape))
    return Inputs((powers / powers.sum(1, keepdims=True),), random.integers(shape[1], size=(shape[0], shape[2])))


def maps(random: np.random.Generator, shape: Shape) -> Inputs:
    of_labels = regions(random, shape)
    assert of_labels.target is not None
    one_hot = of_labels.target[:, None] == np.arange(shape[1])[:, None]
    return Inputs(of_labels.variables, one_hot.astype(np.float32))


def sequences(random: np.random.Generator, shape: Shape) -> Inputs:
    """Logits of items, times and classes, and as many labels as the shape's last length; the first is blank."""
    *logits, labels = shape
    return Inputs((normal(random, tuple(logits)),), random.integers(1, shape[2], size=(shape[0], labels)))


def normal(random: np.random.Generator, shape: Shape) -> np.ndarray:
    return random.standard_normal(shape, dtype=np.float32)


OF_ROWS = (numbers, logits, probabilities, counts, labels, distributions, features)
INPUTS = {make.__name__: make for make in (*OF_ROWS, lists, views, groups, regions, maps, sequences)}


def make_inputs(loss: Loss, shape: Shape) -> Inputs:
    return INPUTS[loss.inputs](np.random.default_rng(0), shape)


# --- which function -----------------------------------------------------------------------------------------------


def found(name: str, *modules: str) -> Any:
    """The function of that name in the first module that has it."""
    for module in modules:
        if (function := getattr(importlib.import_module(module), name, None)) is not None:
            return function
    raise LookupError(f"{modules[0].partition('.')[0]} has no {name}")


def reduced(function: Any, loss: Loss) -> Any:
    return function if loss.reduced else partial(function, reduction="none")


def ours(loss: Loss) -> Any:
    return reduced(found(loss.name, "lossary", "benchmarks.formulas"), loss)


def torch_eager(loss: Loss) -> Any:
    return reduced(found(loss.torch, "torch.nn.functional", "benchmarks.naive"), loss)


@lru_cache(maxsize=1)
def torch_compiled(loss: Loss) -> Any:
    """Compiled anew when the loss changes: PyTorch limits how often one function may be compiled again."""
    import torch

    torch._dynamo.reset()
    return torch.compile(torch_eager(loss), fullgraph=True, dynamic=False)


def torch_linear(loss: Loss) -> Any:
    return reduced(found(table.LINEAR, "torch.nn.functional"), loss)


def torch_linear_chunked(loss: Loss) -> Any:
    return partial(torch_linear(loss), options=found("LinearCrossEntropyOptions", "torch.nn")())


def optax_mean(loss: Loss) -> Any:
    if loss.optax is None:
        raise LookupError(f"optax has no {loss.name}")
    elements = found(loss.optax, "optax.losses")
    return lambda prediction, target: elements(prediction, target).mean()


# --- NumPy --------------------------------------------------------------------------------------------------------


def through_numpy(loss: Loss, inputs: Inputs, gradient: bool) -> Run:
    call, (prediction,), target = ours(loss), inputs.variables, inputs.target
    if not gradient:
        return lambda: (call(prediction, target), ())
    buffer = np.empty_like(prediction)

    def value_and_gradient() -> Answer:
        value, slope = call.value_and_gradient(prediction, target, out=buffer)
        return value, (slope,)

    return value_and_gradient


def on_threads(number: int, loss: Loss, inputs: Inputs, gradient: bool) -> Run:
    run = through_numpy(loss, inputs, gradient)

    def limited() -> Answer:
        with threads_are(number):
            return run()

    return limited


@contextmanager
def threads_are(number: int) -> Iterator[None]:
    """As if LOSSARY_THREADS, which is read once, had said so."""
    from lossary.frameworks import threads

    chosen, threads.chosen = threads.chosen, cache(lambda: number)
    try:
        yield
    finally:
        threads.chosen = chosen


@contextmanager
def setting(name: str, value: str) -> Iterator[None]:
    """An environment variable, for as long as it lasts."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        del os.environ[name]
        os.environ |= {} if before is None else {name: before}


def through_sklearn(loss: Loss, inputs: Inputs, gradient: bool) -> Run:
    """Its losses are not reduced: each is written to a buffer, which is its caller's, as the gradient's is."""
    if loss.sklearn is None or inputs.target is None:
        raise LookupError(f"scikit-learn has no {loss.name}")
    theirs = found(loss.sklearn.name, "sklearn._loss.loss")(**dict(loss.sklearn.keywords))
    (prediction,), target = inputs.variables, inputs.target.astype(np.float32)
    losses, threads = np.empty_like(target), usable_cores()
    if not gradient:
        return lambda: (theirs.loss(target, prediction, loss_out=losses, n_threads=threads), ())
    slopes = np.empty_like(prediction)

    def loss_and_gradient() -> Answer:
        theirs.loss_gradient(target, prediction, loss_out=losses, gradient_out=slopes, n_threads=threads)
        return losses, (slopes,)

    return loss_and_gradient


def sklearn_mean(loss: Loss, answer: Answer) -> Answer:
    losses, slopes = answer
    factor = loss.sklearn.factor if loss.sklearn else 1.0
    return factor * losses.mean(), tuple(factor / losses.size * slope for slope in slopes)


# --- PyTorch ------------------------------------------------------------------------------------------------------


def through_torch(
    function: Callable[[Loss], Any], loss: Loss, inputs: Inputs, gradient: bool, scale: float = 1.0
) -> Run:
    import torch

    call = function(loss)
    variables = [torch.from_numpy(array).requires_grad_(gradient) for array in inputs.variables]
    target = () if inputs.target is None else (torch.from_numpy(inputs.target),)
    upstream = None if scale == 1.0 else torch.tensor(scale)
    if not loss.reduced:
        rows = len(inputs.variables[0])
        upstream = torch.linspace(0.5, 1.5, rows) / rows

    def value_alone() -> Answer:
        with torch.no_grad():
            return call(*variables, *target), ()

    def value_and_gradient() -> Answer:
        value = call(*variables, *target)
        value.backward(upstream)
        slopes = tuple(variable.grad for variable in variables)
        for variable in variables:
            variable.grad = None
        return value.detach(), slopes

    return value_and_gradient if gradient else value_alone


def without_kernels(loss: Loss, inputs: Inputs, gradient: bool) -> Run:
    """Through autograd, by PyTorch's own operations; a configured loss remembers no calls that kernels served."""
    run = through_torch(lambda loss: ours(loss).configure(), loss, inputs, gradient)

    def portable() -> Answer:
        with setting("LOSSARY_KERNELS", "0"):
            return run()

    return portable


SCALE = 0.37


def unscaled(loss: Loss, answer: Answer) -> Answer:
    value, slopes = answer
    return value, tuple(slope / SCALE for slope in slopes)


# --- JAX ----------------------------------------------------------------------------------------------------------


def through_jax(function: Callable[[Loss], Any], loss: Loss, inputs: Inputs, gradient: bool) -> Run:
    jax: Any = importlib.import_module("jax")
    mean = function(loss)
    arrays = jax.device_put((*inputs.variables, inputs.target))
    if not gradient:
        compiled = jax.jit(mean)
        return lambda: (jax.block_until_ready(compiled(*arrays)), ())
    compiled = jax.jit(jax.value_and_grad(mean, argnums=tuple(range(len(inputs.variables)))))
    return lambda: jax.block_until_ready(compiled(*arrays))


def through_formulas(loss: Loss, inputs: Inputs, gradient: bool) -> Run:
    """Programs of XLA's own, as the environment asks while they are traced."""
    mean = ours(loss)
    run = through_jax(lambda _: lambda *arrays: mean(*arrays), loss, inputs, gradient)
    with setting("LOSSARY_JAX_KERNELS", "0"):
        run()
    return run


# --- the limits ---------------------------------------------------------------------------------------------------


def triad(loss: Loss, inputs: Inputs, gradient: bool) -> Run:
    """a = b + s·c over arrays of the prediction's size: what memory itself allows, with PyTorch's threads."""
    import torch

    first = torch.from_numpy(inputs.variables[0])
    second, out = torch.ones_like(first), torch.empty_like(first)

    def run() -> Answer:
        torch.add(first, second, alpha=3.0, out=out)
        return NOTHING

    return run


def product(loss: Loss, inputs: Inputs, gradient: bool) -> Run:
    """The logits alone, into a buffer. Value and gradients of any linear loss take three products of this size."""
    import torch

    rows, classifier = map(torch.from_numpy, inputs.variables)
    out = torch.empty(len(rows), len(classifier))

    def run() -> Answer:
        torch.mm(rows, classifier.T, out=out)
        return NOTHING

    return run


CONTENDERS = {
    table.EAGER: Contender(partial(through_torch, torch_eager)),
    table.COMPILED: Contender(partial(through_torch, torch_compiled)),
    table.REFERENCE: Contender(partial(through_torch, torch_linear)),
    table.CHUNKED: Contender(partial(through_torch, torch_linear_chunked)),
    table.OPTAX: Contender(partial(through_jax, optax_mean)),
    table.SKLEARN: Contender(through_sklearn, sklearn_mean),
    table.NUMPY: Contender(through_numpy),
    table.TORCH: Contender(partial(through_torch, ours)),
    table.JAX: Contender(partial(through_jax, ours)),
    table.JAX_FORMULAS: Contender(through_formulas),
    table.TORCH_PORTABLE: Contender(without_kernels),
    table.ONE_THREAD: Contender(partial(on_threads, 1)),
    table.TWO_THREADS: Contender(partial(on_threads, 2)),
    table.TRIAD: Contender(triad),
    table.PRODUCT: Contender(product),
} | {
    table.scaled(name): Contender(partial(through_torch, function, scale=SCALE), unscaled)
    for name, function in ((table.EAGER, torch_eager), (table.COMPILED, torch_compiled), (table.TORCH, ours))
}
